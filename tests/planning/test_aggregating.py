import random
from decimal import Decimal

import pytest

from tests.planning.acm_files import acm_row
from tests.planning.checked_files import checked_file, facts_in


def facts(tmp_path, *rows) -> list[dict]:
    with checked_file(tmp_path, list(rows)) as checked:
        return facts_in(checked)


def test_rows_of_one_grain_become_one_fact(tmp_path):
    found = facts(tmp_path, acm_row(actual_price="0.10"), acm_row(actual_price="0.20"), acm_row(actual_price="-0.05"))
    assert [(f["actual_price"], f["actual_activity"]) for f in found] == [(2_500, 9_000)]


@pytest.mark.parametrize(
    "cells",
    [
        {"month": "2"},
        {"site": "RJ122"},
        {"service_code": "NCBPS01C"},
        {"service_category": "21"},
        {"point_of_delivery": "DC"},
        {"commissioner": "36L"},
        {"practice_responsibility": "36L"},
    ],
    ids=str,
)
def test_rows_that_differ_in_the_grain_stay_apart(tmp_path, cells):
    assert len(facts(tmp_path, acm_row(), acm_row(**cells))) == 2


def test_rows_that_differ_in_other_columns_are_one_fact(tmp_path):
    assert len(facts(tmp_path, acm_row(), acm_row(tariff="AA01A", ward_code="W1", treatment_function="100"))) == 1


def test_a_fact_is_missing_only_where_every_row_is(tmp_path):
    first, second = acm_row(actual_price="", planned_price=""), acm_row(actual_price="1", planned_price="")
    [fact] = facts(tmp_path, first, second)
    assert (fact["actual_price"], fact["planned_price"]) == (10_000, None)


def test_a_text_too_long_for_a_site_is_no_site(tmp_path):
    assert [f["site"] for f in facts(tmp_path, acm_row(site="St Thomas' Hospital"), acm_row(site="123456789"))] == [
        "",
        "123456789",
    ]


def test_decimals_beyond_pence_are_kept(tmp_path):
    [fact] = facts(tmp_path, acm_row(actual_price="0.1234", actual_activity="0.125"))
    assert (fact["actual_price"], fact["actual_activity"]) == (1_234, 125)


def test_sums_are_exact_where_floating_point_is_not(tmp_path):
    [fact] = facts(tmp_path, *[acm_row(actual_price="0.1")] * 10, acm_row(actual_price="900000000.3"))
    assert fact["actual_price"] == 9_000_000_013_000


@pytest.mark.parametrize("seed", range(5))
def test_figures_as_large_as_are_accepted_are_summed_to_the_last_unit(tmp_path, seed):
    drawn = random.Random(seed)
    prices = [Decimal(drawn.randrange(-(10**13), 10**13)).scaleb(-4) for _ in range(200)]
    activities = [Decimal(drawn.randrange(-(10**11), 10**11)).scaleb(-3) for _ in range(200)]
    rows = [acm_row(actual_price=str(p), actual_activity=str(a)) for p, a in zip(prices, activities, strict=True)]
    [fact] = facts(tmp_path, *rows)
    assert (fact["actual_price"], fact["actual_activity"]) == (sum(prices) * 10_000, sum(activities) * 1_000)


def test_a_figure_with_fractions_leaves_the_others_as_they_are(tmp_path):
    rows = [acm_row(actual_price="0.00006", planned_price="999999999.9999", actual_activity="0.001")] * 2
    [fact] = facts(tmp_path, *rows)
    assert (fact["actual_price"], fact["planned_price"], fact["actual_activity"]) == (1, 19_999_999_999_998, 2)


def test_finer_figures_are_summed_before_they_are_rounded(tmp_path):
    # Each is 0.4 of the smallest kept amount; three of them are 1.2.
    [fact] = facts(tmp_path, *[acm_row(actual_price="0.00004")] * 3)
    assert fact["actual_price"] == 1


def test_what_rounding_leaves_goes_to_the_largest_remainders_of_the_slice(tmp_path):
    prices = {"EL": "1.00006", "DC": "1.00005", "OPFASPCL": "1.00001"}
    found = facts(tmp_path, *[acm_row(point_of_delivery=point, actual_price=price) for point, price in prices.items()])
    kept = {f["point_of_delivery"]: f["actual_price"] for f in found}
    # The slice adds up to 3.00012, kept as 3.0001: one ten-thousandth is left, and EL has the largest remainder.
    assert kept == {"EL": 10_001, "DC": 10_000, "OPFASPCL": 10_000}


def test_each_slice_is_rounded_by_itself(tmp_path):
    rows = [acm_row(commissioner=c, practice_responsibility=c, actual_price="1.00006") for c in ("72Q", "36L")]
    assert [f["actual_price"] for f in facts(tmp_path, *rows)] == [10_001, 10_001]


@pytest.mark.parametrize("seed", range(3))
def test_facts_of_a_slice_add_up_to_its_rounded_sum(tmp_path, seed):
    points, codes = ["EL", "DC", "OPFASPCL", "DRUG"], ["NCBPS13B", "NCBPS01C"]
    prices = [Decimal((n * 7919 + seed * 104729) % 1_000_003 - 300_000) / 10**7 for n in range(60)]
    rows = [
        acm_row(point_of_delivery=points[n % 4], service_code=codes[n % 2], month=n % 3 + 1, actual_price=f"{price:f}")
        for n, price in enumerate(prices)
    ]
    found = facts(tmp_path, *rows)
    for month in (1, 2, 3):
        exact = sum((price for n, price in enumerate(prices) if n % 3 + 1 == month), Decimal(0)) * 10_000
        kept = sum(f["actual_price"] for f in found if f["month"] == month)
        assert abs(kept - exact) <= Decimal("0.5")


def test_negative_sums_are_rounded_like_positive_ones(tmp_path):
    found = facts(tmp_path, acm_row(actual_price="-1.00006"), acm_row(point_of_delivery="DC", actual_price="-1.00001"))
    assert sum(f["actual_price"] for f in found) == -20_001


def test_sums_of_facts_are_by_slice_and_point_of_delivery(tmp_path):
    rows = [acm_row(), acm_row(site="RJ122"), acm_row(point_of_delivery="DC"), acm_row(month=2)]
    with checked_file(tmp_path, rows) as checked:
        sums = {(s["month"], s["commissioner"], s["point_of_delivery"]): s["actual_price"] for s in checked.totals}
    assert sums == {(1, "72Q", "EL"): 3_000_000, (1, "72Q", "DC"): 1_500_000, (2, "72Q", "EL"): 1_500_000}
