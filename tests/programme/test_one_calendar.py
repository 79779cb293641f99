"""Who has sent what is one truth: the Overview and the Extracts pages say the same, at any position and on any day."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from planning.calculations.submission_states import STATES
from planning.figures.calendar import submission_matrix
from planning.models import Provider, ReportingPosition, SubmissionDate
from presentation.figure import figure_named
from presentation.run import run_figure
from tests.positions import fact, publish
from tests.readers import Reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("three_trusts")]
YEAR = "2026/27"
NAMES = {"RJ1": "Guy's and St Thomas'", "RJZ": "King's College Hospital", "RJ7": "St George's"}


@pytest.fixture
def three_trusts(reference):
    Provider.objects.update(in_scope=False)
    Provider.objects.filter(code__in=NAMES).update(in_scope=True)


@pytest.fixture
def on(monkeypatch):
    """Sets the day on which everything is asked and published."""

    def set_day(day: date) -> date:
        monkeypatch.setattr(timezone, "now", lambda: datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
        return day

    return set_day


def coverage(programme_team, **filters):
    return run_figure(figure_named("coverage"), Reader(user=programme_team), {"year": YEAR, **filters}, page=True)


def send(provider, months, point="flex", year=YEAR, **options) -> int:
    return publish([fact(provider=provider, year=year, month=m, actual=1) for m in months], reporting_point=point, **options)


def words_of_overview(result) -> dict:
    return {row["provider_name"]: [row[f"m{m}"] for m in range(1, 14)] for row in result.frame.to_dict("records")}


def words_of_extracts(matrix) -> dict:
    return {provider: [cell.state for cell in cells] for provider, cells in matrix.rows}


@pytest.mark.parametrize("seed", range(8))
def test_both_pages_say_the_same_of_any_position_on_any_day(seed, on, programme_team):
    chance = random.Random(seed)
    day = date(2026, 4, 1)
    for _ in range(chance.randint(1, 5)):
        day = on(day + timedelta(days=chance.randint(0, 90)))
        first = chance.randint(1, 12)
        months = range(first, chance.randint(first, 13) + 1)
        send(chance.choice([*NAMES, "RVR"]), months, chance.choice(["flex", "freeze"]), illustrative=chance.random() < 0.2)
        shown, matrix = coverage(programme_team), submission_matrix(programme_team, day, YEAR)
        assert words_of_overview(shown) == words_of_extracts(matrix)
        assert matrix.sentence.lower().startswith(shown.title.removeprefix(f"{YEAR}: ").lower())
        assert matrix.dates in shown.notes


def test_an_older_position_stands_as_on_its_last_day(on, programme_team):
    on(date(2026, 6, 1))
    first = send("RJ1", [1])
    then = on(date(2026, 6, 10))
    said, cells = coverage(programme_team).title, words_of_overview(coverage(programme_team))
    matrix = submission_matrix(programme_team, then, YEAR)
    send("RJ1", [1, 2])
    on(date(2026, 12, 1))
    older = coverage(programme_team, position=first)
    assert (older.title, words_of_overview(older)) == (said, cells)
    assert words_of_extracts(matrix) == cells
    assert older.notes[0].startswith("As it stood on 10 June 2026: ")
    assert coverage(programme_team).notes[0].startswith("As it stood on 1 December 2026: ")


def test_flex_that_waits_for_its_freeze_is_overdue_on_both(on, programme_team):
    """The fault that this guards against: one page called everything in, the other called everyone overdue."""
    day = on(date(2026, 6, 20))
    for provider in NAMES:
        send(provider, [1, 2])
    shown, matrix = coverage(programme_team), submission_matrix(programme_team, day, YEAR)
    said = "3 of 3 providers have something overdue: freeze of April 2026 from " + ", ".join(sorted(NAMES.values())[:2])
    assert shown.title == f"{YEAR}: {said} and St George's"
    assert matrix.sentence.startswith(f"{said} and St George's. Next: flex of June 2026 and freeze of May 2026 by 21 July 2026.")
    assert shown.notes[0] == (
        "As it stood on 20 June 2026: 6 of 6 months of providers are in and none missing; "
        "3 of those that are in can still change though their freeze date is past."
    )
    assert shown.frame["overdue"].unique().tolist() == ["freeze of April 2026"]


def test_what_nobody_has_sent_is_missing_once_its_date_is_past(on, programme_team):
    on(date(2026, 5, 22))
    assert coverage(programme_team, year="").title == f"{YEAR}: nothing is overdue"
    on(date(2026, 5, 23))
    result = coverage(programme_team, year="")
    assert "flex of April 2026 from" in result.title
    assert "0 of 3 months of providers are in and 3 missing" in result.notes[0]


def test_owing_different_months_is_said_by_how_many(on, programme_team):
    on(date(2026, 7, 1))
    send("RJ1", [1], "freeze")
    assert "flex of up to 2 months from" in coverage(programme_team).title
    assert coverage(programme_team).frame.set_index("provider")["overdue"].to_dict() == {
        "RJ1": "flex of May 2026", "RJZ": "flex of April to May 2026", "RJ7": "flex of April to May 2026"
    }  # fmt: skip


def test_assumed_dates_are_said_to_be_and_published_ones_are_not(on, programme_team):
    day = on(date(2026, 7, 1))
    send("RJ1", [1])
    said = "The dates are assumed: they follow a working-day rule and no published timetable."
    assert said in coverage(programme_team).notes
    assert submission_matrix(programme_team, day, YEAR).dates == said
    SubmissionDate.objects.filter(month=1).update(assumed=False)
    assert f"Some of the {said.removeprefix('The ')}" in coverage(programme_team).notes
    SubmissionDate.objects.update(assumed=False)
    assert not [note for note in coverage(programme_team).notes if "assumed" in note]
    assert submission_matrix(programme_team, day, YEAR).dates == ""


def test_a_year_without_dates_says_so_and_who_is_behind(on, programme_team):
    on(date(2024, 9, 1))
    send("RJ1", [1, 2, 3], year="2024/25")
    result = coverage(programme_team, year="2024/25")
    assert result.title == "2024/25: King's College Hospital and St George's have not sent every month"
    assert result.notes[1].startswith("No flex and freeze dates of 2024/25 are loaded: ")
    for provider in ("RJZ", "RJ7"):
        send(provider, [1, 2, 3], year="2024/25")
    assert coverage(programme_team, year="2024/25").title == "2024/25: nothing is missing"


def test_what_is_not_due_yet_is_one_sentence_and_no_column(on, programme_team):
    on(date(2026, 6, 2))
    send("RJ1", [1])
    result = coverage(programme_team)
    assert result.notes[-1] == "Not due yet: June to March."
    assert [c.name for c in result.table.page_columns] == ["provider_name", "m1", "m2", "months_in", "actual_price"]
    assert STATES["due"] in set(result.frame["m2"])


def test_the_extracts_page_shows_where_its_dates_come_from(on, signed_in, programme_team):
    on(timezone.localdate())
    page = signed_in(programme_team).get("/extracts/").content.decode()
    assert "The dates are assumed" in page


def test_before_anything_is_published_both_speak_of_the_year_that_runs(on, programme_team):
    day = on(date(2026, 7, 1))
    assert ReportingPosition.objects.count() == 0
    result = coverage(programme_team, year="")
    assert result.title.startswith(f"{YEAR}: 3 of 3 providers have something overdue: flex of April to May 2026")
    assert words_of_overview(result) == words_of_extracts(submission_matrix(programme_team, day))
