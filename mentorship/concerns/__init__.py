"""Concerns: something worried somebody about a child. Few may read them; one must answer."""
