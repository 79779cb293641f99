"""Official files as they are read: what is accepted, and every fault with its row, column, value and what to do."""

import pandas as pd
import pytest

from finance.calculations.official_layouts import LAYOUTS
from finance.calculations.official_rows import edition_problems, financial_year, official_rows
from planning.extracts.public_files import read_public_bytes, read_public_sheets
from tests.finance import official_files as files

FILE = "published.csv"


def read(kind: str, content: bytes, file: str = FILE):
    return official_rows(read_public_bytes(content), kind=kind, file=file)


def only_problem(kind: str, content: bytes) -> dict:
    [one] = read(kind, content).problems
    assert one["file"] == FILE
    return one


def test_a_list_of_practices_is_read_with_its_byte_order_mark_and_other_columns_left_out():
    found = read("practices", files.practice_file())
    assert found.problems == []
    assert found.headings["general_acute"] == "G&A WP"
    first = found.rows.loc[2]
    assert (first["practice"], first["system"], first["place_name"], first["population"]) == ("A00001", "QKK", "Bexley", 6000)
    assert first["overall_core"] == pytest.approx(6600)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("Population", "", "may not be blank"),
        ("Population", "-4", "at least 0"),
        ("Population", "many", "Write a number"),
        ("Population", "5%", "Write a number"),
        ("Population", "1,2345", "Write a number"),
        ("Population", "nan", "Write a number"),
        ("Population", "1e9", "Write a number"),
        ("Population", "999999999", "at most 100,000,000"),
        ("G&A WP", "*", "suppressed, which is neither 0 nor missing"),
        ("ICB", "South East London", "such as QKK"),
        ("LAD", "Bexley", "such as E09000004"),
        ("Practice_Code", "A00002", "Remove it: row 2 is the same one"),
    ],
)
def test_each_fault_of_a_cell_says_where_what_and_what_to_do(column, value, words):
    one = only_problem("practices", files.practice_file(**{column: value}))
    assert (one["row"], one["column"]) == (3 if value == "A00002" else 2, column)
    assert one["value"] == value
    assert words in one["message"]


def test_zero_is_a_number_and_thousands_may_have_commas():
    found = read("practices", files.practice_file(Population="1,234.5", **{"MH WP": "0"}))
    assert found.problems == []
    assert found.rows.loc[2, ["population", "mental_health"]].tolist() == [1234.5, 0]


def test_a_column_that_is_missing_is_named_with_what_the_file_has():
    rows = [{k: v for k, v in row.items() if k != "Final WP"} for row in files.practice_rows()]
    one = only_problem("practices", files.practice_file(rows))
    assert (one["row"], one["column"]) == (1, "overall_core")
    assert "finalwp" in one["message"]
    assert "Practice_Code" in one["message"]
    assert "Another edition may call it by another name" in one["message"]


def titled(*above: str) -> bytes:
    """A sheet as it is saved, with its titles above the headings and as many commas in every row."""
    rows = ["ICB code,ICB name,2025/26 Allocation £000,", "QKK,South East London,1,", "QWE,South West London,x,"]
    return "\n".join([*above, *rows]).encode()


@pytest.mark.parametrize("above", [[], ["Allocations,,,"], ["Allocations,,,", ",,,", "All money in £000,,,", "Note: made up,,,"]])
def test_titles_above_the_headings_are_passed_over_and_rows_keep_their_numbers(above):
    found = read("allocations", titled(*above))
    assert found.headings == {"system": "ICB code", "system_name": "ICB name", "allocation": "2025/26 Allocation £000"}
    assert found.rows["system"].tolist() == ["QKK", "QWE"]
    assert found.rows["allocation"].iloc[0] == 10_000_000
    assert [(one["row"], one["value"]) for one in found.problems] == [(3 + len(above), "x")]


def test_headings_that_are_nowhere_are_looked_for_no_further_and_named():
    content = "\n".join(["Title,,", *(f"{number},a,b" for number in range(40)), "ICB code,Allocation,", "QKK,1,"]).encode()
    found = read("allocations", content)
    assert {one["column"] for one in found.problems} == {"system", "allocation"}
    assert {one["row"] for one in found.problems} == {1}


def test_two_headings_alike_are_not_taken_for_one():
    one = only_problem("allocations", b"Title,,\nICB code,Allocation,Allocation\nQKK,1,2\n")
    assert (one["row"], one["column"]) == (2, "Allocation")
    assert "which one is meant cannot be told" in one["message"]


