"""A copy of a patient-level file without people, made without a database: what goes, what stands in its place, and the key."""

import csv
import io
import json
import tempfile
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from planning.extracts.layouts import layout_columns
from planning.extracts.minimising import age_band, pseudonym, read_date
from tests.planning.layout_files import layout_bytes, layout_row
from tests.planning.test_person_data import ISSUED, LOCAL, SPACED
from tests.planning.workbook_files import workbook_bytes, zip_bytes

KEY = b"k" * 32
SECRETS = [ISSUED, SPACED, "1950-06-15", "SE99 7QX", "H123456", "SPELL-77"]
PERSON = {
    "nhs_number": SPACED,
    "local_patient_identifier_extended": "H123456",
    "person_birth_date": "1950-06-15",
    "postcode_of_usual_address": "SE99 7QX",
    "hospital_provider_spell_identifier": "SPELL-77",
    "age_at_activity_date_contract_monitoring": "74",
    "activity_start_date_contract_monitoring": "2025-06-14",
}


def write(folder: Path, *rows, layout="plcm", name="people.csv", **options) -> Path:
    path = folder / name
    path.write_bytes(layout_bytes(layout, [layout_row(layout, **row) for row in rows], **options))
    return path


def copy_of(source: Path, **options) -> tuple[list[dict], str, dict]:
    """Rows of the copy by heading, what was said, and what was printed."""
    out, said, printed = source.parent / "copy.csv", io.StringIO(), io.StringIO()
    options = {"key_file": source.parent / "key", **options}
    call_command("minimise_extract", str(source), out=out, stderr=said, stdout=printed, **options)
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file)), said.getvalue(), json.loads(printed.getvalue())


def test_identifiers_go_and_pseudonym_age_band_and_local_authority_stand_in_their_place(tmp_path):
    postcodes = tmp_path / "postcodes.csv"
    postcodes.write_text("pcds,laua\nSE99 7QX,E09000028\nSW1A 1AA,E09000033\n")
    [row], said, printed = copy_of(write(tmp_path, PERSON), postcodes=postcodes)
    assert row["AGE BAND AT ACTIVITY DATE"] == "70-74"
    assert row["LOCAL AUTHORITY OF RESIDENCE"] == "E09000028"
    assert len(row["PATIENT PSEUDONYM"]) == 64
    assert (row["TOTAL COST"], row["SERVICE CODE"]) == ("50.00", "NCBPS13B")
    gone = {c.name for c in layout_columns("plcm") if c.identifying} | {"HOSPITAL PROVIDER SPELL IDENTIFIER"}
    assert gone.isdisjoint(row)
    everything = (tmp_path / "copy.csv").read_text() + said + json.dumps(printed)
    assert [secret for secret in SECRETS if secret in everything] == []
    assert (tmp_path / "key").read_text().strip() not in everything
    assert printed["rows"] == printed["pseudonyms"] == printed["age_bands"] == printed["local_authorities"] == 1


@pytest.mark.parametrize("gap", ["", " ", "-", ".", "\u00a0", "\u2011", "\u200b"])
def test_a_number_has_one_code_however_it_is_written(gap):
    written = gap.join((ISSUED[:3], ISSUED[3:6], ISSUED[6:]))
    assert pseudonym(written, "H1", KEY) == pseudonym(ISSUED, "", KEY) != ""


def test_without_a_file_of_postcodes_they_only_go(tmp_path):
    [row], _, printed = copy_of(write(tmp_path, PERSON))
    assert row["LOCAL AUTHORITY OF RESIDENCE"] == ""
    assert printed["local_authorities"] == 0


def test_a_patient_has_one_code_in_every_set_of_a_trust_and_another_under_another_key(tmp_path):
    [plcm], *_ = copy_of(write(tmp_path, {"nhs_number": ISSUED}))
    [drugs], *_ = copy_of(write(tmp_path, {"nhs_number": SPACED}, layout="drplcm"))
    [devices], *_ = copy_of(write(tmp_path, {"nhs_number": f"{ISSUED}.0"}, layout="deplcm"), key_file=tmp_path / "other")
    assert plcm["PATIENT PSEUDONYM"] == drugs["PATIENT PSEUDONYM"]
    assert devices["PATIENT PSEUDONYM"] not in ("", plcm["PATIENT PSEUDONYM"])


