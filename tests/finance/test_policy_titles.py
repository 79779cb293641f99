"""What charts of policies say: true of what is drawn, in every shape that a policy may take."""

import pandas as pd
import pytest

from finance.charts import policies as charts
from finance.tables import policies as tables
from presentation.disclosure import HIDDEN, disclose
from presentation.figure import Mode

POUND, UNIT = 10_000, 1_000
YEARS = {"first_year": "2026/27", "last_year": "2030/31"}


def systems(**columns) -> pd.DataFrame:
    """Two systems and the total of both."""
    names = ["South East London", "South West London", "All of these"]
    frame = pd.DataFrame({"system_name": names, "is_total": [False, False, True], **YEARS})
    return frame.assign(**{name: [*values, 0.0] for name, values in columns.items()})


def gains(*amounts, heads=None) -> pd.DataFrame:
    heads = heads or [a / POUND / 1000 for a in amounts]
    names = [f"System {n}" for n in range(1, len(amounts) + 1)]
    return pd.DataFrame({"system_name": names, "gain": amounts, "gain_per_head": heads, **YEARS}).astype({"gain": object})


@pytest.mark.parametrize(
    ("distance", "said"),
    [(0.0654, "6.5% above"), (-0.0771, "7.7% below"), (0.0, "at"), (0.0004, "at"), (-0.0006, "0.1% below")],
)
def test_sides_of_a_target(distance, said):
    assert charts.side(distance) == said


def test_the_one_furthest_away_is_followed():
    frame = systems(opening_distance=[0.065, -0.077], closing_distance=[0.057, -0.067], last_distance=[0.032, -0.038])
    assert charts.distance_title(frame) == (
        "South West London goes from 7.7% below its target to 6.7% below in 2026/27 and 3.8% below by 2030/31"
    )
    assert charts.distance_title(frame.assign(last_year="2026/27")).endswith("to 6.7% below in 2026/27")
    drawn = charts.distance_chart(frame, {}).frame
    assert drawn["series"].unique().tolist() == ["Before", "After 2026/27", "After 2030/31"]
    assert set(drawn["label"]) == {"South East London", "South West London"}
    one = charts.distance_chart(frame.assign(last_year="2026/27"), {}).frame
    assert one["series"].unique().tolist() == ["Before", "After 2026/27"]


def test_distances_that_are_hidden_or_unknown_are_not_followed():
    frame = systems(opening_distance=[0.065, -0.077], closing_distance=[0.057, -0.067], last_distance=[0.032, -0.038])
    hidden = frame.astype({"opening_distance": object})
    hidden.loc[1, "opening_distance"] = HIDDEN
    assert charts.distance_title(hidden).startswith("South East London goes from 6.5% above its target")
    unknown = frame.assign(opening_distance=float("nan"))
    assert charts.distance_title(unknown) == charts.NONE
    assert charts.distance_title(frame.iloc[:0]) == charts.NONE


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (
            gains(5_300_000 * POUND, -5_300_000 * POUND, heads=[3.51, -2.96]),
            "System 1 gains £5.3m (£3.51 a head) and System 2 loses £5.3m (£2.96 a head) in 2026/27, beside growth alike for all",
        ),
        (gains(0, 0), "Nobody gains or loses in 2026/27 beside growth alike for all"),
        (gains(1, -1), "Nobody gains or loses in 2026/27 beside growth alike for all"),
        (gains(HIDDEN, HIDDEN, heads=[0, 0]), charts.NONE),
        (
            gains(2_000 * POUND, HIDDEN, heads=[2.0, float("nan")]),
            "System 1 gains £2k (£2.00 a head) in 2026/27, beside growth alike for all",
        ),
        (
            gains(3_000 * POUND, -1_000 * POUND, -2_000 * POUND, heads=[float("nan")] * 3),
            "System 1 gains £3k and System 3 loses £2k in 2026/27, beside growth alike for all",
        ),
    ],
)
def test_winners_and_losers_are_named(frame, said):
    assert charts.gains_title(frame) == said


def over_years(*distances) -> pd.DataFrame:
    """A system's distances: before the first year, and after each."""
    years = [f"{2026 + n}/{27 + n}" for n in range(len(distances) - 1)]
    steps = {"opening_distance": distances[:-1], "closing_distance": distances[1:]}
    return pd.DataFrame({"year": years, "system_name": "South East London", **steps})


@pytest.mark.parametrize(
    ("distances", "said"),
    [
        ((0.077, 0.06, 0.038), "The largest distance from target falls from 7.7% to 3.8% by 2027/28"),
        ((-0.02, 0.03), "The largest distance from target rises from 2.0% to 3.0% by 2026/27"),
        ((0.05, 0.05), "The largest distance from target stays at 5.0% to 2026/27"),
    ],
)
def test_years_say_how_far_the_furthest_comes(distances, said):
    assert charts.years_title(over_years(*distances)) == said


