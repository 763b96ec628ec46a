"""What can go wrong, as codes with parameters; the words are in the templates and catalogues."""

from typing import Any


class DomainError(Exception):
    """An act that the rules do not allow; `code` names the rule, `params` the facts."""

    status = 409

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class NotEligible(DomainError):
    """A hard rule refuses this mentor, this child or this pair."""


class AlreadyDone(DomainError):
    """Somebody has already done it: a second click, or a colleague."""


class Stale(DomainError):
    """The page was made from an older version of the record."""


class Invalid(DomainError):
    """The input breaks a rule that only the service can see."""

    status = 422


class Impossible(DomainError):
    """No way leads from the present state to the one that was asked for."""


class ConfigError(Exception):
    """The settings are incomplete or unsafe; the message says which and what to do."""
