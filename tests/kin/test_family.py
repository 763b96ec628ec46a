from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.children.models import Relative, SiblingGroup, SiblingRule
from mentorship.errors import AlreadyDone, Invalid, NotEligible
from mentorship.kin.services import (
    change_relative,
    change_sibling_rule,
    end_relative,
    join_siblings,
    leave_siblings,
    link_relative,
)
from mentorship.matches.models import StillWaiting
from mentorship.rounds.services import run_round
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)
ABLE = {"can_mentor": "yes", "asked_on": ON}


@pytest.fixture
def by(database):
    return factories.coordinator(database).id


@pytest.fixture
def run(database, by):
    def run():
        found = run_round(database, regions=(KARAGANDA,), start_on=ON, by=by, at=AT)
        return {row.child_id: row.mentor_id for row in found.proposals}

    return run


@pytest.fixture
def children(database):
    return [factories.eligible_child(database, on=ON) for _ in range(3)]


def test_a_relative_in_the_register_is_proposed_before_a_stranger_who_likes_the_same(database, run):
    child = factories.eligible_child(database, on=ON, interests=("chess", "football"))
    stranger = factories.eligible_mentor(database, on=ON, interests=("chess", "football"))
    aunt = factories.eligible_mentor(database, on=ON)
    assert run() == {child.id: stranger.id}
    relative = factories.relative(database, child=child, mentor_id=aunt.id, **ABLE)
    database.expire(child)
    assert run() == {child.id: aunt.id}
    relative.can_mentor = "no"
    database.flush()
    assert run() == {child.id: stranger.id}


def test_siblings_who_must_have_one_mentor_get_one_or_none(database, run, children):
    first, second, other = children
    factories.siblings(database, first, second, rule="must")
    small = [factories.eligible_mentor(database, on=ON) for _ in range(2)]
    assert set(run()) == {other.id}
    big = factories.eligible_mentor(database, on=ON, capacity=2)
    found = run()
    assert (found[first.id], found[second.id]) == (big.id, big.id)
    assert found[other.id] in {mentor.id for mentor in small}


def test_siblings_who_had_better_have_one_mentor_share_one_where_it_costs_nothing(
    database, run, children
):
    first, second, other = children
    big = factories.eligible_mentor(database, on=ON, capacity=2)
    small = factories.eligible_mentor(database, on=ON)
    factories.siblings(database, first, second, rule="prefer")
    assert run() == {first.id: big.id, second.id: big.id, other.id: small.id}


def test_siblings_who_had_better_have_one_mentor_are_matched_apart_rather_than_not_at_all(
    database, run, children
):
    mentors = [factories.eligible_mentor(database, on=ON) for _ in range(3)]
    factories.siblings(database, *children, rule="prefer")
    assert set(run().values()) == {mentor.id for mentor in mentors}


def test_two_children_make_a_group_and_a_third_joins_it_from_either_side(database, by, children):
    first, second, third = children
    group = join_siblings(database, first, second, by=by, at=AT)
    assert group.rule == SiblingRule.PREFER
    assert join_siblings(database, third, first, by=by, at=AT) is group
    database.expire(group)
    assert {child.id for child in group.children} == {child.id for child in children}


def test_what_cannot_be_recorded_about_siblings_is_refused(database, by, children):
    first, second, third = children
    with pytest.raises(Invalid, match="own_sibling"):
        join_siblings(database, first, first, by=by, at=AT)
    with pytest.raises(NotEligible, match="in_no_group"):
        leave_siblings(database, first, by=by)
    with pytest.raises(NotEligible, match="in_no_group"):
        change_sibling_rule(database, first, SiblingRule.MUST, note=None, by=by, at=AT)
    join_siblings(database, first, second, by=by, at=AT)
    with pytest.raises(AlreadyDone, match="in_this_group"):
        join_siblings(database, second, first, by=by, at=AT)
    join_siblings(database, third, factories.eligible_child(database, on=ON), by=by, at=AT)
    with pytest.raises(AlreadyDone, match="in_another_group"):
        join_siblings(database, first, third, by=by, at=AT)


def test_a_group_of_one_is_none(database, by, children):
    first, second, third = children
    join_siblings(database, first, second, by=by, at=AT)
    join_siblings(database, first, third, by=by, at=AT)
    leave_siblings(database, third, by=by)
    database.commit()
    assert database.scalars(select(SiblingGroup)).one().id == first.sibling_group_id
    leave_siblings(database, first, by=by)
    database.commit()
    assert database.scalars(select(SiblingGroup)).all() == []
    assert second.sibling_group_id is None


@pytest.fixture
def desk(store, sign_in):
    return sign_in(factories.coordinator(store, regions=(KARAGANDA,)))


@pytest.fixture
def child(store):
    return factories.eligible_child(store, on=clock.today(), last_name="Төлегенов")


def add(store, **given):
    return factories.eligible_child(store, on=clock.today(), **given)


def test_a_brother_is_found_by_name_added_ruled_and_taken_out_again(desk, store, child):
    brother = add(store, last_name="Қожахметов", first_name="Қанат")
    store.commit()
    page = desk.page(f"/children/{child.id}/siblings?q=кожахметов")
    desk.send(page, "/siblings/add")
    page = desk.page(f"/children/{child.id}/siblings")
    assert "Қожахметов Қанат" in page.text
    sheet = page.find("form", class_="sheet")
    desk.post(sheet.attrs["action"], data=page.values(sheet) | {"rule": "must"})
    assert store.scalars(select(SiblingGroup.rule)).one() == "must"
    assert "They must have one mentor" in desk.page("/siblings?q=толегенов&rule=must").text
    assert "Қожахметов Қанат" in desk.page(f"/children/{child.id}").text
    desk.send(desk.page(f"/children/{brother.id}/siblings"), f"/children/{brother.id}/siblings/le")
    assert store.scalars(select(SiblingGroup)).all() == []


