"""People in a file: found wherever they stand, refused while the file is received, and never shown, logged or stored."""

import csv
import io
import logging
import random
from collections import Counter

import pytest
from django.db import connection

from planning.extracts.person_data import People, count_cells, look_for_people, refuse_people
from planning.extracts.person_marks import NOT_SHOWN, cell_to_show, is_value
from planning.extracts.reading import Refused, read_heading
from planning.models import Extract, ExtractProblem
from planning.queries.problems import every_problem
from tests.planning.acm_files import acm_bytes, acm_row
from tests.planning.layout_files import layout_bytes, layout_row
from tests.planning.received_extracts import check, receive

# The example of the NHS data dictionary, and numbers made for these tests by the rule of modulus 11.
NHS_NUMBER = "9434765919"


def nhs_number(first_nine: str) -> str:
    """The nine digits with the digit that makes them pass; those whose check would be 10 are not to be asked for."""
    check = 11 - sum(int(d) * w for d, w in zip(first_nine, range(10, 1, -1), strict=True)) % 11
    assert check != 10
    return first_nine + str(0 if check == 11 else check)


ISSUED = nhs_number("484512345")
SPACED = f"{ISSUED[:3]} {ISSUED[3:6]} {ISSUED[6:]}"
LOCAL = "4845123450"


def looked(tmp_path, content: bytes, layout="acm") -> tuple[People, list[str]]:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    heading = read_heading(path, layout)
    return look_for_people(path, heading, layout), list(heading.cells)


def refusal(tmp_path, content: bytes, layout="acm") -> str:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        refuse_people(path, read_heading(path, layout), layout)
    return str(refused.value)


def suspicions(tmp_path, content: bytes, layout="acm") -> list[tuple[str, str]]:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    return [(s.column, s.rule) for s in refuse_people(path, read_heading(path, layout), layout)]


def acm_cells(*cells: str, column="local_contract_monitoring_description") -> bytes:
    return acm_bytes([acm_row(**{column: cell}) for cell in cells])


DESCRIPTION = "LOCAL CONTRACT MONITORING DESCRIPTION"


def test_the_number_made_here_passes_and_the_local_one_does_not():
    assert LOCAL != ISSUED
    assert nhs_number(NHS_NUMBER[:9]) == NHS_NUMBER


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_identifying_columns_that_are_filled_are_named_whatever_the_file_is_written_in(tmp_path, encoding, delimiter):
    rows = [layout_row("plcm"), layout_row("plcm", nhs_number=ISSUED, person_birth_date="1950-01-02")]
    said = refusal(tmp_path, layout_bytes("plcm", rows, encoding=encoding, delimiter=delimiter), "plcm")
    assert "these columns are filled: NHS NUMBER, PERSON BIRTH DATE." in said
    assert "manage.py minimise_extract FILE --out FILE" in said
    assert ISSUED not in said
    assert "1950" not in said


@pytest.mark.parametrize("cell", ["", " ", '""', "NULL", "#N/A", "\u00a0"])
def test_identifying_columns_without_a_value_are_no_reason(tmp_path, cell):
    content = layout_bytes("plcm", [layout_row("plcm", nhs_number="MARK")]).replace(b"MARK", cell.encode())
    people, _ = looked(tmp_path, content, "plcm")
    assert people.identifying == set()


@pytest.mark.parametrize("heading", ["Surname", "date_of_birth", "Hospital No", "HOME POSTCODE", "MRN"])
def test_hospitals_own_names_for_a_person_count_in_any_layout(tmp_path, heading):
    lines = acm_bytes([acm_row(), acm_row()]).split(b"\r\n")
    content = b"\r\n".join([lines[0] + b"," + heading.encode(), lines[1] + b",", lines[2] + b",x", b""])
    assert f"filled: {heading}." in refusal(tmp_path, content)


