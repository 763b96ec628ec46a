"""How long each step may take: the programme's own settings, in one place.

Law says nothing of these periods (it asks for the agreement of the mentor, the guardianship
authority and the education organisation): they are rules of the programme's practice, set in
2026, and its owner may change them here.
"""

from datetime import timedelta

REMIND_AFTER = timedelta(days=3)
"""A mentor who has not answered is reminded once, this long after the approval."""

LAPSES_AFTER = timedelta(days=10)
"""A mentor's last day to answer, counted from the approval; the consents are due by then too."""

AGREEMENT_WITHIN = timedelta(days=14)
"""The agreement is due this long after the last of the three words."""

FIRST_MEETING_WITHIN = timedelta(days=14)
"""The first meeting, with staff present, is due this long after the start."""

TAKE_BACK_WITHIN = timedelta(minutes=1)
"""An approval can be undone this long, while nobody has said a word."""

SILENCE_STANDS = timedelta(days=90)
"""A pair whose mentor stayed silent is not proposed again for this long."""
