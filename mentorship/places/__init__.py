"""Where people are: regions (KATO), towns, distances, and the organisations children live in."""
