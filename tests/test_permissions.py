"""Who may enter: every route, every role, and whose people each of them may see."""

import re
from itertools import product

import pytest
from sqlalchemy import select

from mentorship.accounts.models import User
from mentorship.children.models import Child
from mentorship.closing.models import ClosingStep
from mentorship.matches.models import Proposal
from mentorship.mentors.models import Mentor
from mentorship.permissions import Role
from tests.conftest import new_client

A, C, M, G = Role.ADMINISTRATOR, Role.COORDINATOR, Role.MENTOR, Role.MANAGER
ANYONE = frozenset({None, *Role})
CLOSING = ", ".join(ClosingStep)
STEPS = "application, interview, housing, clearances, training, test, certificate, active"

# One line a route: its methods and rule, and who may enter. Everybody else is refused.
TABLE = {
    "GET /": ANYONE,
    "GET POST /sign-in": ANYONE,
    "POST /sign-out": ANYONE,
    "POST /language": ANYONE,
    "GET POST /password/<token>": ANYONE,
    "GET /users": {A},
    "GET POST /users/new": {A},
    "GET /users/<int:user_id>": {A},
    "GET POST /users/<int:user_id>/edit": {A},
    "POST /users/<int:user_id>/active": {A},
    "GET /centres": {A, C, G},
    "GET /centres/<int:centre_id>": {A, C, G},
    "GET POST /centres/<int:centre_id>/transform": {A, C},
    "GET POST /centres/new": {A, C},
    "GET POST /centres/<int:centre_id>/edit": {A, C},
    "GET /authorities": {A, C, G},
    "GET POST /authorities/new": {A, C},
    "GET /authorities/<int:authority_id>": {A, C, G},
    "GET POST /authorities/<int:authority_id>/edit": {A, C},
    "GET POST /authorities/<int:authority_id>/specialists/new": {A, C},
    "GET POST /specialists/<int:specialist_id>/edit": {A, C},
    "GET /authorities/norm": {A, C, G},
    "GET POST /authorities/norm/<region>": {A},
    "GET /my-matches/<int:match_id>/goals": {M},
    "GET POST /my-matches/<int:match_id>/goals/new": {M},
    "POST /my-matches/<int:match_id>/goals/<int:goal_id>/rating": {M},
    "GET POST /my-matches/<int:match_id>/goals/<int:goal_id>/end": {M},
    "GET POST /my-matches/<int:match_id>/survey": {M},
    "GET POST /my-matches/<int:match_id>/steps": {M},
    "GET /matches/<int:match_id>/outcomes": {C},
    "GET POST /matches/<int:match_id>/goals/new": {C},
    "POST /matches/<int:match_id>/goals/<int:goal_id>/rating": {C},
    "GET POST /matches/<int:match_id>/goals/<int:goal_id>/end": {C},
    "GET /surveys": {C},
    "GET POST /surveys/<int:survey_id>": {C},
    "GET POST /surveys/<int:survey_id>/skip": {C},
    "GET POST /surveys/<int:survey_id>/tablet": {C},
    "GET /surveys/<int:survey_id>/thanks": {C},
    "GET POST /children/<int:child_id>/steps": {C},
    "POST /children/<int:child_id>/steps/<int:step_id>/confirm": {C},
    "GET /outcomes": {C, G},
    "GET /instruments": {A, C, G},
    "GET /instruments/<int:instrument_id>": {A, C, G},
    "GET POST /instruments/new": {A},
    "POST /instruments/<int:instrument_id>/use": {A},
    "GET /mentors": {C},
    "GET POST /mentors/new": {C},
    "GET /mentors/<int:mentor_id>": {C},
    "GET POST /mentors/<int:mentor_id>/edit": {C},
    "GET POST /mentors/<int:mentor_id>/certificates/new": {C},
    "GET POST /mentors/<int:mentor_id>/clearances/new": {C},
    "GET POST /mentors/<int:mentor_id>/status": {C},
    "GET POST /mentors/<int:mentor_id>/certificates/<int:certificate_id>/revoke": {C},
    "GET POST /mentors/<int:mentor_id>/suspend": {C},
    "GET /papers-due": {C},
    "GET /suspensions": {C},
    "GET POST /suspensions/<int:suspension_id>": {C},
    "POST /suspensions/<int:suspension_id>/lift": {C},
    "POST /suspensions/<int:suspension_id>/keep": {C},
    "GET /my-papers": {M},
    "POST /mentors/<int:mentor_id>/access": {C},
    "GET /children": {C},
    "GET POST /children/new": {C},
    "GET /children/<int:child_id>": {C},
    "GET POST /children/<int:child_id>/edit": {C},
    "GET POST /children/<int:child_id>/consents/new": {C},
    "GET /consents/<any(guardian, own, data):kind>/text": ANYONE,
    "GET POST /children/<int:child_id>/consents/<any(guardian, own, data):kind>/withdraw": {C},
    "GET /children/<int:child_id>/consents/<any(guardian, own, data):kind>/withdrawn": {C},
    "GET POST /children/<int:child_id>/move": {C},
    "GET POST /children/<int:child_id>/move/correct": {C},
    "GET /children/<int:child_id>/leaving": {C},
    "GET /children/<int:child_id>/elsewhere": {C},
    "GET /children/<int:child_id>/waiting": {C},
    "GET POST /rounds": {C},
    "GET /rounds/<int:round_id>/progress": {C},
    "POST /rounds/<int:round_id>/cancel": {C},
    "POST /rounds/<int:round_id>/publish": {C},
    "POST /rounds/<int:round_id>/discard": {C},
    "POST /rounds/<int:round_id>/again": {C},
    "GET /rounds/<int:round_id>/compare/<int:other_id>": {C},
    "GET /rounds/<int:round_id>": {C},
    "GET /rounds/<int:round_id>/waiting": {C},
    "POST /rounds/<int:round_id>/approve": {C},
    "GET /proposals/<int:proposal_id>": {C},
    "GET /proposals/<int:proposal_id>/alternatives": {C},
    "GET /why-not": {C},
    "GET /mentors/free": {C},
    "GET POST /children/<int:child_id>/urgent": {C},
    "POST /proposals/<int:proposal_id>/approve": {C},
    "GET /proposals": {C},
    "GET POST /proposals/<int:proposal_id>/decline": {C},
    "GET POST /proposals/<int:proposal_id>/ask": {C},
    "GET POST /proposals/<int:proposal_id>/answer": {C},
    "POST /proposals/undo": {C},
    "POST /rounds/<int:round_id>/decline": {C},
    "GET /rulings": {C},
    "POST /rulings/<int:ruling_id>/lift": {C},
    "GET POST /children/<int:child_id>/hold": {C},
    "GET POST /mentors/<int:mentor_id>/hold": {C},
    "GET POST /pairs/<int:mentor_id>/<int:child_id>/keep": {C},
    "GET POST /pairs/new": {C},
    "GET POST /pairs/<int:mentor_id>/<int:child_id>/forbid": {C},
    "GET /matches": {C},
    "GET /matches/<int:match_id>": {C},
    "GET /matches/to-review": {C},
    "GET POST /matches/<int:match_id>/close": {C},
    "GET /closings": {C},
    "GET /matches/<int:match_id>/ending": {C},
    f"GET POST /closings/<int:closure_id>/<any({CLOSING}):step>": {C},
    f"GET POST /closings/<int:closure_id>/<any({CLOSING}):step>/cannot": {C},
    "GET /reviews": {C},
    "GET /reviews/tellings": {C},
    "GET POST /reviews/<int:review_id>": {C},
    "GET POST /tellings/<int:telling_id>/plan": {C},
    "GET POST /tellings/<int:telling_id>/told": {C},
    "GET /agreements": {C},
    "GET /agreements/<int:preparation_id>": {C},
    "GET POST /agreements/<int:preparation_id>/mentor": {C},
    "GET POST /agreements/<int:preparation_id>/child": {C},
    "GET POST /agreements/<int:preparation_id>/guardian": {C},
    "GET POST /agreements/<int:preparation_id>/agreement": {C},
    "GET POST /agreements/<int:preparation_id>/first-meeting": {C},
    "POST /agreements/<int:preparation_id>/end": {C},
    "GET POST /my-proposals/<int:preparation_id>": {M},
    "GET /check-ins": {C},
    "GET POST /check-ins/<int:check_in_id>": {C},
    "GET POST /check-ins/<int:check_in_id>/call": {C},
    "GET /contact-policies": {A, C, G},
    "GET POST /contact-policies/new": {A},
    "GET /concerns": {C},
    "GET /concerns/<int:concern_id>": {C},
    "GET POST /concerns/<int:concern_id>/review": {C},
    "GET POST /concerns/<int:concern_id>/note": {C},
    "POST /concerns/<int:concern_id>/take": {C},
    "GET POST /concerns/<int:concern_id>/owner": {C},
    "GET POST /concerns/<int:concern_id>/readers": {C},
    "GET POST /concerns/<int:concern_id>/pause": {C},
    "GET POST /concerns/<int:concern_id>/close": {C},
    "GET POST /concerns/<int:concern_id>/sign": {C},
    "GET POST /concerns/<int:concern_id>/reopen": {C},
    "GET /matches/<int:match_id>/worries": {C},
    "GET POST /matches/<int:match_id>/worry": {C},
    "GET POST /children/<int:child_id>/worry": {C},
    "GET POST /my-matches/<int:match_id>/worry": {M},
    "GET /my-worries": {M},
    "GET /my-children": {M},
    "GET /my-matches/<int:match_id>": {M},
    "GET POST /my-matches/<int:match_id>/meetings/new": {M},
    "GET POST /my-matches/<int:match_id>/meetings/cancelled": {M},
    "POST /my-matches/<int:match_id>/as-planned": {M},
    "POST /my-meetings/<int:meeting_id>/take-back": {M},
    "GET POST /my-matches/<int:match_id>/slot": {M},
    "POST /my-matches/<int:match_id>/slot/end": {M},
    "GET /service-worker.js": ANYONE,
    "GET /phone/<any(held, cancelled, nothing):name>": ANYONE,
    "GET /phone/token": ANYONE,
    "GET /calendar/<token>.ics": ANYONE,
    "GET /my-calendar": {M},
    "POST /my-calendar/new": {M},
    "POST /my-calendar/end": {M},
    "GET POST /my-help": {M},
    "GET POST /my-away": {M},
    "GET /my-history": {M},
    "GET /matches/<int:match_id>/meetings": {C},
    "POST /meetings/<int:meeting_id>/reply": {C},
    "GET /meetings": {C},
    "GET /help-requests": {C},
    "GET POST /help-requests/<int:help_id>": {C},
    "GET /substitutes": {C},
    "GET POST /substitutes/<int:substitute_id>": {C},
    "GET POST /substitutes/<int:substitute_id>/decline": {C},
    "POST /substitutes/<int:substitute_id>/end": {C},
    "GET POST /import/<any(mentors, children):kind>": {C},
    "GET POST /import/<any(mentors, children):kind>/<token>": {C},
    "GET /import/<any(mentors, children):kind>/<token>/done": {C},
    "GET /import/<any(mentors, children):kind>/<token>/rows-to-correct.csv": {C},
    "GET /export/<any(mentors, children, matches):what>.<any(csv, xlsx):suffix>": {C},
    "GET /outbox": {A},
    "POST /outbox/<int:message_id>/again": {A},
    "GET POST /my-messages": set(Role),
    "GET /jobs": {A},
    "GET /outbox/<int:message_id>": {A},
    "POST /users/<int:user_id>/invite": {A},
    "GET POST /mentors/<int:mentor_id>/papers/new": {C},
    "GET POST /children/<int:child_id>/papers/new": {C},
    "GET /papers/<int:paper_id>": {C},
    "GET POST /papers/<int:paper_id>/remove": {C},
    "GET /today": {C},
    "GET /rounds/<int:round_id>/fairness": {C, G},
    "GET /recruitment": {C, G},
    "GET /rounds/<int:round_id>/recruitment": {C, G},
    "GET POST /rounds/<int:round_id>/replay": {C},
    "GET /proposals/<int:proposal_id>/record": {C},
    "GET POST /apply": ANYONE,
    "GET /apply/thanks": ANYONE,
    "GET /candidates": {C},
    "GET /candidates/figures": {C, G},
    "GET POST /candidates/new": {C},
    f"GET /candidates/steps/<any({STEPS}):step>": {C},
    "POST /candidates/<int:candidate_id>/take": {C},
    f"GET POST /candidates/<int:candidate_id>/assign/<any({STEPS}):step>": {C},
    "GET POST /candidates/<int:candidate_id>/plan/<any(interview, housing):step>": {C},
    "GET POST /candidates/<int:candidate_id>/outcome/<any(application, interview, housing):step>": {
        C
    },
    "GET POST /candidates/<int:candidate_id>/refuse": {C},
    "GET POST /candidates/<int:candidate_id>/withdraw": {C},
    "GET POST /candidates/<int:candidate_id>/activate": {C},
    "POST /mentors/<int:mentor_id>/apply-again": {C},
    "GET /overview": {C, G},
    "GET /training": {C},
    "GET POST /training/new": {C},
    "GET /training/<int:training_id>": {C},
    "GET POST /training/<int:training_id>/edit": {C},
    "GET POST /training/<int:training_id>/cancel": {C},
    "GET POST /training/<int:training_id>/enrol": {C},
    "GET POST /training/<int:training_id>/results": {C},
    "GET /training/renewals": {C},
    "GET /training/refreshers": {C},
    "POST /enrolments/<int:enrolment_id>/remove": {C},
    "GET POST /enrolments/<int:enrolment_id>/correct": {C},
    "GET POST /enrolments/<int:enrolment_id>/certificate": {C},
    "GET /certificates": {C},
    "GET /certificates/<int:certificate_id>": {C},
    "GET /courses": {A, C},
    "GET POST /courses/new": {A, C},
    "GET POST /courses/<int:course_id>/edit": {A, C},
    "GET /my-training": {M},
    "POST /my-training/<int:training_id>/enrol": {M},
    "POST /my-training/<int:training_id>/leave": {M},
    "GET /retention": {C, G},
    "GET /retention/children": {C, G},
    "GET /retention/cohorts": {C, G},
    "GET /retention/endings": {C, G},
    "GET /retention/mentors": {C, G},
    "GET /reports": {C, G},
    "GET /reports/<period>": {C, G},
    "GET POST /reports/subscribe": {C, G},
    "POST /reports/subscriptions/<int:subscription_id>/stop": {C, G},
    "GET /reports/views": {C, G},
    "GET POST /reports/views/new": {C, G},
    "GET POST /reports/views/<int:view_id>": {C, G},
    "POST /reports/views/<int:view_id>/remove": {C, G},
    "GET POST /reports/send": {C, G},
    "GET /retention/why": {C, G},
    "GET /practice": {C, G},
    "GET /practice/pipeline": {C, G},
    "GET /figures/<measure>": {C, G},
    "GET /figures/<measure>/rows": {C},
    "GET /figures/definitions": {A, C, G},
    "GET /indicators": {A, G},
    "GET /indicators/<int:indicator_id>": {A, G},
    "GET POST /indicators/new": {A},
    "GET POST /indicators/<int:indicator_id>/edit": {A},
    "GET POST /indicators/<int:indicator_id>/targets/<int:year>": {A},
    "POST /indicators/<int:indicator_id>/end": {A},
    "GET POST /mentors/<int:mentor_id>/pauses/new": {C},
    "POST /mentors/<int:mentor_id>/pauses/<int:pause_id>/end": {C},
    "GET POST /my-availability": {M},
    "GET POST /my-availability/away": {M},
    "POST /my-availability/away/<int:pause_id>/end": {M},
    "GET POST /children/<int:child_id>/interests": {C},
    "GET /children/<int:child_id>/interests/thanks": {C},
    "GET /siblings": {C},
    "GET POST /children/<int:child_id>/siblings": {C},
    "POST /children/<int:child_id>/siblings/add": {C},
    "POST /children/<int:child_id>/siblings/leave": {C},
    "GET POST /children/<int:child_id>/relatives/new": {C},
    "GET POST /relatives/<int:relative_id>/edit": {C},
    "POST /relatives/<int:relative_id>/end": {C},
    "GET POST /relatives/<int:relative_id>/mentor": {C},
    "GET POST /mentors/<int:mentor_id>/conflicts/new": {C},
    "GET /children/<int:child_id>/conflicts/new": {C},
    "GET POST /pairs/<int:mentor_id>/<int:child_id>/conflict": {C},
    "GET POST /conflicts/<int:conflict_id>/end": {C},
    "GET /voices": {C},
    "POST /voices/centres/<int:centre_id>/links": {C},
    "GET /voices/centres/<int:centre_id>/sheet": {C},
    "GET /matches/<int:match_id>/voices": {C},
    "POST /matches/<int:match_id>/voices/<any(child, carer):voice>/link": {C},
    "GET POST /matches/<int:match_id>/voices/<any(child, carer):voice>/answers": {C},
    "POST /voice-links/<int:link_id>/send": {C},
    "POST /voice-links/<int:link_id>/revoke": {C},
    "GET POST /v": ANYONE,
    "GET POST /v/<token>": ANYONE,
    "POST /v/<token>/language": ANYONE,
    "GET POST /v/<token>/<int:number>": ANYONE,
    "POST /v/<token>/talk": ANYONE,
    "GET /v/<token>/talking": ANYONE,
    "GET /v/<token>/thanks": ANYONE,
    "GET /leave": {A, C, G},
    "GET POST /leave/new": {A, C, G},
    "GET /leave/<int:leave_id>": {A, C, G},
    "POST /leave/<int:leave_id>/end": {A, C, G},
    "GET /team": {C, G},
    "GET /signs": {C},
    "GET POST /signs/<int:sign_id>": {C},
    "POST /matches/<int:match_id>/signs": {C},
    "GET /supply": {C, G},
    "GET /supply/children": {C, G},
    "GET /supply/organisations": {C, G},
    "GET /supply/published": {A, C, G},
    "GET POST /supply/published/new": {A},
    "GET POST /supply/published/<int:figure_id>": {A},
    "GET /rules": {A, C, G},
    "GET POST /rules/settings/<key>": {A},
    "GET POST /rules/clearances/new": {A},
    "GET POST /rules/clearances/<code>": {A},
}
# Arguments that name a person or what belongs to one: the wrong region does not find them.
OF_PEOPLE = {
    "mentor_id",
    "child_id",
    "match_id",
    "meeting_id",
    "help_id",
    "substitute_id",
    "concern_id",
    "closure_id",
    "check_in_id",
    "round_id",
    "other_id",
    "proposal_id",
    "preparation_id",
    "ruling_id",
    "review_id",
    "telling_id",
    "certificate_id",
    "enrolment_id",
    "suspension_id",
    "pause_id",
    "relative_id",
    "conflict_id",
    "paper_id",
    "link_id",
    "sign_id",
    "leave_id",
}
ANSWERED = {200, 302, 303, 409, 422}
LINES = [
    (method, "/" + line.partition(" /")[2], who)
    for line, who in TABLE.items()
    for method in line.partition(" /")[0].split()
]
NAMES = [f"{method} {rule}" for method, rule, _ in LINES]


