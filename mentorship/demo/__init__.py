"""The demo register: synthetic people and three years of care, the same for the same day."""
