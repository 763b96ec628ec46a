"""Settings from the environment, read once, frozen, refused when incomplete or unsafe."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

from mentorship.errors import ConfigError

DEMO_PASSWORD = "altyn-dala-2026"


@dataclass(frozen=True)
class Config:
    """The settings of one running service; `from_environment` is the way to make one."""

    env: str
    var: Path
    database_url: str
    secret_key: str
    pii_keys: tuple[str, ...]
    mail_url: str | None
    mail_from: str
    allowed_hosts: tuple[str, ...]
    base_url: str
    secure_cookies: bool
    host: str
    port: int
    sms_url: str | None = None
    sms_token: str | None = None
    trusted_proxies: int = 0  # how many proxies in front may say whom they speak for

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """Read the settings; raises ConfigError naming every missing or unsafe one."""
        values = os.environ if environ is None else environ
        env = values.get("MENTORSHIP_ENV", "demo")
        if env not in ("demo", "production"):
            raise ConfigError(f"MENTORSHIP_ENV is {env!r}: use 'demo' or 'production'")
        port = _port(values.get("PORT", "8000"))
        if env == "production":
            return _production(values, port)
        return _demo(values, port)


def _demo(values: Mapping[str, str], port: int) -> Config:
    var = Path(values.get("VAR_DIR", "var")).resolve()
    var.mkdir(parents=True, exist_ok=True)
    pii_keys = _split(values.get("PII_KEYS")) or (
        _kept(var / "pii.key", Fernet.generate_key().decode()),
    )
    _check_pii_keys(pii_keys)
    return Config(
        env="demo",
        var=var,
        database_url=database_url(
            values.get("DATABASE_URL") or f"sqlite:///{var / 'mentorship.db'}"
        ),
        secret_key=values.get("SECRET_KEY") or _kept(var / "secret.key", secrets.token_urlsafe(48)),
        pii_keys=pii_keys,
        mail_url=values.get("MAIL_URL") or None,
        mail_from=values.get("MAIL_FROM", "mentorship@example.org"),
        sms_url=_sms(values)[0],
        sms_token=_sms(values)[1],
        allowed_hosts=_split(values.get("ALLOWED_HOSTS")) or ("127.0.0.1", "localhost"),
        base_url=values.get("BASE_URL") or f"http://127.0.0.1:{port}",
        secure_cookies=False,
        host="127.0.0.1",
        port=port,
    )


def _production(values: Mapping[str, str], port: int) -> Config:
    needed = ("SECRET_KEY", "PII_KEYS", "DATABASE_URL", "ALLOWED_HOSTS", "BASE_URL")
    missing = [name for name in needed if not values.get(name)]
    if missing:
        raise ConfigError(f"production needs these settings: {', '.join(missing)}")
    if len(values["SECRET_KEY"]) < 32:
        raise ConfigError("SECRET_KEY is shorter than 32 characters: make a longer one")
    if values.get("SECURE_COOKIES", "1") != "1" or not values["BASE_URL"].startswith("https://"):
        raise ConfigError("production needs secure cookies: SECURE_COOKIES=1 and an https BASE_URL")
    pii_keys = _split(values["PII_KEYS"])
    _check_pii_keys(pii_keys)
    return Config(
        env="production",
        var=Path(values.get("VAR_DIR", "var")).resolve(),
        database_url=database_url(values["DATABASE_URL"]),
        secret_key=values["SECRET_KEY"],
        pii_keys=pii_keys,
        mail_url=values.get("MAIL_URL") or None,
        mail_from=values.get("MAIL_FROM", "mentorship@" + _split(values["ALLOWED_HOSTS"])[0]),
        sms_url=_sms(values)[0],
        sms_token=_sms(values)[1],
        allowed_hosts=_split(values["ALLOWED_HOSTS"]),
        base_url=values["BASE_URL"].rstrip("/"),
        secure_cookies=True,
        host=values.get("HOST", "127.0.0.1"),
        port=port,
        trusted_proxies=_count("TRUSTED_PROXIES", values.get("TRUSTED_PROXIES", "0")),
    )


def database_url(url: str) -> str:
    """The address with our PostgreSQL driver (psycopg 3) named in it."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise ConfigError(f"PORT is {text!r}: use a number from 1 to 65535")
    return int(text)


def _count(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 10:
        raise ConfigError(f"{name} is {text!r}: use a number from 0 to 10")
    return int(text)


def _sms(values: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The gateway for short messages, or nothing: the token must not travel in the open."""
    url, token = values.get("SMS_URL") or None, values.get("SMS_TOKEN") or None
    if url is None:
        return None, None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - a wrong one raises
    except ValueError as error:
        raise ConfigError("SMS_URL cannot be read: use https://host/path") from error
    here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    if not parts.hostname or not (parts.scheme == "https" or here) or parts.username:
        raise ConfigError("SMS_URL is not the address of a gateway: use https://host/path")
    if token is None or not token.isascii() or not token.isprintable():
        raise ConfigError("SMS_URL needs SMS_TOKEN, the gateway's token in plain letters")
    return url, token


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _check_pii_keys(keys: tuple[str, ...]) -> None:
    for position, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError as error:
            raise ConfigError(
                f"PII_KEYS: key {position} is not a Fernet key (32 bytes, url-safe base64)"
            ) from error


def _kept(path: Path, fresh: str) -> str:
    """A throw-away key of the demo, made once and kept beside its database."""
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(fresh)
        return fresh
    except FileExistsError:
        return path.read_text().strip()
