"""Who is told when an extract is published, withdrawn, marked anew, refused or ready: the programme team and the other party.

The other party of a provider's file are the finance leads of the systems whose commissioners are in it; of a system's file,
those of the provider. Whoever may not see the extract is led to the position, or nowhere.
"""

from collections.abc import Iterable, Sequence

from django.urls import reverse

from accounts.actions import notify
from accounts.permissions import user_can_see_extract
from accounts.queries import finance_leads_of, is_command_line, programme_team
from planning.calculations.financial_years import months_in_words
from planning.models import Extract, ExtractState, ReportingPosition
from planning.queries.extracts import systems_in
from planning.queries.organisations import organisation_name

MOST_NAMED = 3


def tell_of_position(
    *, by, position: ReportingPosition, extracts: Sequence[Extract], verb: str, touched: Iterable[str] = ()
) -> None:
    """Tell of a new position, and of every signed-off figure that it touched; who made it knows already."""
    told = {person.pk: person for extract in extracts for person in _concerned(extract)}
    others = [person for pk, person in told.items() if pk != by.pk]
    what = _said(extracts[0]) if len(extracts) == 1 else f"{len(extracts)} extracts of {_providers(extracts)}"
    text = f"{what}: {verb} by {by}, position {position.number}. {position.reason}"
    link = reverse("planning:position", args=[position.number])
    notify(to=others, text=text, link=link)
    for sentence in touched:
        notify(to=told.values(), text=f"Position {position.number}: {sentence}", link=link)


def tell_of_check(extract: Extract, *, to_sender: bool = True) -> None:
    """Tell the sender how the check ended, and of a refusal the others too."""
    sender = [extract.uploaded_by] if to_sender else []
    if extract.state == ExtractState.CHECKED:
        _tell(extract, sender, f"{_said(extract)}: checked and ready to publish.")
    elif extract.state == ExtractState.REFUSED:
        _tell(extract, [*sender, *_concerned(extract)], f"{_said(extract)}: refused. {extract.reason}")
    elif extract.state == ExtractState.FAILED:
        _tell(extract, sender, f"{_said(extract)}: not checked. {extract.reason}")


def tell_of_expiry(extract: Extract) -> None:
    """Tell whoever sent an extract that it waited in vain."""
    _tell(extract, [extract.uploaded_by], f"{_said(extract)}: cancelled. {extract.reason}")


def _tell(extract: Extract, people: Iterable, text: str) -> None:
    systems = systems_in(extract)
    for person in {person.pk: person for person in people if not is_command_line(person)}.values():
        facts = {"organisation": extract.organisation, "provider": extract.provider, "systems": systems}
        sees = user_can_see_extract(person, **facts)
        # The reason may name what is in the file, which is its owner's alone.
        said = text if sees else f"{_said(extract)}: {extract.get_state_display().lower()}."
        notify(to=[person], text=said, link=reverse("planning:extract", args=[extract.pk]) if sees else "")


def _concerned(extract: Extract) -> list:
    """The programme team and the finance leads of the other party, or of both where the command line sent the file."""
    systems = {system for system in systems_in(extract) if system}
    parties = {extract.provider, *systems} - {extract.organisation, ""}
    return [*programme_team(), *finance_leads_of(parties)]


def _said(extract: Extract) -> str:
    """An extract in words that name no file, since its name is its owner's."""
    if not extract.provider:
        sender = organisation_name(extract.organisation) or "the command line"
        return f"{extract.get_layout_display()} from {sender}"
    months = f", {months_in_words(extract.year, extract.covered_months)}" if extract.covered_months else ""
    point = extract.get_reporting_point_display().lower()
    return f"{extract.get_layout_display()} of {organisation_name(extract.provider) or extract.provider}{months} ({point})"


def _providers(extracts: Sequence[Extract]) -> str:
    names = [organisation_name(code) or code for code in dict.fromkeys(e.provider for e in extracts)]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
