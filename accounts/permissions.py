"""Who may do what. Each permission is a pair: `check_x` refuses with a sentence, `user_can_x` answers templates.

An object of another organisation is not found (404) rather than refused (403), so that nobody learns that it is there.
Codes of systems come from the caller: which system a commissioner belongs to is known further up.
"""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.http import Http404

from .models import Role
from .queries import is_command_line, organisations_of, roles_of

SEES_FIGURES = {Role.PROGRAMME_TEAM, Role.FINANCE_LEAD, Role.BOARD_MEMBER}
SEES_EXTRACTS = {Role.PROGRAMME_TEAM, Role.FINANCE_LEAD}
MAKES_SCENARIOS = {Role.PROGRAMME_TEAM, Role.FINANCE_LEAD}
KEEPS_PEER_GROUPS = {Role.PROGRAMME_TEAM, Role.FINANCE_LEAD}
READS_AUDIT = {Role.PROGRAMME_TEAM, Role.ADMINISTRATOR}
WORKS_WITH_EXACT = {Role.PROGRAMME_TEAM, Role.FINANCE_LEAD}
MAKES_ROUNDS = {Role.PROGRAMME_TEAM}
LOADS_PUBLIC_FILES = {Role.PROGRAMME_TEAM, Role.ADMINISTRATOR}


class NotAllowed(PermissionDenied):
    """What a person asked for is not theirs to do; the message says so in a sentence."""


def _has_one_of(user, roles) -> bool:
    return bool(roles_of(user) & roles)


def user_can_see_figures(user) -> bool:
    return _has_one_of(user, SEES_FIGURES)


def check_see_figures(user) -> None:
    if not user_can_see_figures(user):
        raise NotAllowed("Your role does not see figures. Ask the programme team if you need to.")


def user_can_see_extracts(user) -> bool:
    return is_command_line(user) or _has_one_of(user, SEES_EXTRACTS)


def check_see_extracts(user) -> None:
    """Extracts are there for the programme team and finance leads; for whoever sees aggregates only, they do not exist."""
    check_see_figures(user)
    if not user_can_see_extracts(user):
        raise Http404("There is no such page.")


def user_owns(user, *, provider: str = "", systems: Collection[str | None] = ()) -> bool:
    """Whether what a file holds is a finance lead's own: the provider itself, or commissioners of their system only.

    `systems` are the systems of every commissioner in it; None stands for one whose system is not known.
    """
    own = organisations_of(user)
    return bool(provider and provider in own) or bool(systems and set(systems) <= own)


def user_can_see_extract(user, *, organisation: str, provider: str, systems: Collection[str | None] = ()) -> bool:
    """`organisation` is the one it was sent by: a file that was refused has no provider yet, and is still the sender's."""
    if is_command_line(user) or Role.PROGRAMME_TEAM in roles_of(user):
        return True
    sent = bool(organisation) and organisation in organisations_of(user)
    return sent or user_owns(user, provider=provider, systems=systems)


def check_see_extract(user, *, organisation: str, provider: str, systems: Collection[str | None] = ()) -> None:
    check_see_extracts(user)
    if not user_can_see_extract(user, organisation=organisation, provider=provider, systems=systems):
        raise Http404("There is no such extract.")


def user_can_upload_extracts(user) -> bool:
    return is_command_line(user) or Role.FINANCE_LEAD in roles_of(user)


def check_upload_extracts(user) -> None:
    if not user_can_upload_extracts(user):
        raise NotAllowed("Extracts are uploaded by the finance lead of the provider or of the ICB.")


def user_can_remind(user) -> bool:
    return Role.PROGRAMME_TEAM in roles_of(user)


def check_remind(user) -> None:
    if not user_can_remind(user):
        raise NotAllowed("Reminders are sent by the programme team.")


def user_can_set_large_changes(user) -> bool:
    return Role.PROGRAMME_TEAM in roles_of(user)


def check_set_large_changes(user) -> None:
    if not user_can_set_large_changes(user):
        raise NotAllowed("How large a change may be before it needs a reason is set by the programme team.")


