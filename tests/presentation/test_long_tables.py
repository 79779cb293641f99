"""Long tables as files: no row is lost between blocks or sheets, nothing runs as a formula."""

import csv
import io
from decimal import Decimal

from python_calamine import CalamineWorkbook

from presentation.long_tables import LINES_AT_ONCE, LongTable, csv_blocks, write_workbook


def numbers(count):
    return LongTable("Problems", ("Row", "Value"), ((n, f"value {n}") for n in range(count)))


def test_csv_comes_in_blocks_and_holds_every_row():
    blocks = list(csv_blocks(numbers(2 * LINES_AT_ONCE + 5)))
    assert len(blocks) == 3
    rows = list(csv.reader(io.StringIO(b"".join(blocks).decode("utf-8-sig"))))
    assert rows[0] == ["Row", "Value"]
    assert [int(row[0]) for row in rows[1:]] == list(range(2 * LINES_AT_ONCE + 5))


def test_what_would_run_is_made_inert_and_numbers_stay_numbers():
    table = LongTable("T", ("=a", "b"), [("=1+1", -5), ("plain", None)])
    assert b"".join(csv_blocks(table)).decode("utf-8-sig").splitlines() == ["'=a,b", "'=1+1,-5", "plain,"]


def test_received_figures_are_numbers_and_longer_ones_than_a_spreadsheet_holds_are_text(tmp_path):
    table = LongTable("T", ("a", "b"), [(Decimal("-5.50"), Decimal("1234567890123456.5"))])
    assert b"".join(csv_blocks(table)).decode("utf-8-sig").splitlines() == ["a,b", "-5.50,1234567890123456.5"]
    write_workbook(tmp_path / "t.xlsx", [table])
    sheet = CalamineWorkbook.from_path(str(tmp_path / "t.xlsx")).get_sheet_by_index(0).to_python()
    assert sheet[1] == [-5.5, "1234567890123456.5"]


def test_a_table_that_is_longer_than_a_sheet_goes_on_in_the_next(tmp_path):
    path = tmp_path / "long.xlsx"
    names = write_workbook(path, [LongTable("By rule", ("A",), [("x",)]), numbers(25)], most=11)
    assert names == ["By rule", "Problems", "Problems (2)", "Problems (3)"]
    book = CalamineWorkbook.from_path(str(path))
    sheets = [book.get_sheet_by_name(name).to_python() for name in names[1:]]
    assert [sheet[0] for sheet in sheets] == [["Row", "Value"]] * 3
    assert [row[0] for sheet in sheets for row in sheet[1:]] == list(range(25))


def test_rows_that_fill_a_sheet_make_no_empty_one_and_no_rows_make_a_heading(tmp_path):
    assert write_workbook(tmp_path / "full.xlsx", [numbers(10)], most=11) == ["Problems"]
    assert write_workbook(tmp_path / "empty.xlsx", [numbers(0)]) == ["Problems"]
    sheet = CalamineWorkbook.from_path(str(tmp_path / "empty.xlsx")).get_sheet_by_index(0).to_python()
    assert sheet == [["Row", "Value"]]
