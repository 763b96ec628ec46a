"""Rounds of matching: asked for, computed in the jobs process, compared as drafts, published."""
