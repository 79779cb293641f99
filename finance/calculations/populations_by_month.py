"""Plan and actual of each month by the population that they are for.

The same rules as `provider_to_population`, month by month: money whose home is not known follows the known money of the same
provider and service over all months given, so that a month in which little is known is not shared out by chance.
"""

from collections.abc import Collection

import pandas as pd

from planning.calculations.contract import numbers, require_columns, require_unique

from .apportionment import apportion_within
from .provider_to_population import UNALLOCATED, where_money_goes

PRICES = ["planned_price", "actual_price"]
LINE = ["provider", "service_code"]
KEY = [*LINE, "month", "kind", "population"]


def populations_by_month(spend: pd.DataFrame, *, not_known: Collection[str], apart: Collection[str]) -> pd.DataFrame:
    """Map provider-based plan and actual to populations, month by month.

    Args:
        spend: `provider`, `service_code`, `month`, `status` (GREEN delegated, RED retained, BLUE host-funded), `hub`,
            `population` (system, place or home group) — unique together — and `planned_price`, `actual_price` (whole
            ten-thousandths of a pound, missing where not stated). Months that are not to count have no amounts.
        not_known: populations that stand for a home that is not known.
        apart: populations that are no English system's: devolved nations, overseas, private.

    Returns:
        One row for each `provider`, `service_code`, `month`, `kind` (as `provider_to_population` has it) and `population`, with
        both amounts. Plan follows known plan, actual follows known actual; over populations they add up to what was given.

    Raises:
        ValueError: a column is not there, a key names two rows, or a retained row has no hub.

    Source: as `provider_to_population`; months by the known money to date is this product's rule.
    """
    key = [*LINE, "month", "status", "hub", "population"]
    require_columns(spend, [*key, *PRICES], of="spend")
    require_unique(spend, key, of="spend")
    rows = spend.assign(**{name: numbers(spend[name]).astype("Int64") for name in PRICES})
    rows = where_money_goes(rows, not_known=not_known, apart=apart)
    unknown = rows["kind"] == "unknown"
    parts = [rows.loc[~unknown, [*KEY, *PRICES]]]
    parts += [_following(rows[~unknown], rows[unknown], name) for name in PRICES]
    mapped = pd.concat(parts, ignore_index=True).astype(dict.fromkeys(PRICES, "Int64"))
    return mapped.groupby(KEY, as_index=False)[PRICES].sum(min_count=1)


def spend_by_month(flows: pd.DataFrame, statuses: pd.DataFrame, hubs: pd.DataFrame, no_hub: str) -> pd.DataFrame:
    """Flows of one year as `populations_by_month` wants them.

    Args:
        flows: `provider`, `service_code`, `month`, `population` (unique together), `planned_price`, `actual_price`.
        statuses: `service_code` (unique), `status`.
        hubs: `provider` (unique), `hub`.
        no_hub: what stands for the hub of a provider that has none.

    Returns:
        `flows` with `status` ("" where a code has none) and `hub`.

    Raises:
        ValueError: a column is not there or a key names two rows.
    """
    require_columns(flows, [*LINE, "month", "population", *PRICES], of="flows")
    require_unique(statuses, ["service_code"], of="statuses")
    require_unique(hubs, ["provider"], of="hubs")
    rows = flows.merge(statuses[["service_code", "status"]], on="service_code", how="left", validate="many_to_one")
    rows = rows.merge(hubs[["provider", "hub"]], on="provider", how="left", validate="many_to_one")
    return rows.assign(status=rows["status"].fillna(""), hub=rows["hub"].fillna("").replace("", no_hub))


def _following(known: pd.DataFrame, unknown: pd.DataFrame, price: str) -> pd.DataFrame:
    """One amount of each line and month whose home is not known, shared by the line's known populations."""
    amounts = unknown.dropna(subset=[price]).groupby([*LINE, "month"], as_index=False)[price].sum()
    sums = known[known["kind"] == "population"].groupby([*LINE, "population"], as_index=False)[price].sum()
    weights = sums[sums[price] > 0].rename(columns={price: "weight"})
    rows = amounts.merge(weights, on=LINE, how="left", validate="many_to_many")
    followed = rows["weight"].notna()
    own, left = rows[followed].reset_index(drop=True), rows.loc[~followed, [*LINE, "month", price]]
    own[price] = apportion_within(own, [*LINE, "month"], amount=price, weight="weight", code="population")
    left = left.assign(kind="unallocated", population=UNALLOCATED)
    return pd.concat([own.assign(kind="population")[[*KEY, price]], left[[*KEY, price]]], ignore_index=True)
