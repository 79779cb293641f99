"""Each file of `fixtures/bad_extracts` has one fault and goes through the intake as `expected.json` beside it says."""

import io
import json
from pathlib import Path

import pytest

from accounts.queries import command_line_user
from planning.actions import check_extract, publish_extracts, receive_extract
from planning.models import Extract, PatientFlow, ReportingPosition
from planning.queries.problems import every_problem, problems_by_rule

FOLDER = Path(__file__).resolve().parent.parent.parent / "fixtures" / "bad_extracts"
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
FIGURES = ("planned_price", "actual_price")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def through_the_intake(name: str) -> Extract:
    content = io.BytesIO((FOLDER / f"{name}.csv").read_bytes())
    extract = receive_extract(by=command_line_user(), file=content, file_name=f"{name}.csv", layout="acm")
    return check_extract(extract=extract)


def test_every_file_has_its_expectation_and_a_fault_of_its_own():
    assert {path.stem for path in FOLDER.glob("*.csv")} == set(EXPECTED)
    assert len(EXPECTED) >= 40
    assert len({expected["fault"] for expected in EXPECTED.values()}) == len(EXPECTED)
    assert {"checked", "refused"} == {expected["state"] for expected in EXPECTED.values()}


def test_every_file_is_small():
    assert all(path.stat().st_size < 20_000 for path in FOLDER.glob("*.csv"))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_fault_is_told_as_expected(name, media):
    expected, extract = EXPECTED[name], through_the_intake(name)
    assert extract.state == expected["state"], extract.reason
    counts = {key: getattr(extract, key) for key in ("rows", "accepted", "rejected", "excluded")}
    assert counts == {key: expected[key] for key in counts}
    found = [
        {key: getattr(problem, key) for key in ("row", "column", "value", "rule", "severity")}
        for problem in every_problem(extract)
    ]
    assert found == expected["problems"]
    assert sorted(cleaned["words"] for cleaned in extract.cleaned) == sorted(expected["cleaned"])
    said = " ".join([*extract.read_notes, extract.reason])
    assert [words for words in expected["says"] if words not in said] == []
    if expected["state"] == "refused":
        assert not PatientFlow.objects.exists()
        assert not [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if expected["state"] == "checked"])
def test_what_is_accepted_rejected_and_left_out_is_every_row_with_its_money(name):
    extract = through_the_intake(name)
    outcomes = {one["outcome"]: one for one in extract.outcomes}
    assert sum(one["rows"] for one in outcomes.values()) == extract.rows
    facts = PatientFlow.objects.filter(extract=extract)
    for figure in FIGURES:
        summed = sum(getattr(fact, figure) or 0 for fact in facts)
        assert (outcomes["accepted"][figure] or 0) == summed == getattr(extract, figure)
    for group in problems_by_rule(extract):
        rows = [problem for problem in EXPECTED[name]["problems"] if problem["rule"] == group["rule"]]
        assert (group["number"], group["first_row"]) == (len(rows), rows[0]["row"])
        assert group["message"].endswith((".", "?"))
    position = publish_extracts(by=command_line_user(), extracts=[extract], reason="For a test")
    assert ReportingPosition.objects.get() == position
