"""Whoever reads a figure in a test: nobody in particular, inside the agreement unless a test says otherwise."""

from dataclasses import dataclass
from typing import Any

from presentation.figure import Mode


@dataclass(frozen=True)
class Reader:
    mode: Mode = Mode.INSIDE
    user: Any = None
    roles: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
