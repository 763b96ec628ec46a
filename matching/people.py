"""The two sides of a match as the caller hands them over: mentors and children."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from matching.errors import ProblemError
from matching.places import LANGUAGES, REGIONS

PersonId = int | str
SEXES = {"f": 0, "female": 0, "m": 1, "male": 1}
LEVELS = ("fluent", "basic")
CLEARANCE_RESULTS = ("clear", "pending", "adverse")  # in order of severity
SIBLING_RULES = ("same_mentor", "together")


class _Row:
    """Checks one row's fields and names the row in every complaint."""

    def __init__(self, side: str, row: object) -> None:
        self.side = side
        self.row = row

    def fail(self, name: str, reason: str) -> ProblemError:
        return ProblemError(reason, side=self.side, row=self.row, field=name)

    def identity(self) -> None:
        if isinstance(self.row, bool) or not isinstance(self.row, int | str) or self.row == "":
            raise self.fail("id", f"must be an integer or a non-empty text, not {self.row!r}")
        if isinstance(self.row, int) and not -(2**63) <= self.row < 2**63:
            raise self.fail("id", "must fit in 64 bits")

    def day(self, name: str, value: object, *, optional: bool = False) -> None:
        if value is None and optional:
            return
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.fail(name, f"must be a date, not {value!r}")

    def flag(self, name: str, value: object) -> None:
        if not isinstance(value, bool):
            raise self.fail(name, f"must be true or false, not {value!r}")

    def whole(self, name: str, value: object, low: int, high: int) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fail(name, f"must be a whole number, not {value!r}")
        if not low <= value <= high:
            raise self.fail(name, f"must be between {low} and {high}, not {value}")

    def one_of(self, name: str, value: object, known: Collection[str]) -> None:
        if value not in known:
            raise self.fail(name, f"unknown value {value!r}")

    def place(self, region: str, lat: float, lon: float) -> None:
        self.one_of("region", region, REGIONS)
        for name, value, limit in (("lat", lat, 90), ("lon", lon, 180)):
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise self.fail(name, f"must be a number of degrees, not {value!r}")
            if not math.isfinite(value) or abs(value) > limit:
                raise self.fail(name, f"must be between -{limit} and {limit}, not {value}")

    def tongues(self, languages: Mapping[str, str]) -> None:
        for code, level in languages.items():
            if code not in LANGUAGES:
                raise self.fail("languages", f"unknown language {code!r}")
            if level not in LEVELS:
                raise self.fail("languages", f"level of {code} must be fluent or basic: {level!r}")

    def words(self, name: str, values: object) -> None:
        if not isinstance(values, frozenset) or not all(isinstance(v, str) and v for v in values):
            raise self.fail(name, f"must be a frozenset of non-empty texts, not {values!r}")

    def week(self, values: frozenset[int]) -> None:
        if not isinstance(values, frozenset) or not values <= set(range(7)):
            raise self.fail("weekdays", f"must hold days 0 (Monday) to 6 (Sunday), not {values!r}")


@dataclass(frozen=True, slots=True)
class Clearance:
    """One background check of a mentor: its kind and result, never a diagnosis.

    Parameters
    ----------
    kind : str
        Such as ``"criminal_record"``.
    result : str
        ``"clear"``, ``"adverse"`` or ``"pending"``. The latest check of a kind counts; of two
        issued on one day the worse result counts.
    issued_on : date
    valid_until : date or None
        Last day on which the check is good; None where the paper names no end.
    """

    kind: str
    result: str
    issued_on: date
    valid_until: date | None

    def __post_init__(self) -> None:
        row = _Row("clearance", self.kind)
        if not isinstance(self.kind, str) or not self.kind:
            raise row.fail("kind", "must be a non-empty text")
        row.one_of("result", self.result, CLEARANCE_RESULTS)
        row.day("issued_on", self.issued_on)
        row.day("valid_until", self.valid_until, optional=True)


@dataclass(frozen=True, slots=True)
class Mentor:
    """One mentor on the day of the round.

    Parameters
    ----------
    id : int or str
        The caller's own id, unique among mentors.
    birth_date : date
    sex : str
        ``"female"`` or ``"male"`` (``"f"``, ``"m"``).
    active : bool
    capacity : int
        Places left now, 0 to 10,000.
    region : str
        KATO two-digit code of the home.
    lat, lon : float
        Home, in degrees.
    reach_km : int
        How far the mentor travels, in kilometres.
    languages : mapping of str to str
        Language code to ``"fluent"`` or ``"basic"``.
    interests : frozenset of str
    certificate_expires_on : date or None
    clearances : tuple of Clearance
    skills : frozenset of str
        Training for particular needs, such as ``"trauma"`` or ``"sign_language"``.
    weekdays : frozenset of int
        Free days, 0 (Monday) to 6; empty when not known.
    good_matches : int
        Earlier matches that lasted as long as promised.

    Raises
    ------
    ProblemError
        Names the mentor and the field.
    """

    id: PersonId
    birth_date: date
    sex: str
    active: bool
    capacity: int
    region: str
    lat: float
    lon: float
    reach_km: int
    languages: Mapping[str, str]
    interests: frozenset[str]
    certificate_expires_on: date | None
    clearances: tuple[Clearance, ...] = ()
    skills: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()
    good_matches: int = 0

    def __post_init__(self) -> None:
        row = _Row("mentor", self.id)
        row.identity()
        row.day("birth_date", self.birth_date)
        row.one_of("sex", self.sex, SEXES)
        row.flag("active", self.active)
        row.whole("capacity", self.capacity, 0, 10_000)
        row.place(self.region, self.lat, self.lon)
        row.whole("reach_km", self.reach_km, 0, 30_000)
        row.tongues(self.languages)
        row.words("interests", self.interests)
        row.day("certificate_expires_on", self.certificate_expires_on, optional=True)
        if not all(isinstance(check, Clearance) for check in self.clearances):
            raise row.fail("clearances", "must be a tuple of Clearance")
        row.words("skills", self.skills)
        row.week(self.weekdays)
        row.whole("good_matches", self.good_matches, 0, 10_000)


