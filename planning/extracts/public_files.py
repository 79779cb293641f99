"""A file that is no extract as columns of text: a CSV of whatever encoding and separator, or sheets of a workbook."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from planning.calculations.reference_rows import heading_names

from .reading import MOST_COLUMNS, Refused
from .unpacking import GZIP, OLE, ZIP, source_in_words, unpack

SEPARATORS = (",", ";", "\t", "|")
PACKED = (ZIP + b"\x03\x04", GZIP, OLE)
NO_TEXT = (b"%PDF", b"PAR1")
MOST_UNPACKED = 256 * 1024**2


@dataclass(frozen=True)
class PublicSheet:
    """One sheet of a published workbook, or a CSV, which has no name.

    `text` has the cells of the first row as its columns. Rows that are blank all over are there, so that rows are numbered as
    a spreadsheet numbers them. `said` is where it was read from, in words.
    """

    name: str
    text: pd.DataFrame
    hidden: bool = False
    said: str = ""


def read_public_sheets(content: bytes, most: int) -> list[PublicSheet]:
    """Every sheet of a public file that is not empty.

    Args:
        content: a CSV, an Excel workbook (.xlsx), or a zip or gzip file of one of them.
        most: bytes that all that is unpacked may have.

    Returns:
        The sheets in the workbook's order; of a CSV one without a name.

    Raises:
        ValueError: it cannot be read; says what to do.
    """
    if not content.startswith(PACKED):
        return [PublicSheet("", _table(_text(content)))]
    with TemporaryDirectory() as folder:
        received, inside = Path(folder) / "received", Path(folder) / "sheets"
        received.write_bytes(content)
        inside.mkdir()
        try:
            return list(_unpacked(received, inside, most))
        except Refused as refusal:
            raise ValueError(str(refusal)) from None


def _unpacked(received: Path, inside: Path, most: int) -> Iterator[PublicSheet]:
    found = unpack(received, inside, most)
    names = [sheet.name for sheet in found.sheets]
    for sheet in found.sheets:
        said = source_in_words(
            workbook=found.workbook,
            inside=found.inside,
            sheet=sheet.name,
            sheets=names,
            errors=found.errors,
            hidden=sheet.hidden,
        )
        text = _text((inside / sheet.file).read_bytes())
        yield PublicSheet(sheet.name, _table(text, "," if found.workbook else ""), sheet.hidden, said)


def _text(content: bytes) -> str:
    """What a file says. Raises: ValueError: it is no text."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content or content.startswith(NO_TEXT):
        raise ValueError("Save the file as CSV (UTF-8) or as an Excel workbook (.xlsx): this is not text.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _separator(text: str) -> str:
    """The one that stands equally often in most of the first lines: those in titles and in numbers stand here and there."""
    first = [line for line in text[:100_000].splitlines() if line.strip()][:30]

    def regular(separator: str) -> tuple[int, int]:
        counts = Counter(number for line in first if (number := line.count(separator)))
        return max(((lines, number) for number, lines in counts.items()), default=(0, 0))

    return max(SEPARATORS, key=regular)


def _table(text: str, separator: str = "") -> pd.DataFrame:
    """All rows of a sheet below its first one, whatever the first one holds."""
    separator = separator or _separator(text)
    try:
        width = max((len(row) for row in csv.reader(io.StringIO(text, newline=None), delimiter=separator)), default=0)
        if width > MOST_COLUMNS:
            raise ValueError(f"Mend the file: one of its rows has {width:,} columns, and none may have over {MOST_COLUMNS:,}.")
        if not any(character.isalnum() for character in text):
            raise ValueError("Mend the file, it cannot be read as a CSV: it has no rows.")
        frame = _frame(text, separator, header=None, names=range(width), skip_blank_lines=False)
    except csv.Error as fault:
        raise ValueError(f"Mend the file, it cannot be read as a CSV: {fault}") from None
    # Saved sheets often have columns behind the last one that holds anything.
    used = [n for n in range(width) if (frame[n] != "").any()]
    frame = frame.iloc[:, : used[-1] + 1 if used else 0]
    return frame.iloc[1:].set_axis(heading_names(frame.iloc[0]), axis="columns").reset_index(drop=True)


def _frame(text: str, separator: str, **options: Any) -> pd.DataFrame:
    """Raises: ValueError: it is no table."""
    try:
        frame = pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, skipinitialspace=True, **options)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as fault:
        raise ValueError(f"Mend the file, it cannot be read as a CSV: {fault}") from None
    return frame.fillna("")


def read_public_bytes(content: bytes, most: int = MOST_UNPACKED) -> pd.DataFrame:
    """Columns of text of a CSV, or of a workbook of one sheet, whose first row is its heading; blank cells are "".

    Args:
        content: a CSV, an Excel workbook (.xlsx), or a zip or gzip file of one of them.
        most: bytes that all that is unpacked may have.

    Raises:
        ValueError: it cannot be read, or several sheets could be meant; says what to do.
    """
    if content.startswith(PACKED):
        return _only_sheet(read_public_sheets(content, most))
    text = _text(content)
    heading = next((line for line in text.splitlines() if line.strip()), "")
    frame = _frame(text, max(SEPARATORS, key=heading.count))
    if not isinstance(frame.index, pd.RangeIndex):
        raise ValueError("Mend the file: its rows have more cells than its heading has.")
    return frame.astype(str)


def _only_sheet(sheets: list[PublicSheet]) -> pd.DataFrame:
    """The one sheet that shows, to its last row with anything in it. Raises: ValueError: there are several."""
    shown = [sheet for sheet in sheets if not sheet.hidden] or sheets
    if len(shown) > 1:
        names = ", ".join(f"“{sheet.name}”" for sheet in shown)
        raise ValueError(f"Keep the sheet that is meant alone in its workbook, or save it as CSV (UTF-8): this one has {names}.")
    text = shown[0].text
    filled = (text != "").any(axis="columns").to_numpy().nonzero()[0]
    return text.iloc[: filled[-1] + 1 if len(filled) else 0]
