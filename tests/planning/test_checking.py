from decimal import Decimal

import pytest

from planning.extracts.outcomes import refuse_without_rows
from planning.extracts.reading import Refused
from tests.planning.acm_files import acm_bytes, acm_row
from tests.planning.checked_files import checked_file, facts_in, problems_in


def read(tmp_path, *rows, **options):
    """Counts (rows, accepted, rejected, excluded), problems without their value, facts and notes of a small file."""
    with checked_file(tmp_path, list(rows), **options) as checked:
        result = checked.result
        counts = (result.rows, result.accepted, result.rejected, result.excluded)
        problems = [(row, heading, rule, severity) for row, heading, _, rule, severity in problems_in(checked)]
        return counts, problems, facts_in(checked) if result.accepted else [], checked.notes


def refusal(tmp_path, *rows, **options) -> str:
    with pytest.raises(Refused) as refused:
        read(tmp_path, *rows, **options)
    return str(refused.value)


def test_a_valid_row_is_accepted_without_problems(tmp_path):
    counts, problems, facts, _ = read(tmp_path, acm_row())
    assert counts == (1, 1, 0, 0)
    assert problems == []
    assert facts == [
        {
            "extract": 7, "year": "2025/26", "month": 1, "provider": "RJ1", "site": "RJ121", "service_code": "NCBPS13B",
            "service_category": "25", "point_of_delivery": "EL", "commissioner": "72Q", "home": "72Q", "home_system": "QKK",
            "home_place": "", "planned_activity": 2000, "planned_price": 1_000_000, "planned_mff": None,
            "actual_activity": 3000, "actual_price": 1_500_000, "actual_mff": None,
        }
    ]  # fmt: skip


REJECTED = [
    ({"month": "5.5"}, "FINANCIAL MONTH", "month cannot be read"),
    ({"month": "14"}, "FINANCIAL MONTH", "month cannot be read"),
    ({"month": "0"}, "FINANCIAL MONTH", "month cannot be read"),
    ({"month": "110"}, "FINANCIAL MONTH", "month cannot be read"),
    ({"month": ""}, "FINANCIAL MONTH", "month cannot be read"),
    ({"year": "215551"}, "FINANCIAL YEAR", "year cannot be read"),
    ({"year": "Cardiology"}, "FINANCIAL YEAR", "year cannot be read"),
    ({"year": "202527"}, "FINANCIAL YEAR", "year cannot be read"),
    ({"year": "202425"}, "FINANCIAL YEAR", "year is another"),
    ({"provider": "ZZZ"}, "ORGANISATION IDENTIFIER (CODE OF PROVIDER)", "provider is not known"),
    ({"provider": ""}, "ORGANISATION IDENTIFIER (CODE OF PROVIDER)", "provider is not known"),
    ({"service_category": "24"}, "COMMISSIONED SERVICE CATEGORY CODE", "service category is not known"),
    ({"service_code": "NCBPS99Z"}, "SERVICE CODE", "service code is not known"),
    ({"service_code": "#N/A"}, "SERVICE CODE", "service code is not known"),
    ({"point_of_delivery": "CC"}, "POINT OF DELIVERY CODE", "point of delivery is not known"),
    ({"commissioner": ""}, "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)", "commissioner is missing"),
    ({"commissioner": "NULL"}, "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)", "commissioner is missing"),
    ({"actual_price": "TBC"}, "CONTRACT MONITORING ACTUAL PRICE", "figure cannot be read"),
    ({"planned_activity": "-"}, "CONTRACT MONITORING PLANNED ACTIVITY", "figure cannot be read"),
    ({"actual_price": "1,23"}, "CONTRACT MONITORING ACTUAL PRICE", "figure cannot be read"),
    ({"actual_price": "12.5%"}, "CONTRACT MONITORING ACTUAL PRICE", "figure cannot be read"),
    ({"actual_price": "(5"}, "CONTRACT MONITORING ACTUAL PRICE", "figure cannot be read"),
    ({"actual_price": "1_000"}, "CONTRACT MONITORING ACTUAL PRICE", "figure cannot be read"),
    ({"actual_mff": "none yet"}, "CONTRACT MONITORING ACTUAL MARKET FORCES FACTOR", "figure cannot be read"),
    ({"actual_price": "1000000000.01"}, "CONTRACT MONITORING ACTUAL PRICE", "figure is too large"),
    ({"planned_price": "-1e12"}, "CONTRACT MONITORING PLANNED PRICE", "figure is too large"),
    ({"actual_activity": "100000001"}, "CONTRACT MONITORING ACTUAL ACTIVITY", "figure is too large"),
    ({"actual_activity": "inf"}, "CONTRACT MONITORING ACTUAL ACTIVITY", "figure cannot be read"),
]


