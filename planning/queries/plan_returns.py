"""Plan returns (IAP) in a position: the slices where one stands in for a plan that ACM does not hold."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

import pandas as pd
from django.db.models import Q

from planning.extracts.slices import stands_in
from planning.models import Extract, Layout, PatientFlow, PositionSlice

COLUMNS = ["extract", "provider", "year", "month", "commissioner"]
PLANNED = Q(planned_price__isnull=False) | Q(planned_activity__isnull=False)
Key = tuple[str, str]


@lru_cache(maxsize=16)
def plan_slices(number: int, fingerprint: str, made_at: datetime) -> pd.DataFrame:
    """Columns extract, provider, year, month, commissioner: slices whose plan comes from a plan return.

    A year for which nobody has sent activity yet is left out, unless that is all there is. The fingerprint and the time
    tell the position from another of the same number.
    """
    current = PositionSlice.objects.at(number)
    returned = list(current.filter(layout=Layout.IAP).order_by(*COLUMNS[1:]).values_list("extract_id", *COLUMNS[1:]))
    if not returned:
        return pd.DataFrame(columns=COLUMNS)
    acm = current.filter(layout=Layout.ACM)
    reported = set(acm.values_list("year", flat=True).distinct()) or {year for _, _, year, *_ in returned}
    keys = {(provider, year) for _, provider, year, *_ in returned if year in reported}
    planned, stated, complete = _plans_of_acm(acm, keys)
    rows = [
        row
        for row in returned
        if (key := (row[1], row[2])) in keys
        and stands_in((row[3], row[4]), planned=planned[key], stated=stated[key], complete=complete[key])
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _plans_of_acm(acm, keys: Iterable[Key]) -> tuple[Mapping[Key, set], Mapping[Key, set], Mapping[Key, set]]:
    """By provider and year: slices of ACM with a plan, slices with rows, months whose plan one file states as a whole."""
    keys = set(keys)
    held = acm.filter(provider__in={p for p, _ in keys}, year__in={y for _, y in keys})
    slices = [row for row in held.values_list("extract_id", *COLUMNS[1:]) if (row[1], row[2]) in keys]
    extracts = Extract.objects.in_bulk({row[0] for row in slices})
    facts = PatientFlow.objects.filter(PLANNED, extract_id__in=extracts).order_by()
    with_plan = set(facts.values_list("extract_id", "month", "commissioner").distinct())
    planned: dict[Key, set] = defaultdict(set)
    stated: dict[Key, set] = defaultdict(set)
    complete: dict[Key, set] = defaultdict(set)
    for extract, provider, year, month, commissioner in slices:
        stated[provider, year].add((month, commissioner))
        if (extract, month, commissioner) not in with_plan:
            continue
        planned[provider, year].add((month, commissioner))
        if extracts[extract].covered_commissioners is None:
            complete[provider, year].add(month)
    return planned, stated, complete
