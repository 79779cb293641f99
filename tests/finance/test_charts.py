"""Words of the finance charts: true of the numbers they stand over, in every direction and at nought."""

import pandas as pd
import pytest

from finance.charts import affordability, allocation, words
from presentation.disclosure import HIDDEN

M = 10_000_000_000  # a million pounds as stored


@pytest.mark.parametrize(
    ("value", "said"),
    [(48.3 * M, "£48.3m over plan"), (-2 * M, "£2.0m under plan"), (0, "on plan"), (None, "not known against plan")],
)
def test_over_and_under_are_words(value, said):
    assert words.over_words(value) == said


@pytest.mark.parametrize(
    ("distance", "amount", "said"),
    [
        (0.039, 14 * M, "East receives 3.9% (£14.0m) more than its weighted share"),
        (-0.01, -3 * M, "East receives 1.0% (£3.0m) less than its weighted share"),
        (0.0001, M, "East receives its weighted share"),
        (0.02, float("nan"), "East receives 2.0% more than its weighted share"),
    ],
)
def test_distance_in_words(distance, amount, said):
    assert words.share_words("East", distance, amount) == said


def distances(**by_system):
    rows = [{"system_name": n, "core_distance": d, "core_distance_money": None, "is_total": False} for n, d in by_system.items()]
    total = {"system_name": "All", "core_distance": 9.0, "core_distance_money": None, "is_total": True}
    return pd.DataFrame([*rows, total])


@pytest.mark.parametrize(
    ("frame", "name"),
    [
        (distances(A=0.01, B=0.05, C=-0.2), "B"),
        (distances(A=-0.01, B=-0.05), "B"),
        (distances(A=None, B=0.0), "B"),
        (distances(A=HIDDEN, B=0.1), "B"),
    ],
)
def test_who_stands_furthest_is_above_target_where_anybody_is(frame, name):
    assert words.furthest(frame, "core_")[0] == name


def test_nobody_stands_anywhere_where_nothing_is_known():
    assert words.furthest(distances(A=None), "core_") is None


def spends(**by_name):
    return pd.DataFrame({"name": list(by_name), "value": list(by_name.values())}).sort_values("value", ascending=False)


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        (spends(A=3 * M, B=M, C=-M), "Two of three providers are over plan, A by most (£3.0m)"),
        (spends(A=3 * M, B=-M), "Only A is over plan, by £3.0m"),
        (spends(A=-3 * M, B=-M, C=0), "Two of three providers are under plan, A by most (£3.0m)"),
        (spends(A=0, B=0), "All are on plan"),
        (spends(), "Spend against plan is not known for what is chosen"),
    ],
)
def test_titles_of_spend(frame, title):
    assert affordability.spend_title(frame) == title


def test_titles_of_spend_say_what_is_counted():
    over = spends(A=3 * M, B=M)
    assert affordability.spend_title(over) == "Both providers are over plan, A by most (£3.0m)"
    homes = affordability.spend_title(over, "home of patient")
    assert homes == "Spend is over plan for both homes of patients, A by most (£3.0m)"
    many = spends(**{f"n{i}": i * M for i in range(1, 13)}, less=-M)
    assert affordability.spend_title(many, "programme of care").startswith(
        "Spend is over plan in 12 of 13 programmes of care, n12"
    )


@pytest.mark.parametrize(
    ("gap", "title"),
    [
        (121 * M, "If nothing is done the gap reaches £121.0m in 2030/31"),
        (-5 * M, "If nothing is done there is a surplus of £5.0m in 2030/31"),
        (0, "If nothing is done there is no gap in 2030/31"),
    ],
)
def test_titles_of_the_gap(gap, title):
    assert affordability.gap_title(pd.DataFrame({"year": ["2025/26", "2030/31"], "gap": [M, gap]})) == title


def ledger(*differences):
    names = [f"P{n}" for n in range(1, len(differences) + 1)]
    zero = dict.fromkeys(["population", "hub", "apart", "without_status", "unallocated"], 0)
    return pd.DataFrame({"provider_name": names, "difference": differences}).assign(**zero)


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        (ledger(0, 0), "Sum over populations equals the ledger of 2 providers to the penny"),
        (ledger(0, 1, -1), "Sum over populations differs from the ledger of P2 and P3"),
        (ledger(), "No provider's ledger is loaded for what is chosen"),
    ],
)
def test_titles_of_the_ledger_check(frame, title):
    assert allocation.ledger_chart(frame, {"year": "2025/26"}).title == title


def test_hidden_cells_are_not_drawn():
    frame = pd.DataFrame({"name": ["A", "B"], "difference": [HIDDEN, M], "against_plan": ["Over plan", "Over plan"]})
    chart = affordability.spend_chart(frame, {"year": "2025/26"}, of="provider")
    assert chart.frame["name"].tolist() == ["B"]
    assert chart.title == "Only B is over plan, by £1.0m"
