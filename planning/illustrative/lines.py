"""What each provider is paid for in a year: one line for each service code and point of delivery."""

import pandas as pd

from .reference import Reference
from .weights import Weights

SPELL, ACTIVITY, DRUG, DEVICE, FINANCE = KINDS = range(5)
# Paid at cost: a file gives money and no activity for them.
AT_COST = {"DRUG": DRUG, "DEVICE": DEVICE}
# What a row of money without activity is worth at least, £: sets how many such rows a large file can have.
MONEY_ROW = {DRUG: 250.0, DEVICE: 250.0, FINANCE: 1000.0}
HUB, POPULATION = "hub", "population"
DELEGATED, DELEGATED_MENTAL_HEALTH = "25", "26"
RETAINED, RETAINED_MENTAL_HEALTH = "21", "22"
ORDER = ["provider", "specialised", "family", "service_code", "point_of_delivery", "catchment"]


def lines_of_year(weights: Weights, reference: Reference, year: str) -> pd.DataFrame:
    """Lines of all providers, with their money of a full year.

    One row for each provider, family, catchment, service code and point of delivery: `actual_price` in £ of a full year,
    `unit_price` in £ of that year, `specialised`, `kind`, `category`, `commissioned_by`, `over_plan`, and what rows of the
    line say (`treatment_functions`, `tariff_codes`, `national_price`, `description`, `family_name`).
    """
    totals = weights.provider_totals[weights.provider_totals["year"] == year].set_index("provider")["actual_price"]
    other = totals * weights.providers.set_index("provider")["other_care"]
    care = [
        _shared_out(weights, weights.service_mix, year, totals).assign(specialised=True),
        _shared_out(weights, weights.other_care, year, other).assign(specialised=False),
    ]
    lines = pd.concat(care, ignore_index=True)
    lines = lines.assign(
        kind=_kinds(lines["point_of_delivery"], reference),
        over_plan=lines["over_plan"] + lines["provider"].map(_of_year(weights.provider_over_plan, year, "provider")["over_plan"]),
        unit_price=lines["unit_price"] * weights.of_year(year)["price_index"],
    )
    lines["unit_price"] = lines["unit_price"].fillna(lines["kind"].map(MONEY_ROW))
    return _with_arrangement(lines, reference, year, weights.of_year(year)["delegated"] == "yes").sort_values(
        ORDER, ignore_index=True
    )


def _of_year(table: pd.DataFrame, year: str, key: str) -> pd.DataFrame:
    return table[table["year"] == year].set_index(key)


def _share_of(frame: pd.DataFrame, by: str, column: str) -> pd.Series:
    return frame[column] / frame.groupby(by)[column].transform("sum")


def _shared_out(weights: Weights, mix: pd.DataFrame, year: str, totals: pd.Series) -> pd.DataFrame:
    """Each provider's total over families, codes and points of delivery, in the mix of the year."""
    codes = weights.service_codes.assign(code_share=_share_of(weights.service_codes, "family", "weight"))
    points = weights.points_of_delivery.assign(point_share=_share_of(weights.points_of_delivery, "family", "share"))
    groups = _of_year(weights.group_years, year, "activity_group")
    lines = (
        mix.loc[mix["from_year"] <= year, ["provider", "family", "catchment", "share"]]
        .merge(weights.service_families.drop(columns="source"), on="family", validate="many_to_one")
        .merge(codes[["family", "service_code", "code_share"]], on="family")
        .merge(points.drop(columns=["source", "share"]), on="family")
        .merge(weights.activity_groups.drop(columns="source"), on="point_of_delivery", validate="many_to_one")
        .join(groups[["mix_factor", "over_plan"]], on="activity_group")
    )
    cost = lines["share"] * lines["code_share"] * lines["point_share"] * lines["mix_factor"]
    per_provider = cost.groupby(lines["provider"]).transform("sum")
    lines["actual_price"] = cost / per_provider * lines["provider"].map(totals)
    return lines.rename(columns={"name": "family_name", "commissioner": "commissioned_by"}).drop(
        columns=["share", "code_share", "point_share", "mix_factor"]
    )


def _kinds(points: pd.Series, reference: Reference) -> pd.Series:
    """Admitted spells, other activity, drugs and devices at cost, or money that is nobody's treatment."""
    kinds = pd.Series(ACTIVITY, index=points.index)
    kinds[points.map(reference.units) == "SPELL"] = SPELL
    kinds[points.isin(reference.non_activity)] = FINANCE
    return points.map(AT_COST).fillna(kinds).astype(int)


def _with_arrangement(lines: pd.DataFrame, reference: Reference, year: str, delegated: bool) -> pd.DataFrame:
    """Category and who commissions: from the family where it says so, else from the code's status in the year."""
    mental_health = lines["service_code"].isin(reference.mental_health)
    category = mental_health.map({True: RETAINED_MENTAL_HEALTH, False: RETAINED})
    commissioned_by = pd.Series(HUB, index=lines.index)
    if delegated:
        green = lines["service_code"].map(reference.status_of(year)) == "GREEN"
        category = category.mask(green, mental_health.map({True: DELEGATED_MENTAL_HEALTH, False: DELEGATED}))
        commissioned_by = commissioned_by.mask(green, POPULATION)
    return lines.assign(
        category=lines["category"].mask(lines["category"] == "", category),
        commissioned_by=lines["commissioned_by"].mask(lines["commissioned_by"] == "", commissioned_by),
    )
