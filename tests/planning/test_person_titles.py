"""People above a table, beyond its columns and on sheets that are not read: refused too, and never shown."""

import csv
import io

import pytest

from planning.extracts.person_data import refuse_people, refuse_people_in_text
from planning.extracts.person_titles import look_at_titles, rows_that_name_people
from planning.extracts.reading import Refused, find_heading
from tests.planning.acm_files import acm_bytes, acm_row
from tests.planning.received_extracts import receive
from tests.planning.test_person_data import ISSUED, LOCAL, SPACED
from tests.planning.workbook_files import acm_cells, workbook_bytes, zip_bytes

NAME, BORN = "Featherstonehaugh", "1950-01-02"


def said_of(tmp_path, content: bytes) -> str:
    """Why a file is refused; blank where it is not."""
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    try:
        refuse_people(path, find_heading(path, "acm"), "acm")
    except Refused as refused:
        return str(refused)
    return ""


def titled(*rows: list[str], data: bytes | None = None) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode() + (acm_bytes() if data is None else data)


@pytest.mark.parametrize("cell", [ISSUED, SPACED, f"NHS {ISSUED}", f"{ISSUED}.0"])
def test_an_nhs_number_above_the_headings_is_refused(tmp_path, cell):
    said = said_of(tmp_path, titled(["Guy's ACM"], ["", f"for {cell}"]))
    assert "holds NHS numbers above its data, in row 2." in said
    assert "manage.py minimise_extract FILE --out FILE" in said
    assert ISSUED not in said.replace(" ", "")


@pytest.mark.parametrize("cell", [LOCAL, "020 7188 7188", f"{ISSUED}1", "Contract 2025/26", "SE5 9RS", "0207188718"])
def test_what_is_no_nhs_number_may_stand_there(tmp_path, cell):
    assert said_of(tmp_path, titled(["Guy's ACM", cell])) == ""


def test_codes_of_which_few_pass_by_chance_are_no_nhs_numbers(tmp_path):
    assert said_of(tmp_path, titled([ISSUED, LOCAL])) == ""
    assert "row 1, 2." in said_of(tmp_path, titled([ISSUED, LOCAL], [ISSUED]))


@pytest.mark.parametrize(
    "rows",
    [
        [["Patient name:", NAME]],
        [[f"Patient name: {NAME}"]],
        [["Patient name", "", NAME]],
        [["Date of birth", BORN]],
        [["Surname", "DOB"], [NAME, BORN]],
        [["Surname", "DOB", "Month", "Year", "Price"], ["", BORN, "1", "2025", "5"]],
    ],
)
def test_a_labelled_name_or_date_of_birth_is_refused_by_its_label(tmp_path, rows):
    said = said_of(tmp_path, titled(["Guy's ACM"], *rows))
    assert "names people outside its columns, by " in said
    assert NAME not in said
    assert BORN not in said


@pytest.mark.parametrize(
    "rows",
    [
        [["Patient name:"]],
        [["Surname", "DOB", "NHS number"]],
        [["Patient name", "N/A"]],
        [["Contact", "Ada Lead"], ["Produced", "2026-05-20"]],
        [["Postcode", "SE1 9RT"]],
    ],
)
def test_labels_without_anything_and_other_labels_may_stand_there(tmp_path, rows):
    assert said_of(tmp_path, titled(*rows)) == ""


def test_cells_beyond_the_headings_are_looked_at_even_after_a_measure(tmp_path):
    heading, row, _ = acm_bytes(without=("mff", "actual_mff")).split(b"\r\n")
    content = b"\r\n".join([heading, row + b"," + ISSUED.encode(), b""])
    width = len(heading.split(b",")) + 1
    assert f"NHS numbers in these columns: column {width}." in said_of(tmp_path, content)
    assert "full postcodes in these columns" in said_of(tmp_path, content.replace(ISSUED.encode(), b"SE5 9RS"))


