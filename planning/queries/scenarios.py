"""Reads of scenarios: whose they are, what a version starts from, and how its position stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from django.db.models import Q
from django.http import Http404
from django.urls import reverse

from accounts.permissions import NotAllowed, check_see_figures, user_can_make_scenarios
from accounts.queries import is_command_line
from accounts.reading import kept
from planning.calculations.homes import HOME_GROUPS
from planning.models import (
    Delegation,
    Extract,
    ExtractState,
    PointOfDelivery,
    Scenario,
    ScenarioMove,
    ScenarioVersion,
    Service,
    System,
)
from planning.queries import assumptions, choices, flows, positions, reference
from presentation.shared_reads import shared

# Whoever pays for retained services, whatever the home.
NATIONAL = "NHSE"
NATIONAL_NAME = "NHS England, retained services"
RETAINED = (Delegation.RED, Delegation.BLUE)
KEYS = ["home", "service", "payer", "point_of_delivery"]


def readable(user: Any) -> Any:
    """Scenarios that a person may read: their own, and those that are shared and saved; the command line reads all."""
    standing = Scenario.objects.standing().select_related("owner")
    if user is None:
        return standing.filter(pk__in=Scenario.objects.shared())
    if is_command_line(user):
        return standing
    return standing.filter(Q(owner=user.pk) | Q(pk__in=Scenario.objects.shared()))


def scenario_for(user: Any, pk: int) -> Scenario:
    """Raises: Http404: there is no such scenario, or it is somebody else's and not shared."""
    if user is not None and not is_command_line(user):
        check_see_figures(user)
    found = readable(user).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such scenario.")
    return found


def own_scenario(user: Any, pk: int) -> Scenario:
    """Raises: Http404 as `scenario_for`; NotAllowed: it is shared by somebody else, and theirs to change."""
    found = scenario_for(user, pk)
    if found.owner_id != user.pk:
        raise NotAllowed("This scenario is somebody else's. Make a copy of it to change it.")
    return found


def saved_versions(scenario: Scenario) -> list[ScenarioVersion]:
    """The newest first."""
    return list(scenario.versions.exclude(saved_at=None).select_related("saved_by").order_by("-number"))


def draft_of(scenario: Scenario) -> ScenarioVersion | None:
    return scenario.versions.filter(saved_at=None).first()


def version_for(user: Any, pk: int, number: int | None = None) -> ScenarioVersion:
    """The version asked for, otherwise the latest saved one; its owner may ask for the draft.

    Raises:
        Http404: there is no such version for this reader.
    """
    scenario = scenario_for(user, pk)
    versions = scenario.versions.select_related("scenario", "scenario__owner", "saved_by").order_by("-number")
    if user is None or user.pk != scenario.owner_id:
        versions = versions.exclude(saved_at=None)
    found = versions.filter(number=number).first() if number else versions.exclude(saved_at=None).first() or versions.first()
    if found is None:
        raise Http404("There is no such version of this scenario.")
    return found


@shared
def moves_of(version: ScenarioVersion) -> list[ScenarioMove]:
    return list(version.moves.order_by("number"))


@shared
def version_by_number(scenario: int, number: int) -> ScenarioVersion:
    versions = ScenarioVersion.objects.select_related("scenario", "scenario__owner", "saved_by")
    return versions.get(scenario=scenario, number=number)


def listed(user: Any) -> list[dict[str, Any]]:
    """What the list of scenarios shows: each with its newest version, the newest first."""
    found = readable(user).prefetch_related("versions", "versions__moves")
    latest, withdrawn = positions.latest_position(), {}
    rows = []
    for scenario in found:
        versions = sorted(scenario.versions.all(), key=lambda v: v.number)
        saved = [v for v in versions if v.saved_at]
        shown = (saved or versions)[-1]
        if shown.position not in withdrawn:
            withdrawn[shown.position] = withdrawn_extracts(shown.position)
        rows.append(
            {
                "scenario": scenario,
                "version": shown,
                "saved": bool(saved),
                "has_draft": user is not None and scenario.owner_id == user.pk and len(saved) < len(versions),
                "moves": len(shown.moves.all()),
                "own": user is not None and scenario.owner_id == user.pk,
                "older": latest is not None and shown.position < latest,
                "withdrawn": bool(withdrawn[shown.position]),
            }
        )
    return rows


def saved_choices(user: Any) -> list[tuple[str, str]]:
    """Scenarios that can be chosen where their effects are read: saved ones that this person may read."""
    found = readable(user).filter(versions__saved_at__isnull=False).distinct().order_by("name")
    return [(str(s.pk), f"{s.name} ({s.owner})") for s in found]


