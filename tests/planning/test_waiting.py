"""Files that leave a question open wait for whoever sent them; what they answer is remembered for the next."""

import os

import pytest
from django.db import transaction
from django.http import Http404

from accounts.models import AuditEvent, Role
from accounts.permissions import NotAllowed
from accounts.queries import command_line_user
from planning.actions import (
    NotAnswerable,
    cancel_extract,
    check_extract,
    choose_sheet,
    forget_column,
    forget_sheet,
    map_columns,
    publish_extracts,
    put_back_stalled_extracts,
    say_column,
    say_layout,
    sweep_orphans,
)
from planning.models import ColumnMapping, Extract, ExtractState, SheetChoice
from planning.queries.reading import other_sheets_of, question_of
from tests.planning.acm_files import acm_bytes, acm_row
from tests.planning.received_extracts import receive
from tests.planning.workbook_files import acm_cells, acm_workbook, gzip_bytes, workbook_bytes, zip_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
OWN = {"actual_price": "COSTS", "month": "MTH"}
ANSWERS = {"actual_price": "COSTS", "month": "MTH"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def kept(media):
    return sorted(path.parent.name for path in media.rglob("*") if path.is_file())


def waiting(by, content=None, **options) -> Extract:
    content = acm_bytes(headings=OWN) if content is None else content
    extract = receive(by=by, content=content, asks=True, **options)
    assert extract.state == ExtractState.WAITING, extract.reason
    return extract


def two_sheets() -> bytes:
    june = acm_cells([acm_row(month=3), acm_row(month=3)])
    return workbook_bytes({"Notes": [["Made by finance"]], "May": acm_cells([acm_row(month=2)]), "June": june})


@pytest.mark.parametrize(
    "pack",
    [
        lambda rows: acm_workbook(rows),
        lambda rows: zip_bytes({"a.csv": acm_bytes(rows)}),
        lambda rows: gzip_bytes(acm_bytes(rows)),
    ],
    ids=["workbook", "zip", "gzip"],
)
def test_packed_files_go_through_the_intake_like_plain_ones(pack, media):
    rows = [acm_row(month=1), acm_row(month=2, actual_price="TBC"), acm_row(month=3)]
    extract = check_extract(extract=receive(content=pack(rows)))
    assert (extract.state, extract.rows, extract.accepted) == ("checked", 3, 2)
    assert list(extract.problems.values_list("row", "value")) == [(3, "TBC")]
    # Of what was sent only the text that is read is kept, until it is published.
    assert kept(media).count("received") == 1
    assert all(b"TBC" in path.read_bytes() for path in (media / "received").iterdir())


def test_it_is_said_where_a_workbook_was_read():
    extract = check_extract(extract=receive(content=workbook_bytes({"Notes": [["x"]], "ACM": acm_cells()})))
    assert extract.read_notes[0].startswith(
        "Read from the sheet “ACM” of the workbook, which has 2 sheets that are not empty; headings in row 1"
    )


def test_a_file_with_headings_of_its_own_waits_with_its_text_kept(finance_lead, media):
    extract = waiting(finance_lead)
    assert (extract.heartbeat, extract.reading["question"]) == (None, "columns")
    assert kept(media) == ["received"]
    question = question_of(extract)
    assert [a.column.field for a in question.needed] == ["month", "actual_price"]
    costs = dict(question.needed[1].headings)
    assert costs["COSTS"] == "COSTS (such as 150.00)"
    assert AuditEvent.objects.filter(action="waiting extract").exists()


def test_what_was_said_lets_it_go_on_to_be_checked(finance_lead, media):
    extract = map_columns(by=finance_lead, extract=waiting(finance_lead), answers={**ANSWERS, "ward_code": ""})
    assert (extract.state, question_of(extract)) == ("received", None)
    extract = check_extract(extract=extract)
    assert (extract.state, extract.accepted) == ("checked", 1), extract.reason
    assert any(
        note.startswith("Headings taken for national ones as you said: ") and "COSTS as CONTRACT MONITORING ACTUAL PRICE" in note
        for note in extract.read_notes
    )
    event = AuditEvent.objects.get(action="mapped columns extract")
    assert (event.by, event.detail["columns"]) == (finance_lead, ANSWERS)


def test_the_next_file_is_read_the_same_way_without_a_question(finance_lead, person):
    map_columns(by=finance_lead, extract=waiting(finance_lead), answers=ANSWERS)
    rows = [acm_row(month=2), acm_row(month=3)]
    content = acm_bytes(rows, headings={"actual_price": "Costs", "month": "mth"})
    # A colleague of the same trust, in other capitals; nobody of another trust.
    assert receive(by=person(Role.FINANCE_LEAD, "RJ1"), content=content, asks=True).state == "received"
    assert receive(by=person(Role.FINANCE_LEAD, "RJZ"), content=content, asks=True).state == "waiting"


def test_what_an_extract_is_read_by_is_what_was_said_when_it_came(finance_lead):
    extract = map_columns(by=finance_lead, extract=waiting(finance_lead), answers=ANSWERS)
    for mapping in ColumnMapping.objects.all():
        forget_column(by=finance_lead, mapping=mapping)
    assert check_extract(extract=extract).state == "checked"
    assert waiting(finance_lead, acm_bytes([acm_row(month=2)], headings=OWN))


def test_optional_columns_may_be_said_too(finance_lead):
    content = acm_bytes(headings={**OWN, "ward_code": "WD"})
    map_columns(by=finance_lead, extract=waiting(finance_lead, content), answers={**ANSWERS, "ward_code": "WD"})
    assert ColumnMapping.objects.get(heading="WD").field == "ward_code"


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"month": "MTH"}, "actual_price"),
        ({"month": "MTH", "actual_price": "MTH"}, "actual_price"),
        ({"month": "MTH", "actual_price": "YTD COST"}, "actual_price"),
        ({"month": "MTH", "actual_price": "NHS NUMBER"}, "actual_price"),
        ({"month": "MTH", "actual_price": "not there"}, "actual_price"),
    ],
)
def test_answers_that_cannot_be_are_refused_and_nothing_remembered(finance_lead, answers, fault):
    headings = {**OWN, "ward_code": "YTD COST", "local_contract_code": "NHS NUMBER"}
    extract = waiting(finance_lead, acm_bytes(headings=headings))
    with pytest.raises(NotAnswerable) as refused:
        map_columns(by=finance_lead, extract=extract, answers=answers)
    assert set(refused.value.faults) == {fault}
    extract.refresh_from_db()
    assert (extract.state, ColumnMapping.objects.count()) == ("waiting", 0)