@pytest.fixture
def database_url(world_template, copy_database):
    return copy_database(world_template[0])


@pytest.fixture
def world(world_template, app, store):
    app.config["WTF_CSRF_ENABLED"] = False  # its own tests are in test_security
    return world_template[1]


@pytest.fixture
def enter(app, world):
    """`enter(person)`: a browser that this person is signed in to; None for nobody."""

    def enter(person):
        client = new_client(app)
        if person is not None:
            with client.session_transaction() as session:
                session["_user_id"], session["language"] = person.session, "en"
        return client

    return enter


def rules(app):
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }


def arguments(app, rule):
    return next(r.arguments for r in app.url_map.iter_rules() if r.rule == rule)


def address(app, rule, ids):
    """The rule with its arguments filled in; of a choice, the first."""
    wanted = next(r for r in app.url_map.iter_rules() if r.rule == rule)
    choices = dict(re.findall(r"<any\((\w+)[^)]*\):(\w+)>", rule))
    ids = ids | {name: first for first, name in choices.items()}
    missing = wanted.arguments - ids.keys()
    assert not missing, f"tests/world.py has no {missing} for {rule}"
    with app.test_request_context(base_url="http://localhost"):
        return app.url_for(wanted.endpoint, **{name: ids[name] for name in wanted.arguments})


