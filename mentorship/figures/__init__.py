"""Figures: what every report reads, in summary tables that can be rebuilt.

A *fact* is one match as a report sees it; a *flow* counts what happened on a day; a *stock* is
what there was on a day. Nobody above adds up meetings, contacts or matches in a request.
"""
