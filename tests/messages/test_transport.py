import email
import socket
from email.policy import default

import pytest
from aiosmtpd.controller import Controller

from mentorship.errors import ConfigError
from mentorship.messages.transport import Refused, Smtp, transport_from

LETTER = {
    "to": "aigul@example.org",
    "subject": "Тексерулер: мерзімі өткені 2",
    "body": "Сәлеметсіз бе!\n\nҚараңыз: http://127.0.0.1:8000/",
    "message_id": "<17@mentorship>",
    "language": "kk",
}


class Sink:
    """A mail server that keeps its letters; it refuses one address for good, one for now."""

    def __init__(self):
        self.letters = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone"):
            return "550 no such person"
        if address.startswith("busy"):
            return "451 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def sink(unused_port):
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=unused_port, ready_timeout=10)
    controller.start()
    handler.port = unused_port
    yield handler
    controller.stop()


@pytest.fixture
def post(sink):
    post = transport_from(f"smtp://127.0.0.1:{sink.port}", "mentorship@example.org")
    yield post
    post.close()


def test_a_letter_in_kazakh_arrives_whole(post, sink):
    post.send(**LETTER)
    (letter,) = sink.letters
    assert letter["Subject"] == LETTER["subject"]
    assert letter.get_content().replace("\r\n", "\n").strip() == LETTER["body"]
    assert (letter["To"], letter["From"]) == ("aigul@example.org", "mentorship@example.org")
    assert letter["Message-ID"] == "<17@mentorship>"


def test_an_unknown_address_is_refused_for_good_and_a_busy_server_for_now(post, sink):
    with pytest.raises(Refused) as gone:
        post.send(**(LETTER | {"to": "gone@example.org"}))
    assert gone.value.for_good and gone.value.reason == "SMTPRecipientsRefused 550"
    with pytest.raises(Refused) as busy:
        post.send(**(LETTER | {"to": "busy@example.org"}))
    assert not busy.value.for_good
    assert sink.letters == []


def test_a_server_that_is_down_is_tried_again(unused_port):
    post = transport_from(f"smtp://127.0.0.1:{unused_port}", "mentorship@example.org")
    with pytest.raises(Refused) as down:
        post.send(**LETTER)
    assert not down.value.for_good and down.value.reason == "ConnectionRefusedError"


def test_a_line_break_cannot_smuggle_a_header_in(post, sink):
    with pytest.raises(Refused) as refused:
        post.send(**(LETTER | {"subject": "Hello\nBcc: all@example.org"}))
    assert refused.value.for_good
    assert sink.letters == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 25, None, None, False, False)),
        ("smtps://mail.example.org", ("mail.example.org", 465, None, None, True, False)),
        (
            "smtp://a%40b:p%3Aw@mail.example.org:587?starttls=1",
            ("mail.example.org", 587, "a@b", "p:w", False, True),
        ),
    ],
)
def test_mail_url_says_how_to_send(url, expected):
    assert transport_from(url, "from@example.org") == Smtp("from@example.org", *expected)


def test_without_mail_url_nothing_is_sent():
    assert transport_from(None, "from@example.org") is None


@pytest.mark.parametrize("url", ["mail.example.org", "http://x", "smtp://", "smtp://x:port"])
def test_a_wrong_mail_url_says_what_to_write(url):
    with pytest.raises(ConfigError, match="smtp://user:password@host"):
        transport_from(url, "from@example.org")
