"""Reading and checking rows of reference tables, on tables made up for the purpose."""

import datetime
from decimal import Decimal

import pandas as pd
import pytest

from planning.calculations.reference_rows import (
    Column,
    Table,
    check_table,
    check_tables,
    circular_successors,
    overlapping_periods,
    problems_frame,
)

PLANTS = Table(
    "plants",
    ("code",),
    (
        Column("code", required=True, length=3),
        Column("height", "number", least=0, most=100),
        Column("sown", "date"),
        Column("season", "year"),
        Column("hardy", "yes_no"),
        Column("seeds", "whole", least=0),
        Column("price", "decimal"),
        Column("kind", choices=("tree", "herb")),
    ),
)
BEDS = Table(
    "beds",
    ("plant", "valid_from"),
    (Column("plant", refers_to="plants"), Column("valid_from", "date"), Column("valid_to", "date")),
)
RULERS = Table("rulers", ("code",), (Column("code"), Column("successor", refers_to="rulers")))
GOOD = {
    "code": "oak",
    "height": "12.5",
    "sown": "2025-04-01",
    "season": "2025/26",
    "hardy": "true",
    "seeds": "7",
    "price": "0.10",
    "kind": "tree",
}


def text(table, *rows):
    return pd.DataFrame(list(rows), columns=table.headings, dtype=str)


def plants(**changes):
    return text(PLANTS, list((GOOD | changes).values()))


def beds(*rows):
    shaped, problems = check_table(BEDS, text(BEDS, *rows))
    assert problems == []
    return shaped


def test_each_kind_of_cell_becomes_a_value_of_its_type():
    shaped, problems = check_table(PLANTS, plants())
    assert problems == []
    assert shaped.loc[2].to_dict() == {
        "code": "oak",
        "height": 12.5,
        "sown": datetime.date(2025, 4, 1),
        "season": "2025/26",
        "hardy": True,
        "seeds": 7,
        "price": Decimal("0.10"),
        "kind": "tree",
    }


def test_blank_is_missing_and_never_zero_or_false():
    shaped, problems = check_table(PLANTS, plants(height="", sown="", season="", hardy="", seeds="", price="", kind=""))
    assert problems == []
    assert [shaped[name][2] for name in ("height", "sown", "season", "hardy", "seeds", "price", "kind")] == [None] * 6 + [""]


@pytest.mark.parametrize(
    ("column", "value", "advice"),
    [
        ("code", "", "may not be blank"),
        ("code", "   ", "may not be blank"),
        ("code", "oaks", "at most 3 characters; it has 4"),
        ("height", "1,200", "without commas"),
        ("height", "tall", "Write a number"),
        ("height", "NaN", "Write a number"),
        ("height", "Infinity", "Write a number"),
        ("height", "-1", "at least 0"),
        ("height", "100.01", "at most 100"),
        ("sown", "01/04/2025", "YYYY-MM-DD"),
        ("sown", "2025-02-30", "YYYY-MM-DD"),
        ("season", "2025", "2025/26"),
        ("season", "2025/27", "2025/26"),
        ("hardy", "yes", "true or false"),
        ("seeds", "7.5", "whole number"),
        ("seeds", "-3", "at least 0"),
        ("price", "£1", "Write a number"),
        ("kind", "fern", "tree, herb"),
    ],
)
def test_a_cell_that_cannot_be_read_says_where_and_what_to_do(column, value, advice):
    shaped, problems = check_table(PLANTS, plants(**{column: value}))
    (one,) = problems
    assert (one["file"], one["row"], one["column"], one["value"]) == ("plants.csv", 2, column, value)
    assert advice in one["message"]
    assert shaped[column][2] is None


def test_the_turn_of_a_century_is_a_year():
    shaped, problems = check_table(PLANTS, plants(season="2099/00"))
    assert problems == []
    assert shaped["season"][2] == "2099/00"


def test_row_numbers_are_those_of_a_spreadsheet():
    frame = pd.concat([plants(), plants(code="elm"), plants(code="ash", seeds="x")], ignore_index=True)
    assert [one["row"] for one in check_table(PLANTS, frame)[1]] == [4]


