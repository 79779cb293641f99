"""What scenarios assume, in words: the rows that one scenario used, and all that are in force."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd
from django.utils import timezone

from planning.calculations.assumptions import rows_in_force
from planning.figures.scenario_reading import effects_of_version, of_version, scenario_stamp
from planning.figures.scenarios import URL_NAME
from planning.forms.filters import PositionForm
from planning.forms.scenarios import ScenarioForm
from planning.queries import assumptions, choices
from planning.queries import scenarios as reading
from planning.tables.scenarios import ScenarioAssumptionsTable
from presentation.figure import Figure, RestsOn, register
from presentation.wording import number_of, unit_name

COLUMNS = ["what", "scope", "value", "measured_in", "state", "quality", "owner", "recorded", "source"]
# What is said of an assumption, by its key; others are their key in words.
WORDS = {
    "variable_share": "Variable cost",
    "semi_fixed_share": "Semi-fixed cost",
    "fixed_share": "Fixed cost",
    "step": "Step of semi-fixed cost",
    "follows_patient": "Payment that follows the patient",
    "low_volume_threshold": "Low-volume relationship, below",
    "length_of_stay": "Length of stay",
    "occupancy": "Bed occupancy",
    "demographic": "Demographic growth",
    "non_demographic": "Non-demographic growth",
    "unit_price": "Unit price, without the market forces factor",
}


def what_words(kind: str, key: str) -> str:
    if key in WORDS:
        return WORDS[key]
    if kind == "use":
        sex, band = key.split("_", 1)
        return f"Use of care a head, {'women' if sex == 'f' else 'men'} {band}"
    if "_release_" in key:
        of, year = key.split("_release_")
        return f"{of.replace('_', '-').capitalize()} cost given up by year {year}"
    return key.replace("_", " ").capitalize()


def scope_words(row: Mapping[str, Any]) -> str:
    names = {
        "provider": choices.provider_names(),
        "service": reading.service_names(),
        "home": choices.home_names(),
        "point_of_delivery": reading.point_of_delivery_names(),
    }
    said = [of.get(row[name], row[name]) for name, of in names.items() if row[name]]
    said += [unit_name(row["unit"])] if row["unit"] and not row["point_of_delivery"] else []
    return ", ".join(said) or "Everything"


def in_words(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of assumptions as a table shows them."""
    return [
        {
            "what": what_words(row["kind"], row["key"]),
            "scope": scope_words(row),
            "value": float(row["value"]),
            "measured_in": row["measured_in"],
            "state": "Default" if row["default"] else "Decided",
            "quality": "Illustrative" if row["illustrative"] else "",
            "owner": row["owner"],
            "recorded": f"{timezone.localtime(row['recorded_at']):%-d %b %Y}",
            "source": row["source"],
        }
        for row in rows.to_dict("records")
    ]


def read_assumptions(reader: Any, filters: Mapping[str, Any]) -> dict[str, Any]:
    version = of_version(filters)
    return {"effects": effects_of_version(version), "version": version, "moves": reading.moves_of(version)}


