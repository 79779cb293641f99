"""The reference tables of planning: their columns, what identifies a row, and what must hold between rows.

Column names are those of the models. Tables stand in the order in which they are written,
so that a row comes after what it refers to.
"""

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from .reference_rows import Column, Table, check_tables, circular_successors, overlapping_periods, problem

AGE_BANDS = ("0-4", "5-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75-84", "85+")
SEXES = ("f", "m")
COMMISSIONER_KINDS = ("sub_icb", "ccg", "borough", "hub", "national", "devolved", "overseas", "private", "not_known")
REPORTING_POINTS = ("flex", "freeze")
DELEGATIONS = ("GREEN", "RED", "BLUE", "NOT APPLICABLE")

SOURCE = Column("source", required=True)
VALID_FROM = Column("valid_from", "date")
VALID_TO = Column("valid_to", "date")
LATITUDE = Column("latitude", "number", least=-90, most=90)
LONGITUDE = Column("longitude", "number", least=-180, most=180)


def code(length: int) -> Column:
    """The column that identifies a row."""
    return Column("code", required=True, length=length)


def name(length: int) -> Column:
    """The column that names a row to people."""
    return Column("name", required=True, length=length)


def refers(column: str, table: str, required: bool = True) -> Column:
    """A column that holds the code of a row of another table."""
    return Column(column, required=required, refers_to=table)


def yes_no(column: str) -> Column:
    """A column that is true or false, never blank."""
    return Column(column, "yes_no", required=True)


PLANNING_TABLES = (
    Table("programmes_of_care", ("code",), (code(3), name(100), SOURCE)),
    Table("national_programmes", ("code",), (code(3), name(150), refers("programme_of_care", "programmes_of_care"), SOURCE)),
    Table(
        "services",
        ("code",),
        (
            code(20),
            name(250),
            refers("programme_of_care", "programmes_of_care", required=False),
            yes_no("in_manual"),
            Column("highly_specialised", "yes_no"),
            SOURCE,
        ),
    ),
    Table(
        "service_codes",
        ("code",),
        (
            code(12),
            Column("description", required=True, length=250),
            Column("display_name", required=True, length=250),
            refers("service", "services"),
            refers("national_programme", "national_programmes", required=False),
            refers("programme_of_care", "programmes_of_care", required=False),
            Column("highly_specialised", "yes_no"),
            Column("identified_by_rules", length=60),
            Column("grouping", length=40),
            yes_no("top_up"),
            SOURCE,
        ),
    ),
    Table(
        "service_statuses",
        ("service_code", "year"),
        (
            refers("service_code", "service_codes"),
            Column("year", "year", required=True),
            Column("status", required=True, choices=DELEGATIONS),
            SOURCE,
        ),
    ),
    Table(
        "points_of_delivery",
        ("code",),
        (
            code(10),
            Column("description", required=True, length=150),
            Column("domain", required=True, length=60),
            Column("sub_category", required=True, length=60),
            Column("unit", required=True, length=10),
            yes_no("non_activity"),
            SOURCE,
        ),
    ),
    Table(
        "service_categories",
        ("code",),
        (code(2), Column("description", required=True, length=200), yes_no("specialised"), SOURCE),
    ),
    Table("regions", ("code",), (code(3), name(80), SOURCE)),
    Table(
        "systems",
        ("code",),
        (
            code(5),
            Column("ons_code", length=9),
            name(120),
            Column("short_name", required=True, length=40),
            Column("board_name", length=120),
            refers("region", "regions"),
            VALID_FROM,
            VALID_TO,
            refers("successor", "systems", required=False),
            LATITUDE,
            LONGITUDE,
            SOURCE,
        ),
    ),
    Table(
        "places",
        ("code",),
        (
            code(9),
            name(80),
            refers("system", "systems"),
            Column("system_share", "decimal", required=True, least=0, most=1),
            LATITUDE,
            LONGITUDE,
            Column("imd_2019", "number", least=0, most=100),
            Column("imd_2025", "number", least=0, most=100),
            Column("registered_population", "number", least=0),
            Column("general_acute_weighted_population", "number", least=0),
            SOURCE,
        ),
    ),
    Table(
        "place_overlaps",
        ("place", "system"),
        (
            refers("place", "places"),
            refers("system", "systems"),
            Column("share", "decimal", required=True, least=0, most=1),
            SOURCE,
        ),
    ),
    Table(
        "place_populations",
        ("place", "year", "sex", "age_band"),
        (
            refers("place", "places"),
            Column("year", "whole", required=True, least=1990, most=2100),
            Column("sex", required=True, choices=SEXES),
            Column("age_band", required=True, choices=AGE_BANDS),
            Column("population", "whole", required=True, least=0),
            SOURCE,
        ),
    ),
    Table(
        "commissioners",
        ("code",),
        (
            code(5),
            name(150),
            Column("kind", required=True, choices=COMMISSIONER_KINDS),
            refers("place", "places", required=False),
            VALID_FROM,
            VALID_TO,
            refers("successor", "commissioners", required=False),
            SOURCE,
        ),
    ),
    Table(
        "commissioner_systems",
        ("commissioner", "valid_from"),
        (
            refers("commissioner", "commissioners"),
            Column("system_code", required=True, length=5),
            Column("hub_code", length=3),
            VALID_FROM,
            VALID_TO,
            Column("delegated", "yes_no"),
            yes_no("assumed"),
            SOURCE,
        ),
    ),
    Table(
        "providers",
        ("code",),
        (
            code(5),
            name(150),
            Column("short_name", required=True, length=60),
            Column("kind", length=60),
            refers("system", "systems", required=False),
            yes_no("in_scope"),
            yes_no("tertiary"),
            LATITUDE,
            LONGITUDE,
            VALID_FROM,
            VALID_TO,
            refers("successor", "providers", required=False),
            SOURCE,
        ),
    ),
    Table(
        "provider_market_forces_factors",
        ("provider", "year"),
        (
            refers("provider", "providers"),
            Column("year", "year", required=True),
            Column("value", "decimal", required=True, least=0.5, most=2),
            yes_no("assumed"),
            SOURCE,
        ),
    ),
    Table(
        "sites",
        ("provider", "name"),
        (
            Column("code", length=9),
            name(150),
            refers("provider", "providers"),
            Column("postcode", length=8),
            LATITUDE,
            LONGITUDE,
            Column("code_confidence", length=20),
            SOURCE,
        ),
    ),
    Table(
        "submission_dates",
        ("year", "month", "reporting_point"),
        (
            Column("year", "year", required=True),
            Column("month", "whole", required=True, least=1, most=13),
            Column("reporting_point", required=True, choices=REPORTING_POINTS),
            Column("due", "date", required=True),
            yes_no("assumed"),
            Column("note", length=200),
            SOURCE,
        ),
    ),
    Table("footprints", ("code",), (code(40), name(120), yes_no("is_own"), SOURCE)),
    Table(
        "footprint_systems",
        ("footprint", "system"),
        (refers("footprint", "footprints"), refers("system", "systems"), Column("source", required=True, stored=False)),
    ),
)
TABLE = {table.name: table for table in PLANNING_TABLES}


