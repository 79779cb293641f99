"""What flows are measured in, in words: for charts, their titles and the sentences of pages."""

from collections.abc import Mapping
from typing import Any

from presentation.amounts import count, money, whole
from presentation.chart import Measure
from presentation.wording import unit_name

# Bases whose numbers may be below nought.
DIFFERENCES = ("difference", "change")


def value_column(filters: Mapping[str, Any]) -> str:
    """The column that the filters ask to see: patients, cost or activity; actual, plan, the difference or the change."""
    if filters.get("measure") == "patients":
        return "patients"
    what = "price" if filters.get("measure") == "cost" else "activity"
    basis = filters.get("basis") or "actual"
    return f"{what}_{basis}" if basis in DIFFERENCES else f"{basis}_{what}"


def is_signed(filters: Mapping[str, Any]) -> bool:
    return filters.get("basis") in DIFFERENCES


def without_difference(filters: Mapping[str, Any]) -> dict[str, Any]:
    """The same measure as an amount: what is compared, where a difference is asked for."""
    return {**filters, "basis": "planned" if filters.get("basis") == "planned" else "actual"}


def measure_words(filters: Mapping[str, Any]) -> str:
    """The measure alone: "cost", "patients", "admitted spells"."""
    measure = filters.get("measure")
    return measure if measure in ("cost", "patients") else unit_name(filters.get("unit") or "SPELL")


def measured_in(filters: Mapping[str, Any]) -> str:
    """What the numbers are, in words: "cost", "planned admitted spells"."""
    words = measure_words(filters)
    basis = filters.get("basis") or "actual"
    said = {"planned": f"planned {words}", "difference": f"{words}, actual less plan"}
    return {**said, "change": f"{words}, this year less last"}.get(basis, words)


def units_of(filters: Mapping[str, Any]) -> str:
    words = {"cost": "Cost in £", "patients": "Distinct patients at each provider"}.get(filters.get("measure") or "")
    return words or measure_words(filters).capitalize()


def signed_units(filters: Mapping[str, Any]) -> str:
    ends = {"difference": ", actual less plan", "change": ", this year less the same months of last"}
    return f"{units_of(filters)}{ends.get(filters.get('basis') or '', '')}"


def measure_of(filters: Mapping[str, Any]) -> Measure:
    return {"cost": Measure.MONEY, "patients": Measure.PATIENTS}.get(filters.get("measure") or "", Measure.ACTIVITY)


def are(filters: Mapping[str, Any]) -> str:
    """The verb that goes with the measure: cost is, spells are."""
    return "is" if filters.get("measure") == "cost" else "are"


def in_words(value: float | None, filters: Mapping[str, Any]) -> str:
    """One value of the measure, with its unit, the sign of a difference said in words."""
    if not is_signed(filters) or value is None or value != value:
        return amount(value, filters)
    of_plan = filters.get("basis") == "difference"
    more, less, same = ("over plan", "under plan", "on plan") if of_plan else ("more", "fewer", "as many as the year before")
    if not of_plan and filters.get("measure") == "cost":
        less, same = "less", "as much as the year before"
    if value == 0:
        return same
    size, sign = amount(abs(value), filters), more if value > 0 else less
    if of_plan or filters.get("measure") == "cost":
        return f"{size} {sign}"
    number, unit = size.split(" ", 1)
    return f"{number} {sign} {unit}"


def amount(value: float | None, filters: Mapping[str, Any]) -> str:
    stored = None if value is None or value != value else int(value)
    if filters.get("measure") == "cost":
        return money(stored)
    if filters.get("measure") == "patients":
        return f"{whole(stored)} {'patient' if stored == 1 else 'patients'}"
    return f"{count(stored)} {unit_name(filters.get('unit') or 'SPELL', 1 if stored == 1_000 else None)}"


def period(filters: Mapping[str, Any]) -> str:
    year = filters.get("year")
    return "all years loaded" if year in (None, "", "all") else str(year)
