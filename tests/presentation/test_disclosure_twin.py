"""Disclosure against a slow twin: the published rule written cell by cell, over frames made at random."""

import math
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presentation.amounts import POUND, UNIT
from presentation.disclosure import HIDDEN, disclose, numeric, rests_on_rounded_base
from presentation.figure import Mode
from presentation.tables import (
    ActivityColumn,
    FigureTable,
    MoneyColumn,
    NumberColumn,
    PatientsColumn,
    ShareColumn,
    TagColumn,
    TextColumn,
    total_of,
)


class Everything(FigureTable):
    name = TextColumn()
    spells = ActivityColumn()
    all_spells = ActivityColumn(visible=False, summed=False)
    patients = PatientsColumn()
    cost = MoneyColumn(count="spells")
    drugs = MoneyColumn(count="patients")
    gap = MoneyColumn(count=("spells", "patients"))
    plan = MoneyColumn()
    share = ShareColumn(numerator="spells", denominator="all_spells")
    cost_share = ShareColumn(numerator="cost", denominator="plan")
    reach = ShareColumn(numerator="patients", denominator="patients_all")
    patients_all = PatientsColumn(visible=False)
    distance = ShareColumn()
    months = NumberColumn()
    state = TagColumn()

    class Meta:
        total_rows = "is_total"


def nearest(value, step):
    return int((Decimal(value) / step).quantize(Decimal(1), rounding=ROUND_HALF_UP)) * step


def people(value, one):
    """None is none, 0 is 0, 1 to 7 of either sign are hidden, the rest to the nearest five."""
    if value is None:
        return None
    if value == 0:
        return 0
    return HIDDEN if abs(value) < 8 * one else nearest(value, 5 * one)


def pounds(value, is_total):
    return None if value is None else nearest(value, (10_000 if is_total else 1_000) * POUND)


def hidden_where_few(shown, *counts):
    return HIDDEN if shown is not None and HIDDEN in counts else shown


def divided(part, whole):
    if HIDDEN in (part, whole):
        return HIDDEN
    return None if part is None or not whole else part / whole


def twin(row, mode):
    """One row as the reader may see it."""
    outside, total = mode == Mode.OUTSIDE, row["is_total"]
    patients, patients_all = people(row["patients"], 1), people(row["patients_all"], 1)
    spells, whole = (people(row[name], UNIT) if outside else row[name] for name in ("spells", "all_spells"))
    few_spells = people(row["spells"], UNIT)
    shown = {"spells": spells, "all_spells": whole, "patients": patients, "patients_all": patients_all}
    shown["reach"] = divided(patients, patients_all)
    shown |= {name: row[name] for name in ("name", "distance", "months", "state", "plan", "cost", "share", "cost_share")}
    # Money that rests on patients is under the rule inside too; other money only outside.
    shown["drugs"] = hidden_where_few(pounds(row["drugs"], total), patients)
    shown["gap"] = hidden_where_few(pounds(row["gap"], total), few_spells, patients)
    if outside:
        shown["plan"] = pounds(row["plan"], total)
        shown["cost"] = hidden_where_few(pounds(row["cost"], total), few_spells)
        shown["share"] = divided(spells, whole)
        # A share of money is taken of the amounts in thousands; the amount itself may be hidden for its count.
        shown["cost_share"] = divided(shown["cost"], shown["plan"])
    return shown


def maybe(numbers):
    return st.one_of(st.none(), numbers)


COUNTS = maybe(st.one_of(st.integers(-12, 12), st.integers(-3_000, 300_000)))
PEOPLE = maybe(st.one_of(st.integers(0, 12), st.integers(0, 300_000)))
MONEY = maybe(st.integers(-(10**14), 10**14))
ROWS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["King's", "", "x"]),
        "spells": COUNTS.map(lambda n: None if n is None else n * UNIT),
        "all_spells": COUNTS.map(lambda n: None if n is None else n * UNIT),
        "patients": PEOPLE,
        "patients_all": PEOPLE,
        "cost": MONEY,
        "drugs": MONEY,
        "gap": MONEY,
        "plan": MONEY,
        "distance": maybe(st.floats(-1, 1, allow_nan=False)),
        "months": maybe(st.integers(0, 13)),
        "state": st.sampled_from(["Over", ""]),
        "is_total": st.booleans(),
    }
)
NUMBERS = ["spells", "all_spells", "patients", "patients_all", "cost", "drugs", "gap", "plan", "months"]


