"""What comes of a match: goals, surveys of the relationship, steps towards independent life."""