def test_headings_that_are_missing_or_unknown_are_named_and_nothing_else_is_checked():
    frame = plants(height="tall").rename(columns={"sown": "planted"})
    shaped, problems = check_table(PLANTS, frame)
    assert [(one["row"], one["column"]) for one in problems] == [(1, "sown"), (1, "planted")]
    assert shaped.empty


def test_a_repeated_key_names_the_row_that_has_it_already():
    frame = pd.concat([plants(), plants(code="elm"), plants(height="3")], ignore_index=True)
    (one,) = check_table(PLANTS, frame)[1]
    assert (one["row"], one["column"], one["value"]) == (4, "code", "oak")
    assert "row 2" in one["message"]


def test_a_row_may_not_end_before_it_begins():
    (one,) = check_table(BEDS, text(BEDS, ["oak", "2025-04-01", "2025-03-31"]))[1]
    assert (one["row"], one["column"]) == (2, "valid_to")
    assert check_table(BEDS, text(BEDS, ["oak", "2025-04-01", "2025-04-01"]))[1] == []


def test_codes_of_other_tables_must_be_there_or_known():
    frames = {"plants": plants(), "beds": text(BEDS, ["oak", "", ""], ["fir", "2020-01-01", ""])}
    _, problems = check_tables([PLANTS, BEDS], frames)
    assert [(one["file"], one["row"], one["value"]) for one in problems] == [("beds.csv", 3, "fir")]
    assert "plants.csv" in problems[0]["message"]
    assert check_tables([BEDS], {"beds": frames["beds"]}, {"plants": {"oak", "fir"}})[1] == []


def test_a_blank_reference_is_no_fault():
    assert check_tables([BEDS], {"beds": text(BEDS, ["", "", ""])})[1] == []


def test_a_table_may_refer_to_its_own_later_rows():
    frames = {"rulers": text(RULERS, ["anne", "mary"], ["mary", ""])}
    assert check_tables([RULERS], frames)[1] == []
    frames = {"rulers": text(RULERS, ["anne", "jane"], ["mary", ""])}
    assert [one["value"] for one in check_tables([RULERS], frames)[1]] == ["jane"]


def test_problems_of_several_tables_come_in_order_of_table_and_row():
    many = pd.concat(
        [plants(code=f"p{number}", seeds="x" if number in (1, 9) else "1") for number in range(10)], ignore_index=True
    )
    _, problems = check_tables([PLANTS, BEDS], {"beds": text(BEDS, ["fir", "", ""]), "plants": many})
    assert [(one["file"], one["row"]) for one in problems] == [("plants.csv", 3), ("plants.csv", 11), ("beds.csv", 2)]


def test_two_rows_of_one_owner_in_force_on_one_day_are_a_fault():
    frame = beds(["oak", "2020-04-01", "2024-03-31"], ["oak", "2024-03-31", ""], ["elm", "2020-04-01", ""])
    (one,) = overlapping_periods(BEDS, frame)
    assert (one["row"], one["column"]) == (3, "valid_from")


def test_periods_that_follow_one_another_are_no_fault_whatever_their_order():
    assert overlapping_periods(BEDS, beds(["oak", "2024-04-01", ""], ["oak", "", "2024-03-31"])) == []


def test_open_ends_overlap_with_everything_after():
    assert len(overlapping_periods(BEDS, beds(["oak", "", ""], ["oak", "2024-04-01", "2025-03-31"]))) == 1


def test_successors_may_not_lead_back():
    shaped, _ = check_table(RULERS, text(RULERS, ["a", "b"], ["b", "c"], ["c", "a"], ["d", "a"], ["e", ""], ["f", "f"]))
    assert [one["row"] for one in circular_successors(RULERS, shaped)] == [2, 3, 4, 7]


def test_no_problems_still_make_a_frame_with_headings():
    assert list(problems_frame([]).columns) == ["file", "row", "column", "value", "message"]
