"""The command that loads travel times, and what measures make of them."""

import io
import json
from datetime import date

import pandas as pd
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts.models import AuditEvent
from planning.calculations.travel_time_rows import travel_time_rows
from planning.models import TravelTime
from planning.queries.travel import travel_times
from presentation.figure import figure_named
from presentation.run import run_figure
from tests.positions import fact, publish

from .test_flow_explorer import READER

pytestmark = pytest.mark.django_db
SOURCE = "Journey planner, by car at 8 in the morning"
KNOWN = {"home": {"QKK", "E09000028"}, "destination": {"RJ1", "RJ121"}}


def text(*rows) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["home", "destination", "minutes"], dtype=str)


def load(tmp_path, content: str, *options, code: int = 0):
    """The command's object and what it said to people."""
    path = tmp_path / "times.csv"
    path.write_text(content, encoding="utf-8")
    out, said = io.StringIO(), io.StringIO()
    arguments = [str(path), "--source", SOURCE, "--dated", "2026-03-31", *options]
    if code:
        with pytest.raises(SystemExit) as ended:
            call_command("load_travel_times", *arguments, stdout=out, stderr=said)
        assert ended.value.code == code
    else:
        call_command("load_travel_times", *arguments, stdout=out, stderr=said)
    return json.loads(out.getvalue()), said.getvalue()


def test_a_table_is_loaded_with_its_source_and_date(reference, tmp_path):
    told, said = load(tmp_path, "home,destination,minutes\nQKK,RJ1,32.5\nE09000028,RJ121,18\n")
    assert told == {"state": "loaded", "rows": 2, "replaced": 0}
    assert "2 travel times loaded" in said
    assert set(TravelTime.objects.values_list("source", "dated")) == {(SOURCE, date(2026, 3, 31))}
    frame = travel_times().set_index(["home", "destination"])
    assert frame["minutes"].to_dict() == {("QKK", "RJ1"): 32.5, ("E09000028", "RJ121"): 18.0}


def test_a_later_table_takes_the_place_of_the_one_before(reference, tmp_path):
    load(tmp_path, "home,destination,minutes\nQKK,RJ1,32\nQKK,RJZ,40\n")
    told, _ = load(tmp_path, "home,destination,minutes\nQKS,RJ1,70\n")
    assert told["replaced"] == 2
    assert list(TravelTime.objects.values_list("home", "destination")) == [("QKS", "RJ1")]


def test_a_dry_run_counts_and_writes_nothing(reference, tmp_path):
    told, _ = load(tmp_path, "home,destination,minutes\nQKK,RJ1,32\n", "--dry-run")
    assert told == {"state": "checked", "rows": 1, "replaced": 0}
    assert not TravelTime.objects.exists()
    assert not AuditEvent.objects.filter(action="loaded travel times").exists()


def test_it_is_in_the_audit_trail(reference, tmp_path):
    load(tmp_path, "home,destination,minutes\nQKK,RJ1,32\n")
    event = AuditEvent.objects.get(action="loaded travel times")
    assert (event.about, event.detail["rows"], event.detail["dated"]) == (SOURCE, 1, "2026-03-31")


@pytest.mark.parametrize(
    ("content", "column", "row"),
    [
        ("home,destination\nQKK,RJ1\n", "minutes", 1),
        ("home,destination,minutes\nNOWHERE,RJ1,5\n", "home", 2),
        ("home,destination,minutes\nQKK,RJ1,5\nQKK,XXX,5\n", "destination", 3),
        ("home,destination,minutes\nQKK,RJ1,\n", "minutes", 2),
        ("home,destination,minutes\nQKK,RJ1,an hour\n", "minutes", 2),
        ("home,destination,minutes\nQKK,RJ1,-1\n", "minutes", 2),
        ("home,destination,minutes\nQKK,RJ1,601\n", "minutes", 2),
        ("home,destination,minutes\nQKK,RJ1,5\nQKK,RJ1,6\n", "home, destination", 3),
        ("home,destination,minutes\n,RJ1,5\n", "home", 2),
        ("home,destination,minutes\n", "", 1),
        ("", "", 1),
    ],
)
def test_a_table_with_a_fault_is_refused_whole_and_named(reference, tmp_path, content, column, row):
    load(tmp_path, "home,destination,minutes\nQKK,RJZ,40\n")
    told, said = load(tmp_path, content, code=1)
    assert told["state"] == "refused"
    assert (told["problems"][0]["column"], told["problems"][0]["row"]) == (column, row)
    assert f"row {row}" in said
    assert TravelTime.objects.get().destination == "RJZ"


