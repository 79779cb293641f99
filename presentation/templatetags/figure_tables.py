"""What the table template asks: ids, sorting, pages. Every order and page is an address, sorted by the server."""

import re
from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def table_id(table: Any) -> str:
    return f"table-{re.sub(r'[^a-z0-9]+', '-', (table.prefix or table.caption).lower()).strip('-')}"


@register.simple_tag
def body_rows(table: Any) -> SafeString:
    """The rows of the page. A template would ask anew of each of hundreds of cells what its column says once.

    Rows and cells stand on one line: the spaces between them would be a tenth of a long page.
    """
    marked, opening = table._meta.total_rows, [_opening(column) for column in table.page_columns]
    rows = []
    for row, cells in table.shown_rows():
        total = " app-table__total" if marked and row.record.get(marked) else ""
        shown = [conditional_escape(cell) for _, cell in cells]
        head = f'<th class="nhsuk-table__header app-table__row-header" scope="row">{shown[0]}</th>'
        rest = "".join(f"{start}{cell}</td>" for start, cell in zip(opening[1:], shown[1:], strict=True))
        rows.append(f'<tr class="nhsuk-table__row{total}">{head}{rest}</tr>')
    return mark_safe("".join(rows))  # noqa: S308 - each cell is escaped where it is not markup already


def _opening(column: Any) -> str:
    own = column.column
    words = " app-table__words" + (" app-table__words--wide" if own.wide else "") if own.is_words else ""
    return f'<td class="nhsuk-table__cell{" nhsuk-table__cell--numeric" if own.is_numeric else words}">'


def _changed(context: Context, **changes: str) -> str:
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_address(context: Context, table: Any, column: Any) -> str:
    return _changed(context, **{table.prefixed_order_by_field: column.order_by_alias.next}) + f"#{table_id(table)}"


@register.simple_tag(takes_context=True)
def page_address(context: Context, field: str, number: int) -> str:
    return _changed(context, **{field: str(number)})


@register.simple_tag
def sort_state(column: Any) -> str:
    if not column.is_ordered:
        return "none"
    return "descending" if column.order_by_alias.is_descending else "ascending"


@register.simple_tag
def sort_words(column: Any) -> str:
    """A sign for the order, beside the heading's link."""
    return {"ascending": " ▲", "descending": " ▼"}.get(sort_state(column), "")