@shared
def withdrawn_extracts(position: int) -> list[Extract]:
    """Extracts that a position rests on and that were withdrawn since."""
    return list(Extract.objects.filter(pk__in=positions.slice_extracts(position), state=ExtractState.WITHDRAWN).order_by("pk"))


@dataclass(frozen=True)
class Standing:
    """How the position of a version stands today."""

    position: int
    latest: int | None
    withdrawn: tuple[Extract, ...]

    @property
    def is_older(self) -> bool:
        return self.latest is not None and self.position < self.latest


def standing_of(version: ScenarioVersion) -> Standing:
    return Standing(version.position, positions.latest_position(), tuple(withdrawn_extracts(version.position)))


def full_years(position: int | None) -> list[str]:
    """Years of a position of which some provider has all twelve months, the latest first; all of them where there is none."""
    coverage = positions.coverage_frame(position)
    months = coverage[coverage["month"] <= 12].groupby("year")["month"].nunique()
    full = [year for year, number in months.items() if number == 12]
    return sorted(full or set(coverage["year"]), reverse=True)


def opening_frames(reader: Any, position: int, year: str) -> dict[str, Any]:
    """What scenarios of a position and year start from: flows by home, payer, provider, service and point of delivery."""
    filters = {"position": position, "year": year}
    return {
        "flows": _flows(reader, filters, "only"),
        "relations": _flows(reader, filters, "all"),
        "units": units(),
        "factors": factors_of(year),
        "payers": frozenset(system_codes()),
        "shares": reference.place_systems(),
    }


def _flows(reader: Any, filters: dict[str, Any], specialised: str) -> pd.DataFrame:
    by = ["home_system", "provider", "service_code", "point_of_delivery"]
    frame = flows.flow_frame(reader, {**filters, "specialised": specialised, "unit": flows.EVERY_UNIT}, by)
    frame = frame.merge(flows.code_groups()[["service_code", "service"]], on="service_code", how="left")
    frame["service"] = frame["service"].fillna("")
    retained = reference.service_status([filters["year"]])
    retained = set(retained.loc[retained["status"].isin([str(s) for s in RETAINED]), "service_code"])
    systems = set(system_codes())
    national = frame["service_code"].isin(retained) & frame["home_system"].isin({*systems, "REST", "NOT-KNOWN"})
    frame["payer"] = frame["home_system"].mask(national, NATIONAL)
    renamed = frame.rename(columns={"home_system": "home", "actual_activity": "activity", "actual_price": "price"})
    sums = renamed.groupby([*KEYS, "provider"], as_index=False)[["activity", "price"]].sum(min_count=1)
    return sums.astype({"activity": "Int64", "price": "Int64"})


@kept
def units() -> dict[str, str]:
    """Unit of every point of delivery."""
    return dict(PointOfDelivery.objects.order_by("code").values_list("code", "unit"))


@kept
def system_codes() -> list[str]:
    return list(System.objects.order_by("code").values_list("code", flat=True))


@kept
def factors_of(year: str) -> dict[str, float]:
    """Market forces factor of each provider in a year, or in the nearest year that has one."""
    factors = reference.market_forces_factors()
    away = (factors["year"].str[:4].astype(int) - int(year[:4])).abs()
    nearest = factors.assign(away=away).sort_values(["provider", "away", "year"]).drop_duplicates("provider")
    return dict(zip(nearest["provider"], nearest["value"], strict=True))


@kept
def service_names() -> dict[str, str]:
    return {**dict(Service.objects.values_list("code", "name")), "": "No service"}


def payer_names() -> dict[str, str]:
    return {**choices.home_names(), NATIONAL: NATIONAL_NAME}


def home_choices() -> list[tuple[str, str]]:
    """Homes whose people can be moved: systems and groups of homes."""
    return [*((code, name) for code, name in choices.system_choices() if code not in HOME_GROUPS), *HOME_GROUPS.items()]


def versions_by_pk(pks: Iterable[int]) -> list[ScenarioVersion]:
    found = ScenarioVersion.objects.select_related("scenario", "scenario__owner").in_bulk(list(pks))
    return [found[pk] for pk in pks if pk in found]


def assumptions_changed_since(version: ScenarioVersion) -> bool:
    """Whether an assumption was recorded after the version was saved, which it does not take up until it is saved again."""
    if version.saved_at is None:
        return False
    rows = assumptions.assumption_rows()
    return bool(len(rows) and (rows["recorded_at"] > version.saved_at).any())


def latest_saved(pk: int) -> ScenarioVersion:
    """The latest saved version; who may read it was asked where the filters were checked."""
    versions = ScenarioVersion.objects.filter(scenario=pk).exclude(saved_at=None).select_related("scenario", "scenario__owner")
    return versions.order_by("-number")[0]


