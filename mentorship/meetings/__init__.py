"""Meetings of mentor and child: the standing slot, what the mentor logs, and who answers."""
