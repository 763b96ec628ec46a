"""What several journeys do: each a few pages, as a person would go through them."""

import re
from urllib.parse import urlsplit

from mentorship import clock
from tests import factories

PHRASE = "төрт сөзден тұрады"
CLEARANCES = list(factories.REQUIRED_KINDS)
MENTOR = {
    "last_name": "Құсайынова",
    "first_name": "Қарлығаш",
    "sex": "female",
    "birth_date": "17.05.1985",
    "iin_confirmed": "true",  # the IINs of the tests are of the 2090s
    "phone": "+7 701 123 45 67",
    "email": "karlygash@example.org",
    "region": factories.KARAGANDA,
    "town": "Қарағанды",
    "reach_km": "50",
    "capacity": "1",
    "languages.kk": "fluent",
    "interests": ["chess", "cooking"],
    "certificate_number": "Ө-77",
    "certificate_issuer": "«Өркен» ұлттық институты",
    "certificate_issued_on": "01.06.2025",
    "certificate_expires_on": "01.06.2100",
}
CHILD = {
    "last_name": "Төлегенов",
    "first_name": "Еркежан",
    "sex": "male",
    "waiting_since": "01.09.2025",
    "first_language": "kk",
    "languages.kk": "fluent",
    "interests": ["chess"],
    "guardian_consent_on": "02.09.2025",
    "guardian_consent_by": "Директор Әбенова",
    "own_consent_on": "03.09.2025",
    "data_consent_on": "02.09.2025",
    "data_consent_by": "Директор Әбенова",
}


def done(browser, answer):
    """The page that a form which was saved leads to."""
    assert answer.status_code == 302, answer.page and answer.page.text
    return browser.page(answer.headers["Location"])


def register_mentor(desk, **given):
    """A mentor with all papers; the address of their page."""
    typed = MENTOR | {"iin": factories.fictional_iin()} | given
    page = done(desk, desk.submit("/mentors/new", **typed))
    papers = page.find("a", class_="main").attrs["href"]
    paper = {"result": "clear", "checked_on": "01.06.2025", "valid_until": "01.06.2100"}
    page = done(desk, desk.submit(papers, kinds=CLEARANCES, **paper))
    assert "Everything is in order." in page.text
    return page.address


def register_child(desk, centre_id, **given):
    """A thirteen-year-old with all three consents; the address of their page."""
    born = f"01.01.{clock.today().year - 13}"
    typed = CHILD | {"centre_id": str(centre_id), "birth_date": born} | given
    page = done(desk, desk.submit("/children/new", **typed))
    assert "Ready for matching." in page.text
    return page.address


def step_of(page, word):
    """The address of a step's form, by the words on its button."""
    return next(a.attrs["href"] for a in page.find_all("a") if a.text == word)


def record_consents(desk, page):
    """The child's word and the legal representative's, on the page of a pair on the way."""
    said = {"agrees": "yes", "language": "kk"}
    page = done(desk, desk.submit(step_of(page, "Record the child's word"), **said))
    said["name"] = "Директор Әбенова"
    return done(desk, desk.submit(step_of(page, "Record the representative's word"), **said))


def sign_agreement(desk, page, number):
    """The agreement of the three, which begins the match; the page of the pair."""
    return done(desk, desk.submit(step_of(page, "Record the agreement"), number=number))


def link_in_outbox(office, email):
    """The path of the link in the newest message to somebody, as an administrator reads it."""
    outbox = office.page("/outbox")
    masked = f"{email[0]}•••@{email.partition('@')[2]}"
    row = next(row for row in outbox.find_all("tr") if masked in row.text)
    message = next(a for a in outbox.find_all("a") if row in a.inside)
    found = re.search(r"http\S+/password/\S+", office.page(message.attrs["href"]).text)
    assert found, "no link in the message"
    return urlsplit(found[0]).path


def first_sign_in(browser, link, email):
    """Set a password with the link, sign in with it; the page that opens."""
    page = done(browser, browser.submit(link, password=PHRASE, again=PHRASE))
    return done(browser, browser.send(page, "/sign-in", email=email, password=PHRASE))
