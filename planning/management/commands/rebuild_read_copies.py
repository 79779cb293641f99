"""Make read copies anew from the facts in the database."""

from django.core.management.base import BaseCommand

from planning.actions import rebuild_read_copy, sweep_orphans
from planning.queries.extracts import extracts_with_facts


class Command(BaseCommand):
    help = "Writes the read copies of extracts again from the record; by default those whose file is gone."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="Also those whose file is there.")
        parser.add_argument("--sweep", action="store_true", help="Remove files that no extract names.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done.")

    def handle(self, *, all, sweep, dry_run, **options):
        for extract in extracts_with_facts(missing_only=not all):
            name = extract.read_copy if dry_run else rebuild_read_copy(extract=extract)
            self.stdout.write(f"Extract {extract.pk}: {name}")
        if sweep:
            for path in sweep_orphans(dry_run=dry_run):
                self.stdout.write(f"Removed {path.name}")
