"""Figures of what official files say of specialised services, as published: edition, source and date with each."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from finance.calculations import official_columns as kinds
from finance.charts import official as charts
from finance.forms.official import OfficialFiguresForm
from finance.queries import measures as measuring
from finance.queries import official
from finance.tables import official as tables
from planning.queries import choices
from presentation.amounts import percent
from presentation.disclosure import numeric
from presentation.figure import Figure, RestsOn, register

Calculation = Callable[[Any, Mapping[str, Any]], pd.DataFrame]
YOUNG, OLD = {"0-4", "5-14"}, {"75-84", "85+"}


def _edition_of(kind: str, filters: Mapping[str, Any]) -> str | None:
    return filters.get(f"{kind}_edition") or None


def _reads(kind: str, read: Callable[..., pd.DataFrame]) -> Callable[[Any, Mapping[str, Any]], dict[str, Any]]:
    """A query of one kind of file, with the names that its codes go by here."""

    def query(reader: Any, filters: Mapping[str, Any]) -> dict[str, Any]:
        frame = read(_edition_of(kind, filters))
        names = {**choices.place_names(), **choices.system_names()}
        return {
            "rows": frame.assign(**frame.attrs),
            "names": names,
            "providers": choices.provider_names(),
            "programmes": dict(choices.programme_choices()),
        }

    return query


def _areas(codes: pd.Series, read: Mapping[str, Any]) -> list[str]:
    return [read["names"].get(code, code) for code in codes]


def official_allocations(read, filters):
    rows = read["rows"]
    return rows.assign(
        system_name=[read["names"].get(c, n or c) for c, n in zip(rows["system"], rows["system_name"], strict=True)]
    )


def official_convergence(read, filters):
    """One row for each knot, in words, or for each system where the file goes by system."""
    rows = read["rows"]
    of_system = _areas(rows["system"], read)
    words = [name or distance_words(d) for name, d in zip(of_system, rows["distance"], strict=True)]
    return rows.assign(what=words)


def distance_words(distance: float) -> str:
    """ "2.5% below target"."""
    if round(distance, 6) == 0:
        return "At target"
    return f"{percent(abs(distance))} {'above' if distance > 0 else 'below'} target"


def official_need(read, filters):
    rows = read["rows"]
    programmes = [read["programmes"].get(code, code) or "All services" for code in rows["programme_of_care"]]
    age = rows["includes_age"].map({True: "Within the index", False: "Weighed apart"})
    return rows.assign(area_name=_areas(rows["area"], read), programme=programmes, age=age)


def official_measures(read, filters):
    rows = read["rows"]
    return rows.assign(area_name=_areas(rows["area"], read))


def official_factors(read, filters):
    rows = read["rows"]
    names = [read["providers"].get(c, n or c) for c, n in zip(rows["provider"], rows["provider_name"], strict=True)]
    return rows.assign(provider_name=names, shown=rows["provider"].isin(set(read["providers"])))


def registered_people(read, filters):
    """People of each area, and the shares of the young and the old."""
    rows = read["rows"]
    key = ["area", "year", "edition", "source"]
    of_ages = {"under_15": rows["age_band"].isin(YOUNG), "over_75": rows["age_band"].isin(OLD)}
    counted = rows.assign(population=numeric(rows["population"]))
    parts = counted.assign(**{name: counted["population"].where(held, 0.0) for name, held in of_ages.items()})
    sums = parts.groupby(key, as_index=False)[["population", *of_ages]].sum()
    whole = sums["population"].where(sums["population"] > 0)
    return sums.assign(area_name=_areas(sums["area"], read), **{name: sums[name] / whole for name in of_ages})


def _notes(kind: str) -> Callable[[pd.DataFrame, Mapping[str, Any]], Any]:
    def notes(frame: pd.DataFrame, filters: Mapping[str, Any]):
        if frame.empty:
            yield "No edition is loaded. The programme team or an administrator can load one on the page of official files."
        else:
            yield "The numbers are as the official file has them: they are no part of the illustrative data."
        if kind == kinds.MARKET_FORCES and len(frame):
            yield "Factors of providers that are loaded here are in use: unit prices and indices rest on the file loaded last."

    return notes


def _official_figure(
    kind: str, name: str, heading: str, read: Callable[..., pd.DataFrame], calculation: Calculation, shown: tuple[Any, Any]
) -> Figure:
    def stamp(filters: Mapping[str, Any]) -> tuple[str, ...]:
        return (official.official_version(kind, _edition_of(kind, filters)),)

    def sources(filters: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        return official.sources_of_official(kind, _edition_of(kind, filters))

    about: dict[str, Any] = {"name": name, "heading": heading, "source": heading, "url_name": "finance:official_figures"}
    about |= {
        "form": OfficialFiguresForm,
        "rests_on": RestsOn.REFERENCE,
        "note": _notes(kind),
        "stamp": stamp,
        "sources": sources,
    }
    table, chart = shown
    return register(Figure(query=_reads(kind, read), calculation=calculation, table=table, chart=chart, **about))


# What is read of each kind of file, what is made of it, and the table and the chart that show it.
FIGURES = (
    _official_figure(
        kinds.ALLOCATIONS,
        "official_allocations",
        "Published allocations",
        official.official_allocations,
        official_allocations,
        (tables.OfficialAllocationsTable, charts.allocations_chart),
    ),
    _official_figure(
        kinds.CONVERGENCE,
        "official_convergence",
        "Published pace of change",
        official.convergence,
        official_convergence,
        (tables.OfficialConvergenceTable, charts.convergence_chart),
    ),
    _official_figure(
        kinds.NEED,
        "official_need",
        "Published need index",
        official.need_of_every_year,
        official_need,
        (tables.OfficialNeedTable, charts.need_chart),
    ),
    _official_figure(
        kinds.MEASURES,
        "official_measures",
        "Published measures of need and supply",
        measuring.official_measures,
        official_measures,
        (tables.OfficialMeasuresTable, charts.measures_chart),
    ),
    _official_figure(
        kinds.MARKET_FORCES,
        "official_factors",
        "Published market forces factors",
        official.official_factors,
        official_factors,
        (tables.OfficialFactorsTable, charts.factors_chart),
    ),
    _official_figure(
        kinds.REGISTERED,
        "registered_people",
        "Published registered people",
        official.registered_populations,
        registered_people,
        (tables.RegisteredPeopleTable, charts.registered_chart),
    ),
)


def loaded_figures(results) -> list[Any]:
    """The results that have an edition to show."""
    return [results[figure.name] for figure in FIGURES if len(results[figure.name].frame)]


def not_loaded(results) -> list[str]:
    """What of official files is not loaded, in words."""
    return [figure.heading.lower() for figure in FIGURES if not len(results[figure.name].frame)]


def official_sentence(results) -> str:
    """What the page says first: the message of the first kind of file that is loaded."""
    loaded = loaded_figures(results)
    if not loaded:
        return (
            "No official file of allocations, pace of change, need, its measures, market forces or registered people is loaded."
        )
    return f"{loaded[0].title}."
