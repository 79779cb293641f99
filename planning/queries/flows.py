"""Patient flows of a position: grouped sums of plan and actual, filtered by what, who, when."""
# ruff: noqa: S608 - every value is a parameter; the names put into SQL come from the tables of this module.

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from accounts.reading import kept
from planning.extracts.position_copies import TABLES
from planning.models import Delegation, PointOfDelivery, ServiceCategory, ServiceCode, ServiceStatus
from planning.queries import position_copies, positions, read_copies
from planning.queries.geography import homes_today, systems_of_regions, systems_today

MONEY = ("planned_price", "actual_price")
ACTIVITY = ("planned_activity", "actual_activity")
SUMS = (*MONEY, *ACTIVITY)
ADMITTED_SPELLS = "SPELL"
# Activity of every point of delivery in its own unit: for sums by point of delivery, which never adds up two units.
EVERY_UNIT = "every unit"
# Units that count people's events, which stand for patients where those are not known (NHS disclosure rule).
PEOPLE_UNITS = ("SPELL", "ATT", "SESSION", "FCE", "PATIENT")
NO_SERVICE_CODE = "99999999"
SPECIALISED_STATUSES = (Delegation.GREEN, Delegation.RED, Delegation.BLUE)

# What flows can be grouped by and where each is read. `home_system` is in the geography asked for, `home` is the code of
# the day; a place or code that is not known stays with its system, and a site that is not stated with its provider.
GROUPS = {
    "home_system": "home_group",
    "home": "home",
    "home_place": "CASE WHEN home_place = '' THEN home_group ELSE home_place END",
    "home_code": "CASE WHEN home = '' THEN home_group ELSE home END",
    "provider": "provider",
    "site": "site",
    "destination": "CASE WHEN site = '' THEN provider ELSE site END",
    "year": "year",
    "month": "month",
    "commissioner": "commissioner",
    "service_code": "service_code",
    "service_category": "service_category",
    "point_of_delivery": "point_of_delivery",
}
# What `flow_frame` asks of filters; others make no difference to its sums.
ASKED = (
    "position",
    "year",
    "from_month",
    "to_month",
    "provider",
    "system",
    "place",
    "home",
    "level",
    "site",
    "service",
    "service_code",
    "national_programme",
    "programme_of_care",
    "point_of_delivery",
    "specialised",
    "unit",
    "geography",
)
# How each filter on services finds line codes.
SERVICE_FILTERS = {
    "service_code": "code__in",
    "service": "service__in",
    "national_programme": "national_programme__in",
    "programme_of_care": "programme_of_care__in",
}
# Where the homes of a level stand; those of a region are its systems.
HOME_COLUMNS = {"region": "home_system", "system": "home_system", "place": "home_place", "code": "home_code"}
# What a service code belongs to, looked up once the sums are small.
CODE_GROUPS = ("service", "programme_of_care", "national_programme")

GEOGRAPHY_THEN = "SELECT *, home_system AS home_group FROM ({facts})"
GEOGRAPHY_TODAY = (
    "SELECT f.*, coalesce(t.system_today, f.home_system) AS home_group "
    "FROM ({facts}) f LEFT JOIN homes_today t ON t.home = f.home AND t.home_system = f.home_system"
)


def flow_frame(reader: Any, filters: Mapping[str, Any], by: Sequence[str]) -> pd.DataFrame:
    """Sums of plan and actual by the named groups, specialised rows only unless `specialised` says "all" or "other".

    Money is stored units, activity is that of `unit` alone (admitted spells unless another is named); a sum of nothing but
    missing values is missing. `people` is the smallest count of people's events of any unit that is not nought, by which
    disclosure hides money; it is counted only for a reader outside the agreement. Aggregates are open to every role that sees
    figures, so `reader` narrows nothing else.
    """
    asked = {name: filters[name] for name in ASKED if filters.get(name)}
    if asked.get("unit") == EVERY_UNIT and "point_of_delivery" not in by:
        raise ValueError("Activity of every unit is only summed by point of delivery.")
    if "home" not in asked:
        # How homes are named makes no difference to sums of all of them.
        asked.pop("level", None)
    outside = getattr(reader, "mode", None) == "outside"
    return _sums_of(positions.manifest(asked.get("position")), asked, tuple(by), outside)


