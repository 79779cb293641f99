"""Charts of catchment populations. Every title is computed from the frame that is drawn, so that it is true of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planning.charts.flows import period
from presentation.amounts import percent, whole
from presentation.chart import Chart, ChartKind, Measure
from presentation.disclosure import HIDDEN, numeric
from presentation.wording import leaders, listed, number_of

SOURCE = "Aggregate Contract Monitoring; patient-level sets where they give age and sex; ONS population estimates"
METHODS = {"proportional": "Proportional", "first_past_the_post": "First past the post", "at_least_30": "30% rule"}
AGES = {
    "age_0_14": "0 to 14",
    "age_15_44": "15 to 44",
    "age_45_64": "45 to 64",
    "age_65_84": "65 to 84",
    "age_85": "85 and over",
}
SHOWN_PROVIDERS = 15
SHOWN_AREAS = 15
NOTHING = "No catchment follows from what is chosen"
NOT_WHOLE = "No catchment is known: of no system have all of its own trusts submitted."
# A number that is hidden is neither nought nor missing.
TOO_FEW = "Not shown: there are too few spells"
# Below a tenth of an index point of the score two catchments are alike.
ALIKE = 0.05


def is_hidden(values: pd.Series) -> bool:
    return any(value is HIDDEN for value in values)


def people(value: float) -> str:
    """A population in a sentence: to the thousand where it is large, since it is an estimate."""
    if value >= 999_500:
        return f"{value / 1e6:.2f} million"
    if 0 < value <= 50:
        return "fewer than 100"
    return whole(round(value, -3) if value >= 10_000 else round(value, -2))


def catchments_title(frame: pd.DataFrame) -> str:
    """The largest by the proportional method, with what the other methods make of it."""
    names, most = leaders(list(frame["provider_name"]), list(numeric(frame["proportional"])))
    if not names or not most:
        return TOO_FEW if is_hidden(frame["proportional"]) else NOTHING
    if len(names) > 1:
        return f"{number_of(len(names), 'provider')} have the largest catchment, {people(most)} residents each"
    row = numeric(frame.loc[frame["provider_name"] == names[0], list(METHODS)].iloc[0])
    others = ["nobody" if not row[name] else people(row[name]) for name in ("first_past_the_post", "at_least_30")]
    return (
        f"{names[0]} has the largest proportional catchment, {people(most)} residents: {others[0]} by first past the post, "
        f"{others[1]} by the 30% rule"
    )


def catchments_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """A dot for each method on the row of each provider."""
    shown = frame[numeric(frame["proportional"]) > 0].head(SHOWN_PROVIDERS)
    drawn = pd.concat(
        [pd.DataFrame({"label": shown["provider_name"], "series": s, "value": numeric(shown[c])}) for c, s in METHODS.items()],
        ignore_index=True,
    )
    left_out = int((numeric(frame["proportional"]) > 0).sum()) - len(shown)
    more = f"; the table has {left_out} more" if left_out else ""
    return Chart(
        kind=ChartKind.DOT_PLOT,
        frame=drawn,
        columns={"label": "label", "value": "value", "series": "series"},
        measure=Measure.POPULATION,
        title=catchments_title(frame),
        summary=f"Residents in the catchments of {number_of(len(shown), 'provider')} by three methods, {period(filters)}{more}.",
        units="Residents",
        source=SOURCE,
    )


def profiles_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """The ages of each catchment, those of the own area first."""
    shown = frame[numeric(frame["age_0_14"]).notna()].head(SHOWN_PROVIDERS + 1)
    drawn = pd.concat(
        [pd.DataFrame({"label": shown["provider_name"], "series": s, "value": numeric(shown[c])}) for c, s in AGES.items()],
        ignore_index=True,
    )
    return Chart(
        kind=ChartKind.STACKED_BARS,
        frame=drawn,
        columns={"label": "label", "value": "value", "series": "series"},
        measure=Measure.SHARE,
        title=profiles_title(frame),
        summary=f"Ages of the residents in {number_of(len(shown), 'catchment')}, proportional, {period(filters)}.",
        units="Share of the catchment's residents by age",
        source=SOURCE,
        options={"decimals": 0},
    )


def profiles_title(frame: pd.DataFrame) -> str:
    """Whose catchment is the most deprived, and whose the least."""
    others = frame[~frame["is_own"].astype(bool)]
    scores = numeric(others["score"])
    high, most = leaders(list(others["provider_name"]), list(scores))
    low, least = leaders(list(others["provider_name"]), list(-scores))
    if not high or most is None or least is None:
        return TOO_FEW if is_hidden(others["score"]) else NOTHING
    if most + least < ALIKE:
        return f"The catchments are alike in deprivation: an average IMD score of {most:.1f}"
    return f"Most deprived is the catchment of {listed(high)} (IMD score {most:.1f}), least that of {listed(low)} ({-least:.1f})"


def areas_title(frame: pd.DataFrame, filters: Mapping[str, Any]) -> str:
    left = numeric(frame["unassigned"]).fillna(0)
    total = numeric(frame["population"]).sum()
    if not total:
        return "No residents of areas are loaded"
    if left.sum() < 0.5:
        return f"Every one of {number_of(len(frame), 'area')} has spells: nobody is left out of a catchment"
    where = number_of(int((left >= 0.5).sum()), "area")
    return f"{people(left.sum())} residents of {where} ({percent(left.sum() / total, 1)}) are in nobody's catchment"


def provider_catchment_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """The areas that most of the catchment lives in."""
    drawn = frame.assign(value=numeric(frame["proportional"]), shared=numeric(frame["share"]))
    shown = drawn[drawn["value"] > 0].head(SHOWN_AREAS)
    notes = [f"({percent(share, 0)} of its spells)" if share == share else "" for share in shown["shared"]]
    return Chart(
        kind=ChartKind.BARS,
        frame=shown.assign(note=pd.Series(notes, index=shown.index, dtype=object)),
        columns={"label": "area_name", "value": "value", "note": "note"},
        measure=Measure.POPULATION,
        title=provider_catchment_title(frame),
        summary=f"Residents in the proportional catchment by area, {number_of(len(shown), 'area')} drawn, {period(filters)}.",
        units="Residents",
        source=SOURCE,
    )


def provider_catchment_title(frame: pd.DataFrame) -> str:
    values = numeric(frame["proportional"])
    names, most = leaders(list(frame["area_name"]), list(values))
    if not names or not most:
        return TOO_FEW if is_hidden(frame["proportional"]) else NOTHING
    return (
        f"{percent(most / values.sum(), 0)} of the catchment lives in {listed(names[:1])}"
        if len(names) == 1
        else (f"The catchment is spread evenly over {number_of(len(names), 'area')}")
    )


def ages_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """The own area as rings, the catchment as dots, the oldest at the top as in a pyramid."""
    bands = frame.iloc[::-1]
    parts = [(f"Residents of {own_area(frame)}", "own_share"), ("Catchment", "share")]
    drawn = pd.concat(
        [pd.DataFrame({"label": bands["age_band"], "series": s, "value": numeric(bands[c])}) for s, c in parts], ignore_index=True
    )
    return Chart(
        kind=ChartKind.DOT_PLOT,
        frame=drawn[drawn["value"].notna()],
        columns={"label": "label", "value": "value", "series": "series"},
        measure=Measure.SHARE,
        title=ages_title(frame),
        summary="Share of residents in each age band: the catchment beside the programme's own area.",
        units="Share of residents by age band",
        source=SOURCE,
    )


def own_area(frame: pd.DataFrame) -> str:
    return str(frame["own_name"].iloc[0]) if len(frame) else "the own area"


def ages_title(frame: pd.DataFrame) -> str:
    older = frame["age_band"].isin(["65-74", "75-84", "85+"])
    theirs, own = numeric(frame["share"]), numeric(frame["own_share"])
    if theirs.isna().any() or not theirs.sum() > 0:
        return "The ages of this catchment are not shown or not known"
    share, average = theirs[older].sum(), own[older].sum()
    if percent(share, 0) == percent(average, 0):
        return f"{percent(share, 0)} of the catchment is 65 or over, as in {own_area(frame)}"
    return f"{percent(share, 0)} of the catchment is 65 or over, against {percent(average, 0)} of {own_area(frame)}"


def all_admissions_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Proportional catchments of both, a ring and a dot on the row of each provider."""
    drawn = frame.assign(ours=numeric(frame["proportional"]), theirs=numeric(frame["all_proportional"]))
    shown = drawn.dropna(subset=["ours", "theirs"]).head(SHOWN_PROVIDERS)
    parts = [("All admissions", "theirs"), ("Specialised", "ours")]
    return Chart(
        kind=ChartKind.DOT_PLOT,
        frame=pd.concat(
            [pd.DataFrame({"label": shown["provider_name"], "series": s, "value": shown[c]}) for s, c in parts], ignore_index=True
        ),
        columns={"label": "label", "value": "value", "series": "series"},
        measure=Measure.POPULATION,
        title=all_admissions_title(drawn),
        summary=f"Proportional catchments of {number_of(len(shown), 'provider')}: specialised spells beside all admissions.",
        units="Residents, proportional method",
        source=f"{SOURCE}; the public file named below",
    )


