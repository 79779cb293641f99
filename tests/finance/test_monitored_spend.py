"""Shadow monitoring from end to end: whatever is loaded, views hold the same money and agree with loops."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance.calculations import monitored_spend as monitoring
from finance.calculations.population_budgets import GRAIN
from finance.calculations.populations_by_month import PRICES, spend_by_month
from finance.calculations.shadow_monitoring import SPENT, by_view
from tests.finance.twins import monitoring as twin

PROGRAMMES = {"renal": "A", "cardiac": "B"}
NO_BUDGETS = pd.DataFrame(columns=["population", "programme_of_care", "amount", "months"])
HUBS = pd.DataFrame({"provider": ["P1", "P2"], "hub": ["HUB", ""]})
STATUSES = pd.DataFrame({"service_code": ["renal", "cardiac"], "status": ["GREEN", "RED"]})
COLUMNS = ["provider", "service_code", "month", "population", *PRICES]
amount = st.one_of(st.none(), st.integers(0, 10**11))
lines = st.dictionaries(
    st.tuples(
        st.sampled_from(["P1", "P2"]),
        st.sampled_from(["renal", "cardiac", "other"]),
        st.integers(1, 13),
        st.sampled_from(["A", "B", "DEVOLVED", "NOT-KNOWN"]),
    ),
    st.tuples(amount, amount),
    min_size=1,
    max_size=16,
)


def flows_of(rows: dict) -> pd.DataFrame:
    frame = pd.DataFrame([(*key, *values) for key, values in rows.items()], columns=COLUMNS)
    return frame.astype(dict.fromkeys(PRICES, "Int64"))


def monitored(rows: dict, *, to_month=12, entered=NO_BUDGETS, populations=("A",)) -> monitoring.Monitored:
    flows = flows_of(rows)
    months = flows.groupby(["provider", "month"], as_index=False)[PRICES].sum(min_count=1).assign(year="2026/27")
    return monitoring.monitored(
        spend_by_month(flows, STATUSES, HUBS, "NO-HUB"),
        months,
        PROGRAMMES,
        entered,
        year="2026/27",
        to_month=to_month,
        populations=populations,
        not_known=["NOT-KNOWN"],
        apart=["DEVOLVED"],
    )


def spent(rows: dict, to_month: int) -> int:
    return sum(actual or 0 for (_, _, month, _), (_, actual) in rows.items() if month <= to_month)


@settings(max_examples=30)
@given(lines, st.integers(1, 13))
def test_every_view_holds_the_spend_up_to_the_month(rows, to_month):
    of = monitored(rows, to_month=to_month)
    expected = spent(rows, to_month)
    for by in (["population"], ["provider"], ["programme_of_care"], GRAIN):
        assert by_view(of.budgets, of.forecast, by)["actual_price"].sum() == expected
    months = monitoring.by_month(of, [], to_month=to_month)
    assert months["actual_price"].sum() == expected
    assert months["actual_price"].isna().tolist() == [m > to_month for m in months["month"]]


@settings(max_examples=30)
@given(lines, st.integers(1, 13))
def test_views_by_provider_and_population_have_the_same_budgets_and_forecasts(rows, to_month):
    of = monitored(rows, to_month=to_month)
    amounts = ["budget_year", "budget", *SPENT]
    by_population = by_view(of.budgets, of.forecast, ["population"])[amounts].sum()
    assert by_population.to_dict() == by_view(of.plan, of.forecast, ["provider"])[amounts].sum().to_dict()


@given(lines)
def test_the_run_rate_of_a_provider_agrees_with_the_slow_twin(rows):
    by_provider: dict = {}
    for (provider, _, month, _), (_, actual) in rows.items():
        if actual is not None:
            own = by_provider.setdefault(provider, {})
            own[month] = own.get(month, 0) + actual
    of = monitored(rows, to_month=13)
    found = by_view(of.plan, of.forecast, ["provider"]).set_index("provider")["forecast_run_rate"]
    for provider, months in by_provider.items():
        assert abs(found[provider] - twin.run_rate(months)) <= len(rows)


YEAR = {("P1", "renal", m, p): (n, n if m < 7 else None) for m in range(1, 13) for p, n in [("A", 30), ("B", 10)]}


def test_months_are_of_the_populations_chosen():
    months = monitoring.by_month(monitored(YEAR, to_month=6), ["B"], to_month=6)
    assert months["budget"].tolist() == [10] * 12
    assert months["actual_to_date"].dropna().tolist() == [10, 20, 30, 40, 50, 60]


def test_programmes_are_of_the_populations_chosen_and_hubs_are_nobodys():
    rows = {**YEAR, ("P1", "cardiac", 1, "A"): (5, 5)}
    of = monitored(rows, to_month=6)
    assert dict(monitoring.by_programme(of, [])[["programme_of_care", "actual_price"]].to_numpy()) == {"A": 240, "B": 5}
    assert dict(monitoring.by_programme(of, ["A", "HUB"])[["programme_of_care", "actual_price"]].to_numpy()) == {"A": 180}


def test_an_entered_budget_stands_only_where_it_may():
    entered = pd.DataFrame({"population": ["A", "B"], "programme_of_care": "", "amount": [1200, 999], "months": [[], []]})
    of = monitored(YEAR, to_month=6, entered=entered)
    rows = by_view(of.budgets, of.forecast, ["population"]).set_index("population")
    assert rows["budget_year"].to_dict() == {"A": 1200, "B": 120}
    assert rows["budget"].to_dict() == {"A": 600, "B": 60}
    assert by_view(of.plan, of.forecast, ["provider"])["budget_year"].tolist() == [480]


@pytest.mark.parametrize("absent", ["service_code", "planned_price"])
def test_spend_without_a_column_is_refused(absent):
    with pytest.raises(ValueError, match=f"no column: {absent}"):
        monitoring.monitored(
            flows_of(YEAR).drop(columns=absent), flows_of(YEAR), PROGRAMMES, NO_BUDGETS,
            year="2026/27", to_month=6, populations=[], not_known=[], apart=[],
        )  # fmt: skip


def test_a_code_without_a_status_and_a_provider_without_a_hub_are_said():
    frame = spend_by_month(
        flows_of({("P2", "other", 1, "A"): (1, 1), ("P2", "cardiac", 1, "A"): (1, 1)}), STATUSES, HUBS, "NO-HUB"
    )
    assert frame.set_index("service_code")["status"].to_dict() == {"other": "", "cardiac": "RED"}
    assert set(frame["hub"]) == {"NO-HUB"}
