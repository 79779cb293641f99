import json
import sys
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.queries import command_line_user
from finance.actions.official import OfficialFileRefused, load_official_file
from finance.queries.official import KINDS

ABOUT = ("kind", "edition", "source", "dated", "replace", "sheet")


class Command(BaseCommand):
    help = (
        "Loads one edition of an official file: practice weighted populations, allocations, convergence, market forces factors, "
        "a need index, measures of need and supply, or registered people. A refused file says each problem with its row, column, "
        "value and what to do."
    )

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=KINDS)
        parser.add_argument("file", type=Path)
        parser.add_argument("--edition", required=True, help="As the publisher names it, with its year, for example 2025/26.")
        parser.add_argument("--source", required=True, help="Who published it, and where.")
        parser.add_argument("--dated", type=date.fromisoformat, help="When it was published, as YYYY-MM-DD.")
        parser.add_argument("--sheet", default="", help="Of a workbook: by default the one sheet that has the columns.")
        parser.add_argument("--replace", action="store_true", help="Take it in place of another file of the same edition.")

    def handle(self, *, file, **options):
        about = {name: options[name] for name in ABOUT}
        try:
            loaded = load_official_file(by=command_line_user(), content=file.read_bytes(), file_name=file.name, **about)
        except OSError as fault:
            raise CommandError(f"{file} cannot be read: {fault.strerror}.", returncode=2) from fault
        except OfficialFileRefused as refusal:
            self.stderr.write("\n".join(refusal.lines(20)))
            self.stdout.write(json.dumps(refusal.facts, ensure_ascii=False))
            sys.exit(1)
        self.stdout.write(json.dumps(loaded.facts, ensure_ascii=False))
        self.stderr.write(loaded.words)