def quietly(path, source, dated="2026-03-31") -> str:
    out = io.StringIO()
    with pytest.raises((SystemExit, CommandError)):
        call_command("load_travel_times", str(path), "--source", source, "--dated", dated, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_nobody_loads_times_from_nowhere(reference, tmp_path):
    path = tmp_path / "times.csv"
    path.write_text("home,destination,minutes\nQKK,RJ1,5\n")
    assert "Say where the travel times are from" in quietly(path, " ")
    assert quietly(path, SOURCE, "last week") == ""
    assert not TravelTime.objects.exists()


def test_a_file_that_is_not_there_is_said(reference, tmp_path):
    assert "missing" in json.loads(quietly(tmp_path / "none.csv", SOURCE))["problems"][0]["message"]


def test_other_columns_of_a_table_are_ignored():
    frame = text(("QKK", "RJ1", "5")).assign(mode="car")
    rows, problems = travel_time_rows(frame, file="times.csv", known=KNOWN)
    assert not problems
    assert rows.to_dict("records")[0].keys() == {"home", "destination", "minutes"}


def test_every_fault_of_a_table_is_said_in_the_order_of_its_rows():
    rows = [("X", "RJ1", "5"), ("QKK", "Y", "no"), ("QKK", "RJ1", "9")]
    _, problems = travel_time_rows(text(*rows), file="times.csv", known=KNOWN)
    assert [(one["row"], one["column"]) for one in problems] == [(2, "home"), (3, "minutes"), (3, "destination")]
    assert {one["file"] for one in problems} == {"times.csv"}


def test_the_database_refuses_what_the_command_would(reference):
    common = {"home": "QKK", "destination": "RJ1", "source": "x", "dated": date(2026, 1, 1)}
    TravelTime.objects.create(**common, minutes=5)
    for minutes in (5, -1, 601):
        with pytest.raises(IntegrityError), transaction.atomic():
            TravelTime.objects.create(**{**common, "destination": "RJ1" if minutes == 5 else "RJZ"}, minutes=minutes)
    assert str(TravelTime.objects.get()) == "QKK to RJ1: 5.0 minutes"


def test_measures_have_minutes_where_a_table_is_loaded(reference, tmp_path):
    publish(
        [fact(home_system="QKK", spells=3), fact(home_system="QKS", home="91Q", spells=1), fact(home_system="REST", spells=4)]
    )
    before = run_figure(figure_named("provider_measures_activity"), READER, {}, page=True)
    assert "mean_minutes" not in before.frame
    assert any("No table of travel times is loaded" in note for note in before.notes)
    load(tmp_path, "home,destination,minutes\nQKK,RJ1,30\nQKS,RJ1,70\n")
    after = run_figure(figure_named("provider_measures_activity"), READER, {}, page=True)
    [row] = after.frame.to_dict("records")
    assert row["mean_minutes"] == pytest.approx(40)
    assert row["median_minutes"] == 30
    assert row["share_within_hour"] == pytest.approx(0.75)
    assert row["minutes_covered"] == pytest.approx(0.5)
    assert "Within 60 minutes" in after.table.headings
    assert any(f"{SOURCE}, 31 March 2026" in note for note in after.notes)
