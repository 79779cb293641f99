"""Another heading row than the one that was guessed: chosen on the page from rows that show nobody, and read anew."""

import csv
import html
import io
import re

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.permissions import NotAllowed
from planning.actions import NotAnswerable, check_extract, choose_heading_row, map_columns, publish_extracts
from planning.extracts.reading import Refused, find_heading, first_headings, read_heading
from planning.extracts.samples import NOT_SHOWN, shown_rows
from planning.models import ExtractState
from planning.queries.reading import first_rows_of
from tests.planning.acm_files import HEADINGS, acm_row
from tests.planning.received_extracts import receive
from tests.planning.test_person_data import ISSUED
from tests.planning.test_waiting import kept, media  # noqa: F401 - media is used by itself
from tests.planning.workbook_files import workbook_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
NAMES = list(HEADINGS.values())


def cells(**changes) -> list[str]:
    return [acm_row(**changes).get(field, "") for field in HEADINGS]


# A key to the columns stands above the table, and names as many of them as the heading row does.
KEY = ["Key:", *NAMES]


def as_csv(*rows: list[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def keyed(*rows: list[str]) -> bytes:
    return as_csv(KEY, ["", "What each column means is above"], NAMES, *(rows or [cells()]))


@pytest.mark.parametrize("row", [1, 2, 3])
def test_a_row_that_was_said_is_the_heading_row(tmp_path, row):
    path = tmp_path / "a.csv"
    path.write_bytes(keyed())
    assert find_heading(path, "acm", row=row).row == row
    assert [h.row for h in first_headings(path, find_heading(path, "acm"), "acm")] == [1, 2, 3, 4]


def merged(*, blank: bool) -> bytes:
    """Headings over two rows: "Plan" and "Actual" above, what of it below, as merged cells leave them."""
    below = [name.removeprefix("CONTRACT MONITORING PLANNED ").removeprefix("CONTRACT MONITORING ACTUAL ") for name in NAMES]
    below[0] = "" if blank else below[0]
    return as_csv(["", *["Plan"] * 3], below, cells())


@pytest.mark.parametrize(("blank", "word"), [(True, "blank"), (False, "alike")])
def test_headings_over_several_rows_are_refused_with_what_to_do(tmp_path, blank, word):
    path = tmp_path / "a.csv"
    path.write_bytes(merged(blank=blank))
    with pytest.raises(Refused, match=f"Some cells of row 2 are {word}, as where headings are merged or run over several rows"):
        read_heading(path, "acm")


def test_a_heading_that_is_only_missing_is_not_said_to_be_merged(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(NAMES[1:], cells()[1:]))
    with pytest.raises(Refused) as refused:
        read_heading(path, "acm")
    assert "merged" not in str(refused.value)


def test_a_row_that_is_not_there_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(keyed())
    with pytest.raises(Refused, match="no heading row"):
        find_heading(path, "acm", row=99)
    with pytest.raises(Refused, match="no heading row"):
        read_heading(path, "acm", row=2)


def test_first_headings_say_where_the_data_below_them_begin(tmp_path):
    path = tmp_path / "a.csv"
    content = b"\xef\xbb\xbf" + 'café;x\r\n"a\nb";y\r\n'.encode() + b"1;2\r\n"
    path.write_bytes(content)
    found = first_headings(path, find_heading(path, "acm"), "acm")
    assert [h.cells for h in found] == [("café", "x"), ("a\nb", "y"), ("1", "2")]
    assert [content[3:][h.data_starts :] for h in found] == [b'"a\nb";y\r\n1;2\r\n', b"1;2\r\n", b""]


def rows_shown(tmp_path, *rows: list[str]) -> list[list[str]]:
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(*rows))
    return shown_rows(first_headings(path, find_heading(path, "acm"), "acm"), {"EL", "RJ1"})


def test_titles_and_headings_are_shown_and_of_data_only_figures_and_codes(tmp_path):
    shown = rows_shown(tmp_path, ["Guy's ACM"], ["Mth", "POD", "Ward"], ["1", "EL", "Featherstonehaugh"])
    assert shown == [["Guy's ACM"], ["Mth", "POD", "Ward"], ["1", "EL", NOT_SHOWN]]


def test_nothing_of_a_column_of_people_is_shown_wherever_its_heading_stands(tmp_path):
    shown = rows_shown(tmp_path, ["Mth", "Left"], ["x", "Surname"], ["y", "Featherstonehaugh"], ["z", "Smith"])
    assert shown == [["Mth", NOT_SHOWN], ["x", "Surname"], ["y", NOT_SHOWN], ["z", NOT_SHOWN]]


TRUSTS = ["Guy's NHS Foundation Trust", "Croydon Health Services NHS Trust", "NHS England"]


@pytest.mark.parametrize("title", TRUSTS)
def test_the_name_of_a_trust_over_the_table_hides_nothing_under_it(tmp_path, title):
    shown = rows_shown(tmp_path, [title], ["Mth", "POD"], ["1", "EL"], ["Smith", "12"])
    assert shown == [[title], ["Mth", "POD"], ["1", "EL"], [NOT_SHOWN, "12"]]


@pytest.mark.parametrize("heading", ["NHS", "NHS number", "Trust NHS no", "NHS Trust patient", "NHS foundation trust postcode"])
def test_a_heading_that_speaks_of_people_still_hides_its_column(tmp_path, heading):
    assert rows_shown(tmp_path, [heading, "POD"], ["Featherstonehaugh", "EL"])[1] == [NOT_SHOWN, "EL"]


@pytest.mark.parametrize("cell", [ISSUED, f"NHS {ISSUED}", "SE5 9RS", "of SE5 9RS"])
def test_nothing_that_could_be_a_number_or_a_postcode_of_people_is_shown(tmp_path, cell):
    assert rows_shown(tmp_path, ["Mth", cell])[0] == ["Mth", NOT_SHOWN]


def test_long_cells_are_cut(tmp_path):
    assert rows_shown(tmp_path, ["x" * 41, "y" * 40])[0] == ["x" * 39 + "…", "y" * 40]


@pytest.mark.usefixtures("media")
def test_a_checked_file_is_read_again_with_another_heading_row(finance_lead):
    """Two tables of one shape: the older one stands above, with its headings in another order."""
    content = as_csv(["Last month"], NAMES, cells(actual_price="999"), [], ["This month"], NAMES, cells(), cells(month=2))
    extract = check_extract(extract=receive(by=finance_lead, content=content, asks=True))
    assert (extract.state, extract.rows) == ("checked", 6)
    assert first_rows_of(extract).taken == 2
    extract = choose_heading_row(by=finance_lead, extract=extract, heading_row=6)
    assert (extract.state, extract.rows) == (ExtractState.RECEIVED, 0)
    extract = check_extract(extract=extract)
    assert (extract.state, extract.rows, extract.accepted) == ("checked", 2, 2)
    assert "headings in row 6." in extract.read_notes[0]
    assert first_rows_of(extract).taken == 6
    event = AuditEvent.objects.get(action="chose heading row of extract")
    assert (event.by, event.detail["heading_row"]) == (finance_lead, 6)


@pytest.mark.usefixtures("media")
def test_a_row_that_cannot_be_it_changes_nothing(finance_lead):
    extract = check_extract(extract=receive(by=finance_lead, content=as_csv(["Title"], NAMES, cells()), asks=True))
    for row in (1, 77):
        with pytest.raises(NotAnswerable, match=f"Row {row} cannot be read as the heading row"):
            choose_heading_row(by=finance_lead, extract=extract, heading_row=row)
    extract.refresh_from_db()
    assert (extract.state, extract.accepted, "heading_rows" in extract.reading) == ("checked", 1, False)
    assert extract.facts.count() == 1


def test_below_another_heading_people_are_looked_for_again_and_the_file_goes(media, finance_lead):  # noqa: F811
    """Below the first heading row the column has no name; the second says that it is one of people."""
    plain, people = [*NAMES, ""], [*NAMES, "Surname"]
    content = as_csv(plain, [*cells(), ""], people, [*cells(), "Featherstonehaugh"])
    extract = check_extract(extract=receive(by=finance_lead, content=content, asks=True))
    assert extract.state == "checked"
    extract = choose_heading_row(by=finance_lead, extract=extract, heading_row=3)
    assert extract.state == ExtractState.REFUSED
    assert "these columns are filled: Surname" in extract.reason
    assert "Featherstonehaugh" not in extract.reason
    assert "received" not in kept(media)


@pytest.mark.usefixtures("media")
def test_a_waiting_file_may_be_told_its_heading_row_and_then_what_its_columns_are(finance_lead):
    own = ["COSTS" if name == HEADINGS["actual_price"] else name for name in NAMES]
    other = ["PRICE NOW" if name == HEADINGS["actual_price"] else name for name in NAMES]
    extract = receive(by=finance_lead, content=as_csv(own, cells(), other, cells()), asks=True)
    assert (extract.state, extract.reading["question"]) == ("waiting", "columns")
    extract = choose_heading_row(by=finance_lead, extract=extract, heading_row=3)
    assert (extract.state, extract.reading["question"]) == ("waiting", "columns")
    extract = map_columns(by=finance_lead, extract=extract, answers={"actual_price": "PRICE NOW"})
    extract = check_extract(extract=extract)
    assert (extract.state, extract.rows, extract.accepted) == ("checked", 1, 1)


@pytest.mark.usefixtures("media")
def test_of_a_workbook_the_row_is_that_of_the_sheet_that_is_read(finance_lead):
    twice = [NAMES, cells(actual_price="999"), NAMES, cells()]
    book = workbook_bytes({"June": twice, "Notes": [["Nothing"]]})
    extract = check_extract(extract=receive(by=finance_lead, content=book, name="june.xlsx", asks=True))
    extract = check_extract(extract=choose_heading_row(by=finance_lead, extract=extract, heading_row=3))
    assert extract.reading["heading_rows"] == {"June": 3}
    assert extract.totals["actual_price"] == 1_500_000


@pytest.mark.usefixtures("media")
def test_only_who_may_answer_for_a_file_says_where_its_headings_are(finance_lead, programme_team, person):
    extract = check_extract(extract=receive(by=finance_lead, content=as_csv(NAMES, cells(), NAMES, cells()), asks=True))
    with pytest.raises(NotAllowed):
        choose_heading_row(by=programme_team, extract=extract, heading_row=3)


@pytest.mark.usefixtures("media")
def test_what_is_published_is_read_as_it_was(finance_lead):
    extract = check_extract(extract=receive(by=finance_lead, content=as_csv(NAMES, cells(), NAMES, cells()), asks=True))
    publish_extracts(by=finance_lead, extracts=[extract], reason="June")
    extract.refresh_from_db()
    assert first_rows_of(extract) is None
    with pytest.raises(NotAnswerable, match="answered already"):
        choose_heading_row(by=finance_lead, extract=extract, heading_row=3)


@pytest.fixture
def shown_page(finance_lead, signed_in, media):  # noqa: F811
    content = as_csv(["Title"], NAMES, cells(), NAMES, cells())
    extract = check_extract(extract=receive(by=finance_lead, content=content, asks=True))
    client, address = signed_in(finance_lead), reverse("planning:extract", args=[extract.pk])

    def send(**data):
        return client.post(reverse("planning:answer_extract", args=[extract.pk]), data, follow=True)

    return extract, lambda: html.unescape(client.get(address).content.decode()), send


def test_the_page_shows_the_first_rows_and_reads_again(shown_page):
    extract, get, send = shown_page
    shown = get()
    assert "Read again with another heading row" in shown
    assert "Which row has the headings?" in shown
    assert "Row 1: Title" in shown
    assert "Row 3: 1, 202526, (not shown)" in shown
    assert re.search(r'value="2"[^>]*\schecked', shown)
    assert f"({len(NAMES)} columns recognised)" in shown
    send(heading_row="4")
    extract.refresh_from_db()
    assert extract.state in ("received", "checked")
    assert extract.reading["heading_rows"] == {"": 4}


def test_a_row_that_is_none_of_those_shown_is_refused_in_words(shown_page):
    extract, _, send = shown_page
    for wrong in ("", "99", "x", "2.5", "-1"):
        text = html.unescape(send(heading_row=wrong).content.decode())
        assert "Select the row that has the headings" in text
    text = html.unescape(send(heading_row="1").content.decode())
    assert "Row 1 cannot be read as the heading row" in text
    extract.refresh_from_db()
    assert (extract.state, "heading_rows" in extract.reading) == ("checked", False)
