import json
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.queries import command_line_user
from finance.actions import load_rates
from networks.actions import load_networks
from planning.actions import ReferenceRefused, load_assumptions, load_reference


class Command(BaseCommand):
    help = "Loads the reference data: services, systems, places, providers, rates and networks. Running it again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Check and count, and write nothing.")
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "fixtures" / "reference")

    def handle(self, *, dry_run, folder, **options):
        try:
            counts = self.load(folder, dry_run)
        except ReferenceRefused as refusal:
            self.refuse(refusal)
        self.stdout.write(json.dumps({"state": "checked" if dry_run else "loaded", "tables": counts}, ensure_ascii=False))
        self.say(counts, dry_run)

    def load(self, folder, dry_run):
        by, counts, problems = command_line_user(), {}, []
        with transaction.atomic():
            for part in (load_rates, load_reference, load_assumptions, load_networks):
                if problems and part is load_networks:
                    self.stderr.write("The networks' files were not checked: they refer to rows of the others.")
                    break
                try:
                    counts |= part(by=by, folder=folder)
                except ReferenceRefused as refusal:
                    problems += refusal.problems.to_dict("records")
            if problems:
                raise ReferenceRefused(problems)
            transaction.set_rollback(dry_run)
        return counts

    def refuse(self, refusal):
        problems = refusal.problems.to_dict("records")
        for one in problems:
            where = f"{one['file']} row {one['row']}" + (f", {one['column']}" if one["column"] else "")
            self.stderr.write(f'{where}: "{one["value"]}". {one["message"]}' if one["value"] else f"{where}. {one['message']}")
        self.stderr.write(str(refusal))
        self.stdout.write(json.dumps({"state": "refused", "reason": str(refusal), "problems": problems}, ensure_ascii=False))
        sys.exit(1)

    def say(self, counts, dry_run):
        new, updated = (sum(count[what] for count in counts.values()) for what in ("created", "updated"))
        rows = sum(count["rows"] for count in counts.values())
        self.stderr.write(
            f"{rows:,} rows of {len(counts)} tables {'checked' if dry_run else 'loaded'}: {new:,} new, {updated:,} changed."
        )
        for table, count in counts.items():
            if count["kept"]:
                self.stderr.write(f"{table}: {count['kept']} rows differ from the file and were kept as people changed them.")
            if extra := count["not_in_files"]:
                self.stderr.write(f"{table}: {len(extra)} rows are in no file and were left: {', '.join(extra[:5])}.")
