"""The two sides of a match as the caller hands them over: mentors and children."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from matching.places import LANGUAGES
from matching.row_check import SEXES, RowCheck

PersonId = int | str
CLEARANCE_RESULTS = ("clear", "pending", "adverse")  # in order of severity
SIBLING_RULES = ("same_mentor", "together", "prefer")


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
        row = RowCheck("clearance", self.kind)
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
    child_sex_wish : str or None
        The sex of the child whom the mentor is ready for, None where either will do.
    child_age_wish : (int, int) or None
        Youngest and oldest child whom the mentor is ready for, completed years on the start date.

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
    child_sex_wish: str | None = None
    child_age_wish: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        row = RowCheck("mentor", self.id)
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
        row.sex_wish("child_sex_wish", self.child_sex_wish)
        row.age_wish("child_age_wish", self.child_age_wish)


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
    data_consent : bool
        The legal representative has consented to the processing of the child's data.
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
    kin_mentors : frozenset of int or str
        Mentors who are the child's relatives. As with `good_mentors`, an id that no mentor of the
        problem has is ignored.
    sibling_group : str or None
        Children with the same text are decided together.
    sibling_rule : str
        ``"same_mentor"``: one mentor for all of the group or none; ``"together"``: all of the
        group matched or none, mentors may differ; ``"prefer"``: nobody is refused, and each child
        of the group beyond the first with one mentor gives the plan
        ``coupling.siblings_same_mentor_points``.

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
    data_consent: bool = True
    mentor_sex_wish: str | None = None
    mentor_age_wish: tuple[int, int] | None = None
    needs: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()
    leaves_care_on: date | None = None
    mentor_lost: bool = False
    disability: bool = False
    good_mentors: frozenset[PersonId] = field(default_factory=frozenset)
    kin_mentors: frozenset[PersonId] = field(default_factory=frozenset)
    sibling_group: str | None = None
    sibling_rule: str = "same_mentor"

    def __post_init__(self) -> None:
        row = RowCheck("child", self.id)
        row.identity()
        row.day("birth_date", self.birth_date)
        row.one_of("sex", self.sex, SEXES)
        row.place(self.region, self.lat, self.lon)
        if isinstance(self.centre, bool) or not isinstance(self.centre, int | str):
            raise row.fail("centre", f"must be an integer or a text, not {self.centre!r}")
        for name in ("in_organisation", "guardian_consent", "own_consent", "data_consent"):
            row.flag(name, getattr(self, name))
        row.tongues(self.languages)
        if self.first_language is not None and self.first_language not in LANGUAGES:
            raise row.fail("first_language", f"unknown language {self.first_language!r}")
        row.words("interests", self.interests)
        row.day("waiting_since", self.waiting_since)
        row.sex_wish("mentor_sex_wish", self.mentor_sex_wish)
        row.age_wish("mentor_age_wish", self.mentor_age_wish)
        row.words("needs", self.needs)
        row.week(self.weekdays)
        row.day("leaves_care_on", self.leaves_care_on, optional=True)
        row.flag("mentor_lost", self.mentor_lost)
        row.flag("disability", self.disability)
        row.one_of("sibling_rule", self.sibling_rule, SIBLING_RULES)
        if self.sibling_group is not None and not self.sibling_group:
            raise row.fail("sibling_group", "must be a non-empty text or nothing")
