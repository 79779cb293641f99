import csv
import io

import pytest

from planning.extracts.numbering import LONGEST_LINE, LONGEST_RECORD
from planning.extracts.reading import BLOCK, Refused, encoding_of, number_rows, read_heading
from tests.planning.acm_files import HEADINGS, acm_bytes, acm_file, acm_row


def refusal(tmp_path, content: bytes, layout="acm") -> str:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    try:
        number_rows(path, tmp_path / "numbered.csv", read_heading(path, layout))
    except Refused as refused:
        return str(refused)
    pytest.fail("The file was not refused.")


def numbered(tmp_path, content: bytes, **options) -> dict[int, list[str]]:
    """Row number → cells, as the file with row numbers has them."""
    path, target = tmp_path / "file.csv", tmp_path / "numbered.csv"
    path.write_bytes(content)
    number_rows(path, target, read_heading(path, "acm"), **options)
    rows = csv.reader(io.StringIO(target.read_text(encoding="utf-8"), newline=""))
    return {int(number): cells for number, *cells in rows}


def two_rows(text: str, newline="\r\n") -> bytes:
    """A file whose first row has `text`, unquoted, in its last column but one place before the end."""
    lines = acm_bytes([acm_row(), acm_row()], newline=newline).split(newline.encode())
    lines[1] = lines[1].replace(b"RJ121", text.encode())
    return newline.encode().join(lines)


@pytest.mark.parametrize(
    ("encoding", "read_as"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("cp1252", "cp1252")],
)
def test_encodings_are_told_apart(tmp_path, encoding, read_as):
    path = acm_file(tmp_path, [acm_row(local_contract_code="King’s £")], encoding=encoding)
    assert encoding_of(path) == read_as
    assert read_heading(path, "acm").match.missing == ()


def test_a_byte_that_is_no_utf8_far_into_the_file_makes_it_windows_1252(tmp_path):
    rows = [acm_row()] * 20_000 + [acm_row(local_contract_code="£")]
    assert encoding_of(acm_file(tmp_path, rows, encoding="cp1252")) == "cp1252"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_becomes_the_same_rows(tmp_path, encoding):
    rows = [acm_row(local_contract_code="King’s £"), acm_row(month=2)]
    plain = numbered(tmp_path, acm_bytes(rows))
    assert numbered(tmp_path, acm_bytes(rows, encoding=encoding)) == plain
    assert list(plain) == [2, 3]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(tmp_path, delimiter):
    heading = read_heading(acm_file(tmp_path, delimiter=delimiter), "acm")
    assert (heading.delimiter, len(heading.cells)) == (delimiter, 43)


def test_the_heading_is_found_under_title_rows(tmp_path):
    rows = numbered(tmp_path, b'Contract monitoring\r\n"Made by finance,\r\nmonth 6"\r\n\r\n' + acm_bytes([acm_row(), acm_row()]))
    # Title, a quoted title of two lines, a blank row, the heading: four rows of a spreadsheet.
    assert list(rows) == [5, 6]


@pytest.mark.parametrize(("code", "kept"), [("AB\rC", "AB C"), ("AB\r\rC", "AB  C"), ("ABC\r", "ABC "), ("ABC", "ABC")])
def test_a_carriage_return_of_its_own_is_a_space_and_ends_no_line(tmp_path, code, kept):
    rows = numbered(tmp_path, two_rows(code))
    assert list(rows) == [2, 3]
    assert kept in rows[2]
    assert len(rows[2]) == len(rows[3])


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_breaks_of_every_system_are_read(tmp_path, newline):
    rows = numbered(tmp_path, acm_bytes([acm_row(month=1), acm_row(month=2)], newline=newline))
    assert {number: cells[0] for number, cells in rows.items()} == {2: "1", 3: "2"}


def test_a_quoted_line_break_makes_no_new_row(tmp_path):
    rows = numbered(tmp_path, acm_bytes([acm_row(local_contract_code="first\r\nsecond\nthird"), acm_row(month=2)]))
    assert list(rows) == [2, 3]
    assert "first second third" in rows[2]


