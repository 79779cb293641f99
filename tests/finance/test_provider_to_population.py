"""Provider spend to populations: every unit finds a place, and the unknown follows the known."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.calculations.provider_to_population import ledger_check, provider_and_population_views, provider_to_population
from tests.finance.twins import money as twin

NOT_KNOWN, APART = {"NOT-KNOWN"}, {"DEVOLVED", "PRIVATE"}
COLUMNS = ["provider", "service_code", "status", "hub", "population", "amount"]

keys = st.tuples(
    st.sampled_from(["P1", "P2"]),
    st.sampled_from(["renal", "cardiac"]),
    st.sampled_from(["GREEN", "RED", "BLUE", "NOT APPLICABLE"]),
    st.just("HUB"),
    st.sampled_from(["A", "B", "REST", "DEVOLVED", "NOT-KNOWN"]),
)
ledgers = st.dictionaries(keys, st.integers(-1000, 10**12), max_size=20)


def spend_of(ledger: dict) -> pd.DataFrame:
    return pd.DataFrame([(*key, amount) for key, amount in ledger.items()], columns=COLUMNS).astype({"amount": "int64"})


def mapped(spend: pd.DataFrame) -> pd.DataFrame:
    return provider_to_population(spend, not_known=NOT_KNOWN, apart=APART)


@given(ledgers)
def test_populations_add_up_to_each_providers_ledger_to_the_last_unit(ledger):
    spend = spend_of(ledger)
    assert (ledger_check(spend, mapped(spend))["difference"] == 0).all()
    assert mapped(spend)["amount"].sum() == sum(ledger.values())


@given(ledgers)
def test_populations_agree_with_the_slow_twin_but_for_whole_units(ledger):
    spend = spend_of(ledger)
    expected = twin.by_population(spend.to_dict("records"), NOT_KNOWN, APART)
    result = mapped(spend).groupby(["provider", "population"])["amount"].sum().to_dict()
    for key in expected.keys() | result.keys():
        assert abs(result.get(key, 0) - expected.get(key, 0)) <= 2 * len(spend) + 1e-3, key


@given(ledgers, st.randoms())
def test_the_order_of_rows_does_not_matter(ledger, chance):
    rows = list(ledger.items())
    chance.shuffle(rows)
    pd.testing.assert_frame_equal(mapped(spend_of(ledger)), mapped(spend_of(dict(rows))), check_dtype=False)


def one(status, population, amount, hub="HUB", service="renal"):
    return ("P1", service, status, hub, population, amount)


def test_each_kind_of_money_goes_where_it_belongs():
    spend = pd.DataFrame(
        [
            one("GREEN", "A", 300),
            one("GREEN", "B", 100),
            one("GREEN", "NOT-KNOWN", 80),
            one("GREEN", "DEVOLVED", 5),
            one("RED", "A", 50, service="transplant"),
            one("BLUE", "NOT-KNOWN", 7, service="network"),
            one("NOT APPLICABLE", "A", 9, service="other"),
            one("GREEN", "NOT-KNOWN", 11, service="block only"),
        ],
        columns=COLUMNS,
    )
    result = mapped(spend).groupby(["kind", "population"])[["stated", "pro_rata", "amount"]].sum()
    assert result.loc[("population", "A")].tolist() == [300, 60, 360]
    assert result.loc[("population", "B")].tolist() == [100, 20, 120]
    assert result.loc[("apart", "DEVOLVED"), "amount"] == 5
    assert result.loc[("hub", "HUB"), "amount"] == 57
    assert result.loc[("without_status", "WITHOUT-STATUS"), "amount"] == 9
    assert result.loc[("unallocated", "UNALLOCATED"), "amount"] == 11


def test_private_patients_of_a_retained_service_stand_apart():
    spend = pd.DataFrame([one("RED", "PRIVATE", 4)], columns=COLUMNS)
    assert mapped(spend)[["kind", "population"]].to_numpy().tolist() == [["apart", "PRIVATE"]]


def test_credits_attract_no_unknown_money():
    spend = pd.DataFrame([one("GREEN", "A", -10), one("GREEN", "B", 10), one("GREEN", "NOT-KNOWN", 6)], columns=COLUMNS)
    assert mapped(spend).set_index("population")["amount"].to_dict() == {"A": -10, "B": 16}


@pytest.mark.parametrize(
    ("spend", "message"),
    [
        (pd.DataFrame([one("RED", "A", 1, hub="")], columns=COLUMNS), "no national hub for: P1"),
        (pd.DataFrame([one("GREEN", "A", None)], columns=COLUMNS), "lacks amount of P1"),
        (pd.DataFrame([one("GREEN", "A", 1)] * 2, columns=COLUMNS), "more than one row"),
        (pd.DataFrame(columns=COLUMNS[:-1]), "no column: amount"),
    ],
)
def test_spend_that_cannot_be_mapped_is_refused(spend, message):
    with pytest.raises(ValueError, match=message):
        mapped(spend)


def test_a_difference_from_the_ledger_shows():
    spend = pd.DataFrame({"provider": ["P1", "P2"], "amount": [5, 7]})
    result = ledger_check(spend, pd.DataFrame({"provider": ["P1"], "amount": [4]}))
    assert result["difference"].tolist() == [-1, -7]


@given(ledgers)
def test_both_views_are_of_the_same_money(ledger):
    hosts = pd.DataFrame({"provider": ["P1", "P2"], "system": ["A", "B"]})
    spend = spend_of(ledger)
    views = provider_and_population_views(mapped(spend), hosts)
    assert views["provider_view"].sum() == views["population_view"].sum() == spend["amount"].sum()
    assert views["shift"].sum() == 0
