"""What was cleaned is counted by column and kind, in words, and only where the row is accepted."""

import pytest

from planning.extracts.cleaning import CODE_CLEANINGS, FIGURE_CLEANINGS, code_cleanings, figure_cleanings
from planning.extracts.faults import FIGURES
from planning.extracts.valuing import CLEANED_CODES
from tests.planning.acm_files import acm_row
from tests.planning.checked_files import checked_file

CLEANED = [
    ({"actual_price": "1,234.50"}, "actual prices had separators of thousands, which were taken out"),
    ({"actual_price": "1 234.50"}, "actual prices had separators of thousands, which were taken out"),
    ({"planned_price": "£12"}, "planned prices had a currency sign, which was taken off"),
    ({"planned_price": "12 GBP"}, "planned prices had a currency sign, which was taken off"),
    ({"actual_price": "Â£12"}, "actual prices had a pound sign that was spoilt on the way, which was taken off"),
    ({"actual_price": "\ufffd12"}, "actual prices had a pound sign that was spoilt on the way, which was taken off"),
    ({"actual_price": "(12)", "actual_activity": "0"}, "actual prices stood in brackets and were read as negative"),
    (
        {"actual_price": "12-", "actual_activity": "0"},
        "actual prices had a minus sign of another form, and were read as negative",
    ),
    ({"actual_activity": "3\u00a0"}, "actual activities had blanks that cannot be seen, which were taken off"),
    ({"actual_mff": "#N/A"}, "actual market forces factors held words that stand for a blank, and count as missing"),
    ({"month": "01"}, "months had a leading zero, which was taken off"),
    ({"month": "April"}, "months were in words or dates and were read as numbers from 1 (April)"),
    ({"month": "01/04/2025"}, "months were in words or dates and were read as numbers from 1 (April)"),
    ({"actual_price": "1\u202f234.50"}, "actual prices had separators of thousands, which were taken out"),
    ({"actual_price": "1\u2009234.50"}, "actual prices had separators of thousands, which were taken out"),
    ({"month": "1.0"}, "months had .0 taken off"),
    ({"provider": "RJ100"}, "providers had the code of a site or an ending 00, which was taken off"),
    ({"provider": "rj1"}, "providers were in small letters and were read in capitals"),
    ({"service_category": "25.0"}, "service categories had .0 taken off"),
    ({"treatment_function": "320.0"}, "treatment functions had .0 taken off"),
    ({"service_code": "NCBPS13B\u00a0"}, "service codes had blanks around them, which were taken off"),
    ({"site": "rj121"}, "sites were in small letters and were read in capitals"),
    ({"practice": "NULL"}, "practices held words that stand for a blank"),
]


@pytest.mark.parametrize(("cells", "words"), CLEANED, ids=[f"{c}" for c, _ in CLEANED])
def test_a_cleaning_is_counted_in_words_with_its_first_row(tmp_path, cells, words):
    rows = [acm_row(), acm_row(**cells), acm_row(**cells), acm_row(**cells, point_of_delivery="unknown")]
    with checked_file(tmp_path, rows) as checked:
        [cleaned] = checked.result.cleaned
        assert (checked.result.accepted, checked.result.rejected) == (3, 1)
    assert (cleaned.words, cleaned.number, cleaned.first_row) == (f"2 {words}", 2, 3)


def test_one_cell_can_be_cleaned_in_several_ways(tmp_path):
    with checked_file(tmp_path, [acm_row(actual_price=" (£1,234.50) ", actual_activity="0", provider="rj1 ")]) as checked:
        found = {(cleaned.field, cleaned.words.split(" ", 4)[-1]) for cleaned in checked.result.cleaned}
    assert {field for field, _ in found} == {"actual_price", "provider"}
    assert len(found) == 5


def test_nothing_is_counted_in_a_clean_file_or_in_what_could_not_be_read(tmp_path):
    with checked_file(tmp_path, [acm_row(), acm_row(actual_price="£1,2,3"), acm_row(actual_price="")]) as checked:
        assert checked.result.cleaned == ()


def test_thousands_are_counted_with_a_comma(tmp_path):
    with checked_file(tmp_path, [acm_row(actual_price="1,000")] * 1204) as checked:
        [cleaned] = checked.result.cleaned
    assert cleaned.words.startswith("1,204 actual prices had separators of thousands")


def test_every_cleaning_has_a_bit_of_a_whole_number():
    assert len(figure_cleanings(FIGURES)) == len(FIGURES) * (len(FIGURE_CLEANINGS) + 1) < 63
    assert len(code_cleanings(tuple(CLEANED_CODES))) == len(CLEANED_CODES) * len(CODE_CLEANINGS) + 3 < 63


def test_rows_whose_month_is_in_words_are_ordinary_and_their_text_is_not_kept_twice(tmp_path):
    rows = [acm_row(month=month) for month in ("April", "M02", "2025-06-01", "4", "Total")]
    with checked_file(tmp_path, rows) as checked:
        assert checked.result.months == (1, 2, 3, 4)
        lines = checked.connection.read_parquet(str(checked.lines))
        kept = {row for row, everything in lines.project("row, everything").fetchall() if everything}
    assert kept == {6}


def test_a_credit_is_asked_for_with_a_minus(tmp_path):
    with checked_file(tmp_path, [acm_row(), acm_row(actual_price="12 CR")]) as checked:
        [broken] = checked.result.broken
    assert "a minus for money back: CR, DR, %, k and a dash are not read" in broken.message
