"""Recording budgets of populations: by hand, from a file, from an approved round; by whom; and what bad input gets."""

import io
import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import AuditEvent, Role
from accounts.permissions import NotAllowed
from finance.actions import budgets as acting
from finance.actions.official import load_official_file
from finance.models import AllocationRound, BudgetSet, PopulationBudget
from finance.queries.budgets import budgets_in_force
from tests.finance import official_files
from tests.finance.test_monitoring_figures import half_a_year
from tests.finance.test_pages import words
from tests.planning.workbook_files import workbook_bytes
from tests.positions import publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("area")]
LIST, RECORD, UPLOAD, TAKE, FILE = (
    f"finance:{name}" for name in ("population_budgets", "record_budget", "upload_budgets", "take_budgets", "budgets_csv")
)
SAID = {"year": "2025/26", "owner": "Director of finance", "source": "Paper 7, May 2025"}
HEADINGS = "area,programme_of_care,amount\n"


@pytest.fixture
def client(programme_team, signed_in):
    publish(half_a_year())
    return signed_in(programme_team)


def in_force(year="2025/26") -> dict:
    rows = budgets_in_force(year)
    return {(a, p): n / 10_000 for a, p, n in zip(rows["population"], rows["programme_of_care"], rows["amount"], strict=True)}


def send(client, content, name="budgets.csv", **changed):
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return client.post(reverse(UPLOAD), {**SAID, "file": file, **changed}, follow=True)


def test_one_budget_is_recorded_shown_and_used(client, programme_team):
    response = client.post(reverse(RECORD), {**SAID, "area": "QKK", "amount": "960.50"}, follow=True)
    said = words(response)
    for text in (
        "Recorded for 2025/26: 1 budget.",
        "£960.50",
        "Director of finance",
        "Paper 7, May 2025",
        "As the plan of providers",
    ):
        assert text in said
    assert in_force() == {("QKK", ""): 960.5}
    event = AuditEvent.objects.get(action="recorded budgets")
    assert (event.by, event.detail["areas"]) == (programme_team, ["QKK"])
    assert "Budgets of South East London were recorded" in words(client.get(reverse("finance:shadow_monitoring")))


def test_the_plan_counts_again_and_what_was_recorded_stays(client):
    for amount in ("960", ""):
        client.post(reverse(RECORD), {**SAID, "area": "QKK", "amount": amount})
    assert in_force() == {}
    assert BudgetSet.objects.count() == 2
    assert "the plan of providers, mapped to populations, stands in its place" in words(client.get(reverse(LIST)))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"amount": "lots"}, "The budget must be a number of pounds"),
        ({"amount": "-1"}, "The budget must be 0 or more"),
        ({"amount": "1.005"}, "no more than 2 decimal places"),
        ({"amount": "1e15"}, "£100 billion or less"),
        ({"area": "XXX"}, "Select a system or place from the list"),
        ({"year": "1066/67"}, "Select the financial year from the list"),
        ({"owner": ""}, "Enter who owns it"),
        ({"source": "x" * 501}, "500 characters or fewer"),
    ],
)
def test_what_cannot_be_recorded_is_named(client, changed, message):
    response = client.post(reverse(RECORD), {**SAID, "area": "QKK", "amount": "1", **changed})
    assert message in words(response)
    assert not BudgetSet.objects.exists()


def test_a_file_of_budgets_is_recorded_and_comes_back_as_it_was(client):
    phased = "QKK,,1200," + ",".join(["100"] * 12)
    months = "april,may,june,july,august,september,october,november,december,january,february,march"
    response = send(client, f"area,programme_of_care,amount,{months}\n{phased}\nQWE,A,7.25,{',' * 11}\n")
    assert "Recorded for 2025/26: 2 budgets." in words(response)
    assert in_force() == {("QKK", ""): 1200, ("QWE", "A"): 7.25}
    assert PopulationBudget.objects.get(area="QKK").months == [1_000_000] * 12
    again = client.get(reverse(FILE), {"year": "2025/26"})
    text = again.content.decode("utf-8-sig")
    assert "QKK,South East London,,1200.00,100.00" in text
    send(client, text)
    assert in_force() == {("QKK", ""): 1200, ("QWE", "A"): 7.25}


