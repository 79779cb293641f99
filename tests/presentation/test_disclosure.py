import copy
import pickle

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from presentation.amounts import POUND, UNIT
from presentation.disclosure import HIDDEN, disclose, disclosed_count, disclosed_share, numeric, rests_on_rounded_base
from presentation.figure import Mode
from presentation.tables import ActivityColumn, FigureTable, MoneyColumn, PatientsColumn, ShareColumn, TextColumn, total_of

from .demo import DemoTable, demo_frame


@pytest.mark.parametrize(
    ("true", "shown"),
    [
        (0, 0),
        (1, HIDDEN),
        (7, HIDDEN),
        (8, 10),
        (12, 10),
        (13, 15),
        (16, 15),
        (57, 55),
        (10_023, 10_025),
        (-3, HIDDEN),
        (-12, -10),
        (None, None),
    ],
)
def test_the_published_rule_for_counts(true, shown):
    assert disclosed_count(true) is shown or disclosed_count(true) == shown


@given(st.integers(0, 10**6))
def test_a_shown_count_never_tells_which_small_one_it_was(count):
    shown = disclosed_count(count)
    assert (shown is HIDDEN) == (1 <= count <= 7)
    assert shown is HIDDEN or (shown % 5 == 0 and abs(shown - count) <= 2)


def test_shares_are_taken_from_rounded_numbers():
    assert disclosed_share(25, 400) == 0.0625
    assert disclosed_share(HIDDEN, 400) is HIDDEN
    assert disclosed_share(25, HIDDEN) is HIDDEN
    assert disclosed_share(25, 0) is None
    assert disclosed_share(None, 400) is None


def test_hidden_is_one_thing_however_it_travels():
    assert copy.deepcopy(HIDDEN) is copy.copy(HIDDEN) is pickle.loads(pickle.dumps(HIDDEN)) is HIDDEN  # noqa: S301
    assert str(HIDDEN) == "*"


def test_outside_hides_small_counts_their_money_and_their_share():
    shown = disclose(demo_frame(), DemoTable, Mode.OUTSIDE).set_index("provider")
    small = shown.iloc[1]
    assert small["spells"] is HIDDEN
    assert small["patients"] is HIDDEN
    assert small["actual_price"] is HIDDEN
    assert small["share"] is HIDDEN
    # The plan has no count of its own, so it is shown in thousands.
    assert small["planned_price"] == 20_000 * POUND


def test_outside_rounds_the_rest():
    large = disclose(demo_frame(), DemoTable, Mode.OUTSIDE).iloc[0]
    assert large["spells"] == 1_205 * UNIT
    assert large["patients"] == 1_000
    assert large["actual_price"] == 314_200_000 * POUND
    assert large["share"] == 1_205 / 1_210


def test_missing_stays_missing_and_nought_stays_nought():
    shown = disclose(demo_frame(), DemoTable, Mode.OUTSIDE)
    assert shown["spells"].iloc[2] is None
    assert shown["actual_price"].iloc[2] is None
    assert shown["spells"].iloc[3] == 0


def test_inside_is_exact_but_for_patients():
    true, shown = demo_frame(), disclose(demo_frame(), DemoTable, Mode.INSIDE)
    for column in ("planned_price", "actual_price", "spells", "share"):
        assert list(shown[column].dropna()) == list(true[column].dropna())
    assert list(shown["patients"]) == [1_000, HIDDEN, None, 0]


def test_numbers_that_no_column_declares_go_no_further():
    for mode in Mode:
        shown = disclose(demo_frame(), DemoTable, mode)
        assert "secret" not in shown.columns
    with_object = demo_frame().assign(also=pd.Series([1, None, "x", None], dtype=object), flag=True)
    shown = disclose(with_object, DemoTable, Mode.INSIDE)
    assert "also" not in shown.columns
    assert "flag" in shown.columns


def test_totals_are_of_the_true_values_then_to_ten_thousand_pounds():
    total = total_of(demo_frame(), DemoTable)
    assert total["actual_price"].iloc[0] == sum(v for v in demo_frame()["actual_price"] if v is not pd.NA)
    shown = disclose(total, DemoTable, Mode.OUTSIDE, all_totals=True).iloc[0]
    assert shown["actual_price"] == 314_210_000 * POUND
    assert shown["spells"] == 1_210 * UNIT


def test_the_frame_given_is_left_alone():
    frame = demo_frame()
    disclose(frame, DemoTable, Mode.OUTSIDE)
    pd.testing.assert_frame_equal(frame, demo_frame())


def test_a_difference_is_hidden_when_either_side_is():
    class Difference(FigureTable):
        planned = ActivityColumn()
        actual = ActivityColumn()
        difference = MoneyColumn(count=("planned", "actual"))

    frame = pd.DataFrame({"planned": [3 * UNIT, 20 * UNIT], "actual": [20 * UNIT, 20 * UNIT], "difference": [5_000 * POUND] * 2})
    assert list(disclose(frame, Difference, Mode.OUTSIDE)["difference"]) == [HIDDEN, 5_000 * POUND]


def test_money_behind_few_patients_is_hidden_where_patients_are_the_count():
    class Drugs(FigureTable):
        patients = PatientsColumn()
        cost = MoneyColumn(count="patients")

    frame = pd.DataFrame({"patients": [7, 8], "cost": [1_000 * POUND, 1_000 * POUND]})
    assert list(disclose(frame, Drugs, Mode.OUTSIDE)["cost"]) == [HIDDEN, 1_000 * POUND]


def test_a_ratio_that_counts_nobody_is_left_as_it_is():
    class Distance(FigureTable):
        system = TextColumn()
        distance = ShareColumn()

    frame = pd.DataFrame({"system": ["A"], "distance": [0.039]})
    assert disclose(frame, Distance, Mode.OUTSIDE)["distance"].iloc[0] == 0.039


def test_a_share_whose_parts_are_not_declared_is_refused():
    class Careless(FigureTable):
        share = ShareColumn(numerator="spells", denominator="all")

    frame = pd.DataFrame({"share": [0.1], "spells": [1], "all": [10]})
    with pytest.raises(ValueError, match="declare it in the table"):
        disclose(frame, Careless, Mode.OUTSIDE)


def test_small_bases_are_noticed_only_where_rounding_happened():
    shown = disclose(demo_frame(), DemoTable, Mode.OUTSIDE)
    assert rests_on_rounded_base(shown, DemoTable, Mode.OUTSIDE)
    assert not rests_on_rounded_base(demo_frame(), DemoTable, Mode.INSIDE)


def test_hidden_and_missing_are_not_numbers():
    series = numeric(pd.Series([5, HIDDEN, None, pd.NA, 0], dtype=object))
    assert series.isna().tolist() == [False, True, True, True, False]
    assert series.sum() == 5