@pytest.mark.parametrize(("year", "stored"), [("2025/26", [10_000]), ("2026/27", [20_000])])
def test_of_headings_of_several_years_that_of_the_edition_is_read(year, stored):
    text = read_public_bytes(b"ICB code,2025/26 Allocation,2026/27 Recurrent allocation\nQKK,1,2\n")
    found = official_rows(text, kind="allocations", file="", year=year)
    assert (found.problems, found.rows["allocation"].tolist()) == ([], stored)
    assert edition_problems(found, file="", edition=year) == []


def test_a_heading_of_another_year_is_another_edition_but_a_baseline_may_be_of_the_year_before():
    text = read_public_bytes(b"ICB code,2025/26 Baseline,2025/26 Allocation\nQKK,1,2\n")
    found = official_rows(text, kind="allocations", file="", year="2026/27")
    [one] = edition_problems(found, file="", edition="2026/27")
    assert one["message"].startswith("The heading 2025/26 Allocation says 2025/26: this is another edition.")


def test_a_cell_that_an_unquoted_comma_moved_is_not_lost():
    [sheet] = read_public_sheets(b"Title\nICB code,Allocation\nQKK,1,050\nQWE,950\n", 1_000)
    found = official_rows(sheet.text, kind="allocations", file=FILE)
    [one] = found.problems
    assert (one["row"], one["value"]) == (3, "050")
    assert "Put quotes around a cell that holds a comma" in one["message"]


def test_what_is_missing_is_said_of_the_row_that_looks_like_headings():
    [sheet] = read_public_sheets(b"Title\n\nICB code,ICB name,Money\nQKK,SEL,1\n", 1_000)
    [one] = official_rows(sheet.text, kind="allocations", file=FILE).problems
    assert "the file has ICB code, ICB name, Money." in one["message"]


def test_a_file_without_rows_is_refused_and_blank_rows_are_passed_over():
    content = files.practice_file()
    heading = content.splitlines()[0]
    assert "has no rows" in only_problem("practices", heading + b"\n")["message"]
    assert len(read("practices", content + b"," * 15 + b"\n").rows) == 4


@pytest.mark.parametrize(
    ("heading", "value", "stored"),
    [
        ("Allocation", "1,050.55", 10_505_500),
        ("2025/26 Allocation £000", "1,050.5", 10_505_000_000),
        ("Allocation (£m)", "£1.5", 15_000_000_000),
        ("2025-26 ICB allocation", "12", 120_000),
    ],
)
def test_money_is_read_in_the_unit_that_its_heading_says(heading, value, stored):
    found = read("allocations", files.as_csv([{"ICB code": "QKK", heading: value}]))
    assert (found.problems, found.rows["allocation"].tolist()) == ([], [stored])


@pytest.mark.parametrize(
    ("heading", "value"), [("Allocation (£m)", "100,000.01"), ("Allocation", "9" * 40), ("Allocation £000", "100000001")]
)
def test_money_beyond_that_of_all_england_is_in_another_unit(heading, value):
    one = only_problem("allocations", files.as_csv([{"ICB code": "QKK", heading: value}]))
    assert one["message"] == "Use a value of at most £100,000,000,000, in the unit that its heading says."


def test_what_an_allocation_file_leaves_out_stays_missing():
    row = read("allocations", files.as_csv([{"ICB code": "QKK", "Allocation": "0", "Target": ""}])).rows.loc[2]
    assert row["allocation"] == 0
    assert pd.isna(row[["target", "target_share", "distance"]]).all()
    assert row["year"] == ""


@pytest.mark.parametrize(
    ("knots", "row", "words"),
    [
        ([("0%", "0%"), ("0%", "-1%")], 3, "row 2 is the same one"),
        ([("0%", "0%"), ("5%", "1%")], 3, "may not grow faster"),
        ([("12", "0%")], 2, "at most 60%; put a % sign"),
        ([("a lot", "0%")], 2, "such as 2.5%"),
    ],
)
def test_knots_that_overlap_or_rise_are_refused(knots, row, words):
    one = only_problem("convergence", files.convergence_file(knots))
    assert one["row"] == row
    assert words in one["message"]


