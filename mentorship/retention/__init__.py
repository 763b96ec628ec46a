"""Retention: how long matches last before an early ending, by region and by start year."""
