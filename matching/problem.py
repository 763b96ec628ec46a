"""A problem: who may be paired on a day, checked when it is made and kept as columns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from matching.columns import ChildColumns, Links, MentorColumns, Vocabulary
from matching.encode import child_columns, day_number, mentor_columns, vocabulary_of, yyyymmdd
from matching.errors import ProblemError
from matching.ids import id_array, refuse_first, repeated
from matching.links import links_of, lock_links
from matching.people import Child, Mentor, PersonId

PairId = tuple[PersonId, PersonId]


@dataclass(frozen=True)
class Locks:
    """What people have decided before the engine is asked.

    Parameters
    ----------
    fixed : frozenset of (mentor id, child id)
        Pairs that must be in the plan; each must pass every hard rule.
    forbidden : frozenset of (mentor id, child id)
        Pairs that must not be in the plan.
    held_mentors, held_children : frozenset of id
        People left out of this round.
    """

    fixed: frozenset[PairId] = frozenset()
    forbidden: frozenset[PairId] = frozenset()
    held_mentors: frozenset[PersonId] = frozenset()
    held_children: frozenset[PersonId] = frozenset()


class Problem:
    """Mentors and children who may be paired from one day on.

    Parameters
    ----------
    mentors : sequence of Mentor
    children : sequence of Child
    start_on : date
        The day on which every rule is applied and every age and term is counted.
    refused_pairs : mapping of (mentor id, child id) to str, optional
        ``"conflict"`` (of interest), ``"forbidden"`` or ``"declined_before"``.
    locks : Locks, optional

    Raises
    ------
    ProblemError
        Names the row and the field: duplicate ids, a birth date after `start_on`, a pair of
        unknown people, siblings under different rules.

    Notes
    -----
    A problem is not changed after it is made. Encoding costs about 15 microseconds a person.
    """

    def __init__(
        self,
        mentors: Sequence[Mentor],
        children: Sequence[Child],
        start_on: date,
        refused_pairs: Mapping[PairId, str] | None = None,
        locks: Locks | None = None,
    ) -> None:
        self.mentors = tuple(mentors)
        self.children = tuple(children)
        self.start_on = start_on
        self.refused_pairs: Mapping[PairId, str] = dict(refused_pairs or {})
        self.locks = locks or Locks()
        self._check_kinds()
        self.vocabulary = vocabulary_of(self.mentors, self.children)
        self.mentor_columns = mentor_columns(self.mentors, self.vocabulary)
        self.child_columns = child_columns(self.children, self.vocabulary)
        self.mentor_ids: NDArray[Any] = id_array([m.id for m in self.mentors])
        self.child_ids: NDArray[Any] = id_array([c.id for c in self.children])
        self._check_rows()
        self._own_links = links_of(self)
        self.links = self._own_links.joined(lock_links(self))

    @classmethod
    def from_columns(
        cls,
        mentor_ids: NDArray[Any],
        mentors: MentorColumns,
        child_ids: NDArray[Any],
        children: ChildColumns,
        vocabulary: Vocabulary,
        start_on: date,
        links: Links | None = None,
    ) -> Problem:
        """Make a problem from columns, for registers too large for one object a person.

        Parameters
        ----------
        mentor_ids, child_ids : (m,) and (n,) arrays
            The caller's ids, unique on each side.
        mentors, children : columns of the same lengths
        vocabulary : Vocabulary
        start_on : date
        links : Links, optional

        Raises
        ------
        ProblemError
            As for the constructor.
        """
        made = cls.__new__(cls)
        made.mentors, made.children = (), ()
        made.start_on, made.refused_pairs, made.locks = start_on, {}, Locks()
        made.vocabulary = vocabulary
        made.mentor_columns, made.child_columns = mentors, children
        made.mentor_ids, made.child_ids = mentor_ids, child_ids
        made._own_links = made.links = links or Links.none()
        made._check_rows()
        return made

    @cached_property
    def mentor_row(self) -> Mapping[Any, int]:
        """Row number by mentor id."""
        return {key: row for row, key in enumerate(self.mentor_ids.tolist())}

    @cached_property
    def child_row(self) -> Mapping[Any, int]:
        """Row number by child id."""
        return {key: row for row, key in enumerate(self.child_ids.tolist())}

    @cached_property
    def interest_weight(self) -> NDArray[np.int64]:
        """Rarity of each interest: ``floor(100 sqrt(people / people who have it))``, at least 100.

        Integer arithmetic throughout, so that every machine finds the same number.
        """
        packed = (self.mentor_columns.interests, self.child_columns.interests)
        count = len(self.vocabulary.interests)
        have = np.zeros(count, np.int64)
        for bits in packed:
            for start in range(0, len(bits), 100_000):
                rows = np.unpackbits(bits[start : start + 100_000], axis=1, count=count)
                have += rows.sum(axis=0, dtype=np.int64)
        people = len(self.mentor_ids) + len(self.child_ids)
        return np.array([math.isqrt(10_000 * people // max(1, n)) for n in have.tolist()], np.int64)

    def mentor_id(self, row: int) -> PersonId:
        """The caller's id of a mentor."""
        return cast(PersonId, self.mentor_ids[row : row + 1].tolist()[0])

    def child_id(self, row: int) -> PersonId:
        """The caller's id of a child."""
        return cast(PersonId, self.child_ids[row : row + 1].tolist()[0])

    def rows_of(self, pair: PairId, name: str) -> tuple[int, int]:
        """Row numbers of a pair of ids.

        Raises
        ------
        ProblemError
            The mentor or the child is not in the problem.
        """
        mentor, child = pair
        if mentor not in self.mentor_row:
            raise ProblemError("no such mentor", side="mentor", row=mentor, field=name)
        if child not in self.child_row:
            raise ProblemError("no such child", side="child", row=child, field=name)
        return self.mentor_row[mentor], self.child_row[child]

    def with_locks(self, locks: Locks) -> Problem:
        """The same problem under other locks; columns are shared, not copied.

        Raises
        ------
        ProblemError
            A lock names somebody unknown.
        """
        return self._changed(locks=locks)

    def with_mentors(self, mentors: Sequence[Mentor]) -> Problem:
        """The same problem with more mentors after the others, to see what they would change.

        Interests and languages that nobody in the problem has are left out.

        Raises
        ------
        ProblemError
            An id is used twice.
        """
        more = mentor_columns(_within(mentors, self.vocabulary), self.vocabulary)
        joined = self.mentor_columns.joined(more)
        ids = id_array([*self.mentor_ids.tolist(), *(m.id for m in mentors)])
        weight = self.interest_weight
        made = self._changed(mentor_columns=joined, mentor_ids=ids)
        made._check_rows()
        # Whoever is added must not change what the interests of the others are worth.
        made.__dict__["interest_weight"] = weight
        return made

    def _changed(self, **changes: Any) -> Problem:
        made = Problem.__new__(Problem)
        made.__dict__.update(
            {k: v for k, v in self.__dict__.items() if k not in ("mentor_row", "child_row")}
        )
        made.__dict__.update(changes)
        made.links = self._own_links.joined(lock_links(made))
        return made

    def _check_kinds(self) -> None:
        if not isinstance(self.start_on, date) or isinstance(self.start_on, datetime):
            raise ProblemError(f"must be a date, not {self.start_on!r}", field="start_on")
        for kind, people, side in (
            (Mentor, self.mentors, "mentor"),
            (Child, self.children, "child"),
        ):
            for row, person in enumerate(people):
                if not isinstance(person, kind):
                    raise ProblemError(f"must be a {kind.__name__}", side=side, row=f"at {row}")

    def _check_rows(self) -> None:
        today = yyyymmdd(self.start_on)
        for side, ids, columns in (
            ("mentor", self.mentor_ids, self.mentor_columns),
            ("child", self.child_ids, self.child_columns),
        ):
            if len(ids) != len(columns):
                raise ProblemError(f"{len(ids)} ids for {len(columns)} rows", side=side, field="id")
            refuse_first(side, ids, "id", repeated(ids), "is used twice")
            refuse_first(side, ids, "birth_date", columns.birth > today, "lies in the future")
        mentors = self.mentor_columns
        for name, low, values in (
            ("capacity", 0, mentors.capacity),
            ("reach_km", 0, mentors.reach),
        ):
            refuse_first("mentor", self.mentor_ids, name, values < low, "must not be negative")
        self._check_siblings()

    def _check_siblings(self) -> None:
        group, rule = self.child_columns.group, self.child_columns.group_rule
        order = np.argsort(group, kind="stable")
        same = (group[order][1:] == group[order][:-1]) & (group[order][1:] >= 0)
        split = np.zeros(len(group), np.bool_)
        split[order[1:]] = same & (rule[order][1:] != rule[order][:-1])
        refuse_first(
            "child", self.child_ids, "sibling_rule", split, "differs inside one sibling group"
        )

    @property
    def start_day(self) -> int:
        """The start date as a day number."""
        return day_number(self.start_on)


def _within(mentors: Sequence[Mentor], words: Vocabulary) -> list[Mentor]:
    """Mentors without the codes that nobody in the problem knows."""
    known = set(words.languages)
    return [
        replace(
            mentor,
            languages={code: level for code, level in mentor.languages.items() if code in known},
            interests=mentor.interests & set(words.interests),
            skills=mentor.skills & set(words.skills),
            clearances=tuple(c for c in mentor.clearances if c.kind in words.clearances),
        )
        for mentor in mentors
    ]
