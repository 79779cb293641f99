"""Shapes public files of shares: of each area's patients by trust, and of each trust's admissions by origin.

The two are different things. From the first a population follows, from the second none does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd

from .reference_rows import FIRST_DATA_ROW, problem

PLACES = Decimal("0.00000001")
# What stands for a number that was not published because it is of few people.
SUPPRESSED = frozenset({"", "*", "C", "-", "SUPPRESSED", "NULL", "NA", "N/A"})
THOUSANDS = r"\d{1,3}(,\d{3})+(\.\d+)?"
# More than live anywhere: what is larger is no number of people.
MOST_PEOPLE = 10**10
# Rounded shares may add up to a little more than the whole.
MOST_TOGETHER = Decimal("1.01")
ALL_ADMISSIONS = frozenset({"", "ALL", "ALLADMISSIONS", "ALLADMISSION", "TOTAL"})
# Codes of systems that were renewed when boundaries moved → the code of 2022 by which they are loaded.
RENEWED_ONS_CODES = {"E54000063": "E54000052", "E54000064": "E54000053"}

AREA_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "area": (
        "area", "areacode", "msoa", "msoacode", "msoa11", "msoa11cd", "msoa11code", "msoa21", "msoa21cd", "msoa21code", "lad",
        "ladcode", "lad21cd", "lad22cd", "lad23cd", "lad24cd", "ltla", "ltlacode", "localauthority", "localauthoritycode",
    ),
    "provider": (
        "trust", "trustcode", "provider", "providercode", "odscode", "organisationcode", "orgcode", "nhstrustcode",
        "nhstrust22code",
    ),
    "proportion": (
        "proportion", "share", "shareofareaspatients", "shareofpatients", "proportionofpatients", "proportionareawenttotrust",
        "proportionmsoawenttotrust", "proportionltlawenttotrust",
    ),
    "patients": ("patients", "countpatientsfrommsoatotrust"),
    "total_patients": ("totalpatients", "areapatients"),
    "catchment": ("msoatotalcatchment", "areacatchment", "areatotalcatchment", "catchment"),
    "population": ("population", "areapopulation", "msoapopulation", "totalpopulation"),
    "year": ("catchmentyear", "year"),
    "kind": ("admissiontype", "typeofadmission", "admission"),
}  # fmt: skip
ORIGIN_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "provider": AREA_HEADINGS["provider"],
    "name": ("trustshort", "trustname"),
    "system": ("icbcode", "icb22code", "icscode", "systemcode"),
    "ons_code": ("icbonscode", "icb22cd", "icb23cd", "icb24cd"),
    "system_name": ("icbname", "icsname", "systemname"),
    "place": ("ladcode", "lad21cd", "lad22cd", "lad23cd", "ltla21code", "ltlacode", "localauthoritycode"),
    "place_name": ("ladname", "ltlaname", "localauthorityname"),
    "share": (
        "shareoftrustadmissions", "share", "proportion", "proportiontrustcamefromltla", "proportiontrustcamefromicb",
        "proportiontrustcamefromlad",
    ),
    "source": ("source",),
}  # fmt: skip


@dataclass
class SharesRead:
    """Rows of a public file, what was left out of it and how often, and its problems as records of `PROBLEM_COLUMNS`.

    `rows` of areas have `area`, `provider`, `proportion` (Decimal, 0 to 1) and `population` (of the area, NaN where the file
    has none); those of origins `provider`, `name`, `home`, `home_name`, `share` (Decimal, 0 to 1).
    """

    rows: pd.DataFrame
    left_out: dict[str, int] = field(default_factory=dict)
    problems: list[dict[str, object]] = field(default_factory=list)
    level: str = ""
    source: str = ""
    year: str = ""


def normal(heading: str) -> str:
    """A heading without case, blanks and signs."""
    return re.sub(r"[^a-z0-9]", "", heading.lower())


def named_columns(text: pd.DataFrame, headings: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """For each name, the heading of the file that stands for it, the likelier spelling first; names without one are left out."""
    found = {normal(str(heading)): str(heading) for heading in reversed(list(text.columns))}
    return {
        name: found[spelling]
        for name, spellings in headings.items()
        for spelling in [next((s for s in spellings if s in found), "")]
        if spelling
    }


def read_share(text: str) -> Decimal | None:
    """A share from 0 to 1 as a file writes it, also in per cent with its sign; None where it was suppressed.

    Raises:
        ValueError: it is no such number; says what to do.
    """
    # A comma is no thousands separator in a share: taken out, 0,1 would be 1.
    cell = text.strip()
    if cell.upper() in SUPPRESSED:
        return None
    try:
        value = Decimal(cell.removesuffix("%")) / (100 if cell.endswith("%") else 1)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 <= value <= 1:
        raise ValueError("Write the share as a number from 0 to 1, or in per cent with its sign.")
    return value.quantize(PLACES)


def _amount(text: str) -> Decimal | None:
    cell = text.strip()
    if cell.upper() in SUPPRESSED:
        return None
    try:
        value = Decimal(cell.replace(",", "") if re.fullmatch(THOUSANDS, cell) else cell)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 <= value <= MOST_PEOPLE:
        raise ValueError("Write a number of 0 or more, or leave the cell blank.")
    return value


def area_proportion_rows(text: pd.DataFrame, *, file: str) -> SharesRead:
    """Rows of a public file of area proportions: of the patients of each area, the share at each trust.

    Args:
        text: text columns as read from the file, in its order; columns that are not needed are ignored.
        file: name of the file, for messages.

    Returns:
        What was read. Where the file holds several catchment years the latest is taken, and of several kinds of admission all
        admissions. A share that is not given is patients ÷ total patients; an area's population, where the file has no column
        of it, follows from the catchment that the file gives for it ÷ the share.

    Source:
        OHID, NHS acute (hospital) trust catchment populations.
    """
    columns = named_columns(text, AREA_HEADINGS)
    counted = {"patients", "total_patients"} <= set(columns)
    missing = [n for n in ("area", "provider", "proportion") if n not in columns and not (n == "proportion" and counted)]
    if missing or text.empty:
        return SharesRead(pd.DataFrame(), problems=_unusable(file, missing, AREA_HEADINGS))
    cells = pd.DataFrame({name: text[heading].str.strip() for name, heading in columns.items()})
    cells.index = pd.RangeIndex(FIRST_DATA_ROW, FIRST_DATA_ROW + len(cells))
    cells, left_out, year = _one_kind_and_year(cells)
    read = SharesRead(pd.DataFrame(), left_out, year=year)
    records = zip(cells.index, cells.to_dict("records"), strict=True)
    values = [_area_row(row, got, columns, file, read.problems) for row, got in records]
    found = pd.DataFrame(values, index=cells.index, columns=["area", "provider", "proportion", "population"])
    kept = found[found["proportion"].notna()]
    read.left_out["suppressed"] = len(found) - len(kept) - len({one["row"] for one in read.problems})
    read.problems += _repeated(kept, ["area", "provider"], columns, file) + _beyond_one(kept, "area", "proportion", columns, file)
    read.rows = _with_area_populations(kept).reset_index(drop=True)
    return read


def _unusable(file: str, missing: list[str], headings: Mapping[str, tuple[str, ...]]) -> list[dict[str, object]]:
    if not missing:
        return [problem(file, 1, "", "", "Use the published file: this one has no rows.")]
    return [
        problem(file, 1, name, "", f"Add a column of it, under a heading such as {', '.join(headings[name][:3])}.")
        for name in missing
    ]


def _one_kind_and_year(cells: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int], str]:
    """The rows of all admissions in the latest year, and how many others there were."""
    left_out, year = {}, ""
    if "kind" in cells:
        of_all = cells["kind"].map(lambda kind: normal(kind).upper() in ALL_ADMISSIONS)
        left_out["other_admissions"] = int((~of_all).sum())
        cells = cells[of_all]
    if "year" in cells and len(cells):
        year = max(cells["year"])
        left_out["earlier_years"] = int((cells["year"] != year).sum())
        cells = cells[cells["year"] == year]
    return cells, left_out, year


def _area_row(row: int, got: Mapping[Any, str], columns: Mapping[str, str], file: str, problems: list) -> tuple:
    """One row typed; a cell that cannot be read is a problem and leaves the share out."""
    area, provider = got["area"].upper(), got["provider"].upper()
    faults = [
        (name, got[name], words)
        for name, form, words in (
            ("area", r"[EWSN]\d{8}", "Use the code of the area, such as E09000022 or E02000618."),
            ("provider", r"[A-Z0-9]{3,6}", "Use the code of the trust, such as RJ1."),
        )
        if not re.fullmatch(form, got[name].upper())
    ]
    share = population = None
    if "proportion" not in got:
        share, of_patients = _share_of_patients(got)
        faults += of_patients
    for name, read in (("proportion", read_share), ("population", _amount), ("catchment", _amount)):
        if name not in got:
            continue
        try:
            value = read(got[name])
        except ValueError as fault:
            faults.append((name, got[name], str(fault)))
            continue
        if name == "proportion":
            share = value
        elif name == "population":
            population = value
        elif population is None and value is not None and share:
            population = value / share
    problems += [problem(file, row, columns.get(name, name), value, words) for name, value, words in faults]
    number = float("nan") if population is None else float(population)
    return (area, provider, None if faults else share, number)


def _share_of_patients(got: Mapping[Any, str]) -> tuple[Decimal | None, list[tuple[str, str, str]]]:
    counts: list[Decimal | None] = []
    for name in ("patients", "total_patients"):
        try:
            counts.append(_amount(got[name]))
        except ValueError as fault:
            return None, [(name, got[name], str(fault))]
    own, total = counts
    if own is None or not total:
        return None, []
    if own > total:
        return None, [("patients", got["patients"], "Use at most the area's total patients.")]
    return (own / total).quantize(PLACES), []


def _with_area_populations(rows: pd.DataFrame) -> pd.DataFrame:
    """The same population on every row of an area: that of its largest share, which rounding has changed least."""
    ordered = rows[rows["population"].notna()].sort_values("proportion", ascending=False, kind="stable")
    of_area = ordered.drop_duplicates("area").set_index("area")["population"]
    return rows.assign(population=rows["area"].map(of_area).astype("float64"))


def _repeated(rows: pd.DataFrame, key: list[str], columns: Mapping[str, str], file: str) -> list[dict[str, object]]:
    again = rows[rows.duplicated(key)]
    heading = columns.get(key[0], key[0])
    values = [" ".join(pair) for pair in again[key].astype(str).itertuples(index=False, name=None)]
    words = "Remove it: the same pair stands above. A file of several kinds of admission needs a column that tells them apart."
    return [problem(file, row, heading, value, words) for row, value in zip(again.index, values, strict=True)]


def _beyond_one(rows: pd.DataFrame, of: str, share: str, columns: Mapping[str, str], file: str) -> list[dict[str, object]]:
    """What has shares of more than the whole: such a file holds shares of something else, or several kinds of admission."""
    sums: dict[str, Decimal] = {}
    for whose, part in zip(rows[of], rows[share], strict=True):
        sums[whose] = sums.get(whose, Decimal(0)) + part
    first = {whose: row for row, whose in reversed(list(rows[of].items()))}
    whole = "all patients of the area" if of == "area" else "all admissions of the trust"
    words = f"Use shares of {whole}: those of {{}} add up to more than 1."
    return [
        problem(file, first[whose], columns.get(share, share), total, words.format(whose))
        for whose, total in sums.items()
        if total > MOST_TOGETHER
    ]


def origin_share_rows(text: pd.DataFrame, *, file: str, systems: Mapping[str, str]) -> SharesRead:
    """Rows of a public file of origin shares: of the admissions of each trust, the share from each system or place.

    Args:
        text: text columns as read from the file, in its order; columns that are not needed are ignored.
        file: name of the file, for messages.
        systems: ONS code → code of each loaded system; codes of the file that are not loaded stay as they are.

    Returns:
        What was read, by system or by place (`level`), with the source that the file names. Shares of 0 stay: they are origins.

    Source:
        OHID, NHS acute (hospital) trust catchment populations 2022, added up by system and by local authority.
    """
    columns = named_columns(text, ORIGIN_HEADINGS)
    level = "place" if "place" in columns else "system"
    missing = [name for name in ("provider", "share") if name not in columns]
    if not {"place", "system", "ons_code"} & set(columns):
        missing.append("system")
    if missing or text.empty:
        return SharesRead(pd.DataFrame(), problems=_unusable(file, missing, ORIGIN_HEADINGS))
    cells = pd.DataFrame({name: text[heading].str.strip() for name, heading in columns.items()})
    cells.index = pd.RangeIndex(FIRST_DATA_ROW, FIRST_DATA_ROW + len(cells))
    problems: list[dict[str, object]] = []
    rows = pd.DataFrame(
        {
            "provider": cells["provider"].str.upper(),
            "name": cells.get("name", pd.Series("", index=cells.index)),
            "home": _homes(cells, level, systems),
            "home_name": cells.get(f"{level}_name", pd.Series("", index=cells.index)),
            "share": [_origin_share(row, cells, columns, file, problems) for row in cells.index],
        },
        index=cells.index,
    )
    blank = rows[(rows["provider"] == "") | (rows["home"] == "")].index
    kept = rows[rows["share"].notna()]
    left_out = {"suppressed": len(rows) - len(kept) - len({one["row"] for one in problems})}
    problems += [problem(file, row, "code", "", "Fill in the code of the trust and that of the home.") for row in blank]
    problems += _repeated(kept, ["provider", "home"], columns, file) + _beyond_one(kept, "provider", "share", columns, file)
    source = "; ".join(one for one in cells.get("source", pd.Series(dtype=object)).unique() if one)
    year = (re.findall(r"\b20\d\d\b", source) or [""])[0]
    return SharesRead(kept.reset_index(drop=True), left_out, problems, level, source, year)


def _homes(cells: pd.DataFrame, level: str, systems: Mapping[str, str]) -> pd.Series:
    if level == "place":
        return cells["place"].str.upper()
    loaded = set(systems.values())
    blank = pd.Series("", index=cells.index)
    codes, ons = cells.get("system", blank).str.upper(), cells.get("ons_code", blank).str.upper()
    found = [_system_of(code, other, systems, loaded) for code, other in zip(codes, ons, strict=True)]
    return pd.Series(found, index=cells.index, dtype=object)


def _system_of(code: str, ons: str, systems: Mapping[str, str], loaded: set[str]) -> str:
    """The code by which the product knows a system, else the file's own."""
    if code in loaded:
        return code
    for known in (ons, RENEWED_ONS_CODES.get(ons, ""), code, RENEWED_ONS_CODES.get(code, "")):
        if known in systems:
            return systems[known]
    return code or ons


def _origin_share(row: int, cells: pd.DataFrame, columns: Mapping[str, str], file: str, problems: list) -> Decimal | None:
    try:
        return read_share(cells["share"][row])
    except ValueError as fault:
        problems.append(problem(file, row, columns["share"], cells["share"][row], str(fault)))
        return None
