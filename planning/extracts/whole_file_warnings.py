"""What is warned of that is of no one row, in words: sums that are far from what is published, and rows that are there twice."""

from collections.abc import Sequence
from dataclasses import dataclass

from planning.calculations.financial_years import month_name

from .faults import WARNING
from .layouts import layout_columns
from .outliers import MOST_TOLD, POUND, Outlier
from .repeats import Repeats

# The mask of problems that are of no one row: they are in the database, whatever their number.
IN_DATABASE = "sums"
FIELDS = {"volume": "actual_activity", "unit price": "actual_price"}
TWICE = "row is there twice"
# Rules of a check whose problems are of no one row.
RULES = (*(f"{what} is far from last time" for what in FIELDS), TWICE)
TAKE_OUT = (
    "Both count. If rows were pasted twice, take out the second ones and upload the file again; if both are right, publish them."
)
WHAT_TO_DO = "Check the figures of this service. If they are right, publish them as they are."


@dataclass(frozen=True)
class WholeFileWarnings:
    """`problems` are rows of the database without their extract; `groups` stand beside the rules that rows broke."""

    problems: list[tuple]
    groups: list[dict]


def warnings_of_outliers(layout: str, year: str, outliers: Sequence[Outlier]) -> WholeFileWarnings:
    """The outliers in words, the largest first; beyond `MOST_TOLD` they are counted and not listed."""
    headings = {c.field: c.name for c in layout_columns(layout)}
    problems, groups = [], []
    for bit, (what, field) in enumerate(FIELDS.items()):
        own = [outlier for outlier in outliers if outlier.what == what]
        if not own or field not in headings:
            continue
        rule = RULES[bit]
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
    return WholeFileWarnings(problems, groups)


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
    return f"−£{-amount:,.2f}" if amount < 0 else f"£{amount:,.2f}"


def warnings_of_repeats(repeats: Repeats | None) -> WholeFileWarnings:
    """Rows that repeat an earlier one, as problems: the first of them one by one, all of them in money."""
    if repeats is None:
        return WholeFileWarnings([], [])
    problems = [(None, "", "", TWICE, WARNING, f"{_like(*pair)} {TAKE_OUT}") for pair in repeats.listed]
    more = f" There are {repeats.rows:,}; the first {MOST_TOLD} are listed." if repeats.rows > len(repeats.listed) else ""
    group = {
        "rule": TWICE,
        "severity": WARNING,
        "field": "",
        "column": "",
        "message": f"{TAKE_OUT}{more}",
        "mask": IN_DATABASE,
        "bit": len(FIELDS),
        "shown": False,
        "number": len(repeats.listed),
        "first_row": None,
        "example": _like(*repeats.listed[0]),
        "planned_price": repeats.planned_price,
        "actual_price": repeats.actual_price,
    }
    return WholeFileWarnings(problems, [group])


def _like(row: int, first: int) -> str:
    return f"Row {row:,} says in every column what row {first:,} says."
