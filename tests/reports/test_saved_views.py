import pytest
from sqlalchemy import select

from mentorship.accounts.models import User
from mentorship.errors import AlreadyDone, Impossible
from mentorship.messages.models import Message, MessageChoice
from mentorship.reports import services
from mentorship.reports.fields import own_page
from mentorship.reports.models import LONGEST_ADDRESS, SavedView
from tests import factories

PAGE = "/retention?region=35"


def test_a_page_of_figures_is_kept_with_its_filters_and_opened_again(store, sign_in):
    manager = sign_in(factories.manager(store))
    answer = manager.submit(
        f"/reports/views/new?address={PAGE.replace('&', '%26')}", name="Қарағанды"
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    page = manager.page("/reports/views")
    assert page.find("a", href=PAGE).text == "Қарағанды"
    assert manager.page(PAGE).h1


def test_a_name_is_used_once_and_can_be_changed(store, sign_in):
    user = factories.manager(store)
    kept = factories.saved_view(store, user=user, name="Before")
    factories.saved_view(store, user=user, name="Other")
    manager = sign_in(user)
    assert manager.submit("/reports/views/new?address=/retention", name="Other").status_code == 422
    address = f"/reports/views/{kept.id}"
    assert manager.submit(address, name="Other").status_code == 422
    assert manager.submit(address, name="After").status_code == 302
    assert kept.name == "After"
    manager.submit("/reports/views", f"{kept.id}/remove")
    assert [row.name for row in store.scalars(select(SavedView))] == ["Other"]


def test_nobody_sees_changes_or_removes_the_view_of_another(store, sign_in):
    kept = factories.saved_view(store, user=factories.manager(store), name="Mine")
    stranger = factories.manager(store)
    other = sign_in(stranger)
    assert "Mine" not in other.page("/reports/views").html
    assert "Mine" not in other.page(f"/reports/views/{kept.id}").html
    factories.saved_view(store, user=store.get(User, stranger.id), name="Theirs")
    page = other.page("/reports/views")
    page.form("/remove").attrs["action"] = f"/reports/views/{kept.id}/remove"
    other.send(page, f"/{kept.id}/remove")
    assert store.get(SavedView, kept.id).name == "Mine"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "retention",
        "https://example.org/retention",
        "//example.org/retention",
        "/\\example.org",
        "/retention\r\nSet-Cookie: x=1",
        "javascript:alert(1)",
        "/nowhere",
        "/children",
        "/children/1",
        "/matches",
        "/figures/children_waiting/rows",
        "/reports/send",
        "/reports/views",
        "/sign-out",
        "/retention?" + "x" * LONGEST_ADDRESS,
        "/figures/ask for Aigul",
        "/reports/Aigul-is-ill",
        "/retention?region=\x00",
    ],
)
def test_only_own_pages_of_figures_can_be_kept_or_sent(app, address):
    with app.app_context():
        assert own_page(address) is None


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/retention", "/retention"),
        (PAGE, PAGE),
        ("/retention?region=35&as=csv", "/retention?region=35"),
        ("/retention?next=//example.org#x", "/retention"),
        ("/retention?region=35&note=Ask%20for%20Aigul&by=call+me", "/retention?region=35"),
        ("/figures/share_on_time?period=2026-Q3&step=year&part=child",) * 2,
        ("/figures/children_waiting?region=35", "/figures/children_waiting?region=35"),
        ("/reports/2026-Q3?language=kk", "/reports/2026-Q3?language=kk"),
        ("/overview", "/overview"),
    ],
)
def test_an_address_is_made_anew_from_its_parts(app, address, kept):
    with app.app_context():
        assert own_page(address) == kept


def test_a_page_that_is_not_ours_leads_back_to_the_list(store, sign_in):
    manager = sign_in(factories.manager(store))
    for path in ("/reports/views/new", "/reports/send"):
        answer = manager.get(f"{path}?address=//example.org")
        assert answer.headers["Location"] == "/reports/views"


def test_too_many_views_are_refused(database, monkeypatch):
    user = factories.manager(database)
    monkeypatch.setattr(services, "MOST_VIEWS", 1)
    services.save_view(database, user, "a", "/retention", at=factories.AT)
    with pytest.raises(Impossible):
        services.save_view(database, user, "b", "/retention", at=factories.AT)
    monkeypatch.setattr(services, "MOST_VIEWS", 9)
    with pytest.raises(AlreadyDone):
        services.save_view(database, user, "a", "/retention", at=factories.AT)


def test_a_page_is_sent_to_a_colleague_as_a_link_without_names_and_figures(store, sign_in):
    sender, reader = factories.manager(store), factories.coordinator(store)
    manager = sign_in(sender)
    page = manager.page("/reports/send?address=/retention%3Fregion=35")
    answer = manager.send(page, user_id=str(reader.id))
    assert answer.headers["Location"] == "/retention?region=35"
    again = manager.send(page, user_id=str(reader.id))
    assert again.status_code in (302, 409, 422)
    message = store.scalars(select(Message)).one()
    assert (message.kind, message.user_id) == ("view_sent", reader.id)
    assert "http://127.0.0.1:8000/retention?region=35" in message.body
    assert sender.name not in message.subject + message.body


def test_a_letter_about_a_page_holds_nothing_that_its_sender_wrote(store, sign_in):
    reader = factories.coordinator(store)
    manager = sign_in(factories.manager(store))
    page = manager.page("/reports/send?address=/retention%3Fregion=35%26q=Aigul%2520is%2520ill")
    manager.send(page, user_id=str(reader.id))
    assert store.scalars(select(Message)).one().body.endswith("/retention?region=35")


def test_a_page_is_sent_only_to_those_who_may_see_figures(store, sign_in):
    manager = sign_in(factories.manager(store))
    asleep = factories.coordinator(store, active=False)
    for nobody in (factories.administrator(store), asleep):
        answer = manager.submit("/reports/send?address=/retention", user_id=str(nobody.id))
        assert answer.status_code == 422
    assert store.scalars(select(Message)).all() == []


def test_the_sender_is_told_when_a_colleague_wants_no_such_letters(store, sign_in):
    reader = factories.coordinator(store)
    store.add(MessageChoice(user_id=reader.id, topic="digest", channel="email", wanted=False))
    manager = sign_in(factories.manager(store))
    manager.submit("/reports/send?address=/retention", user_id=str(reader.id))
    assert "Tell them about the page yourself" in manager.page("/retention").html
