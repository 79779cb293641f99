"""What is hidden cannot be worked out from what stands beside it."""

import pandas as pd
import pytest

from finance.tables.allocation import AllocationChainTable, AllocationCoreTable, AllocationTable, LedgerTable
from presentation.amounts import POUND, UNIT
from presentation.disclosure import HIDDEN, declared, disclose
from presentation.figure import Mode


def frame_of(table, **known) -> pd.DataFrame:
    """One row with a hundred thousand pounds, or a half, wherever nothing is said."""
    columns = {name: [100_000 * POUND if column.measure == "money" else 0.5] for name, column in declared(table).items()}
    return pd.DataFrame({**columns, **{name: [value] for name, value in known.items()}}).astype(object)


@pytest.mark.parametrize("table", [AllocationTable, AllocationCoreTable, AllocationChainTable])
@pytest.mark.parametrize(("people", "hidden"), [(3 * UNIT, True), (80 * UNIT, False)])
def test_a_distance_from_target_is_hidden_with_the_baseline_it_is_measured_from(table, people, hidden):
    totals = {table._meta.total_rows: False} if table._meta.total_rows else {}
    shown = disclose(frame_of(table, people=people, **totals), table, Mode.OUTSIDE).iloc[0]
    measured = [name for name in declared(table) if name == "baseline" or "distance" in name]
    assert len(measured) >= 3
    assert {name: shown[name] is HIDDEN for name in measured} == dict.fromkeys(measured, hidden)


def test_what_a_ledger_adds_up_to_is_rounded_as_totals_are():
    few = frame_of(LedgerTable, apart=4_321 * POUND, apart_people=2 * UNIT, ledger=1_004_321 * POUND, mapped=1_004_321 * POUND)
    outside, inside = (disclose(few, LedgerTable, mode).iloc[0] for mode in (Mode.OUTSIDE, Mode.INSIDE))
    assert outside["apart"] is HIDDEN
    assert (outside["ledger"], outside["mapped"]) == (1_000_000 * POUND, 1_000_000 * POUND)
    assert inside["ledger"] == 1_004_321 * POUND
