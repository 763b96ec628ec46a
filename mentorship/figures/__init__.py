"""Figures: what every report reads, in daily summary tables that can be rebuilt."""