def test_blank_lines_count_as_rows_of_a_spreadsheet_but_not_at_the_end(tmp_path):
    heading, first, second, _ = acm_bytes([acm_row(month=1), acm_row(month=2)]).split(b"\r\n")
    rows = numbered(tmp_path, b"\r\n".join([heading, first, b"", b"", second, b"", b"", b""]))
    assert {number: cells[0] for number, cells in rows.items()} == {2: "1", 3: "", 4: "", 5: "2"}


def test_a_quote_inside_a_cell_opens_nothing(tmp_path):
    rows = numbered(tmp_path, two_rows('5" tube'))
    assert list(rows) == [2, 3]
    assert '5" tube' in rows[2]


def test_a_quote_that_never_closes_costs_its_own_row_only(tmp_path):
    content = acm_bytes([acm_row(month=m % 12 + 1) for m in range(LONGEST_RECORD * 2)]).replace(b"RJ121", b'"RJ121', 1)
    rows = numbered(tmp_path, content)
    assert len(rows) == LONGEST_RECORD * 2
    assert rows[LONGEST_RECORD + 50][4] == "RJ1"


def test_characters_that_no_database_keeps_are_shown_as_unreadable(tmp_path):
    rows = numbered(tmp_path, acm_bytes([acm_row()] * 10_000 + [acm_row(actual_price="1\x0050")]))
    assert rows[10_002][list(HEADINGS).index("actual_price")] == "1\ufffd50"


def test_the_mark_of_older_programs_at_the_end_is_no_row(tmp_path):
    assert list(numbered(tmp_path, acm_bytes([acm_row()]) + b"\x1a")) == [2]
    assert list(numbered(tmp_path, acm_bytes([acm_row()]).rstrip() + b"\x1a")) == [2]


def test_row_numbers_run_on_past_ten_thousand(tmp_path):
    rows = numbered(tmp_path, acm_bytes([acm_row(local_contract_code=n) for n in range(10_010)]))
    assert list(rows) == list(range(2, 10_012))
    column = list(HEADINGS).index("local_contract_code")
    assert all(cells[column] == str(number - 2) for number, cells in rows.items())


def test_the_careful_reader_gives_the_same_rows(tmp_path):
    content = acm_bytes([acm_row(local_contract_code='a "quoted", cell'), acm_row(month=2)])
    assert numbered(tmp_path, content, careful=True) == numbered(tmp_path, content)


def test_the_careful_reader_gathers_cells_beyond_the_heading(tmp_path):
    lines = acm_bytes([acm_row(), acm_row()]).split(b"\r\n")
    lines[1] += b",x,,y"
    lines[2] += b",,,"
    rows = numbered(tmp_path, b"\r\n".join(lines), careful=True)
    assert (len(rows[2]), rows[2][-1], len(rows[3])) == (44, "xy", 43)


def test_the_beat_is_told_how_many_rows_were_read(tmp_path):
    beats = []
    path = acm_file(tmp_path, [acm_row()] * 30_000)
    number_rows(path, tmp_path / "numbered.csv", read_heading(path, "acm"), beats.append)
    assert len(beats) > 1
    assert beats == sorted(beats)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"  \r\n \r\n", "is empty"),
        (b"PK\x03\x04rest of a workbook", "must be a CSV or an Excel workbook (.xlsx). This is a workbook"),
        (b"%PDF-1.7 rest", "This is a PDF"),
        (b"\x1f\x8brest", "This is a compressed file"),
        (b"a,b\x00c\n1,2\n", "no text"),
        (b"hello\nworld\n", "has no heading row of Aggregate Contract Monitoring (ACM)"),
        (b",".join(b"c%d" % i for i in range(2000)), "2,000 columns"),
    ],
)
def test_what_is_no_table_of_activity_is_refused_in_words(tmp_path, content, says):
    assert says in refusal(tmp_path, content)


def test_a_file_of_another_layout_is_named(tmp_path):
    from planning.extracts.layouts import layout_columns

    heading = ",".join(column.name for column in layout_columns("plcm")).encode()
    assert "Its headings are those of Patient Level Contract Monitoring (PLCM)" in refusal(tmp_path, heading + b"\r\n")
    iap = ",".join(column.name for column in layout_columns("iap")).encode()
    assert "Indicative Activity Plan (IAP)" in refusal(tmp_path, iap + b"\r\n")


