"""Market forces factors from an official file, beside those of the reference files."""

from decimal import Decimal

import pandas as pd
from django.db import transaction

from accounts.actions import record, reference_changed
from accounts.permissions import check_load_public_files
from planning.models import Provider, ProviderMarketForcesFactor

BATCH = 1_000
PLACES = Decimal("0.000001")


@transaction.atomic
def load_market_forces_factors(*, by, rows: pd.DataFrame, source: str) -> dict[str, int]:
    """Take the payment index of each provider and year; what stood there before is replaced, and no longer assumed.

    `rows` have `provider`, `year`, `value`. Returns how many were taken, and how many are of providers that are not loaded.
    """
    check_load_public_files(by)
    known = set(Provider.objects.values_list("code", flat=True))
    taken = rows[rows["provider"].isin(known)]
    columns = taken[["provider", "year", "value"]].itertuples(index=False, name=None)
    factors = [
        ProviderMarketForcesFactor(
            provider_id=provider, year=year, value=Decimal(str(value)).quantize(PLACES), assumed=False, source=source
        )
        for provider, year, value in columns
    ]
    ProviderMarketForcesFactor.objects.bulk_create(
        factors, BATCH, update_conflicts=True, unique_fields=["provider", "year"], update_fields=["value", "assumed", "source"]
    )
    counts = {"taken": len(taken), "providers_not_loaded": len(rows) - len(taken)}
    record(by=by, action="loaded market forces factors", about=source[:200], **counts)
    reference_changed()
    return counts
