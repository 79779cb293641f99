"""What a reporting position adds up to, summed anew from the facts in the database."""

import json

from django.core.management.base import BaseCommand

from planning.extracts.totals import totals, totals_by, with_month
from planning.queries import position_or_latest, position_totals
from planning.queries.extracts import units
from presentation.statements import stated


class Command(BaseCommand):
    help = "Prints the totals of a position by provider, home system and month, as JSON."

    def add_arguments(self, parser):
        parser.add_argument("--position", type=int, help="Number of the position; the latest if left out.")
        parser.add_argument("--json", action="store_true", help="Print JSON, as is done anyway.")

    def handle(self, *, position, **options):
        number = position_or_latest(position)
        if number is None and position is not None:
            self.stderr.write(f"There is no position {position}.")
            self.stdout.write(json.dumps({"position": position, "reason": f"There is no position {position}."}))
            raise SystemExit(1)
        facts = position_totals(number if number is not None else 0)
        facts["unit"] = facts["point_of_delivery"].map(units()).fillna("").astype(object)
        facts = with_month(facts)
        said = {"totals": totals(facts)}
        for name, key in (("by_provider", "provider"), ("by_system", "home_system"), ("by_month", "year_month")):
            said[name] = totals_by(facts, key)
        self.stdout.write(json.dumps({"position": number, **stated(said)}, ensure_ascii=False))
