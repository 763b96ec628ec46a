"""How messages leave: plain SMTP from the standard library, set by MAIL_URL.

`smtplib` and not a Flask extension: letters leave from the jobs process, with a time-out and
a Message-ID of our own, and a refused header (a line break in a subject) raises either way.
"""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from mentorship.errors import ConfigError

TIME_OUT_S = 15
HELP = "use smtp://user:password@host:587?starttls=1 or smtps://user:password@host"


class Refused(Exception):
    """The letter did not leave; `for_good` when trying again is useless."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(reason)
        self.reason = reason  # a class and a code, never an address
        self.for_good = for_good


class Transport(Protocol):
    """Whatever can deliver a letter; raises Refused when it cannot."""

    def send(self, *, to: str, subject: str, body: str, message_id: str, language: str) -> None: ...


@dataclass(frozen=True)
class Smtp:
    """A mail server: one connection for each letter."""

    sender: str
    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool
    starttls: bool

    def send(self, *, to: str, subject: str, body: str, message_id: str, language: str) -> None:
        """Deliver one letter; raises Refused."""
        letter = self._letter(to, subject, body, message_id, language)
        try:
            with self._connection() as server:
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            for_good = all(500 <= code < 600 for code in codes)
            raise Refused(f"{type(error).__name__} {codes[0]}", for_good=for_good) from error
        except smtplib.SMTPResponseException as error:
            wrong_letter = isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
            reason = f"{type(error).__name__} {error.smtp_code}"
            raise Refused(reason, for_good=wrong_letter) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Refused(type(error).__name__, for_good=False) from error

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
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self.tls:
            server = smtplib.SMTP_SSL(self.host, self.port, timeout=TIME_OUT_S, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIME_OUT_S)
        if self.starttls:
            server.starttls(context=context)
        if self.user is not None:
            server.login(self.user, self.password or "")
        return server


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
