"""What targets of services rest on beside the chain: what codes belong to, and need indices as imported."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from finance.models import OfficialFileKind
from finance.queries.official import need_indices, official_version, sources_of_official
from finance.queries.populations import years_of
from planning.queries import flows, reference

NEED = OfficialFileKind.NEED


def groups_of_codes(grouping: str) -> pd.DataFrame:
    """Columns service_code, group (a service or a programme of care) and the programme of care of the group."""
    codes = reference.service_lookup()
    groups = codes[["service_code"]].assign(group=codes[grouping], programme=codes["programme_of_care"])
    # A service whose codes stand under several programmes is of the one that most of them stand under.
    most = groups.groupby("group")["programme"].agg(lambda own: own.mode().iloc[0])
    return groups.assign(programme=groups["group"].map(most))


def needs_of_year(filters: Mapping[str, Any]) -> pd.DataFrame:
    """The imported need index of each area and programme of care, of the year shown or of the nearest that it has."""
    years = years_of(filters)
    needs = need_indices()
    if needs.empty or not years:
        return needs
    away = (needs["year"].str[:4].astype(int) - int(years[-1][:4])).abs()
    nearest = needs.assign(away=away).sort_values(["area", "programme_of_care", "away", "year"])
    kept = nearest.drop_duplicates(["area", "programme_of_care"]).drop(columns="away").reset_index(drop=True)
    kept.attrs = dict(needs.attrs)
    return kept


def people_of_groups(reader: Any, filters: Mapping[str, Any], grouping: str) -> pd.DataFrame:
    """Columns group, area, people: the count behind the money, none for readers inside the agreement, who see all."""
    if getattr(reader, "mode", None) != "outside":
        return pd.DataFrame({"group": [], "area": [], "people": pd.Series(dtype="Int64")})
    frame = flows.flow_frame(reader, filters, [grouping, "home_system"])
    return frame.rename(columns={grouping: "group", "home_system": "area"})[["group", "area", "people"]]


def need_version() -> str:
    return official_version(NEED)


def need_sources() -> list[tuple[str, str, str]]:
    return sources_of_official(NEED)
