"""The other national files beside an illustrative ACM: its plan as a plan return, and its activity by patient, with gaps.

Each is made of the rows of the ACM itself, so that all add up to it but for what is left out on purpose. Patients are made
up: what stands for one is a hash, as `minimise_extract` writes it. Chance is a hash of seed and row, so that the same seed
gives the same bytes.
"""
# ruff: noqa: S608 - names and texts in SQL are constants of this module and of the layouts.

from dataclasses import dataclass
from pathlib import Path

import duckdb

from planning.extracts.engine import name, text
from planning.extracts.layout_rules import HRG, PLAN_WITHOUT_ACTIVITY
from planning.extracts.layouts import layout_columns

from .reference import Reference
from .writing import MARK, MARK_DESCRIPTION

OTHER_LAYOUTS = ("iap", "plcm", "drplcm", "deplcm")
# Of rows of patients, left out here and there; in month 6 one service is left out as a whole.
LEFT_OUT, GAP_MONTH = 0.02, 6
# Patients to a hundred rows of a commissioner and practice, and rows whose patient is not known.
PATIENTS_A_HUNDRED, NOT_KNOWN = 60, 0.01
MOST_PARTS = 3
FEMALE = 0.49
PRICE = {"iap": "planned_price"}
# Which points of delivery each set of patients is for; PLCM has all care that is neither.
POINTS = {"drplcm": ("DRUG",), "deplcm": ("DEVICE",)}
OF_ROW = (
    "month", "year", "created", "provider", "practice_responsibility", "residence_responsibility", "commissioner", "practice",
    "treatment_function", "service_category", "service_code", "point_of_delivery", "local_point_of_delivery_code",
    "local_point_of_delivery_description", "local_contract_code", "local_contract_code_description",
    "local_contract_monitoring_code", "local_contract_monitoring_description", "tariff", "national_tariff_indicator", "site",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """An ACM file to make others of."""

    path: Path
    provider: str
    year: str
    seed: int


def make_other(source: Source, layout: str, reference: Reference) -> dict | None:
    """Write one file beside an ACM file; say what it holds and what it leaves out. None where it would have no row.

    Returns a summary as `make_extracts` yields it, with `layout` and, for rows of patients, `left_out_rows` and
    `left_out_price` of the ACM.
    """
    target = source.path.with_name(source.path.name.replace("ACM_", f"{layout.upper()}_"))
    with duckdb.connect(config={"threads": 2}) as connection:
        _read_acm(connection, source)
        left_out = _plan(connection) if layout == "iap" else _patients(connection, source, layout, reference)
        made = _write(connection, layout, target)
    if made is None:
        return None
    of = {"file": str(target), "layout": layout, "provider": source.provider, "year": source.year}
    return of | {"rows": made[0], "planned_price": made[1], "actual_price": made[2]} | left_out


def _read_acm(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """The ACM as `acm`: every cell as text under the product's names, the row's number, and `chance(what)` by row and seed."""
    read = f"read_csv({text(source.path)}, all_varchar=true, header=true, nullstr='\x01', parallel=false)"
    cells = ", ".join(f"coalesce({name(c.name)}, '') AS {c.field}" for c in layout_columns("acm"))
    connection.execute(f"CREATE TABLE acm AS SELECT row_number() OVER () AS row, {cells} FROM {read}")
    connection.execute(
        f"CREATE MACRO drawn(what, of_row) AS md5(concat_ws('|', {source.seed}, {text(source.provider)}, what, of_row)); "
        "CREATE MACRO chance(what, of_row) AS ('0x' || substr(drawn(what, of_row), 1, 8))::BIGINT / 4294967296.0"
    )


def _plan(connection: duckdb.DuckDBPyConnection) -> dict:
    """The plan of each row that has one, by the rules of the plan return: nobody's money is of no site and no patient."""
    none = f"point_of_delivery IN ({', '.join(map(text, PLAN_WITHOUT_ACTIVITY))})"
    by, home = "practice_responsibility", "residence_responsibility"
    filled = {
        "site": "coalesce(nullif(site, ''), provider || '01')",
        by: f"coalesce(nullif({by}, ''), nullif({home}, ''), commissioner)",
        home: f"coalesce(nullif({home}, ''), nullif({by}, ''), commissioner)",
        "treatment_function": "coalesce(nullif(treatment_function, ''), '100')",
    }
    # The plan return wants a national tariff first; UZ01Z says that there is none.
    grouped = f"CASE WHEN {none} OR regexp_matches(tariff, '{HRG}') THEN tariff ELSE left('UZ01Z ' || tariff, 50) END AS tariff"
    cells = [grouped, *(c for c in OF_ROW if c not in (*filled, "tariff"))]
    cells += [f"CASE WHEN {none} THEN '' ELSE {sql} END AS {c}" for c, sql in filled.items()]
    connection.execute(
        f"CREATE TABLE made AS SELECT row, 0 AS part, {', '.join(cells)}, planned_price, planned_mff, "
        f"CASE WHEN {none} THEN '0' ELSE coalesce(nullif(planned_activity, ''), '0') END AS planned_activity, "
        f"{text(MARK)} AS contract_monitoring_additional_detail, "
        f"{text(MARK_DESCRIPTION)} AS contract_monitoring_additional_description, "
        "'Illustrative' AS name_of_submitter FROM acm WHERE planned_price <> ''"
    )
    return {}


def _patients(connection: duckdb.DuckDBPyConnection, source: Source, layout: str, reference: Reference) -> dict:
    """Rows of patients: each row of care becomes up to three, which add up to it to the penny and the unit."""
    others = [*reference.non_activity - {"DRUG", "DEVICE"}, *POINTS["drplcm"], *POINTS["deplcm"]]
    is_of_set = f"NOT IN ({', '.join(map(text, sorted(set(others))))})"
    if layout in POINTS:
        is_of_set = f"IN ({', '.join(map(text, POINTS[layout]))})"
    connection.execute(
        "CREATE TABLE care AS SELECT *, (actual_price::DECIMAL(18, 2) * 100)::BIGINT AS pennies, "
        "concat_ws('|', commissioner, nullif(practice, '')) AS register, "
        "(coalesce(nullif(actual_activity, ''), '0')::DECIMAL(18, 3) * 1000)::BIGINT AS thousandths FROM acm "
        f"WHERE point_of_delivery {is_of_set} AND actual_price <> '' AND actual_price::DECIMAL(18, 2) <> 0"
    )
    [(gap,)] = connection.execute(
        f"SELECT coalesce((SELECT service_code FROM care WHERE month = '{GAP_MONTH}' GROUP BY service_code "
        "ORDER BY count(*) DESC, service_code LIMIT 1), '')"
    ).fetchall()
    kept = f"chance('left out {layout}', row) >= {LEFT_OUT} AND NOT (month = '{GAP_MONTH}' AND service_code = {text(gap)})"
    [(rows, pennies)] = connection.execute(f"SELECT count(*), coalesce(sum(pennies), 0) FROM care WHERE NOT ({kept})").fetchall()
    connection.execute(
        "CREATE TABLE parted AS SELECT *, unnest(range(parts)) AS part FROM (SELECT *, count(*) OVER (PARTITION BY register) "
        f"* {PATIENTS_A_HUNDRED} // 100 + 3 AS pool, greatest(1, least({MOST_PARTS}, thousandths // 1000)) AS parts "
        f"FROM care WHERE {kept})"
    )
    connection.execute(_patient_rows(source, layout))
    return {"left_out_rows": rows, "left_out_price": f"{pennies // 100}.{pennies % 100:02d}"}


def _patient_rows(source: Source, layout: str) -> str:
    """A patient of a commissioner and practice may be in every set: the same number gives the same pseudonym."""
    quantity = (
        "'1'"
        if layout == "deplcm"
        else "printf('%d', units) || CASE WHEN part = 0 AND odd > 0 THEN printf('.%03d', odd) ELSE '' END"
    )
    day = (
        "printf('%04d-%02d-%02d', year[:4]::INT + CASE WHEN month::INT > 9 THEN 1 ELSE 0 END, "
        "(least(month::INT, 12) + 2) % 12 + 1, 1 + floor(chance('day ' || part, row) * 28)::INT)"
    )
    band = "floor(chance('age ' || patient, register) * 18)::INT * 5"
    cells = ", ".join(c for c in OF_ROW if c != "practice")
    return f"""CREATE TABLE made AS SELECT {cells}, row, part, 'FREEZE' AS reporting_type,
        CASE WHEN practice = '' THEN 'V81999' ELSE practice END AS practice,
        printf('%s%d.%02d', CASE WHEN share < 0 THEN '-' ELSE '' END, abs(share) // 100, abs(share) % 100) AS actual_price,
        {quantity} AS actual_activity, {day} AS day,
        CASE WHEN patient IS NULL THEN '' ELSE sha256(concat_ws('|', {source.seed}, provider, register, patient)) END
            AS patient_pseudonym,
        CASE WHEN patient IS NULL THEN '' WHEN chance('sex ' || patient, register) < {FEMALE} THEN '2' ELSE '1' END
            AS person_stated_gender_code,
        CASE WHEN {band} >= 85 THEN '85+' ELSE printf('%d-%d', {band}, {band} + 4) END AS age_band,
        {text(MARK)} AS contract_monitoring_additional_detail_first,
        {text(MARK_DESCRIPTION)} AS contract_monitoring_additional_description_first
        FROM (SELECT *, pennies * (part + 1) // parts - pennies * part // parts AS share,
            (thousandths // 1000) // parts + CASE WHEN part < (thousandths // 1000) % parts THEN 1 ELSE 0 END AS units,
            thousandths % 1000 AS odd,
            CASE WHEN chance('known ' || part, row) >= {NOT_KNOWN} THEN floor(chance('patient ' || part, row) * pool)::INT END
                AS patient
            FROM parted)"""


DAYS = {
    "plcm": "activity_start_date_contract_monitoring",
    "drplcm": "clinical_intervention_date_drug_dispensed",
    "deplcm": "clinical_intervention_date_medical_device_implementation",
}


def _write(connection: duckdb.DuckDBPyConnection, layout: str, target: Path) -> tuple[int, str, str] | None:
    """Write `made` in the columns of the layout, without those that name a person; how many rows, planned and actual price."""
    price = PRICE.get(layout, "actual_price")
    [(rows, money)] = connection.execute(
        f"SELECT count(*), coalesce(sum({price}::DECIMAL(18, 2)), 0)::VARCHAR FROM made"
    ).fetchall()
    if not rows:
        return None
    made = {column for column, *_ in connection.execute("DESCRIBE made").fetchall()}
    day = DAYS.get(layout, "")
    cells = [
        f"{'day' if c.field == day else c.field if c.field in made else chr(39) * 2} AS {name(c.name)}"
        for c in layout_columns(layout)
        if not c.identifying
    ]
    making = target.with_suffix(".making")
    connection.sql(f"SELECT {', '.join(cells)} FROM made ORDER BY row, part").write_csv(str(making), header=True)
    making.replace(target)
    return (rows, money, "0.00") if layout == "iap" else (rows, "0.00", money)
