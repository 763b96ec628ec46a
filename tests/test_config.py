from base64 import urlsafe_b64encode

import pytest
from cryptography.fernet import Fernet

from mentorship.config import Config, database_url
from mentorship.errors import ConfigError

KEY = urlsafe_b64encode(b"k" * 32).decode()
PRODUCTION = {
    "MENTORSHIP_ENV": "production",
    "SECRET_KEY": "x" * 40,
    "PII_KEYS": KEY,
    "DATABASE_URL": "postgresql://mentorship@db/mentorship",
    "ALLOWED_HOSTS": "mentorship.example.org",
    "BASE_URL": "https://mentorship.example.org",
}


def without(name):
    return {key: value for key, value in PRODUCTION.items() if key != name}


def test_the_demo_needs_nothing_and_keeps_its_own_keys(tmp_path):
    values = {"VAR_DIR": str(tmp_path / "var")}
    first, second = (Config.from_environment(values) for _ in range(2))
    assert first == second
    assert not first.is_production
    assert first.host == "127.0.0.1"
    assert first.port == 8000
    assert first.database_url == f"sqlite:///{tmp_path / 'var' / 'mentorship.db'}"
    assert (tmp_path / "var" / "secret.key").stat().st_mode & 0o077 == 0
    assert (tmp_path / "var" / "pii.key").stat().st_mode & 0o077 == 0


def test_two_demos_share_no_key(tmp_path):
    made = [Config.from_environment({"VAR_DIR": str(tmp_path / name)}) for name in ("one", "two")]
    assert made[0].secret_key != made[1].secret_key
    assert made[0].pii_keys != made[1].pii_keys


def test_production_starts_with_everything_it_needs():
    config = Config.from_environment(PRODUCTION)
    assert config.is_production
    assert config.secure_cookies
    assert config.database_url == "postgresql+psycopg://mentorship@db/mentorship"
    assert config.allowed_hosts == ("mentorship.example.org",)


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "PII_KEYS", "DATABASE_URL", "ALLOWED_HOSTS", "BASE_URL"]
)
def test_production_refuses_to_start_without(name):
    with pytest.raises(ConfigError, match=name):
        Config.from_environment(without(name))


def test_production_names_everything_that_is_missing_at_once():
    with pytest.raises(ConfigError, match=r"SECRET_KEY.*PII_KEYS.*DATABASE_URL"):
        Config.from_environment({"MENTORSHIP_ENV": "production"})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "short", "shorter than 32"),
        ("PII_KEYS", "not a key", "key 1 is not a Fernet key"),
        ("PII_KEYS", f"{KEY},short", "key 2 is not a Fernet key"),
        ("BASE_URL", "http://mentorship.example.org", "https"),
        ("SECURE_COOKIES", "0", "secure cookies"),
        ("PORT", "eighty", "PORT"),
        ("PORT", "0", "PORT"),
        ("PORT", "65536", "PORT"),
        ("PORT", "٨٠", "PORT"),
        ("MENTORSHIP_ENV", "prod", "'demo' or 'production'"),
    ],
)
def test_an_unsafe_setting_is_refused_in_words(name, value, words):
    with pytest.raises(ConfigError, match=words):
        Config.from_environment(PRODUCTION | {name: value})


def test_no_refusal_repeats_a_secret():
    with pytest.raises(ConfigError) as caught:
        Config.from_environment(PRODUCTION | {"PII_KEYS": f"{KEY},hunter2-hunter2"})
    assert KEY not in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_several_keys_are_read_newest_first():
    other = Fernet.generate_key().decode()
    config = Config.from_environment(PRODUCTION | {"PII_KEYS": f"{other}, {KEY},"})
    assert config.pii_keys == (other, KEY)


def test_settings_cannot_be_changed_afterwards(config):
    with pytest.raises(AttributeError):
        config.secret_key = "other"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
    ],
)
def test_our_own_driver_is_chosen(given, used):
    assert database_url(given) == used
