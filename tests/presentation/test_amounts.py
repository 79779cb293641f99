from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from presentation import amounts
from presentation.amounts import POUND, UNIT


@pytest.mark.parametrize(
    ("pounds", "said"),
    [
        ("2174000000", "£2.17bn"),
        ("48321000.50", "£48.3m"),
        ("13999", "£14k"),
        ("950.40", "£950"),
        ("0", "£0"),
        ("0.49", "£0"),
        ("-0.40", "£0"),
        ("-612345", "−£612k"),
        ("999499.99", "£999k"),
        ("999500", "£1.0m"),
        ("995000000", "£995.0m"),
        ("999950000", "£1.00bn"),
        ("999.50", "£1k"),
    ],
)
def test_headline_money(pounds, said):
    assert amounts.money(amounts.from_pounds(pounds)) == said


def test_signed_money_always_has_its_sign_but_for_nought():
    assert amounts.signed_money(48 * 1_000_000 * POUND) == "+£48.0m"
    assert amounts.signed_money(-6_000 * POUND) == "−£6k"
    assert amounts.signed_money(0) == "£0"


def test_money_to_the_penny_and_to_the_pound_round_halves_away_from_nought():
    assert amounts.money_exact(amounts.from_pounds("1234567.895")) == "£1,234,567.90"
    assert amounts.money_exact(amounts.from_pounds("-1234567.895")) == "−£1,234,567.90"
    assert amounts.money_whole(amounts.from_pounds("0.5")) == "£1"
    assert amounts.money_whole(amounts.from_pounds("2.5"), signed=True) == "+£3"


@pytest.mark.parametrize("missing", [None, pd.NA, float("nan")])
def test_missing_is_a_word_and_never_nought(missing):
    assert (
        amounts.money(missing) == amounts.money_exact(missing) == amounts.count(missing) == amounts.percent(missing) == "No data"
    )


@pytest.mark.parametrize(
    ("share", "decimals", "said"),
    [
        (0.0625, 1, "6.3%"),
        (0.625, 0, "63%"),
        (Decimal("0.4605"), 1, "46.1%"),
        (-0.0225, 1, "−2.3%"),
        (0.0004, 1, "0.0%"),
        (1, 1, "100.0%"),
    ],
)
def test_percentages_round_halves_up_as_people_write_them(share, decimals, said):
    assert amounts.percent(share, decimals) == said


def test_counts_have_commas_and_no_decimals():
    assert amounts.count(12_345_678 * UNIT) == "12,345,678"
    assert amounts.count(1_500) == "2"
    assert amounts.count(-3 * UNIT, signed=True) == "−3"
    assert amounts.whole(7) == "7"


def test_conversion_is_exact_and_refuses_what_is_finer_than_is_stored():
    assert amounts.from_pounds("0.0001") == 1
    assert amounts.to_pounds(12_345_678) == Decimal("1234.5678")
    assert amounts.from_activity("2.001") == 2_001
    with pytest.raises(ValueError, match="finer than is stored"):
        amounts.from_pounds("0.00001")
    with pytest.raises(ValueError, match="finer than is stored"):
        amounts.from_activity("0.0001")


def test_numbers_in_files_are_plain():
    assert amounts.plain(Decimal("1200.500")) == "1200.5"
    assert amounts.plain(Decimal("-1000000")) == "-1000000"
    assert amounts.plain(Decimal("1E+3")) == "1000"
    assert amounts.plain_money(Decimal("1")) == "1.00"
    assert amounts.plain_money(Decimal("-1.2345")) == "-1.2345"


def test_parts_are_rounded_so_that_they_add_up():
    assert amounts.round_to_total([15_000, 15_000, 15_000], POUND) == [20_000, 20_000, 10_000]
    assert amounts.round_to_total([15_000, None, -15_000], POUND) == [20_000, None, -20_000]


@given(st.lists(st.one_of(st.none(), st.integers(-(10**12), 10**12)), max_size=30), st.sampled_from([1, 1_000, 10_000]))
def test_rounded_parts_make_the_rounded_total_and_none_moves_a_whole_unit(values, unit):
    rounded = amounts.round_to_total(values, unit)
    total = sum(v for v in values if v is not None)
    assert abs(sum(v for v in rounded if v is not None) - total) * 2 <= unit
    for before, after in zip(values, rounded, strict=True):
        assert (before is None) == (after is None)
        assert before is None or (abs(after - before) < unit and after % unit == 0)


@given(st.integers(-(10**15), 10**15))
def test_pounds_and_back(stored):
    assert amounts.from_pounds(amounts.plain(amounts.to_pounds(stored))) == stored
