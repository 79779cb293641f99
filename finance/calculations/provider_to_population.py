"""What providers were paid, by the population it was for.

Delegated services go to the system of the person's home; retained and host-funded ones stay with the national hub of the
provider; money whose home is not known (block, top-up and the like) follows the known money of the same provider and
service. Devolved nations, overseas and private stand apart. Nothing is lost: populations add up to each provider's ledger.
"""

from collections.abc import Collection

import pandas as pd

from planning.calculations.contract import numbers, require_columns, require_known, require_unique

from .apportionment import apportion

UNALLOCATED = "UNALLOCATED"
WITHOUT_STATUS = "WITHOUT-STATUS"
KINDS = ("population", "hub", "apart", "without_status", "unallocated")
KEY = ["provider", "service_code", "status", "hub", "population"]


def provider_to_population(spend: pd.DataFrame, *, not_known: Collection[str], apart: Collection[str]) -> pd.DataFrame:
    """Map provider-based spend to populations.

    Args:
        spend: `provider`, `service_code`, `status` (GREEN delegated, RED retained, BLUE host-funded; anything else is
            without status), `hub` (national hub of the provider), `population` (system or home group) — unique together —
            and `amount` (whole ten-thousandths of a pound, none missing).
        not_known: populations that stand for a home that is not known.
        apart: populations that are no English system's: devolved nations, overseas, private.

    Returns:
        One row for each `provider`, `service_code`, `kind` and `population`, with `stated` (as the rows said) and
        `pro_rata` (a part of the money whose home is not known), which make `amount`. `kind` is `population`, `apart`,
        `hub`, `without_status` or `unallocated` (no known spend of that provider and service to follow).

    Raises:
        ValueError: a column is not there, a key names two rows, an amount is missing, or a retained row has no hub.

    Source: commissioner assignment method (NHS England); pro rata of block and unknown money is this product's rule.
    """
    require_columns(spend, [*KEY, "amount"], of="spend")
    require_unique(spend, KEY, of="spend")
    require_known(spend, ["amount"], name="provider", of="spend")
    rows = spend.assign(amount=numbers(spend["amount"]).astype("int64"))
    rows = where_money_goes(rows, not_known=not_known, apart=apart)
    rows = rows.groupby(["provider", "service_code", "kind", "population"])["amount"].sum().reset_index()
    unknown = rows["kind"] == "unknown"
    shared = _follow_known(rows[~unknown], rows[unknown])
    mapped = pd.concat([rows[~unknown].rename(columns={"amount": "stated"}).assign(pro_rata=0), shared], ignore_index=True)
    result = mapped.groupby(["provider", "service_code", "kind", "population"], as_index=False)[["stated", "pro_rata"]].sum()
    return result.assign(amount=result["stated"] + result["pro_rata"])


def ledger_check(spend: pd.DataFrame, mapped: pd.DataFrame) -> pd.DataFrame:
    """Each provider's ledger beside the sum over populations: the difference must be nothing.

    Args:
        spend: `provider`, `amount`, as `provider_to_population` was given them.
        mapped: `provider`, `amount`, as it returned them.

    Returns:
        One row a provider: `provider`, `ledger`, `mapped`, `difference` (mapped − ledger), in the units of the amounts.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(spend, ["provider", "amount"], of="spend")
    require_columns(mapped, ["provider", "amount"], of="mapped spend")
    ledger, mapped_sums = (frame.groupby("provider")["amount"].sum() for frame in (spend, mapped))
    result = pd.DataFrame({"provider": sorted(set(ledger.index) | set(mapped_sums.index))})
    result["ledger"] = ledger.reindex(result["provider"], fill_value=0).to_numpy()
    result["mapped"] = mapped_sums.reindex(result["provider"], fill_value=0).to_numpy()
    return result.assign(difference=result["mapped"] - result["ledger"])


def provider_and_population_views(mapped: pd.DataFrame, hosts: pd.DataFrame) -> pd.DataFrame:
    """The same money two ways: by the system that hosts the provider, and by the population that it was for.

    Args:
        mapped: `provider`, `population`, `amount` (whole ten-thousandths of a pound), as `provider_to_population` gives.
        hosts: `provider` (unique), `system`; providers without a host stand in neither their own row nor another's.

    Returns:
        One row for each system or population: `population`, `provider_view` (0 where it hosts nobody), `population_view`,
        `shift` (population less provider view).

    Raises:
        ValueError: a column is not there, or a provider has two hosts.

    Source: South London specialised delegation briefing, 2021: provider-based allocations shift to population-based.
    """
    require_columns(mapped, ["provider", "population", "amount"], of="mapped spend")
    require_unique(hosts, ["provider"], of="hosts")
    host = mapped["provider"].map(hosts.set_index("provider")["system"])
    views = {
        "provider_view": mapped.groupby(host)["amount"].sum(),
        "population_view": mapped.groupby("population")["amount"].sum(),
    }
    codes = sorted({str(code) for view in views.values() for code in view.index})
    result = pd.DataFrame({"population": codes, **{n: v.reindex(codes, fill_value=0).to_numpy() for n, v in views.items()}})
    return result.assign(shift=result["population_view"] - result["provider_view"])


def by_provider_and_population(mapped: pd.DataFrame) -> pd.DataFrame:
    """Services added up: `provider`, `kind`, `population`, `stated`, `pro_rata`, `amount`, largest amount first.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(mapped, ["provider", "kind", "population", "stated", "pro_rata", "amount"], of="mapped spend")
    sums = mapped.groupby(["provider", "kind", "population"], as_index=False)[["stated", "pro_rata", "amount"]].sum()
    return sums.sort_values(["amount", "provider", "population"], ascending=[False, True, True], ignore_index=True)


