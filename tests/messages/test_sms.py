import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from mentorship.config import Config
from mentorship.errors import ConfigError
from mentorship.messages.transport import Refused, SmsGateway
from tests.test_config import PRODUCTION

SHORT = {
    "to": "+77011234567",
    "subject": "",
    "body": "Тәлімгерлік қызметі: http://127.0.0.1:8000/",
    "message_id": "<17@mentorship>",
    "language": "kk",
}


def read(**given):
    return Config.from_environment(PRODUCTION | given)


class Gateway(BaseHTTPRequestHandler):
    """A gateway that keeps what it was sent and answers with the statuses it was told."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, dict(self.headers), json.loads(body)))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def gateway():
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    server.seen, server.statuses = [], []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture
def way(gateway):
    return SmsGateway(f"http://127.0.0.1:{gateway.server_port}/send?from=1", "a-token")


def test_a_short_message_arrives_with_its_token_and_its_key(way, gateway):
    way.send(**SHORT)
    ((path, headers, said),) = gateway.seen
    assert path == "/send?from=1"
    assert headers["Authorization"] == "Bearer a-token"
    assert headers["Idempotency-Key"] == "<17@mentorship>"
    assert said == {"to": SHORT["to"], "text": SHORT["body"], "id": SHORT["message_id"]}


@pytest.mark.parametrize(
    ("status", "for_good"),
    [
        *((status, True) for status in (400, 410, 422)),
        *((status, False) for status in (302, 401, 404, 429, 500, 503)),
    ],
)
def test_what_the_gateway_answers_decides_whether_to_try_again(way, gateway, status, for_good):
    gateway.statuses.append(status)
    with pytest.raises(Refused) as refused:
        way.send(**SHORT)
    assert (refused.value.reason, refused.value.for_good) == (f"HTTP {status}", for_good)


def test_a_gateway_that_is_down_is_tried_again(gateway):
    port = gateway.server_port
    gateway.server_close()
    with pytest.raises(Refused) as down:
        SmsGateway(f"http://127.0.0.1:{port}/", "t").send(**SHORT)
    assert not down.value.for_good


def test_the_gateway_is_read_from_the_environment():
    given = {"SMS_URL": "https://sms.example.org/v1", "SMS_TOKEN": "abc"}
    settings = read(**given)
    assert (settings.sms_url, settings.sms_token) == ("https://sms.example.org/v1", "abc")
    assert read().sms_url is None


@pytest.mark.parametrize(
    "given",
    [
        {"SMS_URL": "http://sms.example.org/", "SMS_TOKEN": "abc"},  # the token in the open
        {"SMS_URL": "sms.example.org", "SMS_TOKEN": "abc"},
        {"SMS_URL": "https://x:port/", "SMS_TOKEN": "abc"},
        {"SMS_URL": "https://user:word@x/", "SMS_TOKEN": "abc"},
        {"SMS_URL": "https://sms.example.org/"},
        {"SMS_URL": "https://sms.example.org/", "SMS_TOKEN": "a\nb"},
    ],
)
def test_a_wrong_gateway_stops_the_start(given):
    with pytest.raises(ConfigError, match="SMS_"):
        read(**given)
