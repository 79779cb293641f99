"""Reads of extracts: who may see which, what is wrong with one, what it would change, and what files are checked against."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from functools import lru_cache

import pandas as pd
from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import Role
from accounts.permissions import check_see_extract, check_see_extracts
from accounts.queries import is_command_line, organisations_of, reference_version, roles_of
from planning.calculations.financial_years import first_day
from planning.calculations.homes import home_systems
from planning.extracts.checking import Reference
from planning.extracts.comparing import compare
from planning.extracts.slices import Covering, resolve_slices
from planning.models import Extract, ExtractState, PointOfDelivery, PositionSlice, Provider
from planning.queries import reference
from planning.queries.read_copies import path_of

SLICE_COLUMNS = ["provider", "year", "month", "commissioner", "planned_price", "actual_price"]


def checking_reference() -> Reference:
    """What an extract is checked against, as it is now."""
    return Reference(
        codes=reference.known_codes(),
        provider_names=dict(Provider.objects.values_list("code", "name")),
        commissioners=reference.commissioner_lookup(),
        parents=reference.commissioner_systems(),
        practices=reference.practice_lookup(),
        statuses=reference.service_status(),
        provider_systems=dict(Provider.objects.exclude(system=None).values_list("code", "system_id")),
    )


def units() -> dict[str, str]:
    """Unit of activity of each point of delivery."""
    return dict(PointOfDelivery.objects.values_list("code", "unit"))


def system_of_commissioners(codes: Collection[str], year: str) -> dict[str, str | None]:
    """System that each commissioner plans for in a year; None for hubs, and for those whose system is not known."""
    # A publication asks for every extract inside its transaction, and changes no reference data.
    version = reference_version()
    systems = _systems_kept(version, year) if version else _systems(year)
    return {code: systems.get(code) for code in codes}


def _systems(year: str) -> dict[str, str]:
    systems = system_codes()
    known = home_systems(reference.commissioner_lookup(), reference.commissioner_systems(), sorted(systems), first_day(year))
    return {code: system for code, system in known["home_system"].items() if system in systems}


@lru_cache(maxsize=16)
def _systems_kept(version: str, year: str) -> dict[str, str]:
    return _systems(year)


def system_codes() -> frozenset[str]:
    return reference.known_codes()["systems"]


def commissioners_of(system: str, year: str) -> list[str]:
    """Commissioners that plan for a system in a year."""
    listed = reference.commissioner_systems()["commissioner"].unique()
    return sorted(code for code, of in system_of_commissioners(listed, year).items() if of == system)


def systems_in(extract: Extract) -> list[str | None]:
    """Systems of the commissioners in a file; empty before it was read."""
    if not extract.year:
        return []
    return list(system_of_commissioners(extract.commissioners, extract.year).values())


def extract_by_id(pk: int) -> Extract | None:
    return Extract.objects.filter(pk=pk).first()


def extract_for(user, pk: int) -> Extract:
    """The extract, where the person may see it; otherwise there is none."""
    check_see_extracts(user)
    extract = extract_by_id(pk)
    if extract is None:
        raise Http404("There is no such extract.")
    check_see_extract(user, organisation=extract.organisation, provider=extract.provider, systems=systems_in(extract))
    return extract


def extracts_for(user) -> QuerySet[Extract]:
    """Extracts that a person may see, the newest first: all, or those sent by or about their own organisations.

    A system's lead sees what they or their colleagues sent; files of providers that hold several systems are not theirs.
    """
    check_see_extracts(user)
    extracts = Extract.objects.select_related("uploaded_by", "published_by")
    if is_command_line(user) or Role.PROGRAMME_TEAM in roles_of(user):
        return extracts
    own = organisations_of(user)
    return extracts.filter(Q(organisation__in=own) | Q(provider__in=own))


def coverings(extracts: Iterable[Extract]) -> list[Covering]:
    return [
        Covering(
            extract=e.pk,
            months=frozenset(e.covered_months),
            commissioners=None if e.covered_commissioners is None else frozenset(e.covered_commissioners),
            slices=frozenset((month, commissioner) for month, commissioner, *_ in e.slices),
        )
        for e in extracts
    ]


def comparison(extracts: Collection[Extract]) -> pd.DataFrame:
    """Each slice of what is current beside what publishing these extracts would leave; see `extracts.comparing.compare`."""
    before, after = [], []
    for layout, provider, year in sorted({(e.layout, e.provider, e.year) for e in extracts}):
        current = PositionSlice.objects.filter(layout=layout, provider=provider, year=year, until_position=None)
        before.append(slice_prices({(s.month, s.commissioner): s.extract_id for s in current}, provider, year))
        in_force = list(Extract.objects.in_force().filter(layout=layout, provider=provider, year=year))
        new = [e for e in extracts if (e.layout, e.provider, e.year) == (layout, provider, year) and e not in in_force]
        after.append(slice_prices(_resolved([*in_force, *new]), provider, year))
    empty = pd.DataFrame(columns=SLICE_COLUMNS)
    covered = pd.concat([_covered(e) for e in extracts]) if extracts else pd.DataFrame(columns=SLICE_COLUMNS[:4])
    return compare(pd.concat(before) if before else empty, pd.concat(after) if after else empty, covered)


def comparison_without(extract: Extract) -> pd.DataFrame:
    """Each slice that withdrawing a published extract would change, beside what would stand there; see `compare`."""
    of_it = {"layout": extract.layout, "provider": extract.provider, "year": extract.year}
    current = {(s.month, s.commissioner): s.extract_id for s in PositionSlice.objects.filter(**of_it, until_position=None)}
    rest = _resolved(list(Extract.objects.in_force().filter(**of_it).exclude(pk=extract.pk)))
    # What other extracts hold now they hold then; what this one left empty comes back.
    moved = {key for key in current.keys() | rest.keys() if current.get(key) != rest.get(key)}
    sides = ({key: of for key, of in side.items() if key in moved} for side in (current, rest))
    before, after = (slice_prices(side, extract.provider, extract.year) for side in sides)
    return compare(before, after, _covered(extract))


def _resolved(extracts: list[Extract]) -> dict:
    return resolve_slices(coverings(extracts))


def _covered(extract: Extract) -> pd.DataFrame:
    """Months and, where it replaces only some, commissioners that an extract covers; commissioner "" stands for all."""
    commissioners = [""] if extract.covered_commissioners is None else extract.covered_commissioners
    rows = [(extract.provider, extract.year, month, code) for month in extract.covered_months for code in commissioners]
    return pd.DataFrame(rows, columns=SLICE_COLUMNS[:4])


def slice_prices(current: dict[tuple[int, str], int], provider: str, year: str) -> pd.DataFrame:
    """Planned and actual price of each slice from the extract it is taken from."""
    extracts = Extract.objects.in_bulk(set(current.values()))
    prices = {(e.pk, month, code): money for e in extracts.values() for month, code, *money in e.slices}
    rows = [(provider, year, month, code, *prices[(pk, month, code)]) for (month, code), pk in sorted(current.items())]
    frame = pd.DataFrame(rows, columns=SLICE_COLUMNS)
    return frame.astype({"planned_price": "Int64", "actual_price": "Int64"})


def effects_of_publishing(extracts: Collection[Extract]) -> list[str]:
    """Sentences of what lies above on what publishing would do there."""
    return [sentence for dotted in settings.BEFORE_PUBLISH for sentence in import_string(dotted)(extracts=list(extracts))]


def position_of(extract: Extract) -> int | None:
    """The position that publishing the extract made."""
    if extract.published_at is None:
        return None
    return extract.made_positions.order_by("number").values_list("number", flat=True).first()


def overlaps(extracts: list[Extract]) -> list[str]:
    """Sentences on files of one publication that cover the same months of a provider: the later wins."""
    sentences = []
    for i, later in enumerate(extracts):
        for earlier in extracts[:i]:
            months = sorted(set(earlier.covered_months) & set(later.covered_months))
            same = (earlier.layout, earlier.provider, earlier.year) == (later.layout, later.provider, later.year)
            if same and months:
                listed = ", ".join(map(str, months))
                sentences.append(
                    f"{earlier.file_name} and {later.file_name} both cover {later.provider} {later.year}, months {listed}: "
                    f"the later, {later.file_name}, wins."
                )
    return sentences


def others_under_way(extract: Extract, fresh: timedelta) -> QuerySet[Extract]:
    """Other files of the same organisation and layout that a worker is at work on."""
    own = Extract.objects.filter(organisation=extract.organisation, layout=extract.layout, state=ExtractState.CHECKING)
    return own.filter(heartbeat__gte=timezone.now() - fresh).exclude(Q(organisation="") | Q(pk=extract.pk))


def next_in_turn(extract: Extract) -> list[int]:
    """The number of the file of the same organisation and layout that has waited longest, if any does."""
    own = Extract.objects.filter(organisation=extract.organisation, layout=extract.layout, state=ExtractState.RECEIVED)
    return list(own.exclude(pk=extract.pk).order_by("pk").values_list("pk", flat=True)[:1])


def before_in_queue(extract: Extract) -> int:
    """How many files are checked before one that waits: those under way and those that came earlier."""
    waiting = Q(state=ExtractState.RECEIVED, pk__lt=extract.pk)
    return Extract.objects.filter(waiting | Q(state=ExtractState.CHECKING)).exclude(pk=extract.pk).count()


def extracts_with_facts(*, missing_only: bool) -> list[Extract]:
    """Extracts that have a read copy, or that have lost it."""
    extracts = Extract.objects.exclude(read_copy="").filter(
        state__in=[ExtractState.CHECKED, ExtractState.PUBLISHED, ExtractState.WITHDRAWN]
    )
    return [e for e in extracts.order_by("pk") if not missing_only or not path_of(e.read_copy).is_file()]
