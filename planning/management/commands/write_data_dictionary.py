"""`make docs`: the data dictionary, from the definition that the intake reads files by."""

from pathlib import Path

from django.core.management.base import BaseCommand

from planning.extracts.layout_files import standing
from planning.extracts.layouts import LAYOUT_NAMES, Column, accepted_spellings, layout_columns

PREAMBLE = """# Data dictionary

The columns of each national file, as the intake reads them. Written by `make docs` from `planning/extracts/layouts.py` and
`fixtures/reference/layout_columns.csv`; change those, not this page.

A heading is read whatever its case, and with underscores, hyphens, brackets or spaces. Columns that are not listed are left
out. A file without a required column is refused; in all others a blank cell is a missing value and never 0. A file whose
columns marked *identifies a person* are filled is refused and not kept.
"""
HEADINGS = ("Column", "Kind", "Longest", "National rule", "Here", "Meaning", "Example", "Also read as")


class Command(BaseCommand):
    help = "Writes the data dictionary as Markdown."

    def add_arguments(self, parser):
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")

    def handle(self, *, out, **options):
        Path(out).write_text(data_dictionary(), encoding="utf-8")
        self.stderr.write(
            f"{out}: {sum(len(layout_columns(layout)) for layout in LAYOUT_NAMES)} columns of {len(LAYOUT_NAMES)} layouts"
        )


def data_dictionary() -> str:
    parts = [PREAMBLE]
    for layout, name in LAYOUT_NAMES.items():
        table = [_row(HEADINGS), _row(["---"] * len(HEADINGS)), *(_row(_cells(column)) for column in layout_columns(layout))]
        parts += [f"## {name}\n", *table, ""]
    return "\n".join(parts)


def _cells(column: Column) -> list[str]:
    longest = str(column.max_length or "")
    spellings = "; ".join(accepted_spellings(column))
    return [column.name, column.kind, longest, column.requirement, standing(column), column.meaning, column.example, spellings]


def _row(cells) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
