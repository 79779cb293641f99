"""The national layouts as people read them: each column with its spellings and codes, and files to start from."""

from dataclasses import dataclass

from planning.calculations.financial_years import MONTH_NAMES
from planning.extracts import layout_files
from planning.extracts.layouts import LAYOUT_NAMES, Column, accepted_spellings, layout_columns
from planning.models import Commissioner, PointOfDelivery, Provider, ServiceCategory, ServiceCode

FILE_KINDS = ("template", "example")
FILE_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
# Field of a column → the reference table that its codes are on, and what a code means there.
_LISTS = {
    "provider": (Provider, "name"),
    "commissioner": (Commissioner, "name"),
    "service_category": (ServiceCategory, "description"),
    "service_code": (ServiceCode, "description"),
    "point_of_delivery": (PointOfDelivery, "description"),
}
_SHORT = {
    "month": [*((str(i), name) for i, name in enumerate(MONTH_NAMES[:12], 1)), ("13", "Year end")],
    "national_tariff_indicator": [("Y", "The price is a national one"), ("N", "The price is local")],
}


@dataclass(frozen=True)
class Described:
    """A column as the data dictionary shows it; `codes` counts its allowed codes, where there is a list."""

    column: Column
    standing: str
    spellings: list[str]
    codes: int


def layout_names() -> dict[str, str]:
    return dict(LAYOUT_NAMES)


def described_columns(layout: str) -> list[Described]:
    codes = allowed_codes(layout)
    return [
        Described(c, layout_files.standing(c), accepted_spellings(c), len(codes.get(c.field, ()))) for c in layout_columns(layout)
    ]


def code_list(field: str) -> list[tuple[str, str]]:
    """Allowed codes of a column, each with what it means; none where there is no list."""
    if field in _SHORT:
        return list(_SHORT[field])
    if field not in _LISTS:
        return []
    model, meaning = _LISTS[field]
    return list(model.objects.order_by("code").values_list("code", meaning))


def allowed_codes(layout: str) -> dict[str, list[tuple[str, str]]]:
    """Field → allowed codes, for the columns of a layout that have a list."""
    fields = [c.field for c in layout_columns(layout) if c.field in _SHORT or c.field in _LISTS]
    return {field: code_list(field) for field in fields}


def column_with_codes(field: str) -> Column | None:
    """The column that a list of codes is of, as the first layout names it."""
    if field not in _SHORT and field not in _LISTS:
        return None
    return next(c for layout in LAYOUT_NAMES for c in layout_columns(layout) if c.field == field)


def layout_file(layout: str, kind: str, file_type: str) -> bytes:
    """The blank template or the filled example of a layout."""
    if file_type == "csv":
        return layout_files.delimited(layout, kind)
    return layout_files.workbook(layout, kind, allowed_codes(layout))