def test_a_patient_without_an_nhs_number_has_the_code_of_the_local_one_and_one_without_either_none():
    assert pseudonym("", "h 12", KEY) == pseudonym("NULL", "H12", KEY) != ""
    assert pseudonym("", "12", KEY) != pseudonym(LOCAL, "12", KEY)
    assert pseudonym("", " ", KEY) == ""


@pytest.mark.parametrize(
    ("born", "at", "band"),
    [
        ("2020-06-15", "2025-06-14", "0-4"), ("2020-06-15", "2025-06-15", "5-9"), ("15/06/1940", "2025-06-15", "85+"),
        ("1925-01-01", "2025-06-15", "85+"), ("2026-01-01", "2025-06-15", ""), ("15-Jun-1990", "01/07/2025 10:30", "35-39"),
        ("50", "2025-06-15", ""), ("1950", "2025-06-15", ""), ("18429", "2025-06-14", "70-74"),
        ("0001-01-01", "2025-06-15", ""), ("1900-01-01", "2025-06-15", ""),
        ("rubbish", "2025-06-15", ""), ("29/02/2000", "2025-02-28", "20-24"),
    ],
)  # fmt: skip
def test_age_bands_are_of_the_day_of_the_activity(born, at, band):
    row = {"person_birth_date": born, "activity_start_date_contract_monitoring": at}
    assert age_band(row) == band


def test_without_a_day_the_month_counts_and_without_a_birth_the_age_that_is_stated():
    assert age_band({"person_birth_date": "1950-02-02", "year": "202526", "month": "12"}) == "75-79"
    assert age_band({"person_birth_date": "1950-02-02", "year": "202526", "month": "1"}) == "75-79"
    assert age_band({"person_birth_date": "1950-04-02", "year": "202526", "month": "1"}) == "70-74"
    assert age_band({"person_birth_date": "1950-04-02", "year": "FY25/26", "month": "Apr-25"}) == "70-74"
    assert age_band({"person_birth_date": "1950-04-02", "year": "202526", "month": "May-25"}) == "75-79"
    assert age_band({"age_at_activity_date_contract_monitoring": "91"}) == "85+"
    assert age_band({"person_birth_date": "1950-02-02"}) == ""


def test_dates_are_read_as_files_write_them():
    same = [
        "2025-06-14",
        "2025-06-14 00:00",
        "2025-06-14T09:30:00",
        "14/06/2025",
        "14-Jun-2025",
        "14 June 2025",
        "20250614",
        "45822",
        "45822.0",
    ]
    assert {read_date(text) for text in same} == {date(2025, 6, 14)}
    assert [read_date(text) for text in ("", "14/06/25", "2025-13-01", "TBC")] == [None] * 4


def plcm_cells(**values) -> list[list[str]]:
    return list(csv.reader(io.StringIO(layout_bytes("plcm", [layout_row("plcm", **values)]).decode())))


def two_sheets(folder: Path) -> Path:
    path = folder / "people.xlsx"
    sheets = {"Notes": [["Made by finance"]], "May": plcm_cells(month="2"), "June": plcm_cells(month="3")}
    path.write_bytes(workbook_bytes(sheets))
    return path


def test_of_a_workbook_it_is_said_which_sheet_was_read_and_which_were_not(tmp_path):
    [row], said, _ = copy_of(two_sheets(tmp_path))
    assert row["FINANCIAL MONTH"] == "2"
    assert "Read from the sheet May. Not read: Notes, June; name another with --sheet NAME." in said


def test_another_sheet_can_be_named(tmp_path):
    [row], said, _ = copy_of(two_sheets(tmp_path), sheet="June")
    assert row["FINANCIAL MONTH"] == "3"
    assert "Read from the sheet June. Not read: Notes, May" in said


@pytest.mark.parametrize("name", ["July", "june", "Notes"])
def test_a_sheet_that_is_not_there_or_is_no_table_is_refused(tmp_path, name):
    with pytest.raises(CommandError) as refused:
        copy_of(two_sheets(tmp_path), sheet=name)
    wanted = "no heading row" if name == "Notes" else f"no sheet of the name {name}. Its sheets: Notes, May, June."
    assert wanted in str(refused.value)
    assert not (tmp_path / "copy.csv").exists()


