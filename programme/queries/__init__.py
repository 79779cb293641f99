"""Reads of the Overview and of the pages of services and providers, from every app below."""

from programme.queries.overview import (
    months_in,
    own_name,
    own_providers,
    published,
    read_changes,
    read_coverage,
    read_origins,
    read_specialised_and_other,
)

__all__ = [
    "months_in",
    "own_name",
    "own_providers",
    "published",
    "read_changes",
    "read_coverage",
    "read_origins",
    "read_specialised_and_other",
]
