"""Zip files, gzip files and workbooks become text, or are refused in words before they can do harm."""

import datetime
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.extracts import archives, unpacking, workbooks
from planning.extracts.archives import Limit
from planning.extracts.reading import Refused
from planning.extracts.unpacking import is_packed, source_in_words, unpack
from planning.extracts.workbooks import Sheet, cell_text
from tests.planning.acm_files import acm_bytes, acm_row
from tests.planning.workbook_files import (
    acm_cells,
    acm_workbook,
    gzip_bytes,
    part_of,
    with_parts,
    workbook_bytes,
    zip_bytes,
)

MOST = 50_000_000
DAY = datetime.date(2026, 5, 20)
MIDNIGHT, HALF_PAST_NINE = (datetime.datetime.combine(DAY, datetime.time(*at)) for at in ((0, 0), (9, 30)))
SHEET_1 = "xl/worksheets/sheet1.xml"


def unpacked(tmp_path: Path, content: bytes, most: int = MOST):
    """What the file becomes, with the text of each sheet by its name."""
    source, folder = tmp_path / "received", tmp_path / "folder"
    source.write_bytes(content)
    folder.mkdir()
    found = unpack(source, folder, most)
    return found, {sheet.name: (folder / sheet.file).read_text(encoding="utf-8") for sheet in found.sheets}


def refusal(tmp_path: Path, content: bytes, most: int = MOST) -> str:
    """The reason, found in this process, where a fault shows itself whole."""
    source, folder = tmp_path / "received", tmp_path / "folder"
    source.write_bytes(content)
    folder.mkdir()
    with pytest.raises(Refused) as refused:
        unpacking._unpack(source, folder, most)
    return str(refused.value)


def test_plain_text_is_not_packed_and_all_else_that_is_known_is(tmp_path):
    path = tmp_path / "file"
    for content, packed in ((acm_bytes(), False), (b"", False), (zip_bytes({"a": b"x"}), True), (gzip_bytes(b"x"), True)):
        path.write_bytes(content)
        assert is_packed(path) == packed


@pytest.mark.parametrize("pack", [gzip_bytes, lambda content: zip_bytes({"folder/june.csv": content})], ids=["gzip", "zip"])
def test_a_packed_text_comes_out_as_it_went_in(tmp_path, pack):
    content = acm_bytes([acm_row(local_contract_code="King’s £")])
    found, texts = unpacked(tmp_path, pack(content))
    assert not found.workbook
    assert texts[""].encode() == content.replace(b"\r\n", b"\n")


def test_the_name_inside_a_zip_is_shown_and_never_used_as_a_path(tmp_path):
    found, texts = unpacked(tmp_path, zip_bytes({"../../../etc/june.csv": b"a,b\n"}))
    assert (found.inside, texts) == ("june.csv", {"": "a,b\n"})
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["folder", "inside", "received"]


def test_what_a_computer_puts_beside_a_file_does_not_count(tmp_path):
    beside = {"__MACOSX/._june.csv": b"x", ".DS_Store": b"x", "folder/Thumbs.db": b"x"}
    assert unpacked(tmp_path, zip_bytes({**beside, "folder/june.csv": b"a\n"}))[1] == {"": "a\n"}


def test_a_workbook_in_a_zip_is_read_as_a_workbook(tmp_path):
    found, texts = unpacked(tmp_path, zip_bytes({"june.xlsx": acm_workbook()}))
    assert (found.workbook, found.inside, list(texts)) == (True, "june.xlsx", ["ACM"])


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, "is empty"),
        ({"a.csv": b"x", "b.csv": b"y"}, "holds 2 files. Put one file in it"),
        ({"a.zip": zip_bytes({"a.csv": b"x"})}, "holds another packed file"),
        ({"a.csv.gz": gzip_bytes(b"x")}, "holds another packed file"),
        ({"word/document.xml": b"<a/>"}, "is a Word document"),
        ({"xl/workbook.bin": b"x"}, "binary Excel workbook (.xlsb). Save it as an Excel workbook (.xlsx)"),
        ({"content.xml": b"<a/>", "mimetype": b"x"}, "OpenDocument"),
    ],
)
def test_a_zip_file_holds_one_file_that_can_be_read(tmp_path, files, says):
    assert says in refusal(tmp_path, zip_bytes(files))


