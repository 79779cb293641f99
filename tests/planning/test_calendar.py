"""The calendar as it is loaded and shown, the matrix of who has sent what, and reminders."""

import csv
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import Role
from planning.calculations.reference_tables import check_planning
from planning.figures.calendar import reminders, submission_matrix
from planning.models import Provider, SubmissionDate
from planning.queries.calendar import contacts_of, held_at, months_with_dates, providers_followed, when_sent, year_of
from tests.positions import fact, publish
from tests.source import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
FIXTURE = ROOT / "fixtures" / "reference" / "submission_dates.csv"


def rows() -> list[dict]:
    with FIXTURE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_dates_follow_each_other_and_fall_on_working_days():
    due = {(r["year"], int(r["month"]), r["reporting_point"]): date.fromisoformat(r["due"]) for r in rows()}
    assert len(due) == len(rows()) == 3 * 13 * 2
    for (year, month, point), on in due.items():
        assert on.weekday() < 5
        if point == "freeze":
            assert on > due[(year, month, "flex")]
        if month > 1:
            assert on > due[(year, month - 1, point)]


def test_a_month_settles_when_the_next_is_first_sent():
    due = {(r["year"], int(r["month"]), r["reporting_point"]): r["due"] for r in rows()}
    for (year, month, point), on in due.items():
        if point == "flex" and 1 < month <= 12:
            assert due[(year, month - 1, "freeze")] == on


def test_what_is_no_published_timetable_says_so():
    assert {r["assumed"] for r in rows()} == {"true"}
    assert all("from memory" in r["source"] and r["note"] for r in rows())
    assert SubmissionDate.objects.filter(assumed=True).count() == len(rows())


def test_a_freeze_before_its_flex_is_refused_with_its_row():
    import pandas as pd

    wrong = rows()[:2]
    wrong[1]["due"] = wrong[0]["due"]
    problems = check_planning({"submission_dates": pd.DataFrame(wrong)})[1]
    assert [(p["row"], p["column"]) for p in problems] == [(3, "due")]
    assert "after the flex date, 2025-05-22" in problems[0]["message"]
    wrong[1]["month"] = "14"
    assert "at most 13" in check_planning({"submission_dates": pd.DataFrame(wrong)})[1][0]["message"]


def test_the_year_that_runs_is_shown():
    assert year_of(date(2026, 11, 22)) == "2026/27"
    assert year_of(date(2026, 3, 31)) == "2025/26"
    assert year_of(date(2039, 1, 1)) == "2027/28"
    assert year_of(date(2001, 1, 1)) == "2025/26"
    SubmissionDate.objects.all().delete()
    assert year_of(date(2026, 11, 22)) is None


def test_months_stand_with_both_dates():
    found = months_with_dates("2025/26")
    assert [f.month for f in found[:2]] == ["April 2025", "May 2025"]
    assert (found[0].flex.due, found[0].freeze.due) == (date(2025, 5, 22), date(2025, 6, 20))
    assert len(found) == 13


@pytest.fixture
def expected():
    Provider.objects.update(in_scope=False)
    Provider.objects.filter(code__in=["RJ1", "RJZ", "RJ7"]).update(in_scope=True)


@pytest.fixture
def published(expected):
    """Guy's has sent April and May of 2025/26 as flex, then settled April; King's has sent nothing."""
    publish([fact(month=1, provider="RJ1"), fact(month=2, provider="RJ1")], reporting_point="flex")
    publish([fact(month=1, provider="RJ1"), fact(month=1, provider="RJ1", commissioner="36L")], reporting_point="freeze")


def test_each_follows_their_own(expected, programme_team, finance_lead, system_lead, person):
    assert providers_followed(programme_team) == ["RJ1", "RJ7", "RJZ"]
    assert providers_followed(finance_lead) == ["RJ1"]
    assert providers_followed(system_lead) == ["RJ1", "RJZ"]
    assert providers_followed(person(Role.FINANCE_LEAD, "RAX")) == []


def test_what_was_sent_when_is_read_from_positions(published):
    held = {(r.provider, r.month): r.reporting_point for r in held_at(2, "2025/26").itertuples()}
    assert held == {("RJ1", 1): "freeze", ("RJ1", 2): "flex"}
    sent = {(r.month, r.reporting_point) for r in when_sent("2025/26", 2).itertuples()}
    assert sent == {(1, "flex"), (2, "flex"), (1, "freeze")}
    before = {(r.month, r.reporting_point) for r in when_sent("2025/26", 1).itertuples()}
    assert before == {(1, "flex"), (2, "flex")}
    assert when_sent("2019/20", 2).empty


