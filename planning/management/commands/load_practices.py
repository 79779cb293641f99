import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from accounts.queries import command_line_user
from planning.actions import ReferenceRefused, load_practices


class Command(BaseCommand):
    help = "Loads the public list of GP practices with weighted populations, a CSV of the national allocations."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--edition", default="2025/26", help="Year of the allocations that the list belongs to.")
        parser.add_argument("--source", default="", help="Who published it: NHS England if left out.")

    def handle(self, *, file, edition, source, **options):
        try:
            counts = load_practices(by=command_line_user(), path=file, edition=edition, source=source)
        except ReferenceRefused as refusal:
            problems = refusal.problems.to_dict("records")
            for one in problems[:20]:
                self.stderr.write(f'{one["file"]} row {one["row"]}, {one["column"]}: "{one["value"]}". {one["message"]}')
            self.stdout.write(json.dumps({"state": "refused", "reason": str(refusal), "problems": problems}, ensure_ascii=False))
            sys.exit(1)
        left = {table: len(count["not_in_files"]) for table, count in counts.items()}
        tables = {table: count | {"not_in_files": left[table]} for table, count in counts.items()}
        self.stdout.write(json.dumps({"state": "loaded", "tables": tables}))
        self.stderr.write(
            f"{counts['practices']['rows']:,} practices loaded; {left['practices']:,} others are not in this list and stay."
        )