def test_of_two_headings_once_said_to_be_one_column_the_file_can_keep_one(finance_lead):
    for heading in ("COSTS", "MONEY"):
        say_column(by=finance_lead, organisation="RJ1", layout="acm", heading=heading, field="actual_price")
    extract = waiting(finance_lead, acm_bytes(headings={"actual_price": "COSTS", "ward_code": "MONEY"}))
    extract = map_columns(by=finance_lead, extract=extract, answers={"actual_price": "COSTS"})
    assert extract.state == "received"
    assert list(ColumnMapping.objects.values_list("heading", flat=True)) == ["COSTS"]


def test_a_workbook_with_two_sheets_waits_with_both_and_the_likeliest_first(finance_lead, media):
    extract = waiting(finance_lead, two_sheets())
    assert (extract.reading["question"], extract.reading["sheet"]) == ("sheet", "June")
    assert kept(media) == ["received", "received"]
    assert [name for name, _ in question_of(extract).sheets] == ["June", "May"]
    assert question_of(extract).sheets[0][1] == "June: 2 rows, 43 columns recognised"


def test_the_sheet_that_is_chosen_is_read_and_remembered(finance_lead, media):
    book = workbook_bytes({"New": acm_cells([acm_row(month=2)]), "Older": acm_cells([acm_row(month=3)] * 2)})
    extract = choose_sheet(by=finance_lead, extract=waiting(finance_lead, book), sheet="New")
    assert extract.state == "received"
    extract = check_extract(extract=extract)
    assert (extract.rows, extract.covered_months) == (1, [2])
    again = workbook_bytes({"New": acm_cells([acm_row(month=2)] * 2), "Old": acm_cells()})
    extract = receive(by=finance_lead, content=again, asks=True)
    assert (extract.state, extract.reading["sheet"]) == ("received", "New")
    forget_sheet(by=finance_lead, choice=SheetChoice.objects.get())
    assert waiting(finance_lead, workbook_bytes({"New": acm_cells([acm_row()] * 3), "Old": acm_cells()}))


def test_another_sheet_can_be_read_until_the_extract_is_published(finance_lead, media):
    extract = choose_sheet(by=finance_lead, extract=waiting(finance_lead, two_sheets()), sheet="May")
    extract = check_extract(extract=extract)
    assert [name for name, _ in other_sheets_of(extract).sheets] == ["June", "May"]
    extract = choose_sheet(by=finance_lead, extract=extract, sheet="June")
    assert (extract.state, extract.accepted) == ("received", 0)
    extract = check_extract(extract=extract)
    assert (extract.state, extract.rows, extract.covered_months) == ("checked", 2, [3])
    with transaction.atomic():
        publish_extracts(by=finance_lead, extracts=[extract], reason="June")
    extract.refresh_from_db()
    assert other_sheets_of(extract) is None
    with pytest.raises(NotAnswerable):
        choose_sheet(by=finance_lead, extract=extract, sheet="May")


