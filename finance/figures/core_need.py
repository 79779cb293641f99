"""Figures of core services, from the official weighted populations of practices. Core services, not specialised."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from finance.calculations import core_need as needing
from finance.calculations.official_columns import PRACTICES
from finance.charts import core_need as charts
from finance.forms.official import CoreSharesForm
from finance.queries import official
from finance.tables import core_need as tables
from planning.queries import choices, reference
from presentation.amounts import percent
from presentation.disclosure import numeric
from presentation.figure import Figure, RestsOn, register
from presentation.shared_reads import shared
from presentation.wording import number_of

SERVICES = "Core services, not specialised"
# So little may the weighted people of all areas differ from their people, where the file holds all of England.
ALL_OF_IT = 0.0005
SYSTEM_COLUMNS = ["system_name", "system", "practices", "population", needing.OVERALL, "population_share", "target_share"]


@shared
def read_practices(reader: Any, filters: Mapping[str, Any]) -> dict[str, Any]:
    practices = official.weighted_practices(filters.get("edition") or None)
    before = official.edition_before(PRACTICES, practices.attrs["edition"])
    return {
        "practices": practices,
        "before": official.weighted_practices(before) if before else None,
        "named": {**practices.attrs, "services": SERVICES},
        "system_names": choices.system_names(),
        "place_names": choices.place_names(),
        "own": reference.own_systems(),
    }


def _named(rows: pd.DataFrame, read: Mapping[str, Any], what: str) -> pd.Series:
    """The product's own name of each area, else that of the file without the letters of its board."""
    published = read["practices"].drop_duplicates(what).set_index(what)[f"{what}_name"]
    names = {code: str(name).removeprefix("NHS ").removesuffix(" ICB") or code for code, name in published.items()}
    return rows[what].map({**names, **read[f"{what}_names"]})


def _whole(practices: pd.DataFrame) -> str:
    """England where its weighted people add up to its people; otherwise the file holds only some of its areas."""
    people, weighted = practices["population"].sum(), practices[needing.OVERALL].sum()
    return "England" if people and abs(weighted / people - 1) <= ALL_OF_IT else "the areas in the file"


def core_shares(read, filters):
    """Every system of the file and England; the page shows those that are loaded here."""
    practices = read["practices"]
    if practices.empty:
        return _nothing([*SYSTEM_COLUMNS, *(f"need_{c}" for c in needing.COMPONENTS), "is_total", "own"])
    rows = _beside_before(needing.core_shares(practices), read["before"])
    rows = rows.assign(system_name=_named(rows, read, "system"), is_total=False)
    sums = rows[["practices", "population", *needing.COMPONENTS]].sum()
    ones = dict.fromkeys(["population_share", "target_share", *(f"need_{c}" for c in needing.COMPONENTS)], 1.0)
    name = _whole(practices)
    total = pd.DataFrame([{**sums, **ones, "system_name": name[0].upper() + name[1:], "system": "", "is_total": True}])
    rows = pd.concat([rows.sort_values("system_name"), total], ignore_index=True)
    shown = rows["is_total"] | rows["system"].isin(set(read["system_names"]))
    own = rows["system"].isin(read["own"])
    return rows.assign(shown=shown, own=own, whole=name, **read["named"])


