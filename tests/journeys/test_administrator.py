from tests import factories
from tests.conftest import new_client
from tests.factories import KARAGANDA, KOSTANAY
from tests.journeys.steps import done, first_sign_in, link_in_outbox, register_child


def test_an_administrator_lets_a_coordinator_in_moves_them_and_shuts_them_out(app, store, sign_in):
    office = sign_in(factories.administrator(store))
    email = "aigul@example.org"
    fields = {"email": email, "name": "Айгүл", "role": "coordinator", "language": "en"}
    page = office.submit("/users/new", **fields).page
    assert page.find("p", id="regions-error").text == "Choose at least one option."
    account = done(office, office.send(page, regions=[KARAGANDA]))
    office.send(account, "/invite")

    # The coordinator follows the link and works in the region that was given.
    desk = new_client(app)
    opened = first_sign_in(desk, link_in_outbox(office, email), email)
    assert opened.h1 == "Today"
    centre = {"name_kk": "«Үміт» үйі", "name_ru": "Дом «Умит»", "kind": "childrens_home"}
    fields = centre | {"region": KARAGANDA, "town": "Қарағанды"}
    done(office, office.submit("/centres/new", **fields))
    options = desk.page("/children/new").find_all("option")
    home = next(option for option in options if "Үміт" in option.text)
    child = register_child(desk, home.attrs["value"])

    # Another region: signed out at once, and the child is no longer theirs to see.
    done(office, office.submit(f"{account.address}/edit", regions=[KOSTANAY]))
    assert desk.get(child).status_code == 302
    page = desk.page("/sign-in")
    desk.send(page, "/sign-in", email=email, password="төрт сөзден тұрады")
    assert desk.get(child).status_code == 404
    assert "There are no children in your regions yet." in desk.page("/children").text

    # Shut out: the session ends, and the password no longer opens anything.
    office.submit(account.address, "/active")
    assert desk.get("/today").status_code == 302
    page = desk.page("/sign-in")
    answer = desk.send(page, "/sign-in", email=email, password="төрт сөзден тұрады")
    assert answer.status_code == 422
    assert "Wrong e-mail address or password." in answer.page.text

    # Of people an administrator sees nobody.
    for address in ("/children", child, "/mentors", "/matches", "/concerns", "/overview"):
        assert office.get(address).status_code == 403