def test_every_route_stands_in_the_table(app):
    assert {(method, rule) for method, rule, _ in LINES} == rules(app)


def test_every_route_declares_its_permission(app):
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            view = app.view_functions[rule.endpoint]
            assert getattr(view, "permission", None) is not None, rule.endpoint


@pytest.mark.parametrize(("method", "rule", "who"), LINES, ids=NAMES)
def test_a_route_lets_in_its_own_roles_and_nobody_else(app, world, enter, method, rule, who):
    asked = address(app, rule, world.home.ids)
    for role in (None, A, G, M, C):  # those who may change something come last
        client = enter(world.roles[role] if role else None)
        answer = client.open(asked, method=method, follow_redirects=False)
        to_sign_in = "/sign-in?next=" in answer.headers.get("Location", "")
        if role in who:
            there = ANSWERED | ({404} if "<token>" in rule else set())  # nobody's upload
            assert answer.status_code in there, f"{role}: {answer.status}"
            assert not to_sign_in, f"{role} is sent to sign in"
        elif role is None:
            assert to_sign_in, f"nobody in particular: {answer.status}"
        else:
            assert answer.status_code == 403, f"{role}: {answer.status}"


SCOPED = [
    (method, rule, who)
    for method, rule, who in LINES
    if any(f":{name}>" in rule for name in OF_PEOPLE)
]