def scenario_assumptions(read: Mapping[str, Any], filters: Mapping[str, Any]) -> pd.DataFrame:
    """Every assumption that the effects of a version rest on, those of its moves first."""
    used = read["effects"].used.sort_values("pk") if len(read["effects"].used) else read["effects"].used
    rows = [*_of_moves(read), *_computed(read), *in_words(used), *_projected(read)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _of_moves(read: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    version = read["version"]
    said = version.saved_at or version.scenario.made_at
    about = {"state": "Of this move", "quality": "Entered", "owner": str(version.scenario.owner), "source": "The scenario itself"}
    for move in read["moves"]:
        own = {"scope": f"Move {move.number}", "recorded": f"{timezone.localtime(said):%-d %b %Y}", **about}
        if move.payment != "rules":
            share = 1.0 if move.payment == "follows" else 0.0
            yield {**own, "what": WORDS["follows_patient"], "value": share, "measured_in": "share of the price"}
        for key, words in (("demographic", "a year"), ("non_demographic", "a year")):
            if (rate := getattr(move, key)) is not None:
                yield {**own, "what": WORDS[key], "value": float(rate), "measured_in": words}
        for key, words in (("one_off", "One-off cost"), ("new_fixed", "New fixed cost")):
            if getattr(move, key):
                yield {
                    **own,
                    "what": words,
                    "value": float(getattr(move, key)),
                    "measured_in": "£" if key == "one_off" else "£ a year",
                }


def _computed(read: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Prices are those of the flows themselves, and factors those of the reference data of their year."""
    version, moved = read["version"], read["effects"].transfers
    about = {"state": "Computed", "quality": "", "owner": "Programme team", "recorded": ""}
    price = {"what": WORDS["unit_price"], "scope": "Each flow that moves", "value": None, "measured_in": "£ a unit"}
    yield {
        **price,
        **about,
        "source": f"Actual price ÷ activity ÷ market forces factor of {version.year}, position {version.position}",
    }
    factors, names = reading.factors_of(version.year), choices.provider_names()
    for provider in sorted({*moved["sender"], *moved["receiver"]} - {""}):
        assumed = provider in reading.assumed_factors(version.year)
        yield {
            **about,
            "what": "Market forces factor",
            "scope": names.get(provider, provider),
            "value": factors.get(provider, 1.0),
            "measured_in": "index of prices",
            "state": "Default" if provider not in factors else "Computed",
            "quality": "Assumed" if assumed or provider not in factors else "",
            "source": "NHS Payment Scheme, as loaded" if provider in factors else "Not known: taken as 1",
        }


def _projected(read: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Uploads of projected people that growth rests on, and homes for which there are none."""
    rule, version = read["effects"].growth_rule, read["version"]
    if not rule:
        return
    uploads = assumptions.projections(version.saved_at)
    by_upload = set(assumptions.projected_people(version.saved_at)["upload"])
    homes = choices.home_names()
    projected = [homes.get(h, h) for h, how in sorted(rule.items()) if how == "projected"]
    for upload in uploads if projected else ():
        if upload.pk in by_upload:
            yield {
                "what": "Projected people",
                "scope": ", ".join(projected),
                "value": float(upload.rows),
                "measured_in": "rows by area, year, sex and age",
                "state": "Decided",
                "quality": "",
                "owner": upload.owner,
                "recorded": f"{timezone.localtime(upload.recorded_at):%-d %b %Y}",
                "source": f"{upload.source} ({upload.name})",
            }


def assumption_notes(frame: pd.DataFrame, filters: Mapping[str, Any]) -> Iterable[str]:
    yield "Default: it came with the product and nobody has decided it. Illustrative: a made-up number to be replaced."


def scenario_sources(filters: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    frame = scenario_assumptions(read_assumptions(None, filters), filters)
    return [(f"{r['what']}: {r['scope']}", str(r["value"]), r["source"]) for r in frame.to_dict("records")]


def used_title(frame: pd.DataFrame, filters: Mapping[str, Any]) -> str:
    """How much of what the effects rest on nobody has decided yet."""
    defaults, invented = (frame["state"] == "Default").sum(), (frame["quality"] == "Illustrative").sum()
    if not defaults:
        return f"None of {number_of(len(frame), 'assumption')} used is a default"
    said = f"{defaults} of {number_of(len(frame), 'assumption')} used are defaults that nobody has decided"
    return f"{said}, {invented} of them illustrative" if invented else said


SCENARIO_ASSUMPTIONS = register(
    Figure(
        name="scenario_assumptions",
        heading="Assumptions used",
        form=ScenarioForm,
        query=read_assumptions,
        calculation=scenario_assumptions,
        table=ScenarioAssumptionsTable,
        note=assumption_notes,
        title=used_title,
        stamp=scenario_stamp,
        source="Assumptions of the programme, each with its source",
        url_name=URL_NAME,
        rests_on=RestsOn.REFERENCE,
        sources=scenario_sources,
    )
)


def read_in_force(reader: Any, filters: Mapping[str, Any]) -> pd.DataFrame:
    """The latest first of what somebody decided, then the defaults."""
    rows = rows_in_force(assumptions.assumption_rows(), year="9999/00", at=None)
    decided = rows[~rows["default"].astype(bool)].sort_values("pk", ascending=False)
    return pd.concat([decided, rows[rows["default"].astype(bool)]], ignore_index=True)


def in_force(read: pd.DataFrame, filters: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(in_words(read), columns=COLUMNS)


def in_force_sources(filters: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [(f"{r['what']}: {r['scope']}", f"{r['value']:g}", r["source"]) for r in in_words(read_in_force(None, filters))]


def in_force_stamp(filters: Mapping[str, Any]) -> tuple[str, ...]:
    return (f"assumptions {assumptions.assumptions_version()}",)


ASSUMPTIONS = register(
    Figure(
        name="assumptions",
        heading="Assumptions in force",
        form=PositionForm,
        query=read_in_force,
        calculation=in_force,
        table=ScenarioAssumptionsTable,
        note=assumption_notes,
        stamp=in_force_stamp,
        source="Assumptions of the programme, each with its source",
        url_name="planning:assumptions",
        rests_on=RestsOn.REFERENCE,
        sources=in_force_sources,
    )
)


def assumptions_sentence(results: Mapping[str, Any]) -> str:
    """How many rest on a decision, and how many are still defaults."""
    frame = results["assumptions"].frame
    if frame.empty:
        return "Nothing is assumed yet: an administrator loads the reference data."
    defaults = int((frame["state"] == "Default").sum())
    invented = int((frame["quality"] == "Illustrative").sum())
    said = f"{number_of(len(frame), 'assumption')} in force: {defaults} are defaults that nobody has decided"
    return f"{said}, and {invented} are illustrative." if invented else f"{said}."
