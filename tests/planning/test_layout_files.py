"""Files to start from, and the page that says what each column is: both are the definition that files are read by."""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from planning.extracts import layout_files
from planning.extracts.layouts import LAYOUT_NAMES, layout_columns, match_headings, recognised_layout
from planning.queries.layouts import allowed_codes, layout_file
from tests.planning.received_extracts import check

LAYOUTS = list(LAYOUT_NAMES)
CODES = {"service_category": [("25", "Delegated"), ("21", "Retained")], "service_code": [(f"C{i}", "Care") for i in range(40)]}


def sheets(content: bytes) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_template_has_the_headings_and_nothing_else(layout):
    [heading] = cells(layout_files.delimited(layout, "template"))
    assert heading == [c.name for c in layout_columns(layout)]
    assert sheets(layout_files.workbook(layout, "template", CODES))[layout.upper()] == [heading]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_example_is_recognised_and_names_nobody(layout):
    heading, *rows = cells(layout_files.delimited(layout, "example"))
    assert recognised_layout(heading) == layout
    assert len(rows) == 3
    named = match_headings(heading, layout).identifying
    assert {row[i] for row in rows for i in named} <= {""}
    assert all(row[i] for row in rows for i, c in enumerate(layout_columns(layout)) if c.required)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_example_is_no_longer_than_its_columns_allow(layout):
    for column in layout_columns(layout):
        assert column.max_length is None or len(column.example) <= column.max_length, column.name


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_column_says_what_it_means(layout):
    assert [c.name for c in layout_columns(layout) if not c.meaning] == []


def test_the_workbook_says_of_each_column_what_it_is():
    about = sheets(layout_files.workbook("plcm", "template", CODES))["Columns"]
    rows = {row[0]: dict(zip(about[0], row, strict=True)) for row in about[1:]}
    assert list(rows) == [c.name for c in layout_columns("plcm")]
    assert rows["NHS NUMBER"]["Here"] == "identifies a person"
    assert rows["COMMISSIONED SERVICE CATEGORY CODE"]["Allowed codes"] == "25: Delegated; 21: Retained"
    assert rows["SERVICE CODE"]["Allowed codes"] == "40 codes: see the sheet Codes"


def test_long_lists_of_codes_have_a_sheet_of_their_own():
    codes = sheets(layout_files.workbook("acm", "template", CODES))["Codes"]
    assert codes[0] == ["Column", "Code", "Meaning"]
    assert ["SERVICE CODE", "C39", "Care"] in codes


def test_codes_of_the_example_workbook_are_text_and_its_figures_numbers():
    heading, row, *_ = sheets(layout_files.workbook("acm", "example", CODES))["ACM"]
    cell = dict(zip(heading, row, strict=True))
    assert cell["COMMISSIONED SERVICE CATEGORY CODE"] == "25"
    assert cell["FINANCIAL MONTH"] == "1"
    assert cell["CONTRACT MONITORING ACTUAL PRICE"] == 1875.0


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize("file_type", ["csv", "xlsx"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_example_passes_the_checker(settings, tmp_path, layout, file_type):
    settings.MEDIA_ROOT = tmp_path
    extract = check(content=layout_file(layout, "example", file_type), layout=layout, name=f"example.{file_type}")
    assert (extract.state, extract.rows, extract.accepted) == ("checked", 3, 3), extract.reason
    assert not extract.problems.filter(severity="error").exists()
    assert extract.problem_count == 0, list(extract.problems.values("rule", "column", "value"))


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_lists_of_codes_are_those_that_rows_are_checked_against():
    codes = allowed_codes("acm")
    assert "25" in dict(codes["service_category"])
    assert {"NCBPS13B", "99999999"} <= set(dict(codes["service_code"]))
    assert dict(codes["month"])["13"] == "Year end"
    assert "tariff" not in codes


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
class TestPages:
    @pytest.fixture
    def client(self, signed_in, board_member):
        return signed_in(board_member)

    @pytest.mark.parametrize("layout", LAYOUTS)
    def test_the_data_dictionary_has_every_column(self, client, layout):
        page = client.get(f"/extracts/layouts/{layout}/").content.decode()
        for column in layout_columns(layout):
            assert f'id="{column.field}"' in page
            assert f">{column.name}</th>" in page.replace("&amp;", "&")
        assert f"/extracts/layouts/{layout}/template.xlsx" in page

    def test_it_says_what_must_be_blank_and_leads_to_lists_of_codes(self, client):
        page = client.get("/extracts/layouts/drplcm/").content.decode()
        assert page.count("Must be blank") == 4
        assert "/extracts/codes/service_code/" in page

    def test_a_list_of_codes_shows_each_with_its_meaning(self, client):
        page = client.get("/extracts/codes/point_of_delivery/").content.decode()
        assert "Non-elective inpatient spell" in page

    @pytest.mark.parametrize("file_type", ["csv", "xlsx"])
    @pytest.mark.parametrize("kind", ["template", "example"])
    def test_files_are_downloaded_under_a_name_that_says_what_they_are(self, client, kind, file_type):
        response = client.get(f"/extracts/layouts/acm/{kind}.{file_type}")
        assert response.headers["Content-Disposition"] == f'attachment; filename="acm-{kind}.{file_type}"'
        assert response.content[:2] == {"csv": b"\xef\xbb", "xlsx": b"PK"}[file_type]

    @pytest.mark.parametrize(
        "address",
        ["layouts/slam/", "layouts/acm/full.csv", "layouts/acm/template.pdf", "layouts/slam/template.csv", "codes/tariff/"],
    )
    def test_what_is_not_there_is_not_found(self, client, address):
        assert client.get(f"/extracts/{address}").status_code == 404
