from datetime import date

import pytest

from planning.calculations import financial_years as years


@pytest.mark.parametrize(
    "text",
    [
        "202526",
        "2025/26",
        "2025-26",
        "2025 26",
        "2025-2026",
        "2025–26",
        " 2025/26 ",
        "202526.0",
        "25/26",
        "25-26",
        "FY25/26",
        "fy 2025-26",
        "FY202526",
    ],
)
def test_a_year_is_read_as_it_is_spelled(text):
    assert years.read_year(text) == ("2025/26", False)
    assert years.financial_year(text) == "2025/26"


def test_a_bare_year_is_the_one_that_begins_then():
    assert years.read_year("2020") == years.read_year("2020.0") == ("2020/21", True)


def test_the_turn_of_a_century_is_no_trap():
    assert years.following("2098/99") == "2099/00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025/27",
        "202525",
        "215551",
        "Cardiology",
        "2526",
        "FY25",
        "25/27",
        "25 26",
        "199900",
        "209900",
        "2025/6",
        "2025.5",
        "2025-2027",
        "1",
    ],
)
def test_what_is_no_financial_year_is_not_read(text):
    assert years.read_year(text) is None
    with pytest.raises(ValueError, match="is not a financial year"):
        years.financial_year(text)


SPELLED = {
    1: ["APRIL", "APR", "APR-25", "APR 2025", "01-APR-25", "25-APR", "1 APRIL 2025", "M1", "M01", "MONTH 1", "MONTH 01"],
    2: ["MAY", "MAY-25", "2025-05-01", "2025-05-31 00:00:00", "2025/05/01 00:00", "01/05/2025", "31/05/2025", "1.5.2025"],
    6: ["SEPT", "SEPT-25", "SEPTEMBER", "SEP'25"],
    12: ["MARCH", "MAR-26", "31-MAR-2026", "2026-03-01", "01/03/2026 00:00", "M12"],
    13: ["M13", "MONTH 13"],
}


@pytest.mark.parametrize(("month", "text"), [(month, text) for month, texts in SPELLED.items() for text in texts])
def test_a_month_is_read_as_people_and_spreadsheets_spell_it(month, text):
    assert years.read_month(text, "2025/26") == month


@pytest.mark.parametrize("text", ["APR-26", "MAR-25", "MARCH 2025", "2025-03-01", "01/04/2026", "31-MAR-2025"])
def test_a_month_of_another_year_is_none_of_this(text):
    assert years.read_month(text, "2025/26") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "5.5",
        "M0",
        "M14",
        "MONTHS",
        "Q1",
        "202504",
        "2025-04",
        "03/04/2025",
        "2025-04-03",
        "45748",
        "MARGATE",
        "APRILS",
        "01/13/2025",
        "2025-00-01",
        "JUN-JUL",
    ],
)
def test_what_could_be_another_month_is_not_guessed(text):
    assert years.read_month(text, "2025/26") is None


def test_years_follow_each_other():
    assert (years.following("2024/25"), years.preceding("2024/25")) == ("2025/26", "2023/24")
    assert (years.first_day("2024/25"), years.last_day("2024/25")) == (date(2024, 4, 1), date(2025, 3, 31))


@pytest.mark.parametrize(
    ("month", "start", "name"),
    [
        (1, date(2025, 4, 1), "April 2025"),
        (9, date(2025, 12, 1), "December 2025"),
        (10, date(2026, 1, 1), "January 2026"),
        (12, date(2026, 3, 1), "March 2026"),
        (13, date(2026, 3, 1), "year end 2025/26"),
    ],
)
def test_months_run_from_april(month, start, name):
    assert years.month_start("2025/26", month) == start
    assert years.month_name("2025/26", month) == name


def test_the_financial_year_of_a_day():
    assert years.financial_year_on(date(2026, 3, 31)) == "2025/26"
    assert years.financial_year_on(date(2026, 4, 1)) == "2026/27"
    assert years.financial_year_on(date(2099, 12, 31)) == "2099/00"
