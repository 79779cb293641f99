"""Outliers as problems of an extract: warnings of the whole file, in words with both figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from planning.calculations.financial_years import month_name

from .faults import WARNING
from .layouts import layout_columns
from .outliers import MOST_TOLD, POUND, Outlier

# The mask of problems that are of no one row: they are in the database, whatever their number.
IN_DATABASE = "sums"
FIELDS = {"volume": "actual_activity", "unit price": "actual_price"}
WHAT_TO_DO = "Check the figures of this service. If they are right, publish them as they are."


@dataclass(frozen=True)
class OutlierProblems:
    """`problems` are rows of the database without their extract; `groups` stand beside the rules that rows broke."""

    problems: list[tuple]
    groups: list[dict]


def problems_of_outliers(layout: str, year: str, outliers: Sequence[Outlier]) -> OutlierProblems:
    """The outliers in words, the largest first; beyond `MOST_TOLD` they are counted and not listed."""
    headings = {c.field: c.name for c in layout_columns(layout)}
    problems, groups = [], []
    for bit, (what, field) in enumerate(FIELDS.items()):
        own = [outlier for outlier in outliers if outlier.what == what]
        if not own or field not in headings:
            continue
        rule = f"{what} is far from last time"
        said = [(*_said(year, outlier), rule) for outlier in own[:MOST_TOLD]]
        problems += [(None, headings[field], value, rule, WARNING, message) for value, message, rule in said]
        unlisted = f" The {MOST_TOLD} with the most money are listed." if len(own) > MOST_TOLD else ""
        groups.append(
            {
                "rule": rule,
                "severity": WARNING,
                "field": field,
                "column": headings[field],
                "message": f"{WHAT_TO_DO}{unlisted}",
                "mask": IN_DATABASE,
                "bit": bit,
                "shown": True,
                "number": len(own[:MOST_TOLD]),
                "first_row": None,
                "example": f"{said[0][0]}: {said[0][1].removesuffix(WHAT_TO_DO).strip()}",
                "planned_price": None,
                "actual_price": sum(outlier.price_after for outlier in own),
            }
        )
    return OutlierProblems(problems, groups)


def _said(year: str, outlier: Outlier) -> tuple[str, str]:
    """The service and month, and the sentence with both figures."""
    month, compared = month_name(year, outlier.month), month_name(year, outlier.compared_month)
    care = f"{outlier.service_code} {outlier.point_of_delivery}, {month}"
    published = f"published for {compared}" if compared != month else "published now"
    if outlier.what == "volume":
        figures = f"{_units(outlier.after)} ({_pounds(outlier.price_after / POUND)}) in the file"
        return care, f"{figures}, {_units(outlier.before)} ({_pounds(outlier.price_before / POUND)}) {published}. {WHAT_TO_DO}"
    after, before = _pounds(outlier.after), _pounds(outlier.before)
    return care, f"{after} for each unit in the file, {before} {published}. {WHAT_TO_DO}"


def _units(number: float) -> str:
    return f"{number:,.3f}".rstrip("0").rstrip(".") + " units"


def _pounds(amount: float) -> str:
    return f"-£{-amount:,.2f}" if amount < 0 else f"£{amount:,.2f}"
