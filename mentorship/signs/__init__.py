"""Warning signs of open matches: a reason and a next action for each, never a score."""
