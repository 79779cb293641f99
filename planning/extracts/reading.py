"""Bytes → columns: encoding, delimiter, heading row, and a copy of the file in which every record carries its row number.

The copy is UTF-8 with one line to a record, so that DuckDB can read it on every core and in any order; the row number is
the one that a spreadsheet shows, where a quoted line break makes no new row and a blank line does.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from .heading_groups import with_groups
from .layouts import LAYOUT_NAMES, HeadingMatch, match_headings, normal_heading, of_another_period, recognised_layout
from .month_names import fault_of_crosstab
from .numbering import LONGEST_LINE, Endless, Numbering, Truncated

BLOCK = 1 << 20
HEAD = 1 << 20
HEADING_WITHIN = 30
MOST_COLUMNS = 1000
# So many cells of any row may be headings by chance.
CHANCE = 2
DELIMITERS = ",;\t|"
ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
}
# What files that are no text begin with.
SIGNATURES = (
    (b"PK\x03\x04", "a workbook or a zip file"),
    (b"\xd0\xcf\x11\xe0", "an older Excel or Word file"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
    (b"PAR1", "a Parquet file"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"{\\rtf", "a document of text (RTF)"),
)
# Programs name a web page or XML .xls, and Excel opens it as if it were a workbook.
MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)?<(?:(!doctype html|html|head|body|meta|table|style|div)|\?xml|workbook)\b",
    re.I | re.S,
)
SAVE_AS_CSV = "Open it, save it as CSV UTF-8 and select that file."


class Refused(Exception):
    """The file cannot be taken; the text says why and what to do, in words for the person who sent it."""


@dataclass(frozen=True)
class Heading:
    """How a file is written and where its columns are. `data_starts` is in bytes of UTF-8, after any byte order mark.

    `row` is the last row of the headings; `joined` is whether they were made whole with the row above it.
    """

    encoding: str
    delimiter: str
    row: int
    cells: tuple[str, ...]
    match: HeadingMatch
    data_starts: int
    line_break: str = "\n"
    joined: bool = False

    @property
    def where(self) -> str:
        """The row of the headings in words, or both of them."""
        return f"rows {self.row - 1} and {self.row}" if self.joined else f"row {self.row}"


def read_heading(path: Path, layout: str, mapping: Mapping[str, str] | None = None, row: int | None = None) -> Heading:
    """Find the heading row of a file and hold it against the layout that the sender named.

    Args:
        path: A file of text.
        layout: The layout that it should be of.
        mapping: What people have said of headings: normal heading → field.
        row: The row that somebody has said is the heading row, where they have.

    Returns:
        The heading, with every required column found once.

    Raises:
        Refused: It is no text, or a required column is missing or there twice.
    """
    heading = find_heading(path, layout, mapping, row)
    hold_against(heading, layout)
    return heading


def find_heading(path: Path, layout: str, mapping: Mapping[str, str] | None = None, row: int | None = None) -> Heading:
    """The likeliest heading row of a file, whether or not it has every column of the layout.

    Args:
        path: A file of text.
        layout: The layout that it should be of.
        mapping: What people have said of headings: normal heading → field.
        row: The row that somebody has said is the heading row, where they have.

    Returns:
        That row, or the one in which most columns are found; where hardly any is, the first row that is full of words.

    Raises:
        Refused: The file is empty or no text.
    """
    with path.open("rb") as file:
        start = file.read(HEAD)
    if not start.strip():
        raise Refused("The selected file is empty.")
    for signature, what in SIGNATURES:
        if start.startswith(signature):
            raise Refused(f"The selected file must be a CSV or an Excel workbook (.xlsx). This is {what}. {SAVE_AS_CSV}")
    if markup := MARKUP.match(start):
        what = "a web page" if markup[1] else "an XML file"
        raise Refused(
            f"The selected file must be a CSV or an Excel workbook (.xlsx). This is {what}, whatever its name. {SAVE_AS_CSV}"
        )
    encoding = encoding_of(path)
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(start)
    if "\0" in text:
        raise Refused(f"The selected file must be a CSV. This one holds characters that are no text. {SAVE_AS_CSV}")
    return _heading(text, encoding, layout, mapping, row)


def first_headings(path: Path, heading: Heading, layout: str) -> list[Heading]:
    """Each of the first rows of a file, taken for its heading row.

    Args:
        path: A file of text.
        heading: How it is written.
        layout: The layout that each row is held against.

    Returns:
        One for each row, the first row first; those after what cannot be read as cells are left out.
    """
    with path.open("rb") as file:
        start = file.read(HEAD)
    text = codecs.getincrementaldecoder(heading.encoding)(errors="replace").decode(start)
    return [
        replace(heading, row=row, cells=tuple(cells), match=match_headings(cells, layout), data_starts=len(text[:ends].encode()))
        for row, (cells, ends) in enumerate(_first_records(text, heading.delimiter), 1)
    ]


def encoding_of(path: Path) -> str:
    """UTF-8 where every byte of the file is, UTF-16 by its byte order mark, otherwise Windows-1252."""
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        encoding = "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block := file.read(BLOCK):
                if not block.isascii() or decoder.getstate()[0]:
                    decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return encoding


def _heading(text: str, encoding: str, layout: str, mapping: Mapping[str, str] | None, said: int | None) -> Heading:
    """The row among the first ones, and the delimiter, with which most columns of the layout are found."""
    best: Heading | None = None
    most = (-1, -1)
    line_break = "\r" if "\r" in text and "\n" not in text else "\n"
    for delimiter in DELIMITERS:
        above: list[str] = []
        for row, (written, ends) in enumerate(_first_records(text, delimiter), 1):
            whole, above = with_groups(above, written, layout), written
            cells = whole or written
            if said not in (None, row):
                continue
            if len(cells) > MOST_COLUMNS:
                raise Refused(f"Row {row} has {len(cells):,} columns. A file of activity has at most {MOST_COLUMNS:,}.")
            match = match_headings(cells, layout, mapping)
            if (found := _likelihood(match, cells, joined=whole is not None)) > most:
                most, starts = found, len(text[:ends].encode())
                best = Heading(encoding, delimiter, row, tuple(cells), match, starts, line_break, whole is not None)
    if best is None:
        raise Refused("The selected file has no heading row. The first row must name the columns.")
    return best


def is_recognised(heading: Heading) -> bool:
    """Whether more of its cells are columns of the layout than any row may have by chance."""
    return len(heading.match.indexes) > CHANCE


def _likelihood(match: HeadingMatch, cells: list[str], *, joined: bool) -> tuple[int, int]:
    """How many columns a row names; a row that names next to none is the likelier the more different words it holds.

    Of headings in two rows the lower one ends them, also where the upper names as many columns.
    """
    known = len(match.indexes)
    if known > CHANCE:
        # The lower row of two that comes again below has the same words twice.
        return known - len(match.duplicated), int(joined)
    words = {normal_heading(cell) for cell in cells if any(c.isalpha() for c in cell)}
    return 0, len(words) + known


def _first_records(text: str, delimiter: str) -> Iterator[tuple[list[str], int]]:
    """Cells of each of the first records, and where in the text the record ends."""
    lines = io.StringIO(text, newline="").readlines()
    reader, ends, read = csv.reader(lines, delimiter=delimiter), 0, 0
    for _ in range(HEADING_WITHIN):
        try:
            cells = next(reader)
        except (StopIteration, csv.Error):
            return
        ends += sum(len(line) for line in lines[read : reader.line_num])
        read = reader.line_num
        yield cells, ends


def hold_against(heading: Heading, layout: str) -> None:
    """Refuse a heading row in which a required column of the layout is missing, or a column is there twice."""
    match, name = heading.match, LAYOUT_NAMES[layout]
    if match.missing:
        other = recognised_layout(heading.cells)
        if other and len(match_headings(heading.cells, other).indexes) > len(match.indexes):
            raise Refused(f"The selected file must be {name}. Its headings are those of {LAYOUT_NAMES[other]}.")
        if "month" not in match.indexes and (crosstab := fault_of_crosstab(heading.cells)):
            raise Refused(crosstab)
        if not match.indexes:
            raise Refused(f"The selected file has no heading row of {name}. The first row must name the columns.")
        why = _periods(heading) or _several_rows(heading)
        raise Refused(f"These columns are missing from the heading row: {', '.join(match.missing)}.{why}")
    if match.duplicated:
        raise Refused(f"These columns are there more than once: {', '.join(match.duplicated)}. Keep one of each.")


def _several_rows(heading: Heading) -> str:
    """What to do where headings seem to run over several rows or merged cells: some are blank, and some stand twice."""
    words = [normal_heading(cell) for cell in heading.cells]
    if heading.joined:
        return (
            f" Rows {heading.row - 1} and {heading.row} were read together, where “Plan” above “Price” is “Plan Price”: "
            "give each column its whole heading in one row."
        )
    blank = any(not word and any(words[i + 1 :]) for i, word in enumerate(words))
    twice = any(word and number > 1 for word, number in Counter(words).items())
    if not (blank or twice):
        return ""
    return (
        f" Some cells of row {heading.row} are {'blank' if blank else 'alike'}, as where headings are merged or run over several "
        "rows: give each column its whole heading in one row."
    )


def _periods(heading: Heading) -> str:
    match = heading.match
    grouped = [cell for cell in match.unknown if heading.joined and of_another_period(cell)]
    if not (others := list(dict.fromkeys([*match.other_periods, *grouped]))):
        return ""
    return f" Columns to date or of a whole year cannot stand for those of a month: {', '.join(others)}."


def number_rows(
    path: Path, target: Path, heading: Heading, beat: Callable[[int], None] = lambda rows: None, *, careful: bool = False
) -> int:
    """Write the records below the heading to `target`, each with its row number before it; return how many there are.

    `careful` passes every record through the csv module, for files whose quoting only a lenient reader understands.
    """
    with target.open("wb", buffering=0) as out, broken_lines_refused():
        numbering = Numbering(out, heading.row, heading.delimiter, len(heading.cells), careful=careful)
        for block in blocks_below(path, heading):
            numbering.take(block)
            beat(numbering.records)
        numbering.finish()
    return numbering.records


@contextmanager
def broken_lines_refused() -> Iterator[None]:
    """Say in words what stops the numbering of rows."""
    try:
        yield
    except Endless as line:
        raise Refused(
            f"Row {line.row:,} of the selected file is longer than {LONGEST_LINE // 1000**2} million characters, as where line "
            "ends are missing. Save it again as CSV UTF-8 and select the new file."
        ) from line
    except Truncated as cut:
        raise Refused(
            f"The selected file ends in the middle of row {cut.row:,}. It may not have been saved or sent whole: "
            "export it again and select the new file."
        ) from cut


def blocks_below(path: Path, heading: Heading) -> Iterator[bytes]:
    """What stands below the heading of a file, as UTF-8 in blocks that end anywhere."""
    skip = heading.data_starts
    for block in _utf8_blocks(path, heading):
        taken = block[skip:]
        skip -= len(block) - len(taken)
        yield taken


def _utf8_blocks(path: Path, heading: Heading) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(heading.encoding)(errors="replace")
    with path.open("rb") as file:
        if heading.encoding == "utf-8-sig":
            file.seek(len(codecs.BOM_UTF8))
        while block := file.read(BLOCK):
            if not heading.encoding.startswith("utf-8"):
                block = decoder.decode(block).encode()
            yield block.replace(b"\r", b"\n") if heading.line_break == "\r" else block


def describe(heading: Heading, source: str = "") -> list[str]:
    """Sentences on how the file was read.

    Args:
        heading: As it was found.
        source: Where the text was taken from, such as "the sheet June of the workbook", if it was not the file itself.

    Returns:
        The sentences.
    """
    delimiter = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}[heading.delimiter]
    how = f"Read as {ENCODING_NAMES[heading.encoding]} with {delimiter} between columns"
    notes = [f"{source or how}; headings in {heading.where}{', read together' if heading.joined else ''}."]
    match = heading.match
    for said, pairs in (
        ("Headings taken for national ones", {t: o for t, o in match.taken_as.items() if t not in match.mapped}),
        ("Headings taken for national ones as you said", match.mapped),
    ):
        if pairs:
            notes.append(f"{said}: {'; '.join(f'{theirs} as {ours}' for theirs, ours in pairs.items())}.")
    if match.unknown:
        listed = ", ".join(match.unknown[:20]) + (" and more" if len(match.unknown) > 20 else "")
        number = len(match.unknown)
        were = (
            "1 column that the layout does not have was"
            if number == 1
            else f"{number} columns that the layout does not have were"
        )
        notes.append(f"{were} left out: {listed[:500]}.")
    return notes
