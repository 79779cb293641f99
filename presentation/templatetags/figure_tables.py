"""What the table template asks: ids, sorting, pages. Every order and page is an address, sorted by the server."""

import re
from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import Context

register = template.Library()


@register.filter
def table_id(table: Any) -> str:
    return f"table-{re.sub(r'[^a-z0-9]+', '-', (table.prefix or table.caption).lower()).strip('-')}"


@register.filter
def is_total(row: Any, table: Any) -> bool:
    marked = table._meta.total_rows
    return bool(marked and row.record.get(marked))


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
