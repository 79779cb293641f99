"""Plan and actual of each month by population: nothing is lost, and the unknown follows what is known over all months."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.calculations.populations_by_month import PRICES, populations_by_month
from finance.calculations.provider_to_population import provider_to_population
from tests.finance.twins import monitoring as twin

NOT_KNOWN, APART = {"NOT-KNOWN"}, {"DEVOLVED"}
COLUMNS = ["provider", "service_code", "month", "population", *PRICES]
amount = st.one_of(st.none(), st.integers(-50, 10**12))
lines = st.dictionaries(
    st.tuples(
        st.sampled_from(["P1", "P2"]),
        st.sampled_from(["renal", "cardiac"]),
        st.integers(1, 3),
        st.sampled_from(["A", "B", "DEVOLVED", "NOT-KNOWN"]),
    ),
    st.tuples(amount, amount),
    max_size=16,
)


def spend_of(rows: dict, status="GREEN") -> pd.DataFrame:
    frame = pd.DataFrame([(*key, *values) for key, values in rows.items()], columns=COLUMNS)
    return frame.assign(status=status, hub="HUB").astype(dict.fromkeys(PRICES, "Int64"))


def mapped(rows: dict, **options) -> pd.DataFrame:
    return populations_by_month(spend_of(rows, **options), not_known=NOT_KNOWN, apart=APART)


@given(lines)
def test_populations_agree_with_the_slow_twin_and_lose_nothing(rows):
    result = mapped(rows)
    plain = [dict(zip(COLUMNS, (*key, *values), strict=True)) for key, values in rows.items()]
    for price in PRICES:
        found = result.dropna(subset=[price]).groupby(["provider", "month", "population"])[price].sum().to_dict()
        expected = twin.by_month(plain, price, NOT_KNOWN, APART)
        assert set(found) == set(expected)
        assert all(abs(found[key] - expected[key]) <= len(rows) for key in expected)
        assert sum(found.values()) == sum(row[price] or 0 for row in plain)


def test_months_together_are_what_the_year_is_to_the_last_unit_where_shares_are_whole():
    rows = {("P1", "renal", m, p): (None, n) for m in (1, 2) for p, n in [("A", 30), ("B", 10), ("NOT-KNOWN", 4)]}
    months = mapped(rows)
    year = spend_of(rows).rename(columns={"actual_price": "amount"})
    year = year.groupby(["provider", "service_code", "status", "hub", "population"], as_index=False)["amount"].sum()
    whole = provider_to_population(year, not_known=NOT_KNOWN, apart=APART).set_index("population")["amount"]
    assert months.groupby("population")["actual_price"].sum().to_dict() == whole.to_dict() == {"A": 66, "B": 22}


def test_a_month_in_which_nothing_is_known_follows_the_other_months():
    rows = {("P1", "renal", 1, "A"): (6, 9), ("P1", "renal", 1, "B"): (2, 0), ("P1", "renal", 2, "NOT-KNOWN"): (8, 5)}
    second = mapped(rows)
    second = second[second["month"] == 2].set_index("population")
    assert second["planned_price"].dropna().to_dict() == {"A": 6, "B": 2}
    assert second["actual_price"].dropna().to_dict() == {"A": 5}


def test_money_that_nothing_known_can_be_followed_for_is_unallocated():
    result = mapped({("P1", "block", 1, "NOT-KNOWN"): (3, 4), ("P1", "renal", 1, "A"): (1, 1)})
    left = result[result["kind"] == "unallocated"]
    assert left[["service_code", "population", *PRICES]].to_numpy().tolist() == [["block", "UNALLOCATED", 3, 4]]


def test_retained_services_stay_with_the_hub():
    result = mapped({("P1", "renal", 1, "NOT-KNOWN"): (3, 4), ("P1", "renal", 1, "DEVOLVED"): (1, 2)}, status="RED")
    assert dict(zip(result["population"], result["actual_price"], strict=True)) == {"HUB": 4, "DEVOLVED": 2}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda f: f.drop(columns="planned_price"), "no column: planned_price"),
        (lambda f: pd.concat([f, f]), "more than one row"),
        (lambda f: f.assign(status="RED", hub=""), "no national hub for: P1"),
    ],
)
def test_spend_that_cannot_be_mapped_is_refused(spoil, message):
    frame = spend_of({("P1", "renal", 1, "A"): (1, 2)})
    with pytest.raises(ValueError, match=message):
        populations_by_month(spoil(frame), not_known=NOT_KNOWN, apart=APART)
