"""Zip and gzip files of one file each, unpacked under limits that are held while it goes on and not by what a header says."""

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from .reading import Refused

BLOCK = 1 << 20
# Text packs to a thirtieth at most; beyond this ratio a file was made to fill a disk.
RATIO_COUNTS_FROM, HIGHEST_RATIO = 64 * 1024**2, 300
MOST_MEMBERS = 10_000
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
# What programs put beside a file without being asked.
BYPRODUCTS = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
ONE_FILE = "Put one file in it: a CSV or an Excel workbook (.xlsx)."
BROKEN = "The selected file is broken: it may not have been saved or sent whole. Save it again and select the new file."


@dataclass
class Limit:
    """What may still be unpacked of a packed file of `packed` bytes."""

    most: int
    packed: int
    taken: int = 0

    def take(self, number: int) -> None:
        """Count bytes that were unpacked; refuse the file as soon as there are too many."""
        self.taken += number
        if self.taken > self.most:
            raise Refused(
                f"The selected file unpacks to more than {self.most // 1024**2:,} MB. "
                "Split it by months, and send each part in a file of its own."
            )
        if self.taken > RATIO_COUNTS_FROM and self.taken > HIGHEST_RATIO * self.packed:
            raise Refused(
                "The selected file unpacks to far more than a file of activity does. Save the data as CSV and select that file."
            )


def open_zip(path: Path) -> zipfile.ZipFile:
    """Open a zip file whose list of members can be read.

    Raises:
        Refused: It is broken, or lists more members than any file of activity.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as broken:
        raise Refused(BROKEN) from broken
    if len(archive.filelist) > MOST_MEMBERS:
        raise Refused(f"The selected zip file holds {len(archive.filelist):,} files. {ONE_FILE}")
    return archive


def blocks_of(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: Limit) -> Iterator[bytes]:
    """Blocks of one member, counted against the limit.

    Raises:
        Refused: A password, a way of packing that is not read, damage, or too much of it.
    """
    if member.flag_bits & ENCRYPTED:
        raise Refused("The selected file is protected by a password. Save it without one and select the new file.")
    if member.compress_type not in PACKED:
        raise Refused("The selected zip file is packed in a way that cannot be read. Make it with the zip of your computer.")
    try:
        with archive.open(member) as file:
            yield from _counted(file, limit)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as broken:
        raise Refused(BROKEN) from broken


def _counted(file: IO[bytes], limit: Limit) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        limit.take(len(block))
        yield block


def the_one_file(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The only file of a zip file, folders and by-products apart. Its name is shown and never used as a path."""
    files = [m for m in archive.filelist if not m.is_dir() and not _is_byproduct(m.filename)]
    if not files:
        raise Refused(f"The selected zip file is empty. {ONE_FILE}")
    if len(files) > 1:
        raise Refused(f"The selected zip file holds {len(files)} files. {ONE_FILE}")
    return files[0]


def _is_byproduct(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and (path.parts[0] in BYPRODUCTS or path.name in BYPRODUCTS or path.name.startswith("._"))


def unzip(archive: zipfile.ZipFile, target: Path, limit: Limit) -> str:
    """Write the one file of a zip file to `target`; return the name it has there."""
    member = the_one_file(archive)
    _write(lambda: blocks_of(archive, member, limit), target)
    return PurePosixPath(member.filename.replace("\\", "/")).name


def gunzip(path: Path, target: Path, limit: Limit) -> None:
    """Write what a gzip file holds to `target`.

    Raises:
        Refused: It is damaged, or holds too much.
    """
    try:
        with gzip.open(path) as file:
            _write(lambda: _counted(file, limit), target)  # type: ignore[arg-type]
    except (gzip.BadGzipFile, zlib.error, EOFError) as broken:
        raise Refused(BROKEN) from broken


def _write(blocks: Callable[[], Iterator[bytes]], target: Path) -> None:
    with target.open("wb") as out:
        for block in blocks():
            out.write(block)