@kept
def _sums_of(manifest: positions.Manifest, asked: Any, by: tuple[str, ...], outside: bool) -> pd.DataFrame:
    """A position never changes, so its sums are kept like reference data, under its manifest."""
    filters = dict(asked)
    years = () if filters.get("year") in (None, "", "all") else (filters["year"],)
    copies = manifest.of(filters.get("provider") or (), years)
    codes = _service_codes({name: filters[name] for name in SERVICE_FILTERS if name in filters})
    counts = people_counts() if outside else {}
    if not copies or codes == []:
        return empty_frame(by)
    raw = list(dict.fromkeys("service_code" if g in CODE_GROUPS else g for g in by))
    frame = position_copies.sums_at(manifest, partial(_asked, filters, raw, copies, codes, counts))
    if frame is None:
        sql, parameters, frames = _grouped(filters, raw, copies, codes, manifest.slices, counts)
        frame = read_copies.run(sql, parameters, **frames)
    frame = frame.rename(columns={f"{g}_": g for g in raw})
    if set(by) & set(CODE_GROUPS):
        frame = _in_code_groups(frame, by, [*SUMS, *counts])
    nonzero = frame[list(counts)].mask(frame[list(counts)] == 0)
    frame["people"] = (nonzero.min(axis=1) if counts else pd.Series(pd.NA, index=frame.index)).astype("Int64")
    columns = [*by, *SUMS, "people"]
    return frame[columns].sort_values(list(by), ignore_index=True) if by else frame[columns]


@kept
def people_counts() -> dict[str, list[str]]:
    """Points of delivery of each unit that counts people's events, by the name of its column."""
    points = PointOfDelivery.objects.filter(unit__in=PEOPLE_UNITS).order_by("unit", "code").values_list("unit", "code")
    counts: dict[str, list[str]] = {}
    for unit, code in points:
        counts.setdefault(f"count_{unit}", []).append(code)
    return counts


def _grouped(filters, groups, copies, codes, slices, counts) -> tuple[str, list, dict[str, pd.DataFrame]]:
    """SQL, its parameters in the order they stand in it, and the small frames it reads."""
    facts, paths = read_copies.facts_sql(copies)
    frames = {} if all(c.whole for c in copies) else {"slices": slices}
    rows, geography = in_geography(facts, filters)
    where, values = _conditions(filters, codes, sorted({c.year for c in copies}))
    sums, units = _sums(filters.get("unit") or ADMITTED_SPELLS, counts)
    named = [f"{GROUPS[g]} AS {g}_" for g in groups]
    sql = f"SELECT {', '.join([*named, sums])} FROM ({rows}) WHERE {where}"
    return sql + (" GROUP BY ALL" if groups else ""), [*units, *paths, *values], {**frames, **geography}


def _asked(filters, groups, copies, codes, counts) -> position_copies.Asked:
    """The same as `_grouped`, asked of the copy of the whole position."""
    parties, frames = in_geography("SELECT * FROM parties", filters)
    counted = {"counted": points_of_delivery_in(filters.get("unit") or ADMITTED_SPELLS), **counts}
    by_table: dict[str, dict[str, str]] = {}
    for group in groups:
        by_table.setdefault(_table_of(GROUPS[group]), {})[f"{group}_"] = GROUPS[group]
    parts: dict[str, list[tuple[str, list]]] = {"kind": [], "party": [], "month": []}
    years = sorted({c.year for c in copies})
    for sql, values in [*_parts(filters, codes, years, _in_list), (f"year IN ({_marks(years)})", years)]:
        parts[_table_of(sql)].append((sql, values))
    return position_copies.Asked(
        parties=parties,
        frames=frames,
        sums={
            **{name: (name, "") for name in MONEY},
            **{name: (name, "is_counted") for name in ACTIVITY},
            **{name: ("actual_activity", f"is_{name}") for name in counts},
        },
        flags={f"is_{name}": (f"point_of_delivery IN ({_marks(points)})", points) for name, points in counted.items()},
        groups=by_table,
        conditions={
            table: (" AND ".join(f"({sql})" for sql, _ in found), [v for _, values in found for v in values])
            for table, found in parts.items()
            if found
        },
    )