@pytest.mark.parametrize(
    "cell",
    [
        ISSUED,
        f"{ISSUED[:3]} {ISSUED[3:6]} {ISSUED[6:]}",
        f"{ISSUED[:3]}-{ISSUED[3:6]}-{ISSUED[6:]}",
        f"{ISSUED}.0",
        f"NHS {ISSUED}",
        f"NHS{ISSUED}",
        f"patient_{ISSUED}_2",
        *(f"{ISSUED[:3]}{gap}{ISSUED[3:6]}{gap}{ISSUED[6:]}" for gap in "./_\u2009\u202f\u00a0\u2011\u2013\u2212\u200b"),
        f"\u200e{ISSUED}\u202c",
        "".join(chr(0xFF10 + int(digit)) for digit in ISSUED),
    ],
)
def test_a_column_of_nhs_numbers_is_refused_however_they_are_written(tmp_path, cell):
    said = refusal(tmp_path, acm_cells(cell, cell, ""))
    assert f"NHS numbers in these columns: {DESCRIPTION}." in said
    assert ISSUED not in said


@pytest.mark.parametrize(
    "cell",
    [
        LOCAL, ISSUED + "1", "1" + ISSUED, "X" + ISSUED, f"0.{ISSUED}", f"{ISSUED}.5", ISSUED[:9],
        nhs_number("312345678"), nhs_number("900000000"), "2026-05-20 09:30:00",
    ],
)  # fmt: skip
def test_other_codes_are_no_nhs_numbers(tmp_path, cell):
    assert suspicions(tmp_path, acm_cells(cell, cell)) == []


def test_what_is_written_otherwise_is_counted_in_its_own_column(tmp_path):
    wide = "".join(chr(0xFF10 + int(digit)) for digit in ISSUED)
    people, cells = looked(tmp_path, acm_cells(f"caf\u00e9 \u2013 {wide}", f"\u200b{LOCAL}", "\u00a0"))
    assert people.numbers == Counter({cells.index(DESCRIPTION): 2})
    assert people.passing == Counter({cells.index(DESCRIPTION): 1})


def test_a_column_where_fewer_than_half_pass_is_warned_of_without_the_number(tmp_path):
    content = acm_cells(ISSUED, LOCAL, LOCAL)
    assert suspicions(tmp_path, content) == [(DESCRIPTION, "codes may be NHS numbers")]
    [found] = refuse_people(tmp_path / "file.csv", read_heading(tmp_path / "file.csv", "acm"), "acm")
    assert ISSUED not in found.message


def test_exactly_half_is_not_over_half(tmp_path):
    assert suspicions(tmp_path, acm_cells(ISSUED, LOCAL)) == [(DESCRIPTION, "codes may be NHS numbers")]
    assert "holds NHS numbers" in refusal(tmp_path, acm_cells(ISSUED, ISSUED, LOCAL))


def test_measures_are_never_taken_for_numbers_of_people(tmp_path):
    assert suspicions(tmp_path, acm_cells(ISSUED, column="planned_activity")) == []
    assert suspicions(tmp_path, layout_bytes("plcm", [layout_row("plcm", actual_price=ISSUED)]), "plcm") == []


def test_full_postcodes_are_refused_where_most_cells_are_and_warned_of_where_few_are(tmp_path):
    assert f"full postcodes in these columns: {DESCRIPTION}." in refusal(tmp_path, acm_cells("SE5 9RS", "sw170qt", ""))
    assert suspicions(tmp_path, acm_cells("SE5 9RS", "Cardiac", "Renal")) == [(DESCRIPTION, "cells may be postcodes")]
    assert suspicions(tmp_path, acm_cells("SE5", "EY02A", "NCBPS13B", "D4U1Y")) == []


def test_postcodes_of_organisations_are_nobodys_home(tmp_path):
    lines = acm_bytes([acm_row()]).split(b"\r\n")
    assert suspicions(tmp_path, b"\r\n".join([lines[0] + b",SITE POSTCODE", lines[1] + b",SE5 9RS", b""])) == []


