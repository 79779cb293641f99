"""Every problem of an extract on pages and as files, whatever their number; what is shown is said."""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from planning.extracts import intake
from planning.models import ExtractProblem
from planning.queries.problems import every_problem, problem_list, problems_by_rule, problems_of
from planning.views import problems as views
from tests.planning.acm_files import acm_row
from tests.planning.received_extracts import check

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def few_in_the_database(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(intake, "MOST_PROBLEMS", 2)
    monkeypatch.setattr(views, "PROBLEMS_ON_A_PAGE", 3)


@pytest.fixture
def extract():
    unknown = [acm_row(service_code=f"X{n}", actual_price="10.50") for n in range(5)]
    return check([acm_row(), *unknown, acm_row(site="St T", month="x"), acm_row(site="Guy's")])


@pytest.fixture
def client(signed_in, finance_lead):
    return signed_in(finance_lead)


def test_rules_have_number_example_and_the_money_of_their_rows(extract):
    rules = [(g["rule"], g["number"], g["first_row"], g["example"], g["actual_price"]) for g in problems_by_rule(extract)]
    assert rules == [
        ("service code is not known", 5, 3, "X0", 525_000),
        ("month cannot be read", 1, 8, "x", 150 * 10_000),
        ("site has another form", 2, 8, "St T", 300 * 10_000),
    ]


def test_all_are_found_again_though_the_database_lists_two_of_a_rule(extract):
    assert ExtractProblem.objects.filter(rule="service code is not known").count() == 2
    found = [(p.row, p.rule, p.value) for p in every_problem(extract)]
    assert found[:5] == [(3 + n, "service code is not known", f"X{n}") for n in range(5)]
    assert found[5:] == [
        (8, "month cannot be read", "x"), (8, "site has another form", "St T"), (9, "site has another form", "Guy's"),
    ]  # fmt: skip
    assert len(problems_of(extract)) == extract.problem_count == 8


def test_pages_hold_each_problem_once_and_its_row_beside_it(client, extract):
    rows = []
    for page in (1, 2, 3):
        response = client.get(f"/extracts/{extract.pk}/problems/", {"page": page})
        rows += [(p.row, p.rule) for p in response.context["found"].problems]
    assert rows == [(p.row, p.rule) for p in every_problem(extract)]
    first = client.get(f"/extracts/{extract.pk}/problems/").content.decode()
    assert "8 problems" in first
    assert "Page 1 of 3" in first
    assert "<q>X0</q>" in first
    assert ">NCBPS13B<" not in first
    assert ">10.50<" in first


def test_one_rule_can_be_looked_at_by_itself(client, extract):
    key = next(g["key"] for g in problems_by_rule(extract) if g["rule"] == "site has another form")
    page = client.get(f"/extracts/{extract.pk}/problems/", {"problem": key}).content.decode()
    assert "2 problems" in page
    assert "Guy&#x27;s" in page
    assert "<q>X0</q>" not in page
    assert "Select a problem of this file" in client.get(f"/extracts/{extract.pk}/problems/", {"problem": "9-9"}).content.decode()
    wrong = problem_list(extract, "faults-61")
    assert (wrong.total, wrong.problems) == (0, [])


def test_files_are_named_for_what_they_hold(client, extract):
    """The list of every problem does not lead to itself, and the files of one rule are not all of them."""
    key = next(g["key"] for g in problems_by_rule(extract) if g["rule"] == "site has another form")
    address = f"/extracts/{extract.pk}/problems/"
    pages = [" ".join(client.get(url).content.decode().split()) for url in (f"/extracts/{extract.pk}/", address)]
    assert "See every problem with its row</a>, or download them all:" in pages[0]
    assert "See every problem" not in pages[1]
    assert "Download them all:" in pages[1]
    one = " ".join(client.get(address, {"problem": key}).content.decode().split())
    assert "See every problem with its row</a>, or download these:" in one


def test_csv_and_workbook_hold_every_problem(client, extract):
    text = client.get(f"/extracts/{extract.pk}/problems.csv").getvalue().decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [int(line["Row"]) for line in lines] == [3, 4, 5, 6, 7, 8, 8, 9]
    assert lines[0]["CONTRACT MONITORING ACTUAL PRICE"] == "10.50"
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"/extracts/{extract.pk}/problems.xlsx").getvalue()))
    assert book.sheet_names == ["By rule", "Problems"]
    assert len(book.get_sheet_by_name("Problems").to_python()) == 9
    by_rule = book.get_sheet_by_name("By rule").to_python()
    assert by_rule[1][:4] == ["service code is not known", "error", "SERVICE CODE", 5]
    assert by_rule[1][7] == 52.5


def test_figures_beside_problems_can_be_added_up(client):
    wrong = [acm_row(service_code="X0", actual_price="-10.50"), acm_row(service_code="-X", actual_price="-TBC")]
    extract = check([acm_row(), *wrong])
    text = client.get(f"/extracts/{extract.pk}/problems.csv").getvalue().decode("utf-8-sig")
    lines = {(line["Row"], line["Column"]): line for line in csv.DictReader(io.StringIO(text))}
    assert lines["3", "SERVICE CODE"]["CONTRACT MONITORING ACTUAL PRICE"] == "-10.50"
    assert lines["4", "SERVICE CODE"]["Value"] == "'-X"
    assert lines["4", "CONTRACT MONITORING ACTUAL PRICE"]["Value"] == "'-TBC"
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"/extracts/{extract.pk}/problems.xlsx").getvalue()))
    heading, first, *_ = book.get_sheet_by_name("Problems").to_python()
    assert first[heading.index("CONTRACT MONITORING ACTUAL PRICE")] == -10.5


def test_a_file_that_was_not_taken_says_how_many_are_not_listed(client):
    extract = check([acm_row(month=f"x{n}") for n in range(5)])
    assert extract.state == "refused"
    page = client.get(f"/extracts/{extract.pk}/problems/").content.decode()
    assert "3 of the problems are counted and not listed" in page
    assert [p.value for p in every_problem(extract)] == ["x0", "x1"]
    assert problem_list(extract).kept == 2


def test_cells_of_a_person_are_in_no_list(client):
    extract = check([acm_row(), acm_row(service_code="X1")])
    listed = problem_list(extract)
    assert "GENERAL MEDICAL PRACTICE (PATIENT REGISTRATION)" not in listed.context_headings
    assert len(listed.context_headings) == len(listed.problems[0].context) == 6
