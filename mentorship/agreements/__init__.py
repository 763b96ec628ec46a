"""From approval to the start of a match: both sides' word, consents and the agreement."""
