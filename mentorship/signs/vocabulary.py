from enum import StrEnum


class SignKind(StrEnum):
    """What makes somebody look at a match, the gravest first."""

    UNSAFE = "unsafe"
    SILENCE = "silence"
    CANCELLATIONS = "cancellations"
    DISAGREEMENT = "disagreement"
    FALLING_RATINGS = "falling_ratings"
    FEW_MEETINGS = "few_meetings"
    MISSED_CHECK_INS = "missed_check_ins"
    CERTIFICATE = "certificate"


class NextAction(StrEnum):
    """What to do about it."""

    TALK_TO_THE_CHILD = "talk_to_the_child"
    CALL_THE_MENTOR = "call_the_mentor"
    ASK_THE_CHILD = "ask_the_child"
    HOLD_THE_CHECK_IN = "hold_the_check_in"
    ARRANGE_A_SUBSTITUTE = "arrange_a_substitute"
    AGREE_ON_THE_SLOT = "agree_on_the_slot"
    RENEW_THE_CERTIFICATE = "renew_the_certificate"
