"""What each position changed: the slices that it ended and began, with their money before and after."""

from functools import lru_cache

import pandas as pd
from django.db.models import Q

from accounts.models import Role
from accounts.queries import organisations_of, roles_of
from planning.models import Extract, PositionSlice, ReportingPosition
from planning.queries.extracts import system_of_commissioners

KEY = ["layout", "provider", "year", "month", "commissioner"]
PRICES = ("planned_price", "actual_price")
HELD = ["extract", "reporting_point", *PRICES]


def slices_changed(position: ReportingPosition) -> pd.DataFrame:
    """Slices that differ from the position before: `KEY`, and of each of `HELD` what it was (_before) and became (_after).

    A slice that is new has nothing before, one that was emptied nothing after. Prices are stored units.
    """
    return _slices_changed(position.number, position.fingerprint, position.made_at)


@lru_cache(maxsize=64)
def _slices_changed(number, fingerprint, made_at) -> pd.DataFrame:
    """A position never changes, so it is read once for each process."""
    moved = PositionSlice.objects.filter(Q(from_position=number) | Q(until_position=number))
    rows = list(moved.values_list(*KEY, "extract_id", "reporting_point", "from_position"))
    extracts = Extract.objects.in_bulk({row[5] for row in rows})
    prices = {(pk, month, code): money for pk, e in extracts.items() for month, code, *money in e.slices}
    begun = _frame([row for row in rows if row[7] == number], prices)
    ended = _frame([row for row in rows if row[7] != number], prices)
    return ended.merge(begun, on=KEY, how="outer", suffixes=("_before", "_after")).sort_values(KEY, ignore_index=True)


def _frame(rows: list[tuple], prices: dict) -> pd.DataFrame:
    filled = [(*row[:7], *prices.get((row[5], row[3], row[4]), (None, None))) for row in rows]
    frame = pd.DataFrame(filled, columns=[*KEY, *HELD]).astype(dict.fromkeys(["month", "extract", *PRICES], "Int64"))
    return frame.astype(dict.fromkeys([*KEY[:3], "commissioner", "reporting_point"], object))


def own_slices(user, slices: pd.DataFrame) -> pd.DataFrame | None:
    """The slices that a person may see one by one: all, their own organisations', or none at all for a board member."""
    roles, own = roles_of(user), organisations_of(user)
    if Role.PROGRAMME_TEAM in roles:
        return slices
    if Role.FINANCE_LEAD not in roles:
        return None
    systems = {
        (year, code): system
        for year, codes in slices.groupby("year")["commissioner"]
        for code, system in system_of_commissioners(set(codes), year).items()
    }
    pairs = zip(slices["provider"], slices["year"], slices["commissioner"], strict=True)
    seen = [provider in own or systems[(year, code)] in own for provider, year, code in pairs]
    return slices[pd.Series(seen, index=slices.index, dtype=bool)].reset_index(drop=True)


def positions_beside(number: int) -> tuple[int | None, int | None]:
    """The numbers of the positions before and after one."""
    numbers = ReportingPosition.objects.order_by("number").values_list("number", flat=True)
    return numbers.filter(number__lt=number).last(), numbers.filter(number__gt=number).first()
