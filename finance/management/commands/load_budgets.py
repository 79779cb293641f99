import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.queries import command_line_user
from finance.actions.budgets import load_budgets
from finance.queries.budgets import budgets_of
from planning.actions import ReferenceRefused


class Command(BaseCommand):
    help = "Records indicative budgets of populations from a CSV: area, programme_of_care, amount and, if phased, april to march."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", required=True, help="The financial year, as 2026/27.")
        parser.add_argument("--owner", required=True, help="Who decided them and answers for them.")
        parser.add_argument("--source", required=True, help="Where they come from, for example a paper and its date.")

    def handle(self, *, file, year, owner, source, **options):
        about = {"year": year, "owner": owner, "source": source}
        try:
            held = load_budgets(by=command_line_user(), content=file.read_bytes(), file_name=file.name, **about)
        except OSError as fault:
            raise CommandError(f"{file} cannot be read: {fault.strerror}.", returncode=2) from fault
        except ReferenceRefused as refusal:
            self.stderr.write("\n".join(refusal.lines(20)))
            self.stdout.write(json.dumps(refusal.facts, ensure_ascii=False))
            sys.exit(1)
        number = budgets_of(held)
        self.stdout.write(json.dumps({"state": "recorded", "set": held.pk, "year": held.year, "budgets": number}))
        self.stderr.write(f"{held}: {number} recorded.")
