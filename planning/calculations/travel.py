"""How far people travel for care: straight lines between positions, and minutes where a table of travel times is loaded."""

from collections.abc import Sequence

import pandas as pd

from .contract import floats, numbers, ratio, require_columns, require_unique
from .flows import distance_km

HOMES, DESTINATIONS = ("home_place", "home_system"), ("destination", "provider")


def with_distances(flows: pd.DataFrame, homes: pd.DataFrame, destinations: pd.DataFrame) -> pd.DataFrame:
    """Flows with the straight line from home to where they are treated.

    Args:
        flows: `home_place` and `home_system` (codes of homes, the finer first), `destination` and `provider`.
        homes: `code` (unique), `latitude`, `longitude` in degrees of places and systems.
        destinations: the same of sites and providers.

    Returns:
        The rows with `km` from the place, else the system, to the site, else the provider; NaN where either end has no
        position, such as the rest of England.

    Raises:
        ValueError: a column is not there, or a code has two positions.
    """
    require_columns(flows, [*HOMES, *DESTINATIONS], of="flows")
    here, there = _positions(flows, HOMES, homes), _positions(flows, DESTINATIONS, destinations)
    km = distance_km(here["latitude"], here["longitude"], there["latitude"], there["longitude"])
    return flows.assign(km=pd.Series(km, index=flows.index))


def _positions(flows: pd.DataFrame, columns: Sequence[str], positions: pd.DataFrame) -> pd.DataFrame:
    """The position of the finest of the columns that has one."""
    require_columns(positions, ["code", "latitude", "longitude"], of="positions")
    require_unique(positions, ["code"], of="positions")
    known = positions.dropna(subset=["latitude", "longitude"]).set_index("code")
    found = {}
    for axis in ("latitude", "longitude"):
        values = pd.Series(float("nan"), index=flows.index)
        for column in columns:
            values = values.fillna(floats(flows[column].map(known[axis])))
        found[axis] = values
    return pd.DataFrame(found)


def with_minutes(flows: pd.DataFrame, times: pd.DataFrame) -> pd.DataFrame:
    """Flows with the minutes that a table of travel times gives for them.

    Args:
        flows: `home_place`, `home_system`, `destination`, `provider`.
        times: `home`, `destination` (unique together; codes of places or systems, of sites or providers) and `minutes` one way.

    Returns:
        The rows with `minutes`: from the place to the site where the table has it, else place to provider, system to site,
        system to provider; NaN where it has none.

    Raises:
        ValueError: a column is not there, or a home and a destination stand twice.
    """
    require_columns(flows, [*HOMES, *DESTINATIONS], of="flows")
    require_columns(times, ["home", "destination", "minutes"], of="travel times")
    require_unique(times, ["home", "destination"], of="travel times")
    table = floats(times["minutes"]).set_axis(pd.MultiIndex.from_frame(times[["home", "destination"]]))
    minutes = pd.Series(float("nan"), index=flows.index)
    if len(table):
        for home in HOMES:
            for destination in DESTINATIONS:
                pairs = pd.MultiIndex.from_arrays([flows[home], flows[destination]])
                minutes = minutes.fillna(pd.Series(table.reindex(pairs).to_numpy(), index=flows.index))
    return flows.assign(minutes=minutes)


def travelled(flows: pd.DataFrame, *, by: str, measure: str, column: str, within: float | None = None) -> pd.DataFrame:
    """How far people travel, weighted by a measure.

    Args:
        flows: the columns `by`, `measure` (amounts; those that are not above nought weigh nothing) and `column`.
        by: what each row of the result is of.
        measure: name of the column that weights.
        column: kilometres or minutes, NaN where not known.
        within: what counts as near, inclusive; without it there is no share.

    Returns:
        One row for each value of `by` in code order: `mean`, `median` (the smallest within which at least half travel),
        `share_within` (NaN without `within`), `covered` (share of the measure whose way is known, which the others are of).

    Raises:
        ValueError: a column is not there.
    """
    require_columns(flows, [by, measure, column], of="flows")
    rows = pd.DataFrame({"by": flows[by], "weight": floats(numbers(flows[measure])), "way": floats(flows[column])})
    rows = rows[rows["weight"] > 0]
    groups = pd.Index(sorted(set(flows[by])), name=by)
    everything = rows.groupby("by")["weight"].sum().reindex(groups)
    known = rows[rows["way"].notna()].sort_values(["by", "way"], ignore_index=True)
    weights = known.groupby("by")["weight"].sum().reindex(groups)
    reached = known.groupby("by")["weight"].cumsum()
    half = known[2 * reached >= known.groupby("by")["weight"].transform("sum")]
    result = pd.DataFrame(index=groups)
    result["mean"] = ratio((known["weight"] * known["way"]).groupby(known["by"]).sum().reindex(groups), weights)
    result["median"] = floats(half.groupby("by")["way"].first().reindex(groups))
    near = known[known["way"] <= (float("-inf") if within is None else within)]
    result["share_within"] = ratio(near.groupby("by")["weight"].sum().reindex(groups, fill_value=0.0), weights)
    if within is None:
        result["share_within"] = float("nan")
    result["covered"] = ratio(weights.fillna(0), everything)
    return result.reset_index()


def placed(flows: pd.DataFrame, homes: pd.DataFrame, destinations: pd.DataFrame) -> pd.DataFrame:
    """Flows of any level with where both of their ends are, for a map.

    Args:
        flows: `home`, `provider` and `destination`.
        homes: `code` (unique), `latitude`, `longitude` of homes of that level.
        destinations: the same of sites and providers; a site without a position stands where its provider does.

    Returns:
        The rows with `home_latitude`, `home_longitude`, `latitude`, `longitude` (degrees) and `km`, the straight line between
        them; NaN where an end has no position.

    Raises:
        ValueError: a column is not there, or a code has two positions.
    """
    require_columns(flows, ["home", "provider", "destination"], of="flows")
    here, there = _positions(flows, ["home"], homes), _positions(flows, DESTINATIONS, destinations)
    ends = {"home_latitude": here["latitude"], "home_longitude": here["longitude"], **there}
    km = distance_km(here["latitude"], here["longitude"], there["latitude"], there["longitude"])
    return flows.assign(**ends, km=pd.Series(km, index=flows.index))
