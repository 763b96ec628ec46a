import pytest
from sqlalchemy import select

from mentorship.accounts import services
from mentorship.accounts.models import User
from tests import factories

NEW = {
    "email": "Aigul@Example.org",
    "name": "Айгүл  Серікқызы",
    "role": "coordinator",
    "language": "kk",
    "regions": ["35", "61"],
}


@pytest.fixture
def administrator(store):
    return factories.administrator(store)


@pytest.fixture
def desk(administrator, sign_in):
    """The administrator's browser."""
    return sign_in(administrator)


def test_somebody_with_the_right_password_is_let_in(desk):
    assert desk.page("/users").h1


def test_signing_out_ends_the_session(desk):
    assert desk.send(desk.page("/users"), "/sign-out").headers["Location"] == "/sign-in"
    assert desk.get("/users").status_code == 302


def test_the_home_page_of_somebody_unknown_is_the_sign_in_page(client):
    assert client.get("/").headers["Location"] == "/sign-in"


def test_an_administrator_adds_a_coordinator(desk, store):
    answer = desk.submit("/users/new", **NEW)
    user = store.scalars(select(User).where(User.email == "aigul@example.org")).one()
    assert answer.headers["Location"] == f"/users/{user.id}"
    assert user.name == "Айгүл Серікқызы"
    assert user.scope.regions == {"35", "61"}
    assert "Айгүл Серікқызы" in desk.page(f"/users/{user.id}").text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"email": ""}, "This field is required."),
        ({"email": "aigul"}, "Enter an e-mail address like name@example.org."),
        ({"name": " "}, "This field is required."),
        ({"role": "king"}, "Choose one of the options."),
        ({"regions": []}, "Choose at least one option."),
        ({"regions": ["00"]}, "Choose one of the options."),
        ({"name": "x" * 201}, "Use at most 200 characters."),
    ],
)
def test_a_wrong_entry_is_explained_and_what_was_typed_is_kept(desk, store, given, words):
    page = desk.submit("/users/new", **(NEW | given)).page
    assert words in page.text
    typed = (NEW | given)["email"]
    assert page.find("input", name="email").attrs["value"] == typed
    assert len(store.scalars(select(User)).all()) == 1


def test_a_second_user_of_one_address_is_refused_beside_the_field(desk, administrator):
    page = desk.submit("/users/new", **(NEW | {"email": administrator.email})).page
    assert page.find("p", id="email-error").text == (
        "A user with this e-mail address already exists."
    )


def test_a_user_whose_scope_is_changed_has_to_sign_in_again(desk, store, sign_in):
    user = factories.coordinator(store, regions=("35",))
    theirs = sign_in(user)
    assert theirs.get("/children").status_code == 200
    desk.submit(f"/users/{user.id}/edit", regions=["39"])
    assert theirs.get("/children").status_code == 302
    assert user.scope.regions == {"39"}


def test_a_deactivated_user_is_out_at_once_and_can_be_let_in_again(desk, store, sign_in):
    user = factories.coordinator(store)
    theirs = sign_in(user)
    desk.submit(f"/users/{user.id}", "/active")
    assert theirs.get("/children").status_code == 302
    desk.submit(f"/users/{user.id}", "/active")
    assert theirs.get("/children").status_code == 302
    assert sign_in(user).get("/children").status_code == 200


def test_a_password_is_set_by_a_link_that_works_once(app, client, store):
    user = factories.coordinator(store, password_hash=None)
    store.commit()
    link = f"/password/{services.password_link(user, app.secret_key)}"
    phrase = "төрт сөзден тұрады"
    answer = client.submit(link, password=phrase, again=phrase)
    assert answer.headers["Location"] == "/sign-in"
    answer = client.submit("/sign-in", "/sign-in", email=user.email, password=phrase)
    assert answer.status_code == 302
    assert client.page(link, status=422).h1


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("short", "short", "Use at least 10 characters."),
        ("one long phrase", "two long phrase", "The two passwords differ."),
        ("", "", "This field is required."),
    ],
)
def test_a_weak_or_mistyped_password_is_refused(app, client, store, password, again, words):
    with client.session_transaction() as session:
        session["language"] = "en"
    user = factories.coordinator(store, password_hash=None)
    store.commit()
    link = f"/password/{services.password_link(user, app.secret_key)}"
    page = client.submit(link, password=password, again=again).page
    assert words in page.text
    assert page.find("input", name="password").attrs["value"] == ""
    assert user.password_hash is None


def test_users_are_found_by_words_and_by_role(desk, store):
    factories.coordinator(store, name="Айгүл")
    factories.manager(store, name="Болат")
    assert "Болат" not in desk.page("/users?q=Айгүл").text
    page = desk.page("/users?role=manager")
    assert "Болат" in page.text
    assert "Айгүл" not in page.text


def test_a_long_list_comes_in_pages_with_as_many_statements_as_a_short_one(desk, store, statements):
    desk.page("/users")
    statements.clear()
    desk.page("/users")
    short = len(statements)
    for _ in range(60):
        factories.coordinator(store, regions=("35", "61"))
    store.commit()
    statements.clear()
    page = desk.page("/users")
    assert len(statements) == short
    assert len(page.find_all("tr")) == 26
    assert page.find("a", rel="next").attrs["href"].endswith("page=2")
