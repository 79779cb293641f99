"""The weights: small tables of shares, prices and totals, each row with where it comes from."""

from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd

# Columns that hold numbers; every other column is text, with blanks as ''.
NUMBERS = {
    "actual_price",
    "months",
    "price_index",
    "outside_spells",
    "outside_cost",
    "unknown_patients",
    "other_care",
    "weight",
    "share",
    "unit_price",
    "rows",
    "month",
    "mix_factor",
    "over_plan",
    "Population",
}


class UnusableWeights(Exception):
    """The weights name codes, years or families that are not there."""


@dataclass(frozen=True)
class Weights:
    """One frame for each CSV file of the folder; `README.md` there says what each holds."""

    years: pd.DataFrame
    providers: pd.DataFrame
    provider_totals: pd.DataFrame
    provider_over_plan: pd.DataFrame
    service_families: pd.DataFrame
    service_codes: pd.DataFrame
    service_mix: pd.DataFrame
    other_care: pd.DataFrame
    points_of_delivery: pd.DataFrame
    activity_groups: pd.DataFrame
    group_years: pd.DataFrame
    phasing: pd.DataFrame
    homes: pd.DataFrame
    commissioners: pd.DataFrame
    sites: pd.DataFrame
    practices: pd.DataFrame

    def of_year(self, year: str) -> pd.Series:
        """The row of `years` for one year."""
        return self.years.set_index("year").loc[year]


def read_table(path: Path) -> pd.DataFrame:
    """A CSV file as text, but for the columns that hold numbers."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return table.assign(**{column: pd.to_numeric(table[column]) for column in table.columns if column in NUMBERS})


def read_weights(folder: Path) -> Weights:
    return Weights(**{field.name: read_table(folder / f"{field.name}.csv") for field in fields(Weights)})