@pytest.mark.parametrize(
    ("method", "rule", "who"), SCOPED, ids=[f"{method} {rule}" for method, rule, _ in SCOPED]
)
def test_people_of_another_region_are_not_found(app, world, enter, method, rule, who):
    strangers = {C: world.home.coordinator, M: world.home.mentor}
    names = sorted(arguments(app, rule) & OF_PEOPLE)
    fixed = world.home.ids
    for choice in product((world.home.ids, world.away.ids), repeat=len(names)):
        if all(ids is world.home.ids for ids in choice):
            continue
        ids = fixed | {name: from_[name] for name, from_ in zip(names, choice, strict=True)}
        for role in who & strangers.keys():
            client = enter(strangers[role])
            answer = client.open(address(app, rule, ids), method=method)
            assert answer.status_code == 404, f"{role}: {answer.status}"


def part(rule):
    """The first word of an address: pages of one part are asked for in one test."""
    return rule.split("/")[1]


@pytest.mark.sqlite  # the statements of the test before, with another number
@pytest.mark.parametrize("first", sorted({part(rule) for _, rule, _ in SCOPED}))
def test_an_unknown_id_is_not_found(app, world, enter, first):
    nobody = world.home.ids | dict.fromkeys(OF_PEOPLE, 987654)
    for method, rule, who in SCOPED:
        for role in who if part(rule) == first else ():
            answer = enter(world.roles[role]).open(address(app, rule, nobody), method=method)
            assert answer.status_code == 404, f"{method} {rule}, {role}: {answer.status}"