def all_admissions_title(drawn: pd.DataFrame) -> str:
    """Whose specialised catchment is the largest beside its published one."""
    published = drawn.dropna(subset=["theirs"])
    shown = published.dropna(subset=["ours"])
    if shown.empty and is_hidden(published["proportional"]):
        return TOO_FEW
    if shown.empty:
        return "No published catchments of all admissions are loaded for these providers"
    ratios = (shown["ours"] / shown["theirs"].where(shown["theirs"] > 0)).tolist()
    names, most = leaders(list(shown["provider_name"]), ratios)
    if not names or most is None:
        return "No published catchments of all admissions are loaded for these providers"
    if most <= 1:
        return "No provider's specialised catchment is larger than its published one of all admissions"
    return f"{listed(names[:1])}: the specialised catchment is {most:.1f} times the published one of all admissions"


def origins_chart(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Chart:
    """Both shares on the row of each home, the largest first."""
    drawn = frame.assign(ours=numeric(frame["share"]), theirs=numeric(frame["all_share"]))
    shown = drawn.assign(size=drawn[["ours", "theirs"]].max(axis=1)).nlargest(SHOWN_AREAS, "size")
    parts = [("All admissions", "theirs"), ("Specialised spells", "ours")]
    both = pd.concat(
        [pd.DataFrame({"label": shown["home_name"], "series": s, "value": shown[c]}) for s, c in parts], ignore_index=True
    )
    return Chart(
        kind=ChartKind.DOT_PLOT,
        frame=both[both["value"].notna()],
        columns={"label": "label", "value": "value", "series": "series"},
        measure=Measure.SHARE,
        title=origins_title(drawn),
        summary=f"Shares of the provider's patients, {number_of(len(shown), 'home')} drawn, {period(filters)}.",
        units="Share of the provider's specialised spells, and of all its admissions",
        source="Aggregate Contract Monitoring; the public file named below",
    )


def origins_title(frame: pd.DataFrame) -> str:
    apart = numeric(frame["difference"])
    names, most = leaders(list(frame["home_name"]), list(apart.abs()))
    if not names or most is None:
        hidden = is_hidden(frame.loc[frame["theirs"].notna(), "share"])
        return TOO_FEW if hidden else "No published shares of all admissions are loaded for this provider"
    row = frame[frame["home_name"] == names[0]].iloc[0]
    return f"{names[0]}: {percent(row['ours'], 0)} of specialised spells, {percent(row['theirs'], 0)} of all admissions"


def origin_comparison_title(frame: pd.DataFrame, filters: Mapping[str, Any]) -> str:
    known = frame.assign(ours=numeric(frame["outside_own_area"]), theirs=numeric(frame["all_outside_own_area"]))
    published, known = known.dropna(subset=["theirs"]), known.dropna(subset=["ours", "theirs"])
    if known.empty and is_hidden(published["outside_own_area"]):
        return TOO_FEW
    if known.empty:
        return "No published origins of all admissions are loaded for these providers"
    names, most = leaders(list(known["provider_name"]), list((known["ours"] - known["theirs"]).tolist()))
    row = known[known["provider_name"] == names[0]].iloc[0]
    ours, theirs = percent(row["ours"], 0), percent(row["theirs"], 0)
    if most is None or most <= 0:
        return "At no provider do more specialised than other patients come from outside the own area"
    return f"{names[0]}: {ours} of specialised spells are from outside the own area, {theirs} of all admissions"
