"""Reads of clinical networks: what they are, what they plan, where they say they reach."""

import pandas as pd
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404

from accounts.reading import kept
from networks.models import Network, NetworkScope
from planning.models import Footprint, Place, ServiceCode, System
from presentation.shared_reads import shared


@shared
def all_networks() -> list[Network]:
    """Pilots first, each with its members, systems and scope."""
    return list(_with_everything(Network.objects.all()))


@shared
def network_named(code: str) -> Network:
    """Raises: Http404: there is no such network."""
    return get_object_or_404(_with_everything(Network.objects.all()), pk=code)


def _with_everything(networks):
    related = ["members", "systems", "footprint__systems", "scope__national_programme", "scope__service_code"]
    return networks.select_related("host_provider", "footprint").prefetch_related(*related)


@kept
def network_choices() -> list[tuple[str, str]]:
    return list(Network.objects.values_list("code", "name"))


@kept
def network_scope(network: str | None = None) -> pd.DataFrame:
    """Columns network, service_code, inferred: the line codes each network plans, national programmes opened out."""
    scopes = NetworkScope.objects.all() if network is None else NetworkScope.objects.filter(network=network)
    by_programme: dict[str, list[str]] = {}
    for code, programme in ServiceCode.objects.exclude(national_programme=None).values_list("code", "national_programme"):
        by_programme.setdefault(programme, []).append(code)
    rows = [
        (network_code, code, inferred)
        for network_code, programme, service_code, inferred in scopes.order_by("network", "inferred", "id").values_list(
            "network", "national_programme", "service_code", "inferred"
        )
        for code in ([service_code] if service_code else by_programme.get(programme, []))
    ]
    frame = pd.DataFrame(rows, columns=["network", "service_code", "inferred"])
    return frame.drop_duplicates(["network", "service_code"], ignore_index=True)


@kept
def stated_systems() -> pd.DataFrame:
    """Columns network, system, followed: the stated footprint of each network, and what its systems have become.

    A named footprint is the authority; the systems listed one by one stand where a network has none.
    """
    footprints: dict[str, list[str]] = {}
    for footprint, system in Footprint.systems.through.objects.values_list("footprint_id", "system_id"):
        footprints.setdefault(footprint, []).append(system)
    listed: dict[str, list[str]] = {}
    for network, system in Network.systems.through.objects.values_list("network_id", "system_id"):
        listed.setdefault(network, []).append(system)
    successors = dict(System.objects.exclude(successor=None).values_list("code", "successor_id"))
    rows = []
    for network, footprint in Network.objects.order_by("code").values_list("code", "footprint_id"):
        for system in sorted(footprints.get(footprint, []) if footprint else listed.get(network, [])):
            rows.append((network, system, False))
            while system in successors:
                system = successors[system]
                rows.append((network, system, True))
    frame = pd.DataFrame(rows, columns=["network", "system", "followed"])
    return frame.drop_duplicates(["network", "system"], ignore_index=True)


def networks_with_sources(network: str | None = None) -> list[tuple[str, str, str]]:
    """What each network is said to plan, in how many entries, and by which source; of one network or of all."""
    rows = Network.objects.filter(pk=network) if network else Network.objects.all()
    found = rows.order_by("name").values_list("name", "source").annotate(Count("scope"))
    return [(f"Scope of {name}", f"{number:,} {'entry' if number == 1 else 'entries'}", source) for name, source, number in found]


@kept
def regions_of_systems() -> dict[str, str]:
    return dict(System.objects.values_list("code", "region__name"))


@kept
def short_names_of_systems() -> dict[str, str]:
    return dict(System.objects.values_list("code", "short_name"))


@kept
def systems_of_homes() -> dict[str, str]:
    """The system that each place belongs to, or most of it."""
    return dict(Place.objects.values_list("code", "system"))


def regions_of_homes() -> dict[str, str]:
    """The region of each system and of each place."""
    regions = regions_of_systems()
    return {**regions, **{place: regions[system] for place, system in systems_of_homes().items()}}


def stated_successors(network: str) -> dict[str, str]:
    """What stated systems of a network have become since → the stated one, the first by code of several."""
    stated = stated_systems()
    stated = stated[(stated["network"] == network) & ~stated["followed"]]["system"]
    successors = dict(System.objects.exclude(successor=None).values_list("code", "successor_id"))
    followed: dict[str, str] = {}
    for first in stated:
        system = first
        while system in successors:
            system = successors[system]
            followed.setdefault(system, first)
    return followed


def members_of(network: str) -> set[str]:
    return set(Network.members.through.objects.filter(network=network).values_list("provider_id", flat=True))


def networks_planning(service: str) -> list[Network]:
    """Networks that plan any line code of a service, pilots first."""
    codes = ServiceCode.objects.filter(service=service)
    scopes = NetworkScope.objects.filter(Q(national_programme__codes__in=codes) | Q(service_code__in=codes))
    return list(Network.objects.filter(pk__in=scopes.values("network")).select_related("footprint"))


def networks_of_provider(provider: str) -> list[Network]:
    """Networks that a provider belongs to or hosts, pilots first."""
    return list(Network.objects.filter(Q(members=provider) | Q(host_provider=provider)).distinct())


def network_facts(network: Network) -> list[tuple[str, str]]:
    """What is known of a network, heading and words; words are blank where it is not known."""
    stated = list(network.footprint.systems.all()) if network.footprint else list(network.systems.all())
    return [
        ("Kind", network.kind),
        ("Programme of care", network.programme_of_care),
        ("Host", str(network.host_provider or network.host)),
        ("Hubs and leads", network.leads),
        ("Members", ", ".join(sorted(member.short_name for member in network.members.all()))),
        ("Stated footprint", ", ".join(sorted(system.name for system in stated)) or network.footprint_text),
        ("In the source's words", network.footprint_text),
        ("How sure this is", network.confidence),
        ("Source", network.source),
    ]
