"""What charts of allocation and affordability say of amounts, shares and distances."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.amounts import money, percent
from presentation.disclosure import numeric


def stored(value: float | None) -> int | None:
    return None if value is None or value != value else int(value)


def period(filters: Mapping[str, Any]) -> str:
    year = filters.get("year")
    return "all years loaded" if year in (None, "", "all") else str(year)


def over_words(value: float | None, *, of: str = "plan") -> str:
    """A difference from plan in words: "£48.3m over plan"."""
    if stored(value) is None:
        return f"not known against {of}"
    if not value:
        return f"on {of}"
    return f"{money(abs(int(value)))} {'over' if value > 0 else 'under'} {of}"


def share_words(name: str, distance: float, amount: float | None) -> str:
    """ "South East London receives 3.9% (£14.0m) more than its weighted share"."""
    size = percent(abs(distance))
    if size == "0.0%":
        return f"{name} receives its weighted share"
    money_said = f" ({money(abs(int(amount)))})" if stored(amount) is not None else ""
    return f"{name} receives {size}{money_said} {'more' if distance > 0 else 'less'} than its weighted share"


def more_or_less(distance: float | None) -> str:
    """ "3.9% more", "0.4% less", "no more and no less"."""
    if distance is None or distance != distance:
        return "an amount not known"
    size = percent(abs(distance))
    return "no more and no less" if size == "0.0%" else f"{size} {'more' if distance > 0 else 'less'}"


def furthest(frame: pd.DataFrame, prefix: str) -> tuple[str, float, float | None] | None:
    """The system furthest above its target (below, where none is above): name, distance, money."""
    rows = frame[~frame["is_total"]] if "is_total" in frame else frame
    distance, amount = numeric(rows[f"{prefix}distance"]), numeric(rows[f"{prefix}distance_money"])
    known = [(n, d, a) for n, d, a in zip(rows["system_name"], distance, amount, strict=True) if d == d]
    if not known:
        return None
    above = [k for k in known if k[1] > 0]
    return max(above, key=lambda k: (k[1], k[0])) if above else min(known, key=lambda k: (k[1], k[0]))
