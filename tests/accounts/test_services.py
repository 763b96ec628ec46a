from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from mentorship.accounts import services
from mentorship.accounts.models import User
from mentorship.audit import AuditEntry
from mentorship.errors import AlreadyDone, Invalid
from mentorship.permissions import GRANTS, Permission, Role, Scope, allows
from tests import factories

AT, ON = factories.AT, date(2026, 3, 2)
SECRET = "the secret of these tests"


def sign_in(session, email, password=factories.PASSWORD):
    return services.sign_in(session, email, password, address="192.0.2.1", at=AT, secret=SECRET)


def change(session, user, **given):
    now = {
        "name": user.name,
        "role": user.role,
        "regions": [row.region for row in user.regions],
        "all_regions": user.all_regions,
        "language": user.language,
    }
    by = factories.administrator(session)
    services.change_user(session, user, **(now | given), by=by.id, on=ON)


def test_a_new_user_has_no_password_and_cannot_sign_in(database):
    by = factories.administrator(database)
    user = services.create_user(
        database,
        email="Coordinator.35@Example.org",
        name="Айгүл",
        role=Role.COORDINATOR,
        regions=["35", "35", "61"],
        by=by.id,
        at=AT,
    )
    assert user.email == "coordinator.35@example.org"
    assert user.scope == Scope(frozenset({"35", "61"}))
    assert sign_in(database, user.email, "") is None


def test_an_email_address_is_one_user_whatever_its_case(database):
    factories.administrator(database, email="one@example.org")
    with pytest.raises(AlreadyDone):
        services.create_user(
            database, email="ONE@example.org", name="x", role=Role.MANAGER, by=None, at=AT
        )


def test_a_password_is_kept_as_an_argon2_hash(database):
    user = services.create_user(
        database,
        email="p@example.org",
        name="x",
        role=Role.MANAGER,
        password="a long pass phrase",
        by=None,
        at=AT,
    )
    assert user.password_hash.startswith("$argon2id$")
    assert "phrase" not in user.password_hash


def test_the_right_password_lets_in_and_is_noted(database):
    user = factories.administrator(database)
    assert sign_in(database, user.email.upper()) is user
    assert user.signed_in_at == AT
    entry = database.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor_id) == ("signed_in", user.id)


def test_a_deactivated_user_is_not_let_in_with_the_right_password(database):
    user = factories.administrator(database, active=False)
    assert sign_in(database, user.email) is None


def test_a_new_scope_ends_the_sessions_that_are_open(database):
    user = factories.coordinator(database, regions=("35",))
    session = user.get_id()
    change(database, user, regions=["39"])
    database.flush()
    assert services.user_of_session(session) is None
    assert services.user_of_session(user.get_id()) is user


def test_a_new_name_or_language_ends_no_session(database):
    user = factories.coordinator(database, regions=("35",))
    session = user.get_id()
    change(database, user, name="Айгүл", language="ru")
    assert services.user_of_session(session) is user


@pytest.mark.parametrize("given", [{"role": Role.MANAGER}, {"all_regions": True}])
def test_a_new_role_or_the_whole_country_ends_the_sessions(database, given):
    user = factories.coordinator(database)
    session = user.get_id()
    change(database, user, **given)
    assert services.user_of_session(session) is None


def test_deactivating_ends_the_sessions_at_once(database):
    user, by = factories.coordinator(database), factories.administrator(database)
    session = user.get_id()
    services.set_active(database, user, False, by=by.id, on=ON)
    assert services.user_of_session(session) is None
    services.set_active(database, user, True, by=by.id, on=ON)
    assert services.user_of_session(session) is None


def test_nobody_deactivates_themselves(database):
    user = factories.administrator(database)
    with pytest.raises(Invalid):
        services.set_active(database, user, False, by=user.id, on=ON)


@pytest.mark.parametrize("name", ["", "1", "x:1", "1:x", "1:1:1", "٣:1", "-1:1", "99999:1"])
def test_a_session_of_nobody_is_nobodys(database, name):
    assert services.user_of_session(name) is None


def test_a_password_link_works_once(database):
    user = factories.administrator(database)
    link = services.password_link(user, SECRET)
    assert services.user_of_link(database, link, SECRET) is user
    services.set_password(user, "another long pass phrase")
    with pytest.raises(Invalid):
        services.user_of_link(database, link, SECRET)
    assert sign_in(database, user.email, "another long pass phrase") is user


def test_a_password_link_ends_after_seven_days(database):
    user = factories.administrator(database)
    with time_machine.travel(AT, tick=False) as now:
        link = services.password_link(user, SECRET)
        now.shift(timedelta(days=services.LINK_DAYS))
        assert services.user_of_link(database, link, SECRET) is user
        now.shift(timedelta(seconds=1))
        with pytest.raises(Invalid):
            services.user_of_link(database, link, SECRET)


def test_setting_a_password_ends_the_sessions_that_are_open(database):
    user = factories.administrator(database)
    session = user.get_id()
    services.set_password(user, "another long pass phrase")
    assert services.user_of_session(session) is None


def test_a_password_link_of_a_deactivated_user_does_not_work(database):
    user, by = factories.coordinator(database), factories.administrator(database)
    link = services.password_link(user, SECRET)
    services.set_active(database, user, False, by=by.id, on=ON)
    with pytest.raises(Invalid):
        services.user_of_link(database, link, SECRET)


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: "x" + t, lambda t: "", str.upper])
def test_a_spoilt_password_link_does_not_work(database, spoil):
    link = services.password_link(factories.administrator(database), SECRET)
    with pytest.raises(Invalid):
        services.user_of_link(database, spoil(link), SECRET)


def test_a_password_link_made_with_another_secret_does_not_work(database):
    link = services.password_link(factories.administrator(database), "another secret")
    with pytest.raises(Invalid):
        services.user_of_link(database, link, SECRET)


def test_every_change_to_a_user_is_noted_without_their_name(database):
    user, by = factories.coordinator(database), factories.administrator(database)
    change(database, user, regions=["39"])
    services.set_active(database, user, False, by=by.id, on=ON)
    services.set_active(database, user, True, by=by.id, on=ON)
    services.set_password(user, "another long pass phrase")
    database.flush()
    entries = database.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    actions = ["changed_user", "deactivated_user", "activated_user", "set_password"]
    assert [entry.action for entry in entries] == actions
    assert all(user.name not in str(entry.details) for entry in entries)
    assert {entry.subject_id for entry in entries} == {user.id}


def test_a_scope_covers_its_regions_or_the_whole_country(database):
    assert factories.coordinator(database, regions=("35",)).scope.covers("35")
    assert not factories.coordinator(database, regions=("35",)).scope.covers("39")
    assert factories.manager(database).scope.covers("39")
    assert factories.administrator(database).scope.covers("35")


def test_a_scope_without_regions_limits_a_query_to_nothing(database):
    factories.administrator(database)
    nobody = Scope(frozenset()).limit(select(User), User.language)
    assert database.scalars(nobody).all() == []


def test_no_role_sees_what_another_needs_for_its_own_work():
    assert not allows(Role.ADMINISTRATOR, Permission.SEE_PEOPLE)
    assert not allows(Role.MANAGER, Permission.SEE_PEOPLE)
    assert not allows(Role.MENTOR, Permission.SEE_PEOPLE)
    assert not allows(Role.COORDINATOR, Permission.MANAGE_USERS)
    assert set(GRANTS) == set(Role)