def test_any_of_the_first_rows_may_be_the_heading_of_a_sheet_that_is_not_known(tmp_path):
    """The row with the most words is taken for the heading row, and here it is one of data."""
    rows = [["Surname", "Ward"], [NAME, "Elm", "left", "early"], [NAME, "Oak"]]
    said = said_of(tmp_path, titled(*rows, data=b""))
    assert "Surname" in said
    assert NAME not in said


def test_a_sheet_of_notes_without_people_is_no_reason(tmp_path):
    assert said_of(tmp_path, titled(["Notes"], ["Prices include the market forces factor"], data=b"")) == ""


def test_rows_that_name_people_are_found_by_number():
    assert rows_that_name_people([["Notes"], ["Month", "Surname"], ["1", "x"], ["DOB"]]) == [2, 4]


def test_numbers_are_counted_in_rows_above_the_data_only():
    found = look_at_titles([["x"], [ISSUED], ["DOB:", BORN]], 1, recognised=True)
    assert (found.numbers, found.labels) == (0, [])
    found = look_at_titles([["x"], [ISSUED], ["DOB:", BORN]], 2, recognised=False)
    assert (found.passing, found.at, found.labels) == (1, [2], ["DOB"])


def test_text_that_is_no_table_is_looked_through(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text(f"{LOCAL}\n{ISSUED}\n{ISSUED}\n")
    with pytest.raises(Refused, match="NHS numbers on its sheet Wide") as refused:
        refuse_people_in_text(path, "Wide")
    assert ISSUED not in str(refused.value)
    path.write_text(f"{LOCAL}\n{ISSUED}\n")
    refuse_people_in_text(path, "Wide")


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.mark.django_db
@pytest.mark.usefixtures("reference", "media")
@pytest.mark.parametrize(
    "other",
    [
        [["Patients"], ["", ISSUED]],
        [["Surname", "Date of birth"], [NAME, BORN]],
        [["Patient name:", NAME]],
        [["x"] * 1100, [ISSUED]],
    ],
)
def test_sheets_that_are_not_read_are_looked_at(other):
    book = workbook_bytes({"June": acm_cells([acm_row()]), "Other": other})
    extract = receive(content=book, name="june.xlsx")
    assert extract.state == "refused"
    assert "sheet Other" in extract.reason
    assert not any(secret in extract.reason for secret in (ISSUED, NAME, BORN))


@pytest.mark.django_db
@pytest.mark.usefixtures("reference", "media")
def test_no_name_of_a_sheet_or_of_a_packed_file_is_kept_that_could_be_a_number():
    extract = receive(content=workbook_bytes({"June": acm_cells([acm_row()]), ISSUED: [["x"]]}), name="june.xlsx")
    assert extract.state == "refused"
    assert extract.reason.startswith("The name of sheet 2 of the selected workbook could be an NHS number.")
    assert ISSUED not in extract.reason
    packed = receive(content=zip_bytes({f"for {ISSUED}.csv": acm_bytes()}), name=f"{ISSUED}.zip")
    assert packed.state == "received"
    assert (packed.file_name, packed.reading["inside"]) == ("xxxxxxxxxx.zip", "for xxxxxxxxxx.csv")
    turned = receive(content=zip_bytes({"a\u202e" + "n" * 9000 + ".csv": acm_bytes([acm_row(month=3)])}), name="m.zip")
    assert turned.reading["inside"] == "a" + "n" * 119 + "….csv"
    assert ISSUED not in str(packed.reading)


@pytest.mark.django_db
@pytest.mark.usefixtures("reference", "media")
def test_sheets_without_people_are_no_reason():
    other = [["Notes"], ["Contact", "Ada Lead"], ["Code", LOCAL]]
    extract = receive(content=workbook_bytes({"June": acm_cells([acm_row()]), "Other": other}), name="june.xlsx")
    assert extract.state == "received"
