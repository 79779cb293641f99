"""Rules that hold for every amount, whatever it is."""

import re
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from presentation import amounts
from presentation.amounts import MINUS, NO_DATA, POUND, UNIT

STORED = st.integers(-(10**17), 10**17)
MISSING = [None, pd.NA, float("nan"), np.nan, pd.NaT, Decimal("NaN")]
FORMATS = (amounts.money, amounts.signed_money, amounts.money_exact, amounts.money_whole, amounts.count)
SCALES = {"bn": Decimal(10**9), "m": Decimal(10**6), "k": Decimal(10**3), "": Decimal(1)}


def read_back(said: str) -> tuple[Decimal, Decimal]:
    """What a reader takes a headline for, and the size of its last place."""
    number, letter = re.fullmatch(rf"[+{MINUS}]?£([\d,]+(?:\.\d+)?)(bn|m|k|)", said).groups()
    plain = Decimal(number.replace(",", ""))
    sign = -1 if said.startswith(MINUS) else 1
    return sign * plain * SCALES[letter], SCALES[letter] * Decimal(1).scaleb(plain.as_tuple().exponent)


@given(STORED)
def test_a_headline_is_within_half_of_its_last_place(stored):
    said, place = read_back(amounts.money(stored))
    assert abs(said - amounts.to_pounds(stored)) * 2 <= place


@given(st.integers(0, 10**16), st.integers(0, 10**16))
def test_more_money_never_reads_as_less(one, other):
    small, large = sorted((one, other))
    assert read_back(amounts.money(small))[0] <= read_back(amounts.money(large))[0]


@given(STORED)
def test_no_headline_has_a_thousand_of_its_own_letter(stored):
    number, letter = re.fullmatch(rf"{MINUS}?£([\d,.]+)(bn|m|k|)", amounts.money(stored)).groups()
    assert letter == "bn" or Decimal(number.replace(",", "")) < 1000


@given(STORED)
def test_a_loss_reads_as_the_gain_of_the_same_size_behind_a_minus(stored):
    for said in FORMATS[2:]:
        assert said(-abs(stored)).removeprefix(MINUS) == said(abs(stored))
    assert amounts.money(-abs(stored)).removeprefix(MINUS) == amounts.money(abs(stored))


@given(STORED)
def test_the_sign_on_pages_is_a_true_minus_and_never_stands_before_nought(stored):
    for said in FORMATS:
        text = said(stored)
        assert "-" not in text
        if not re.search(r"[1-9]", text):
            assert text[0] not in (MINUS, "+")
        elif stored < 0:
            assert text.startswith(MINUS)


@pytest.mark.parametrize(
    ("pounds", "said"),
    [
        ("999.49", "£999"),
        ("999.4999", "£999"),
        ("999499.9999", "£999k"),
        ("999999.99", "£1.0m"),
        ("1000000", "£1.0m"),
        ("1049999.99", "£1.0m"),
        ("1050000", "£1.1m"),
        ("999949999.9999", "£999.9m"),
        ("999999999.99", "£1.00bn"),
        ("1005000000", "£1.01bn"),
        ("1234567890123", "£1,234.57bn"),
        ("-999999.99", "−£1.0m"),
        ("-999.5", "−£1k"),
        ("-0.5", "−£1"),
        ("0.5", "£1"),
    ],
)
def test_headlines_at_the_edges_of_their_letters(pounds, said):
    assert amounts.money(amounts.from_pounds(pounds)) == said


@pytest.mark.parametrize("missing", MISSING, ids=str)
@pytest.mark.parametrize("said", [*FORMATS, amounts.whole, amounts.number, amounts.percent], ids=lambda f: f.__name__)
def test_every_format_has_the_same_word_for_nothing(said, missing):
    assert said(missing) == NO_DATA


@pytest.mark.parametrize("nought", [0, np.int64(0), 0.0, -0.0, Decimal(0), Decimal("-0.00")], ids=str)
def test_nought_is_something_and_has_no_sign(nought):
    assert not amounts.is_missing(nought)
    assert amounts.number(nought, 2, signed=True) == "0.00"
    assert amounts.percent(nought, signed=True) == "0.0%"


@pytest.mark.parametrize("cell", ["", "x", [], [None], {}, False], ids=repr)
def test_words_lists_and_no_are_not_missing(cell):
    assert not amounts.is_missing(cell)


