"""Figures from the command line: what is printed, and how it ends."""

import csv
import io
import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent
from presentation.figure import all_figures
from tests.figures_of_one import needed
from tests.positions import fact, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(reference):
    rows = [fact(month=m, home_system=h, actual="1.2345", planned=2, spells=2) for m in (1, 2) for h in ("QKK", "QKS")]
    publish([*rows, fact(year="2026/27", provider="RJZ", home_system="REST", actual=-7, planned=None)], illustrative=True)
    return publish([fact(year="2026/27", provider="RJZ", home_system="REST", actual=-8, planned=None)], illustrative=True)


def printed(*arguments) -> str:
    out = io.StringIO()
    call_command("export", *arguments, stdout=out)
    return out.getvalue()


def test_without_filters_it_is_the_whole_position(loaded):
    found = json.loads(printed("flow_dashboard", "--format", "json"))
    assert {key: found[key] for key in ("figure", "position", "illustrative", "mode")} == {
        "figure": "flow_dashboard",
        "position": 2,
        "illustrative": True,
        "mode": "inside",
    }
    assert {(row["home"], row["provider"]) for row in found["rows"]} == {("QKK", "RJ1"), ("QKS", "RJ1"), ("REST", "RJZ")}
    total = sum(Decimal(row["actual_price"]) for row in found["rows"])
    assert total == 4 * Decimal("1.2345") - 8
    assert {row["planned_price"] for row in found["rows"] if row["provider"] == "RJZ"} == {None}


def test_filters_and_position_narrow_it(loaded):
    found = json.loads(printed("flow_dashboard", "--filter", "system=QKS", "to_month=1", "--position", "1"))
    assert [Decimal(row["actual_price"]) for row in found["rows"]] == [Decimal("1.2345")]
    assert found["position"] == 1
    assert found["filters"]["system"] == "QKS"
    older = json.loads(printed("flow_dashboard", "--position", "1"))
    assert min(Decimal(row["actual_price"]) for row in older["rows"]) == -7


def test_outside_mode_hides_small_numbers(loaded):
    found = json.loads(printed("flow_dashboard", "--mode", "outside"))
    assert found["mode"] == "outside"
    assert {row["actual_activity"] for row in found["rows"] if row["provider"] == "RJ1"} == {"*"}


def test_csv_is_the_table(loaded):
    rows = list(csv.DictReader(io.StringIO(printed("flow_dashboard", "--format", "csv").lstrip("\ufeff"))))
    assert len(rows) == 3
    assert {row["Provider code"] for row in rows} == {"RJ1", "RJZ"}


def test_a_workbook_is_printed_as_it_is(loaded, capsysbinary):
    call_command("export", "flow_dashboard", "--format", "xlsx")
    assert capsysbinary.readouterr().out.startswith(b"PK")


@pytest.mark.parametrize("name", sorted(f.name for f in all_figures()))
def test_every_figure_can_be_exported(loaded, name):
    pairs = [f"{key}={value[0] if isinstance(value, list) else value}" for key, value in needed(name, loaded).items()]
    chosen = ["--filter", *pairs] if pairs else []
    for mode in ("inside", "outside"):
        found = json.loads(printed(name, "--mode", mode, *chosen))
        assert (found["figure"], found["mode"]) == (name, mode)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no_such_figure"], "There is no figure named no_such_figure"),
        (["flow_dashboard", "--filter", "colour=blue"], "has no filter colour"),
        (["flow_dashboard", "--filter", "year"], "NAME=VALUE"),
        (["flow_dashboard", "--filter", "year=1066"], "is not on the list"),
        (["flow_dashboard", "--position", "99"], "There is no position 99"),
    ],
)
def test_a_wrong_request_ends_with_two_and_says_why(loaded, arguments, words):
    with pytest.raises(CommandError, match=words) as refused:
        call_command("export", *arguments, stdout=io.StringIO())
    assert refused.value.returncode == 2


def test_every_export_is_in_the_audit_trail(loaded):
    printed("flow_measures", "--filter", "measure=cost")
    event = AuditEvent.objects.get(action="exported figure")
    assert (event.about, event.detail["position"]) == ("flow_measures", 2)
