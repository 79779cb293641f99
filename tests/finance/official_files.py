"""Small made-up files in the formats of official ones. No number in them is anybody's."""

import csv
import io

import xlsxwriter

WEIGHTED = ["G&A WP", "CS WP", "MH WP", "Mat WP", "Health Ineq WP", "Prescr WP", "Final WP"]
PRACTICE_HEADINGS = [
    "Practice_Code",
    "GP_Practice_Name",
    "CCG",
    "ICB",
    "ICBname",
    "LAD",
    "LTLA",
    "Patients",
    "Population",
    *WEIGHTED,
]
# Practice → system, its name, place, its name, people, and how much each weighs.
PRACTICES = {
    "A00001": ("QKK", "NHS South East London ICB", "E09000004", "Bexley", 6000, 1.10),
    "A00002": ("QKK", "NHS South East London ICB", "E09000028", "Southwark", 4000, 0.80),
    "A00003": ("QWE", "NHS South West London ICB", "E09000021", "Kingston upon Thames", 5000, 0.90),
    "A00004": ("QKS", "NHS Kent and Medway ICB", "E07000105", "Ashford", 5000, 1.14),
}


def practice_rows(**changed) -> list[dict[str, str]]:
    """The rows of a small list; `changed` are cells of the first practice."""
    rows = []
    for number, (code, (system, system_name, place, place_name, people, weight)) in enumerate(PRACTICES.items()):
        row = dict.fromkeys(PRACTICE_HEADINGS, "")
        row |= {"Practice_Code": code, "GP_Practice_Name": f"Surgery {number + 1}", "ICB": system, "ICBname": system_name}
        row |= {"LAD": place, "LTLA": place_name, "Population": str(people)}
        row |= dict.fromkeys(WEIGHTED, f"{people * weight:.4f}")
        # Mental health is heavier in the inner place than in the outer one.
        row["MH WP"] = f"{people * (2.2 - weight):.4f}"
        rows.append(row)
    rows[0] |= changed
    return rows


def practice_file(rows: list[dict] | None = None, **changed) -> bytes:
    return as_csv(rows or practice_rows(**changed))


def as_csv(rows: list[dict]) -> bytes:
    """With a byte order mark, as the published file has one."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def allocation_file(**changed) -> bytes:
    """Allocations in thousands, as a published table says in its heading."""
    rows = [
        {"ICB code": "QKK", "ICB name": "NHS South East London", "Target share": "52.5%", "2025/26 Allocation £000": "1,050.5"},
        {"ICB code": "QWE", "ICB name": "NHS South West London", "Target share": "47.5%", "2025/26 Allocation £000": "950.25"},
    ]
    rows[0] |= {"Distance from target": "1.2%", **changed}
    rows[1] |= {"Distance from target": "-0.8%"}
    return as_csv(rows)


def convergence_file(knots: list[tuple[str, str]] | None = None, **more) -> bytes:
    pairs = knots or [("-5%", "1.5%"), ("0%", "0%"), ("5%", "-0.5%"), ("10%", "-1%")]
    return as_csv([{"Distance from target": d, "Convergence": c, "Floor": "3.6%", "Cap": "8%", **more} for d, c in pairs])


def factor_file(**changed) -> bytes:
    rows = [
        {"Provider code": "RJ1", "MFF": "1.2034"},
        {"Provider code": "RJ7", "MFF": "1.1201"},
        {"Provider code": "ZZZ", "MFF": "1"},
    ]
    rows[0] |= changed
    return as_csv(rows)


def need_file(**changed) -> bytes:
    rows = [
        {"Area code": "QKK", "Programme of care": "", "Need index": "1.05", "Includes age": "yes"},
        {"Area code": "QKK", "Programme of care": "B", "Need index": "1.11", "Includes age": "yes"},
        {"Area code": "QWE", "Programme of care": "", "Need index": "0.94", "Includes age": "yes"},
    ]
    rows[0] |= changed
    return as_csv(rows)


MEASURES = {
    "People aged 65 and over": ("% of people", {"QKK": "12", "QWE": "14"}),
    "Beds per 1,000 people": ("beds", {"QKK": "4", "QWE": "3"}),
}


def measure_rows(values: dict | None = None, only: str = "") -> list[dict[str, str]]:
    """A row for each measure and area; `values` are by (area, measure)."""
    given = {(area, name): number for name, (_, own) in MEASURES.items() for area, number in own.items()} | (values or {})
    units = {name: unit for name, (unit, _) in MEASURES.items()}
    return [
        {"Area code": area, "Measure": name, "Unit": units.get(name, ""), "Value": number}
        for (area, name), number in given.items()
        if only in ("", name)
    ]


def measure_file(values: dict | None = None, only: str = "", **changed) -> bytes:
    """`changed` are cells of the first row."""
    rows = measure_rows(values, only)
    rows[0] |= changed
    return as_csv(rows)


def as_workbook(sheets: dict[str, list[list]], hidden: str = "") -> bytes:
    """A workbook of these rows by sheet."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        shown = next((name for name in sheets if name != hidden), "")
        book.get_worksheet_by_name(shown).activate() if shown else None
        if hidden:
            book.get_worksheet_by_name(hidden).hide()
    return held.getvalue()
