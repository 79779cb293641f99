import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from planning.illustrative import OTHER_LAYOUTS, Others, UnusableWeights, make_extracts, read_reference, read_weights

FIXTURES = settings.BASE_DIR / "fixtures"


class Command(BaseCommand):
    help = "Makes illustrative activity extracts: one file in each national layout for each provider and year."
    # Files in, files out: neither database nor pages need be in order.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--years", nargs="+", required=True, metavar="YEAR", help="Financial years, such as 2025/26.")
        parser.add_argument("--seed", type=int, required=True, help="The same seed gives the same files, byte by byte.")
        parser.add_argument("--rows", type=int, help="Rows of all files together; about 2,000 a month of data if left out.")
        parser.add_argument(
            "--months",
            nargs=2,
            type=int,
            metavar=("FIRST", "LAST"),
            help="Only the rows of these months, as they are in the whole files.",
        )
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="Folder of the files; made if missing.")
        parser.add_argument(
            "--layouts", nargs="+", default=["acm"], metavar="LAYOUT", help=f"acm, {', '.join(OTHER_LAYOUTS)}; acm if left out."
        )
        parser.add_argument("--others-of", nargs="+", default=[], metavar="PROVIDER", help="Layouts beside ACM of these only.")
        parser.add_argument("--others-in", nargs="+", default=[], metavar="YEAR", help="Layouts beside ACM in these years only.")
        parser.add_argument("--weights", type=Path, default=FIXTURES / "illustrative", help="Folder of the weights.")

    def handle(self, *, years, seed, rows, months, out, layouts, others_of, others_in, weights, **options):
        if unknown := sorted(set(layouts) - {"acm", *OTHER_LAYOUTS}):
            raise CommandError(f"There is no layout {', '.join(unknown)}.", returncode=2)
        beside = tuple(layout for layout in OTHER_LAYOUTS if layout in layouts)
        others = Others(beside, tuple(others_of), tuple(others_in), acm="acm" in layouts)
        if months and not 1 <= months[0] <= months[1] <= 12:
            raise CommandError("The months are two numbers from 1 to 12, the first no later than the last.", returncode=2)
        if seed < 0:
            raise CommandError("The seed is a whole number from 0.", returncode=2)
        out.mkdir(parents=True, exist_ok=True)
        try:
            reference = read_reference(FIXTURES / "reference")
            span = tuple(months) if months else None
            made = list(self.said(make_extracts(read_weights(weights), reference, years, seed, out, rows, others, span)))
        except UnusableWeights as reason:
            raise CommandError(f"{reason}.", returncode=2) from reason
        self.stdout.write(json.dumps(made, indent=1))
        self.stderr.write(f"{sum(one['rows'] for one in made):,} rows in {len(made)} files in {out}. They are illustrative data.")

    def said(self, summaries):
        for one in summaries:
            layout = one.get("layout", "acm")
            price = one["planned_price" if layout == "iap" else "actual_price"]
            self.stderr.write(f"{layout} {one['year']} {one['provider']}: {one['rows']:,} rows, £{float(price):,.0f}")
            yield one