def test_of_a_file_without_sheets_nothing_is_said_of_them(tmp_path):
    _, said, _ = copy_of(write(tmp_path, PERSON))
    assert "Read from the sheet" not in said
    with pytest.raises(CommandError, match=r"no sheet of the name June\. Its sheets: none"):
        copy_of(write(tmp_path, PERSON), sheet="June")


def test_columns_that_the_layout_does_not_have_go_and_are_named(tmp_path):
    source = write(tmp_path, {"SURNAME": "Featherstonehaugh", "NOTES": "rang his wife"}, extra=("SURNAME", "NOTES"))
    [row], said, printed = copy_of(source)
    assert {"SURNAME", "NOTES"} <= set(printed["dropped"])
    assert "Featherstonehaugh" not in str(row) + said


def test_numbers_and_postcodes_in_other_cells_are_emptied_and_counted(tmp_path):
    contract = "LOCAL CONTRACT CODE DESCRIPTION"
    rows = [{"local_contract_code_description": cell} for cell in (f"see {ISSUED}", "SE99 7QX", "Cardiac", LOCAL)]
    found, said, printed = copy_of(write(tmp_path, *rows))
    assert [row[contract] for row in found] == ["", "", "Cardiac", LOCAL]
    assert printed["emptied"] == {contract: 2}
    assert f"{contract}: 2 cells emptied" in said


def test_a_number_in_words_under_a_price_is_emptied_and_a_price_is_not(tmp_path):
    price = next(c.name for c in layout_columns("plcm") if c.field == "actual_price")
    rows, _, printed = copy_of(write(tmp_path, {"actual_price": f"see {ISSUED}"}, {"actual_price": ISSUED}))
    assert [row[price] for row in rows] == ["", ISSUED]
    assert sum(printed["emptied"].values()) == 1


def test_the_copy_is_accepted_and_the_original_refused(tmp_path, settings):
    from planning.extracts.person_data import refuse_people
    from planning.extracts.reading import Refused, read_heading

    source = write(tmp_path, PERSON)
    with pytest.raises(Refused):
        refuse_people(source, read_heading(source, "plcm"), "plcm")
    copy_of(source)
    assert refuse_people(tmp_path / "copy.csv", read_heading(tmp_path / "copy.csv", "plcm"), "plcm") == []


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-16", "\t"), ("cp1252", ";"), ("utf-8-sig", "|")])
def test_files_are_read_as_the_planner_reads_them(tmp_path, encoding, delimiter):
    source = write(tmp_path, PERSON, PERSON, encoding=encoding, delimiter=delimiter)
    rows, *_ = copy_of(source)
    assert [row["AGE BAND AT ACTIVITY DATE"] for row in rows] == ["70-74", "70-74"]


