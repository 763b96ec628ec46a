"""What the engine says when its input or a plan is wrong."""

from __future__ import annotations


class ProblemError(ValueError):
    """The input cannot be matched as it stands; the message names the row and the field.

    Parameters
    ----------
    reason : str
        What is wrong and what was expected.
    side : str, optional
        ``"mentor"``, ``"child"``, ``"problem"`` or ``"policy"``.
    row : object, optional
        The caller's id of the row, or the line of a file.
    field : str, optional
        The name of the field.
    """

    def __init__(
        self,
        reason: str,
        *,
        side: str = "problem",
        row: object = None,
        field: str | None = None,
    ) -> None:
        self.reason = reason
        self.side = side
        self.row = row
        self.field = field
        where = side if row is None else f"{side} {row!r}"
        if field is not None:
            where = f"{where}, field {field}"
        super().__init__(f"{where}: {reason}")


class PolicyError(ProblemError):
    """A policy value is unknown, of the wrong type or impossible; names the line where known.

    Parameters
    ----------
    reason : str
        What is wrong and what was expected.
    line : int, optional
        Line of the policy file, counted from 1.
    field : str, optional
        Dotted name of the setting.
    """

    def __init__(self, reason: str, *, line: int | None = None, field: str | None = None) -> None:
        self.line = line
        where = None if line is None else f"line {line}"
        super().__init__(reason, side="policy", row=where, field=field)


class PlanError(ValueError):
    """A plan breaks a rule, a capacity or its own certificate."""
