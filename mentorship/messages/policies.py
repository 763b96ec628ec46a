"""What messages are about, by which ways they go, who may turn what off, and when it is quiet."""

from datetime import datetime
from enum import StrEnum

from mentorship.clock import ALMATY
from mentorship.permissions import Role


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


class Topic(StrEnum):
    """What a message is about, in the words in which people choose."""

    ACCESS = "access"
    SAFETY = "safety"
    ASKED = "asked"
    CONTACTS = "contacts"
    PAIRS = "pairs"
    PAPERS = "papers"
    CHILDREN = "children"
    CANDIDATES = "candidates"
    TRAINING = "training"
    DIGEST = "digest"


# Nobody can turn these letters off: a child, or the way in, depends on them.
ESSENTIAL = frozenset({Topic.ACCESS, Topic.SAFETY, Topic.ASKED})
# Somebody waits in front of a page for these.
AT_ANY_HOUR = frozenset({Topic.ACCESS})
# A link that lets somebody in is not for a telephone that others may hold.
NEVER_BY_SMS = frozenset({Topic.ACCESS, Topic.DIGEST})

OFFERED: dict[Role, tuple[Topic, ...]] = {
    Role.MENTOR: (
        Topic.ACCESS,
        Topic.SAFETY,
        Topic.ASKED,
        Topic.CONTACTS,
        Topic.PAPERS,
        Topic.TRAINING,
    ),
    Role.COORDINATOR: (
        Topic.ACCESS,
        Topic.SAFETY,
        Topic.ASKED,
        Topic.CONTACTS,
        Topic.PAIRS,
        Topic.PAPERS,
        Topic.CHILDREN,
        Topic.CANDIDATES,
        Topic.TRAINING,
        Topic.DIGEST,
    ),
    Role.MANAGER: (Topic.ACCESS, Topic.SAFETY, Topic.CONTACTS, Topic.DIGEST),
    Role.ADMINISTRATOR: (Topic.ACCESS, Topic.SAFETY, Topic.DIGEST),
}

_KINDS: dict[Topic, str] = {
    Topic.ACCESS: "invitation new_password",
    Topic.SAFETY: (
        "matches_refused mentor_suspended matches_on_hold child_on_hold child_on_hold_by_letter"
        " lift_asked consent_withdrawn consent_withdrawn_specialist pair_withdrawn match_on_hold"
        " match_under_review match_goes_on child_wants_to_talk child_answer_today worry_waiting"
        " worry_overdue"
    ),
    Topic.ASKED: (
        "pair_proposed pair_reminder help_asked help_answered standing_in substitute_appointed"
        " substitute_declined cover_planned"
    ),
    Topic.CONTACTS: (
        "survey_waits check_in_reminder substitute_asked entry_answered entry_missing slot_tomorrow"
        " contact_wanted contacts_overdue_long carer_link"
    ),
    Topic.PAIRS: "mentor_accepted mentor_declined preparation_lapsed preparation_refused",
    Topic.PAPERS: "papers_end papers_due certificates_expiring",
    Topic.CHILDREN: (
        "child_moved child_moved_here child_moved_away child_moved_specialist turned_18 turning_18"
    ),
    Topic.CANDIDATES: "application_arrived candidate_step candidate_step_overdue",
    Topic.TRAINING: (
        "training_enrolled training_removed training_changed training_soon training_cancelled"
    ),
    Topic.DIGEST: "back_from_leave team_week report_ready view_sent",
}
TOPICS = {kind: topic for topic, kinds in _KINDS.items() for kind in kinds.split()}


def topic_of(kind: str) -> Topic:
    """The topic of a kind of message; one that is not in the list cannot be turned off."""
    return TOPICS.get(kind, Topic.SAFETY)


def wanted_at_first(channel: Channel) -> bool:
    """Letters come until they are turned off, short messages only when they are asked for."""
    return channel == Channel.EMAIL


def is_quiet(at: datetime, quiet_from: int, quiet_until: int) -> bool:
    """Whether people are left in peace at this instant; the hours are Kazakhstan's."""
    hour = at.astimezone(ALMATY).hour
    if quiet_from <= quiet_until:
        return quiet_from <= hour < quiet_until
    return hour >= quiet_from or hour < quiet_until
