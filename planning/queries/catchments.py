"""What catchment populations are made of: spells by area and provider, residents of areas, and public files beside them."""
# ruff: noqa: S608 - every value is a parameter; names in SQL are constants.

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from accounts.reading import kept
from planning.calculations.financial_years import first_day
from planning.models import AllAdmissionsCatchment, OriginShare, Place, PublicShares, SharesKind
from planning.queries import flows, patient_sets, positions, read_copies, reference
from planning.queries.coverage import systems_with_own_trusts
from planning.queries.geography import systems_today

# Of the filters of a page, those that say which spells count; providers compete, so that none is ever left out.
WHICH = ("position", "year", "service", "service_code", "programme_of_care", "national_programme")
ORIGIN_KINDS = {"system": SharesKind.ORIGINS_BY_SYSTEM, "place": SharesKind.ORIGINS_BY_PLACE}
WHOLE_AREAS, ALL_AREAS = "whole", "all"
OF_THE_YEAR = ("position", "year")


def which_spells(filters: Mapping[str, Any], names: tuple[str, ...] = WHICH) -> dict[str, Any]:
    """The filters by which spells are chosen. Years together are seen in today's systems, so that nobody is counted twice."""
    chosen = {name: filters[name] for name in names if filters.get(name)}
    geography = "today" if _several_years(filters) else filters.get("geography") or "then"
    return {**chosen, "geography": geography, "unit": flows.ADMITTED_SPELLS}


def _several_years(filters: Mapping[str, Any]) -> bool:
    return filters.get("year") in (None, "", "all")


def area_column(filters: Mapping[str, Any]) -> str:
    return "home_place" if filters.get("level") == "place" else "home_system"


def spells_by_area(filters: Mapping[str, Any]) -> pd.DataFrame:
    """Columns area, provider, admissions (thousandths of a spell): a place that is not known stays with its system."""
    column = area_column(filters)
    frame = flows.flow_frame(None, which_spells(filters), [column, "provider"])
    frame = frame.rename(columns={column: "area", "actual_activity": "admissions"})
    return frame.loc[frame["admissions"].notna(), ["area", "provider", "admissions"]].reset_index(drop=True)


def spells_by_programme(filters: Mapping[str, Any]) -> pd.DataFrame:
    """Columns provider, programme_of_care, admissions: all of each provider's specialised spells, whatever is chosen."""
    frame = flows.flow_frame(None, which_spells(filters, OF_THE_YEAR), ["provider", "programme_of_care"])
    frame = frame.rename(columns={"actual_activity": "admissions"})
    return frame.loc[frame["admissions"].notna(), ["provider", "programme_of_care", "admissions"]].reset_index(drop=True)


def spells_by_age_and_sex(filters: Mapping[str, Any]) -> pd.DataFrame:
    """Columns area, provider, age_band, sex, admissions: spells of the patient-level sets, in thousandths.

    Where the practice gives no place, that of residence in the minimised extract counts.
    """
    manifest, stores = patient_sets.set_manifest(filters.get("position"))
    stores = tuple(s for s in stores if _several_years(filters) or s.year == filters["year"])
    return _spells_by_age_and_sex(manifest, stores, which_spells(filters), filters.get("level") == "place")


@kept
def _spells_by_age_and_sex(manifest, stores, chosen, by_place: bool) -> pd.DataFrame:
    """A position never changes, so what its sets hold is kept under its manifest."""
    columns = ["area", "provider", "age_band", "sex", "admissions"]
    if not stores:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    chosen = {**dict(chosen), "point_of_delivery": flows.points_of_delivery_in(flows.ADMITTED_SPELLS)}
    fields = {"age_band": "age_band", "sex": "person_stated_gender_code", "authority": "local_authority"}
    lines = " UNION ALL BY NAME ".join(patient_sets.lines_sql(store, **fields) for store in stores)
    held = f"SELECT v.* FROM ({lines}) v SEMI JOIN slices s USING (extract, month, commissioner)"
    rows, geography = flows.in_geography(held, chosen)
    where, values = flows.conditions(chosen, sorted({store.year for store in stores}))
    area = "coalesce(nullif(home_place, ''), p.code, home_group)" if by_place else "home_group"
    sql = (
        f"SELECT {area} AS area, provider, coalesce(trim(age_band), '') AS age_band, coalesce(trim(sex), '') AS sex, "
        "CAST(sum(actual_activity) * 1000 AS BIGINT) AS admissions "
        f"FROM ({rows}) LEFT JOIN places p ON p.code = trim(authority) WHERE {where} GROUP BY ALL"
    )
    places = pd.DataFrame({"code": _place_codes()}, dtype=object)
    found = read_copies.run(sql, values, slices=manifest.slices, places=places, **geography)
    return found.sort_values(columns[:4], ignore_index=True)