def pages_of(role, *, with_people=False):
    return [
        rule
        for method, rule, who in LINES
        if method == "GET" and role in who and who is not ANYONE
        if with_people or "<" not in rule
        if "<token>" not in rule and "/export/" not in rule and not rule.endswith(":paper_id>")
    ]


def parts(rules):
    """Parts of the service and their pages, for one test each."""
    return [
        pytest.param([rule for rule in rules if part(rule) == first], id=first)
        for first in sorted({part(rule) for rule in rules})
    ]


@pytest.mark.sqlite  # PostgreSQL has been asked for these pages: what they say is the same
@pytest.mark.parametrize("rules", parts(pages_of(C, with_people=True)))
def test_no_page_of_a_coordinator_names_people_of_another_region(app, world, enter, rules):
    stranger = world.away.names["last_name"]
    coordinator = enter(world.home.coordinator)
    for rule in rules:
        assert stranger not in coordinator.page(address(app, rule, world.home.ids)).html, rule


@pytest.mark.sqlite
@pytest.mark.parametrize("rules", parts(pages_of(M, with_people=True)))
def test_no_page_of_a_mentor_shows_more_than_a_childs_first_name(app, world, enter, rules):
    mentor = enter(world.home.mentor)
    for rule in rules:
        page = mentor.page(address(app, rule, world.home.ids))
        for letter in "БД":
            assert f"{world.home.names['last_name']}-{letter}" not in page.html, rule
        assert world.home.names["child_iin"] not in page.html, rule
        assert world.away.names["last_name"] not in page.html, rule