@given(STORED)
def test_pence_on_a_page_are_the_stored_amount_to_half_a_penny(stored):
    said = Decimal(amounts.money_exact(stored).replace("£", "").replace(",", "").replace(MINUS, "-"))
    assert abs(said * POUND - stored) <= POUND // 200


@given(STORED)
def test_what_is_written_to_a_file_is_exact(stored):
    assert Decimal(amounts.plain_money(amounts.to_pounds(stored))) * POUND == stored
    assert Decimal(amounts.plain(amounts.to_activity(stored))) * UNIT == stored


@given(STORED)
def test_files_hold_plain_digits_and_at_least_pence(stored):
    assert re.fullmatch(r"-?\d+\.\d{2,4}", amounts.plain_money(amounts.to_pounds(stored)))
    assert re.fullmatch(r"-?\d+(\.\d{1,3})?", amounts.plain(amounts.to_activity(stored)))


@given(st.decimals("-1e9", "1e9", places=6), st.sampled_from(["0.01", "1", "1000"]))
def test_halves_go_away_from_nought_and_the_rest_to_the_nearest(value, step):
    rounded, step = amounts.half_up(value, step), Decimal(step)
    assert rounded % step == 0
    off = abs(rounded) - abs(value)
    assert -step / 2 < off <= step / 2


@pytest.mark.parametrize(
    ("pounds", "stored"), [("0.01", 100), ("-0.01", -100), (3, 30_000), (Decimal("1e3"), 10_000_000), ("1.2345", 12_345)]
)
def test_pounds_are_stored_whole(pounds, stored):
    assert amounts.from_pounds(pounds) == stored


@pytest.mark.parametrize("too_fine", ["0.12345", Decimal("1e-5"), "1234567890.00001"])
def test_what_is_finer_than_stored_is_refused_whatever_its_size(too_fine):
    with pytest.raises(ValueError, match="finer"):
        amounts.from_pounds(too_fine)


def slow_largest_remainder(values, unit):
    """Share out the rounded total unit by unit, to whoever is furthest below their true amount."""
    total = Decimal(sum(values)) / unit
    units = int(total.to_integral_value(rounding="ROUND_HALF_UP"))
    given = [value // unit for value in values]
    while sum(given) < units:
        short = [value - got * unit for value, got in zip(values, given, strict=True)]
        given[short.index(max(short))] += 1
    return [got * unit for got in given]


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=12), st.sampled_from([7, 1_000, 10_000]))
def test_parts_are_rounded_as_when_shared_out_one_by_one(values, unit):
    assert amounts.round_to_total(values, unit) == slow_largest_remainder(values, unit)


@given(st.lists(st.integers(-(10**9), 10**9), min_size=2, max_size=12))
def test_rounding_keeps_the_order_of_parts_that_differ_by_a_unit(values):
    rounded = amounts.round_to_total(values, POUND)
    for i, one in enumerate(values):
        for j, other in enumerate(values):
            assert one - other < POUND or rounded[i] >= rounded[j]


@pytest.mark.parametrize("missing", [None, pd.NA, float("nan")], ids=str)
def test_missing_parts_get_no_share_of_the_rounding(missing):
    rounded = amounts.round_to_total([5_000, missing, 5_000, 0], POUND)
    assert rounded == [10_000, None, 0, 0]


def test_nothing_to_round_is_nothing():
    assert amounts.round_to_total([], POUND) == []
    assert amounts.round_to_total([None, pd.NA], POUND) == [None, None]


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_a_percentage_reads_as_its_share(part, whole):
    said = Decimal(amounts.percent(Decimal(part) / whole).removesuffix("%").replace(",", ""))
    assert abs(said - Decimal(100 * part) / whole) <= Decimal("0.05")


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [(1.005, 2, "1.01"), (2.675, 2, "2.68"), (0.125, 2, "0.13"), (-0.125, 2, "−0.13"), (1e15, 0, "1,000,000,000,000,000")],
)
def test_numbers_round_as_they_are_written_not_as_they_are_stored(value, decimals, said):
    assert amounts.number(value, decimals) == said


@pytest.mark.parametrize("kind", [int, np.int64, float, np.float64, Decimal])
def test_the_same_number_reads_the_same_whatever_holds_it(kind):
    assert amounts.whole(kind(1234)) == "1,234"
    assert amounts.percent(kind(2)) == "200.0%"
