"""How a provider month stands against its dates, day by day; "today" is passed in."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calculations.submission_states import COLOURS, STATES
from planning.calculations.submissions import COLUMNS, ended, overdue, standing, submission_states

FLEX_DUE, FREEZE_DUE = date(2026, 6, 19), date(2026, 7, 21)
DATES = pd.DataFrame(
    [("2026/27", 2, "flex", FLEX_DUE), ("2026/27", 2, "freeze", FREEZE_DUE)], columns=["year", "month", "reporting_point", "due"]
)
HELD = ["provider", "month", "reporting_point"]
SENT = [*HELD, "first", "last", "illustrative"]


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def state(today: str, held=(), sent=()) -> dict:
    found = submission_states(
        ["RJ1"],
        DATES,
        pd.DataFrame([("RJ1", 2, point) for point in held], columns=HELD),
        pd.DataFrame([("RJ1", 2, p, day(f), day(last), made_up) for p, f, last, made_up in sent], columns=SENT),
        day(today),
    )
    assert list(found.columns) == COLUMNS
    return found.iloc[0].to_dict()


def sent(point, first, last=None, illustrative=False):
    return (point, first, last or first, illustrative)


@pytest.mark.parametrize(
    ("today", "held", "history", "expected"),
    [
        # Nothing is in.
        ("05-31", [], [], ("not due", "flex", FLEX_DUE, 0)),
        ("06-01", [], [], ("due", "flex", FLEX_DUE, 0)),
        ("06-19", [], [], ("due", "flex", FLEX_DUE, 0)),
        ("06-20", [], [], ("missing", "flex", FLEX_DUE, 1)),
        # Flex is in.
        ("06-20", ["flex"], [sent("flex", "06-19")], ("flex", "freeze", FREEZE_DUE, 0)),
        ("06-25", ["flex"], [sent("flex", "06-22")], ("flex late", "freeze", FLEX_DUE, 3)),
        ("07-21", ["flex"], [sent("flex", "06-19")], ("flex", "freeze", FREEZE_DUE, 0)),
        ("07-22", ["flex"], [sent("flex", "06-19")], ("freeze missing", "freeze", FREEZE_DUE, 1)),
        # Freeze is in.
        ("07-22", ["freeze"], [sent("freeze", "07-21")], ("freeze", "", FREEZE_DUE, 0)),
        ("08-22", ["freeze"], [sent("freeze", "07-31")], ("freeze late", "", FREEZE_DUE, 10)),
        # Changed before its date it is no change after freeze; afterwards it is.
        ("08-22", ["freeze"], [sent("freeze", "07-01", "07-20")], ("freeze", "", FREEZE_DUE, 0)),
        ("08-22", ["freeze"], [sent("freeze", "07-01", "08-01")], ("changed", "", FREEZE_DUE, 0)),
        ("08-22", ["freeze"], [sent("freeze", "07-25", "07-25")], ("freeze late", "", FREEZE_DUE, 4)),
        # A part that can still change makes the month flex.
        ("07-22", ["freeze", "flex"], [sent("freeze", "07-01")], ("freeze missing", "freeze", FREEZE_DUE, 1)),
        ("06-22", ["flex", "freeze"], [sent("flex", "06-01")], ("flex", "freeze", FREEZE_DUE, 0)),
        # What is made up has no time of its own.
        ("12-01", ["freeze"], [sent("freeze", "11-01", "11-09", True)], ("freeze", "", FREEZE_DUE, 0)),
        ("07-01", ["flex"], [sent("flex", "06-30", illustrative=True)], ("flex", "freeze", FREEZE_DUE, 0)),
        # What was withdrawn is missing again, whenever it was sent.
        ("07-01", [], [sent("flex", "06-01")], ("missing", "flex", FLEX_DUE, 12)),
    ],
)
def test_a_month_against_its_dates(today, held, history, expected):
    found = state(today, held, history)
    assert (found["state"], found["waits_for"], found["due"], found["days_late"]) == expected
    assert found["state"] in STATES


def test_every_provider_and_every_month_with_a_date_has_one_row():
    more = pd.concat([DATES, DATES.assign(month=13)])
    found = submission_states(["RJ1", "RJZ"], more, pd.DataFrame(columns=HELD), pd.DataFrame(columns=SENT), day("06-20"))
    assert list(zip(found["provider"], found["month"], strict=True)) == [("RJ1", 2), ("RJ1", 13), ("RJZ", 2), ("RJZ", 13)]


def test_without_dates_nothing_is_expected():
    empty = pd.DataFrame(columns=["year", "month", "reporting_point", "due"])
    assert submission_states(["RJ1"], empty, pd.DataFrame(columns=HELD), pd.DataFrame(columns=SENT), day("06-20")).empty


def test_a_month_with_only_a_freeze_date_waits_for_freeze():
    only = DATES[DATES["reporting_point"] == "freeze"]
    found = submission_states(["RJ1"], only, pd.DataFrame(columns=HELD), pd.DataFrame(columns=SENT), day("07-22")).iloc[0]
    assert (found["state"], found["waits_for"]) == ("missing", "freeze")


def test_a_month_with_only_a_flex_date_waits_for_nothing_once_it_is_in_late_or_not():
    only = DATES[DATES["reporting_point"] == "flex"]
    for first, late in (("06-19", 0), ("06-22", 3)):
        history = pd.DataFrame([("RJ1", 2, "flex", day(first), day(first), False)], columns=SENT)
        found = submission_states(["RJ1"], only, pd.DataFrame([("RJ1", 2, "flex")], columns=HELD), history, day("12-01")).iloc[0]
        assert (found["waits_for"], found["days_late"]) == ("", late)


@pytest.mark.parametrize(
    ("month", "last_day"), [(1, date(2026, 4, 30)), (9, date(2026, 12, 31)), (12, date(2027, 3, 31)), (13, date(2027, 3, 31))]
)
def test_a_month_is_over_the_day_after_its_last(month, last_day):
    assert not ended("2026/27", month, last_day)
    assert ended("2026/27", month, last_day + timedelta(days=1))


@given(today=st.dates(date(2026, 4, 1), date(2027, 3, 31)), first=st.dates(date(2026, 4, 1), date(2027, 3, 31)))
def test_nobody_is_late_before_the_date_and_somebody_is_after(today, first):
    found = submission_states(
        ["RJ1", "RJZ"],
        DATES,
        pd.DataFrame([("RJ1", 2, "flex")], columns=HELD),
        pd.DataFrame([("RJ1", 2, "flex", first, first, False)], columns=SENT),
        today,
    ).set_index("provider")
    assert (found.loc["RJZ", "state"] == "missing") == (today > FLEX_DUE)
    assert (found.loc["RJ1", "state"] == "freeze missing") == (today > FREEZE_DUE)
    assert (found["days_late"] >= 0).all()


def test_reminders_gather_months_and_put_the_longest_first():
    states = pd.DataFrame(
        [
            ("RJ1", 1, "freeze missing", "freeze", day("06-20"), 5),
            ("RJ1", 2, "missing", "flex", day("06-19"), 6),
            ("RJZ", 3, "missing", "flex", day("06-10"), 15),
            ("RJZ", 2, "missing", "flex", day("06-01"), 24),
            ("RJ7", 2, "flex", "freeze", day("07-21"), 0),
        ],
        columns=COLUMNS,
    )
    found = [(r.provider, r.waits_for, r.months, r.due, r.days_late) for r in overdue(states).itertuples()]
    assert found == [
        ("RJZ", "flex", [2, 3], day("06-01"), 24),
        ("RJ1", "flex", [2], day("06-19"), 6),
        ("RJ1", "freeze", [1], day("06-20"), 5),
    ]
    assert overdue(states[states["state"] == "flex"]).empty


def stands(today: str, *held, year="2026/27", dates=DATES, providers=("RJ1", "RJZ")) -> dict:
    frame = pd.DataFrame(list(held), columns=HELD)
    found = standing(list(providers), year, dates, frame, pd.DataFrame(columns=SENT), day(today))
    assert list(found.columns) == [*COLUMNS, "word"]
    return {(row.provider, row.month): row.word for row in found.itertuples()}


def test_every_state_has_a_word_and_a_colour():
    assert set(STATES) == set(COLOURS)
    assert len(set(STATES.values())) == len(STATES)


def test_all_thirteen_months_stand_whether_or_not_they_have_a_date():
    found = stands("07-22", ("RJ1", 2, "flex"), ("RJ1", 1, "freeze"), ("RJZ", 3, "flex"))
    assert len(found) == 2 * 13
    assert [found["RJ1", month] for month in (1, 2, 3, 4, 13)] == [
        "Freeze", "Freeze missing", "Missing", "Not due yet", "Not due yet"
    ]  # fmt: skip
    assert [found["RJZ", month] for month in (1, 2, 3)] == ["Missing", "Missing", "Flex"]


def test_without_any_date_a_month_is_missing_where_others_have_sent_it_or_the_year_is_over():
    none = DATES.head(0)
    found = stands("07-22", ("RJ1", 2, "flex"), ("RJ1", 13, "freeze"), dates=none)
    assert [found["RJZ", month] for month in (1, 2, 3, 13)] == ["Missing", "Missing", "Not due yet", "Not due yet"]
    over = stands("04-01", ("RJ1", 2, "flex"), year="2025/26", dates=none)
    assert [over["RJZ", month] for month in (11, 12, 13)] == ["Missing", "Missing", "None sent"]
    assert {states["RJ1", 13] for states in (found, stands("04-01", ("RJ1", 13, "freeze"), year="2025/26", dates=none))} == {
        "Freeze"
    }
    assert stands("03-31", ("RJ1", 12, "flex"), year="2025/26", dates=none)["RJZ", 13] == "Not due yet"
    assert set(stands("03-31", year="2025/26", dates=none).values()) == {"Not due yet"}


def test_a_month_that_is_flex_in_part_is_flex_without_a_date_too():
    found = stands("07-22", ("RJ1", 5, "freeze"), ("RJ1", 5, "flex"))
    assert found["RJ1", 5] == "Flex"


def test_what_has_no_date_is_never_overdue():
    frame = pd.DataFrame([("RJ1", 9, "flex")], columns=HELD)
    found = standing(["RJ1", "RJZ"], "2026/27", DATES.head(0), frame, pd.DataFrame(columns=SENT), day("12-01"))
    assert "missing" in set(found["state"])
    assert overdue(found).empty


def test_nobody_expected_is_an_empty_frame():
    assert stands("07-22", providers=()) == {}
