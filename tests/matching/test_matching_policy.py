import re
from pathlib import Path

import pytest

import matching
from matching import CRITERIA, Policy, PolicyError
from matching.policy_check import SETTINGS
from matching.scores import ALL_CRITERIA

SHIPPED = Path(matching.__file__).with_name("default_policy.toml").read_text(encoding="utf-8")


def load(tmp_path, text):
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return Policy.load(path)


def line_of(text, part):
    return text[: text.index(part)].count("\n") + 1


def test_the_default_policy_gives_every_setting_a_source_an_owner_and_a_unit():
    data = Policy.default().as_dict()
    for key in SETTINGS:
        table = data
        for part in key.split("."):
            table = table[part]
        assert set(table) == {"value", "unit", "source", "owner"}, key
    for kind in data["priority"]:
        assert kind["source"] and kind["owner"]


def test_a_policy_read_from_its_own_dictionary_is_the_same():
    policy = Policy.default()
    assert Policy.from_dict(policy.as_dict()) == policy
    assert Policy.from_dict(policy.as_dict()).digest == policy.digest


def test_changing_a_value_changes_the_version_and_the_digest_and_not_the_original():
    policy = Policy.default()
    other = policy.with_values({"points.waiting.per_month": 5})
    assert other["points.waiting.per_month"] == 5
    assert policy["points.waiting.per_month"] == 20
    assert other.version != policy.version and other.digest != policy.digest


@pytest.mark.parametrize(
    ("old", "new", "at", "word"),
    [
        (
            "[points.waiting.per_month]",
            "[points.waiting.per_week]",
            "[points.waiting.per_week]",
            "unknown",
        ),
        ("value = 20\n", 'value = "20"\n', 'value = "20"', "whole number"),
        (
            "value = 20\n",
            "value = true\n",
            'value = true\nunit = "points for each 30',
            "whole number",
        ),
        ("value = 20\n", "value = -1\n", "value = -1", "between"),
        ("value = 20\n", "value = 20\ncolour = 1\n", "colour", "unknown"),
        ('value = "first"', 'value = "fist"', 'value = "fist"', "one of"),
        ("value = 150\n", "value = 3\n", "value = 5\n", "must not exceed"),
        ('when = "mentor_lost"', 'when = "mentor_last"', 'when = "mentor_last"', "one of"),
        ("months = 24", "months = 0", "months = 0", "between"),
        (
            'code = "long_wait"',
            'code = "mentor_lost"',
            'code = "mentor_lost"\nwhen = "waiting',
            "once",
        ),
    ],
)
def test_a_mistake_is_refused_with_its_line(tmp_path, old, new, at, word):
    assert SHIPPED.count(old) >= 1
    text = SHIPPED.replace(old, new, 1)
    with pytest.raises(PolicyError, match=word) as caught:
        load(tmp_path, text)
    assert caught.value.line == line_of(text, at)
    assert f"line {caught.value.line}" in str(caught.value)


def test_a_missing_setting_and_a_missing_source_are_named(tmp_path):
    without = re.sub(r"(?s)\[objective.coverage\].*?owner[^\n]*\n", "", SHIPPED, count=1)
    with pytest.raises(PolicyError, match=re.escape("objective.coverage")):
        load(tmp_path, without)
    start = SHIPPED.index("source", SHIPPED.index("[points.interests.most]"))
    end = SHIPPED.index("\n", start)
    with pytest.raises(PolicyError, match="source"):
        load(tmp_path, SHIPPED[:start] + SHIPPED[end:])


def test_a_text_that_is_not_toml_is_refused_with_its_line(tmp_path):
    with pytest.raises(PolicyError, match="line 2"):
        load(tmp_path, "version = '1'\nthis is not toml\n")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("by", "colour"),
        ("is", "99"),
        ("share_percent", 101),
        ("hard", "yes"),
        ("points_per_child", None),
    ],
)
def test_a_wrong_floor_is_refused_by_name(field, value):
    floor = {
        "code": "turkistan",
        "by": "region",
        "is": "61",
        "share_percent": 5,
        "hard": False,
        "points_per_child": 500,
        "source": "test",
        "owner": "test",
    }
    Policy.from_dict(Policy.default().as_dict() | {"floor": [floor]})
    with pytest.raises(PolicyError, match=field):
        Policy.from_dict(Policy.default().as_dict() | {"floor": [floor | {field: value}]})


def test_every_criterion_has_a_unit_a_source_and_a_stated_range():
    assert tuple(c.code for c in ALL_CRITERIA) == CRITERIA
    unbounded = {c.code for c in ALL_CRITERIA if c.ceiling(Policy.default()) is None}
    assert unbounded == {"waiting"}
    for criterion in ALL_CRITERIA:
        assert criterion.unit and criterion.source
        assert criterion.points.__doc__