def test_quotes_line_breaks_and_cut_files_hide_nobody(tmp_path):
    wild = acm_bytes([acm_row(ward_code='5" pipe', local_contract_monitoring_description=f"A\nB, {ISSUED}")])
    assert "NHS numbers" in refusal(tmp_path, wild)
    stray = wild.replace(b'"5"" pipe"', b'5" pipe')
    assert "NHS numbers" in refusal(tmp_path, stray)
    cut = layout_bytes("plcm", [layout_row("plcm"), layout_row("plcm", nhs_number=ISSUED)]).rstrip()
    assert "filled: NHS NUMBER" in refusal(tmp_path, cut[: cut.rfind(ISSUED.encode()) + 14], "plcm")


def some_cells(chance: random.Random) -> list[str]:
    kinds = [
        "", "x", "12.50", ISSUED, LOCAL, f"a {ISSUED}, b", "SE5 9RS", 'say "hi"', SPACED, "é",
        "1234567890123", f'"{ISSUED}"', "N/A",
    ]  # fmt: skip
    return [chance.choice(kinds) for _ in range(44)]


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("seed", range(6))
def test_blocks_are_counted_as_cells_one_by_one_are(tmp_path, seed, quoting):
    chance = random.Random(seed)
    heading = acm_bytes([]).decode().strip().split(",")
    records = [some_cells(chance) for _ in range(60)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=quoting)
    writer.writerows([[*heading, "SURNAME"], *records])
    people, cells = looked(tmp_path, text.getvalue().encode())
    slow = People()
    measures = {i for i, name in enumerate(cells) if "PRICE" in name or "ACTIVITY" in name.split()[-1:] or "MARKET" in name}
    count_cells(records, {cells.index("SURNAME"): b"SURNAME"}, measures, len(cells), slow)
    assert people.identifying == slow.identifying == {cells.index("SURNAME")}
    assert (people.numbers, people.passing) == (slow.numbers, slow.passing)
    assert people.postcodes == slow.postcodes
    assert sum(people.passing.values()) > 0


@pytest.mark.parametrize("end", [b"", b'x"y'], ids=["by the book", "cell by cell"])
def test_headings_that_come_again_fill_no_column_of_people(tmp_path, end):
    """Months pasted under each other bring their headings along; a heading of another column is a value like any other."""
    first, again = (layout_bytes("plcm", [layout_row("plcm", month=month)]) for month in ("1", "2"))
    headings, row = again.splitlines()
    pasted = b"\r\n".join([headings, row + end, b""])
    people, cells = looked(tmp_path, first + pasted, "plcm")
    assert people.identifying == set()
    number = cells.index("NHS NUMBER")
    shifted = pasted.replace(b"NHS NUMBER", b"LOCAL PATIENT IDENTIFIER (EXTENDED)", 1)
    assert looked(tmp_path, first + shifted, "plcm")[0].identifying == {number}


