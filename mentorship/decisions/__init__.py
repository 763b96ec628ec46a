"""What people decide about pairs: rulings before a round, and declining, asking, undoing after."""
