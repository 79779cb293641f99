"""The step of additional need in words: its formula for each way that need is measured, and each area's own numbers in it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from finance.calculations.measure_names import CONSTANT, NEED, SUPPLY
from presentation.amounts import number, plain

Row = Mapping[str, Any]
TO_INDEX = "need index = need ÷ the mean of all areas' people"
FORMULAS = {
    "measure": f"Need = 1 + coefficient × (the area's deprivation − the mean of all areas' people); {TO_INDEX}. Nothing about "
    "supply is in it.",
    "imported": f"Need = the imported index, a system's own or the mean of its places by their people; {TO_INDEX}.",
    "model": "Need = the constant + for each measure of need its coefficient × the area's value + for each measure of supply its "
    "coefficient × the mean of all areas' people, so that supply is alike for everybody. Use is the same with each area's own "
    f"supply. The {TO_INDEX}.",
}
OWN, TOLD = "Its own", "Told by the round"
SIDES = {NEED: "Need", SUPPLY: "Supply, at its mean", CONSTANT: "Everybody"}


def model_said(model: Mapping[str, Any]) -> str:
    """A model of need as a round was told it: "£40 + £3 × Aged 65 and over + £12 × Beds (supply, held at its mean)"."""
    said = [f"£{_exact(model.get('constant', 0))}"]
    for measure, side, change in model.get("coefficients", []):
        held = " (supply, held at its mean)" if side == SUPPLY else ""
        said.append(f"{'−' if change < 0 else '+'} £{_exact(abs(change))} × {measure}{held}")
    return " ".join(said).replace("£-", "−£")


def model_working(terms: list[Row], row: Row, mean: float) -> str:
    """The formula of a model with an area's own numbers, then what it uses with its own supply."""
    need, index = number(row["need"], 4), number(row["need_index"], 4)
    said = []
    for term in terms:
        sign = "− " if term["change"] < 0 else "+ " if said else ""
        said.append(f"{sign}{_exact(abs(term['change']))}{_times(term)}")
    used = f"With its own supply it uses £{number(row['use'], 4)}: {number(row['use_index'], 4)}"
    return f"{' '.join(said)} = £{need} a head; {need} ÷ {number(mean, 4)} = {index}. {used}"


def _times(term: Row) -> str:
    if term["side"] == CONSTANT:
        return ""
    return f" × {number(term['mean'], 4)} (mean)" if term["side"] == SUPPLY else f" × {number(term['value'], 4)}"


def imported_working(row: Row, mean: float, places: int) -> str:
    where = f", the mean of its {places} places by their people," if places > 1 else ", that of its one place," if places else ""
    return f"Imported index {number(row['measure'], 4)}{where} ÷ {number(mean, 4)} = {number(row['need_index'], 4)}"


def known_by(places: int, side: str) -> str:
    """Where the value of a measure comes from, in words."""
    if side == CONSTANT:
        return TOLD
    return OWN if not places else f"Mean of its {places} places" if places > 1 else "That of its one place"


def _exact(value: float) -> str:
    return plain(Decimal(str(value)))
