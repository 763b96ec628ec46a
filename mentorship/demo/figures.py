"""How many of what and where: the published figures, and our guesses where none is published.

20,798 children without parental care, 82 % in families: 3,744 are not. More than 360 mentors
in all regions; 116 organisations (education 78, health 18, social 20), most of them in the
Kostanay, Karaganda and Pavlodar regions. The ages follow an earlier count of 22,081 children.
"""

from collections.abc import Mapping

from mentorship.places.models import CentreKind

CHILDREN = 3_744
LEAVERS = 220
MENTORS = 360
YEARS = 3
CENTRES = {
    "39": 14, "35": 13, "55": 11, "11": 8, "59": 7, "63": 7, "19": 6, "61": 6, "15": 5, "31": 5,
    "75": 5, "10": 4, "27": 4, "33": 4, "71": 4, "23": 3, "43": 3, "79": 3, "47": 2, "62": 2,
}  # fmt: skip
KINDS = {
    CentreKind.FAMILY_SUPPORT: 46,
    CentreKind.BOARDING: 18,
    CentreKind.CHILDRENS_VILLAGE: 14,
    CentreKind.CHILDRENS_HOME: 18,
    CentreKind.MEDICAL_SOCIAL: 20,
}
# Children of each age span among 22,081.
AGES = {(0, 1): 96, (2, 4): 445, (5, 11): 5_562, (12, 17): 15_978}
# Shares of first languages; what is left of one is Russian.
FIRST_LANGUAGES = {
    "10": {"kk": 0.62},
    "11": {"kk": 0.48},
    "15": {"kk": 0.80},
    "19": {"kk": 0.66, "ug": 0.09},
    "23": {"kk": 0.93},
    "27": {"kk": 0.75},
    "31": {"kk": 0.74, "uz": 0.03},
    "33": {"kk": 0.72, "ug": 0.06},
    "35": {"kk": 0.50},
    "39": {"kk": 0.38},
    "43": {"kk": 0.96},
    "47": {"kk": 0.92},
    "55": {"kk": 0.46},
    "59": {"kk": 0.33},
    "61": {"kk": 0.74, "uz": 0.17, "tg": 0.02},
    "62": {"kk": 0.78},
    "63": {"kk": 0.48},
    "71": {"kk": 0.65},
    "75": {"kk": 0.52, "ug": 0.05},
    "79": {"kk": 0.66, "uz": 0.16},
}


def share(total: int, weights: Mapping[str, float], least: int = 0) -> dict[str, int]:
    """`total` split by weight into whole numbers, each at least `least` (largest remainders)."""
    spread = total - least * len(weights)
    exact = {key: spread * weight / sum(weights.values()) for key, weight in weights.items()}
    parts = {key: int(number) for key, number in exact.items()}
    by_rest = sorted(exact, key=lambda key: (parts[key] - exact[key], key))
    for key in by_rest[: spread - sum(parts.values())]:
        parts[key] += 1
    return {key: number + least for key, number in parts.items()}
