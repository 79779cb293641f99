"""Figures that show public shares of all admissions beside our specialised ones. The two are never mixed."""

import pandas as pd

from planning.calculations import catchment_sets
from planning.calculations.homes import NOT_KNOWN, REST_OF_ENGLAND
from planning.calculations.origins import origins_by_provider
from planning.charts import catchments as charts
from planning.figures.catchments import ALL_NAME, area_names, found_set, named, residents_behind, spells_behind
from planning.figures.flows import position_stamp
from planning.forms.catchments import CatchmentForm, ProviderCatchmentForm
from planning.queries import catchments, choices, coverage, reference
from planning.tables import catchments as tables
from presentation.disclosure import numeric
from presentation.figure import Figure, register

APART = "Specialised spells and all admissions are different things: they stand side by side and are never added or mixed."
# Of a provider's spells, so many must have a place before places are compared.
LEAST_PLACED = 0.8


def read_all_admissions(reader, filters):
    return {
        "found": found_set(filters),
        "published": catchments.all_admissions_catchments(),
        "providers": choices.provider_names(),
    }


def all_admissions(read, filters):
    """Our catchments with the published ones of the same providers."""
    ours = catchment_sets.providers_table(read["found"])[
        ["provider", "spells", "proportional", "first_past_the_post", "at_least_30"]
    ]
    return named(ours.merge(read["published"], on="provider", how="left"), read["providers"], "provider", "provider_name")


def all_admissions_notes(frame, filters):
    found = catchments.sources_of_proportions()
    if not found:
        yield "No public file of area proportions is loaded. An administrator or the programme team can load one."
        return
    yield APART
    yield f"All admissions: {found[0][0]}; {found[0][2]}."
    yield "Small numbers are suppressed in public files, so that shares of an area may make up less than the whole."
    if words := left_out_words():
        yield words


def left_out_words() -> str:
    """What of the file could not be taken."""
    edition = catchments.shown_proportions()
    words = {
        "areas_not_known": "areas not known and left out",
        "suppressed": "rows suppressed in it",
        "other_admissions": "rows of other kinds of admission",
        "earlier_years": "rows of earlier years",
    }
    said = [f"{text}: {edition.left_out[name]:,}" for name, text in words.items() if edition and edition.left_out.get(name)]
    return f"Not taken from the file: {'; '.join(said)}." if said else ""


def read_origins(reader, filters):
    level, spells = _level_and_spells(filters)
    return {
        "level": level,
        "spells": spells,
        "published": _in_geography(catchments.origin_shares(level), catchments.systems_in_year(filters)),
        "providers": choices.provider_names(),
        "homes": area_names(),
        "hosts": coverage.provider_systems(),
        "own": set(reference.own_systems()),
    }


def _level_and_spells(filters):
    """Spells by place only for one provider, and only where most of its places are known: otherwise by system."""
    if filters.get("catchment_of") and filters.get("level") == "place":
        spells = catchments.spells_by_area(filters)
        own = spells[spells["provider"] == filters["catchment_of"]]
        placed = own.loc[own["area"].isin(set(choices.place_names())), "admissions"].sum()
        if placed > 0 and placed >= LEAST_PLACED * own["admissions"].sum():
            return "place", spells
    return "system", catchments.spells_by_area({**filters, "level": "system"})


def _in_geography(published: pd.DataFrame, became) -> pd.DataFrame:
    """Published shares by the systems of the year: those that have merged together."""
    homes = published["home"].map(lambda code: became.get(code, code)).astype(object)
    moved = homes != published["home"]
    renamed = published.assign(home=homes, home_name=published["home_name"].where(~moved, ""))
    return renamed.groupby(["provider", "home"], as_index=False).agg({"home_name": "first", "share": "sum"})


def compared_origins(read, filters):
    """One row for each provider with spells: how far its patients come from its own system, the own area and elsewhere."""
    spells = read["spells"][(read["spells"]["area"] != NOT_KNOWN) & (read["spells"]["admissions"] > 0).to_numpy(dtype=bool)]
    ours = _origins(spells.rename(columns={"area": "home_system", "admissions": "share"}), read)
    totals = spells.groupby("provider")["admissions"].sum()
    frame = ours[["provider", "own_system", "outside_own_area", "homes_for_90"]]
    frame = frame.assign(spells=frame["provider"].map(totals).astype("Int64"))
    host = spells["provider"].map(read["hosts"].set_index("provider")["system"])
    for name, inside in (("own_system_spells", spells["area"] == host), ("outside_spells", ~spells["area"].isin(read["own"]))):
        sums = spells.loc[inside.to_numpy(dtype=bool)].groupby("provider")["admissions"].sum()
        frame[name] = frame["provider"].map(sums).astype("Int64").fillna(0)
    frame["own_system_spells"] = frame["own_system_spells"].where(frame["own_system"].notna())
    published = read["published"].rename(columns={"home": "home_system"})
    theirs = _origins(published[["home_system", "provider", "share"]], read)
    names = ["own_system", "outside_own_area", "homes_for_90", "origin_hhi"]
    theirs = theirs[["provider", *names]].rename(columns={name: f"all_{name}" for name in names})
    frame = frame.merge(theirs, on="provider", how="left").sort_values("spells", ascending=False, ignore_index=True)
    return named(frame, read["providers"], "provider", "provider_name")


