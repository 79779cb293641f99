"""Where the patients of each line live: lines split over homes, tilted to the year's shares from outside the own area."""

import numpy as np
import pandas as pd

from .lines import HUB, SPELL
from .reference import Reference
from .weights import Weights

NOT_KNOWN = "NOT-KNOWN"
OWN, ELSEWHERE, UNKNOWN = range(3)


def cells_of_year(lines: pd.DataFrame, weights: Weights, reference: Reference, year: str) -> pd.DataFrame:
    """Cells of all lines.

    One row for each line and home: `line` (its position in `lines`), `home` (a system, a group of homes, or not known),
    `actual_price` in £ of a full year, and `resolved`: whether whoever reads the file finds the home in the own area,
    elsewhere, or not at all.
    """
    terms = weights.of_year(year)
    shares = _shares(weights, reference)
    tilt = _tilts(lines, shares, terms)
    cells = lines[["catchment", "actual_price", "kind", "commissioned_by", "responsibility", "specialised"]].reset_index(
        names="line"
    )
    cells = cells.merge(shares, on="catchment")
    raised = cells["elsewhere"] & cells["specialised"]
    cells["share"] = cells["share"].mask(raised, cells["share"] * cells["kind"].eq(SPELL).map({True: tilt[0], False: tilt[1]}))
    cells["share"] = cells["share"] / cells.groupby("line")["share"].transform("sum")
    return _with_unknown(cells, terms["unknown_patients"]).sort_values(["line", "home"], ignore_index=True)


def _shares(weights: Weights, reference: Reference) -> pd.DataFrame:
    """Share of each catchment by home, and whether the home lies outside the own area."""
    homes = weights.homes[["catchment", "home", "share"]]
    share = homes["share"] / homes.groupby("catchment")["share"].transform("sum")
    return homes.assign(share=share, elsewhere=~homes["home"].isin(reference.own_systems))


def _known(lines: pd.DataFrame, unknown: float) -> pd.DataFrame:
    """How much of a line ends at a known home, and how much of it whatever its patients' homes are.

    Money without patients from the hub names nobody's home. A patient without practice or residence has no home where
    the hub pays, and the host's where the population's commissioner pays: it then is the host's own.
    """
    blank, hub = lines["responsibility"] == "blank", lines["commissioned_by"] == HUB
    patients = np.where(blank, np.where(hub, 0.0, 1.0), 1 - unknown)
    return pd.DataFrame({"patients": patients, "host": np.where(~blank & ~hub, unknown, 0.0)}, index=lines.index)


def _tilts(lines: pd.DataFrame, shares: pd.DataFrame, terms: pd.Series) -> tuple[float, float]:
    """Factors on shares from elsewhere: one for admitted spells, so that their share of spells holds, one for all else."""
    specialised = lines[lines["specialised"]]
    known = _known(specialised, terms["unknown_patients"])
    elsewhere = specialised["catchment"].map(shares[shares["elsewhere"]].groupby("catchment")["share"].sum()).fillna(0.0)
    spells, cost = specialised["kind"] == SPELL, specialised["actual_price"]
    parts = pd.DataFrame({"elsewhere": elsewhere, "patients": cost * known["patients"], "all": cost * known.sum(axis=1)})
    counts = parts[spells].assign(**{c: parts[c] / specialised["unit_price"] for c in ("patients", "all")})
    for_spells = _solve(lambda tilt: _outside(counts, tilt) / counts["all"].sum() - terms["outside_spells"])
    of_spells = _outside(parts[spells], for_spells)
    for_others = _solve(lambda tilt: (of_spells + _outside(parts[~spells], tilt)) / parts["all"].sum() - terms["outside_cost"])
    return for_spells, for_others


def _outside(parts: pd.DataFrame, tilt: float) -> float:
    raised = parts["elsewhere"] * tilt
    return float((parts["patients"] * raised / (raised + 1 - parts["elsewhere"])).sum())


def _solve(excess, low: float = 0.05, high: float = 20.0) -> float:
    """Where a rising function crosses zero, by halving."""
    for _ in range(60):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if excess(middle) < 0 else (low, middle)
    return (low * high) ** 0.5


def _with_unknown(cells: pd.DataFrame, unknown: float) -> pd.DataFrame:
    """Take from every line what names no home."""
    found = _known(cells, unknown)
    known = cells.assign(
        actual_price=cells["actual_price"] * cells["share"] * found["patients"], resolved=cells["elsewhere"].astype(int)
    )
    nobody = cells.assign(
        actual_price=cells["actual_price"] * (1 - found["patients"]),
        home=NOT_KNOWN,
        resolved=np.where(found["host"] > 0, OWN, UNKNOWN),
    ).drop_duplicates("line")
    both = pd.concat([known, nobody], ignore_index=True)
    return both.loc[both["actual_price"] > 0, ["line", "home", "actual_price", "resolved"]]