def test_where_one_sheet_could_be_the_one_there_is_no_other_to_read(finance_lead):
    extract = check_extract(extract=receive(by=finance_lead, content=workbook_bytes({"Notes": [["x"]], "ACM": acm_cells()})))
    assert other_sheets_of(extract) is None


def test_a_sheet_of_that_name_that_cannot_be_the_one_is_not_taken(finance_lead):
    SheetChoice.objects.create(organisation="RJ1", layout="acm", sheet="Notes", said_by=finance_lead)
    extract = receive(by=finance_lead, content=workbook_bytes({"Notes": [["x"]], "ACM": acm_cells()}), asks=True)
    assert (extract.state, extract.reading["sheet"]) == ("received", "ACM")


def test_another_sheet_may_be_chosen_when_columns_are_asked_for(finance_lead):
    content = workbook_bytes({"A": acm_cells(headings=OWN), "B": acm_cells(headings={"month": "M"})})
    extract = choose_sheet(by=finance_lead, extract=waiting(finance_lead, content), sheet="A")
    assert (extract.state, extract.reading["question"]) == ("waiting", "columns")
    extract = choose_sheet(by=finance_lead, extract=extract, sheet="B")
    assert [a.column.field for a in question_of(extract).needed] == ["month"]
    with pytest.raises(NotAnswerable):
        choose_sheet(by=finance_lead, extract=extract, sheet="C")


def test_a_file_of_another_layout_is_offered_as_that(finance_lead):
    extract = waiting(finance_lead, acm_bytes(), layout="iap")
    assert (extract.reading["question"], extract.reading["layout"]) == ("layout", "acm")
    with pytest.raises(NotAnswerable):
        say_layout(by=finance_lead, extract=extract, layout="plcm")
    extract = say_layout(by=finance_lead, extract=extract, layout="acm")
    assert (extract.state, extract.layout) == ("received", "acm")
    assert check_extract(extract=extract).state == "checked"


def test_a_file_may_stay_what_its_sender_said(finance_lead):
    extract = say_layout(by=finance_lead, extract=waiting(finance_lead, acm_bytes(), layout="iap"), layout="iap")
    assert (extract.state, extract.layout) == ("received", "iap")


def test_a_file_that_is_there_as_what_it_is_already_is_said(finance_lead):
    receive(by=finance_lead, content=acm_bytes())
    with pytest.raises(NotAnswerable, match="uploaded before"):
        say_layout(by=finance_lead, extract=waiting(finance_lead, acm_bytes(), layout="iap"), layout="acm")


def test_an_answer_that_leaves_no_way_to_read_the_file_refuses_it(finance_lead, media):
    twice = acm_cells(headings={"ward_code": "Service_Code", "month": "MTH"})
    extract = waiting(finance_lead, workbook_bytes({"A": acm_cells(headings=OWN), "B": twice}))
    extract = choose_sheet(by=finance_lead, extract=extract, sheet=next(s for s in extract.reading["sheets"] if s == "B"))
    assert (extract.state, "are missing from the heading row" in extract.reason) == ("refused", True)
    assert kept(media) == []


def test_a_waiting_file_can_be_cancelled_and_is_then_gone(finance_lead, media):
    extract = cancel_extract(by=finance_lead, extract=waiting(finance_lead, two_sheets()))
    assert (extract.state, kept(media)) == ("cancelled", [])
    with pytest.raises(NotAnswerable, match="answered already"):
        choose_sheet(by=finance_lead, extract=extract, sheet="May")


def test_the_same_bytes_lead_to_the_extract_that_waits(finance_lead, media):
    extract = waiting(finance_lead)
    assert receive(by=finance_lead, content=acm_bytes(headings=OWN), asks=True) == extract
    assert kept(media) == ["received"]


def test_a_waiting_file_is_nobodys_to_take_up_or_sweep_away(finance_lead, media, settings):
    extract = waiting(finance_lead, two_sheets())
    assert put_back_stalled_extracts() == []
    assert check_extract(extract=extract).state == "waiting"
    for path in media.rglob("*.csv"):
        os.utime(path, (0, 0))
    assert sweep_orphans() == []


def test_only_their_own_people_answer(finance_lead, person, programme_team):
    extract = waiting(finance_lead)
    with pytest.raises(Http404):
        map_columns(by=person(Role.FINANCE_LEAD, "RJZ"), extract=extract, answers=ANSWERS)
    with pytest.raises(NotAllowed):
        map_columns(by=programme_team, extract=extract, answers=ANSWERS)
    assert map_columns(by=person(Role.FINANCE_LEAD, "RJ1"), extract=extract, answers=ANSWERS).state == "received"


