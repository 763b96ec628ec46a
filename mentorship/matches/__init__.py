"""Rounds of matching, their proposals, people's decisions, and the matches that follow."""