def test_a_sibling_of_another_region_is_not_named(desk, store, child):
    far = add(store, region=KOSTANAY, last_name="Жаттағы")
    factories.siblings(store, child, far)
    store.commit()
    for address in (
        "/siblings",
        f"/children/{child.id}",
        f"/children/{child.id}/siblings",
        f"/children/{child.id}/siblings?q=Жаттағы",
    ):
        assert "Жаттағы " not in desk.page(address).text
    assert "a child in another region" in desk.page(f"/children/{child.id}").text
    answer = desk.post(f"/children/{far.id}/siblings/leave")
    assert answer.status_code in (400, 404)


def test_a_relative_is_recorded_asked_and_shown_before_any_stranger(desk, store, child):
    form = {
        "name": "Құсайынова Бибігүл",
        "relation": "grandparent",
        "phone": "8 (701) 123-45-67",
        "visits": "weekly",
    }
    desk.submit(f"/children/{child.id}/relatives/new", **form)
    relative = store.scalars(select(Relative)).one()
    assert relative.phone == "+77011234567"
    page = desk.page(f"/children/{child.id}")
    assert "+7 701 123 45 67" in page.text
    assert "Kin first" not in page.text
    edit = f"/relatives/{relative.id}/edit"
    unsaid = desk.submit(edit, edit, can_mentor="yes")
    assert "Say on which day they were asked." in unsaid.page.find("p", id="asked_on-error").text
    desk.submit(edit, edit, can_mentor="yes", can_take_family="yes", asked_on="01.03.2026")
    for address in (f"/children/{child.id}", f"/children/{child.id}/waiting"):
        assert "Kin first" in desk.page(address).text
    desk.send(desk.page(edit), f"/relatives/{relative.id}/end")
    assert "Kin first" not in desk.page(f"/children/{child.id}").text


@pytest.mark.parametrize("phone", ["123", "+1 212 555 0100", "8 701 123 45 6"])
def test_a_wrong_phone_number_of_a_relative_is_explained(desk, child, store, phone):
    store.commit()
    answer = desk.submit(
        f"/children/{child.id}/relatives/new",
        name="Ким О.",
        relation="other",
        visits="never",
        phone=phone,
    )
    assert answer.status_code == 422
    assert "Enter a phone number like" in answer.page.find("p", id="phone-error").text


def test_a_relative_who_is_a_mentor_is_linked_and_can_be_proposed_from_every_page(
    desk, store, child
):
    on = clock.today()
    aunt = factories.eligible_mentor(store, on=on, last_name="Ұзақбаева")
    stranger = factories.eligible_mentor(store, on=on, last_name="Бөтен")
    relative = factories.relative(store, child=child, can_mentor="yes", asked_on=on)
    proposal = factories.proposal(store, mentor=stranger, child=child, start_on=on)
    store.add(
        StillWaiting(
            round=proposal.round, child=child, code="no_mentor_allowed", refusals={"no_capacity": 1}
        )
    )
    store.commit()
    desk.send(desk.page(f"/relatives/{relative.id}/mentor?q=узакбаева"), "/mentor")
    store.refresh(relative)
    assert relative.mentor_id == aunt.id
    wanted = f"/pairs/new?child={child.id}&mentor={aunt.id}"
    for address in (
        f"/children/{child.id}",
        f"/children/{child.id}/waiting",
        f"/children/{child.id}/urgent",
        f"/proposals/{proposal.id}",
        f"/proposals/{proposal.id}/alternatives",
    ):
        page = desk.page(address)
        assert "Kin first" in page.text, address
        assert wanted in [link.attrs["href"] for link in page.find_all("a")], address
    listed = desk.page(f"/rounds/{proposal.round_id}/waiting")
    assert "A relative could be there for the child" in listed.text


def test_the_list_of_siblings_costs_as_many_statements_with_thirty_groups_as_with_three(
    desk, store, statements
):
    home = factories.centre(store)

    def groups(number):
        for _ in range(number):
            pair = [add(store, centre=home) for _ in range(2)]
            factories.siblings(store, *pair)
            mentor = factories.eligible_mentor(store, on=clock.today())
            factories.match(store, mentor=mentor, child=pair[0], started_on=clock.today() - DAY)
        store.commit()

    def counted():
        desk.page("/siblings")
        statements.clear()
        desk.page("/siblings")
        return len(statements)

    groups(3)
    few = counted()
    groups(22)
    assert counted() == few <= 15


@pytest.mark.parametrize("verb", ["change", "link", "end"])
def test_nothing_more_is_done_with_a_relative_who_no_longer_counts(database, by, verb):
    child = factories.eligible_child(database, on=ON)
    relative = factories.relative(database, child=child, ended_on=ON, **ABLE)
    verbs = {
        "change": lambda: change_relative(database, relative, {"note": "x"}, by=by, at=AT),
        "link": lambda: link_relative(database, relative, None, by=by),
        "end": lambda: end_relative(database, relative, on=ON, by=by),
    }
    with pytest.raises(AlreadyDone, match="relative_ended"):
        verbs[verb]()
    assert child.able_relatives == []
