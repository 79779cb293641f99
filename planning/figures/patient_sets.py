"""Figures of the patient-level sets: how far they hold what ACM holds, and how many patients they count."""

import pandas as pd

from planning.calculations.financial_years import months_in_words
from planning.calculations.set_coverage import KEYS, coverage_by, reconcile, with_coverage, with_ratio
from planning.charts import patient_sets as charts
from planning.figures.flows import position_stamp
from planning.forms.filters import PatientSetForm
from planning.queries import choices, patient_sets
from planning.queries.flows import NO_SERVICE_CODE
from planning.tables import patient_sets as tables
from presentation.disclosure import numeric
from presentation.figure import Figure, register
from presentation.wording import listed_at_most

SOURCE = charts.SOURCE
URL_NAME = "planning:patient_sets"
# Rounding of prices leaves a complete set this near to 1.
NEAR = 0.005


def read_sets(reader, filters):
    """ACM and the sets by provider, service, point of delivery and month, all accepted rows of them."""
    everything = {**filters, "specialised": "all"}
    return {
        "acm": patient_sets.acm_prices(reader, everything, KEYS),
        "sets": patient_sets.set_prices(everything, KEYS),
        "without_patients": patient_sets.without_patients(),
        "providers": choices.provider_names(),
        "services": dict(choices.service_code_choices()),
        "points": {code: name for _, group in choices.point_of_delivery_choices() for code, name in group},
    }


def _reconciled(read) -> pd.DataFrame:
    return reconcile(read["acm"], read["sets"], without_patients=read["without_patients"])


def _named(frame: pd.DataFrame, read) -> pd.DataFrame:
    periods = [months_in_words(year, [int(month)]) for year, month in zip(frame["year"], frame["month"], strict=True)]
    return frame.assign(
        provider_name=[read["providers"].get(code, code) for code in frame["provider"]],
        period=pd.Series(periods, index=frame.index, dtype=object),
        state=pd.Series(
            [state_of(ratio, apart) for ratio, apart in zip(frame["ratio"], frame["difference"], strict=True)],
            index=frame.index,
            dtype=object,
        ),
    )


def state_of(ratio: float | None, difference: int) -> str:
    """What a coverage ratio means, in a word; where there is none, what the difference says."""
    if ratio is None or pd.isna(ratio):
        return tables.COMPLETE if difference == 0 else tables.MISSING if difference < 0 else tables.TWICE
    if ratio < 1 - NEAR:
        return tables.MISSING
    return tables.TWICE if ratio > 1 + NEAR else tables.COMPLETE


def provider_months(read, filters):
    frame = coverage_by(_reconciled(read), ["provider", "year", "month"])
    return _named(frame, read).drop(columns=["month"])


def every_line(read, filters):
    """Every line, those furthest from ACM first; care that is not specialised stands apart, after all that is."""
    frame = with_ratio(_reconciled(read))
    expected = frame["is_expected"].astype(bool)
    frame = _named(frame, read)
    frame["state"] = frame["state"].where(expected, tables.NOT_EXPECTED)
    frame["other_price"] = frame["acm_price"].mask(expected)
    for name in ("acm_price", "difference", "ratio"):
        frame[name] = frame[name].where(expected)
    frame = frame.assign(
        service_name=[read["services"].get(code, code) for code in frame["service_code"]],
        point_name=[read["points"].get(code, code) for code in frame["point_of_delivery"]],
        care=[tables.OTHER_CARE if code == NO_SERVICE_CODE else tables.SPECIALISED for code in frame["service_code"]],
        is_other=frame["service_code"] == NO_SERVICE_CODE,
        size=frame["difference"].abs(),
    )
    by = ["is_other", "size", *KEYS]
    ordered = frame.sort_values(by, ascending=[True, False, *[True] * len(KEYS)], na_position="last", ignore_index=True)
    return ordered.drop(columns=["size", "is_other", "month", "is_expected"])


def line_notes(frame, filters):
    if len(frame) and set(frame["care"]) == {tables.SPECIALISED, tables.OTHER_CARE}:
        yield f"Specialised care stands first. Other care (code {NO_SERVICE_CODE}) follows it; the total is of both."


def coverage_notes(frame, filters):
    yield "ACM is the sum of the three sets: a ratio below 1.00 means that patients are missing, above it that some stand twice."
    yield "Money that no patient is behind, such as a block payment, is expected in none of them and is in no ratio."
    yield "Only providers and years of which a patient-level set is published are shown. The sets are in no total of money."


