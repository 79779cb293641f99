"""Charts of the patient-level sets. Every title is computed from the frame that is drawn."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import numeric
from presentation.wording import listed, number_of, number_within

SOURCE = "PLCM, DrPLCM and DePLCM beside Aggregate Contract Monitoring"
NOTHING = "No patient-level set is published for what is chosen"
SHOWN, NAMED = 15, 3


def overall(frame: pd.DataFrame) -> float | None:
    """The coverage of the rows together, as far as they are shown; None where nothing is."""
    prices = frame.assign(acm=numeric(frame["acm_price"]), own=numeric(frame["set_price"])).dropna(subset=["acm"])
    whole = prices["acm"].sum()
    return float(prices["own"].sum() / whole) if whole > 0 else None


def trusts(frame: pd.DataFrame) -> str:
    """Whose sets the rows are: by name where they are few."""
    names = list(dict.fromkeys(frame["provider_name"]))
    return listed(names) if len(names) <= NAMED else f"{number_within(len(names))} providers"


def coverage_title(frame: pd.DataFrame) -> str:
    found = overall(frame)
    if found is None:
        return NOTHING
    return f"Patient-level sets of {trusts(frame)} hold {found:.2f} of their ACM (1.00 is complete)"


def coverage_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Heatmap of providers by months."""
    drawn = frame.assign(value=numeric(frame["ratio"]))
    short = int((drawn["value"] < 0.995).sum())
    return Chart(
        kind=ChartKind.HEATMAP,
        frame=drawn[drawn["value"].notna()],
        columns={"row": "provider_name", "column": "period", "value": "value"},
        measure=Measure.SHARE,
        title=coverage_title(frame),
        summary=f"Of {number_of(len(drawn), 'provider month')}, {short} {'is' if short == 1 else 'are'} less than complete.",
        units="Price in the patient-level sets as a share of that in ACM, where patients are expected",
        source=SOURCE,
    )


def patients_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Bars of the rows with the most patients."""
    drawn = frame.assign(value=numeric(frame["patients"]))
    named = drawn[["service_name", "provider_name", "home_name", "year"]].itertuples(index=False, name=None)
    # The title and the filter say a year that is the same for all.
    several = len(set(drawn["year"])) > 1
    words = [f"{service}, {provider}, {home}{f' {year}' if several else ''}" for service, provider, home, year in named]
    drawn = drawn.assign(label=words).dropna(subset=["value"]).sort_values("value", ascending=False, kind="stable").head(SHOWN)
    return Chart(
        kind=ChartKind.BARS,
        frame=drawn,
        columns={"label": "label", "value": "value"},
        measure=Measure.PATIENTS,
        title=patients_title(frame),
        summary=f"The {number_of(len(drawn), 'row')} with the most patients of {len(frame):,}.",
        units="Distinct patients of a trust, counted once across PLCM, DrPLCM and DePLCM",
        source=SOURCE,
    )


def patients_title(frame: pd.DataFrame) -> str:
    values = numeric(frame["patients"])
    if not values.notna().any():
        return "No patients can be counted in what is chosen"
    first = frame.loc[values.idxmax()]
    most = f"{first['service_name']} at {first['provider_name']} for {first['home_name']}"
    return f"Most patients: {most}, about {int(values.max()):,} in {first['year']}"
