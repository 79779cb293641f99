"""Words that titles share, sums as commands print them, and colours that can be told apart and read."""

import itertools
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presentation import theme
from presentation.statements import stated
from presentation.wording import (
    CONTROL_CHARACTERS,
    MONTH_NAMES,
    UNITS,
    leaders,
    listed,
    listed_at_most,
    number_at_start,
    number_of,
    number_within,
    unit_name,
)

WORDS = st.lists(st.text("abc", min_size=1, max_size=3), max_size=6)


@given(WORDS)
def test_a_list_in_words_has_every_word_in_its_order_and_one_and(words):
    said = listed(words)
    assert [part for part in said.replace(" and ", ", ").split(", ") if part] == words
    assert said.count(" and ") == (len(words) > 1)


@given(st.integers(0, 10**7))
def test_things_are_counted_in_agreement(number):
    said = number_of(number, "system")
    assert said.endswith("system") == (number == 1)
    assert said.startswith("no ") if number == 0 else said.split()[0].replace(",", "") == str(number)
    assert number_of(2, "body", "bodies") == "2 bodies"


@given(
    st.lists(st.tuples(st.text("abcdef", min_size=1, max_size=2), st.one_of(st.just(math.nan), st.integers(-3, 3))), max_size=8)
)
def test_leaders_are_all_those_whom_nobody_exceeds(pairs):
    names, greatest = leaders([n for n, _ in pairs], [v for _, v in pairs])
    known = [(n, v) for n, v in pairs if not math.isnan(v)]
    assert names == [n for n, v in known if all(v >= other for _, other in known)]
    assert (greatest is None) == (not known)
    assert not known or all(v <= greatest for _, v in known)


def test_a_year_of_the_nhs_begins_in_april_and_has_twelve_months():
    assert (MONTH_NAMES[0], MONTH_NAMES[-1], len(set(MONTH_NAMES))) == ("April", "March", 12)


@pytest.mark.parametrize("code", UNITS)
def test_each_unit_has_a_word_for_one_and_another_for_more(code):
    assert unit_name(code, 1) != unit_name(code, 2) == unit_name(code)


def test_a_unit_that_is_not_listed_is_named_by_its_code():
    assert "NEW" in unit_name("NEW")
    assert unit_name("NEW", 1) != unit_name("NEW")


@pytest.mark.parametrize("kept", ["\t", "\n", "\r", " ", "é", "病", "\u202e", "😀"])
def test_what_can_be_printed_is_no_control_character(kept):
    assert CONTROL_CHARACTERS.sub("", kept) == kept


@given(st.dictionaries(st.sampled_from("abcd"), st.one_of(st.none(), st.integers(-(10**14), 10**14))))
def test_stated_money_is_exact_text_in_pounds_at_every_level(sums):
    said = stated({"totals": {"by_provider": dict(sums)}, **sums})
    for part in (said["totals"]["by_provider"], {name: said[name] for name in sums}):
        assert {n: None if v is None else Decimal(v) * 10_000 for n, v in part.items()} == sums


def test_stated_activity_is_in_units_and_not_in_pounds():
    said = stated({"activity": {"SPELL": 1_500, "OBD": -1_000}, "by_month": {"2025/26-01": {"activity": {"SPELL": 1}}}})
    assert said["activity"] == {"SPELL": "1.5", "OBD": "-1"}
    assert said["by_month"]["2025/26-01"]["activity"] == {"SPELL": "0.001"}


def luminance(colour):
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", theme.SERIES)
def test_words_on_a_part_of_a_bar_can_be_read(colour):
    assert contrast(colour, theme.text_on(colour)) >= 4.5


@pytest.mark.parametrize("colour", [theme.INK, theme.MUTED, theme.BLUE, theme.GREEN, theme.DARK_BLUE])
def test_words_and_lines_on_white_can_be_seen(colour):
    assert contrast(colour, theme.WHITE) >= 4.5


def test_shades_of_a_heatmap_darken_evenly_in_one_direction():
    shades = [luminance(colour) for colour in theme.HEAT]
    assert shades == sorted(shades, reverse=True)
    middle = len(theme.DIVERGING) // 2
    assert max(theme.DIVERGING, key=luminance) == theme.DIVERGING[middle]


def test_series_side_by_side_differ():
    assert len(set(theme.SERIES)) == len(theme.SERIES)
    for one, other in itertools.pairwise(theme.SERIES):
        assert contrast(one, other) > 1.1
    names = [f"s{i}" for i in range(20)]
    assert list(theme.series_colours(names)) == names


@pytest.mark.parametrize(
    ("number", "first", "within"),
    [(0, "No", "no"), (9, "Nine", "nine"), (12, "Twelve", "12"), (13, "13", "13"), (1200, "1,200", "1,200")],
)
def test_small_numbers_are_written_in_letters(number, first, within):
    assert number_at_start(number) == first
    assert number_within(number) == within


def test_a_long_list_ends_in_how_many_more_there_are():
    assert listed_at_most(["A", "B", "C"], 3) == "A, B and C"
    assert listed_at_most(["A", "B", "C", "D"], 3) == "A, B and 2 more"