def test_missing_columns_are_named(tmp_path):
    message = refusal(tmp_path, acm_bytes(without=("commissioner", "actual_price")))
    assert "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER), CONTRACT MONITORING ACTUAL PRICE" in message


def test_a_column_to_date_is_named_as_the_reason(tmp_path):
    message = refusal(tmp_path, acm_bytes(headings={"actual_price": "YTD_ACTUAL_PRICE"}))
    assert "cannot stand for those of a month: YTD_ACTUAL_PRICE" in message


def test_a_column_that_is_there_twice_is_refused(tmp_path):
    assert "more than once: SERVICE CODE" in refusal(tmp_path, acm_bytes(headings={"ward_code": "Service_Code"}))


@pytest.mark.parametrize("cut", [40, 120])
def test_a_file_that_was_cut_off_is_refused(tmp_path, cut):
    content = acm_bytes([acm_row(), acm_row(), acm_row()])
    assert "ends in the middle of row 4" in refusal(tmp_path, content[:-cut])


def test_a_file_cut_off_inside_quotes_is_refused(tmp_path):
    content = acm_bytes([acm_row(), acm_row(tariff='EY02A, "so called"')])
    assert "ends in the middle of row 3" in refusal(tmp_path, content[: content.index(b"so called")])


def test_a_last_row_without_its_line_break_is_whole(tmp_path):
    assert list(numbered(tmp_path, acm_bytes([acm_row(), acm_row()]).rstrip())) == [2, 3]


def bytes_of_rows(*lines: bytes) -> bytes:
    """A file of a valid row, lines as they are, and another valid row."""
    heading, row, _ = acm_bytes([acm_row()], newline="\n").split(b"\n")
    return b"\n".join([heading, row, *lines, row, b""])


def test_a_line_that_never_ends_is_refused_by_its_row_and_fills_no_memory(tmp_path):
    written = bytes_of_rows(b"x" * (LONGEST_LINE + 2 * BLOCK))
    assert "Row 3 of the selected file is longer than 4 million characters" in refusal(tmp_path, written)


def test_a_last_cell_that_is_longer_than_any_is_no_server_error(tmp_path):
    content = acm_bytes([acm_row()]) + b"x" * 200_000
    assert "ends in the middle of row 3" in refusal(tmp_path, content)


def test_a_row_that_cannot_be_read_is_not_taken_for_a_blank_one(tmp_path):
    rows = numbered(tmp_path, bytes_of_rows(b'a"' + b"x" * 200_000 + b",2"))
    assert list(rows) == [2, 3, 4]
    assert rows[3] == ["\ufffd"]


def test_a_line_of_nothing_but_quotes_is_read_at_once(tmp_path):
    rows = numbered(tmp_path, bytes_of_rows(b'x"' * 150_001))
    assert len(rows) == 3
    assert rows[3] != rows[4] == rows[2]


def test_a_quote_opens_after_blanks_at_the_start_of_a_line_or_of_a_cell(tmp_path):
    assert len(numbered(tmp_path, bytes_of_rows(b'   "one', b'two",3', b'1,  "three', b'four"'))) == 4


def test_millions_of_blank_lines_are_counted_and_not_gathered_anew_with_every_block(tmp_path):
    blank = 3 * BLOCK
    rows = tmp_path / "numbered.csv"
    path = tmp_path / "file.csv"
    path.write_bytes(bytes_of_rows(b"\n" * (blank - 1)) + b"\n" * blank)
    assert number_rows(path, rows, read_heading(path, "acm")) == blank + 2
    with rows.open("rb") as file:
        file.seek(-400, io.SEEK_END)
        assert file.read().splitlines()[-1].startswith(b"%d," % (blank + 3))


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"<html><table><tr><td>FINANCIAL MONTH</td></tr></table></html>", "a web page"),
        (b"\xef\xbb\xbf<!-- made by a report -->\r\n<TABLE border=1>", "a web page"),
        (b"<!DOCTYPE html>", "a web page"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "an XML file"),
        (b"{\\rtf1 text}", "a document of text (RTF)"),
        (b"Rar!\x1a\x07", "a compressed file"),
    ],
)
def test_other_kinds_of_file_are_named_with_the_way_out(tmp_path, start, what):
    said = refusal(tmp_path, start)
    assert f"This is {what}" in said
    assert "save it as CSV UTF-8 and select that file" in said
