"""A figure is declared once: name, filters, query, calculation, chart, table. Every output asks the registry for it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from .chart import Chart


class Mode(StrEnum):
    """Who the numbers are for: people inside the data-sharing agreement, or outside it."""

    INSIDE = "inside"
    OUTSIDE = "outside"


class RestsOn(StrEnum):
    SLICES = "slices"
    REFERENCE = "reference"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure.

    `form` is called as form(data, reader=reader, page=bool): bound to GET or command-line filters; `page=True` fills what
    is missing with the defaults of a page, otherwise missing filters mean the whole position. Its `cleaned_data` are the
    filters; it always cleans to a key `position` (a number, or None where nothing is published).
    `query(reader, filters)` reads; `calculation(read, filters)` turns what was read into the frame, with true values;
    `chart(frame, filters)` and `table` are built from the frame after disclosure. The chart's title is the figure's; one
    without a chart may write its own with `title(frame, filters)`, or is called by its heading. `note(frame, filters)` gives
    what the reader must know beside it (what is left out, what is assumed). `stamp(filters)` names the versions it rests on.
    `url_name` is the page the figure stands on.
    `rows(filters)` are the filters of the accepted rows that it rests on, where those are not its own; `sources(filters)` are
    the reference or imported data that it rests on besides, or instead: what, how much of it, and where it comes from.
    """

    name: str
    heading: str
    form: type
    query: Callable[[Any, Mapping[str, Any]], Any]
    calculation: Callable[[Any, Mapping[str, Any]], pd.DataFrame]
    table: type
    chart: Callable[[pd.DataFrame, Mapping[str, Any]], Chart] | None = None
    note: Callable[[pd.DataFrame, Mapping[str, Any]], Iterable[str]] = lambda frame, filters: ()
    title: Callable[[pd.DataFrame, Mapping[str, Any]], str] | None = None
    stamp: Callable[[Mapping[str, Any]], tuple[str, ...]]
    source: str
    url_name: str
    rests_on: RestsOn = RestsOn.SLICES
    rows: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda filters: filters
    sources: Callable[[Mapping[str, Any]], Iterable[tuple[str, str, str]]] = lambda filters: ()


_registry: dict[str, Figure] = {}


def register(figure: Figure) -> Figure:
    """Make a figure findable by its name.

    Raises:
        ValueError: another figure already has the name.
    """
    if figure.name in _registry:
        raise ValueError(f"Two figures are named {figure.name}.")
    _registry[figure.name] = figure
    return figure


def figure_named(name: str) -> Figure:
    """Raises: KeyError: there is no such figure."""
    return _registry[name]


def all_figures() -> tuple[Figure, ...]:
    return tuple(_registry.values())
