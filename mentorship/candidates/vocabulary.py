"""The closed word lists about candidates: steps, outcomes, where they came from, how it ended."""

from enum import StrEnum


class Step(StrEnum):
    """The way to becoming a mentor, in its order."""

    APPLICATION = "application"
    INTERVIEW = "interview"
    HOUSING = "housing"
    CLEARANCES = "clearances"
    TRAINING = "training"
    TEST = "test"
    CERTIFICATE = "certificate"
    ACTIVE = "active"


BY_PEOPLE = (Step.APPLICATION, Step.INTERVIEW, Step.HOUSING)
VISITS = (Step.INTERVIEW, Step.HOUSING)


class StepOutcome(StrEnum):
    POSITIVE = "positive"
    NEGATIVE = "negative"


class CandidateSource(StrEnum):
    PUBLIC = "public"
    STAFF = "staff"


class CandidateEnd(StrEnum):
    """Why somebody did not become a mentor, or became one."""

    ACTIVATED = "activated"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class LackCode(StrEnum):
    """What a step still lacks."""

    NOT_READ = "not_read"
    NOT_PLANNED = "not_planned"
    VISIT_AHEAD = "visit_ahead"
    NOT_RECORDED = "not_recorded"
    OUTCOME_NEGATIVE = "outcome_negative"
    CLEARANCE_MISSING = "clearance_missing"
    CLEARANCE_PENDING = "clearance_pending"
    CLEARANCE_ADVERSE = "clearance_adverse"
    CLEARANCE_EXPIRED = "clearance_expired"
    CLEARANCE_ENDLESS = "clearance_endless"
    NOT_ENROLLED = "not_enrolled"
    COURSE_AHEAD = "course_ahead"
    NOT_ATTENDED = "not_attended"
    NOT_TESTED = "not_tested"
    TEST_FAILED = "test_failed"
    NO_CERTIFICATE = "no_certificate"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_REVOKED = "certificate_revoked"
    NOT_ACTIVATED = "not_activated"


OBSTACLES = (LackCode.OUTCOME_NEGATIVE, LackCode.CLEARANCE_ADVERSE)
