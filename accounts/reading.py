"""Who reads a figure, whether the numbers are for inside or outside the data-sharing agreement, and what is kept of reads."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any

from django.db import connection

from presentation.figure import Mode
from presentation.shared_reads import frozen, own, shared

from .models import Role, User
from .queries import organisations_of, reference_version, roles_of

WORKS_INSIDE = {Role.PROGRAMME_TEAM, Role.FINANCE_LEAD}
# Of each read, for different arguments or versions.
KEPT_ANSWERS = 16


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


def counting_reader(user: User) -> Reader:
    """A reader to whom counts of people come with the money, for what is kept and may later leave."""
    return Reader(user, Mode.OUTSIDE)


def export_mode(user: User) -> Mode:
    """What a person takes away as a file: a board member's are for outside, unless they also work inside."""
    return Mode.INSIDE if roles_of(user) & WORKS_INSIDE else Mode.OUTSIDE


def kept(read: Callable[..., Any]) -> Callable[..., Any]:
    """A read of reference data alone: once for each answer, and kept by the process until reference data change.

    Inside a transaction it is read anew, because what is read there may never come true.
    """
    held = lru_cache(maxsize=KEPT_ANSWERS)(lambda version, *args: read(*args))

    @wraps(read)
    def current(*args: Any) -> Any:
        if connection.in_atomic_block or not (version := reference_version()):
            return read(*args)
        return own(held(version, *frozen(args)))

    return shared(current)
