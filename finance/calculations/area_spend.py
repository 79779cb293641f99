"""What is spent on the people of areas, by group of services, beside what is known of its patients."""

from collections.abc import Collection, Mapping

import pandas as pd

from planning.calculations.contract import ratio, require_columns, require_unique

KEY = ["area", "group"]


def area_spend(
    populations: Mapping[str, float],
    *,
    spend: pd.DataFrame,
    blocks: pd.DataFrame,
    sets: pd.DataFrame,
    patients: pd.DataFrame,
    people: pd.DataFrame,
    sent: Collection[str],
) -> pd.DataFrame:
    """Every area with every group of services that any of them has, in the shape that variation is computed from.

    Args:
        populations: people of the areas; rows of other areas are left out.
        spend: `provider`, `area`, `group` (unique together), `spend` (whole ten-thousandths of a pound, or missing).
        blocks: `area`, `group`, `spend`: the part of it that no patient is behind, such as block payments.
        sets: `area`, `group`, `spend`: what patient-level sets say was paid.
        patients: `provider`, `area`, `group` (unique together), `patients`: distinct at each provider.
        people: `area`, `group`, `people`: the smallest count behind the spend, for disclosure.
        sent: providers that sent a patient-level set.

    Returns:
        `area`, `group` (unique together), `population`, `spend`, `known_spend` (at the providers that sent a set),
        `expected_spend` (that patients are behind), `set_spend`, `patients` (counted once at each provider; missing where nobody
        sent a set) and `people`. An area without spend in a group has 0.

    Raises:
        ValueError: a column is not there, or a key names two rows.
    """
    require_columns(spend, ["provider", *KEY, "spend"], of="spend")
    require_unique(spend, ["provider", *KEY], of="spend")
    require_unique(patients, ["provider", *KEY], of="patients")
    own = spend[spend["area"].isin(list(populations))]
    groups = sorted(set(own["group"]))
    index = pd.MultiIndex.from_product([sorted(populations), groups], names=KEY)
    total = _sums(own, index, "spend")
    rows = pd.DataFrame(
        {
            "spend": total,
            "known_spend": _sums(own[own["provider"].isin(list(sent))], index, "spend"),
            "expected_spend": total - _sums(blocks, index, "spend"),
            "set_spend": _sums(sets, index, "spend"),
            "patients": _sums(patients, index, "patients"),
            "people": people.groupby(KEY)["people"].min().reindex(index).astype("Int64"),
        }
    ).reset_index()
    if not sent:
        rows["patients"] = pd.Series(pd.NA, index=rows.index, dtype="Int64")
    return rows.assign(population=rows["area"].map(dict(populations)).astype(float))


def placed_systems(spend: pd.DataFrame, system_of: Mapping[str, str], *, least: float) -> dict[str, float]:
    """Share of each system's spend whose homes are known by place.

    Args:
        spend: `area`, `spend`: an area is a place, or the system itself where the place is not known.
        system_of: the system of each place.
        least: the share below which places of a system cannot be told from one another.

    Returns:
        The share by system, of those that reach it.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(spend, ["area", "spend"], of="spend")
    systems = spend["area"].map(dict(system_of))
    placed = spend.groupby(systems)["spend"].sum()
    whole = spend.groupby(systems.fillna(spend["area"]))["spend"].sum()
    shares = ratio(placed, whole.reindex(placed.index))
    return {str(system): float(share) for system, share in shares.items() if share >= least}


def _sums(rows: pd.DataFrame, index: pd.MultiIndex, column: str) -> pd.Series:
    """The column added up by area and group, 0 where there is nothing."""
    return rows.groupby(KEY)[column].sum().astype("Int64").reindex(index, fill_value=0)
