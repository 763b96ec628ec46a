"""Supply and demand: who waits, who is free, staff, organisations, forms of placement."""