def _table_of(sql: str) -> str:
    """Which table of a position copy some SQL of one column is about."""
    if sql.startswith("month"):
        return "month"
    return "kind" if any(name in sql for name in TABLES["kinds"]) else "party"


def in_geography(facts: str, filters: Mapping[str, Any]) -> tuple[str, dict[str, pd.DataFrame]]:
    """SQL of facts with their `home_group`, the system of the home in the geography asked for, and the frames it reads."""
    if filters.get("geography") == "today":
        return GEOGRAPHY_TODAY.format(facts=facts), {"homes_today": homes_today(_date_of(filters))}
    return GEOGRAPHY_THEN.format(facts=facts), {}


def conditions(filters: Mapping[str, Any], years: list[str]) -> tuple[str, list]:
    """What rows must be to stand behind some filters, for rows that are no read copy: SQL and its parameters."""
    codes = _service_codes({name: filters[name] for name in SERVICE_FILTERS if name in filters})
    return ("FALSE", []) if codes == [] else _conditions(filters, codes, years)


def _date_of(filters):
    return positions.reporting_position(filters["position"]).made_at.date()


def _sums(unit: str, counts: Mapping[str, list[str]]) -> tuple[str, list]:
    """Every sum as a whole number; activity only of the points of delivery that count in the unit."""
    sums, values = [f"CAST(SUM({name}) AS BIGINT) AS {name}" for name in MONEY], []
    counted = points_of_delivery_in(unit)
    wanted = [(name, name, counted) for name in ACTIVITY] + [("actual_activity", name, counts[name]) for name in counts]
    for column, name, points in wanted:
        sums.append(f"CAST(SUM({column}) FILTER (WHERE point_of_delivery IN ({_marks(points)})) AS BIGINT) AS {name}")
        values += points
    return ", ".join(sums), values


def _conditions(filters: Mapping[str, Any], codes: list[str] | None, years: list[str]) -> tuple[str, list]:
    parts = _parts(filters, codes, years)
    return " AND ".join(["TRUE", *(f"({sql})" for sql, _ in parts)]), [value for _, values in parts for value in values]


def _in(column: str, values: Sequence[str]) -> tuple[str, list]:
    """The quickest for many rows."""
    return f"{column} IN ({_marks(values)})", list(values)


def _in_list(column: str, values: Sequence[str]) -> tuple[str, list]:
    """The quickest for few rows, where hundreds of parameters would take longer to read than the rows."""
    return f"list_contains(CAST(? AS VARCHAR[]), {column})", [list(values)]


def _parts(
    filters: Mapping[str, Any], codes: list[str] | None, years: list[str], one_of: Callable[..., tuple[str, list]] = _in
) -> list[tuple[str, list]]:
    """Conditions of one column or rule each, with their parameters."""
    parts: list[tuple[str, list]] = []
    named = [
        ("provider", filters.get("provider")),
        ("service_code", codes),
        ("point_of_delivery", filters.get("point_of_delivery")),
        ("site", filters.get("site")),
        ("home_place", filters.get("place")),
        ("home_group", _homes(filters)),
        (GROUPS[HOME_COLUMNS[filters.get("level") or "system"]], _homes_at_level(filters)),
    ]
    for column, wanted in named:
        if wanted:
            parts.append(one_of(column, wanted))
    for comparison, key in ((">=", "from_month"), ("<=", "to_month")):
        if filters.get(key):
            parts.append((f"month {comparison} ?", [int(filters[key])]))
    which = filters.get("specialised") or "only"
    if which != "all":
        rule, rule_values = _specialised_rule(years, one_of)
        parts.append((rule if which == "only" else f"NOT ({rule})", rule_values))
    return parts


