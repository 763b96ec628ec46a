"""The policies a round may be run with: the default, and how others differ from it."""

import matching

_CHANGES: dict[str, dict[str, object]] = {
    "children_first": {},
    "best_pairs": {"objective.coverage": "quality"},
    "longest_waiting": {"points.waiting.per_month": 60},
}
CODES = tuple(_CHANGES)


def policy_named(code: str) -> matching.Policy:
    """The default policy with the changes of this name; its version tells them apart."""
    default = matching.Policy.default()
    changes = _CHANGES[code]
    return default.with_values(changes, f"{default.version}+{code}") if changes else default
