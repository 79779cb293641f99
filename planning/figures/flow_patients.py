"""Distinct patients of flows, from the patient-level sets, with how much of each provider's activity those sets hold."""

import pandas as pd

from planning.calculations.flow_tables import SUMS
from planning.calculations.set_coverage import KEYS, coverage_by, reconcile
from planning.queries import patient_sets
from presentation.amounts import number
from presentation.disclosure import numeric
from presentation.wording import listed_at_most

# Rounding of prices leaves a complete set this near to 1.
NEAR = 0.005


def with_patients(flows, reader, filters, by):
    """Flows with `patients`, distinct at each provider, and `coverage`, the share of its price that its sets hold."""
    counted = patient_sets.patient_counts(filters, tuple(by))[[*by, "patients"]]
    both = flows.merge(counted, on=by, how="outer", validate="one_to_one")
    covered = coverage_of_providers(reader, filters)
    # A provider that sent a set has nobody where the set has nobody; of the others nothing is known.
    silent = both["patients"].isna() & both["provider"].isin(covered.index)
    both["patients"] = both["patients"].mask(silent, 0).astype("Int64")
    # Where patients are known, they and not the events are who may not be told apart.
    people = (both["patients"] * 1_000).mask(both["patients"] == 0)
    both["people"] = pd.concat([both["people"], people.where(both["people"].notna())], axis=1).min(axis=1).astype("Int64")
    return both.astype(dict.fromkeys([*SUMS, "people"], "Int64"))


def coverage_of_providers(reader, filters) -> pd.Series:
    """The coverage ratio of each provider with a set, in what is asked for."""
    acm, sets = patient_sets.acm_prices(reader, filters, KEYS), patient_sets.set_prices(filters, KEYS)
    held = reconcile(acm, sets, without_patients=patient_sets.without_patients())
    return coverage_by(held, ["provider"]).set_index("provider")["ratio"]


def patient_notes(frame):
    """How patients are counted, and whose sets are not complete."""
    yield "A patient is counted once at each provider across its PLCM, DrPLCM and DePLCM, so patients are not added up."
    yield "1 to 7 patients are hidden (*), other counts are to the nearest 5."
    known = numeric(frame["coverage"]) if "coverage" in frame else pd.Series(dtype="float64")
    ratios = known.groupby(frame["provider_name"]).first() if len(known) else known
    low = [f"{name} ({number(ratio, 2)})" for name, ratio in ratios.items() if ratio < 1 - NEAR]
    if low:
        yield f"Coverage is the sets' share of ACM's cost; less than complete, patients are missing: {listed_at_most(low, 6)}."
    if silent := sorted(ratios[ratios.isna()].index):
        yield f"No patient-level set in what is chosen, so patients are not known: {listed_at_most(silent, 6)}."
