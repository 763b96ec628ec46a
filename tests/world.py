"""A small country for the tests that ask about every page: two regions, one story in each."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.clock import now
from mentorship.figures.store import rebuild
from mentorship.matches.models import ProposalStatus, StillWaiting
from mentorship.permissions import Role
from mentorship.qualification.models import SuspensionCause
from tests import factories

TOKEN = "not-a-link-of-ours"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Person:
    """Somebody who signs in: their id, and the name of their session."""

    id: int
    session: str

    @classmethod
    def of(cls, user: User) -> "Person":
        return cls(user.id, user.get_id())


@dataclass(frozen=True)
class Region:
    """One region's people and what happens between them; `ids` fills a route's arguments."""

    coordinator: Person
    mentor: Person
    ids: dict[str, Any]
    names: dict[str, str]


@dataclass(frozen=True)
class World:
    """Everybody who signs in, by role, and both regions; `roles` belong to the first."""

    roles: dict[Role, Person]
    home: Region
    away: Region


def region_of(session: Session, *, region: str, on: date, last_name: str) -> Region:
    """A region with a match in its second month, a concern, and a proposal to decide."""
    begun = on - timedelta(days=40)
    town = "Қарағанды" if region == factories.KARAGANDA else "Қостанай"
    home = factories.centre(session, region=region)
    adult = factories.eligible_mentor(
        session,
        on=begun,
        region=region,
        town=town,
        capacity=3,
        last_name=f"{last_name}-Т",
        iin=factories.fictional_iin(),
        email=f"mentor-{region}@example.org",
    )
    young, next_one, left, promised = (
        factories.eligible_child(
            session,
            on=begun,
            centre=home,
            last_name=f"{last_name}-{letter}",
            first_name="Еркежан",
            iin=factories.fictional_iin(),
        )
        for letter in "БЖЗД"
    )
    match = factories.match(session, mentor=adult, child=young, started_on=begun)
    meeting = factories.meeting(session, match=match, held_on=on - timedelta(days=7))
    concern = factories.concern(session, match=match, meeting=meeting)
    ended = factories.match(
        session, mentor=adult, child=next_one, started_on=begun, ended_on=begun + timedelta(days=9)
    )
    closure = factories.closure(session, match=ended, due_on=on)
    review = factories.review(session, match=match, due_on=on + timedelta(days=7))
    telling = factories.telling(session, match=match, due_at=factories.AT)
    check_in = factories.check_in(session, match=match, due_on=on - timedelta(days=3), number=1)
    round_ = factories.matching_round(
        session, start_on=on, regions=[region], mentors=1, children=2, points=60, bound=60
    )
    proposal = factories.proposal(session, mentor=adult, child=next_one, round=round_)
    ruling = factories.ruling(session, kind="hold_child", child=left)
    session.add(
        StillWaiting(
            round=round_, child=left, code="no_mentor_allowed", refusals={"no_capacity": 1}
        )
    )
    coordinator = factories.coordinator(session, regions=(region,))
    approved = factories.proposal(
        session, mentor=adult, child=promised, round=round_, status=ProposalStatus.APPROVED
    )
    approved.decided_by, approved.decided_at = coordinator.id, factories.AT
    preparation = factories.preparation(
        session,
        mentor=adult,
        child=promised,
        proposal=approved,
        opened_at=factories.AT,
        opened_by=coordinator.id,
        owner_id=coordinator.id,
        mentor_due_on=on + timedelta(days=10),
    )
    user = factories.coordinator(session, regions=(region,))
    lifted = factories.suspension(
        session,
        mentor=adult,
        cause=SuspensionCause.COMPLAINT,
        lift_asked_by=coordinator.id,
        lift_asked_at=factories.AT,
        lift_reason="It was not true.",
        lifted_by=user.id,
        lifted_at=factories.AT,
    )
    applicant = factories.candidate(
        session,
        applied_at=factories.AT,
        done={"application": begun},
        birth_date=date(1990, 5, 17),
        region=region,
        town=town,
        phone=f"+770100000{region}",
        last_name=f"{last_name}-У",
    )
    message = factories.message(session, user=coordinator)
    ahead = factories.enrolment(
        session,
        training=factories.training(session, starts_on=on + timedelta(days=9), region=region),
        mentor=adult,
    )
    done = factories.passed(
        session, mentor=adult, on=begun, certificate_id=adult.certificates[0].id
    )
    authority = factories.authority(session, region=region)
    specialist = factories.specialist(session, authority=authority, from_on=on)
    session.flush()
    return Region(
        coordinator=Person.of(coordinator),
        mentor=Person.of(factories.mentor_user(session, mentor=adult)),
        ids={
            "centre_id": home.id,
            "mentor_id": adult.id,
            "child_id": young.id,
            "match_id": match.id,
            "meeting_id": meeting.id,
            "help_id": factories.help_request(session, mentor=adult, match=match).id,
            "substitute_id": factories.substitute(
                session, match=match, from_on=on, until_on=on + timedelta(days=9)
            ).id,
            "concern_id": concern.id,
            "closure_id": closure.match_id,
            "check_in_id": check_in.id,
            "review_id": review.id,
            "telling_id": telling.id,
            "round_id": round_.id,
            "other_id": round_.id,
            "proposal_id": proposal.id,
            "ruling_id": ruling.id,
            "preparation_id": preparation.id,
            "candidate_id": applicant.mentor_id,
            "message_id": message.id,
            "paper_id": factories.paper(session, child=young).id,
            "training_id": ahead.session_id,
            "enrolment_id": done.id,
            "course_id": ahead.session.course_id,
            "user_id": user.id,
            "certificate_id": adult.certificates[0].id,
            "suspension_id": lifted.id,
            "pause_id": factories.pause(
                session,
                mentor=adult,
                from_on=on + timedelta(days=90),
                until_on=on + timedelta(days=99),
            ).id,
            "relative_id": factories.relative(session, child=young).id,
            "conflict_id": factories.conflict(session, mentor=adult, child_id=left.id).id,
            "leave_id": factories.leave(
                session,
                user=coordinator,
                cover=factories.coordinator(session, regions=(region,)),
                from_on=on + timedelta(days=200),
                until_on=on + timedelta(days=210),
            ).id,
            "sign_id": factories.sign(session, match=match, kind="silence", since_on=on).id,
            "goal_id": factories.goal(session, match=match, agreed_on=begun).id,
            "survey_id": factories.survey(session, match=match, side="child", due_on=on).id,
            "step_id": factories.child_step(session, child=young, code="cooking").id,
            "instrument_id": 1,
            "token": TOKEN,
            "number": 1,
            "link_id": factories.voice_link(
                session, match=match, voice="carer", made_at=now(), expires_at=now() + DAY
            ).id,
            "key": "papers.grace_days",
            "figure_id": factories.published_figure(session, topic="children").id,
            "measure": "children_waiting",
            "indicator_id": factories.indicator(session).id,
            "year": 2026,
            "region": region,
            "period": f"{on:%Y-%m}",
            "view_id": factories.saved_view(session, user=coordinator).id,
            "subscription_id": factories.report_subscription(session, user=coordinator).id,
            "authority_id": authority.id,
            "specialist_id": specialist.id,
            "code": "income",
            "name": "held",
        },
        names={
            "last_name": last_name,
            "mentor_iin": str(adult.iin),
            "child_iin": str(young.iin),
        },
    )


def make_world(session: Session, *, on: date) -> World:
    """Regions 35 and 39, and one person of every role who belongs to the first or to both."""
    home = region_of(session, region=factories.KARAGANDA, on=on, last_name="Үйдегі")
    away = region_of(session, region=factories.KOSTANAY, on=on, last_name="Жаттағы")
    roles = {
        Role.ADMINISTRATOR: Person.of(factories.administrator(session)),
        Role.COORDINATOR: home.coordinator,
        Role.MENTOR: home.mentor,
        Role.MANAGER: Person.of(factories.manager(session)),
    }
    leader = roles[Role.MANAGER].id
    for region in (home, away):
        session.get(User, region.coordinator.id).supervisor_id = leader
    session.flush()
    rebuild(session, on, now())
    session.commit()
    return World(roles, home, away)