def states(user, today: date) -> dict:
    matrix = submission_matrix(user, today, "2025/26")
    return {provider: dict(zip(matrix.months, [c.state for c in cells], strict=True)) for provider, cells in matrix.rows}


def test_the_matrix_says_in_words_how_each_month_stands(published, programme_team):
    found = states(programme_team, date(2025, 7, 1))
    assert found["King's College Hospital"] == {
        "Apr": "Missing", "May": "Missing", "Jun": "Due", **dict.fromkeys(
            ["Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Year end"],
            "Not due yet",
        )
    }  # fmt: skip
    assert found["Guy's and St Thomas'"]["May"] == "Flex, late"
    assert found["Guy's and St Thomas'"]["Apr"] == "Freeze, late"


def test_the_sentence_says_what_is_overdue_and_what_comes_next(published, finance_lead, programme_team):
    own = submission_matrix(finance_lead, date(2025, 7, 22), "2025/26").sentence
    assert own == (
        "Guy's and St Thomas' has still to send: flex of June 2025 and freeze of May 2025. "
        "Next: flex of July 2025 by 21 August 2025."
    )
    assert submission_matrix(finance_lead, date(2025, 5, 1), "2025/26").sentence.startswith("Nothing is overdue from Guy's")
    assert submission_matrix(programme_team, date(2025, 7, 22), "2025/26").sentence.startswith("3 of 3 providers")


def test_reminders_say_who_what_and_since_when(published, programme_team, person):
    person(Role.FINANCE_LEAD, "RJZ", name="Ada Lead", email="ada@example.nhs.uk")
    found = {r.provider: r for r in reminders(programme_team, date(2025, 6, 24), "2025/26")}
    kings = found["King's College Hospital"]
    assert (kings.what, kings.due, kings.days_late) == ("Flex of April to May 2025", date(2025, 5, 22), 33)
    assert kings.contacts == ["Ada Lead <ada@example.nhs.uk>"]
    assert "we have not received flex of April to May 2025; the first of it was due on 22 May 2025" in kings.text
    assert found["St George's"].contacts == []
    assert "Guy's and St Thomas'" not in found
    assert contacts_of(["RJZ", "RJ1"]) == {"RJZ": ["Ada Lead <ada@example.nhs.uk>"], "RJ1": []}


def test_who_owes_both_flex_and_freeze_is_reminded_once_of_both(published, programme_team):
    found = {r.provider: r for r in reminders(programme_team, date(2025, 7, 22), "2025/26")}
    owed = found["Guy's and St Thomas'"]
    assert owed.what == "Flex of June 2025 and freeze of May 2025"
    assert "we have not received flex of June 2025 and freeze of May 2025; the first of it was due on " in owed.text
    assert owed.text.count(f"{owed.due:%-d %B %Y}") == 1
    assert [r.days_late for r in found.values()] == sorted((r.days_late for r in found.values()), reverse=True)
    assert len(reminders(programme_team, date(2025, 7, 22), "2025/26")) == len(found) == 3


def test_pages_show_the_matrix_and_reminders(published, signed_in, programme_team, finance_lead):
    own = signed_in(finance_lead).get(reverse("planning:extracts")).content.decode()
    assert "Who has sent what" in own
    assert "King's College Hospital</th>" not in own
    team = signed_in(programme_team)
    page = team.get(reverse("planning:submissions"), {"year": "2025/26"}).content.decode()
    assert "Whom to remind" in page
    assert page.count("<textarea") == 3
    assert "Nobody is registered" in page
    assert reverse("planning:submissions") in team.get(reverse("planning:extracts")).content.decode()


def test_the_calendar_page_names_its_source(signed_in, finance_lead):
    page = signed_in(finance_lead).get(reverse("planning:calendar"), {"year": "2025/26"}).content.decode()
    assert "Thu 22 May 2025" in page
    assert "Assumed" in page
    assert "working-day rule from memory" in page
    assert "2026/27" in signed_in(finance_lead).get(reverse("planning:calendar"), {"year": "<b>"}).content.decode()


def test_without_dates_pages_still_say_what_is_expected(published, signed_in, finance_lead, programme_team):
    SubmissionDate.objects.all().delete()
    page = signed_in(finance_lead).get(reverse("planning:extracts")).content.decode()
    assert "What is expected" in page
    assert "No dates are loaded" in signed_in(finance_lead).get(reverse("planning:calendar")).content.decode()
    assert "No flex and freeze dates" in signed_in(programme_team).get(reverse("planning:submissions")).content.decode()


def test_a_lead_of_nobody_expected_sees_no_matrix(expected, person):
    assert submission_matrix(person(Role.FINANCE_LEAD, "RAX"), date(2025, 6, 24) + timedelta(0)) is None