@pytest.mark.parametrize(("cells", "heading", "rule"), REJECTED, ids=[f"{r}: {c}" for c, _, r in REJECTED])
def test_a_row_that_cannot_be_read_is_rejected_and_the_others_stand(tmp_path, cells, heading, rule):
    good = [acm_row(), acm_row(), acm_row()]
    counts, problems, facts, _ = read(tmp_path, *good, acm_row(**cells))
    assert counts == (4, 3, 1, 0)
    assert (5, heading, rule, "error") in problems
    assert sum(fact["actual_price"] for fact in facts) == 3 * 1_500_000


WARNINGS = [
    ({"commissioner": "99Z"}, "commissioner is not listed"),
    ({"site": "St Thomas'"}, "site has another form"),
    ({"treatment_function": "Card"}, "treatment function has another form"),
    ({"practice": "123456"}, "practice has another form"),
    ({"tariff": "hip"}, "tariff has another form"),
    ({"actual_price": ""}, "price is blank"),
    ({"planned_price": "#N/A"}, "price is blank"),
    ({"year": "2025"}, "year has no second year"),
    ({"actual_price": "1.23E+05"}, "figure may have lost digits"),
    ({"planned_activity": "1e3"}, "figure may have lost digits"),
]


@pytest.mark.parametrize(("cells", "rule"), WARNINGS, ids=[r for _, r in WARNINGS])
def test_a_lesser_fault_is_a_warning_and_the_row_is_accepted(tmp_path, cells, rule):
    counts, problems, _, _ = read(tmp_path, acm_row(), acm_row(**cells))
    assert counts == (2, 2, 0, 0)
    assert [(row, named, severity) for row, _, named, severity in problems] == [(3, rule, "warning")]


@pytest.mark.parametrize(
    "cells",
    [
        {"tariff": "", "point_of_delivery": "EL"},
        {"tariff": "local", "point_of_delivery": "DRUG"},
        {"point_of_delivery": "BLOCK", "planned_activity": "0", "actual_activity": "", "site": "", "treatment_function": ""},
        {"point_of_delivery": "DRUG", "actual_activity": "3"},
        {"planned_activity": "", "planned_price": ""},
        {"actual_price": "1000000000"},
        {"actual_price": "-1000000000.0000", "actual_activity": "0"},
        {"actual_activity": "-100000000", "actual_price": "-1"},
        {"commissioner": "13Q"},
        {"treatment_function": "320.0"},
        {"treatment_function": "NULL", "site": "#N/A", "practice": "null"},
    ],
    ids=str,
)
def test_what_is_in_order_is_no_problem(tmp_path, cells):
    counts, problems, _, _ = read(tmp_path, acm_row(**cells))
    assert (counts, problems) == ((1, 1, 0, 0), [])


PRICES = {
    "1,234.56": "1234.56",
    "£1,234": "1234",
    "Â£1,234.50": "1234.50",
    "Ã‚Â£12": "12",
    "\ufffd12": "12",
    " 12.5 ": "12.5",
    "12.5\u00a0": "12.5",
    "£ 1 234.5": "1234.5",
    "(1,234.56)": "-1234.56",
    "(£12)": "-12",
    "£(12)": "-12",
    "-£12": "-12",
    "£-12": "-12",
    "12-": "-12",
    "\u221212.50": "-12.50",
    ".5": "0.5",
    "12.": "12",
    "+7": "7",
    "0": "0",
}