def frame_of(rows):
    for row in rows:
        row["share"] = divided(row["spells"], row["all_spells"])
        row["cost_share"] = divided(row["cost"], row["plan"])
        row["reach"] = divided(row["patients"], row["patients_all"])
    columns = ["name", *NUMBERS, "share", "cost_share", "reach", "distance", "state", "is_total"]
    frame = pd.DataFrame([{n: row[n] for n in columns} for row in rows], columns=columns, dtype=object)
    return frame.astype(
        {**dict.fromkeys(NUMBERS, "Int64"), "is_total": bool, "share": float, "cost_share": float, "reach": float}
    )


def same(shown, expected):
    if shown is HIDDEN or expected is HIDDEN:
        return shown is expected
    if expected is None:
        return shown is None or pd.isna(shown)
    return shown == expected if isinstance(expected, str | int) else math.isclose(shown, expected, abs_tol=1e-12)


@pytest.mark.parametrize("mode", list(Mode))
@settings(max_examples=20)
@given(rows=st.lists(ROWS, max_size=6))
def test_every_cell_is_what_the_rule_says(mode, rows):
    frame = frame_of(rows)
    shown = disclose(frame, Everything, mode)
    assert len(shown) == len(rows)
    for i, row in enumerate(rows):
        for name, expected in twin(row, mode).items():
            assert same(shown[name].iloc[i], expected), (name, row[name], shown[name].iloc[i], expected)


def _frame(**columns):
    return pd.DataFrame({name: pd.Series(cells, dtype="Int64") for name, cells in columns.items()})


@settings(max_examples=20)
@given(st.lists(ROWS, min_size=1, max_size=6))
def test_nobody_outside_sees_a_number_that_nobody_inside_has(rows):
    """Each shown count and amount is a multiple of its step: no exact number slips through any column."""
    shown = disclose(frame_of(rows), Everything, Mode.OUTSIDE)
    for column, step in {"spells": 5 * UNIT, "all_spells": 5 * UNIT, "patients": 5, "patients_all": 5}.items():
        assert all(v % step == 0 for v in shown[column] if v is not HIDDEN and v is not None)
    for column in ("cost", "drugs", "gap", "plan"):
        assert all(v % (1_000 * POUND) == 0 for v in shown[column] if v is not HIDDEN and v is not None)


@settings(max_examples=10)
@given(st.lists(ROWS, max_size=6))
def test_disclosing_does_not_change_what_it_is_given(rows):
    frame = frame_of(rows)
    before = frame.copy(deep=True)
    disclose(frame, Everything, Mode.OUTSIDE)
    pd.testing.assert_frame_equal(frame, before)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=8))
def test_a_total_is_of_true_counts_not_of_rounded_ones(counts):
    class Spells(FigureTable):
        spells = ActivityColumn()
        cost = MoneyColumn(count="spells")

    frame = _frame(spells=[n * UNIT for n in counts], cost=[n * 1_234 * POUND for n in counts])
    total = disclose(total_of(frame, Spells), Spells, Mode.OUTSIDE, all_totals=True).iloc[0]
    n = sum(counts)
    assert same(total["spells"], people(n * UNIT, UNIT))
    assert same(total["cost"], HIDDEN if 1 <= n <= 7 else nearest(n * 1_234 * POUND, 10_000 * POUND))


@given(st.lists(st.tuples(maybe(st.integers(-50, 50)), maybe(st.integers(0, 50))), max_size=8))
def test_the_total_of_a_share_is_the_sum_over_the_sum(pairs):
    class Ratio(FigureTable):
        part = MoneyColumn()
        whole = MoneyColumn()
        share = ShareColumn(numerator="part", denominator="whole")

    frame = _frame(part=[p for p, _ in pairs], whole=[w for _, w in pairs]).assign(share=0.5)
    parts, wholes = [p for p, _ in pairs if p is not None], [w for _, w in pairs if w is not None]
    expected = sum(parts) / sum(wholes) if parts and sum(wholes) else None
    assert same(total_of(frame, Ratio)["share"].iloc[0], expected)


