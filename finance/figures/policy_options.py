"""Saved policies side by side: what each gives to whom."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from finance.charts import policies as charts
from finance.figures.allocation import finance_stamp
from finance.figures.policies import (
    SOURCE,
    TriedPolicyForm,
    policy_fifths,
    policy_gains,
    policy_rows,
    policy_sources,
    read_systems,
)
from finance.forms.policies import WAYS, OptionsForm, PolicyForm
from finance.queries import policies as saved
from finance.queries import rates_version
from finance.tables import policies as tables
from planning.queries import choices
from presentation.figure import Figure, register
from presentation.wording import listed

MOST_DEPRIVED = "Most deprived fifth of residents"
COLUMNS = ["option_name", "who", "allocation", "gain", "gain_per_head", "closing_distance", "last_distance"]
# What an option says, in the words of the workbench.
SAID = [
    *(("year", "From the spend of", ""), ("growth", "Growth a year", "%"), ("quantum", "Quantum of the first year", "m")),
    *(("years", "Years ahead", ""), ("floor", "Floor", "%"), ("cap", "Cap", "%"), ("knots", "Knots", "")),
    *(("way", "Weighted shares by", ""), ("need_weight", "Weight of need", "%")),
    *(("leave_out_programme", "Programmes of care left out", ""), ("leave_out_system", "Systems left out", "")),
]


def form_of(option: Any, reader: Any) -> TriedPolicyForm:
    """The policy of an option, at its own position."""
    return TriedPolicyForm({**option.settings, "position": str(option.position)}, reader=reader, page=False)


def read_options(reader: Any, filters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each option with its filters and what it comes to, or with why it cannot be worked out any more."""
    read = []
    for option in saved.options_in(reader.user, filters["option"]):
        form = form_of(option, reader)
        if form.is_valid():
            read.append({"option": option, "filters": form.cleaned_data, **read_systems(reader, form.cleaned_data)})
        else:
            read.append({"option": option, "fault": " ".join(m for said in form.errors.values() for m in said)})
    return read


def policy_options(read: list[dict[str, Any]], filters: Mapping[str, Any]) -> pd.DataFrame:
    names = [one["option"].name for one in read]
    parts = []
    for one, name in zip(read, names, strict=True):
        called = f"{name} ({one['option'].owner})" if names.count(name) > 1 else name
        fault = one.get("fault") or one["tried"].fault
        parts.append(_of_option(one, called) if not fault else pd.DataFrame([{"option_name": called, "fault": fault}]))
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    frame = frame.reindex(columns=[*COLUMNS, "population_units", "first_year", "fault", "people"])
    words = {name: frame[name].astype(object).fillna("") for name in ("option_name", "who", "first_year", "fault")}
    return frame.assign(**words).astype(dict.fromkeys(("allocation", "gain", "people"), "Int64"))


def _of_option(one: Mapping[str, Any], name: str) -> pd.DataFrame:
    """A row for each system, and one for the fifth of residents who live in the most deprived places."""
    gains = policy_gains(one, one["filters"]).rename(columns={"system_name": "who"})
    fifths = policy_fifths(one, one["filters"]).iloc[:1].assign(who=MOST_DEPRIVED)
    return pd.concat([gains, fifths], ignore_index=True).assign(option_name=name, fault="")


def options_notes(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Iterator[str]:
    yield "A gain is the allocation of the first year less what growth alike for all would give of the option's own quantum."
    for option in saved.options_by_number(filters["option"]):
        if option.position != filters["position"]:
            yield f"“{option}” rests on position {option.position}."
    for name, fault in zip(frame["option_name"], frame["fault"], strict=True):
        if fault:
            yield f"“{name}” cannot be worked out. {fault}"


def options_stamp(filters: Mapping[str, Any]) -> tuple[str, ...]:
    return (*finance_stamp({"position": filters["position"]}), f"options {','.join(filters['option'])} {rates_version()}")


def options_rows(filters: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the first option: rows are of one position at a time."""
    found = saved.options_by_number(filters["option"][:1])
    form = PolicyForm({**found[0].settings, "position": str(found[0].position)}, page=False) if found else None
    if form is None or not form.is_valid():
        return {"position": filters["position"], "service_code": ["NONE"]}
    return policy_rows(form.cleaned_data)


def said_side_by_side(result: Any, user: Any) -> dict[str, Any]:
    """What the options of a result say: their names, and rows of (what, what each of them says)."""
    options = saved.options_in(user, result.filters["option"])
    said = [dict(said_of(option.settings)) for option in options]
    rows = [(words, [one.get(words, "None") for one in said]) for _, words, _ in SAID if any(words in one for one in said)]
    rows.append(("Position", [str(option.position) for option in options]))
    return {"names": [option.name for option in options], "rows": rows}


def said_of(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a policy says, in words: (what, value)."""
    return [(words, _said(name, settings[name], unit)) for name, words, unit in SAID if settings.get(name)]


def _said(name: str, value: Any, unit: str) -> str:
    if name == "way":
        return dict(WAYS).get(value, value)
    if isinstance(value, list):
        names = {**dict(choices.programme_choices()), **choices.system_names()}
        return listed([names.get(code, code) for code in value])
    return f"{'£' if name == 'quantum' else ''}{value}{unit}".replace("-", "\u2212")


POLICY_OPTIONS = register(
    Figure(
        name="policy_options",
        heading="Options side by side",
        form=OptionsForm,
        query=read_options,
        calculation=policy_options,
        table=tables.PolicyOptionsTable,
        chart=charts.options_chart,
        note=options_notes,
        stamp=options_stamp,
        source=SOURCE,
        sources=policy_sources,
        rows=options_rows,
        url_name="finance:policy_options",
    )
)
