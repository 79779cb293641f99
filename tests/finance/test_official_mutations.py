"""Official files with anything in any cell: nothing fails without words, and what is accepted is what was written."""

import string

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.calculations.official_columns import Kind, OfficialColumn
from finance.calculations.official_layouts import LAYOUTS
from finance.calculations.official_rows import edition_problems, financial_year, official_rows

FILE = "published.csv"
# What people and spreadsheets leave in cells.
ODD = [
    "",
    " ",
    "*",
    "-",
    "0",
    "-0",
    "1e5",
    "nan",
    "inf",
    "N/A",
    "£1",
    "1,000",
    "1,00",
    "12%",
    "−3",
    "#REF!",
    "=1+1",
    "0x10",
    "٣",
    "½",
]
cells = st.one_of(st.sampled_from(ODD), st.text(string.printable, max_size=12), st.integers(-(10**12), 10**12).map(str))
kinds = st.sampled_from(sorted(LAYOUTS))


def sound_cell(column: OfficialColumn, number: int) -> str:
    """A cell that the layout accepts; the first key column tells rows apart."""
    if column.choices:
        return column.choices[number % len(column.choices)]
    if column.kind is Kind.CODE and column.key:
        return f"{column.example[:2]}{number}".ljust(3, "0")
    return column.example


def sound_file(kind: str, rows: int = 3) -> pd.DataFrame:
    return pd.DataFrame([{c.headings[0]: sound_cell(c, number) for c in LAYOUTS[kind].columns} for number in range(rows)])


@given(kinds, st.data())
def test_any_cell_gives_rows_or_words_and_never_a_fault(kind, data):
    text = sound_file(kind)
    row = data.draw(st.integers(0, len(text) - 1))
    heading = data.draw(st.sampled_from(list(text.columns)))
    value = data.draw(cells)
    text.loc[row, heading] = value
    found = official_rows(text, kind=kind, file=FILE, year="2025/26")
    for one in found.problems:
        assert one["file"] == FILE
        assert 2 <= one["row"] <= 4
        assert one["column"] in text.columns
        assert one["message"].endswith(".")
    named = [one for one in found.problems if one["row"] == row + 2 and one["column"] == heading]
    assert all(one["value"] == value.strip() for one in named)
    assert edition_problems(found, file=FILE, edition="2025/26") is not None


@given(kinds, st.data())
def test_any_headings_give_what_is_missing_by_name(kind, data):
    text = sound_file(kind)
    kept = data.draw(st.lists(st.sampled_from(list(text.columns)), unique=True))
    found = official_rows(text[kept], kind=kind, file=FILE)
    missing = {c.name for c in LAYOUTS[kind].columns if c.required and c.headings[0] not in kept}
    said = {one["column"] for one in found.problems if one["row"] == 1}
    assert said == missing
    assert found.rows.empty if missing else len(found.rows) == 3


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=5, unique=True), st.sampled_from(["", "£000", "(£m)"]))
def test_money_is_the_whole_number_of_units_that_its_slow_twin_makes(amounts, unit):
    heading = f"2025/26 Allocation {unit}".strip()
    rows = [{"ICB": f"Q{number:02}", heading: f"{amount // 100:,}.{amount % 100:02}"} for number, amount in enumerate(amounts)]
    found = official_rows(pd.DataFrame(rows), kind="allocations", file=FILE)
    scale = {"": 1, "£000": 1_000, "(£m)": 1_000_000}[unit]
    too_much = [row for row, amount in enumerate(amounts, 2) if amount * scale > 100 * 10**11]
    assert [one["row"] for one in found.problems] == too_much
    # Pence to ten-thousandths of a pound: a hundred to the penny.
    held = found.rows["allocation"].drop(too_much)
    assert held.tolist() == [amount * 100 * scale for amount in amounts if amount * scale <= 100 * 10**11]


@given(st.lists(st.floats(-0.5, 0.5), min_size=2, max_size=6, unique_by=lambda x: round(x, 4)))
def test_knots_are_accepted_only_if_they_fall_with_distance(values):
    """Distances a point apart, each with a value: a slow twin looks at neighbours."""
    changes = [round(value / 2, 6) for value in values]
    rows = [{"Distance from target": f"{n}%", "Convergence": f"{change:.6f}"} for n, change in enumerate(changes)]
    found = official_rows(pd.DataFrame(rows), kind="convergence", file=FILE)
    rising = {n + 2 for n in range(1, len(changes)) if changes[n] > changes[n - 1]}
    assert {one["row"] for one in found.problems} == rising


@given(st.integers(2000, 2098), st.sampled_from(["{}/{:02}", "{}-{:02}", "{}_{:02}", "{}{:02}", "{} to 20{:02}", "{}–20{:02}"]))
def test_a_financial_year_is_found_however_it_is_written(year, form):
    written = f"wp {form.format(year, (year + 1) % 100)} v2.csv"
    assert financial_year(written) == f"{year}/{(year + 1) % 100:02}"


@given(st.permutations(["practice", "population", "icb"]))
def test_the_order_of_columns_changes_nothing(first):
    text = sound_file("practices")
    text["population"] = ["10", "20", "30"]
    ordered = sorted(text.columns, key=lambda name: (not any(name.startswith(word) for word in first), name))
    one = official_rows(text, kind="practices", file=FILE).rows
    pd.testing.assert_frame_equal(one, official_rows(text[ordered], kind="practices", file=FILE).rows)


@pytest.mark.parametrize("kind", sorted(LAYOUTS))
def test_headings_of_a_layout_stand_for_one_column_each(kind):
    spelled = [spelling for column in LAYOUTS[kind].columns for spelling in (*column.headings, column.name.replace("_", ""))]
    shared = {one for one in spelled if spelled.count(one) > 1}
    by_column = [{*c.headings, c.name.replace("_", "")} for c in LAYOUTS[kind].columns]
    assert [one for one in shared if sum(one in names for names in by_column) > 1] == []
    assert all(one == one.lower() and one.isalnum() for one in spelled)
