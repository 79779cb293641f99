"""Headings of people are known however a hospital writes them, and no others are taken for them."""

import pytest

from planning.extracts.layouts import LAYOUT_NAMES, accepted_spellings, identifies_people, layout_columns
from planning.extracts.person_headings import speaks_of_a_person
from tests.planning.acm_files import acm_bytes, acm_row
from tests.planning.received_extracts import receive
from tests.planning.workbook_files import acm_cells, workbook_bytes


@pytest.mark.parametrize(
    "heading",
    [
        "PatientName", "Patient's name", "firstname", "Given Name", "LastName", "Pt Surname", "Pt_Forename", "Name of patient",
        "Middle name", "NHSNo", "nhs no.", "NHSNumber", "NHS_NUMBER_1", "Mothers NHS No", "D.O.B.", "DoB", "BirthDate",
        "Patient DOB", "Date-of-birth", "Patient Post Code", "Home Postcode", "Hosp No", "HospNo", "Casenote", "Case notes no",
        "Epic MRN", "MRN number", "PatientID", "Patient_No", "PtID", "Patient Key", "Patient e-mail", "PatientEmail", "Baby Name",
        "Service User ID", "Next of kin", "Date of death", "PAS_ID", "\u200bPatient Name",
    ],
)  # fmt: skip
def test_hospitals_headings_of_people(heading):
    assert identifies_people(heading)


@pytest.mark.parametrize(
    "heading",
    [
        "", "NHS Number Status Indicator", "Consultant surname", "GP name", "Patient pseudonym", "Pseudonymised NHS number",
        "SK_PATIENT_ID", "Patient postcode sector", "Year of birth", "Age at date of birth band", "Number of patients",
        "Patient classification", "Patient type name", "Site postcode", "Commissioner name", "Service name", "NHS trust name",
        "PAS specialty", "Hospital site", "Case notes", "Without surname or date of birth", "No patient name is in this file",
        "This file was made by the hospital and holds neither a surname nor a date of birth of anyone", "x" * 5000 + " MRN",
    ],
)  # fmt: skip
def test_other_headings(heading):
    assert not identifies_people(heading)


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
def test_no_column_that_is_read_is_taken_for_one_of_people(layout):
    for column in layout_columns(layout):
        if column.identifying:
            continue
        headings = [column.name, column.name.lower().replace(" ", "_"), *accepted_spellings(column)]
        assert [heading for heading in headings if identifies_people(heading)] == []


def test_what_is_asked_of_every_cell_of_the_first_rows_is_said_of_few():
    assert [cell for cell in acm_row().values() if speaks_of_a_person(cell)] == []


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize("heading", ["PatientName", "D.O.B.", "Pt Surname"])
def test_a_column_that_would_be_left_out_is_refused_where_it_names_people(heading, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    content = acm_bytes([acm_row(ward_code="Featherstonehaugh")], headings={"ward_code": heading})
    extract = receive(content=content)
    assert (extract.state, f"these columns are filled: {heading}." in extract.reason) == ("refused", True)
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_a_sheet_that_describes_columns_is_told_apart_by_its_sender(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    described = [["Data element", "Format"], ["NHS NUMBER", "n10"], ["FINANCIAL MONTH", "n2"]]
    extract = receive(content=workbook_bytes({"June": acm_cells([acm_row()]), "About": described}), name="june.xlsx")
    assert "of its sheet About, by NHS NUMBER." in extract.reason
    assert extract.reason.endswith("If that sheet only describes columns, remove it and select the file again.")