@pytest.mark.parametrize(("written", "price"), PRICES.items())
def test_prices_are_read_as_people_write_them(tmp_path, written, price):
    counts, problems, facts, _ = read(tmp_path, acm_row(actual_price=written, actual_activity="0"))
    assert (counts, problems) == ((1, 1, 0, 0), [])
    assert facts[0]["actual_price"] == int(Decimal(price) * 10_000)


def test_windows_pound_signs_are_read(tmp_path):
    _, problems, facts, notes = read(tmp_path, acm_row(actual_price="£1,234.56"), encoding="cp1252")
    assert (problems, facts[0]["actual_price"]) == ([], 12_345_600)
    assert notes[0].startswith("Read as Windows-1252")


@pytest.mark.parametrize("written", ["", " ", "#N/A", "NULL", "not known"])
def test_a_blank_is_missing_and_never_nought(tmp_path, written):
    _, _, facts, _ = read(tmp_path, acm_row(actual_price=written, actual_activity=written))
    assert (facts[0]["actual_price"], facts[0]["actual_activity"]) == (None, None)


@pytest.mark.parametrize("written", ["202526", "2025/26", "2025-26", "2025 26", "2025-2026"])
def test_years_are_read_in_five_spellings(tmp_path, written):
    counts, problems, facts, _ = read(tmp_path, acm_row(year=written))
    assert (counts, problems, facts[0]["year"]) == ((1, 1, 0, 0), [], "2025/26")


@pytest.mark.parametrize(
    ("cells", "read_as"),
    [
        ({"provider": "RJ100"}, {"provider": "RJ1"}),
        ({"provider": " rj1 "}, {"provider": "RJ1"}),
        ({"provider": "RJ122"}, {"provider": "RJ1"}),
        ({"month": "04"}, {"month": 4}),
        ({"month": "4.0"}, {"month": 4}),
        ({"month": "13"}, {"month": 13}),
        ({"service_category": "25.0"}, {"service_category": "25"}),
        ({"service_code": "ncbps13b\u00a0"}, {"service_code": "NCBPS13B"}),
        ({"service_code": "99999999.0", "service_category": "12"}, {"service_code": "99999999"}),
        ({"point_of_delivery": "el"}, {"point_of_delivery": "EL"}),
        ({"commissioner": "72q"}, {"commissioner": "72Q"}),
        ({"site": "rj121"}, {"site": "RJ121"}),
    ],
    ids=str,
)
def test_codes_are_read_without_what_stands_around_them(tmp_path, cells, read_as):
    counts, problems, facts, _ = read(tmp_path, acm_row(**cells))
    assert (counts, problems) == ((1, 1, 0, 0), [])
    assert {name: facts[0][name] for name in read_as} == read_as


def test_an_independent_provider_keeps_its_five_characters(tmp_path):
    assert read(tmp_path, acm_row(provider="NT123"))[2][0]["provider"] == "NT123"


def test_a_shortened_provider_is_said(tmp_path):
    _, _, _, notes = read(tmp_path, acm_row(provider="RJ100"), acm_row())
    assert "The provider RJ100 was read as RJ1 in 1 row." in notes


def test_problems_name_the_spreadsheet_row_and_the_cell_as_received(tmp_path):
    with checked_file(tmp_path, [acm_row(), acm_row(service_code=" ncbps99z "), acm_row(actual_price="TBC")]) as checked:
        problems = [problem for batch in checked.problems() for problem in batch]
    assert [(p[0], p[2]) for p in problems] == [(3, " ncbps99z "), (4, "TBC")]
    assert all(message for *_, message in problems)


def test_every_fault_of_a_row_is_told(tmp_path):
    _, problems, _, _ = read(tmp_path, acm_row(), acm_row(month="x", service_code="x", actual_price="x"))
    assert [rule for _, _, rule, _ in problems] == [
        "month cannot be read",
        "service code is not known",
        "figure cannot be read",
    ]


