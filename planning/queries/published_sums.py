"""What is published of a provider's year, summed as a new file of it is held against."""

from collections.abc import Collection

import pandas as pd

from planning.models import Extract, PositionSlice
from planning.queries import read_copies
from planning.queries.read_copies import ReadCopy

SERVICE = ("month", "service_code", "point_of_delivery")
FIGURES = ("planned_price", "actual_price", "planned_activity", "actual_activity")


def published_sums(
    layout: str, provider: str, year: str, by: Collection[str] = SERVICE, *, commissioners: Collection[str] | None = None
) -> pd.DataFrame:
    """Sums of the latest position by some columns of the facts, of all commissioners or of some.

    Columns `by` and `FIGURES`, in stored units; missing where every fact's figure is.
    """
    current = PositionSlice.objects.filter(layout=layout, provider=provider, year=year, until_position=None)
    if commissioners is not None:
        current = current.filter(commissioner__in=commissioners)
    return sums_of_slices(list(current.values_list("extract_id", "month", "commissioner")), by)


def sums_of_slices(slices: Collection[tuple[int, int, str]], by: Collection[str]) -> pd.DataFrame:
    """Sums of some slices, each taken from the read copy of its extract: (extract, month, commissioner)."""
    columns = [*by, *FIGURES]
    if not slices:
        return pd.DataFrame(columns=columns)
    frame = pd.DataFrame(list(slices), columns=["extract", "month", "commissioner"])
    extracts = Extract.objects.in_bulk({pk for pk, *_ in slices})
    copies = [ReadCopy(e.pk, e.read_copy, e.provider, e.year, whole=False) for e in extracts.values()]
    facts, parameters = read_copies.facts_sql(copies)
    sums = ", ".join(f"sum({figure})::BIGINT AS {figure}" for figure in FIGURES)
    keys = ", ".join(by)
    sql = f"SELECT {keys}, {sums} FROM ({facts}) GROUP BY ALL ORDER BY ALL"  # noqa: S608 - names are the callers' constants
    return read_copies.run(sql, parameters, slices=frame)