def test_a_file_to_fill_in_names_the_systems_that_are_in(client):
    lines = client.get(reverse(FILE), {"year": "2025/26"}).content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["area", "QKK", "QWE"]
    assert client.get(reverse(FILE), {"year": "1066/67"}).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "messages"),
    [
        (HEADINGS + "XXX,,5\nQKK,,x\n", "budgets.csv", ["2 problems", "Use the code of a system", "Write a number"]),
        (HEADINGS, "budgets.csv", ["Add rows"]),
        ("nothing,here\n1,2\n", "budgets.csv", ["Add this column"]),
        ("PK\x03\x04", "budgets.csv", ["The selected file is broken"]),
        (HEADINGS + "QKK,,5\n", "budgets.pdf", ["The selected file must be a CSV or XLSX"]),
        (HEADINGS + "<script>alert(1)</script>,,5\n", "budgets.csv", ["&lt;script&gt;"]),
    ],
)
def test_a_file_with_faults_records_nothing_and_says_what_to_do(client, content, name, messages):
    page = send(client, content, name).content.decode()
    assert all(message in page for message in messages)
    assert not BudgetSet.objects.exists()


def test_budgets_come_as_a_workbook_of_one_sheet_too(client):
    rows = [line.split(",") for line in (HEADINGS + "QKK,,1200\nQWE,A,7.25\n").splitlines()]
    send(client, workbook_bytes({"Budgets": rows}), "budgets.xlsx")
    assert in_force() == {("QKK", ""): 1200, ("QWE", "A"): 7.25}
    page = send(client, workbook_bytes({"Budgets": rows, "Notes": [["Agreed"]]}), "budgets.xlsx").content.decode()
    assert "Keep the sheet that is meant alone in its workbook" in page
    assert BudgetSet.objects.count() == 1


def test_others_read_and_do_not_record(client, signed_in, person):
    send(client, HEADINGS + "QKK,,5\n")
    for role, organisation in ((Role.BOARD_MEMBER, ""), (Role.FINANCE_LEAD, "QKK")):
        other = signed_in(person(role, organisation))
        assert "£5.00" in words(other.get(reverse(LIST)))
        assert "Record one budget" not in words(other.get(reverse(LIST)))
        assert other.get(reverse(FILE), {"year": "2025/26"}).status_code == 403
        assert other.post(reverse(RECORD), {**SAID, "area": "QKK", "amount": "1"}).status_code == 403
        assert send(other, HEADINGS + "QKK,,6\n").status_code in (400, 403)
    assert in_force() == {("QKK", ""): 5}


def allocated(by, state, **changed) -> AllocationRound:
    tables = {
        "years": {"columns": ["year", "area", "allocation"], "rows": [["2025/26", "QKK", 90_000], ["2025/26", "QWE", 70_000]]}
    }
    about = {"name": "The round", "position": 1, "baseline_year": "2025/26", "first_year": "2025/26", "sha256": "f" * 64}
    return AllocationRound.objects.create(**about, state=state, results={"tables": tables}, made_by=by, **changed)


def test_budgets_are_taken_from_an_approved_round(client, programme_team):
    found = allocated(programme_team, "approved")
    assert "Take what “The round” allocates for 2025/26" in words(client.get(reverse(LIST)))
    client.post(reverse(TAKE), {"round": found.pk, "year": "2025/26"})
    assert in_force() == {("QKK", ""): 9, ("QWE", ""): 7}
    assert "f" * 64 in BudgetSet.objects.get().source


def load_allocations(by, content: bytes, edition: str = "2025/26") -> None:
    load_official_file(
        by=by,
        kind="allocations",
        content=content,
        file_name="allocations.csv",
        edition=edition,
        source="Made up for tests",
        dated=date(2025, 1, 30),
    )


