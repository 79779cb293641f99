"""Filters of targets by service: the system looked at, how services are grouped, and what stands in for a need index."""

from typing import Any, ClassVar

from finance.forms.filters import AllocationForm
from finance.forms.variation import GROUPINGS
from planning.forms.filters import one_of
from planning.queries import choices, reference

WAYS = {"chain": "Full chain, illustrative weights", "core": "Core index, not specialised"}


class ServiceTargetsForm(AllocationForm):
    """A year, or part of one, of every system; one of them is ranked."""

    uses = (*AllocationForm.uses, "area", "grouping", "way")
    defaults: ClassVar[dict[str, str]] = {**AllocationForm.defaults, "grouping": "service", "way": "chain"}
    further: ClassVar[tuple[str, ...]] = ("from_month", "to_month")

    area = one_of("System", lambda: list(choices.system_names().items()))
    grouping = one_of("Ranked by", list(GROUPINGS.items()))
    way = one_of("Without a need index", list(WAYS.items()))
    field_order = ("area", "year", "grouping", "way")

    def __init__(self, data: Any = None, *, reader: Any = None, page: bool = True):
        super().__init__(data, reader=reader, page=page)
        if not self.data.get("area") and (own := reference.own_systems()):
            self.data["area"] = own[0]
