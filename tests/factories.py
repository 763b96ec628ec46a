"""Synthetic people and records for the tests: plain functions that add and flush a row.

What a child's safety rests on (birth dates, certificate expiry, clearances, consents) has
no default: a test says it, or asks for `eligible_mentor` or `eligible_child` by name.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship.accounts import services as accounts
from mentorship.accounts.models import Leave, User, UserRegion
from mentorship.agreements import services as agreements
from mentorship.authorities.models import Authority, ChildPopulation, Specialist
from mentorship.candidates.models import Candidate, CandidateStep
from mentorship.candidates.vocabulary import CandidateSource, Step, StepOutcome
from mentorship.check_ins.models import CheckIn, Rung
from mentorship.check_ins.services import begin_match
from mentorship.children.models import (
    Child,
    ChildInterest,
    ChildLanguage,
    ChildNeed,
    Consent,
    ConsentKind,
    Placement,
    PlacementForm,
    Relative,
    SiblingGroup,
)
from mentorship.clock import ALMATY
from mentorship.closing.models import ClosingStep, Closure, ClosureKind, ClosureStep
from mentorship.concerns.models import (
    Concern,
    ConcernEvent,
    ConcernOrigin,
    ConcernReader,
    Severity,
)
from mentorship.figures.models import Build, DailyCount, MatchFact, MonthlyCount, StockDay
from mentorship.indicators.models import (
    Indicator,
    IndicatorEdition,
    IndicatorFact,
    IndicatorTarget,
)
from mentorship.matches.models import (
    ClosureReason,
    EndedBy,
    Match,
    MentorAnswer,
    Preparation,
    Proposal,
    ProposalStatus,
    Round,
    RoundStage,
    Ruling,
)
from mentorship.meetings.models import (
    CalendarFeed,
    HelpRequest,
    Meeting,
    MeetingKind,
    Reply,
    Slot,
    Substitute,
    SubstituteStatus,
)
from mentorship.mentors.models import (
    Certificate,
    Clearance,
    ClearanceResult,
    Conflict,
    Mentor,
    MentorInterest,
    MentorLanguage,
    MentorPause,
    MentorSkill,
    MentorStatus,
)
from mentorship.mentors.queries import clearance_kinds
from mentorship.messages.models import Message
from mentorship.outcomes.models import ChildStep, Goal, GoalRating, Survey
from mentorship.papers.models import Paper, PaperType
from mentorship.people.vocabulary import Sex
from mentorship.permissions import Role
from mentorship.places.models import Centre, CentreKind
from mentorship.qualification.models import Suspension, SuspensionCause
from mentorship.reports.models import ReportSubscription, SavedView
from mentorship.reviews.models import Hold, Review, ReviewCause, Telling
from mentorship.signs.models import Sign
from mentorship.signs.vocabulary import NextAction, SignKind
from mentorship.supply.models import PublishedFigure
from mentorship.training.models import Course, CourseKind, Enrolment, TrainingSession
from mentorship.voices.models import VoiceAnswer, VoiceLink

PASSWORD = "korkem-tulpar-77"
AT = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
KARAGANDA, KOSTANAY = "35", "39"
_numbers = count(1)
LAST_NAMES = ("Әбенова", "Құсайынов", "Иванова", "Төлегенов", "Ұзақбаева", "Ким", "Шәріпов")
FIRST_NAMES = ("Әлия", "Қанат", "Ольга", "Нұрлан", "Гүлнәр", "Юрий", "Еркін")


@cache
def _hash(password: str) -> str:
    return accounts.hasher.hash(password)


def fictional_iin(birth_date: date | None = None, sex: Sex = Sex.FEMALE) -> str:
    """An IIN of the 2090s with a right check digit: nobody's."""
    while True:
        number = next(_numbers)
        day = date(2090, 1, 1) + timedelta(days=number % 3600)
        first = f"{day:%y%m%d}{5 if sex is Sex.MALE else 6}{9000 + number % 1000}"
        for weights in (range(1, 12), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
            rest = sum(int(d) * w for d, w in zip(first, weights, strict=True)) % 11
            if rest < 10:
                return f"{first}{rest}"


def _added(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def user(session: Session, *, role: Role = Role.COORDINATOR, **given: Any) -> User:
    """Somebody who can sign in with PASSWORD; `regions` is their scope."""
    number = next(_numbers)
    regions = given.pop("regions", ())
    values = {
        "email": f"person{number}@example.org",
        "name": f"Person {number}",
        "password_hash": _hash(given.pop("password", PASSWORD)),
        "language": "en",
        "created_at": AT,
    }
    row = User(role=role, **(values | given))
    row.regions = [UserRegion(region=code) for code in sorted(regions)]
    return _added(session, row)


def administrator(session: Session, **given: Any) -> User:
    return user(session, role=Role.ADMINISTRATOR, **given)


def coordinator(session: Session, *, regions: tuple[str, ...] = (KARAGANDA,), **given: Any) -> User:
    return user(session, role=Role.COORDINATOR, regions=regions, **given)


def manager(session: Session, **given: Any) -> User:
    """A program manager of the whole country, unless `regions` are given."""
    whole = {"all_regions": True} if "regions" not in given else {}
    return user(session, role=Role.MANAGER, **(whole | given))


def mentor_user(session: Session, *, mentor: Mentor, **given: Any) -> User:
    """A mentor's sign-in, linked from the mentor's record."""
    row = user(session, role=Role.MENTOR, **given)
    mentor.user_id = row.id
    session.flush()
    return row


def leave(
    session: Session, *, user: User, cover: User, from_on: date, until_on: date, **given: Any
) -> Leave:
    """A coordinator is away from a day to a day, and a colleague covers."""
    values = {"made_by": user.id, "made_at": AT}
    days = {"from_on": from_on, "until_on": until_on}
    return _added(session, Leave(absent=user, cover=cover, **days, **(values | given)))


def centre(session: Session, *, region: str = KARAGANDA, **given: Any) -> Centre:
    number = next(_numbers)
    values = {
        "name_kk": f"«Шаңырақ» {number} отбасын қолдау орталығы",
        "name_ru": f"Центр поддержки семьи «Шанырак» {number}",
        "kind": CentreKind.FAMILY_SUPPORT,
        "town": "Қарағанды" if region == KARAGANDA else "Қостанай",
    }
    return _added(session, Centre(region=region, **(values | given)))


def _person(number: int, given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "last_name": LAST_NAMES[number % 7],
        "first_name": FIRST_NAMES[number % 7],
        "sex": Sex.MALE if number % 2 else Sex.FEMALE,
        "created_at": AT,
    } | given


def mentor(session: Session, *, birth_date: date, **given: Any) -> Mentor:
    """A mentor of region 35 without any papers; give them with `certificate` and `clearances`."""
    return _added(session, _mentor_row(birth_date=birth_date, **given))


def _mentor_row(
    *,
    birth_date: date,
    languages: Mapping[str, str] | None = None,
    interests: tuple[str, ...] = (),
    **given: Any,
) -> Mentor:
    values = {
        "region": KARAGANDA,
        "town": "Қарағанды",
        "reach_km": 50,
        "capacity": 1,
        "status": MentorStatus.ACTIVE,
    }
    row = Mentor(birth_date=birth_date, **_person(next(_numbers), values | given))
    spoken = {"kk": "fluent"} if languages is None else languages
    row.languages = [MentorLanguage(language=k, level=v) for k, v in spoken.items()]
    row.interests = [MentorInterest(interest=code) for code in interests]
    return row


def certificate(
    session: Session, *, mentor: Mentor, issued_on: date, expires_on: date | None, **given: Any
) -> Certificate:
    row = _certificate(issued_on=issued_on, expires_on=expires_on, **given)
    mentor.certificates.append(row)
    session.flush()
    return row


def _certificate(**given: Any) -> Certificate:
    values = {
        "number": f"CERT-{next(_numbers)}",
        "issuer": "«Өркен» ұлттық институты",
        "recorded_at": AT,
    }
    return Certificate(**(values | given))


def clearance(
    session: Session,
    *,
    mentor: Mentor,
    kind: str,
    result: ClearanceResult,
    checked_on: date,
    valid_until: date | None,
    **given: Any,
) -> Clearance:
    facts = {"kind": kind, "result": result, "checked_on": checked_on, "valid_until": valid_until}
    row = _clearance(**facts, **given)
    mentor.clearances.append(row)
    session.flush()
    return row


def _clearance(**given: Any) -> Clearance:
    values = {"issuer": "eGov", "number": None, "recorded_at": AT}
    return Clearance(**(values | given))


def clearances(
    session: Session,
    *,
    mentor: Mentor,
    checked_on: date,
    valid_until: date | None,
    result: ClearanceResult = ClearanceResult.CLEAR,
) -> list[Clearance]:
    """One clearance of every kind that is required."""
    facts = {"result": result, "checked_on": checked_on, "valid_until": valid_until}
    rows = [_clearance(kind=kind, **facts) for kind in required_kinds(session)]
    mentor.clearances.extend(rows)
    session.flush()
    return rows


# As the migrations ask for them, for tests that are told each kind before there is a database.
REQUIRED_KINDS = (
    "identity",
    "criminal_record",
    "prosecution",
    "psychiatric",
    "narcological",
    "health",
    "capacity",
    "housing",
)


def required_kinds(session: Session) -> list[str]:
    """Codes of the clearances without which nobody mentors."""
    return [kind.code for kind in clearance_kinds(session) if kind.required]


def eligible_mentor(session: Session, *, on: date, **given: Any) -> Mentor:
    """A mentor of region 35 whom no rule refuses on that day, nor for 300 days after."""
    kinds = required_kinds(session)
    row = _mentor_row(**({"birth_date": date(on.year - 35, 5, 17)} | given))
    later = on + timedelta(days=300)
    row.certificates = [_certificate(issued_on=on - timedelta(days=60), expires_on=later)]
    checked = {"checked_on": on - timedelta(days=30), "valid_until": later}
    row.clearances = [
        _clearance(kind=kind, result=ClearanceResult.CLEAR, **checked) for kind in kinds
    ]
    return _added(session, row)


def child(session: Session, *, birth_date: date, **given: Any) -> Child:
    """A child of a centre in `region` without any consent; give them with `consents`."""
    return _added(session, _child_row(session, birth_date=birth_date, **given))


def _child_row(
    session: Session,
    *,
    birth_date: date,
    centre: Centre | None = None,
    region: str = KARAGANDA,
    languages: Mapping[str, str] | None = None,
    interests: tuple[str, ...] = (),
    **given: Any,
) -> Child:
    home = centre or _centre(session, region=region)
    values = {"first_language": "kk", "waiting_since": date(2025, 9, 1)}
    row = Child(birth_date=birth_date, centre=home, **_person(next(_numbers), values | given))
    spoken = {"kk": "fluent"} if languages is None else languages
    row.languages = [ChildLanguage(language=k, level=v) for k, v in spoken.items()]
    row.interests = [ChildInterest(interest=code) for code in interests]
    ended_on = given.get("left_on")
    row.placements = [
        Placement(
            form=PlacementForm.INSTITUTION,
            centre=home,
            region=home.region,
            ended_on=ended_on,
            recorded_at=AT,
        )
    ]
    return row


_centre = centre  # the name that `_child_row` uses for its argument


def consent(
    session: Session, *, child: Child, kind: ConsentKind, given_on: date, **given: Any
) -> Consent:
    row = _consent(kind=kind, given_on=given_on, **given)
    child.consents.append(row)
    session.flush()
    return row


def _consent(*, kind: ConsentKind, **given: Any) -> Consent:
    by = {"guardian": "Директор", "own": "Сам ребёнок", "data": "Директор"}[ConsentKind(kind)]
    values = {"given_by": by, "recorded_at": AT}
    return Consent(kind=kind, **(values | given))


def consents(session: Session, *, child: Child, given_on: date) -> list[Consent]:
    """The legal representative's consent and the child's own."""
    rows = [_consent(kind=kind, given_on=given_on) for kind in ConsentKind]
    child.consents.extend(rows)
    session.flush()
    return rows


def eligible_child(session: Session, *, on: date, **given: Any) -> Child:
    """A thirteen-year-old of region 35 whom no rule refuses on that day, nor for a year after."""
    row = _child_row(session, **({"birth_date": date(on.year - 13, 1, 1)} | given))
    given_on = on - timedelta(days=20)
    row.consents = [_consent(kind=kind, given_on=given_on) for kind in ConsentKind]
    return _added(session, row)


def authority(session: Session, *, region: str, **given: Any) -> Authority:
    """A guardianship authority without specialists."""
    number = next(_numbers)
    values = {"name_kk": f"Қорғаншылық органы {number}", "name_ru": f"Орган опеки {number}"}
    return _added(session, Authority(region=region, **(values | given)))


def specialist(
    session: Session, *, authority: Authority, from_on: date, **given: Any
) -> Specialist:
    """Somebody who works for an authority, without an address or an end."""
    values = {"name": f"Маман {next(_numbers)}", "language": "kk"}
    return _added(session, Specialist(authority=authority, from_on=from_on, **(values | given)))


def population(session: Session, *, region: str, children: int, as_of: date) -> ChildPopulation:
    """How many children live in a region, as somebody published it."""
    row = ChildPopulation(
        region=region, children=children, as_of=as_of, source="BNS", recorded_at=AT
    )
    return _added(session, row)


def suspension(
    session: Session, *, mentor: Mentor, cause: SuspensionCause, **given: Any
) -> Suspension:
    """A row of a suspension alone: nothing else follows from it here."""
    values = {"was": MentorStatus.ACTIVE, "opened_at": AT}
    return _added(session, Suspension(mentor=mentor, cause=cause, **(values | given)))


def sign(session: Session, *, match: Match, kind: str, since_on: date, **given: Any) -> Sign:
    """A warning sign of a match that nobody has seen."""
    values = {"facts": {"count": 2, "days": 90}, "next_action": NextAction.CALL_THE_MENTOR}
    row = Sign(match=match, kind=SignKind(kind), since_on=since_on, **(values | given))
    return _added(session, row)


def matching_round(session: Session, *, start_on: date, **given: Any) -> Round:
    values = {
        "created_at": AT,
        "regions": [KARAGANDA],
        "policy": {},
        "policy_version": "test",
        "seed": 1,
        "versions": {},
        "stage": RoundStage.PUBLISHED,
        "record": b"",
        "mentors": 0,
        "children": 0,
        "points": 0,
        "bound": 0,
        "status": "optimal",
        "seconds": 0.0,
    }
    return _added(session, Round(start_on=start_on, **(values | given)))


def proposal(
    session: Session, *, mentor: Mentor, child: Child, start_on: date | None = None, **given: Any
) -> Proposal:
    """An open proposal, in a round of its own unless `round` is given."""
    if "round" not in given:
        if start_on is None:
            raise TypeError("a proposal needs the start_on of its round, or a round")
        given["round"] = matching_round(session, start_on=start_on)
    values = {
        "start_on": start_on or given["round"].start_on,
        "points": 60,
        "reasons": {"distance": 30, "waiting": 30},
        "status": ProposalStatus.OPEN,
    }
    return _added(session, Proposal(mentor=mentor, child=child, **(values | given)))


def preparation(
    session: Session,
    *,
    mentor: Mentor,
    child: Child,
    opened_at: datetime,
    with_words: bool = False,
    **given: Any,
) -> Preparation:
    """An approved pair on the way to a match; with the three words, or without any."""
    on = opened_at.astimezone(ALMATY).date()
    approved = given.pop("proposal", None) or proposal(
        session, mentor=mentor, child=child, start_on=on, status=ProposalStatus.APPROVED
    )
    values: dict[str, Any] = {
        "start_on": approved.start_on,
        "opened_at": opened_at,
        "mentor_due_on": on + timedelta(days=10),
    }
    if with_words:
        values |= {
            "mentor_answer": MentorAnswer.ACCEPTED,
            "mentor_answered_at": opened_at,
            "child_consent_on": on,
            "child_consent_language": "kk",
            "guardian_consent_on": on,
            "guardian_consent_language": "kk",
            "guardian_name": "Директор",
        }
    row = Preparation(proposal=approved, mentor=mentor, child=child, **(values | given))
    return _added(session, row)


def give_words(session: Session, row: Preparation, *, by: int, on: date, at: datetime) -> None:
    """The mentor accepts, the child and the legal representative agree."""
    said: dict[str, Any] = {"agrees": True, "on": on, "language": "kk", "by": by, "at": at}
    agreements.record_mentor_answer(session, row, "accepted", on=on, by=by, at=at)
    agreements.record_child_consent(session, row, **said)
    agreements.record_guardian_consent(session, row, name="Директор", **said)


def start_match(session: Session, proposal_id: int, *, by: int, on: date, at: datetime) -> Match:
    """The whole way of a proposal through the services: approval, three words, agreement."""
    row = agreements.approve(session, proposal_id, by=by, on=on, at=at)
    give_words(session, row, by=by, on=on, at=at)
    return begin_match(session, row, number="12-Н", agreed_on=on, by=by, on=on, at=at)


def ruling(session: Session, *, kind: str, **given: Any) -> Ruling:
    """What a person decided before a round; give `mentor`, `child` or both as the kind asks."""
    values = {"reason": "They know each other.", "recorded_at": AT}
    return _added(session, Ruling(kind=kind, **(values | given)))


def match(
    session: Session, *, mentor: Mentor, child: Child, started_on: date, **given: Any
) -> Match:
    """An approved match without its check-ins; closed when `ended_on` is given."""
    values: dict[str, Any] = {"approved_at": AT}
    if given.get("ended_on"):
        values |= {
            "closure_reason": ClosureReason.GOALS_REACHED,
            "ended_as_planned": True,
            "ended_by": EndedBy.AGREEMENT,
            "closed_at": AT,
        }
    row = Match(mentor=mentor, child=child, started_on=started_on, **(values | given))
    return _added(session, row)


def match_fact(session: Session, *, match: Match, **given: Any) -> MatchFact:
    """A match as reports see it, as far as a row alone can say; `figures.store` makes real ones."""
    values = {
        "match_id": match.id,
        "mentor_id": match.mentor_id,
        "child_id": match.child_id,
        "region": KARAGANDA,
        "centre_kind": CentreKind.FAMILY_SUPPORT,
        "language": "kk",
        "training": "none",
        "distance": "town",
        "started_on": match.started_on,
        "is_again": False,
        "training_hours": 0.0,
    }
    names = ("due", "on_time", "meetings", "minutes", "rating_sum", "rating_count")
    nothing = {f"first_{name}": 0 for name in names}
    return _added(session, MatchFact(**(values | nothing | given)))


def daily_count(
    session: Session, *, measure: str, day: date, number: int, region: str = KARAGANDA, part=""
) -> DailyCount:
    """How many of a measure there were on a day, and that many more in its month."""
    of_month = {"measure": measure, "month": f"{day:%Y-%m}", "region": region, "part": part}
    row = session.get(MonthlyCount, of_month) or MonthlyCount(**of_month, number=0)
    row.number += number
    session.add(row)
    given = {"measure": measure, "day": day, "region": region, "part": part, "number": number}
    return _added(session, DailyCount(**given))


def stock_day(session: Session, *, measure: str, day: date, noted: bool = True) -> StockDay:
    """A day on which a stock was taken."""
    return _added(session, StockDay(measure=measure, day=day, noted=noted))


def build(session: Session, *, until: date, built_at: datetime = AT) -> Build:
    """The figures were computed, though nothing is in them."""
    given = {"built_at": built_at, "until": until, "whole": True, "seconds": 0.1}
    return _added(session, Build(**given, mark=f"{next(_numbers):032}"))


def eligible_match(session: Session, *, started_on: date, region: str = KARAGANDA) -> Match:
    """An open match of two people whom no rule refuses on its first day."""
    town = "Қарағанды" if region == KARAGANDA else "Қостанай"
    adult = eligible_mentor(session, on=started_on, region=region, town=town)
    young = eligible_child(session, on=started_on, region=region)
    return match(session, mentor=adult, child=young, started_on=started_on)


def hold(session: Session, *, match: Match, **given: Any) -> Hold:
    """No meetings for now, since AT."""
    values = {"cause": ReviewCause.CONSENT_WITHDRAWN, "opened_at": AT}
    return _added(session, Hold(match=match, **(values | given)))


def review(session: Session, *, match: Match, due_on: date, **given: Any) -> Review:
    """A match to look at again, because the child moved."""
    values = {"cause": ReviewCause.MOVED_CENTRE, "opened_at": AT}
    return _added(session, Review(match=match, due_on=due_on, **(values | given)))


def telling(session: Session, *, match: Match, due_at: datetime, **given: Any) -> Telling:
    """A child who is to be told."""
    values = {"cause": ReviewCause.CONSENT_WITHDRAWN, "opened_at": AT}
    return _added(session, Telling(match=match, due_at=due_at, **(values | given)))


def check_in(
    session: Session,
    *,
    match: Match,
    due_on: date,
    kind: str = "mentor",
    number: int | None = None,
    **given: Any,
) -> CheckIn:
    """A contact of a kind, open unless it is said that it was held or missed."""
    number = number or next(_numbers)
    row = CheckIn(match=match, due_on=due_on, **({"kind": kind, "number": number} | given))
    if row.slot is None:
        row.slot = (due_on - match.started_on).days
    if row.held_on is not None and row.way is None:
        row.way = "phone"
    return _added(session, row)


def rung(session: Session, *, check_in: CheckIn, step: str, reached_on: date, **given: Any) -> Rung:
    """A step of the ladder that a contact has reached."""
    return _added(session, Rung(check_in=check_in, step=step, reached_on=reached_on, **given))


def meeting(session: Session, *, match: Match, held_on: date, **given: Any) -> Meeting:
    values = {
        "kind": MeetingKind.IN_PERSON,
        "minutes": 90,
        "activity": "Шахмат ойнадық",
        "went": 4,
        "logged_at": AT,
    }
    return _added(session, Meeting(match=match, held_on=held_on, **(values | given)))


def slot(session: Session, *, match: Match, from_on: date, **given: Any) -> Slot:
    """Every Saturday at three, for an hour and a half."""
    values = {
        "weekday": 5,
        "at_time": time(15),
        "minutes": 90,
        "place": "Орталықта",
        "made_at": AT,
    }
    return _added(session, Slot(match=match, from_on=from_on, **(values | given)))


def reply(session: Session, *, meeting: Meeting, author: User, **given: Any) -> Reply:
    values = {"text": "Рахмет, жақсы болыпты.", "written_at": AT}
    return _added(session, Reply(meeting=meeting, author=author, **(values | given)))


def help_request(session: Session, *, mentor: Mentor, **given: Any) -> HelpRequest:
    values = {"text": "Please call me.", "asked_at": AT}
    return _added(session, HelpRequest(mentor=mentor, **(values | given)))


def substitute(
    session: Session, *, match: Match, from_on: date, until_on: date | None, **given: Any
) -> Substitute:
    """Somebody is asked for; with `mentor`, that mentor is appointed and the child has agreed."""
    values: dict[str, Any] = {"asked_at": AT}
    if "mentor" in given:
        values |= {"status": SubstituteStatus.APPOINTED, "child_agreed_on": from_on}
        values |= {"decided_at": AT}
    row = Substitute(match=match, from_on=from_on, until_on=until_on, **(values | given))
    return _added(session, row)


def calendar_feed(session: Session, *, mentor: Mentor, **given: Any) -> CalendarFeed:
    values = {"token_hash": f"{next(_numbers):064}", "made_at": AT}
    return _added(session, CalendarFeed(mentor=mentor, **(values | given)))


def concern(session: Session, *, match: Match | None = None, **given: Any) -> Concern:
    """A worry about the child of a match, or about `child`, that nobody has looked at yet."""
    values: dict[str, Any] = {
        "child": match.child if match else given.get("child"),
        "origin": ConcernOrigin.MENTOR,
        "severity": Severity.WORRY,
        "text": "Something worried me.",
        "raised_at": AT,
        "review_by": AT + timedelta(days=1),
    }
    return _added(session, Concern(match=match, **(values | given)))


def concern_event(session: Session, *, concern: Concern, kind: str, **given: Any) -> ConcernEvent:
    """A line of a concern's timeline alone."""
    return _added(session, ConcernEvent(concern=concern, kind=kind, **({"at": AT} | given)))


def concern_reader(session: Session, *, concern: Concern, user: User) -> ConcernReader:
    """Somebody who may read a restricted concern."""
    row = ConcernReader(user=user, added_at=AT)
    concern.readers.append(row)
    session.flush()
    return row


def closure(session: Session, *, match: Match, due_on: date, **given: Any) -> Closure:
    """The closing of a match alone, with one step, `told_child`, still to be done."""
    values: dict[str, Any] = {"kind": ClosureKind.PLANNED, "opened_at": AT}
    values["steps"] = [ClosureStep(step=ClosingStep.TOLD_CHILD)]
    return _added(session, Closure(match=match, due_on=due_on, **(values | given)))


def voice_link(session: Session, *, match: Match, **given: Any) -> VoiceLink:
    """A row of the child's link alone, whose address nobody knows; a service makes real ones."""
    number = next(_numbers)
    values = {
        "voice": "child",
        "nonce": f"nonce-{number}",
        "code_hash": f"{number:064x}",
        "language": "kk",
        "made_at": AT,
        "expires_at": AT + timedelta(hours=72),
    }
    return _added(session, VoiceLink(match=match, **(values | given)))


def voice_answer(
    session: Session, *, match: Match, answered_at: datetime, **given: Any
) -> VoiceAnswer:
    """What the child said, finished, without a link: as staff write it down."""
    values = {
        "voice": "child",
        "language": "kk",
        "finished_at": answered_at,
        "answers": {"glad": 4, "heard": 4, "safe": 5, "fun": 4, "go_on": 5},
    }
    row = VoiceAnswer(match=match, answered_at=answered_at, **(values | given))
    return _added(session, row)


def message(session: Session, *, user: User, **given: Any) -> Message:
    number = next(_numbers)
    values = {
        "key": f"test-{number}",
        "kind": "check_ins_due",
        "language": "en",
        "subject": "Check-ins are due",
        "body": "Open the service to see them.",
        "message_id": f"<{number}@example.org>",
        "created_at": AT,
        "send_after": AT,
    }
    return _added(session, Message(user=user, **(values | given)))


def course(session: Session, *, hours: int = 8, **given: Any) -> Course:
    """A topic without a test, that trains for nothing; say so if it does."""
    number = next(_numbers)
    values = {
        "code": f"course-{number}",
        "kind": CourseKind.TOPIC,
        "name_kk": f"Курс {number}",
        "name_ru": f"Курс {number}",
        "name_en": f"Course {number}",
        "has_test": False,
        "skills": [],
        "source": "test",
        "open": True,
    }
    return _added(session, Course(hours=hours, **(values | given)))


def compulsory_course(session: Session) -> Course:
    """The mentors' compulsory course, as the migration made it."""
    return session.scalars(select(Course).where(Course.kind == CourseKind.COMPULSORY)).one()


def training(session: Session, *, starts_on: date, **given: Any) -> TrainingSession:
    """A session of one day in region 35 with two seats."""
    values = {
        "course": given.pop("course", None) or course(session),
        "region": KARAGANDA,
        "ends_on": starts_on,
        "hours_of_day": "10:00–17:00",
        "place": "Қарағанды, Бейбітшілік 5",
        "seats": 2,
        "language": "kk",
        "created_at": AT,
    }
    return _added(session, TrainingSession(starts_on=starts_on, **(values | given)))


def enrolment(
    session: Session, *, training: TrainingSession, mentor: Mentor, **given: Any
) -> Enrolment:
    """A seat without any result; a result is given whole, as the service writes it."""
    row = Enrolment(session=training, mentor=mentor, **({"enrolled_at": AT} | given))
    return _added(session, row)


def passed(session: Session, *, mentor: Mentor, on: date, **given: Any) -> Enrolment:
    """A seat in the compulsory course whose test was passed on that day."""
    held = training(session, starts_on=on, course=compulsory_course(session), region=mentor.region)
    result = {"attended": True, "hours": Decimal(36), "score": 85, "passed": True, "test_on": on}
    recorded = {"recorded_at": AT, **result, **given}
    return enrolment(session, training=held, mentor=mentor, **recorded)


def candidate(
    session: Session,
    *,
    applied_at: datetime,
    done: Mapping[str, date] | None = None,
    mentor: Mentor | None = None,
    **given: Any,
) -> Candidate:
    """Somebody on the way to becoming a mentor; `done`: steps that ended well, with their days.

    A `mentor` of the register, or the facts of a new one: at least a birth date.
    """
    number = next(_numbers)
    people = {k: given.pop(k) for k in PERSON_FACTS & given.keys()}
    adult = mentor or _mentor(session, **({"status": MentorStatus.CANDIDATE} | people))
    facts = {"reference": f"T{number:08}", "source": CandidateSource.PUBLIC, "language": "kk"}
    row = _added(session, Candidate(mentor=adult, applied_at=applied_at, **(facts | given)))
    for step, day in (done or {}).items():
        candidate_step(session, candidate=row, step=step, done_on=day)
    return row


_mentor = mentor  # the name that `candidate` uses for its argument
PERSON_FACTS = frozenset(
    ("birth_date", "region", "town", "phone", "email", "last_name", "first_name", "iin", "status")
)


def candidate_step(
    session: Session, *, candidate: Candidate, step: str, **given: Any
) -> CandidateStep:
    """What somebody wrote about a step; its outcome is positive where it has a day."""
    if given.get("done_on"):
        given = {"outcome": StepOutcome.POSITIVE, "recorded_at": AT} | given
    row = CandidateStep(
        candidate=candidate, attempt=candidate.attempt or 1, step=Step(step), **given
    )
    return _added(session, row)


def paper(session: Session, **given: Any) -> Paper:
    """A paper of `mentor` or `child`, without its file: who needs that uploads it."""
    values = {
        "name": f"{next(_numbers):064x}",
        "media_type": PaperType.PDF,
        "size": 1,
        "sha256": "0" * 64,
        "uploaded_at": AT,
    }
    return _added(session, Paper(**(values | given)))


def pause(
    session: Session, *, mentor: Mentor, from_on: date, until_on: date | None, **given: Any
) -> MentorPause:
    """Days on which a mentor is away."""
    values = {"reason": "leave", "recorded_at": AT}
    row = MentorPause(from_on=from_on, until_on=until_on, **(values | given))
    mentor.pauses.append(row)
    session.flush()
    return row


def conflict(session: Session, *, mentor: Mentor, **given: Any) -> Conflict:
    """A conflict of interest; give `child_id` or `centre_id`."""
    kind = "works_in_centre" if "centre_id" in given else "dispute"
    values = {"kind": kind, "since_on": date(2026, 1, 5), "recorded_at": AT}
    return _added(session, Conflict(mentor=mentor, **(values | given)))


def relative(session: Session, *, child: Child, **given: Any) -> Relative:
    """A grandmother whom nobody has asked yet."""
    values = {
        "name": "Құсайынова Бибігүл",
        "relation": "grandparent",
        "visits": "monthly",
        "recorded_at": AT,
    }
    return _added(session, Relative(child=child, **(values | given)))


def siblings(session: Session, *children: Child, rule: str = "prefer") -> SiblingGroup:
    """These children as brothers and sisters."""
    return _added(session, SiblingGroup(rule=rule, children=list(children), recorded_at=AT))


def need(session: Session, *, child: Child, need: str) -> None:
    child.needs.append(ChildNeed(need=need))
    session.flush()


def skill(session: Session, *, mentor: Mentor, skill: str, earned_on: date) -> None:
    mentor.skills.append(MentorSkill(skill=skill, earned_on=earned_on))
    session.flush()


def goal(session: Session, *, match: Match, agreed_on: date, **given: Any) -> Goal:
    """An open goal, agreed and rated as much less than expected on its first day."""
    values = {
        "area": "learning",
        "text": "Оқуды жақсы көру",
        "levels": {"-2": "Кітап оқымайды", "0": "Айына бір кітап", "2": "Айына екі кітап"},
        "importance": 2,
        "review_on": agreed_on + timedelta(days=90),
        "made_at": AT,
    }
    row = _added(session, Goal(match=match, agreed_on=agreed_on, **(values | given)))
    goal_rating(session, goal=row, rated_on=agreed_on, level=-2)
    return row


def goal_rating(
    session: Session, *, goal: Goal, rated_on: date, level: int, **given: Any
) -> GoalRating:
    return _added(
        session,
        GoalRating(goal=goal, rated_on=rated_on, level=level, **({"rated_at": AT} | given)),
    )


def survey(
    session: Session, *, match: Match, side: str, due_on: date, wave: int = 1, **given: Any
) -> Survey:
    """A survey that nobody has answered yet."""
    return _added(session, Survey(match=match, side=side, wave=wave, due_on=due_on, **given))


def child_step(session: Session, *, child: Child, code: str, **given: Any) -> ChildStep:
    """A step that somebody ticked and nobody has confirmed."""
    values = {"state": "done", "noted_on": date(2026, 1, 5), "noted_at": AT}
    return _added(session, ChildStep(child=child, code=code, **(values | given)))


def indicator(session: Session, **given: Any) -> Indicator:
    """An indicator of one edition: contacts held on time, of those that were due."""
    values = {
        "version": 1,
        "from_year": 2026,
        "name_kk": "Уақытында өткен байланыстар",
        "name_ru": "Контакты в срок",
        "name_en": "Contacts on time",
        "formula": "ratio",
        "measure": "contacts_on_time",
        "base": "contacts_due",
        "factor": 1,
        "direction": "more",
        "source": "design",
        "owner": "Programme",
        "made_at": AT,
    }
    row = _added(session, Indicator(made_at=AT))
    _added(session, IndicatorEdition(indicator=row, **(values | given)))
    return row


def indicator_target(
    session: Session, *, indicator: Indicator, year: int, value: float | None
) -> IndicatorTarget:
    row = IndicatorTarget(indicator=indicator, year=year, value=value, source="design", made_at=AT)
    return _added(session, row)


def indicator_fact(
    session: Session, *, edition: IndicatorEdition, year: int, value: float | None, until: date
) -> IndicatorFact:
    """What an edition said about a year when it was replaced."""
    return _added(session, IndicatorFact(edition=edition, year=year, value=value, until=until))


def published_figure(session: Session, *, topic: str, **given: Any) -> PublishedFigure:
    """A figure that a source printed."""
    values = {
        "names": {"kk": "Балалар", "ru": "Дети", "en": "Children"},
        "value": 20_798.0 if given.get("said") is None else None,
        "unit": "number",
        "exactness": "exact",
        "source": "example.org",
        "certainty": "seen",
        "recorded_at": AT,
    }
    return _added(session, PublishedFigure(topic=topic, **(values | given)))


def saved_view(session: Session, *, user: User, **given: Any) -> SavedView:
    """A page of figures that somebody keeps."""
    values = {"name": f"View {next(_numbers)}", "address": "/retention", "saved_at": AT}
    return _added(session, SavedView(user_id=user.id, **(values | given)))


def report_subscription(session: Session, *, user: User, **given: Any) -> ReportSubscription:
    """Somebody who is told of each month's report."""
    values = {"step": "month", "language": "kk", "told_of": "2025-12", "made_at": AT}
    return _added(session, ReportSubscription(user=user, **(values | given)))
