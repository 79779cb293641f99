"""The page in `docs/` is the definition that the intake reads files by, written out."""

import re

from django.core.management import call_command

from planning.extracts.layouts import LAYOUT_NAMES, layout_columns
from planning.management.commands.write_data_dictionary import data_dictionary
from tests.source import ROOT


def _table(heading: str) -> list[list[str]]:
    part = data_dictionary().split(f"## {heading}\n")[1].split("\n## ")[0]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in part.strip().splitlines()]


def test_the_committed_page_is_up_to_date():
    assert (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8") == data_dictionary()


def test_every_column_of_every_layout_is_there():
    for layout, heading in LAYOUT_NAMES.items():
        rows = _table(heading)[2:]
        assert [row[0] for row in rows] == [column.name for column in layout_columns(layout)]
        assert len(rows) == len(layout_columns(layout)) > 20


def test_every_row_has_as_many_cells_as_the_heading():
    for heading in LAYOUT_NAMES.values():
        assert {len(row) for row in _table(heading)} == {8}


def test_it_says_what_is_required_what_identifies_and_what_else_is_read():
    month = next(row for row in _table(LAYOUT_NAMES["acm"]) if row[0] == "FINANCIAL MONTH")
    assert month[4] == "required"
    assert "REPORTING MONTH" in month[7].split("; ")
    patient_level = _table(LAYOUT_NAMES["plcm"])
    assert any(row[4] == "identifies a person" for row in patient_level)


def test_the_command_writes_the_page(tmp_path, capsys):
    call_command("write_data_dictionary", out=tmp_path / "page.md")
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == data_dictionary()
    assert "columns of 5 layouts" in capsys.readouterr().err
