"""Saved policies side by side: what each gives to whom."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from finance.charts import policies as charts
from finance.figures.allocation import finance_stamp
from finance.figures.policies import (
    SOURCE,
    TriedPolicyForm,
    fifths_notes,
    policy_fifths,
    policy_gains,
    policy_providers,
    policy_rows,
    policy_sources,
    providers_notes,
    read_providers,
)
from finance.forms.policies import WAYS, OptionsForm, PolicyForm
from finance.queries import policies as saved
from finance.queries import rates_version
from finance.tables import policies as tables
from finance.tables.policies import PolicyOptionsTable as OptionsTable
from planning.queries import choices
from presentation.figure import Figure, register
from presentation.shared_reads import shared
from presentation.tables import FigureTable
from presentation.wording import listed

FIFTHS = {
    number: f"{name} fifth of residents"
    for number, name in enumerate(("Most deprived", "Second", "Middle", "Fourth", "Least deprived"), start=1)
}
NAMED = ["option_name", "who", "first_year", "fault"]
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


@shared
def read_options(reader: Any, filters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each option with its filters and what it comes to, or with why it cannot be worked out any more."""
    read = []
    for option in saved.options_in(reader.user, filters["option"]):
        form = form_of(option, reader)
        if form.is_valid():
            read.append({"option": option, "filters": form.cleaned_data, **read_providers(reader, form.cleaned_data)})
        else:
            read.append({"option": option, "fault": " ".join(m for said in form.errors.values() for m in said)})
    return read


Rows = Callable[[Mapping[str, Any], Mapping[str, Any]], pd.DataFrame]


def _side_by_side(read: list[dict[str, Any]], rows_of: Rows, table: type[FigureTable]) -> pd.DataFrame:
    """The rows of each option by its name, and one for each option that cannot be worked out, with why."""
    names = [one["option"].name for one in read]
    parts = []
    for one, name in zip(read, names, strict=True):
        called = f"{name} ({one['option'].owner})" if names.count(name) > 1 else name
        fault = one.get("fault") or one["tried"].fault
        told = [{"option_name": called, "fault": fault}]
        parts.append(pd.DataFrame(told) if fault else rows_of(one, one["filters"]).assign(option_name=called, fault=""))
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    columns = list(dict.fromkeys([*NAMED, *tables.column_names(table)]))
    frame = frame.reindex(columns=columns)
    money = [name for name in ("allocation", "gain", "price", "people") if name in columns]
    return frame.assign(**{name: frame[name].astype(object).fillna("") for name in NAMED}).astype(dict.fromkeys(money, "Int64"))


def policy_options(read: list[dict[str, Any]], filters: Mapping[str, Any]) -> pd.DataFrame:
    """A row for each option and system."""
    return _side_by_side(read, lambda one, said: policy_gains(one, said).rename(columns={"system_name": "who"}), OptionsTable)


def policy_options_fifths(read: list[dict[str, Any]], filters: Mapping[str, Any]) -> pd.DataFrame:
    """A row for each option and fifth of residents, the most deprived first."""

    def fifths(one: Mapping[str, Any], said: Mapping[str, Any]) -> pd.DataFrame:
        rows = policy_fifths(one, said)
        return rows.assign(who=rows["fifth"].map(FIFTHS)) if "fifth" in rows else rows

    return _side_by_side(read, fifths, tables.PolicyOptionsFifthsTable)


def policy_options_providers(read: list[dict[str, Any]], filters: Mapping[str, Any]) -> pd.DataFrame:
    """A row for each option and provider."""
    return _side_by_side(
        read,
        lambda one, said: policy_providers(one, said).rename(columns={"provider_name": "who"}),
        tables.PolicyOptionsProvidersTable,
    )


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


def options_fifths_notes(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Iterator[str]:
    yield from fifths_notes(frame, filters)
    yield from options_notes(frame, filters)


def options_providers_notes(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Iterator[str]:
    yield from providers_notes(frame, filters)
    if frame["who"].nunique() > charts.MOST_DRAWN:
        yield f"The chart draws the {charts.MOST_DRAWN} that would feel any of the options most; the table holds all."
    yield from options_notes(frame, filters)


def _options_figure(**options: Any) -> Figure:
    common = {"form": OptionsForm, "query": read_options, "stamp": options_stamp, "source": SOURCE, "sources": policy_sources}
    return register(Figure(**{**common, "rows": options_rows, "url_name": "finance:policy_options", **options}))


POLICY_OPTIONS = _options_figure(
    name="policy_options",
    heading="Options side by side",
    calculation=policy_options,
    table=OptionsTable,
    chart=charts.options_chart,
    note=options_notes,
)
POLICY_OPTIONS_FIFTHS = _options_figure(
    name="policy_options_fifths",
    heading="Options by fifth of deprivation",
    calculation=policy_options_fifths,
    table=tables.PolicyOptionsFifthsTable,
    chart=charts.options_fifths_chart,
    note=options_fifths_notes,
)
POLICY_OPTIONS_PROVIDERS = _options_figure(
    name="policy_options_providers",
    heading="Options at host providers",
    calculation=policy_options_providers,
    table=tables.PolicyOptionsProvidersTable,
    chart=charts.options_providers_chart,
    note=options_providers_notes,
)
