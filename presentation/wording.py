"""Words that sentences, titles and headings share: units of activity, numbers of things, lists."""

import re
from collections.abc import Sequence

# What XML and spreadsheets cannot hold.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
ADMITTED_SPELLS = "SPELL"

# Months of a financial year, in their order.
MONTH_NAMES = (
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "January",
    "February",
    "March",
)

# Activity of two units is never added. Code of the national list → (plural, singular).
UNITS = {
    "SPELL": ("admitted spells", "admitted spell"),
    "ATT": ("attendances", "attendance"),
    "SESSION": ("dialysis sessions", "dialysis session"),
    "OBD": ("occupied bed days", "occupied bed day"),
    "XBD": ("excess bed days", "excess bed day"),
    "WOBD": ("weighted bed days", "weighted bed day"),
    "OCD": ("critical care days", "critical care day"),
    "FCE": ("finished consultant episodes", "finished consultant episode"),
    "HRG": ("healthcare resource groups", "healthcare resource group"),
    "TEST": ("tests", "test"),
    "COST": ("drug and device items", "drug or device item"),
    "CONTACT": ("contacts", "contact"),
    "PATIENT": ("patients counted", "patient counted"),
    "JOURNEY": ("journeys", "journey"),
    "INCIDENT": ("incidents", "incident"),
    "CALL": ("calls", "call"),
    "HOUR": ("hours", "hour"),
    "CYCLE": ("treatment cycles", "treatment cycle"),
    "YOC": ("years of care", "year of care"),
    "POC": ("packages of care", "package of care"),
    "MPATH": ("maternity pathways", "maternity pathway"),
    "MAINT": ("device maintenances", "device maintenance"),
    "OTHER": ("other activities", "other activity"),
}


def unit_name(unit: str, number: object = None) -> str:
    """The unit in words: singular for one, otherwise plural; a unit that is not listed is named by its code."""
    plural, singular = UNITS.get(unit, (f"units of {unit}", f"unit of {unit}"))
    return singular if number == 1 else plural


def number_of(number: int, singular: str, plural: str | None = None) -> str:
    """A number of things in words that agree: "no systems", "1 system", "12 systems"."""
    many = plural or f"{singular}s"
    return f"no {many}" if number == 0 else f"{number:,} {singular if number == 1 else many}"


# Numbers that are written in letters: up to twelve where a sentence begins, otherwise up to nine.
NUMBER_WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


def number_at_start(number: int) -> str:
    """A number that a sentence begins with, in letters where it is small."""
    return NUMBER_WORDS[number] if number < len(NUMBER_WORDS) else f"{number:,}"


def number_within(number: int) -> str:
    return NUMBER_WORDS[number].lower() if number < 10 else f"{number:,}"


def listed_at_most(words: Sequence[str], most: int) -> str:
    """A list that ends in how many more there are, where there are too many to name."""
    return listed(words) if len(words) <= most else listed([*words[: most - 1], f"{len(words) - most + 1} more"])


def listed(words: Sequence[str]) -> str:
    """Words in a row: A; A and B; A, B and C."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def leaders(labels: Sequence[str], values: Sequence[float]) -> tuple[list[str], float | None]:
    """The labels whose value is greatest, all of them where several are equal; none where no value is known."""
    known = [(label, value) for label, value in zip(labels, values, strict=True) if value == value]
    if not known:
        return [], None
    greatest = max(value for _, value in known)
    return [label for label, value in known if value == greatest], greatest