@pytest.mark.parametrize("pack", [lambda c: c, lambda c: zip_bytes({"a.csv": c})], ids=["plain", "zip"])
def test_a_file_that_names_people_never_waits(finance_lead, media, pack):
    row = acm_row(ward_code="9434765919")
    content = pack(acm_bytes([row], headings={**OWN, "ward_code": "NHS Number"}))
    extract = receive(by=finance_lead, content=content, asks=True)
    assert (extract.state, "NHS Number" in extract.reason, kept(media)) == ("refused", True, [])
    assert "9434765919" not in extract.reason


def test_people_in_any_sheet_refuse_the_whole_workbook(finance_lead, media):
    people = acm_cells([acm_row(ward_code="9434765919")], headings={"ward_code": "NHS NUMBER"})
    extract = receive(by=finance_lead, content=workbook_bytes({"ACM": acm_cells(), "Patients": people}), asks=True)
    assert (extract.state, "of its sheet Patients" in extract.reason, kept(media)) == ("refused", True, [])


def test_where_nobody_answers_a_file_is_refused_and_says_what_is_missing(media):
    extract = receive(content=acm_bytes(headings=OWN))
    assert extract.state == "refused"
    assert "FINANCIAL MONTH, CONTRACT MONITORING ACTUAL PRICE" in extract.reason
    assert "June, May" in receive(content=two_sheets()).reason
    assert kept(media) == []


def test_a_sheet_may_be_named_when_the_file_is_sent():
    assert receive(content=two_sheets(), sheet="May").reading["sheet"] == "May"
    cancel_extract(by=command_line_user(), extract=Extract.objects.get())
    assert "no sheet of the name July" in receive(content=two_sheets(), sheet="July").reason


@pytest.mark.parametrize(
    ("heading", "field", "says"),
    [
        ("  ", "month", "Enter the heading"),
        ("COSTS", "colour", "Select one of our columns"),
        ("service_code", "ward_code", "a national column already"),
        ("NHS NUMBER", "ward_code", "identifies people is never read"),
        ("ANNUAL_PLAN_COST", "planned_price", "cannot stand for CONTRACT MONITORING PLANNED PRICE"),
    ],
)
def test_what_cannot_be_said_of_a_heading(finance_lead, heading, field, says):
    with pytest.raises(NotAnswerable, match=says):
        say_column(by=finance_lead, organisation="RJ1", layout="acm", heading=heading, field=field)


def test_a_heading_is_said_anew_in_the_place_of_what_was_said(finance_lead):
    for field in ("ward_code", "actual_price"):
        say_column(by=finance_lead, organisation="RJ1", layout="acm", heading="Costs ", field=field)
    mapping = ColumnMapping.objects.get()
    assert (mapping.heading, mapping.shown, mapping.field) == ("COSTS", "Costs", "actual_price")
    assert AuditEvent.objects.filter(action="mapped column", about="RJ1").count() == 2


def test_nobody_speaks_for_another_organisation(finance_lead, person, programme_team):
    mapping = say_column(by=finance_lead, organisation="RJ1", layout="acm", heading="Costs", field="actual_price")
    choice = SheetChoice.objects.create(organisation="RJ1", layout="acm", sheet="A", said_by=finance_lead)
    for other in (person(Role.FINANCE_LEAD, "RJZ"), programme_team):
        with pytest.raises(NotAllowed):
            say_column(by=other, organisation="RJ1", layout="acm", heading="X", field="actual_price")
        with pytest.raises(NotAllowed):
            forget_column(by=other, mapping=mapping)
        with pytest.raises(NotAllowed):
            forget_sheet(by=other, choice=choice)
    assert ColumnMapping.objects.count() == 1


def test_a_hidden_sheet_is_called_one_wherever_it_is_named(finance_lead):
    data = acm_cells([acm_row(month=2)])
    book = workbook_bytes({"Notes": [["Made by finance"]], "Data": data}, hidden=["Data"])
    extract = check_extract(extract=receive(by=finance_lead, content=book, name="june.xlsx", asks=True))
    assert "Read from the hidden sheet “Data” of the workbook" in extract.read_notes[0]
    book = workbook_bytes({"May": data, "June": acm_cells([acm_row(month=3)]), "Old": data}, hidden=["Old"])
    asked = question_of(waiting(finance_lead, book, name="two.xlsx"))
    assert [words.split(":")[0] for _, words in asked.sheets] == ["May", "June", "Old (hidden)"]