def new_sites(version: ScenarioVersion) -> dict[str, tuple[float, float]]:
    """Where the new sites of a version are, by the provider that runs them: latitude and longitude of the place chosen."""
    places = reference.place_lookup()
    found = {c: (float(a), float(b)) for c, a, b in zip(places["code"], places["latitude"], places["longitude"], strict=True)}
    return {move.receiver: found[move.site] for move in moves_of(version) if move.site in found}


@kept
def point_of_delivery_names() -> dict[str, str]:
    return dict(PointOfDelivery.objects.values_list("code", "description"))


@kept
def assumed_factors(year: str) -> set[str]:
    """Providers whose market forces factor of a year is that of another year."""
    factors = reference.market_forces_factors()
    return set(factors["provider"]) - set(factors.loc[(factors["year"] == year) & ~factors["assumed"], "provider"])


def services_loaded(position: int | None, year: str) -> list[tuple[str, str]]:
    """Services of which a position holds anything in a year, by name."""
    frame = flows.flow_frame(None, {"position": position, "year": year}, ["service"])
    names = service_names()
    return sorted(((code, names.get(code, code)) for code in frame["service"] if code), key=lambda c: c[1])


def receiver_choices(position: int | None, *, every: bool) -> list[tuple[str, str]]:
    """Providers that people can be sent to: those that are loaded, or with `every` others of the loaded systems too."""
    loaded = choices.provider_choices(position)
    if not every:
        return loaded
    hosted = reference.provider_lookup()
    known = dict(loaded)
    others = hosted[(hosted["system"] != "") & ~hosted["code"].isin(list(known))]
    more = sorted(zip(others["code"], others["short_name"], strict=True), key=lambda c: c[1])
    return [*loaded, *((code, f"{name} (not loaded)") for code, name in more)]


def address(pk: int, version: str = "") -> str:
    """Where a scenario stands; an old version by its number."""
    own = reverse("planning:scenario", args=[pk])
    return f"{own}?version={version}" if version.isdecimal() and len(version) < 10 else own


def working_version(scenario: Scenario) -> ScenarioVersion:
    """The draft, or where all is saved the latest version, which a change makes a draft of."""
    versions = scenario.versions.select_related("scenario", "scenario__owner", "saved_by")
    return versions.order_by("-number")[0]


def move_of(version: ScenarioVersion, number: int, fields: dict[str, Any]) -> ScenarioMove:
    """A move that is not stored."""
    return ScenarioMove(version=version, number=number, **fields)


def about_version(user: Any, version: ScenarioVersion) -> dict[str, Any]:
    """What pages of a version say beside its figures."""
    scenario = version.scenario
    own = scenario.owner_id == user.pk
    return {
        "scenario": scenario,
        "version": version,
        "own": own,
        "makes": user_can_make_scenarios(user),
        "versions": saved_versions(scenario),
        "has_draft": own and draft_of(scenario) is not None,
        "standing": standing_of(version),
        "assumptions_changed": assumptions_changed_since(version),
        "selection": selection_words(version.selection),
    }


def page_stamp(version: ScenarioVersion) -> str:
    """What a page of a scenario says besides its figures: name, note, sharing, versions, moves."""
    scenario = version.scenario
    versions = list(scenario.versions.order_by("number").values_list("number", "saved_at"))
    moves = list(version.moves.order_by("number").values_list("pk", "number"))
    said = (scenario.name, scenario.note, scenario.shared_at, version.year, versions, moves, assumptions.assumptions_version())
    return repr((*said, [e.pk for e in withdrawn_extracts(version.position)]))


def choices_stamp(user: Any) -> str:
    return repr(saved_choices(user))


def names_to_choose() -> dict[str, dict[str, str]]:
    """What a move can be of, by the names of its fields: codes and their words."""
    providers = choices.provider_names()
    services = {code: name for code, name in service_names().items() if code}
    return {"homes": choices.home_names(), "senders": providers, "services": services, "receiver": providers}


def selection_words(selection: dict[str, Any]) -> str:
    """What a scenario was started from, in words; blank where it was not started from a choice of flows."""
    names = names_to_choose()
    lists = [(names[name], selection.get(name, [])) for name in ("homes", "senders", "services")]
    words = [", ".join(of.get(code, code) for code in codes) for of, codes in lists]
    return "; ".join(word for word in words if word)


@kept
def area_codes() -> set[str]:
    """Codes that projected people may be of: places and systems."""
    return set(reference.place_lookup()["code"]) | set(system_codes())


@kept
def programmes_of_services() -> dict[str, str]:
    """Programme of care of each service; services without one are not in it."""
    return dict(Service.objects.exclude(programme_of_care=None).values_list("code", "programme_of_care"))