def test_the_sheet_with_people_of_a_packed_workbook_is_read_and_leaves_nothing_behind(tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    rows = list(csv.reader(io.StringIO(layout_bytes("plcm", [layout_row("plcm", **PERSON)]).decode())))
    source = tmp_path / "people.zip"
    source.write_bytes(zip_bytes({"people.xlsx": workbook_bytes({"Notes": [["Made by finance"]], "PLCM": [["Month 3"], *rows]})}))
    [row], *_ = copy_of(source)
    assert (row["AGE BAND AT ACTIVITY DATE"], len(row["PATIENT PSEUDONYM"])) == ("70-74", 64)
    assert list(temporary.iterdir()) == []


def test_a_key_is_made_once_for_nobody_else_to_read(tmp_path):
    _, said, _ = copy_of(write(tmp_path, PERSON))
    key = tmp_path / "key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert str(key) in said
    before = key.read_bytes()
    _, again, _ = copy_of(write(tmp_path, PERSON))
    assert key.read_bytes() == before
    assert "A key was made" not in again


def test_a_key_that_others_may_read_or_that_is_short_is_not_used(tmp_path):
    source, key = write(tmp_path, PERSON), tmp_path / "key"
    key.write_text("k" * 64)
    key.chmod(0o644)
    with pytest.raises(CommandError, match="Others may read"):
        copy_of(source)
    key.write_text("short")
    key.chmod(0o600)
    with pytest.raises(CommandError, match="at least 32"):
        copy_of(source)
    assert not (tmp_path / "copy.csv").exists()


def test_the_copy_takes_the_place_of_neither_file_nor_key(tmp_path):
    source = write(tmp_path, PERSON)
    before = source.read_bytes()
    for out in (source, tmp_path / "key"):
        with pytest.raises(CommandError, match="cannot take the place") as refused:
            call_command("minimise_extract", str(source), out=out, key_file=tmp_path / "key")
        assert refused.value.returncode == 2
    assert source.read_bytes() == before


def test_a_file_that_cannot_be_read_leaves_nothing_behind(tmp_path):
    source = tmp_path / "letter.csv"
    source.write_text("Dear all,\nplease find attached\n")
    with pytest.raises(CommandError):
        copy_of(source)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["key", "letter.csv"]


def test_a_stray_quote_hides_no_row_from_the_copy(tmp_path):
    contract = "local_contract_code_description"
    source = write(tmp_path, {contract: "MARK"}, *[{**PERSON, contract: "Cardiac"}] * 3)
    source.write_bytes(source.read_bytes().replace(b"MARK", b'"an open quote'))
    rows, *_ = copy_of(source)
    assert [row["LOCAL CONTRACT CODE DESCRIPTION"] for row in rows][1:] == ["Cardiac"] * 3
    assert len({row["PATIENT PSEUDONYM"] for row in rows[1:]} - {""}) == 1


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda content: content[:-60], "ends in the middle of row 4"),
        (lambda content: content.replace(b"MARK", b"x" * 200_000), "Row 3 of the file cannot be read: a cell in it is longer"),
        (lambda content: content.replace(b"MARK", b"x" * 7_000_000), "Row 3 of the selected file is longer than 4 million"),
    ],
)
def test_a_file_that_cannot_be_read_whole_is_not_copied(tmp_path, spoil, says):
    source = write(tmp_path, PERSON, {"local_contract_code_description": "MARK"}, PERSON)
    source.write_bytes(spoil(source.read_bytes()))
    with pytest.raises(CommandError, match=says):
        copy_of(source)
    assert not (tmp_path / "copy.csv").exists()


def test_a_table_that_is_no_table_of_postcodes_is_refused(tmp_path):
    table = tmp_path / "postcodes.csv"
    table.write_text("SE99 7QX,Southwark\n")
    with pytest.raises(CommandError, match="file of postcodes must be"):
        copy_of(write(tmp_path, PERSON), postcodes=table)


def test_a_missing_file_is_a_wrong_call(tmp_path):
    with pytest.raises(CommandError, match="There is no file") as refused:
        call_command("minimise_extract", str(tmp_path / "none.csv"), out=tmp_path / "copy.csv")
    assert refused.value.returncode == 2


def cells_of(*rows, layout="plcm") -> list[list[str]]:
    text = layout_bytes(layout, [layout_row(layout, **row) for row in rows]).decode()
    return list(csv.reader(io.StringIO(text)))


def test_a_workbook_is_copied_from_its_sheet_of_a_layout(tmp_path):
    source = tmp_path / "people.xlsx"
    source.write_bytes(workbook_bytes({"Notes": [["Dear all"], ["see the next sheet"]], "PLCM": cells_of(PERSON, {})}))
    rows, said, printed = copy_of(source)
    assert [row["AGE BAND AT ACTIVITY DATE"] for row in rows] == ["70-74", ""]
    assert printed["layout"] == "plcm"
    assert [secret for secret in SECRETS if secret in str(rows) + said] == []


def test_a_workbook_named_from_its_own_folder_is_found(tmp_path, monkeypatch):
    source = tmp_path / "people.xlsx"
    source.write_bytes(workbook_bytes({"PLCM": cells_of(PERSON)}))
    monkeypatch.chdir(tmp_path)
    [row], *_ = copy_of(Path("people.xlsx"))
    assert row["AGE BAND AT ACTIVITY DATE"] == "70-74"


def test_the_one_file_inside_a_zip_is_copied(tmp_path):
    source = tmp_path / "people.zip"
    source.write_bytes(zip_bytes({"plcm.csv": layout_bytes("plcm", [layout_row("plcm", **PERSON)])}))
    [row], *_ = copy_of(source)
    assert len(row["PATIENT PSEUDONYM"]) == 64
    assert sorted(p.name for p in tmp_path.iterdir()) == ["copy.csv", "key", "people.zip"]