def user_can_publish_extract(user, *, provider: str, systems: Collection[str | None] = ()) -> bool:
    """Publishing and withdrawing change what everyone sees, so they are for whoever owns all that the file holds."""
    return is_command_line(user) or user_owns(user, provider=provider, systems=systems)


def check_publish_extract(user, *, organisation: str, provider: str, systems: Collection[str | None] = ()) -> None:
    if not is_command_line(user):
        check_see_extract(user, organisation=organisation, provider=provider, systems=systems)
    if not user_can_publish_extract(user, provider=provider, systems=systems):
        raise NotAllowed("Extracts are published and withdrawn by the finance lead whose organisation they are of.")


def user_can_make_scenarios(user) -> bool:
    return is_command_line(user) or _has_one_of(user, MAKES_SCENARIOS)


def check_make_scenarios(user) -> None:
    """Scenarios, and what they assume, are made by those who plan; everyone who sees figures reads what is shared."""
    if not user_can_make_scenarios(user):
        raise NotAllowed("Scenarios are made by the programme team and finance leads. Ask them for a copy to be shared.")


def user_can_save_policies(user) -> bool:
    return is_command_line(user) or _has_one_of(user, MAKES_SCENARIOS)


def check_save_policies(user) -> None:
    """Policies are tried by everybody who sees figures, and kept by name by those who plan."""
    if not user_can_save_policies(user):
        raise NotAllowed("Policy options are saved by the programme team and finance leads.")


def user_can_make_rounds(user) -> bool:
    return is_command_line(user) or _has_one_of(user, MAKES_ROUNDS)


def check_make_rounds(user) -> None:
    """Rounds are made, calculated and reviewed by the programme team; everyone who sees figures reads what is put forward."""
    if not user_can_make_rounds(user):
        raise NotAllowed("Allocation rounds are made, calculated and reviewed by the programme team.")


def user_can_take_exact_workings(user) -> bool:
    return is_command_line(user) or (_has_one_of(user, WORKS_WITH_EXACT) and user_can_see_figures(user))


def check_take_exact_workings(user) -> None:
    """A worked calculation holds every input exactly, so it is for those inside the data-sharing agreement."""
    if not user_can_take_exact_workings(user):
        raise NotAllowed(
            "The worked calculation holds exact money and is for people inside the data-sharing agreement. "
            "The figures of the round can be taken as files for sharing outside."
        )


def user_can_keep_peer_groups(user) -> bool:
    return is_command_line(user) or _has_one_of(user, KEEPS_PEER_GROUPS)


def check_keep_peer_groups(user) -> None:
    """Whom a population is held against is chosen by those who plan; everyone who sees figures uses their groups."""
    if not user_can_keep_peer_groups(user):
        raise NotAllowed("Peer groups are kept by the programme team and finance leads.")


def user_can_change_peer_group(user, *, owner: int) -> bool:
    """Its owner's to change, and the programme team's."""
    return user_can_keep_peer_groups(user) and (user.pk == owner or Role.PROGRAMME_TEAM in roles_of(user))


def user_can_record_budgets(user) -> bool:
    return is_command_line(user) or Role.PROGRAMME_TEAM in roles_of(user)


def check_record_budgets(user) -> None:
    if not user_can_record_budgets(user):
        raise NotAllowed("Indicative budgets of populations are recorded by the programme team.")


def user_can_load_public_files(user) -> bool:
    return is_command_line(user) or _has_one_of(user, LOADS_PUBLIC_FILES)


def check_load_public_files(user) -> None:
    if not user_can_load_public_files(user):
        raise NotAllowed("Public files are loaded by the programme team and administrators.")


def user_can_read_audit(user) -> bool:
    return _has_one_of(user, READS_AUDIT)


def check_read_audit(user) -> None:
    if not user_can_read_audit(user):
        raise NotAllowed("The audit trail is read by the programme team and administrators.")


def user_can_administer(user) -> bool:
    return Role.ADMINISTRATOR in roles_of(user)


def check_administer(user) -> None:
    if not user_can_administer(user):
        raise NotAllowed("People and reference data are kept by administrators.")