def check_planning(frames: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], list[dict[str, object]]]:
    """Typed rows of the planning tables and all their problems.

    Args:
        frames: Text rows by table name, one for each of `PLANNING_TABLES` that could be read.

    Returns:
        Typed frames by table name, and problems as records of `reference_rows.PROBLEM_COLUMNS`. What must hold between rows is
        checked once the rows of the tables concerned can be read.
    """
    shaped, problems = check_tables(PLANNING_TABLES, frames)
    faulty = {str(one["file"]) for one in problems}
    sound = {table: frame for table, frame in shaped.items() if f"{table}.csv" not in faulty}
    for table in ("systems", "commissioners", "providers"):
        if table in sound:
            problems += circular_successors(TABLE[table], sound[table])
    if "commissioner_systems" in sound:
        problems += overlapping_periods(TABLE["commissioner_systems"], sound["commissioner_systems"])
    if {"places", "place_overlaps"} <= set(sound):
        problems += shares_beyond_one(sound["places"], sound["place_overlaps"])
    if "place_populations" in sound:
        problems += missing_populations(sound["place_populations"])
    if "submission_dates" in sound:
        problems += freezes_before_flex(sound["submission_dates"])
    if "footprints" in sound:
        problems += own_footprints(sound["footprints"])
    return shaped, problems


def shares_beyond_one(places: pd.DataFrame, overlaps: pd.DataFrame) -> list[dict[str, object]]:
    """Places whose shares in systems (columns `system_share` and `share`, of 1) add up to more than 1."""
    elsewhere = overlaps.groupby("place")["share"].sum() if len(overlaps) else pd.Series(dtype=object)
    return [
        problem(
            "places.csv",
            row,
            "system_share",
            share,
            f"Lower it: with its overlaps the shares of {place} exceed 1.",
        )
        for row, place, share in zip(places.index, places["code"], places["system_share"], strict=True)
        if share + elsewhere.get(place, Decimal(0)) > 1
    ]


def missing_populations(populations: pd.DataFrame) -> list[dict[str, object]]:
    """Places and years (columns `place`, `year`, `sex`, `age_band`) that lack one of the twenty cells of age band and sex."""
    cells = populations.groupby(["place", "year"], sort=False)
    return [
        problem(
            "place_populations.csv",
            group.index[0],
            "age_band",
            f"{place} {year}",
            f"Add the missing rows: {len(group)} of {len(AGE_BANDS) * len(SEXES)} combinations of age band and sex are there.",
        )
        for (place, year), group in cells
        if len(group) != len(AGE_BANDS) * len(SEXES)
    ]


def freezes_before_flex(dates: pd.DataFrame) -> list[dict[str, object]]:
    """Freeze dates (columns `year`, `month`, `reporting_point`, `due`) that are not after the flex date of their month."""
    keys = list(zip(dates["year"], dates["month"], strict=True))
    points, dues = list(dates["reporting_point"]), list(dates["due"])
    flex = {key: due for key, point, due in zip(keys, points, dues, strict=True) if point == "flex"}
    return [
        problem("submission_dates.csv", row, "due", due, f"Use a date after the flex date, {flex[key]}.")
        for row, key, point, due in zip(dates.index, keys, points, dues, strict=True)
        if point == "freeze" and key in flex and due <= flex[key]
    ]


def own_footprints(footprints: pd.DataFrame) -> list[dict[str, object]]:
    """Problems unless exactly one footprint (column `is_own`) is the programme's own."""
    own = footprints[[bool(value) for value in footprints["is_own"]]]
    if not len(own):
        return [problem("footprints.csv", 1, "is_own", "", "Mark the footprint this installation plans for: none is true.")]
    return [
        problem("footprints.csv", row, "is_own", "true", "Mark only one footprint as the programme's own.")
        for row in list(own.index)[1:]
    ]
