"""Which practice a patient is registered with: near the trust more often than far away, and each service in places of its own."""

from collections.abc import Iterable
from functools import cache
from zlib import crc32

import numpy as np
import pandas as pd

from planning.calculations.flows import distance_km

from .reference import Reference, commissioners_of
from .weights import Weights

# Patients of a place this far away come half as often as those next door, km.
HALF_AS_OFTEN = 25.0
# Services fall into this many patterns of places; how far a place strays from its people in one.
PATTERNS, SPREAD = 8, 0.18


def practice_weights(weights: Weights, reference: Reference, provider: str, year: str) -> dict[str, pd.DataFrame]:
    """Practices that a provider's patients of each commissioner may be registered with; none where no place is loaded.

    Returns:
        By commissioner of the year: `practice`, `place`, and `weight`, people by need and nearness. A commissioner that is one
        authority has the practices of it alone; another of the same system has those of the authorities that are nobody's own.
    """
    practices = _near(weights, reference, provider)
    bodies = commissioners_of(weights, year)[["home", "commissioner"]].drop_duplicates()
    own = reference.commissioners.set_index("code")["place"].reindex(bodies["commissioner"]).fillna("")
    found = {}
    for (home, code), place in zip(bodies.itertuples(index=False, name=None), own, strict=True):
        of_system = practices["system"] == home
        within = practices["place"] == place if place else of_system & ~practices["place"].isin(set(own))
        chosen = practices[within if within.any() else of_system]
        found[code] = chosen[["practice", "place", "weight"]]
    return found


def _near(weights: Weights, reference: Reference, provider: str) -> pd.DataFrame:
    """All practices with their weight for one provider; distance counts only where both positions are known."""
    columns = {"Practice_Code": "practice", "ICB": "system", "LAD": "place", "Population": "people"}
    practices = weights.practices[list(columns)].rename(columns=columns)
    places = reference.places.reindex(practices["place"])
    trust = reference.positions.loc[provider]
    km = distance_km(places["latitude"], places["longitude"], trust["latitude"], trust["longitude"])
    near = 1 / (1 + np.nan_to_num(km, nan=0.0) / HALF_AS_OFTEN)
    return practices.assign(weight=practices["people"].to_numpy() * places["need"].fillna(1.0).to_numpy() * near)


def pattern_of(families: Iterable[str]) -> np.ndarray:
    """The pattern of places that each family of services follows."""
    return np.array([crc32(family.encode()) % PATTERNS for family in families])


def in_pattern(practices: pd.DataFrame, pattern: int) -> list[tuple[str, float]]:
    """Practices with their weights in one pattern; a blank where there are none."""
    straying = np.array([_straying(place, pattern) for place in practices["place"]])
    weight = practices["weight"].to_numpy() * straying
    return list(zip(practices["practice"], weight, strict=True)) or [("", 1.0)]


@cache
def _straying(place: str, pattern: int) -> float:
    """Always the same for a place and a pattern: no seed changes where a service is needed."""
    chance = crc32(f"{place} {pattern}".encode()) / 2**32
    return float(np.exp(SPREAD * (2 * chance - 1) * np.sqrt(3)))
