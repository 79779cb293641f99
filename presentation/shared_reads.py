"""What one answer asks several times is read once: a page's figures, filters and headings rest on the same few reads.

`sharing_reads` is opened around each answer that only reads. Within it `@shared` reads are kept by their arguments; outside
it they read each time. What is handed out is the reader's own: frames are copied when somebody writes into them, not before.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass, replace
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pandas as pd

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
UNCHANGING = {str, int, float, bool, type(None)}
_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("shared_reads", default=None)


@contextmanager
def sharing_reads() -> Iterator[None]:
    """Reads inside are shared; within another one, with its reads."""
    if _known.get() is not None:
        yield
        return
    opened = _known.set({})
    try:
        yield
    finally:
        _known.reset(opened)


def shared(read: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """A read, or what is computed from reads alone, that one answer does once for the same arguments."""

    @wraps(read)
    def once(*args: Asked.args, **named: Asked.kwargs) -> Answer:
        known = _known.get()
        if known is None:
            return read(*args, **named)
        key = (read, frozen(args), frozen(named))
        if key not in known:
            known[key] = read(*args, **named)
        return own(known[key])

    return once


def frozen(value: Any) -> Hashable:
    """Arguments as a key: mappings by name, lists in their order."""
    if isinstance(value, Mapping):
        return tuple(sorted((name, frozen(v)) for name, v in value.items()))
    if isinstance(value, list | tuple):
        return tuple(frozen(v) for v in value)
    return frozenset(value) if isinstance(value, set) else value


def own(value: Any) -> Any:
    """The same frames, lists and mappings for one reader to change."""
    if isinstance(value, pd.DataFrame | pd.Series):
        return value.copy(deep=False)
    # Names and codes by the thousand are nobody's to change.
    if type(value) is dict:
        return {name: v if type(v) in UNCHANGING else own(v) for name, v in value.items()}
    if type(value) in (list, tuple):
        return type(value)([v if type(v) in UNCHANGING else own(v) for v in value])
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: own(getattr(value, field.name)) for field in fields(value)})
    return set(value) if type(value) is set else value