def ledger_by_kind(spend: pd.DataFrame, mapped: pd.DataFrame) -> pd.DataFrame:
    """`ledger_check` with where the money went: a column for each kind, 0 where none went there.

    Raises:
        ValueError: a column is not there.
    """
    require_columns(mapped, ["provider", "kind", "amount"], of="mapped spend")
    result = ledger_check(spend, mapped)
    for kind in KINDS:
        sums = mapped[mapped["kind"] == kind].groupby("provider")["amount"].sum()
        result[kind] = sums.reindex(result["provider"], fill_value=0).to_numpy()
    return result.sort_values(["ledger", "provider"], ascending=[False, True], ignore_index=True)


def where_money_goes(rows: pd.DataFrame, *, not_known: Collection[str], apart: Collection[str]) -> pd.DataFrame:
    """Say of each row where its money goes; devolved, overseas and private patients come before the service's status.

    Args:
        rows: `provider`, `status`, `hub`, `population`, as `provider_to_population` wants them, and any other columns.
        not_known: populations that stand for a home that is not known.
        apart: populations that are no English system's.

    Returns:
        `rows` with `kind` (one of `KINDS`, or `unknown` where it must follow what is known) and `population` as the
        population, group or hub that the money goes to.

    Raises:
        ValueError: a column is not there, or a retained row has no hub.

    Source: commissioner assignment method 2025/26 (NHS England).
    """
    require_columns(rows, ["provider", "status", "hub", "population"], of="spend")
    result = rows.assign(kind="without_status", to=WITHOUT_STATUS)
    delegated, retained = rows["status"] == "GREEN", rows["status"].isin(["RED", "BLUE"])
    for kind, where, to in [
        ("hub", retained, rows["hub"]),
        ("population", delegated, rows["population"]),
        ("unknown", delegated & rows["population"].isin(list(not_known)), rows["population"]),
        ("apart", rows["population"].isin(list(apart)), rows["population"]),
    ]:
        result.loc[where, "kind"] = kind
        result.loc[where, "to"] = to[where]
    hubless = (result["kind"] == "hub") & (result["to"].isna() | (result["to"] == ""))
    if hubless.any():
        raise ValueError(f"There is no national hub for: {', '.join(sorted(result.loc[hubless, 'provider'].unique()))}.")
    return result.assign(population=result["to"]).drop(columns="to")


def _follow_known(known: pd.DataFrame, unknown: pd.DataFrame) -> pd.DataFrame:
    """Share each provider and service's unknown money by its known populations; credits (below 0) attract none."""
    keys = ["provider", "service_code"]
    sums = unknown.groupby(keys)["amount"].sum().reset_index()
    amounts = {(p, c): int(a) for p, c, a in zip(sums["provider"], sums["service_code"], sums["amount"], strict=True)}
    followed = known[(known["kind"] == "population") & (known["amount"] > 0)].merge(unknown[keys].drop_duplicates(), on=keys)
    weights: dict[tuple[str, str], dict[str, int]] = {key: {} for key in amounts}
    for provider, code, population, amount in zip(*(followed[c] for c in (*keys, "population", "amount")), strict=True):
        weights[provider, code][population] = amount
    parts: list[tuple] = []
    for key, amount in amounts.items():
        if not weights[key]:
            parts.append((*key, "unallocated", UNALLOCATED, amount, 0))
            continue
        shares = apportion(amount, pd.Series(weights[key]))
        parts += [(*key, "population", population, 0, part) for population, part in shares.items()]
    columns = ["provider", "service_code", "kind", "population", "stated", "pro_rata"]
    return pd.DataFrame(parts, columns=columns)
