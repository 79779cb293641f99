"""A position of millions of facts, for what is measured of reading: published as files are, without files before it.

A fact is what one trust did for one home, in one service at one point of delivery, on one site in one month. Such cells come
back month after month, as a clinic's patients do, large ones nearly always and small ones now and then. Trusts, services,
points of delivery, sub-ICBs and places are those of the reference data.
"""

# ruff: noqa: S608 - names and numbers of this module and of the reference data.

from collections.abc import Iterator
from pathlib import Path

MONTHS = {"2019/20": 12, "2022/23": 12, "2025/26": 12, "2026/27": 6}
# On average a cell is there in nearly half of all months.
OFTEN = 0.46
FIGURES = ("planned_activity", "planned_price", "planned_mff", "actual_activity", "actual_price", "actual_mff")
# Drawn with skew: the first of each list has most of the work.
CELLS = """
    CREATE TABLE cells AS SELECT *, exp(3 * (random() + random() + random() - 1.5)) AS weight FROM (SELECT DISTINCT
        providers[1 + floor(power(random(), 2) * len(providers))::INT] AS provider,
        '0' || floor(power(random(), 2) * 3)::INT AS place_of_site,
        services[1 + floor(power(random(), 2) * len(services))::INT] AS service,
        points[1 + floor(power(random(), 2) * len(points))::INT] AS point_of_delivery,
        homes[1 + floor(power(random(), 2) * len(homes))::INT] AS home,
        floor(random() * 3)::INT AS place_of_home
    FROM lists, range({drawn})) LIMIT {cells}
"""
FACTS = """
    SELECT '{year}' AS year, month, provider, provider || place_of_site AS site, service.code AS service_code,
        service.category AS service_category, point_of_delivery, home.code AS commissioner, home.code AS home,
        home.system AS home_system, coalesce(home.places[1 + place_of_home], '') AS home_place, {figures}
    FROM cells, (SELECT unnest(range(1, {months} + 1)) AS month)
    WHERE provider = '{provider}' AND random() < 1 - exp(-0.9 * weight)
"""


def publish_many(facts: int, folder: Path) -> int:
    """Publish about so many facts, one extract for each trust and year, and copy the position; how many there are."""
    import duckdb

    from accounts.queries import command_line_user
    from planning.actions import make_latest_position_copy, publish_extracts

    with duckdb.connect() as connection:
        connection.execute("SET threads = 2; SELECT setseed(0.5)")
        _lists(connection)
        cells = round(facts / sum(MONTHS.values()) / OFTEN)
        connection.execute(CELLS.format(cells=cells, drawn=3 * cells))
        extracts = list(_extracts(connection, folder))
    publish_extracts(by=command_line_user(), extracts=extracts, reason="Benchmark")
    make_latest_position_copy()
    return sum(extract.rows for extract in extracts)


def _lists(connection) -> None:
    """One row with what cells are drawn from."""
    from planning.models import CommissionerSystem, Place, PointOfDelivery, Provider, ServiceStatus

    places: dict[str, list[str]] = {}
    for code, system in Place.objects.order_by("code").values_list("code", "system_id"):
        places.setdefault(system, []).append(code)
    codes = ServiceStatus.objects.filter(year="2025/26").order_by("service_code_id").values_list("service_code_id", "status")
    services = [{"code": c, "category": "25" if s == "GREEN" else "21" if s in ("RED", "BLUE") else "12"} for c, s in codes]
    systems = (
        CommissionerSystem.objects.filter(valid_to=None).order_by("commissioner_id").values_list("commissioner", "system_code")
    )
    homes = [{"code": c, "system": s, "places": places.get(s, [])} for c, s in systems]
    points = PointOfDelivery.objects.filter(non_activity=False).order_by("unit", "code").values_list("code", flat=True)
    providers = Provider.objects.filter(in_scope=True).order_by("-tertiary", "code").values_list("code", flat=True)
    connection.execute(
        "CREATE TABLE lists AS SELECT ?::VARCHAR[] AS providers, ?::STRUCT(code VARCHAR, category VARCHAR)[] AS services, "
        "?::VARCHAR[] AS points, ?::STRUCT(code VARCHAR, system VARCHAR, places VARCHAR[])[] AS homes",
        [list(providers), services, list(points), homes],
    )


def _extracts(connection, folder: Path) -> Iterator:
    drawn = ", ".join(f"(random() * {10**6 if 'price' in name else 10**4})::BIGINT * 10 AS {name}" for name in FIGURES)
    providers = [code for (code,) in connection.execute("SELECT DISTINCT provider FROM cells ORDER BY ALL").fetchall()]
    for year, months in MONTHS.items():
        for provider in providers:
            sql = FACTS.format(year=year, months=months, provider=provider, figures=drawn)
            connection.execute(f"CREATE OR REPLACE TABLE facts AS {sql}")
            yield _extract(connection, folder, provider, year, months)


def _extract(connection, folder: Path, provider: str, year: str, months: int):
    """A checked extract of the table `facts`, with its facts in the database and its read copy."""
    from accounts.queries import command_line_user
    from planning.actions.bulk_insert import insert_rows
    from planning.actions.extracts import media
    from planning.extracts.aggregating import FACT_COLUMNS, write_read_copy
    from planning.extracts.line_store import keep
    from planning.models import Extract, ExtractState, PatientFlow

    extract = Extract.objects.create(
        layout="acm", provider=provider, year=year, reporting_point="freeze", illustrative=True, state=ExtractState.CHECKED,
        file_name=f"{provider}-{year[:4]}.csv", sha256=f"{provider}{year}", uploaded_by=command_line_user(),
        first_month=1, last_month=months, covered_months=list(range(1, months + 1)),
    )  # fmt: skip
    extract.rows = extract.accepted = write_read_copy(connection, extract.pk, folder / "facts.parquet")
    extract.read_copy = keep(folder / "facts.parquet", media("read_copies"))
    slices = (
        "SELECT month, commissioner, sum(planned_price)::BIGINT, sum(actual_price)::BIGINT FROM facts GROUP BY ALL ORDER BY ALL"
    )
    extract.slices = [list(row) for row in connection.execute(slices).fetchall()]
    extract.commissioners = sorted({commissioner for _, commissioner, *_ in extract.slices})
    extract.save()
    found = connection.execute(f"SELECT {extract.pk}, {', '.join(FACT_COLUMNS[1:])} FROM facts")
    names = ["extract_id", *FACT_COLUMNS[1:]]
    while batch := found.fetchmany(50_000):
        insert_rows(PatientFlow, names, batch)
    return extract