def test_too_many_files_are_refused_before_any_is_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_MEMBERS", 3)
    assert "holds 4 files" in refusal(tmp_path, zip_bytes({str(i): b"" for i in range(4)}))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content[:60] + b"\0" * 20 + content[80:],
        lambda content: b"PK\x03\x04rest",
    ],
)
@pytest.mark.parametrize("make", [acm_workbook, lambda: zip_bytes({"a.csv": acm_bytes([acm_row()] * 50)})], ids=["xlsx", "zip"])
def test_broken_files_are_refused(tmp_path, make, spoil):
    assert "is broken" in refusal(tmp_path, spoil(make()))


def test_a_broken_gzip_file_is_refused(tmp_path):
    assert "is broken" in refusal(tmp_path, gzip_bytes(acm_bytes())[:-20])


def test_a_password_is_said(tmp_path):
    content = bytearray(zip_bytes({"a.csv": b"x" * 100}))
    # The mark of encryption, in the member's own header and in the list at the end.
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "protected by a password" in refusal(tmp_path, bytes(content))
    shell = b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 200
    (tmp_path / "again").mkdir()
    assert "workbook is protected by a password" in refusal(tmp_path / "again", shell)


def test_an_older_workbook_is_named(tmp_path):
    assert "older Excel or Word file" in refusal(tmp_path, b"\xd0\xcf\x11\xe0" + b"\0" * 600)


def test_ways_of_packing_that_take_memory_are_refused(tmp_path):
    assert "packed in a way" in refusal(tmp_path, zip_bytes({"a.csv": b"x" * 1000}, zipfile.ZIP_LZMA))


@pytest.mark.parametrize("pack", [gzip_bytes, lambda c: zip_bytes({"a.csv": c})], ids=["gzip", "zip"])
def test_what_unpacks_to_too_much_is_stopped_on_the_way(tmp_path, pack):
    assert "unpacks to more than 1 MB" in refusal(tmp_path, pack(b"a" * 20_000_000), most=1 << 20)
    assert sum(p.stat().st_size for p in (tmp_path / "folder").iterdir()) <= 2 << 20


def test_a_bomb_is_known_by_its_ratio(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "RATIO_COUNTS_FROM", 1 << 20)
    assert "far more than a file of activity does" in refusal(tmp_path, gzip_bytes(b"\0" * 30_000_000))
    limit = Limit(most=1 << 40, packed=1 << 20)
    limit.take(200 << 20)
    with pytest.raises(Refused):
        limit.take(200 << 20)


