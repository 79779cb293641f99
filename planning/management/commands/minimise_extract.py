"""Makes a copy of a patient-level file without people, on the trust's own machine. Uses no database."""

import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from planning.extracts.layouts import LAYOUT_NAMES
from planning.extracts.minimising import Minimised, minimise, recognise, sheet_to_copy
from planning.extracts.person_data import refuse_people
from planning.extracts.reading import Refused
from planning.extracts.unpacking import sheets_of
from presentation.wording import number_of

SHORTEST_KEY = 32


class Command(BaseCommand):
    help = (
        "Makes a copy of a patient-level file without people: identifiers go, a date of birth becomes an age band, a postcode a "
        "local authority, and a patient a code that only the holder of the key file can make. Uses no database."
    )
    # File in, file out: neither database nor pages need be in order.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "file", type=Path, metavar="FILE", help="The file with people in it, text, workbook or zip; it is not changed."
        )
        parser.add_argument("--sheet", default="", metavar="NAME", help="Sheet of a workbook; the likeliest if left out.")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="The copy to make.")
        parser.add_argument(
            "--key-file",
            type=Path,
            metavar="KEY",
            help="File of the key, made if missing: keep it, and give it to nobody. patient_key in DATA_DIR if left out.",
        )
        parser.add_argument(
            "--postcodes",
            type=Path,
            metavar="FILE",
            help="CSV: postcode, code of its local authority. Without it postcodes only go.",
        )

    def handle(self, *, file, out, key_file, postcodes, sheet, **options):
        key_file = key_file or settings.DATA_DIR / "patient_key"
        for path in filter(None, (file, postcodes)):
            if not path.is_file():
                raise CommandError(f"There is no file {path}.", returncode=2)
        for path in filter(None, (file, key_file, postcodes)):
            if out.resolve() == path.resolve() or (out.exists() and path.exists() and out.samefile(path)):
                raise CommandError(f"The copy cannot take the place of {path}. Name another file.", returncode=2)
        try:
            done = self.copy(file, out, self.key(key_file), postcodes, sheet)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        except OSError as fault:
            raise CommandError(f"The copy could not be written: {fault.strerror}. Nothing was made.") from fault
        self.report(done, out, key_file)

    def copy(self, file: Path, out: Path, key: bytes, postcodes: Path | None, sheet: str) -> Minimised:
        """The whole copy or none: it takes its name once it is written and was looked through as an upload is."""
        with _unfinished(out) as unfinished:
            most = settings.EXTRACT_MAX_BYTES
            with sheets_of(file, most) as sheets, unfinished.open("w", encoding="utf-8", newline="") as copy:
                name, text = sheet_to_copy(sheets, sheet)
                self.say_sheet(name, [other for other, _ in sheets])
                done = minimise(text, copy, key, postcodes)
                copy.flush()
                os.fsync(copy.fileno())
            layout, heading = recognise(unfinished)
            refuse_people(unfinished, heading, layout)
            unfinished.replace(out)
        return done

    def say_sheet(self, name: str, sheets: list[str]) -> None:
        if not name:
            return
        others = ", ".join(other for other in sheets if other != name)
        more = f" Not read: {others}; name another with --sheet NAME." if others else ""
        self.stderr.write(f"Read from the sheet {name}.{more}")

    def key(self, path: Path) -> bytes:
        with contextlib.suppress(FileExistsError):
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as new:
                new.write(secrets.token_hex(SHORTEST_KEY) + "\n")
            self.stderr.write(f"A key was made in {path}. Keep it for the next files, and give it to nobody.")
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise CommandError(f"Others may read the key in {path}. Allow only yourself (chmod 600) or name another file.")
        key = path.read_bytes().strip()
        if len(key) < SHORTEST_KEY:
            raise CommandError(f"The key in {path} must have at least {SHORTEST_KEY} characters.")
        return key

    def report(self, done: Minimised, out: Path, key_file: Path) -> None:
        say = self.stderr.write
        say(f"{LAYOUT_NAMES[done.layout]}: {number_of(done.rows, 'row')} written to {out}.")
        say(f"Left out: {', '.join(done.dropped) or 'no column'}.")
        say(
            f"{done.pseudonyms:,} rows have a patient's code, {done.age_bands:,} an age band, "
            f"{done.local_authorities:,} a local authority."
        )
        for heading, number in sorted(done.emptied.items()):
            say(f"{heading}: {number_of(number, 'cell')} emptied that could be an NHS number or a full postcode.")
        if done.pseudonyms:
            say(f"Use the same key ({key_file}) for all files of the trust, or its patients are counted twice.")
        numbers = {name: getattr(done, name) for name in ("layout", "rows", "pseudonyms", "age_bands", "local_authorities")}
        self.stdout.write(json.dumps({**numbers, "dropped": done.dropped, "emptied": dict(done.emptied)}, ensure_ascii=False))


@contextlib.contextmanager
def _unfinished(out: Path) -> Iterator[Path]:
    """A file beside the copy that only this person may read, and that is gone if it was not finished."""
    descriptor, name = tempfile.mkstemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
