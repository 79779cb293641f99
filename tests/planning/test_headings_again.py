"""Headings that come again in the middle, and rows that number or explain the columns, are no activity and no commissioner's."""

import pytest

from planning.extracts.reading import Refused
from tests.planning.acm_files import HEADINGS, acm_row
from tests.planning.checked_files import checked_file, problems_in
from tests.planning.test_heading_groups import BLANK, NATIONAL, row
from tests.planning.test_heading_groups import NAMES as CODE_NAMES
from tests.planning.test_heading_rows import NAMES, as_csv, cells


def outcomes(checked) -> dict[str, tuple]:
    return {one.outcome: (one.rows, one.first_rows) for one in checked.result.outcomes}


def test_months_pasted_under_each_other_with_their_headings_are_one_table(tmp_path):
    spelled = [name.lower().replace(" ", "_") for name in NAMES]
    content = as_csv(NAMES, cells(), [], NAMES, cells(month=2), spelled, cells(month=3))
    with checked_file(tmp_path, content=content) as checked:
        assert outcomes(checked) == {"accepted": (3, ()), "blank": (1, (3,)), "headings": (2, (4, 6))}
        assert "Rows left out that repeat or explain the headings: 2 (rows 4, 6)." in checked.result.notes
        assert problems_in(checked) == []
        assert checked.result.months == (1, 2, 3)


def swapped(first: str, second: str, fields: list[str]) -> list[str]:
    other = {HEADINGS[first]: HEADINGS[second], HEADINGS[second]: HEADINGS[first]}
    return [other.get(cell, cell) for cell in fields]


@pytest.mark.parametrize("pair", [("planned_price", "actual_price"), ("commissioner", "practice_responsibility")])
def test_below_headings_in_another_order_nothing_is_read(tmp_path, pair):
    """Read by the first headings, the plan of these rows would be what was paid."""
    content = as_csv(NAMES, cells(), swapped(*pair, NAMES), cells(month=2))
    said = "Row 3 has headings again, in another order than row 1: .* stands below .* send each part as a file of its own"
    with pytest.raises(Refused, match=said), checked_file(tmp_path, content=content):
        pass


def test_of_headings_in_two_rows_the_upper_ones_come_again_as_they_are(tmp_path):
    groups = [*BLANK, "In month", "", "", "", "YTD", "", "", ""]
    names, figures = [*CODE_NAMES, *NATIONAL, *NATIONAL], row()[-4:]
    content = as_csv(groups, names, [*row(), *figures], groups, names, [*row(month=2), *figures])
    with checked_file(tmp_path, content=content) as checked:
        assert (outcomes(checked)["accepted"], outcomes(checked)["headings"]) == ((2, ()), (1, (5,)))


EXPLAINED = {
    "numbers": [str(i) for i, _ in enumerate(NAMES, 1)],
    "numbers in brackets": [f"({i})" for i, _ in enumerate(NAMES, 1)],
    "numbers from 10": [str(i) for i, _ in enumerate(NAMES, 10)],
    "units": ["n", "yyyymm", "datetime", *["CODE"] * (len(NAMES) - 9), "n", "£", "£", "n", "£", "£"],
    "forms": ["n2", "an6", *["max an12"] * (len(NAMES) - 8), *["max n18.max n8"] * 6],
    "requirements": ["M", "M", *["R"] * (len(NAMES) - 3), "O"],
}


@pytest.mark.parametrize("kind", EXPLAINED)
def test_a_row_that_numbers_or_explains_the_columns_is_left_out(tmp_path, kind):
    with checked_file(tmp_path, content=as_csv(NAMES, EXPLAINED[kind], cells())) as checked:
        assert outcomes(checked) == {"accepted": (1, ()), "headings": (1, (2,))}
        assert [(one.planned_price, one.actual_price) for one in checked.result.outcomes if one.outcome == "headings"] == [
            (None, None)
        ]
        assert checked.scan.commissioners == ("72Q",)


NEITHER = {
    "a row of activity": cells(month=2),
    "a row with a word for its year": cells(year="Cardiology"),
    "words in every code": cells(month="n/a", year="none", provider="Guys", commissioner="SEL"),
    "one heading in a cell": cells(month="FINANCIAL MONTH"),
}


@pytest.mark.parametrize("kind", NEITHER)
def test_other_rows_are_never_taken_for_headings(tmp_path, kind):
    with checked_file(tmp_path, content=as_csv(NAMES, NEITHER[kind], cells())) as checked:
        assert "headings" not in outcomes(checked)
        assert checked.result.excluded == 0


def test_below_the_second_row_numbers_are_looked_at_as_any_row(tmp_path):
    with checked_file(tmp_path, content=as_csv(NAMES, cells(), cells(), EXPLAINED["numbers"])) as checked:
        assert (checked.result.rejected, checked.result.excluded) == (1, 0)


def test_a_word_where_the_commissioner_should_be_makes_no_second_one(tmp_path):
    """With two commissioners a file would replace what every other one has."""
    stray = dict.fromkeys(HEADINGS, "code")
    with checked_file(tmp_path, [acm_row(), acm_row(commissioner="36L", month="x"), stray]) as checked:
        assert checked.scan.commissioners == ("36L", "72Q")