@kept
def _place_codes() -> list[str]:
    return list(Place.objects.order_by("code").values_list("code", flat=True))


def resident_pieces(filters: Mapping[str, Any]) -> pd.DataFrame:
    """Residents by place, the system they belong to in the year chosen, age and sex, with the deprivation of the place.

    Columns place, system, sex, age_band, population (persons; of a place in two systems the share in each), imd, year and
    is_counted, whether the catchments of the system's residents are known.
    """
    pieces = _resident_pieces(_day(filters))
    return pieces.assign(is_counted=pieces["system"].isin(counted_systems(filters)))


def counted_systems(filters: Mapping[str, Any]) -> set[str]:
    """Systems whose residents' catchments are known: those of which all own trusts have submitted, or all as an upper limit.

    Where its own trusts are missing, a system's residents would all seem to look to the few providers that are loaded.
    """
    became = systems_in_year(filters)
    places = reference.place_systems()
    systems = {code: became.get(code, code) for code in set(places["system"])}
    if filters.get("reach") == ALL_AREAS:
        return set(systems.values())
    whole = systems_with_own_trusts({name: filters[name] for name in OF_THE_YEAR if filters.get(name)})
    return set(systems.values()) - {now for then, now in systems.items() if then not in whole}


def _day(filters: Mapping[str, Any]) -> date | None:
    if which_spells(filters)["geography"] != "today":
        return first_day(filters["year"])
    position = positions.reporting_position(filters.get("position"))
    return position.made_at.date() if position else None


@kept
def _resident_pieces(day: date | None) -> pd.DataFrame:
    people, shares, places = reference.place_populations(), reference.place_systems(), reference.place_lookup()
    people = people[people["year"] == people["year"].max()]
    imd = places["imd_2025"].astype("float64").fillna(places["imd_2019"].astype("float64"))
    pieces = people.merge(shares, on="place").merge(places.assign(place=places["code"], imd=imd)[["place", "imd"]], on="place")
    became = systems_today(day) if day else {}
    pieces["system"] = pieces["system"].map(lambda code: became.get(code, code))
    pieces["population"] = pieces["population"] * pieces["share"]
    return pieces[["place", "system", "sex", "age_band", "population", "imd", "year"]]


@kept
def shown_edition(kind: str) -> PublicShares | None:
    """The edition of a public file that was loaded last, if any."""
    return PublicShares.objects.filter(kind=kind).first()


def shown_proportions() -> PublicShares | None:
    return shown_edition(SharesKind.AREA_PROPORTIONS)


def editions_loaded() -> list[PublicShares]:
    """Every edition of every kind, the one shown first."""
    return list(PublicShares.objects.order_by("kind", "-loaded_at", "-id"))


@kept
def all_admissions_catchments() -> pd.DataFrame:
    """Of the edition shown: provider, all_areas, all_proportional, all_first_past_the_post, all_at_least_30 (persons)."""
    edition = shown_edition(SharesKind.AREA_PROPORTIONS)
    names = ["provider", "areas", "proportional", "first_past_the_post", "at_least_30"]
    rows = AllAdmissionsCatchment.objects.filter(shares=edition).order_by("provider").values_list(*names) if edition else []
    return pd.DataFrame(list(rows), columns=["provider", *(f"all_{name}" for name in names[1:])])


def origin_shares(level: str | None = None) -> pd.DataFrame:
    """Of the edition shown, by system or by place: provider, home, home_name, share (of all the provider's admissions)."""
    return _origin_shares(ORIGIN_KINDS["place" if level == "place" else "system"])


@kept
def _origin_shares(kind: str) -> pd.DataFrame:
    edition = shown_edition(kind)
    names = ["provider", "home", "home_name", "share"]
    rows = OriginShare.objects.filter(shares=edition).order_by("provider", "home").values_list(*names) if edition else []
    return pd.DataFrame(list(rows), columns=names).astype({"share": "float64"})


def sources_of_proportions() -> list[tuple[str, str, str]]:
    return _sources(SharesKind.AREA_PROPORTIONS)


def sources_of_origins(level: str | None = None) -> list[tuple[str, str, str]]:
    return _sources(ORIGIN_KINDS["place" if level == "place" else "system"])


def _sources(kind: str) -> list[tuple[str, str, str]]:
    """The edition shown, as figures name their sources: what, how many rows, and where from."""
    edition = shown_edition(kind)
    return [(str(edition), f"{edition.rows:,} rows", edition.source)] if edition else []


def systems_in_year(filters: Mapping[str, Any]) -> dict[str, str]:
    """What each system is in the geography of the filters."""
    day = _day(filters)
    return systems_today(day) if day else {}