def test_a_share_of_one_whole_is_not_divided_by_the_whole_once_for_each_row():
    class OfWhole(FigureTable):
        part = ActivityColumn()
        whole = ActivityColumn(visible=False, summed=False)
        share = ShareColumn(numerator="part", denominator="whole", of_whole=True)

    frame = _frame(part=[10_000, 20_000, 30_000], whole=[80_000] * 3).assign(share=[0.125, 0.25, 0.375])
    total = total_of(frame, OfWhole).iloc[0]
    assert total["share"] == 0.75
    assert total["whole"] == 80_000


def test_people_are_never_added_up_by_a_total():
    class Seen(FigureTable):
        patients = PatientsColumn()

    assert "patients" not in total_of(_frame(patients=[10, 20]), Seen).columns


def test_the_count_behind_money_may_be_no_column_of_the_table():
    class Paid(FigureTable):
        cost = MoneyColumn(count="people")

    frame = _frame(cost=[50_000 * POUND] * 3, people=[7 * UNIT, 8 * UNIT, None])
    shown = disclose(frame, Paid, Mode.OUTSIDE)
    assert [v is HIDDEN for v in shown["cost"]] == [True, False, False]
    assert "people" not in shown.columns


@pytest.mark.parametrize("few", [1, 3, 7])
def test_a_corrective_entry_of_few_people_is_hidden_like_a_charge(few):
    class Paid(FigureTable):
        spells = ActivityColumn()
        cost = MoneyColumn(count="spells")

    shown = disclose(_frame(spells=[-few * UNIT], cost=[-900 * POUND]), Paid, Mode.OUTSIDE)
    assert shown["spells"].iloc[0] is HIDDEN
    assert shown["cost"].iloc[0] is HIDDEN


def test_what_is_missing_is_not_hidden_even_where_its_count_is_small():
    class Paid(FigureTable):
        spells = ActivityColumn()
        cost = MoneyColumn(count="spells")

    assert disclose(_frame(spells=[3 * UNIT], cost=[None]), Paid, Mode.OUTSIDE)["cost"].tolist() == [None]


@pytest.mark.parametrize("mode", list(Mode))
def test_an_empty_frame_stays_empty_with_its_columns(mode):
    shown = disclose(frame_of([]), Everything, mode)
    assert shown.empty
    assert {"spells", "cost", "share", "name"} <= set(shown.columns)


@pytest.mark.parametrize("size", [3_999, 4_000, 4_001])
def test_the_warning_of_small_bases_begins_below_four_thousand(size):
    class Share(FigureTable):
        part = ActivityColumn()
        whole = ActivityColumn()
        share = ShareColumn(numerator="part", denominator="whole")

    shown = disclose(_frame(part=[1_000 * UNIT], whole=[size * UNIT]).assign(share=0.25), Share, Mode.OUTSIDE)
    # What the reader sees is the rounded base: 3,999 is shown as 4,000.
    assert rests_on_rounded_base(shown, Share, Mode.OUTSIDE) is (nearest(size, 5) < 4_000)
    assert not rests_on_rounded_base(shown, Share, Mode.INSIDE)


def test_shares_of_money_need_no_warning():
    class Share(FigureTable):
        part = MoneyColumn()
        whole = MoneyColumn()
        share = ShareColumn(numerator="part", denominator="whole")

    shown = disclose(_frame(part=[1], whole=[2]).assign(share=0.5), Share, Mode.OUTSIDE)
    assert not rests_on_rounded_base(shown, Share, Mode.OUTSIDE)


@given(st.lists(st.one_of(st.none(), st.just(HIDDEN), st.integers(-(10**12), 10**12)), max_size=10))
def test_numbers_of_a_disclosed_column_keep_their_rows(cells):
    made = numeric(pd.Series(cells, dtype=object, index=range(10, 10 + len(cells))))
    assert list(made.index) == list(range(10, 10 + len(cells)))
    assert [None if math.isnan(v) else int(v) for v in made] == [v if isinstance(v, int) else None for v in cells]