def read_patients(reader, filters):
    """Patients of specialised care, with what of it the sets hold."""
    return {
        "patients": patient_sets.patient_counts(filters),
        "acm": patient_sets.acm_prices(reader, filters, KEYS),
        "sets": patient_sets.set_prices(filters, KEYS),
        "without_patients": patient_sets.without_patients(),
        "service_of": patient_sets.service_of_codes(),
        "providers": choices.provider_names(),
        "services": dict(choices.service_choices()),
        "homes": choices.home_names(),
    }


def patients_with_coverage(read, filters):
    reconciled = _reconciled(read)
    reconciled = reconciled.assign(service=reconciled["service_code"].map(read["service_of"]).fillna("").astype(object))
    on = ["provider", "year", "service"]
    frame = with_coverage(read["patients"], coverage_by(reconciled, on), on)
    frame = frame.assign(
        provider_name=[read["providers"].get(code, code) for code in frame["provider"]],
        service_name=[read["services"].get(code, code) or "Services without a name" for code in frame["service"]],
        home_name=[read["homes"].get(code, code) for code in frame["home_system"]],
    )
    return frame.drop(columns="rows").sort_values(
        ["patients", "provider", "service", "home_system", "year"], ascending=[False, *[True] * 4], ignore_index=True
    )


def patient_notes(frame, filters):
    yield "A patient is counted once across PLCM, DrPLCM and DePLCM of a trust, and once at each trust that treats them."
    yield "1 to 7 patients are hidden (*), other counts are to the nearest 5. Patients of several rows are not added up."
    yield "Where coverage is below 1.00 patients are missing: few patients need not mean little access."
    ratios = numeric(frame["ratio"]) if len(frame) else pd.Series(dtype="float64")
    if low := list(frame.loc[ratios < 1 - NEAR, "service_name"].unique()) if len(frame) else []:
        yield f"Less than complete: {listed_at_most(low, 5)}."


def both_sides(filters):
    """The rows behind: those of ACM and of the sets, of all care, at the providers that have sent a set."""
    sent = patient_sets.providers_with_sets(filters)
    return {**filters, "provider": sent or ["none"], "sets": "too", "specialised": "all"}


def sets_alone(filters):
    return {**filters, "sets": "alone"}


SET_COVERAGE = register(
    Figure(
        name="set_coverage",
        heading="How much of ACM the patient-level sets hold",
        form=PatientSetForm,
        query=read_sets,
        calculation=provider_months,
        table=tables.SetCoverageTable,
        chart=charts.coverage_chart,
        note=coverage_notes,
        rows=both_sides,
        stamp=position_stamp,
        source=SOURCE,
        url_name=URL_NAME,
    )
)
SET_RECONCILIATION = register(
    Figure(
        name="set_reconciliation",
        heading="Where patient-level sets and ACM differ",
        form=PatientSetForm,
        query=read_sets,
        calculation=every_line,
        table=tables.SetReconciliationTable,
        note=line_notes,
        rows=both_sides,
        stamp=position_stamp,
        source=SOURCE,
        url_name=URL_NAME,
    )
)
PATIENTS = register(
    Figure(
        name="patients",
        heading="Distinct patients",
        form=PatientSetForm,
        query=read_patients,
        calculation=patients_with_coverage,
        table=tables.PatientsTable,
        chart=charts.patients_chart,
        note=patient_notes,
        rows=sets_alone,
        stamp=position_stamp,
        source=SOURCE,
        url_name=URL_NAME,
    )
)


def sets_sentence(results) -> str:
    """What the page says first."""
    frame = results["set_coverage"].frame
    if frame.empty:
        return f"{charts.NOTHING}. Send PLCM, DrPLCM and DePLCM to count patients and to hold them against ACM."
    found = f"{charts.coverage_title(frame)}."
    if whose := _whose(frame, tables.MISSING):
        found += f" Patients are missing in some months of {whose}."
    if whose := _whose(frame, tables.TWICE):
        found += f" Some stand twice in months of {whose}."
    return found


def _whose(frame: pd.DataFrame, state: str) -> str:
    """The providers of which any month is in a state; blank where there are none."""
    own = list(frame.loc[frame["state"] == state, "provider_name"].unique())
    if len(own) == frame["provider_name"].nunique() > charts.NAMED:
        return "each of them"
    return listed_at_most(own, charts.NAMED)
