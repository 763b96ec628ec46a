"""The words of goals, surveys and steps, as codes."""

from enum import StrEnum


class GoalArea(StrEnum):
    LEARNING = "learning"
    SELF = "self"
    PEOPLE = "people"
    HEALTH = "health"
    INDEPENDENCE = "independence"
    WORK = "work"
    LEISURE = "leisure"
    OTHER = "other"


class GoalEnd(StrEnum):
    REACHED = "reached"
    CHANGED = "changed"
    LEFT = "left"
    MISTAKE = "mistake"
    MATCH_ENDED = "match_ended"


class SurveySide(StrEnum):
    MENTOR = "mentor"
    CHILD = "child"


class SurveyWay(StrEnum):
    """How somebody answered: alone on a screen, or in a talk with staff."""

    OWN_PHONE = "own_phone"
    TABLET = "tablet"
    TALK = "talk"


class SkipReason(StrEnum):
    """Why a survey that was due was not asked or not answered."""

    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    UNSUITABLE = "unsuitable"
    MATCH_ENDED = "match_ended"


class StepState(StrEnum):
    NOT_YET = "not_yet"
    STARTED = "started"
    DONE = "done"
