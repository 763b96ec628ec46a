"""Policy as data: weights and limits, each with its source and its owner."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from matching.errors import PolicyError
from matching.policy_check import SETTINGS, PolicyCheck
from matching.policy_lines import lines_of


class Policy:
    """Weights and limits of a round, checked when made and never changed after.

    Use :meth:`default`, :meth:`load` or :meth:`from_dict`. ``policy["points.distance.most"]``
    gives a value.

    Raises
    ------
    PolicyError
        A key that is unknown or missing, a value of the wrong type or impossible, a missing source
        or owner; the line of the file where known.
    """

    def __init__(self, data: Mapping[str, Any], lines: Mapping[str, int] | None = None) -> None:
        self._data = copy.deepcopy(dict(data))
        check = PolicyCheck(lines or {})
        self._values = check.settings(self._data)
        self.priorities = tuple(check.priorities(self._data.get("priority", [])))
        self.floors = tuple(check.floors(self._data.get("floor", [])))
        check.sense(self._values)
        self.version: str = self._data["version"]

    @staticmethod
    @cache
    def default() -> Policy:
        """The policy of ``default_policy.toml``, documented there value by value."""
        return Policy.load(Path(__file__).with_name("default_policy.toml"))

    @classmethod
    def load(cls, path: str | Path) -> Policy:
        """Read a TOML policy.

        Parameters
        ----------
        path : str or Path

        Raises
        ------
        PolicyError
            Names the line.
        """
        text = Path(path).read_text(encoding="utf-8")
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as wrong:
            raise PolicyError(f"not TOML: {wrong}") from None
        return cls(data, lines_of(text))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Policy:
        """The policy that :meth:`as_dict` described."""
        return cls(data)

    def as_dict(self) -> dict[str, Any]:
        """The whole policy with sources and owners, ready for JSON."""
        return copy.deepcopy(self._data)

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def with_values(self, changes: Mapping[str, Any], version: str | None = None) -> Policy:
        """A policy with some values changed, to compare with.

        Parameters
        ----------
        changes : mapping of dotted setting to value
        version : str, optional
            Name of the new policy; the old one with ``+`` by default.
        """
        data = self.as_dict()
        for key, value in changes.items():
            _leaf(data, key)["value"] = value
        data["version"] = version or f"{self.version}+"
        return Policy(data)

    def number(self, key: str) -> int:
        """A setting that is a whole number."""
        value = self._values[key]
        if not isinstance(value, int):
            raise PolicyError("is not a number", field=key)
        return value

    @property
    def digest(self) -> str:
        """SHA-256 of the policy's content, hexadecimal."""
        return sha256(json.dumps(self._data, sort_keys=True).encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Policy) and self._data == other._data

    def __hash__(self) -> int:
        return hash(self.digest)


def _leaf(data: dict[str, Any], key: str) -> dict[str, Any]:
    if key not in SETTINGS:
        raise PolicyError("unknown setting", field=key)
    at = data
    for part in key.split("."):
        at = at.setdefault(part, {})
    if not at:  # a setting that came after this policy was written
        at.update(_leaf(Policy.default().as_dict(), key))
    return at
