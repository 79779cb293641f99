"""{% figure results.flow_dashboard %}: title, chart, table, downloads and what must be said with them, in one place."""

from typing import Any

from django import template
from django.template.context import Context
from django.urls import NoReverseMatch, reverse

from presentation.chart import WIDE_KINDS
from presentation.downloads import DOWNLOADS
from presentation.drawing_plotly import plotly_spec

register = template.Library()


@register.inclusion_tag("presentation/figure.html", takes_context=True)
def figure(
    context: Context,
    result: Any,
    heading: str = "h2",
    table_open: bool | None = None,
    chart: bool = True,
    notes_folded: bool = False,
) -> dict[str, Any]:
    """Draw a figure's result. `table_open` shows the table straight away, as it is where there is no chart unless it says
    otherwise; `chart=False` leaves the drawing out; `notes_folded` puts what is said beside the numbers behind a summary."""
    if not result:
        return {"result": None}
    draws = chart and result.chart is not None and len(result.chart.frame) > 0
    return {
        "result": result,
        "chart": result.chart,
        "draws": draws,
        "spec": plotly_spec(result.chart) if draws else None,
        "name": (name := result.figure.name.replace("_", "-")),
        "spec_id": f"spec-{name}",
        "wide": draws and result.chart.kind in WIDE_KINDS,
        "heading": heading,
        "table_open": table_open or _is_turned(context, result.table),
        "stands_open": not draws and table_open is not False,
        "notes_folded": notes_folded,
        "svg_address": _address(result, "svg"),
        "downloads": [(DOWNLOADS[name].label, address) for name in ("csv", "xlsx") if (address := _address(result, name))],
        "rows_address": _rows_address(result) if context.get("sees_rows") else None,
        "request": context.get("request"),
    }


def _is_turned(context: Context, table: Any) -> bool:
    """Whether the reader has put the table in an order or gone to a page of it, and so is reading it."""
    asked = context["request"].GET if context.get("request") else {}
    return table.prefixed_order_by_field in asked or table.prefixed_page_field in asked


def _address(result: Any, extension: str) -> str | None:
    """The file of this figure with the same filters."""
    try:
        address = reverse(f"accounts:figure_{extension}", args=[result.figure.name])
    except NoReverseMatch:
        return None
    return f"{address}?{result.query_string}"


def _rows_address(result: Any) -> str | None:
    """The slices and rows behind this figure, where there is such a page."""
    try:
        return f"{reverse('planning:figure_rows', args=[result.figure.name])}?{result.query_string}"
    except NoReverseMatch:
        return None