def test_lines_begin_before_the_first_year():
    drawn = charts.years_chart(over_years(0.077, 0.06, 0.038), {}).frame
    assert drawn["year"].tolist() == ["Before", "2026/27", "2027/28"]
    assert drawn["value"].tolist() == [0.077, 0.06, 0.038]
    assert charts.years_chart(over_years(0.077, 0.06).iloc[:0], {}).title == charts.NONE


@pytest.mark.parametrize(
    ("gain", "said"),
    [
        (-2_000_000, "The most deprived fifth of residents loses £2.0m in 2026/27 (£2.96 a head)"),
        (2_000_000, "The most deprived fifth of residents gains £2.0m in 2026/27 (£2.96 a head)"),
        (0, "The most deprived fifth of residents neither gains nor loses in 2026/27"),
    ],
)
def test_the_most_deprived_fifth_is_said_first(gain, said):
    sign = -1 if gain < 0 else 1
    frame = pd.DataFrame({"fifth_words": ["1, most deprived", "2"], "gain": [gain * POUND, 5], "gain_per_head": [2.96 * sign, 0]})
    assert charts.fifths_title(frame.assign(**YEARS)) == said
    assert charts.fifths_title(frame.iloc[:0]) == "The effect on fifths of deprivation is not known"


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ((2_000, -1_900), "Provider 2 would feel it most: £2k less in 2026/27"),
        ((2_000, 1_000), "Provider 1 would feel it most: £2k more in 2026/27"),
        ((0, 0), "No provider would feel it in 2026/27"),
    ],
)
def test_the_provider_that_would_feel_it_most(amounts, said):
    frame = pd.DataFrame({"provider_name": ["Provider 1", "Provider 2"], "gain": [a * POUND for a in amounts], **YEARS})
    assert charts.providers_title(frame) == said
    assert charts.providers_title(frame.iloc[:0]) == "The effect on providers is not known"


def compared(**by_option) -> pd.DataFrame:
    rows = [(name, who, gain * POUND) for name, parts in by_option.items() for who, gain in parts.items()]
    return pd.DataFrame(rows, columns=["option_name", "who", "gain"]).astype({"gain": object})


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (
            compared(Slow={"Sussex": 1_000, "Kent": -1_000}, Fast={"Sussex": 4_000, "Kent": -2_000}),
            "The options differ most for Sussex, which gains £4k under “Fast” and gains £1k under “Slow”",
        ),
        (
            compared(Slow={"Most deprived fifth of residents": 0}, Fast={"Most deprived fifth of residents": -2_000}),
            "The options differ most for the most deprived fifth of residents, which neither gains nor loses under “Slow” and "
            "loses £2k under “Fast”",
        ),
        (compared(Slow={"Sussex": 1_000}, Same={"Sussex": 1_000}), "The options give everybody the same in the first year"),
        (compared(Slow={"Sussex": 1_000, "Kent": -3_000}), "Under “Slow” Kent loses £3k"),
        (compared(), "Choose two to four options to compare"),
    ],
)
def test_options_differ_where_they_differ_most(frame, said):
    assert charts.options_title(frame) == said


def test_a_chart_of_providers_draws_those_that_would_feel_any_option_most():
    many = {f"Provider {n}": n * 1_000 for n in range(1, 21)}
    frame = compared(Slow=many, Fast={**many, "Provider 1": -90_000})
    chart = charts.options_providers_chart(frame, {})
    assert set(chart.frame["who"]) == {"Provider 1", *(f"Provider {n}" for n in range(10, 21))}
    assert len(chart.frame) == 2 * charts.MOST_DRAWN
    assert chart.title.startswith("The options differ most for Provider 1, which")
    assert charts.options_providers_chart(frame.iloc[:0], {}).title == "Choose two to four options to compare"


@pytest.mark.parametrize(
    "table", [tables.PolicyGainsTable, tables.PolicyYearsTable, tables.PolicyProvidersTable, tables.PolicyOptionsProvidersTable]
)
@pytest.mark.parametrize(("people", "hidden"), [(3 * UNIT, True), (80 * UNIT, False)])
def test_few_people_hide_the_money_that_follows_them_outside(table, people, hidden):
    frame = pd.DataFrame({name: [100_000 * POUND] for name in tables.column_names(table)}).assign(people=people)
    shown = disclose(frame, table, Mode.OUTSIDE).iloc[0]
    counted = [name for name, column in table.base_columns.items() if column.counts]
    assert counted
    assert {name: shown[name] is HIDDEN for name in counted} == dict.fromkeys(counted, hidden)


def test_a_share_a_head_is_hidden_with_the_gain_it_is_taken_from():
    frame = pd.DataFrame({name: [100_000 * POUND] for name in tables.column_names(tables.PolicyGainsTable)}).assign(
        people=3 * UNIT
    )
    assert disclose(frame, tables.PolicyGainsTable, Mode.OUTSIDE)["gain_per_head"].iloc[0] is HIDDEN
