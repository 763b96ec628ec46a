"""Care for matches: check-ins (support contacts by staff) and meetings (mentor and child)."""