def _origins(shares: pd.DataFrame, read) -> pd.DataFrame:
    whole = numeric(shares["share"]).groupby(shares["provider"]).transform("sum")
    return origins_by_provider(shares.assign(share=numeric(shares["share"]) / whole), own=read["own"], hosts=read["hosts"])


def one_providers_origins(read, filters):
    """The homes of one provider's patients, with the published share of each; homes of the rest of England are one."""
    own = read["spells"][read["spells"]["provider"] == filters["catchment_of"]]
    own = own[(own["area"] != NOT_KNOWN) & (own["admissions"] > 0).to_numpy(dtype=bool)]
    ours = own.groupby("area", as_index=False)["admissions"].sum().rename(columns={"area": "home", "admissions": "spells"})
    published = read["published"][read["published"]["provider"] == filters["catchment_of"]]
    if read["level"] != "place":
        known = published["home"].isin(set(read["homes"]))
        published = published.assign(home=published["home"].where(known, REST_OF_ENGLAND))
    theirs = published.groupby("home", as_index=False)["share"].sum().rename(columns={"share": "all_share"})
    frame = ours.merge(theirs, on="home", how="outer")
    frame["spells"] = frame["spells"].astype("Int64").fillna(0)
    frame["provider_spells"] = pd.Series([int(frame["spells"].sum())] * len(frame), index=frame.index, dtype="Int64")
    frame["share"] = numeric(frame["spells"]) / numeric(frame["provider_spells"]).where(frame["provider_spells"] > 0)
    frame["difference"] = frame["share"] - frame["all_share"]
    names = {**dict(zip(published["home"], published["home_name"], strict=True)), **read["homes"]}
    frame = frame.sort_values(["spells", "all_share", "home"], ascending=[False, False, True], ignore_index=True)
    return named(frame, names, "home", "home_name")


def origin_notes(frame, filters):
    level = _level_and_spells(filters)[0]
    if filters.get("catchment_of") and filters.get("level") == "place" and level == "system":
        yield "By system: the place is known for fewer than 80% of the provider's spells."
    found = catchments.sources_of_origins(level)
    if not found:
        yield "No public file of origin shares is loaded. An administrator or the programme team can load one."
        return
    yield APART
    yield f"All admissions: {found[0][0]}; {found[0][2]}."
    yield "Those are shares of each trust's own admissions: no population follows from them."
    yield "Our own count the rest of England as one home, and leave out people whose home is not known."


def proportions_and_residents(filters):
    return [*residents_behind(filters), *catchments.sources_of_proportions()]


def origins_and_hosts(filters):
    return catchments.sources_of_origins(_level_and_spells(filters)[0])


ALL_ADMISSIONS = register(
    Figure(
        name="all_admissions_catchments",
        heading="Beside published catchments of all admissions",
        form=CatchmentForm,
        query=read_all_admissions,
        calculation=all_admissions,
        table=tables.AllAdmissionsTable,
        chart=charts.all_admissions_chart,
        note=all_admissions_notes,
        rows=spells_behind,
        sources=proportions_and_residents,
        stamp=position_stamp,
        source=charts.SOURCE,
        url_name=ALL_NAME,
    )
)
ORIGIN_COMPARISON = register(
    Figure(
        name="origin_comparison",
        heading="Beside published origins of all admissions",
        form=CatchmentForm,
        query=read_origins,
        calculation=compared_origins,
        table=tables.OriginComparisonTable,
        title=charts.origin_comparison_title,
        note=origin_notes,
        rows=spells_behind,
        sources=origins_and_hosts,
        stamp=position_stamp,
        source="Aggregate Contract Monitoring",
        url_name=ALL_NAME,
    )
)
ORIGIN_SHARES = register(
    Figure(
        name="origin_shares",
        heading="Where the provider's patients come from",
        form=ProviderCatchmentForm,
        query=read_origins,
        calculation=one_providers_origins,
        table=tables.OriginSharesTable,
        chart=charts.origins_chart,
        note=origin_notes,
        rows=spells_behind,
        sources=origins_and_hosts,
        stamp=position_stamp,
        source="Aggregate Contract Monitoring",
        url_name=ALL_NAME,
    )
)
