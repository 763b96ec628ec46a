"""Supply and demand: who waits, who is free, staff, organisations, forms of placement.

A published figure is what a source printed about the country; it never changes a figure of the
register and is never reconciled with another source: all are shown with their dates.
"""