@pytest.mark.parametrize("written", ["", "36L.0", "ABCDEF"])
def test_a_commissioner_that_is_missing_is_told_once(tmp_path, written):
    _, problems, _, _ = read(tmp_path, acm_row(), acm_row(commissioner=written))
    assert [rule for _, _, rule, _ in problems] == ["commissioner is missing"]


def lines(*rows) -> list[bytes]:
    return acm_bytes(list(rows)).split(b"\r\n")


def test_a_row_with_too_few_or_too_many_cells_is_rejected(tmp_path):
    content = lines(acm_row(), acm_row(), acm_row(), acm_row())
    content[2] = content[2][: content[2].index(b"EY02A")]
    content[3] += b",more"
    with checked_file(tmp_path, content=b"\r\n".join(content)) as checked:
        assert (checked.result.accepted, checked.result.rejected) == (2, 2)
        broken = [(p[0], p[3]) for p in problems_in(checked)]
    assert broken == [(3, "row is broken"), (4, "row is broken")]


def test_many_cells_too_many_and_odd_quotes_are_read_by_the_careful_reader(tmp_path):
    content = lines(acm_row(), acm_row(), acm_row(), acm_row(actual_price="1"))
    content[2] += b",a,b,c,d"
    content[3] = content[3].replace(b"RJ121", b'"RJ1"21')
    with checked_file(tmp_path, content=b"\r\n".join(content)) as checked:
        assert (checked.result.rows, checked.result.accepted, checked.result.rejected) == (4, 3, 1)
        assert [p[0] for p in problems_in(checked) if p[3] == "row is broken"] == [3]
        assert "RJ121" in {fact["site"] for fact in facts_in(checked)}


def test_empty_cells_after_the_last_column_are_no_fault(tmp_path):
    content = [line + b"," if line else line for line in lines(acm_row(), acm_row())]
    content[0] = content[0].rstrip(b",")
    with checked_file(tmp_path, content=b"\r\n".join(content)) as checked:
        assert (checked.result.accepted, problems_in(checked)) == (2, [])


BLANK: dict[str, str] = {}
TOTALS = [
    {"actual_price": "300.00", "planned_price": "200.00"},
    {"month": "Total", "actual_price": "300.00"},
    {"provider": "Grand Total", "month": "1", "actual_price": "300.00"},
    {"local_point_of_delivery_description": "Total for the year", "month": "12", "actual_price": "300.00"},
    {"service_code": "NCBPS13B Total", "year": "202526", "actual_price": "300.00"},
    acm_row(service_code="NCBPS13B Total", actual_price="300.00"),
    acm_row(commissioner="TOTAL", actual_price="300.00"),
    acm_row(commissioner="72Q Total", actual_price="300.00"),
]


@pytest.mark.parametrize("total", TOTALS, ids=str)
def test_total_rows_are_left_out_and_reported_with_their_sum(tmp_path, total):
    counts, problems, facts, notes = read(tmp_path, acm_row(), acm_row(), total)
    assert (counts, problems) == ((3, 2, 0, 1), [])
    assert sum(f["actual_price"] for f in facts) == 3_000_000
    [note] = [note for note in notes if note.startswith("Total rows left out: 1 (row 4);")]
    assert note.endswith("their actual prices add up to £300.00.")


def test_blank_rows_are_left_out(tmp_path):
    counts, problems, _, notes = read(tmp_path, acm_row(), BLANK, acm_row(), {"month": " ", "site": "\u00a0"})
    assert (counts, problems) == ((4, 2, 0, 2), [])
    assert "Blank rows left out: 2 (rows 3, 5)." in notes


def test_a_row_about_a_total_hip_is_no_total(tmp_path):
    row = acm_row(local_point_of_delivery_description="Total hip replacement")
    assert read(tmp_path, row, {**row, "month": "x"})[0] == (2, 1, 1, 0)