def _specialised_rule(years: list[str], one_of: Callable[..., tuple[str, list]]) -> tuple[str, list]:
    """Specialised by its category with a real code, or by the status of its code in that year."""
    categories, listed = _specialised(years)
    by_category, values = one_of("service_category", categories)
    by_status = [(year, *one_of("service_code", codes)) for year, codes in listed.items()]
    rule = (
        f"CASE WHEN {by_category} AND service_code <> ? THEN TRUE "
        f"ELSE {' OR '.join(f'(year = ? AND {sql})' for _, sql, _ in by_status) or 'FALSE'} END"
    )
    return rule, [*values, NO_SERVICE_CODE, *(value for year, _, codes in by_status for value in (year, *codes))]


@kept
def _specialised(years: list[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Categories of specialised services, and by year the codes that are so by their status."""
    listed: dict[str, list[str]] = {}
    statuses = ServiceStatus.objects.filter(year__in=years, status__in=SPECIALISED_STATUSES)
    for year, code in statuses.order_by("year", "service_code_id").values_list("year", "service_code_id"):
        listed.setdefault(year, []).append(code)
    return _specialised_categories(), listed


@kept
def _specialised_categories() -> list[str]:
    return list(ServiceCategory.objects.filter(specialised=True).order_by("code").values_list("code", flat=True))


def _marks(values: Sequence) -> str:
    return ", ".join(["?"] * len(values)) or "NULL"


def _homes(filters: Mapping[str, Any]) -> list[str]:
    """Home systems asked for; in today's geography a system that has merged stands for what it became."""
    systems = list(filters.get("system") or ())
    if not systems or filters.get("geography") != "today":
        return systems
    became = systems_today(_date_of(filters))
    return sorted({became.get(s, s) for s in systems})


def _homes_at_level(filters: Mapping[str, Any]) -> list[str]:
    """Homes asked for at the level asked for; a region stands for its systems."""
    homes = list(filters.get("home") or ())
    return systems_of_regions(homes) if filters.get("level") == "region" else homes


@kept
def _service_codes(filters: Any) -> list[str] | None:
    """Line codes that every filter on services allows; None where there is no such filter, [] where they exclude each other."""
    wanted = {SERVICE_FILTERS[name]: list(values) for name, values in dict(filters).items() if values}
    if not wanted:
        return None
    codes = ServiceCode.objects.all()
    for lookup, values in wanted.items():
        codes = codes.filter(**{lookup: values})
    return list(codes.order_by("code").values_list("code", flat=True))


def _in_code_groups(frame: pd.DataFrame, by: Sequence[str], names: list[str]) -> pd.DataFrame:
    """Turn sums by service code into sums by what the codes belong to; a code that is not listed keeps its money under ''."""
    joined = frame.merge(code_groups(), on="service_code", how="left", validate="many_to_one")
    joined[list(CODE_GROUPS)] = joined[list(CODE_GROUPS)].fillna("")
    sums = joined.groupby(list(by), as_index=False, sort=True)[names].sum(min_count=1)
    return sums.astype(dict.fromkeys(names, "Int64"))


@kept
def code_groups() -> pd.DataFrame:
    rows = list(ServiceCode.objects.values_list("code", *CODE_GROUPS))
    return pd.DataFrame(rows, columns=["service_code", *CODE_GROUPS]).astype(object)


def empty_frame(by: Sequence[str]) -> pd.DataFrame:
    groups = {g: pd.Series(dtype=object) for g in by}
    return pd.DataFrame({**groups, **{name: pd.Series(dtype="Int64") for name in [*SUMS, "people"]}})


@kept
def points_of_delivery_in(unit: str) -> list[str]:
    points = PointOfDelivery.objects.all() if unit == EVERY_UNIT else PointOfDelivery.objects.filter(unit=unit)
    return list(points.order_by("code").values_list("code", flat=True))