def _beside_before(rows: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame:
    """With the target share of the edition before and the change since, where one is loaded."""
    if before is None:
        return rows
    shares = rows["system"].map(needing.core_shares(before).set_index("system")["target_share"])
    return rows.assign(before_share=shares, change=rows["target_share"] - shares, before_edition=before.attrs["edition"])


def core_place_indices(read, filters):
    """Every place of the file; the page shows those of the programme's own systems, or all where it has none."""
    practices = read["practices"]
    indices = [f"place_{c}" for c in needing.COMPONENTS]
    if practices.empty:
        return _nothing(["place_name", "place", "system_name", "system", "practices", "population", *indices])
    rows = needing.place_indices(practices)
    rows = rows.assign(system_name=_named(rows, read, "system"), place_name=_named(rows, read, "place"))
    own = set(read["own"]) & set(rows["system"])
    # A few practices over the border make no place of the other system.
    main = rows.groupby("place")["population"].transform("max") == rows["population"]
    shown = (rows["system"].isin(own) if own else True) & main
    rows = rows.sort_values(["system_name", "place_name"], ignore_index=False)
    return rows.assign(shown=shown, whole=_whole(practices), **read["named"]).reset_index(drop=True)


def _nothing(columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=[*columns, "shown", "whole", "edition", "source", "services"], dtype=object)


def core_notes(frame, filters):
    yield "Core services, not specialised: these shares and indices set no target of specialised services."
    if frame.empty:
        yield "No edition is loaded. The programme team or an administrator can load one on the page of official files."
        return
    yield "The numbers are as the official file has them: they are no part of the illustrative data."
    if charts.whole_words(frame) != "England":
        yield "The weighted people of this file do not add up to its people: it does not hold all of England."
    yield from _change_notes(frame)
    hidden = int((~frame["shown"].astype(bool)).sum())
    if hidden:
        yield f"The files have {number_of(hidden, 'row')} more than the page."


def _change_notes(frame):
    """The largest change of a target share since the edition before, among the systems shown."""
    if "change" not in frame or not len(rows := charts.shown_systems(frame)) or (changes := numeric(rows["change"])).isna().all():
        return
    row = rows.loc[changes.abs().idxmax()]
    shares = f"from {percent(row['before_share'], 3)} to {percent(row['target_share'], 3)}"
    edition = row["before_edition"]
    yield f"Since the edition {edition} the target share of {row['system_name']} has changed the most, {shares}."


def place_notes(frame, filters):
    yield from core_notes(frame, filters)
    yield "A place is the local authority that a practice stands in; its people are those registered with its practices."


def _editions(filters: Mapping[str, Any]) -> list[str | None]:
    """The edition shown, and the one before it where one is loaded."""
    shown = official.shown_edition(PRACTICES, filters.get("edition") or None)
    before = official.edition_before(PRACTICES, shown.edition) if shown else None
    return [shown.edition if shown else None, *([before] if before else [])]


def core_stamp(filters: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(official.official_version(PRACTICES, edition) for edition in _editions(filters))


def core_sources(filters: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [one for edition in _editions(filters) for one in official.sources_of_official(PRACTICES, edition)]


def _core_figure(**options: Any) -> Figure:
    common: dict[str, Any] = {"form": CoreSharesForm, "query": read_practices, "stamp": core_stamp, "sources": core_sources}
    common |= {"rests_on": RestsOn.REFERENCE, "url_name": "finance:core_shares"}
    return register(Figure(**common, source="Practice weighted populations", **options))


CORE_SHARES = _core_figure(
    name="core_shares",
    heading="Core target shares and need of systems",
    calculation=core_shares,
    table=tables.CoreSharesTable,
    chart=charts.core_shares_chart,
    note=core_notes,
)
CORE_PLACE_INDICES = _core_figure(
    name="core_place_indices",
    heading="Need of places beside their system",
    calculation=core_place_indices,
    table=tables.CorePlaceIndicesTable,
    chart=charts.place_chart,
    note=place_notes,
)


def core_sentence(results) -> str:
    """What the page says first: the core target share of the programme's own systems together, beside their people."""
    frame = results["core_shares"].frame
    rows = charts.shown_systems(frame)
    own = rows[rows["own"].astype(bool)]
    if own.empty:
        return f"{charts.core_title(frame)}."
    people, share = (float(numeric(own[column]).sum()) for column in ("population_share", "target_share"))
    name = reference.own_footprint_name() or "The area"
    whole = charts.whole_words(frame)
    return (
        f"{name} has {percent(people, 2)} of the people of {whole} and {percent(share, 2)} of its weighted people by the formula "
        f"of core services ({own['edition'].iloc[0]}). Core services, not specialised."
    )