def test_budgets_are_taken_from_official_allocations_as_published(client, programme_team):
    assert "official allocations" not in words(client.get(reverse(LIST))).lower()
    load_allocations(programme_team, official_files.allocation_file())
    said = words(client.get(reverse(LIST)))
    assert "Take the official allocations “2025/26” for 2025/26" in said
    assert "check first that they are of delegated services" in said
    client.post(reverse(TAKE), {"edition": "2025/26", "year": "2025/26"})
    assert in_force() == {("QKK", ""): 1_050_500, ("QWE", ""): 950_250}
    taken = BudgetSet.objects.get()
    assert taken.source.startswith(
        "Allocations of specialised services: Made up for tests, 2025/26, published 30 January 2025, SHA-256"
    )
    assert (taken.owner, taken.file_name) == ("Made up for tests", "allocations.csv")
    assert "Budgets of South East London and South West London were recorded" in words(
        client.get(reverse("finance:shadow_monitoring"))
    )


def test_boards_that_are_not_known_here_are_left_out_and_counted(client, programme_team):
    other = {"ICB code": "QZZ", "ICB name": "Elsewhere", "2025/26 Allocation £000": "5"}
    known = {"ICB code": "QKK", "ICB name": "NHS South East London", "2025/26 Allocation £000": "10"}
    load_allocations(programme_team, official_files.as_csv([other, known]))
    held = acting.take_official_budgets(by=programme_team, edition="2025/26", year="2025/26")
    assert in_force() == {("QKK", ""): 10_000}
    assert held.source.endswith("; left out: 1 of its boards, not known here")


def test_nothing_is_taken_from_official_allocations_of_another_year_or_by_others(client, programme_team, board_member):
    load_allocations(programme_team, official_files.allocation_file())
    for edition, year in (("2025/26", "2030/31"), ("2019/20", "2025/26")):
        page = client.post(reverse(TAKE), {"edition": edition, "year": year}, follow=True)
        assert f"Official allocations “{edition}” give nothing to the systems here for {year}." in words(page)
    with pytest.raises(NotAllowed):
        acting.take_official_budgets(by=board_member, edition="2025/26", year="2025/26")
    assert not BudgetSet.objects.exists()


def test_nothing_is_taken_from_a_round_that_is_not_approved_or_of_another_year(client, programme_team):
    found = allocated(programme_team, "calculated")
    assert "Take what" not in words(client.get(reverse(LIST)))
    assert "is not approved" in words(client.post(reverse(TAKE), {"round": found.pk, "year": "2025/26"}, follow=True))
    with pytest.raises(acting.BudgetsRefused, match="allocates nothing for 2030/31"):
        acting.take_budgets_from_round(by=programme_team, found=allocated(programme_team, "approved"), year="2030/31")
    assert client.post(reverse(TAKE), {"round": "x"}).status_code == 404
    assert not BudgetSet.objects.exists()


def test_the_command_records_a_file_or_says_what_is_wrong(client, tmp_path, capsys):
    file = tmp_path / "budgets.csv"
    file.write_text(HEADINGS + "QKK,,5\n")
    out = io.StringIO()
    call_command("load_budgets", file, **SAID, stdout=out, stderr=io.StringIO())
    assert json.loads(out.getvalue())["budgets"] == 1
    file.write_text(HEADINGS + "XXX,,5\n")
    with pytest.raises(SystemExit):
        call_command("load_budgets", file, **SAID, stdout=(out := io.StringIO()), stderr=io.StringIO())
    assert json.loads(out.getvalue())["problems"][0]["value"] == "XXX"
    with pytest.raises(CommandError):
        call_command("load_budgets", tmp_path / "absent.csv", **SAID)
    with pytest.raises(SystemExit):
        call_command("load_budgets", file, **{**SAID, "year": "soon"}, stdout=(out := io.StringIO()), stderr=io.StringIO())
    assert json.loads(out.getvalue())["problems"][0]["column"] == "year"
