"""A match looked at again: on hold, the child told, then continued, adapted or closed."""
