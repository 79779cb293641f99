"""Who reads a figure, and whether the numbers are for inside or outside the data-sharing agreement."""

from dataclasses import dataclass

from presentation.figure import Mode

from .models import Role, User
from .queries import organisations_of, roles_of

WORKS_INSIDE = {Role.PROGRAMME_TEAM, Role.FINANCE_LEAD}


@dataclass(frozen=True)
class Reader:
    """One person reading in one mode. `organisations` are the codes of the providers and systems whose finances they lead."""

    user: User
    mode: Mode

    @property
    def roles(self) -> frozenset[str]:
        return roles_of(self.user)

    @property
    def organisations(self) -> frozenset[str]:
        return organisations_of(self.user)


def export_mode(user: User) -> Mode:
    """What a person takes away as a file: a board member's are for outside, unless they also work inside."""
    return Mode.INSIDE if roles_of(user) & WORKS_INSIDE else Mode.OUTSIDE