def test_words_for_nothing_are_no_value():
    assert [is_value(cell.encode()) for cell in ("", "  ", '" "', "null", "N/A", "0", "Smith")] == [False] * 5 + [True] * 2


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def everything_stored(media) -> str:
    """All text of the database, and the bytes of every file, as text."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        texts = []
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of the database
            texts += [repr(row) for row in cursor.fetchall()]
    return "\n".join(texts) + "".join(p.read_bytes().decode("latin-1") for p in media.rglob("*") if p.is_file())


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_nothing_of_a_file_that_names_people_is_kept_logged_or_stored(media, caplog):
    secrets = [ISSUED, "Featherstonehaugh", "SE99 7QX", "1950-01-02"]
    row = layout_row(
        "plcm", nhs_number=ISSUED, postcode_of_usual_address="SE99 7QX", person_birth_date="1950-01-02",
        local_patient_identifier_extended="Featherstonehaugh",
    )  # fmt: skip
    with caplog.at_level(logging.DEBUG):
        extract = receive(content=layout_bytes("plcm", [row, layout_row("plcm")]), layout="plcm")
        assert extract.state == "refused"
    assert list(media.rglob("*.csv")) == []
    assert list((media / "quarantine").iterdir()) == []
    everything = everything_stored(media) + caplog.text
    assert [secret for secret in secrets if secret in everything] == []
    assert "minimise_extract" in extract.reason


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_a_patient_level_file_of_months_pasted_with_their_headings_is_checked(media):
    months = [layout_bytes("plcm", [layout_row("plcm", month=month)]) for month in ("1", "2")]
    extract = check(content=b"".join(months), name="plcm.csv", layout="plcm")
    assert (extract.state, extract.accepted, extract.excluded) == ("checked", 2, 1), extract.reason


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_a_few_codes_that_pass_are_a_warning_of_the_whole_file_that_outlives_the_check(media):
    extract = check([acm_row(ward_code=""), acm_row(local_contract_monitoring_description=ISSUED), *(
        acm_row(local_contract_monitoring_description=LOCAL) for _ in range(2)
    )])  # fmt: skip
    assert extract.state == "checked"
    [problem] = ExtractProblem.objects.filter(extract=extract)
    assert (problem.row, problem.column, problem.value, problem.severity) == (None, DESCRIPTION, "", "warning")
    assert extract.problem_count == 1
    assert Extract.objects.get(pk=extract.pk).accepted == 4


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_a_code_that_could_be_a_number_is_not_shown_as_what_is_wrong_in_its_row(media):
    local = [acm_row(service_code=LOCAL, point_of_delivery="SE5 9RS") for _ in range(3)]
    extract = check([acm_row(service_code=ISSUED, actual_price=f"see {SPACED}"), *local, acm_row(actual_price=ISSUED), acm_row()])
    assert (extract.accepted, extract.rejected) == (1, 5)
    found = [(p.row, p.value) for p in every_problem(extract) if p.row]
    stored = list(ExtractProblem.objects.filter(extract=extract).exclude(row=None).values_list("row", "value"))
    assert sorted(found) == sorted(stored)
    assert {value for row, value in found if row == 2} == {NOT_SHOWN}
    assert {value for row, value in found if row == 3} == {LOCAL, NOT_SHOWN}
    # A column of figures holds figures.
    assert (6, ISSUED) in found
    assert [group for group in extract.broken if ISSUED in group["example"]] == [
        group for group in extract.broken if group["rule"] == "figure is too large"
    ]
    contexts = [cell for p in every_problem(extract) if p.row == 2 for cell in p.context]
    assert ISSUED not in contexts
    assert NOT_SHOWN in contexts


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_a_refusal_shows_no_code_that_could_be_a_number(media):
    extract = check([acm_row(provider=ISSUED), acm_row(provider=LOCAL), acm_row(provider=LOCAL)])
    assert f"the file has {LOCAL}, {NOT_SHOWN}." in extract.reason


@pytest.mark.parametrize(
    ("cell", "figure", "shown"),
    [
        (ISSUED, False, NOT_SHOWN),
        (ISSUED, True, ISSUED),
        (f"-{ISSUED}.00", True, f"-{ISSUED}.00"),
        (f"Mrs X {SPACED}", True, NOT_SHOWN),
        ("SE5 9RS", True, NOT_SHOWN),
        ("NCBPS13B", False, "NCBPS13B"),
        (LOCAL, False, LOCAL),
        ("EY02A", False, "EY02A"),
        ("2026-05-20 09:30:00", False, "2026-05-20 09:30:00"),
    ],
)
def test_cells_beside_a_problem(cell, figure, shown):
    assert cell_to_show(cell, figure=figure) == shown


def test_one_local_code_in_eleven_passes_by_chance_and_is_not_refused(tmp_path):
    chance = random.Random(3)
    codes = [str(chance.randint(4 * 10**9, 5 * 10**9 - 1)) for _ in range(500)]
    people, cells = looked(tmp_path, acm_cells(*codes))
    column = cells.index(DESCRIPTION)
    assert people.numbers == Counter({column: 500})
    assert 20 < people.passing[column] < 80
