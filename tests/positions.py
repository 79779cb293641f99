"""Published positions for tests, made without the intake: facts, slices and read copies of rows written by hand."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from planning.models import Extract, ExtractState, PatientFlow, PositionSlice, ReportingPosition

TEXT = ["provider", "site", "service_code", "service_category", "point_of_delivery"]
HOME = ["commissioner", "home", "home_system", "home_place"]
SUMS = ["planned_activity", "planned_price", "planned_mff", "actual_activity", "actual_price", "actual_mff"]
ROW = {
    "year": "2025/26",
    "month": 1,
    "provider": "RJ1",
    "site": "",
    "service_code": "NCBPS13A",
    "service_category": "25",
    "point_of_delivery": "EL",
    "commissioner": "72Q",
    "home": "72Q",
    "home_system": "QKK",
    "home_place": "",
    **dict.fromkeys(SUMS),
}


def fact(**values) -> dict:
    """A row of facts; `actual` and `planned` are prices in pounds, `spells` and `planned_spells` whole units."""
    short = {"actual": ("actual_price", 10_000), "planned": ("planned_price", 10_000)}
    short |= {"spells": ("actual_activity", 1_000), "planned_spells": ("planned_activity", 1_000)}
    row = dict(ROW)
    for name, value in values.items():
        column, unit = short.get(name, (name, 1))
        row[column] = value if value is None or unit == 1 else int(Decimal(str(value)) * unit)
    return row


def publish(rows: Iterable[dict], *, reporting_point="freeze", illustrative=False, reason="For a test") -> int:
    """Publish rows as one extract for each provider and year, replacing every slice that they cover."""
    by, _ = User.objects.get_or_create(email="publisher@example.nhs.uk", defaults={"name": "A Publisher"})
    last = ReportingPosition.objects.order_by("-number").first()
    number = last.number + 1 if last else 1
    fingerprint = f"{number:064d}"
    position = ReportingPosition.objects.create(
        number=number, made_by=by, reason=reason, fingerprint=fingerprint, illustrative=illustrative
    )
    frame = pd.DataFrame(list(rows), dtype=object)
    for (provider, year), own in frame.groupby(["provider", "year"]):
        extract = Extract.objects.create(
            layout="acm", provider=provider, year=year, reporting_point=reporting_point, illustrative=illustrative,
            state=ExtractState.PUBLISHED, file_name=f"{provider}.csv", sha256=f"{number}{provider}{year}", uploaded_by=by,
            published_by=by, published_at=timezone.now(), rows=len(own), accepted=len(own),
        )  # fmt: skip
        position.extracts.add(extract)
        _facts(extract, own)
        _slices(extract, own, number)
    return number


def _facts(extract, own):
    PatientFlow.objects.bulk_create(PatientFlow(extract=extract, **row) for row in own.to_dict("records"))
    name = f"test-{extract.pk}-{extract.sha256[:4]}-{timezone.now().timestamp()}.parquet"
    folder = Path(settings.MEDIA_ROOT) / "read_copies"
    folder.mkdir(parents=True, exist_ok=True)
    copy = own.assign(extract=extract.pk)
    copy = copy.astype({"extract": "int64", "month": "int64", **dict.fromkeys(SUMS, "Int64")})
    with duckdb.connect() as connection:
        connection.register("facts", copy[["extract", "year", "month", *TEXT, *HOME, *SUMS]])
        connection.execute("COPY facts TO ? (FORMAT parquet)", [str(folder / name)])
    extract.read_copy = name
    extract.save()


def _slices(extract, own, number):
    """One commissioner replaces its own slices, several replace all of the provider's months."""
    months, commissioners = sorted(set(own["month"])), sorted(set(own["commissioner"]))
    covered = list(range(months[0], months[-1] + 1))
    old = PositionSlice.objects.filter(provider=extract.provider, year=extract.year, month__in=covered, until_position=None)
    if len(commissioners) == 1:
        old = old.filter(commissioner__in=commissioners)
    old.update(until_position=number)
    PositionSlice.objects.bulk_create(
        PositionSlice(
            layout="acm",
            provider=extract.provider,
            year=extract.year,
            month=m,
            commissioner=c,
            extract=extract,
            reporting_point=extract.reporting_point,
            from_position=number,
        )
        for m in covered
        for c in commissioners
    )