def test_a_stray_year_costs_its_rows(tmp_path):
    counts, problems, _, _ = read(tmp_path, *[acm_row()] * 9, acm_row(year="202425"))
    assert counts == (10, 9, 1, 0)
    assert problems == [(11, "FINANCIAL YEAR", "year is another", "error")]


@pytest.mark.parametrize("numbers", [(1, 1), (6, 2), (200, 15)])
def test_two_years_that_both_matter_are_refused(tmp_path, numbers):
    rows = [acm_row()] * numbers[0] + [acm_row(year="2024/25")] * numbers[1]
    assert "rows of 2024/25 and 2025/26" in refusal(tmp_path, *rows)


def test_no_year_that_can_be_read_is_refused(tmp_path):
    assert "No row has a financial year" in refusal(tmp_path, acm_row(year="soon"))


def test_stray_unknown_providers_cost_their_rows(tmp_path):
    counts, problems, _, _ = read(tmp_path, acm_row(), acm_row(provider="ZZZ"))
    assert counts == (2, 1, 1, 0)
    assert problems[0][2] == "provider is not known"


def test_two_known_providers_are_refused(tmp_path):
    message = refusal(tmp_path, *[acm_row()] * 50, acm_row(provider="RJZ00"))
    assert "more than one provider: Guy's and St Thomas' (RJ1), King's (RJZ)" in message


def test_no_known_provider_is_refused(tmp_path):
    assert "No row names a provider that is on the list: the file has ZZZ" in refusal(tmp_path, acm_row(provider="ZZZ"))


def test_a_file_without_an_accepted_row_is_refused_with_the_commonest_reason(tmp_path):
    with checked_file(tmp_path, [acm_row(service_code="x"), acm_row(service_code="y")]) as checked:
        with pytest.raises(Refused, match="commonest reason: service code is not known"):
            refuse_without_rows(checked.result)
        assert len(problems_in(checked)) == 2


def test_a_heading_without_rows_is_refused(tmp_path):
    assert "and no rows under them" in refusal(tmp_path, content=acm_bytes([]))


def test_commissioners_are_counted_before_rejection(tmp_path):
    rows = [acm_row(), acm_row(commissioner="36L", month="x"), acm_row(commissioner=""), {"commissioner": "TOTAL"}]
    with checked_file(tmp_path, rows) as checked:
        assert checked.scan.commissioners == ("36L", "72Q")


def test_columns_that_may_be_missing_may_be_missing(tmp_path):
    optional = ("site", "practice", "tariff", "practice_responsibility", "residence_responsibility", "planned_mff", "actual_mff")
    counts, problems, facts, _ = read(tmp_path, acm_row(), without=optional)
    assert (counts, problems) == ((1, 1, 0, 0), [])
    assert (facts[0]["site"], facts[0]["home"], facts[0]["actual_mff"]) == ("", "72Q", None)


def test_columns_that_the_layout_does_not_have_are_said_and_left_out(tmp_path):
    _, problems, _, notes = read(tmp_path, acm_row(ward_code="secret"), headings={"ward_code": "OUR NOTES"})
    assert problems == []
    assert "1 column that the layout does not have was left out: OUR NOTES." in notes
    with checked_file(tmp_path, [acm_row(ward_code="secret")], headings={"ward_code": "OUR NOTES"}) as checked:
        stored = checked.connection.execute("SELECT * FROM read_parquet(?)", [str(checked.lines)]).fetchall()
    assert "secret" not in str(stored)


def test_the_lines_hold_every_row_as_it_was_received(tmp_path):
    rows = [acm_row(actual_price="£1,234"), acm_row(month="x"), acm_row(month="2")]
    with checked_file(tmp_path, rows) as checked:
        stored = checked.connection.execute(
            'SELECT row, "FINANCIAL MONTH", "CONTRACT MONITORING ACTUAL PRICE" FROM read_parquet(?) ORDER BY row',
            [str(checked.lines)],
        ).fetchall()
    assert stored == [(2, "1", "£1,234"), (3, "x", "150.00"), (4, "2", "150.00")]
