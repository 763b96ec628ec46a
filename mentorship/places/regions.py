"""The twenty regions and the towns whose coordinates we know: constants, not rows.

Sources of the tables are in `README.md` beside them.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from mentorship.i18n import search_key


@dataclass(frozen=True)
class Region:
    """One region: its two-digit KATO code, names, and where its administrative centre lies."""

    kato: str
    name_kk: str
    name_ru: str
    name_en: str
    centre_kk: str
    centre_ru: str
    centre_en: str
    lat: float
    lon: float

    def name(self, language: str) -> str:
        return str(getattr(self, f"name_{language}"))

    def centre(self, language: str) -> str:
        return str(getattr(self, f"centre_{language}"))


@dataclass(frozen=True)
class Town:
    """A town of a region, with coordinates in degrees."""

    kato: str
    name_kk: str
    name_ru: str
    name_en: str
    lat: float
    lon: float

    def name(self, language: str) -> str:
        return str(getattr(self, f"name_{language}"))


@dataclass(frozen=True)
class Spot:
    """Coordinates; `exact` is False where only the region is known and its centre stands in."""

    lat: float
    lon: float
    exact: bool


def _table(name: str) -> list[dict[str, str]]:
    text = files("mentorship.places").joinpath(name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _regions() -> dict[str, Region]:
    centres = {row["kato"]: row for row in _table("regional_centres.csv")}
    return {row["kato"]: _region(row, centres[row["kato"]]) for row in _table("regions.csv")}


def _region(row: dict[str, str], centre: dict[str, str]) -> Region:
    return Region(
        kato=row["kato"],
        name_kk=row["name_kk"],
        name_ru=row["name_ru"],
        name_en=row["name_en"],
        centre_kk=centre["centre_kk"],
        centre_ru=centre["centre_ru"],
        centre_en=centre["centre_en"],
        lat=float(centre["lat"]),
        lon=float(centre["lon"]),
    )


def _towns() -> tuple[Town, ...]:
    centres = (
        Town(r.kato, r.centre_kk, r.centre_ru, r.centre_en, r.lat, r.lon) for r in REGIONS.values()
    )
    others = (
        Town(
            row["kato"],
            row["name_kk"],
            row["name_ru"],
            row["name_en"],
            float(row["lat"]),
            float(row["lon"]),
        )
        for row in _table("towns.csv")
    )
    return (*centres, *others)


REGIONS = _regions()
TOWNS = _towns()


@cache
def _region_names() -> dict[str, str]:
    found = {}
    for row in _table("regions.csv"):
        for text in (row["kato"], row["iso"], row["name_kk"], row["name_ru"], row["name_en"]):
            found[_plain(text)] = row["kato"]
    return found


def _plain(text: str) -> str:
    """A name without the words that say what it is, folded: "Abai Region" and "абай" alike."""
    kinds = {"облысы", "область", "region", "каласы", "город", "city", "г.", "oblast"}
    words = [word for word in search_key(text).split() if word not in kinds]
    return " ".join(words)


def find_region(text: str) -> str | None:
    """The KATO code of a region named by code, ISO code or name in any of the languages."""
    return _region_names().get(_plain(text))


@cache
def _towns_by_name() -> dict[tuple[str, str], Town]:
    return {
        (town.kato, search_key(name)): town
        for town in TOWNS
        for name in (town.name_kk, town.name_ru, town.name_en)
    }


def find_town(kato: str, name: str | None) -> Town | None:
    """The town of a region with this name in any of the languages, or None."""
    return _towns_by_name().get((kato, search_key(name or "")))


def locate(kato: str, town: str | None) -> Spot:
    """Where a town of a region lies; the regional centre where the town is not known."""
    found = find_town(kato, town)
    if found:
        return Spot(found.lat, found.lon, True)
    region = REGIONS[kato]
    return Spot(region.lat, region.lon, False)
