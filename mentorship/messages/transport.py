"""How messages leave: SMTP set by MAIL_URL, and an HTTP gateway for SMS set by SMS_URL.

Both are the standard library's: messages leave from the jobs process, with a time-out and an
identity of our own (`message_id`), and a refused header raises either way.
"""

import json
import smtplib
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from mentorship.config import Config
from mentorship.errors import ConfigError
from mentorship.messages.policies import Channel

TIME_OUT_S = 15
KEPT_S = 20  # a connection that was quiet for longer is made anew
HELP = "use smtp://user:password@host:587?starttls=1 or smtps://user:password@host"
# What may be otherwise in a while: too busy, or the gateway does not know us yet.
FOR_NOW = frozenset({401, 402, 403, 404, 405, 407, 408, 409, 423, 425, 429})


class Refused(Exception):
    """The message did not leave; `for_good` when trying again is useless."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(reason)
        self.reason = reason  # a class and a code, never an address
        self.for_good = for_good


class Transport(Protocol):
    """Whatever can deliver a message; raises Refused when it cannot."""

    def send(self, *, to: str, subject: str, body: str, message_id: str, language: str) -> None: ...

    def close(self) -> None:
        """Let go of the server; a later `send` comes back to it."""
        ...


@dataclass(frozen=True)
class Smtp:
    """A mail server: letters that follow each other share a connection."""

    sender: str
    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool
    starttls: bool
    _kept: dict[str, tuple[smtplib.SMTP, float]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def send(self, *, to: str, subject: str, body: str, message_id: str, language: str) -> None:
        """Deliver one letter; raises Refused."""
        letter = self._letter(to, subject, body, message_id, language)
        try:
            server = self._connection()
            server.send_message(letter)
            self._kept["one"] = server, time.monotonic()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            for_good = all(500 <= code < 600 for code in codes)
            raise Refused(f"{type(error).__name__} {codes[0]}", for_good=for_good) from error
        except smtplib.SMTPResponseException as error:
            self.close()
            wrong_letter = isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
            reason = f"{type(error).__name__} {error.smtp_code}"
            raise Refused(reason, for_good=wrong_letter) from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Refused(type(error).__name__, for_good=False) from error

    def close(self) -> None:
        """Say goodbye, if there is still somebody there."""
        server, _ = self._kept.pop("one", (None, 0.0))
        if server is not None:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()

    def _letter(
        self, to: str, subject: str, body: str, message_id: str, language: str
    ) -> EmailMessage:
        letter = EmailMessage(policy=SMTP)
        try:
            letter["From"], letter["To"], letter["Subject"] = self.sender, to, subject
            letter["Message-ID"], letter["Date"] = message_id, formatdate()
            letter["Content-Language"], letter["Auto-Submitted"] = language, "auto-generated"
            letter.set_content(body)
        except ValueError as error:  # a line break in a header
            raise Refused(type(error).__name__, for_good=True) from error
        return letter

    def _connection(self) -> smtplib.SMTP:
        """The connection of the letter before, asked first whether it lives; or a new one."""
        server, used_at = self._kept.get("one", (None, 0.0))
        if server is not None and time.monotonic() - used_at < KEPT_S and self._lives(server):
            return server
        self.close()
        return self._kept.setdefault("one", (self._connected(), time.monotonic()))[0]

    @staticmethod
    def _lives(server: smtplib.SMTP) -> bool:
        try:
            return server.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self.tls:
            server = smtplib.SMTP_SSL(self.host, self.port, timeout=TIME_OUT_S, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIME_OUT_S)
        try:
            if self.starttls:
                server.starttls(context=context)
            if self.user is not None:
                server.login(self.user, self.password or "")
        except BaseException:
            server.close()
            raise
        return server


@dataclass(frozen=True)
class SmsGateway:
    """An HTTP gateway: one POST of JSON for each message; the same key is never sent twice."""

    url: str
    token: str

    def send(self, *, to: str, subject: str, body: str, message_id: str, language: str) -> None:
        """Deliver one short message; raises Refused."""
        said = {"to": to, "text": body, "id": message_id}
        try:
            status = self._post(json.dumps(said, ensure_ascii=False).encode(), message_id)
        except (OSError, HTTPException) as error:
            raise Refused(type(error).__name__, for_good=False) from error
        if not 200 <= status < 300:
            wrong_message = 400 <= status < 500 and status not in FOR_NOW
            raise Refused(f"HTTP {status}", for_good=wrong_message)

    def close(self) -> None:
        """Nothing is kept open."""

    def _post(self, content: bytes, key: str) -> int:
        parts = urlsplit(self.url)
        secure = parts.scheme == "https"
        kind = HTTPSConnection if secure else HTTPConnection
        connection = kind(str(parts.hostname), parts.port, timeout=TIME_OUT_S)
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": key,
        }
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", path, content, headers)
            return connection.getresponse().status
        finally:
            connection.close()


def transport_from(mail_url: str | None, sender: str) -> Smtp | None:
    """The mail server of MAIL_URL, or None where none is set; raises ConfigError."""
    if not mail_url:
        return None
    try:
        parts = urlsplit(mail_url)
        port = parts.port
    except ValueError as error:
        raise ConfigError(f"MAIL_URL cannot be read: {HELP}") from error
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ConfigError(f"MAIL_URL is not the address of a mail server: {HELP}")
    return Smtp(
        sender=sender,
        host=parts.hostname,
        port=port or (465 if parts.scheme == "smtps" else 25),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls=parts.scheme == "smtps",
        starttls=parse_qs(parts.query).get("starttls") == ["1"],
    )


def transports_from(settings: Config) -> Mapping[Channel, Transport]:
    """Every way that is set up; raises ConfigError."""
    ways: dict[Channel, Transport] = {}
    post = transport_from(settings.mail_url, settings.mail_from)
    if post is not None:
        ways[Channel.EMAIL] = post
    if settings.sms_url is not None:
        ways[Channel.SMS] = SmsGateway(settings.sms_url, settings.sms_token or "")
    return ways
