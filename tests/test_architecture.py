import ast
import re
import tomllib
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTRACTS = SETTINGS["tool"]["importlinter"]["contracts"]
SERVICE = sorted((ROOT / "mentorship").rglob("*.py"))


def test_every_import_goes_down_the_street(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    failed = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert not failed, capsys.readouterr().out


def test_every_feature_with_tables_is_inside_the_contract_of_file_names():
    features = {f"mentorship.{path.parent.name}" for path in SERVICE if path.name == "models.py"}
    assert features - {"mentorship.jobs"} <= set(CONTRACTS[1]["containers"])


def test_no_import_hides_inside_a_function():
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in [*SERVICE, *sorted((ROOT / "matching").rglob("*.py"))]
        for outer in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(outer)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not hidden


def test_nothing_but_the_clock_reads_the_clock():
    readers = [
        str(path.relative_to(ROOT))
        for path in SERVICE
        if path.name != "clock.py"
        for word in ("datetime.now(", "datetime.utcnow(", "date.today(")
        if word in path.read_text("utf-8")
    ]
    assert not readers


# Every query of people asks a user for their scope, which a leave widens for some days.
WHO_SEES_WHAT_TODAY = Path("mentorship/accounts/models.py")


def test_services_and_models_are_told_the_day_instead_of_reading_the_clock():
    readers = [
        str(path.relative_to(ROOT))
        for path in SERVICE
        if path.name in ("services.py", "queries.py", "models.py", "problem.py")
        and path.relative_to(ROOT) != WHO_SEES_WHAT_TODAY
        and re.search(r"\bclock\.(now|today)\b", path.read_text("utf-8"))
    ]
    assert not readers


def test_no_package_is_a_drawer_for_anything():
    names = {path.stem for path in SERVICE} | {path.parent.name for path in SERVICE}
    assert not names & {"utils", "helpers", "common", "manager", "misc"}
