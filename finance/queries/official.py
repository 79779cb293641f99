"""What official files hold: editions, and the rows of one as frames. Every frame names its edition and source in `attrs`."""

from typing import Any

import pandas as pd
from django.db import models

from accounts.permissions import check_load_public_files
from accounts.reading import kept
from finance.models import (
    OfficialAllocation,
    OfficialConvergence,
    OfficialFactor,
    OfficialFile,
    OfficialFileKind,
    OfficialFileProblem,
    OfficialNeed,
    RegisteredPeople,
    WeightedPractice,
)
from planning.queries.assumptions import projected_people

# Parts of core services that practices are weighted for, the last of them overall.
WEIGHTS = tuple(
    field.name
    for field in WeightedPractice._meta.concrete_fields
    if isinstance(field, models.FloatField) and field.name != "population"
)
REFUSED_SHOWN = 10
KINDS = tuple(OfficialFileKind.values)


def editions(kind: str | None = None) -> list[OfficialFile]:
    """Editions in force of one kind or of all, the latest year first."""
    files = OfficialFile.objects.loaded().select_related("loaded_by")
    return list(files.filter(kind=kind) if kind else files)


def refused_files() -> list[OfficialFile]:
    """The last files that were refused, the latest first."""
    files = OfficialFile.objects.filter(state=OfficialFile.State.REFUSED).select_related("loaded_by")
    return list(files.order_by("-loaded_at", "-id")[:REFUSED_SHOWN])


def loaded_edition(kind: str, edition: str) -> OfficialFile | None:
    return OfficialFile.objects.loaded().filter(kind=kind, edition=edition).first()


def loaded_with_bytes(kind: str, sha256: str, sheet: str) -> OfficialFile | None:
    return OfficialFile.objects.loaded().filter(kind=kind, sha256=sha256, sheet=sheet).first()


def editions_besides(file: OfficialFile) -> tuple[str, ...]:
    others = OfficialFile.objects.loaded().filter(kind=file.kind).exclude(pk=file.pk)
    return tuple(others.values_list("edition", flat=True))


def refused_file(user: Any, pk: int) -> OfficialFile | None:
    """A refused file for whoever may load files."""
    check_load_public_files(user)
    return OfficialFile.objects.filter(pk=pk, state=OfficialFile.State.REFUSED).select_related("loaded_by").first()


def problems_of(file: OfficialFile) -> pd.DataFrame:
    """Every problem of a refused file, in the file's order: row, column, value, message."""
    names = ["row", "column", "value", "message"]
    return pd.DataFrame(list(OfficialFileProblem.objects.filter(file=file).values_list(*names)), columns=names)


@kept
def edition_choices(kind: str) -> list[tuple[str, str]]:
    """Editions of a kind as a form lists them, the one that pages open on first."""
    return [(file.edition, file.edition) for file in OfficialFile.objects.loaded().filter(kind=kind)]


@kept
def shown_edition(kind: str, edition: str | None = None) -> OfficialFile | None:
    """The named edition of a kind, or that of the latest year; None where there is none."""
    files = OfficialFile.objects.loaded().filter(kind=kind)
    return (files.filter(edition=edition) if edition else files).first()


@kept
def edition_before(kind: str, edition: str) -> str | None:
    """The edition of the year before that of an edition, or of the nearest year before it; None where none is loaded."""
    shown = shown_edition(kind, edition)
    files = OfficialFile.objects.loaded().filter(kind=kind)
    return files.filter(year__lt=shown.year).values_list("edition", flat=True).first() if shown else None


def sources_of_official(kind: str, edition: str | None = None) -> list[tuple[str, str, str]]:
    """The edition as figures and rounds name their sources: what, how much of it, and where it comes from."""
    file = shown_edition(kind, edition)
    if file is None:
        return [(OfficialFileKind(kind).label, "No edition loaded", "To be loaded on the page of official files")]
    sheet = f", sheet {file.sheet}" if file.sheet else ""
    return [(str(file), f"{file.rows:,} rows", f"{source_words(file)} (file {file.sha256[:12]}{sheet})")]


def source_words(file: OfficialFile | None) -> str:
    """Who published it, with its edition and the day where that is known; "" for none."""
    if file is None:
        return ""
    published = f", published {file.dated:%-d %B %Y}" if file.dated else ""
    return f"{file.source}, {file.edition}{published}"


def official_version(kind: str, edition: str | None = None) -> str:
    """A short name for what is shown of a kind: it changes with its edition and with its numbers."""
    file = shown_edition(kind, edition)
    return f"{kind} {file.edition} {file.sha256[:12]}" if file else f"{kind} none"


def weighted_practices(edition: str | None = None) -> pd.DataFrame:
    """Practices of one edition: practice, system, system_name, place, place_name, population, and weighted people by part of
    core services (`WEIGHTS`). Core services, not specialised."""
    names = ["practice", "system", "system_name", "place", "place_name", "population", *WEIGHTS]
    return official_rows_of(WeightedPractice, OfficialFileKind.PRACTICES, edition, names, "practice")


