import json
import sys
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand

from accounts.queries import command_line_user
from planning.actions import ReferenceRefused, load_travel_times


class Command(BaseCommand):
    help = (
        "Loads a CSV of travel times (home, destination, minutes one way; codes of places or systems, of sites or providers) in "
        "the place of the one before."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="Who worked the times out, and how people travel in them.")
        parser.add_argument("--dated", required=True, type=date.fromisoformat, help="When they were worked out: 2026-03-31.")
        parser.add_argument("--dry-run", action="store_true", help="Check and count, and write nothing.")

    def handle(self, *, file, source, dated, dry_run, **options):
        try:
            counts = load_travel_times(by=command_line_user(), path=file, source=source, dated=dated, dry_run=dry_run)
        except ReferenceRefused as refusal:
            problems = refusal.problems.to_dict("records")
            for one in problems[:20]:
                self.stderr.write(f'{one["file"]} row {one["row"]}, {one["column"]}: "{one["value"]}". {one["message"]}')
            self.stdout.write(json.dumps({"state": "refused", "reason": str(refusal), "problems": problems}, ensure_ascii=False))
            sys.exit(1)
        self.stdout.write(json.dumps({"state": "checked" if dry_run else "loaded", **counts}))
        done = "would be loaded" if dry_run else "loaded"
        self.stderr.write(f"{counts['rows']:,} travel times {done}; {counts['replaced']:,} of before go.")
