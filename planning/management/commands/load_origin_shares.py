import json
import sys
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.queries import command_line_user
from planning.actions import ReferenceRefused, load_origin_shares

ABOUT = ("edition", "source", "dated")


class Command(BaseCommand):
    help = (
        "Loads a public CSV of origin shares: of the admissions of each trust, the share from each system or place. They are "
        "shown beside our own for comparison; no population follows from them."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--edition", default="", help="As the publisher names it; the year in the file's source if left out.")
        parser.add_argument("--source", default="", help="Who published it; the file's own column if left out.")
        parser.add_argument("--dated", type=date.fromisoformat, help="When it was published, as YYYY-MM-DD.")

    def handle(self, *, file, **options):
        about = {name: options[name] for name in ABOUT}
        try:
            loaded = load_origin_shares(by=command_line_user(), content=file.read_bytes(), file_name=file.name, **about)
        except OSError as fault:
            raise CommandError(f"{file} cannot be read: {fault.strerror}.", returncode=2) from fault
        except ReferenceRefused as refusal:
            self.stderr.write("\n".join(refusal.lines(20)))
            self.stdout.write(json.dumps(refusal.facts, ensure_ascii=False))
            sys.exit(1)
        self.stdout.write(json.dumps(loaded.facts))
        self.stderr.write(loaded.words)