def test_the_size_that_a_header_states_is_not_believed(tmp_path):
    content = bytearray(zip_bytes({"a.csv": b"a" * 5_000_000}))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (10).to_bytes(4, "little")
    (tmp_path / "received").write_bytes(content)
    (tmp_path / "folder").mkdir()
    with pytest.raises(Refused):
        unpacking._unpack(tmp_path / "received", tmp_path / "folder", 1 << 20)
    assert sum(p.stat().st_size for p in (tmp_path / "folder").iterdir()) <= 2 << 20


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        b'<!doctype x [<!entity c SYSTEM "http://example.invalid/">]>',
    ],
)
@pytest.mark.parametrize("part", [SHEET_1, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_entities_are_refused_in_any_part(tmp_path, part, declaration):
    whole = acm_workbook()
    head, _, rest = part_of(whole, part).partition(b"?>")
    assert "declarations that no spreadsheet program writes" in refusal(
        tmp_path, with_parts(whole, {part: head + b"?>" + declaration + rest})
    )


def test_entities_are_found_across_blocks_and_in_utf_16(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "BLOCK", 50)
    text = b"<?xml version='1.0'?>" + b" " * 19 + b"<!DOCTYPE x><sst/>"
    assert "declarations" in refusal(tmp_path, with_parts(acm_workbook(), {"xl/sharedStrings.xml": text}))
    (tmp_path / "wide").mkdir()
    wide = "<!DOCTYPE x><sst/>".encode("utf-16")
    assert "declarations" in refusal(tmp_path / "wide", with_parts(acm_workbook(), {"xl/sharedStrings.xml": wide}))


def test_shared_strings_that_never_end_are_stopped(tmp_path):
    strings = b"<sst>" + b"<si><t>a</t></si>" * 1_000_000 + b"</sst>"
    content = with_parts(acm_workbook(), {"xl/sharedStrings.xml": strings})
    assert "unpacks to more than 5 MB" in refusal(tmp_path, content, most=5 << 20)


def test_row_numbers_of_the_sheet_are_line_numbers_of_the_text(tmp_path):
    rows = [["Contract monitoring"], [], ["made by", "", "finance"], [], *acm_cells([acm_row(), acm_row(month=2)])]
    text = unpacked(tmp_path, workbook_bytes({"ACM": rows}))[1]["ACM"].split("\n")
    assert text[0].startswith("Contract monitoring")
    assert (text[1], text[3]) == ("", "")
    assert text[4].startswith("FINANCIAL MONTH,")
    assert text[6].startswith("2,202526")


def test_a_sheet_that_begins_further_down_keeps_its_row_numbers(tmp_path):
    found, texts = unpacked(tmp_path, workbook_bytes({"A": [[], [], [], ["", "x", "y"], ["", "1"]]}))
    assert texts["A"] == "\n\n\nx,y\n1,\n"
    assert found.sheets[0].rows == 5


def test_every_row_is_as_wide_as_the_widest_of_the_first_and_no_wider(tmp_path):
    text = unpacked(tmp_path, workbook_bytes({"A": [["a", "b", "c"], ["1"], ["1", "2", "3", "4"]]}))[1]["A"]
    assert text.splitlines() == ["a,b,c,", "1,,,", "1,2,3,4"]


def test_empty_sheets_and_charts_are_left_out_and_hidden_ones_marked(tmp_path):
    found, _ = unpacked(tmp_path, workbook_bytes({"Data": [["a"]], "Empty": [], "Lists": [["x"]]}, hidden=["Lists"]))
    assert [(s.name, s.hidden) for s in found.sheets] == [("Data", False), ("Lists", True)]


def test_a_workbook_without_a_cell_is_refused(tmp_path):
    assert "workbook is empty" in refusal(tmp_path, workbook_bytes({"A": [], "B": []}))


def test_a_million_rows_with_a_format_and_nothing_in_them_are_no_rows(tmp_path):
    whole = workbook_bytes({"A": [["a", "b"], ["1", "2"]]})
    rows = b"".join(b'<row r="%d" ht="20" customHeight="1"><c r="A%d" s="1"/></row>' % (n, n) for n in range(3, 300_003))
    sheet = part_of(whole, SHEET_1).replace(b"</sheetData>", rows + b"</sheetData>")
    found, texts = unpacked(tmp_path, with_parts(whole, {SHEET_1: sheet}))
    assert found.sheets[0].rows == 2
    assert texts["A"] == "a,b\n1,2\n"


def test_a_sheet_with_far_too_many_cells_is_refused_without_taking_the_memory(tmp_path):
    # Two cells in opposite corners: held as a table, seventeen thousand million cells.
    whole = workbook_bytes({"A": [["a"]]})
    corner = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    content = with_parts(whole, {SHEET_1: part_of(whole, SHEET_1).replace(b"</sheetData>", corner)})
    (tmp_path / "received").write_bytes(content)
    (tmp_path / "folder").mkdir()
    with pytest.raises(Refused) as refused:
        unpack(tmp_path / "received", tmp_path / "folder", MOST)
    assert "Save the sheet as CSV UTF-8" in str(refused.value)


def test_more_cells_than_are_read_at_once_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_CELLS", 5)
    assert "too many cells" in refusal(tmp_path, workbook_bytes({"A": [["a", "b"], ["c", "d"], ["e", "f"]]}))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (1234.5, "1234.5"),
        (5.0, "5"),
        (202526.0, "202526"),
        (-17.25, "-17.25"),
        (1e-7, "0.0000001"),
        (1e20, "100000000000000000000"),
        (2.675, "2.675"),
        (1234567.891234, "1234567.891234"),
        (True, "TRUE"),
        ("two\r\nlines", "two lines"),
        ("=1+1", "=1+1"),
        (HALF_PAST_NINE, "2026-05-20 09:30:00"),
        (MIDNIGHT, "2026-05-20"),
        (DAY, "2026-05-20"),
        (datetime.time(9, 30), "09:30:00"),
    ],
)
def test_cells_are_written_as_they_are_shown(value, text):
    assert cell_text(value) == text


def test_dates_and_figures_of_a_workbook_are_plain_text(tmp_path):
    cells = [[HALF_PAST_NINE, 0.1 + 0.2, 12, "012", " x "]]
    assert unpacked(tmp_path, workbook_bytes({"A": cells}))[1]["A"] == "2026-05-20 09:30:00,0.3,12,012, x \n"