@dataclass(frozen=True, slots=True)
class Child:
    """One child who may be given a mentor.

    Parameters
    ----------
    id : int or str
        The caller's own id, unique among children.
    birth_date : date
    sex : str
        ``"female"`` or ``"male"`` (``"f"``, ``"m"``).
    region : str
        KATO two-digit code of the centre.
    centre : int or str
        The caller's id of the centre.
    lat, lon : float
        The centre, in degrees.
    in_organisation : bool
        Lives in an organisation for orphans.
    languages : mapping of str to str
        Language code to ``"fluent"`` or ``"basic"``.
    first_language : str or None
    interests : frozenset of str
    waiting_since : date
    guardian_consent, own_consent : bool
    mentor_sex_wish : str or None
        The child's own wish for the mentor's sex.
    mentor_age_wish : (int, int) or None
        Youngest and oldest mentor the child wishes for, completed years.
    needs : frozenset of str
        What the mentor should be trained for, by the names used in ``Mentor.skills``.
    weekdays : frozenset of int
        Days on which meetings suit, 0 (Monday) to 6; empty when not known.
    leaves_care_on : date or None
    mentor_lost : bool
        An earlier match ended early.
    disability : bool
        Used for the fairness report and for floors, never for points.
    good_mentors : frozenset of int or str
        Mentors of this child's earlier good matches.
    sibling_group : str or None
        Children with the same text are decided together.
    sibling_rule : str
        ``"same_mentor"``: one mentor for all of the group or none; ``"together"``: all of the
        group matched or none, mentors may differ.

    Raises
    ------
    ProblemError
        Names the child and the field.
    """

    id: PersonId
    birth_date: date
    sex: str
    region: str
    centre: int | str
    lat: float
    lon: float
    in_organisation: bool
    languages: Mapping[str, str]
    first_language: str | None
    interests: frozenset[str]
    waiting_since: date
    guardian_consent: bool
    own_consent: bool
    mentor_sex_wish: str | None = None
    mentor_age_wish: tuple[int, int] | None = None
    needs: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()
    leaves_care_on: date | None = None
    mentor_lost: bool = False
    disability: bool = False
    good_mentors: frozenset[PersonId] = field(default_factory=frozenset)
    sibling_group: str | None = None
    sibling_rule: str = "same_mentor"

    def __post_init__(self) -> None:
        row = _Row("child", self.id)
        row.identity()
        row.day("birth_date", self.birth_date)
        row.one_of("sex", self.sex, SEXES)
        row.place(self.region, self.lat, self.lon)
        if isinstance(self.centre, bool) or not isinstance(self.centre, int | str):
            raise row.fail("centre", f"must be an integer or a text, not {self.centre!r}")
        for name in ("in_organisation", "guardian_consent", "own_consent"):
            row.flag(name, getattr(self, name))
        row.tongues(self.languages)
        if self.first_language is not None and self.first_language not in LANGUAGES:
            raise row.fail("first_language", f"unknown language {self.first_language!r}")
        row.words("interests", self.interests)
        row.day("waiting_since", self.waiting_since)
        self._check_wishes(row)
        row.words("needs", self.needs)
        row.week(self.weekdays)
        row.day("leaves_care_on", self.leaves_care_on, optional=True)
        row.flag("mentor_lost", self.mentor_lost)
        row.flag("disability", self.disability)
        row.one_of("sibling_rule", self.sibling_rule, SIBLING_RULES)
        if self.sibling_group is not None and not self.sibling_group:
            raise row.fail("sibling_group", "must be a non-empty text or nothing")

    def _check_wishes(self, row: _Row) -> None:
        if self.mentor_sex_wish is not None:
            row.one_of("mentor_sex_wish", self.mentor_sex_wish, SEXES)
        if self.mentor_age_wish is not None:
            low, high = self.mentor_age_wish
            row.whole("mentor_age_wish", low, 0, 150)
            row.whole("mentor_age_wish", high, low, 150)
