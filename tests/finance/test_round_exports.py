"""Figures of rounds as files: their headings, their numbers to the penny, where they lead, and what leaves for outside."""

import csv
import io
import json

import pytest

from accounts.models import Role
from presentation.disclosure import HIDDEN
from presentation.figure import Mode, all_figures, figure_named
from presentation.run import run_figure
from tests.finance.round_area import stored_round
from tests.readers import Reader

pytestmark = pytest.mark.django_db
HEADINGS = {
    "allocation_round": [
        "Year",
        "Area",
        "Area code",
        "Baseline",
        "Target share",
        "Target",
        "Opening distance",
        "Convergence",
        "Growth",
        "Floor or cap",
        "Allocation",
        "Above or below target",
        "Closing distance",
    ],
    "round_chain": [
        "Area",
        "Area code",
        "Population",
        "Age index",
        "Need index",
        "Market forces index",
        "Weighted population",
        "Weighted ÷ people",
        "Target share",
    ],
    "round_step": [
        "Area",
        "Area code",
        "Population",
        "Cost a head by age and sex",
        "Age index",
    ],
    "round_inputs": [
        "Area",
        "Area code",
        "Age",
        "Sex",
        "People",
        "Cost a head",
        "People × cost",
    ],
    "round_moved": [
        "If this input is out",
        "Area",
        "Area code",
        "By its error",
        "Share, if lower",
        "Target share",
        "Share, if higher",
        "Target, if lower",
        "Target, if higher",
    ],
}
# Allocations of the first year of the worked files, in pounds and pence.
ALLOCATED = {
    "A": "435120000.00",
    "B": "339487779.86",
    "C": "382217329.70",
    "D": "225430890.44",
    "": "1382256000.00",
}
ROWS = {"allocation_round": 10, "round_chain": 4, "round_step": 4, "round_inputs": 40, "round_moved": 20}


@pytest.fixture
def found(person):
    return stored_round(person(Role.PROGRAMME_TEAM), state="under_review")


@pytest.fixture
def run(found):
    def run_it(name, mode=Mode.INSIDE, **filters):
        return run_figure(figure_named(name), Reader(mode), {"round": found.pk, "step": "age", **filters}, page=True)

    return run_it


def table_of(result) -> list[dict]:
    return list(csv.DictReader(io.StringIO(result.downloads["csv"]().decode("utf-8-sig"))))


def test_every_figure_of_rounds_is_here():
    assert set(HEADINGS) == {f.name for f in all_figures() if f.name.startswith("round_") or f.name == "allocation_round"}


@pytest.mark.parametrize("name", list(HEADINGS))
def test_a_file_has_its_headings_and_all_its_rows(run, name):
    rows = table_of(run(name))
    assert list(rows[0])[: len(HEADINGS[name])] == HEADINGS[name]
    assert len(rows) == ROWS[name]
    assert {row["Position"] for row in rows} == {"1"}


def test_allocations_are_in_files_to_the_penny(run):
    rows = [row for row in table_of(run("allocation_round")) if row["Year"] == "2026/27"]
    assert {row["Area code"].replace("Not applicable", ""): row["Allocation"] for row in rows} == ALLOCATED
    assert rows[0]["Floor or cap"] == "On the floor"


def test_a_program_reads_the_same_numbers(run):
    told = json.loads(run("allocation_round").downloads["json"]())
    first = {row["area"] or "": row["allocation"] for row in told["rows"] if row["year"] == "2026/27"}
    assert first == ALLOCATED
    assert told["filters"] == {"round": told["filters"]["round"], "allocation_year": "2026/27", "step": "age"}


@pytest.mark.parametrize(("step", "column"), [("need", "Need index"), ("allocation", "Allocation"), ("target", "Target share")])
def test_a_step_that_is_asked_for_is_the_one_that_is_given(run, step, column):
    assert column in table_of(run("round_step", step=step))[0]


def test_a_year_that_is_asked_for_is_the_one_that_is_given(run):
    first, second = (run("round_step", step="baseline", allocation_year=year) for year in ("2026/27", "2027/28"))
    assert [f"{v / 10_000:.2f}" for v in second.frame["baseline"]] == [ALLOCATED[a] for a in "ABCD"]
    assert first.frame["baseline"].sum() == 1_324_000_000 * 10_000


def test_a_year_that_the_round_does_not_allocate_is_refused(run):
    from presentation.run import FiltersInvalid

    with pytest.raises(FiltersInvalid, match="is not on the list"):
        run("round_step", allocation_year="2031/32")


@pytest.mark.parametrize("name", list(HEADINGS))
def test_every_figure_leads_to_its_sources_and_to_the_rows_of_its_baseline(run, name):
    result = run(name)
    figure = figure_named(name)
    assert list(figure.sources(result.filters)) == [("Worked example", "4 areas", "Made up for tests")]
    assert figure.rows(result.filters) == {"position": 1, "year": "2025/26"}


@pytest.mark.parametrize("name", list(HEADINGS))
def test_money_outside_is_in_thousands_and_totals_in_ten_thousands(run, name):
    result = run(name, Mode.OUTSIDE)
    money = [c for c in ("baseline", "allocation", "target", "price") if c in result.frame]
    for column in money:
        shown = [v for v in result.frame[column] if v is not HIDDEN]
        assert all(v % (1_000 * 10_000) == 0 for v in shown)
    if name == "allocation_round":
        assert all(v % (10_000 * 10_000) == 0 for v in result.frame.loc[result.frame["is_total"], "allocation"])


def test_the_stamp_changes_with_the_round(run, found):
    before = run("allocation_round").stamp
    found.events.create(what="submitted", by=found.made_by)
    assert run("allocation_round").stamp != before