def test_a_floor_above_the_cap_and_two_caps_of_a_year_are_refused():
    high = read("convergence", files.convergence_file([("0%", "0%")], Floor="9%")).problems
    assert [(one["column"], one["value"]) for one in high] == [("Floor", "9%")]
    two = [{"DfT": "0", "Convergence": "0", "Cap": "8%"}, {"DfT": "1%", "Convergence": "0", "Cap": "7%"}]
    assert "Use the same cap" in only_problem("convergence", files.as_csv(two))["message"]


def test_convergence_by_board_need_not_fall_with_distance():
    rows = [{"ICB": c, "DfT": d, "Convergence": g} for c, d, g in (("QKK", "1%", "0.1%"), ("QWE", "2%", "0.2%"))]
    assert read("convergence", files.as_csv(rows)).problems == []


def registered(leave_out: tuple = ()) -> bytes:
    bands = next(c.choices for c in LAYOUTS["registered"].columns if c.name == "age_band")
    rows = [
        {"Area code": "QKK", "Sex": sex, "Age band": band, "People": "10"}
        for sex in ("Female", "m")
        for band in bands
        if (sex, band) not in leave_out
    ]
    return files.as_csv(rows)


def test_ages_that_are_not_covered_are_named():
    assert read("registered", registered()).problems == []
    one = only_problem("registered", registered((("m", "85+"), ("Female", "0-4"))))
    assert "QKK for f 0-4, m 85+" in one["message"]
    assert "every age must be covered" in one["message"]


def test_a_need_index_may_be_of_one_programme_and_not_0():
    found = read("need", files.need_file())
    assert found.rows["programme_of_care"].tolist() == ["", "B", ""]
    assert "at least 1e-06" in only_problem("need", files.need_file(**{"Need index": "0"}))["message"]
    assert "Use one of: yes, no" in only_problem("need", files.need_file(**{"Includes age": "perhaps"}))["message"]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("nhse_practice_2025_26.csv", "2025/26"), ("2025/26", "2025/26"), ("2025-2026 final", "2025/26"), ("202526", "2025/26"),
        ("2026/27 to 2028/29", "2026/27"), ("2025/27", ""), ("April 2026", ""), ("v20250401", ""), ("", ""),
    ],
)  # fmt: skip
def test_financial_years_in_words(text, year):
    assert financial_year(text) == year


def test_another_edition_is_detected_by_name_and_by_its_own_years():
    found = read("practices", files.practice_file(), file="wp_2024_25.csv")
    [one] = edition_problems(found, file="wp_2024_25.csv", edition="2025/26")
    assert (one["column"], one["value"]) == ("edition", "2025/26")
    assert "The file’s name says 2024/25: this is another edition" in one["message"]
    assert edition_problems(found, file="x", edition="2024/25 final") == []
    years = read("allocations", files.as_csv([{"ICB code": "QKK", "Allocation": "1", "Year": "2026/27"}]))
    assert "The column of years says 2026/27" in edition_problems(years, file="x", edition="2025/26")[0]["message"]
    assert "Name the financial year" in edition_problems(years, file="x", edition="latest")[0]["message"]


def test_a_row_without_a_year_is_of_the_editions_and_may_not_stand_beside_it():
    rows = [{"ICB code": "QKK", "Allocation": "1", "Year": year} for year in ("", "2025-26")]
    text = read_public_bytes(files.as_csv(rows))
    found = official_rows(text, kind="allocations", file=FILE, year="2025/26")
    assert found.rows["year"].tolist() == ["2025/26", "2025/26"]
    assert [(one["row"], one["message"]) for one in found.problems] == [(3, "Remove it: row 2 is the same one.")]


def test_a_per_cent_is_the_fraction_that_it_stands_for():
    rows = read("convergence", files.convergence_file([("-3.6%", "0.1%")], Cap="\u221210%", Floor="-11%")).rows
    assert rows.loc[2, ["distance", "convergence", "floor", "cap"]].tolist() == [-0.036, 0.001, -0.11, -0.1]


def test_every_layout_says_what_each_column_is_and_its_own_example_is_accepted():
    for kind, layout in LAYOUTS.items():
        assert layout.key
        columns = [c for c in layout.columns if c.kind != "money"]
        row = {c.name.replace("_", " "): c.example for c in columns} | ({"allocation": "5"} if kind == "allocations" else {})
        found = read(kind, files.as_csv([row]))
        assert [p for p in found.problems if "covered" not in p["message"]] == [], kind
