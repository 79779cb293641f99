"""What was received → plain text: workbooks sheet by sheet, and the one file inside a zip or gzip file.

It is done in a process of its own with little memory and time, so that no file can take those of the server.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from .archives import Limit, gunzip, open_zip, unzip
from .reading import HEAD, Refused
from .workbooks import PROTECTED, SAVE_SHEET, Sheet, check_parts, write_sheets

ROOT = Path(__file__).resolve().parent.parent.parent
MEMORY, SECONDS = 1_600_000_000, 150
ZIP, GZIP, OLE = b"PK", b"\x1f\x8b", b"\xd0\xcf\x11\xe0"
NESTED = "The selected file holds another packed file. Unpack it, and select the CSV or the Excel workbook inside."
# A member of a zip file that says what the whole is.
WORKBOOK = "xl/workbook.xml"
OTHERS = {
    "xl/workbook.bin": "a binary Excel workbook (.xlsb). Save it as an Excel workbook (.xlsx)",
    "word/document.xml": "a Word document. Save its table as CSV UTF-8",
    "ppt/presentation.xml": "a presentation. Save its table as CSV UTF-8",
    "content.xml": "an OpenDocument file. Save it as an Excel workbook (.xlsx) or as CSV UTF-8",
}


@dataclass(frozen=True)
class Unpacked:
    """What a file held: its text, or the text of each sheet of a workbook. `inside` is the name of the file in an archive.

    `errors` counts cells of a workbook that hold an error such as #DIV/0!, which are read as blank, and
    `unworked` those with a formula and no value.
    """

    workbook: bool
    inside: str
    sheets: tuple[Sheet, ...]
    errors: int = 0
    unworked: int = 0


def is_packed(path: Path) -> bool:
    """Whether a file has to be unpacked before it can be read as text."""
    with path.open("rb") as file:
        return file.read(4).startswith((ZIP, GZIP, OLE))


def unpack(path: Path, folder: Path, most: int) -> Unpacked:
    """Unpack a file into `folder`, of no more than `most` bytes in all.

    Args:
        path: A workbook, or a zip or gzip file of one workbook or text file.
        folder: An empty folder; the files of the sheets are made in it.
        most: Bytes that all that is unpacked may have.

    Returns:
        The sheets, in their order.

    Raises:
        Refused: It cannot be taken, with what to do about it.
    """
    command = [sys.executable, "-m", "planning.extracts.unpacking", str(path.resolve()), str(folder.resolve()), str(most)]
    try:
        # The command is ours; the names in it are of files that the intake made.
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=2 * SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as late:
        raise Refused(f"The selected file takes too long to unpack. {SAVE_SHEET}") from late
    if done.returncode:
        raise Refused(f"The selected file takes too much memory or time to unpack. {SAVE_SHEET}")
    said = json.loads(done.stdout)
    if "full" in said:
        raise OSError(said["full"], "No space is left to unpack the file.")
    if "refused" in said:
        raise Refused(said["refused"])
    return Unpacked(
        said["workbook"], said["inside"], tuple(Sheet(**sheet) for sheet in said["sheets"]), said["errors"], said["unworked"]
    )


@contextmanager
def texts_of(path: Path, most: int) -> Iterator[list[Path]]:
    """The texts of a file while they are needed: the file itself, or what unpacking makes of it, gone afterwards.

    Args:
        path: A file of any kind that is read.
        most: Bytes that all that is unpacked may have.

    Yields:
        One path, or one for each sheet of a workbook.

    Raises:
        Refused: It cannot be unpacked.
    """
    with sheets_of(path, most) as sheets:
        yield [text for _, text in sheets]


@contextmanager
def sheets_of(path: Path, most: int) -> Iterator[list[tuple[str, Path]]]:
    """The texts of a file with the names of the sheets that they are, while they are needed.

    Args:
        path: A file of any kind that is read.
        most: Bytes that all that is unpacked may have.

    Yields:
        Name and path of each sheet of a workbook; of another file, one path without a name.

    Raises:
        Refused: It cannot be unpacked.
    """
    if not is_packed(path):
        yield [("", path)]
        return
    with TemporaryDirectory() as folder:
        yield [(sheet.name, Path(folder) / sheet.file) for sheet in unpack(path, Path(folder), most).sheets]


def source_in_words(
    *, workbook: bool, inside: str, sheet: str, sheets: Sequence[str], errors: int, unworked: int = 0, hidden: bool = False
) -> str:
    """Where the text of a file was taken from, as the start of a sentence.

    Args:
        workbook: Whether it was a workbook.
        inside: Name of the file in an archive, if there was one.
        sheet: The sheet that is read.
        sheets: All sheets of the workbook that are not empty.
        errors: Cells of the workbook with an error such as #DIV/0!.
        unworked: Cells of the workbook with a formula that was not worked out.
        hidden: Whether the sheet does not show when the workbook is opened.

    Returns:
        Blank for a text file that came as it is.
    """
    packed = f" {inside} in the packed file" if inside else ""
    if not workbook:
        return f"Read from{packed}" if inside else ""
    others = f", which has {len(sheets)} sheets that are not empty" if len(sheets) > 1 else ""
    wrong = f"; {errors:,} {_cells(errors)} with an error such as #DIV/0! {_are(errors)} read as blank" if errors else ""
    if unworked:
        wrong += (
            f"; {unworked:,} {_cells(unworked)} with a formula that was not worked out {_are(unworked)} read as blank: open the "
            "workbook in Excel, save it and send it again"
        )
    unseen = "hidden sheet" if hidden else "sheet"
    return f"Read from the {unseen} “{sheet}” of the workbook{packed}{others}{wrong}"


def _cells(number: int) -> str:
    return "cell" if number == 1 else "cells"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def main(arguments: Sequence[str]) -> dict:
    """What the process of its own does; it says what it found as JSON."""
    source, folder, most = Path(arguments[0]), Path(arguments[1]), int(arguments[2])
    _limit_itself()
    try:
        return asdict(_unpack(source, folder, most))
    except Refused as refused:
        return {"refused": str(refused)}
    except OSError as fault:
        return {"full": fault.errno}


def _limit_itself() -> None:
    try:
        import resource
    except ImportError:
        # Windows, where a trust may make a copy without people; nothing is received there.
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _unpack(source: Path, folder: Path, most: int) -> Unpacked:
    limit = Limit(most, source.stat().st_size)
    start = _start(source)
    if start.startswith(GZIP):
        gunzip(source, folder / "inside", limit)
        return _inside(folder, "", limit)
    if start.startswith(ZIP):
        with open_zip(source) as archive:
            kind = _kind(archive.namelist())
            if kind is None:
                return _inside(folder, unzip(archive, folder / "inside", limit), limit)
        return _workbook(source, folder, "", kind, limit)
    raise Refused(PROTECTED if _is_protected(source) else OLDER)


OLDER = "The selected file is an older Excel or Word file. Save it as an Excel workbook (.xlsx) or as CSV UTF-8."


def _inside(folder: Path, name: str, limit: Limit) -> Unpacked:
    """What was in an archive: text as it is, or a workbook."""
    inside = folder / "inside"
    start = _start(inside)
    if start.startswith(OLE):
        raise Refused(PROTECTED if _is_protected(inside) else OLDER)
    if start.startswith(GZIP):
        raise Refused(NESTED)
    if not start.startswith(ZIP):
        return Unpacked(workbook=False, inside=name, sheets=(Sheet("", inside.name, 0, 0),))
    with open_zip(inside) as archive:
        kind = _kind(archive.namelist())
    if kind is None:
        raise Refused(NESTED)
    # The parts of the workbook are unpacked from what is now on the disk.
    limit.packed = max(limit.packed, inside.stat().st_size // 10)
    unpacked = _workbook(inside, folder, name, kind, limit)
    inside.unlink()
    return unpacked


def _workbook(path: Path, folder: Path, inside: str, kind: str, limit: Limit) -> Unpacked:
    if kind != WORKBOOK:
        raise Refused(f"The selected file is {OTHERS[kind]} and select that file.")
    errors, unworked = check_parts(path, limit)
    sheets = tuple(write_sheets(path, folder, limit))
    return Unpacked(workbook=True, inside=inside, sheets=sheets, errors=errors, unworked=unworked)


def _kind(names: Sequence[str]) -> str | None:
    listed = set(names)
    return next((name for name in (WORKBOOK, *OTHERS) if name in listed), None)


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(8)


def _is_protected(path: Path) -> bool:
    """Whether an older kind of file is the shell of an encrypted workbook."""
    with path.open("rb") as file:
        before = b""
        while block := file.read(HEAD):
            if "EncryptedPackage".encode("utf-16-le") in before + block:
                return True
            before = block[-64:]
    return False


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1:])))
