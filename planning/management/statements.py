"""What extracts and positions are made of, as the commands print it: money as decimal text in pounds."""

from decimal import Decimal

from planning.queries.extracts import position_of, problems_of
from presentation.amounts import to_activity, to_pounds


def extract_statement(extract, reason: str = "") -> dict:
    said = {
        "extract": extract.pk,
        "state": extract.state,
        "file_name": extract.file_name,
        "provider": extract.provider,
        "year": extract.year,
        "rows": extract.rows,
        "accepted": extract.accepted,
        "rejected": extract.rejected,
        "excluded": extract.excluded,
        "problem_count": extract.problem_count,
        "problems": problems_of(extract),
        "notes": extract.read_notes,
        "totals": totals_statement(extract.totals or {"planned_price": None, "actual_price": None, "activity": {}}),
        "position": position_of(extract),
    }
    said["totals"] = {"by_provider": {}, "by_month": {}, **said["totals"]}
    if reason or extract.reason:
        said["reason"] = reason or extract.reason
    return said


def totals_statement(totals: dict) -> dict:
    """Stored units → text, at every level."""
    said = {}
    for key, value in totals.items():
        if key == "activity":
            said[key] = {unit: plain(to_activity(number)) for unit, number in value.items()}
        elif isinstance(value, dict):
            said[key] = totals_statement(value)
        else:
            said[key] = None if value is None else pounds(to_pounds(value))
    return said


def pounds(amount: Decimal) -> str:
    """Exactly, with pence at least."""
    return f"{amount:.2f}" if amount == amount.quantize(Decimal("0.01")) else f"{amount.normalize():f}"


def plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
