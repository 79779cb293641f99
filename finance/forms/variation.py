"""Filters of variation: the area, whom it is held against, how people are counted, and how services are grouped."""

from typing import Any, ClassVar

from finance.queries import peers, variation
from planning.forms.filters import ALL_YEARS, FilterForm, one_of
from planning.queries import reference

OTHERS, TOGETHER = "others", "together"
PEOPLE = {
    "registered": "Registered with practices",
    "resident": "Residents",
    "weighted": "Registered, weighted for need of core services (not specialised)",
}
GROUPINGS = {"service": "Service", "programme_of_care": "Programme of care"}


class VariationForm(FilterForm):
    """One year of one area beside its peers. A place is held against places and a system against systems."""

    uses = ("year", "area", "peers", "population", "grouping")
    defaults: ClassVar[dict[str, str]] = {
        **FilterForm.defaults,
        "peers": OTHERS,
        "population": "registered",
        "grouping": "service",
    }

    area = one_of("System or place", variation.area_choices)
    peers = one_of("Held against", ())
    population = one_of("People", list(PEOPLE.items()))
    grouping = one_of("Differences by", list(GROUPINGS.items()))
    field_order = ("area", "peers", "year", "population", "grouping")

    def __init__(self, data: Any = None, *, reader: Any = None, page: bool = True):
        super().__init__(data, reader=reader, page=page)
        self.fields["year"].choices = [c for c in self.fields["year"].choices if c[0] != ALL_YEARS]
        if not self.data.get("year") and (year := self.opening_year()):
            self.data["year"] = year
        if not self.data.get("area") and (own := reference.own_systems()):
            self.data["area"] = own[0]
        built_in = [(OTHERS, "All others together"), (TOGETHER, "All together, itself too")]
        self.fields["peers"].choices = [*built_in, *peers.peer_choices()]

    def clean(self):
        cleaned = super().clean()
        cleaned["level"] = variation.level_of(cleaned.get("area") or "")
        group = self._group(cleaned)
        if group and group.level != cleaned["level"]:
            self.add_error("peers", f"“{group}” is a group of {group.level}s: choose a {group.level}, or other peers")
        return cleaned

    @staticmethod
    def _group(cleaned) -> Any:
        return peers.peer_group(int(cleaned["peers"])) if str(cleaned.get("peers", "")).isdecimal() else None
