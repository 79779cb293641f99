import json
import sys
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.queries import command_line_user
from planning.actions import ReferenceRefused, load_catchment_proportions

ABOUT = ("edition", "source", "dated")


class Command(BaseCommand):
    help = (
        "Loads a public CSV of area proportions: of the patients of each area, the share at each trust. Areas are local "
        "authorities that are loaded as places, or MSOAs where the file gives their population or catchment."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--edition", required=True, help="As the publisher names it, such as April 2026.")
        parser.add_argument("--source", required=True, help="Who published it, and where.")
        parser.add_argument("--dated", type=date.fromisoformat, help="When it was published, as YYYY-MM-DD.")

    def handle(self, *, file, **options):
        about = {name: options[name] for name in ABOUT}
        try:
            loaded = load_catchment_proportions(by=command_line_user(), content=file.read_bytes(), file_name=file.name, **about)
        except OSError as fault:
            raise CommandError(f"{file} cannot be read: {fault.strerror}.", returncode=2) from fault
        except ReferenceRefused as refusal:
            self.stderr.write("\n".join(refusal.lines(20)))
            self.stdout.write(json.dumps(refusal.facts, ensure_ascii=False))
            sys.exit(1)
        self.stdout.write(json.dumps(loaded.facts))
        self.stderr.write(loaded.words)
