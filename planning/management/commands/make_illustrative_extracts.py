import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from planning.illustrative import UnusableWeights, make_extracts, read_reference, read_weights

FIXTURES = settings.BASE_DIR / "fixtures"


class Command(BaseCommand):
    help = "Makes illustrative activity extracts: one file in the national layout for each provider and year."
    # Files in, files out: neither database nor pages need be in order.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--years", nargs="+", required=True, metavar="YEAR", help="Financial years, such as 2025/26.")
        parser.add_argument("--seed", type=int, required=True, help="The same seed gives the same files, byte by byte.")
        parser.add_argument("--rows", type=int, help="Rows of all files together; about 2,000 a month of data if left out.")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="Folder of the files; made if missing.")
        parser.add_argument("--layouts", nargs="+", default=["acm"], metavar="LAYOUT", help="Only acm so far.")
        parser.add_argument("--weights", type=Path, default=FIXTURES / "illustrative", help="Folder of the weights.")

    def handle(self, *, years, seed, rows, out, layouts, weights, **options):
        if other := sorted(set(layouts) - {"acm"}):
            raise CommandError(f"Only the layout acm can be made so far, not {', '.join(other)}.", returncode=2)
        if seed < 0:
            raise CommandError("The seed is a whole number from 0.", returncode=2)
        out.mkdir(parents=True, exist_ok=True)
        try:
            made = list(
                self.said(make_extracts(read_weights(weights), read_reference(FIXTURES / "reference"), years, seed, out, rows))
            )
        except UnusableWeights as reason:
            raise CommandError(f"{reason}.", returncode=2) from reason
        self.stdout.write(json.dumps(made, indent=1))
        self.stderr.write(f"{sum(one['rows'] for one in made):,} rows in {len(made)} files in {out}. They are illustrative data.")

    def said(self, summaries):
        for one in summaries:
            self.stderr.write(f"{one['year']} {one['provider']}: {one['rows']:,} rows, £{float(one['actual_price']):,.0f}")
            yield one
