"""Rounds for tests: the four areas of the worked files, and a round stored as it would be after it was calculated."""

import json
from dataclasses import replace

import pandas as pd

from finance.actions import rounds as acting
from finance.calculations.need import NeedModel
from finance.calculations.rounds import MEASURE_COLUMNS, RoundInputs, RoundPolicy, calculate_round
from finance.models import AllocationRound
from finance.queries.rounds import fingerprint
from tests.source import ROOT

KNOTS = ((-0.1, 0.015), (-0.05, 0.01), (-0.025, 0.004), (0.0, 0.0), (0.025, 0.0), (0.05, -0.005), (0.1, -0.01))
PARAMETERS = {
    "growth": 0.044,
    "floor": 0.036,
    "cap": 0.055,
    "knots": [list(knot) for knot in KNOTS],
    "need_per_unit": 0.004,
    "transfers": [],
    "errors": {"population": 0.01, "age": 0.02, "need": 0.03, "market_forces": 0.005},
}
POLICY = RoundPolicy(
    years=("2026/27", "2027/28"),
    need="imported",
    growth=0.044,
    floor=0.036,
    cap=0.055,
    knots=KNOTS,
    errors=PARAMETERS["errors"],
)
MONEY = {"A": 420_000_000, "B": 326_000_000, "C": 364_000_000, "D": 214_000_000}


def worked_case(number: str) -> dict:
    [path] = (ROOT / "tests" / "worked" / "cases").glob(f"{number}_*.json")
    return json.loads(path.read_text())


def worked_inputs() -> RoundInputs:
    """The areas of the worked files: people, weights, need and market forces of one, money of another."""
    case = worked_case("01c")["inputs"]
    people = [
        ("", area, sex.lower(), band, number)
        for area, by_sex in case["population"].items()
        for sex, numbers in by_sex.items()
        for band, number in zip(case["age_bands"], numbers, strict=True)
    ]
    weights = [(sex.lower(), band, cost) for sex, by_band in case["cost_weights"].items() for band, cost in by_band.items()]
    # Prices hold the factor: it is taken out again before shares of care are made.
    care = [
        (area, provider, round(share * case["provider_mff"][provider] * 10**12))
        for area, by_provider in case["flow_share"].items()
        for provider, share in by_provider.items()
    ]
    areas = sorted(MONEY)
    return RoundInputs(
        baselines=pd.DataFrame(
            {"area": areas, "name": areas, "baseline": [MONEY[a] * 10_000 for a in areas], "people": [900_000] * len(areas)}
        ),
        people=pd.DataFrame(people, columns=["year", "area", "sex", "age_band", "population"]),
        cost_weights=pd.DataFrame(weights, columns=["sex", "age_band", "cost"]),
        need=pd.DataFrame(list(case["additional_need_index"].items()), columns=["area", "measure"]),
        care=pd.DataFrame(care, columns=["area", "provider", "price"]).assign(people=900_000),
        market_forces=pd.DataFrame(list(case["provider_mff"].items()), columns=["provider", "mff"]),
        weighted=pd.DataFrame({"area": areas, "population": [100.0, 200.0, 300.0, 400.0], "weighted_population_raw": 250.0}),
    )


def with_measures() -> RoundInputs:
    """The same areas with the measures of the worked model of need, those of one area by its places, and no other need."""
    case = worked_case("01b")["inputs"]
    names = [*case["need_variables"], *case["supply_variables"]]
    rows = [(area, name, "units", float(own[name]), 3 * (area == "B")) for area, own in case["areas"].items() for name in names]
    inputs = worked_inputs()
    return replace(inputs, need=inputs.need[:0], measures=pd.DataFrame(rows, columns=MEASURE_COLUMNS))


def modelled(policy: RoundPolicy = POLICY, **changes: float) -> RoundPolicy:
    """The policy with the worked model of need; `changes` are other coefficients."""
    case = worked_case("01b")["inputs"]
    sides = {**dict.fromkeys(case["need_variables"], "need"), **dict.fromkeys(case["supply_variables"], "supply")}
    measures = tuple((name, side, changes.get(name, case["beta"][name])) for name, side in sides.items())
    return replace(policy, need="model", model=NeedModel(changes.get("const", case["beta"]["const"]), measures))


def stored_round(
    by,
    *,
    position: int = 1,
    baseline_year: str = "2025/26",
    state: str = "calculated",
    policy: RoundPolicy = POLICY,
    inputs: RoundInputs | None = None,
    **changes,
) -> AllocationRound:
    """A round of the four areas, calculated without a position to read."""
    asked = {"name": "Worked example", "position": position, "baseline_year": baseline_year, "first_year": "2026/27", "years": 2}
    asked |= {"need": "imported", "parameters": PARAMETERS, **changes}
    inputs = worked_inputs() if inputs is None else inputs
    found = AllocationRound(made_by=by, state=state, **asked)
    found.inputs = {"tables": acting.input_tables(inputs), "sources": [["Worked example", "4 areas", "Made up for tests"]]}
    found.results = {"tables": acting.result_tables(calculate_round(inputs, policy))}
    found.sha256 = fingerprint(found)
    found.save()
    return found