def test_cells_with_an_error_are_counted(tmp_path):
    whole = workbook_bytes({"A": [["a", "b"], [1, 2]]})
    sheet = part_of(whole, SHEET_1).replace(b'<c r="B2"><v>2</v>', b'<c r="B2" t="e"><v>#DIV/0!</v>')
    found, texts = unpacked(tmp_path, with_parts(whole, {SHEET_1: sheet}))
    assert (found.errors, texts["A"]) == (1, "a,b\n1,\n")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (b'<c r="B2"><f>1+1</f><v></v></c>', 1),
        (b'<c r="B2"><f>1+1</f><v/></c>', 1),
        (b'<c r="B2" s="3"><f t="shared" si="0"/></c>', 1),
        (b'<c r="B2"><f>1+1</f><v>2</v></c>', 0),
        (b'<c r="B2" t="str"><f>IF(1,"","")</f><v></v></c>', 0),
    ],
)
def test_formulas_that_nothing_worked_out_are_counted(tmp_path, cell, number):
    whole = workbook_bytes({"A": [["a", "b"], [1, 2]]})
    sheet = part_of(whole, SHEET_1).replace(b'<c r="B2"><v>2</v></c>', cell)
    assert sheet != part_of(whole, SHEET_1)
    assert unpacked(tmp_path, with_parts(whole, {SHEET_1: sheet}))[0].unworked == number


def test_a_workbook_with_macros_is_read_as_data(tmp_path):
    content = with_parts(acm_workbook(), {"xl/vbaProject.bin": b"macro"})
    assert list(unpacked(tmp_path, content)[1]) == ["ACM"]


def test_a_process_that_is_killed_for_its_memory_is_a_refusal(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking.sys, "executable", "/bin/false")
    (tmp_path / "received").write_bytes(acm_workbook())
    with pytest.raises(Refused, match="too much memory or time"):
        unpack(tmp_path / "received", tmp_path, MOST)


def test_a_full_disk_is_no_refusal(tmp_path, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(unpacking, "_unpack", full)
    monkeypatch.setattr(unpacking, "_limit_itself", lambda: None)
    assert unpacking.main(["a", "b", "1"]) == {"full": 28}


def test_texts_are_there_only_while_they_are_needed(tmp_path):
    for name, content in (("a.csv", b"a,b"), ("a.zip", zip_bytes({"a.csv": b"a,b"}))):
        (tmp_path / name).write_bytes(content)
        with unpacking.texts_of(tmp_path / name, MOST) as [text]:
            assert text.read_bytes() == b"a,b"
        assert text.exists() == (name == "a.csv")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, ""),
        ({"inside": "june.csv"}, "Read from june.csv in the packed file"),
        ({"workbook": True, "sheet": "ACM", "sheets": ["ACM"]}, "Read from the sheet “ACM” of the workbook"),
        (
            {"workbook": True, "sheet": "ACM", "sheets": ["ACM"], "hidden": True},
            "Read from the hidden sheet “ACM” of the workbook",
        ),
        (
            {"workbook": True, "sheet": "ACM", "sheets": ["Notes", "ACM"], "inside": "a.xlsx", "errors": 1200},
            "Read from the sheet “ACM” of the workbook a.xlsx in the packed file, which has 2 sheets that are not empty; "
            "1,200 cells with an error such as #DIV/0! are read as blank",
        ),
        (
            {"workbook": True, "sheet": "ACM", "sheets": ["ACM"], "errors": 1, "unworked": 2},
            "Read from the sheet “ACM” of the workbook; 1 cell with an error such as #DIV/0! is read as blank; 2 cells with a "
            "formula that was not worked out are read as blank: open the workbook in Excel, save it and send it again",
        ),
    ],
)
def test_where_a_text_was_taken_from_is_said(said, words):
    assert source_in_words(**{"workbook": False, "inside": "", "sheet": "", "sheets": [], "errors": 0, **said}) == words


def test_sheets_are_told_to_the_caller_as_they_were_found(tmp_path):
    found, _ = unpacked(tmp_path, workbook_bytes({"A": [["x", "y"], ["1", "2"]]}))
    assert found.sheets == (Sheet("A", "sheet-0.csv", 2, 2),)


def test_the_workbook_reader_gets_what_calamine_cannot_read_as_a_refusal(tmp_path):
    out = io.BytesIO(with_parts(acm_workbook(), {"xl/workbook.xml": b"<notaworkbook"}))
    assert "is broken" in refusal(tmp_path, out.getvalue())


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_money_comes_out_of_a_workbook_as_it_went_in(amount):
    assert Decimal(cell_text(float(amount))) == amount
