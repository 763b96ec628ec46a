from datetime import timedelta

import pytest

import matching
from mentorship import clock
from mentorship.explanations import chart, services
from mentorship.explanations.facts import COMMITMENT, Standing, papers
from mentorship.explanations.problem import planned_today, recorded
from mentorship.explanations.words import RELAXABLE, SIGN_OFFS, STANDINGS, WHY_FREE
from mentorship.matches.problem import rules_of_today
from mentorship.mentors.models import MentorStatus
from tests import factories
from tests.factories import KARAGANDA

DAY = timedelta(days=1)
SAFETY = {
    "mentor_under_age",
    "mentor_not_active",
    "certificate_not_current",
    "clearance_not_current",
    "child_age_out_of_range",
    "child_not_in_organisation",
    "no_guardian_consent",
    "no_child_consent",
}


def solved_with(record, mentor, child):
    """The whole plan made anew with one pair fixed: the oracle of every price."""
    locks = matching.Locks(fixed=frozenset({(mentor, child)}))
    return matching.propose(record.problem.with_locks(locks), record.policy, seed=record.plan.seed)


def test_every_price_is_what_solving_the_whole_round_again_says(desk):
    record = recorded(desk.round)
    asked = 0
    for child in desk.children[:5]:
        for mentor in desk.mentors:
            price = services.price_of(record, mentor.id, child.id)
            if price.answer == services.Answer.IN_PLAN:
                assert desk.proposal_of(child).mentor_id == mentor.id
                continue
            again = solved_with(record, mentor.id, child.id)
            assert price.points_lost == record.plan.points - again.points
            assert price.pairs_lost == len(record.plan.pairs) - len(again.pairs)
            found = matching.diff(record.plan, again)
            changed = {row.child for row in (*found.gained, *found.lost, *found.moved)}
            assert {row.child for row in price.others} == changed - {child.id}
            asked += 1
    assert asked == 16


def test_a_pair_that_a_rule_refuses_has_rules_and_no_price(desk):
    record = recorded(desk.round)
    price = services.price_of(record, desk.mentors[0].id, desk.children[5].id)
    assert price.answer == services.Answer.REFUSED
    assert price.found.refusals == ("no_shared_language",)
    assert price.others == []


def test_alternatives_leave_out_the_childs_own_mentor_and_come_cheapest_first(desk):
    record = recorded(desk.round)
    for child in desk.placed:
        prices = services.alternatives(record, child.id)
        own = desk.proposal_of(child).mentor_id
        assert {price.mentor for price in prices} == {m.id for m in desk.mentors} - {own}
        costs = [(price.pairs_lost, price.points_lost) for price in prices]
        assert costs == sorted(costs)
        for price in prices:
            parts = matching.score(price.mentor, child.id, record.problem, record.policy)
            assert price.points == sum(parts.values())


def test_somebody_held_back_has_no_price_but_a_word(desk):
    held = desk.mentors[0]
    factories.ruling(desk.store, kind="hold_mentor", mentor=held)
    record = recorded(desk.run())
    child = desk.children[0]
    assert services.price_of(record, held.id, child.id).answer == services.Answer.RULED
    assert held.id not in {price.mentor for price in services.alternatives(record, child.id)}


def test_a_record_is_read_once_and_a_round_without_one_says_so(desk, store):
    assert recorded(desk.round) is recorded(desk.round)
    assert recorded(None) is None
    assert recorded(factories.matching_round(store, start_on=clock.today())) is None
    assert recorded(factories.matching_round(store, start_on=clock.today(), record=b"?")) is None


def test_a_child_who_speaks_another_language_would_be_helped_by_a_sign_off(desk):
    helped = services.what_would_help(recorded(desk.round), desk.children[5].id)
    assert helped.why.relax == ("no_shared_language",)
    assert helped.relaxable == ("no_shared_language",)
    assert helped.relaxable_mentor == helped.why.relax_mentor
    assert all(near.refusals == ("no_shared_language",) for near in helped.why.nearest)


def test_a_safety_rule_is_named_but_never_among_those_a_sign_off_relaxes(desk, store):
    for mentor in desk.mentors:
        mentor.status = MentorStatus.PAUSED
    store.commit()
    record = recorded(desk.run())
    helped = services.what_would_help(record, desk.children[0].id)
    assert helped.why.relax == ("mentor_not_active",)
    assert helped.relaxable is None