@pytest.mark.sqlite
@pytest.mark.parametrize("rules", parts(pages_of(G)))
def test_no_page_of_a_manager_names_anybody(app, world, enter, rules):
    manager = enter(world.roles[G])
    for rule in rules:
        page = manager.page(address(app, rule, world.home.ids))
        for region in (world.home, world.away):
            assert region.names["last_name"] not in page.html, rule
            assert region.names["child_iin"] not in page.html, rule


def test_a_coordinator_of_the_whole_country_finds_everybody(app, world, store, enter):
    store.get(User, world.home.coordinator.id).all_regions = True
    for region in (world.home, world.away):
        page = enter(world.home.coordinator).page(
            address(app, "/children/<int:child_id>", region.ids)
        )
        assert region.names["last_name"] in page.html


def test_a_coordinator_without_any_region_finds_nobody(world, store, enter):
    store.get(User, world.home.coordinator.id).regions = []
    for path in ("/children", "/mentors", "/matches"):
        page = enter(world.home.coordinator).page(path)
        assert world.home.names["last_name"] not in page.html
        assert world.away.names["last_name"] not in page.html


def test_the_world_really_has_people_in_both_regions(store, world):
    assert len(store.scalars(select(Mentor)).all()) == 4
    assert len(store.scalars(select(Child)).all()) == 8
    assert len(store.scalars(select(Proposal)).all()) == 4


def test_a_signed_in_person_without_the_permission_sees_a_page_that_says_so(world, enter):
    page = enter(world.roles[M]).page("/users", status=403)
    assert page.h1 == "You do not have access to this page"


def test_after_signing_in_one_comes_to_the_page_one_asked_for(client, world):
    answer = client.get("/users?q=a")
    assert answer.headers["Location"] == "/sign-in?next=/users?q%3Da"


def test_an_address_that_does_not_exist_is_a_page(client, world):
    assert client.page("/nowhere", status=404).h1