def registered_populations(edition: str | None = None) -> pd.DataFrame:
    """Registered people by age and sex: area (a system or a place), sex, age_band, population, year. Of a file of several
    years, the edition's own, else the latest."""
    names = ["area", "sex", "age_band", "people", "year"]
    frame = official_rows_of(RegisteredPeople, OfficialFileKind.REGISTERED, edition, names, "area", "sex", "age_band")
    return of_one_year(frame).rename(columns={"people": "population"})


def projected_populations(year: int) -> pd.DataFrame:
    """Projected people of a calendar year by the newest upload of each area: area, sex, age_band, population, year."""
    people = projected_people(None)
    of_year = people[people["year"] == year].rename(columns={"people": "population"})
    return of_year[["area", "sex", "age_band", "population", "year"]].reset_index(drop=True)


def need_indices(edition: str | None = None, *, programme_of_care: str | None = None) -> pd.DataFrame:
    """Imported need: area, programme_of_care ("" is all services), need_index (1 is the average), includes_age, year. One row
    an area and programme: of a file of several years, those of the edition's own, else of the latest.

    `programme_of_care` keeps the rows of one; "" those of all services together.
    """
    frame = of_one_year(need_of_every_year(edition))
    if programme_of_care is None:
        return frame
    return frame[frame["programme_of_care"] == programme_of_care].reset_index(drop=True)


def need_of_every_year(edition: str | None = None) -> pd.DataFrame:
    """As `need_indices`, with the rows of every year of the file."""
    names = ["area", "programme_of_care", "need_index", "includes_age", "year"]
    return official_rows_of(OfficialNeed, OfficialFileKind.NEED, edition, names, "area", "programme_of_care", "year")


def of_one_year(frame: pd.DataFrame, edition: str | None = None) -> pd.DataFrame:
    """The rows of the edition's own year, where the file has it, otherwise of the latest."""
    years, named = set(frame["year"]), frame.attrs["edition"] if edition is None else edition
    own = next((year for year in sorted(years, reverse=True) if year in named), max(years, default=""))
    return frame[frame["year"] == own].reset_index(drop=True)


def official_allocations(edition: str | None = None) -> pd.DataFrame:
    """Allocations: system, system_name, year, population, weighted_population, target_share, baseline, target, distance,
    allocation. Money in whole ten-thousandths of a pound; what the file leaves out is missing."""
    names = ["system", "system_name", "year", "population", "weighted_population", "target_share"]
    names += ["baseline", "target", "distance", "allocation"]
    frame = official_rows_of(OfficialAllocation, OfficialFileKind.ALLOCATIONS, edition, names, "system", "year")
    money = dict.fromkeys(["baseline", "target", "allocation"], "Int64")
    return frame.astype({**money, **dict.fromkeys(["population", "weighted_population", "target_share", "distance"], "float64")})


def official_factors(edition: str | None = None) -> pd.DataFrame:
    """Market forces factors as published: provider, provider_name, year, value (payment index)."""
    names = ["provider", "provider_name", "year", "value"]
    return official_rows_of(OfficialFactor, OfficialFileKind.MARKET_FORCES, edition, names, "provider", "year")


def convergence_knots(edition: str | None = None) -> pd.DataFrame:
    """Knots of the convergence table by year, lowest distance first: year, distance, convergence, floor, cap (fractions)."""
    frame = convergence(edition)
    return frame[frame["system"] == ""].drop(columns=["system"]).reset_index(drop=True)


def convergence_of_systems(edition: str | None = None) -> pd.DataFrame:
    """Where the file goes by board: system, year, distance, convergence, floor, cap (fractions)."""
    frame = convergence(edition)
    return frame[frame["system"] != ""].reset_index(drop=True)


def convergence(edition: str | None = None) -> pd.DataFrame:
    """Every row of the convergence table, knots ("" for the system) and systems: system, year, distance, convergence, floor,
    cap (fractions)."""
    names = ["system", "year", "distance", "convergence", "floor", "cap"]
    frame = official_rows_of(OfficialConvergence, OfficialFileKind.CONVERGENCE, edition, names, "system", "year", "distance")
    return frame.astype(dict.fromkeys(["distance", "convergence", "floor", "cap"], "float64"))


def official_rows_of(model: Any, kind: str, edition: str | None, names: list[str], *order: str) -> pd.DataFrame:
    """Rows of one edition of a kind, in an order, with its edition and source in `attrs`."""
    file = shown_edition(kind, edition)
    frame = _rows_of(model, file.pk if file else None, tuple(names), order)
    frame.attrs["edition"] = file.edition if file else ""
    frame.attrs["source"] = source_words(file)
    return frame


@kept
def _rows_of(model: Any, pk: int | None, names: tuple[str, ...], order: tuple[str, ...]) -> pd.DataFrame:
    rows = model.objects.filter(file_id=pk).order_by(*order).values_list(*names) if pk else []
    return pd.DataFrame(list(rows), columns=list(names))
