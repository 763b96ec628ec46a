"""Settings of the programme: what the law leaves open, each with value, source, owner and date."""
