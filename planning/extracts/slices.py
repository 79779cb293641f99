"""Which extract each slice is taken from: a slice is a month of one commissioner at one provider, in one layout."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

Slice = tuple[int, str]


@dataclass(frozen=True)
class Covering:
    """What one extract of a provider, year and layout replaces, and the slices it has rows for.

    `commissioners` is None where the file replaces every commissioner's.
    """

    extract: int
    months: frozenset[int]
    commissioners: frozenset[str] | None
    slices: frozenset[Slice]

    def covers(self, of: Slice) -> bool:
        """Whether the extract replaces a slice."""
        month, commissioner = of
        return month in self.months and (self.commissioners is None or commissioner in self.commissioners)


def covered_months(accepted: Collection[int]) -> list[int]:
    """Months that a file replaces: from its first to its last month with an accepted row, gaps included.

    Args:
        accepted: Months (1 to 13) that have an accepted row.

    Returns:
        The covered months in order; month 13, the year end, stands alone and stretches nothing.
    """
    months = [m for m in accepted if m <= 12]
    span = list(range(min(months), max(months) + 1)) if months else []
    return [*span, *([13] if 13 in accepted else [])]


def resolve_slices(coverings: Iterable[Covering]) -> dict[Slice, int]:
    """Take every slice from the last extract that covers it; one that has no rows for it leaves it empty.

    Args:
        coverings: Published extracts of one provider, year and layout, in the order of publication.

    Returns:
        Slice → extract. Slices that were emptied are not in it.
    """
    current: dict[Slice, int] = {}
    for covering in coverings:
        current = {of: extract for of, extract in current.items() if not covering.covers(of)}
        current |= dict.fromkeys(covering.slices, covering.extract)
    return current


def stands_in(of: Slice, *, planned: Collection[Slice], stated: Collection[Slice], complete: Collection[int]) -> bool:
    """Whether a plan return stands in for the plan of a slice, so that no plan is counted twice.

    Args:
        of: The slice, of a provider and year.
        planned: Slices for which ACM holds a plan.
        stated: Slices for which ACM has rows, with or without a plan.
        complete: Months for which a file of all the provider's commissioners holds a plan: a slice without rows in it is
            planned at nothing.

    Returns:
        True where ACM holds no plan for the slice and does not say that there is none.
    """
    return of not in planned and (of in stated or of[0] not in complete)
