"""What figures say where a plan comes from a plan return."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planning.calculations.financial_years import months_in_words
from planning.queries import choices, positions
from presentation.wording import listed


def plan_notes(frame: pd.DataFrame, filters: Mapping[str, Any]) -> list[str]:
    """Sentences for a figure that holds plans, where some of those come from plan returns (IAP)."""
    plans = positions.manifest(filters.get("position")).plans
    if plans.empty or not any("plan" in str(column) or "budget" in str(column) for column in frame.columns):
        return []
    if filters.get("provider"):
        plans = plans[plans["provider"].isin(filters["provider"])]
    if filters.get("year") not in (None, "", "all"):
        plans = plans[plans["year"] == filters["year"]]
    plans = plans[plans["month"].between(filters.get("from_month") or 1, filters.get("to_month") or 13)]
    if plans.empty:
        return []
    names = choices.provider_names()
    of = [
        f"{names.get(provider, provider)} ({months_in_words(year, set(own['month']))})"
        for (provider, year), own in plans.groupby(["provider", "year"], sort=True)
    ]
    return [f"Where ACM holds no plan, it is taken from the Indicative Activity Plan (IAP): {listed(of)}."]
