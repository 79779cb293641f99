"""The pictures of the Flows page, one at a time: the same flows as a Sankey diagram, a matrix, bars or a map, or all together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from planning.figures.flow_map import FLOW_MAP
from planning.figures.flow_measures import FLOW_MEASURES
from planning.figures.flows import FLOW_MATRIX, FLOW_TOP, FLOWS
from presentation.figure import Figure

ALL = "all"
# What each is called in an address, on the page, and its figure. The first is what the page opens with.
PICTURES = {
    "sankey": ("Sankey diagram", FLOWS),
    "matrix": ("Matrix", FLOW_MATRIX),
    "largest": ("Largest flows", FLOW_TOP),
    "map": ("Map", FLOW_MAP),
}
OPENS_WITH = next(iter(PICTURES))


@dataclass(frozen=True)
class Way:
    """One way of showing the flows, as a link."""

    name: str
    label: str
    address: str
    current: bool


def picture_asked(data: Mapping[str, Any]) -> str:
    """The picture that an address names; the first where it names none, or one that is not there."""
    asked = data.get("shown_as")
    return asked if asked == ALL or asked in PICTURES else OPENS_WITH


def figures_of(picture: str, measure: str) -> list[Figure]:
    """What the page runs: the flows themselves, which its sentence is written from, and what is drawn."""
    if picture == ALL:
        return [FLOWS, FLOW_MATRIX, FLOW_MEASURES[measure], FLOW_TOP, FLOW_MAP]
    return list(dict.fromkeys([FLOWS, PICTURES[picture][1]]))


def drawn_as(picture: str, results: Mapping[str, Any]) -> list[Any]:
    """The results that the page draws."""
    return list(results.values()) if picture == ALL else [results[PICTURES[picture][1].name]]


def kept_in_form(picture: str) -> str:
    """What the filter form carries along; nothing where the page opens with it anyway."""
    return "" if picture == OPENS_WITH else picture


def ways_of_showing(data: QueryDict, picture: str) -> list[Way]:
    """Links to every way of showing what the filters of an address choose."""
    names = {**{name: label for name, (label, _) in PICTURES.items()}, ALL: "All on one page"}
    return [Way(name, label, _address(data, name), name == picture) for name, label in names.items()]


def _address(data: QueryDict, name: str) -> str:
    """Without the order and the page of a table, which are those of the picture left behind."""
    kept = data.copy()
    for key in [key for key in kept if key.endswith(("-sort", "-page")) or key == "shown_as"]:
        del kept[key]
    if name != OPENS_WITH:
        kept["shown_as"] = name
    return f"?{kept.urlencode()}"