def test_a_child_with_a_mentor_in_the_plan_or_held_back_needs_no_help(desk):
    record = recorded(desk.round)
    assert services.what_would_help(record, desk.placed[0].id) is None
    assert services.what_would_help(record, 987654) is None


def test_every_rule_says_whether_a_sign_off_may_relax_it_and_safety_rules_never_do():
    assert set(SIGN_OFFS) == set(matching.RULES)
    assert not RELAXABLE & SAFETY
    assert {"out_of_reach", "pair_declined_before", "pair_forbidden", "no_shared_language"} == (
        RELAXABLE
    )
    assert set(STANDINGS) == set(Standing)
    assert set(services.OF_THE_MENTOR) <= set(WHY_FREE)


def test_todays_free_mentors_come_with_the_price_that_solving_again_says(desk, store):
    record = planned_today(store, [KARAGANDA], clock.today())
    child = desk.left[0]
    prices, free = services.free_today(record, child.id)
    assert (len(prices), free) == (4, 4)
    assert [p.points for p in prices] == sorted((p.points for p in prices), reverse=True)
    for price in prices:
        if price.answer == services.Answer.PRICED:
            again = solved_with(record, price.mentor, child.id)
            assert price.points_lost == record.plan.points - again.points
            assert price.pairs_lost == len(record.plan.pairs) - len(again.pairs)


@pytest.mark.parametrize(
    ("days", "standing"),
    [(-1, "not_current"), (0, "lapses"), (364, "lapses"), (365, "lasts")],
)
def test_a_paper_lasts_the_commitment_when_it_is_valid_365_days_after_the_start(
    store, days, standing
):
    on = clock.today()
    adult = factories.mentor(store, birth_date=on - 11_000 * DAY)
    factories.certificate(store, mentor=adult, issued_on=on - 400 * DAY, expires_on=on + days * DAY)
    assert COMMITMENT == 365 * DAY
    certificate, *clearances = papers(adult, on, factories.required_kinds(store))
    assert certificate.standing == standing
    assert {paper.standing for paper in clearances} == {"missing"}


def test_a_clearance_that_is_not_clear_or_dated_later_does_not_stand(store):
    on = clock.today()
    adult = factories.mentor(store, birth_date=on - 11_000 * DAY)
    for kind, result, checked in (
        ("health", "pending", on),
        ("criminal_record", "clear", on + DAY),
        ("psychiatric", "clear", on),
    ):
        factories.clearance(
            store,
            mentor=adult,
            kind=kind,
            result=result,
            checked_on=checked,
            valid_until=on + 500 * DAY,
        )
    found = {
        paper.kind: paper.standing for paper in papers(adult, on, factories.required_kinds(store))
    }
    assert found["health"] == "not_clear"
    assert found["criminal_record"] == "not_current"
    assert found["psychiatric"] == "lasts"


def test_why_a_mentor_is_free_is_told_by_papers_rulings_distance_and_language(store):
    on = clock.today()
    adult = factories.eligible_mentor(store, on=on)
    near = {(KARAGANDA, "Қарағанды"): [{"kk"}]}

    def told(waiting=near, *, proposed=0, held=()):
        rules = rules_of_today(store)
        return services.why_free(adult, on, rules, proposed=proposed, held=held, waiting=waiting)

    assert told() == ["free"]
    assert told({("47", "Ақтау"): [{"kk"}]}) == ["out_of_reach"]
    assert told({(KARAGANDA, "Қарағанды"): [{"uz"}]}) == ["no_shared_language"]
    assert told(proposed=1, held={adult.id}) == ["held_back", "proposed"]
    adult.status = MentorStatus.PAUSED
    adult.certificates.clear()
    assert told() == ["mentor_not_active", "certificate_not_current"]


def test_the_map_keeps_every_region_and_both_labels_inside_its_drawing(store):
    on = clock.today()
    pairs = ((KARAGANDA, "47"), ("63", "79"), ("59", "59"))
    for home, centre in pairs:
        adult = factories.eligible_mentor(store, on=on, region=home, town="")
        young = factories.eligible_child(
            store, on=on, centre=factories.centre(store, region=centre, town="")
        )
        found = chart.draw(adult, young)
        assert len(found.dots) == 20
        assert {dot.kato for dot in found.dots if dot.here} == {home, centre}
        assert found.together == (home == centre)
        for mark in (found.home, found.centre):
            assert 0 < float(mark.x) < chart.WIDTH
            assert 12 < float(mark.label_y) < chart.HEIGHT
