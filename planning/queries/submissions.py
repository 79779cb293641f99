"""What has been sent and what is missing, as one person sees it, with the words for periods and providers."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Role
from accounts.queries import organisations_of, roles_of
from planning.calculations.financial_years import months_in_words
from planning.models import Extract, ReportingPoint, ReportingPosition
from planning.queries import choices, positions
from planning.queries.coverage import expected_providers, latest_coverage
from planning.queries.extracts import commissioners_of, extracts_for, system_codes, systems_in
from planning.queries.organisations import organisation_name


@dataclass(frozen=True)
class Submission:
    """An extract with its provider and its months in words."""

    extract: Extract
    provider: str
    period: str


@dataclass(frozen=True)
class Expected:
    """What one provider owes of the year that is running: months that are in, that can still change, and that are missing."""

    provider: str
    year: str
    received: str
    flex: str
    missing: str


def submission(extract: Extract) -> Submission:
    return _submissions([extract])[0]


def _submissions(extracts: Iterable[Extract]) -> list[Submission]:
    names = choices.provider_names()
    return [
        Submission(e, names.get(e.provider, e.provider), months_in_words(e.year, e.covered_months) if e.covered_months else "")
        for e in extracts
    ]


def submissions(user, *, state: str = "", provider: str = "") -> list[Submission]:
    extracts = extracts_for(user)
    if state:
        extracts = extracts.filter(state=state)
    if provider:
        extracts = extracts.filter(provider=provider)
    return _submissions(extracts)


def submitting_providers(user) -> list[tuple[str, str]]:
    """Providers that the extracts a person may see are of."""
    names = choices.provider_names()
    codes = set(extracts_for(user).exclude(provider="").order_by().values_list("provider", flat=True))
    return sorted(((code, names.get(code, code)) for code in codes), key=lambda pair: pair[1])


def own_organisations(user) -> list[tuple[str, str]]:
    return [(code, organisation_name(code) or code) for code in sorted(organisations_of(user))]


def expected_submissions(user) -> list[Expected]:
    """What providers owe up to the last month that anyone has sent: the person's own, or all for the programme team."""
    position = positions.latest_position()
    latest = latest_coverage(position)
    if latest is None:
        return []
    everyone = Role.PROGRAMME_TEAM in roles_of(user)
    providers = {code for code in expected_providers() if everyone or code in organisations_of(user)}
    frame = positions.coverage_frame(position)
    frame = frame[(frame["year"] == latest.year) & (frame["month"] <= latest.month)]
    # A month of which any part can still change is flex: the last to be looked at, as it stands before freeze in the alphabet.
    frame = frame.sort_values("reporting_point", ascending=False)
    points = {
        code: dict(zip(own["month"], own["reporting_point"], strict=True)) for code, own in frame.groupby("provider", sort=True)
    }
    names = choices.provider_names()
    found = [_expected(names.get(code, code), latest.year, latest.month, points.get(code, {})) for code in providers]
    return sorted(found, key=lambda expected: expected.provider)


def _expected(name: str, year: str, last: int, points: dict[int, str]) -> Expected:
    flex = [month for month, point in points.items() if point == ReportingPoint.FLEX]
    missing = [month for month in range(1, last + 1) if month not in points]
    return Expected(name, year, months_in_words(year, points), months_in_words(year, flex), months_in_words(year, missing))


@dataclass(frozen=True)
class PositionMade:
    """A position with what it was made of in words; an extract is named by its number only to whoever may see it."""

    position: ReportingPosition
    made_of: list[tuple[str, Extract | None]]


def positions_made(user, number: int | None = None) -> list[PositionMade]:
    """Every position, the newest first; of a number, that one alone."""
    latest = positions.latest_position() if number is None else number
    if latest is None:
        return []
    names, seen = choices.provider_names(), _seen(user)
    return [
        PositionMade(
            position,
            [
                (f"{names.get(e.provider, e.provider)}, {months_in_words(e.year, e.covered_months)}", e if e.pk in seen else None)
                for e in position.extracts.all()
            ],
        )
        for position in positions.positions_up_to(latest, latest if number is None else 1)
    ]


def _seen(user) -> set[int]:
    sees = roles_of(user) & {Role.PROGRAMME_TEAM, Role.FINANCE_LEAD}
    return set(extracts_for(user).order_by().values_list("pk", flat=True)) if sees else set()


def publishing_facts(extract: Extract) -> dict:
    """What decides who may publish an extract."""
    return {"provider": extract.provider, "systems": systems_in(extract)}


def extracts_behind(user, slices: Iterable[dict]) -> tuple[list[dict], int]:
    """The slices' extracts whose rows a person may see, with their words, and how many others there are.

    A system's lead sees their own commissioners' rows in files of providers, so those files are named too.
    """
    names, seen = choices.provider_names(), _seen(user)
    found = [row | {"name": names.get(row["provider"], row["provider"])} for row in slices]
    found = [row | {"period": months_in_words(row["year"], row["months"])} for row in found]
    theirs = _holding_own(user, {row["extract"] for row in found} - seen)
    own = [row for row in found if row["extract"] in seen | theirs]
    files = Extract.objects.select_related("uploaded_by").in_bulk({row["extract"] for row in own})
    return [row | {"file": files[row["extract"]]} for row in own], len(found) - len(own)


def _holding_own(user, extracts: Collection[int]) -> set[int]:
    """Extracts that hold rows of commissioners of a system whose finances the person leads."""
    systems = organisations_of(user) & system_codes()
    if not systems or not extracts:
        return set()
    found = Extract.objects.in_bulk(extracts).values()
    own = {(system, year): set(commissioners_of(system, year)) for system in systems for year in {e.year for e in found}}
    return {e.pk for e in found if any(own[(system, e.year)] & set(e.commissioners) for system in systems)}


def rows_about(extract: Extract, position: int | None) -> list[tuple[str, str]]:
    """What a file of rows says of where they come from."""
    shown = submission(extract)
    return [
        ("Extract", str(extract.pk)),
        ("File", extract.file_name),
        ("SHA-256 of the file", extract.sha256),
        ("What it is", f"{extract.get_layout_display()}, {extract.get_reporting_point_display().lower()}"),
        ("Provider", shown.provider),
        ("Months", shown.period),
        ("Uploaded", f"{timezone.localtime(extract.uploaded_at):%-d %B %Y, %H:%M} by {extract.uploaded_by}"),
        ("Position", str(position or "Not applicable: every accepted row of the file")),
        ("Illustrative data", "Yes" if extract.illustrative else "No"),
    ]
