"""The marks of a map: places as dots whose area follows their amount, ways between them whose width does.

There is no ground under them: no boundary is fetched, so none can be out of date or come from another host. North is up, and a
kilometre is as long either way.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from . import marks, theme
from .chart import Chart

WIDEST_WAY = 14.0
# More lines than this hide each other; a chart that has more says so.
MOST_WAYS = 80
# The widest dots of a map carry names; more would lie upon each other.
NAMED = 8
# What a name takes of the longer side of the map.
NAME_LONG, NAME_HIGH = 0.16, 0.035
KM_OF_A_DEGREE = 111.195
SCALES_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500)


@dataclass(frozen=True)
class Dot:
    """A place with its amount in words. `is_target` where people go to it, `link` where a page says more."""

    name: str
    longitude: float
    latitude: float
    size: float
    text: str
    colour: str
    is_target: bool = False
    link: str = ""

    @property
    def said(self) -> str:
        return f"{self.name}: {self.text}" if self.text else self.name


@dataclass(frozen=True)
class Way:
    """A line between two places."""

    start: tuple[float, float]
    end: tuple[float, float]
    width: float
    said: str
    colour: str
    link: str = ""


def dots(chart: Chart) -> list[Dot]:
    """Where people come from, each row or, where ways have named ends, each place once; and then where they go."""
    if "to_label" not in chart.columns:
        places = _positions(chart, "")
        found = zip(marks.words(chart, "label"), places, marks.map_sizes(chart), marks.map_texts(chart), strict=True)
        return [Dot(name, *place, size, text, dot_colour(chart, name)) for name, place, size, text in found]
    own = _summed(chart, "label", "", is_target=False)
    others = _summed(chart, "to_label", "to_", is_target=True)
    most = max((amount for amount, *_ in [*own, *others]), default=0.0) or 1.0
    return [dot(amount, most) for amount, dot in [*own, *others]]


def _summed(chart: Chart, role: str, end: str, *, is_target: bool) -> list[tuple[float, Callable[[float, float], Dot]]]:
    """The amount of each place once, the largest first, with what makes its dot."""
    stored = marks.column(chart, "value") if "value" in chart.columns else [0] * len(chart.frame)
    sums: dict[str, int] = {}
    places: dict[str, tuple[float, float]] = {}
    for name, place, value in zip(marks.words(chart, role), _positions(chart, end), stored, strict=True):
        sums[name] = sums.get(name, 0) + (0 if marks.value_of(chart, value) is None else int(value))
        places[name] = place
    links: dict = dict(chart.options.get("links", {}))
    colour = theme.DARK_BLUE if is_target else theme.BLUE

    def of(name: str) -> Callable[[float, float], Dot]:
        link, text = links.get((role, name), ""), marks.text_of(chart, sums[name])
        return lambda amount, most: Dot(name, *places[name], marks.dot_size(amount, most), text, colour, is_target, link)

    ordered = sorted(sums, key=lambda name: (-abs(sums[name]), name))
    return [(abs(float(sums[name])), of(name)) for name in ordered]


def ways(chart: Chart) -> list[Way]:
    """The largest lines, each as wide as its amount; amounts below nought in grey."""
    if "to_latitude" not in chart.columns:
        return []
    stored = marks.column(chart, "value") if "value" in chart.columns else [None] * len(chart.frame)
    values = [marks.value_of(chart, value) for value in stored]
    most = max((abs(v) for v in values if v is not None), default=0.0) or 1.0
    links = marks.words(chart, "link") if "link" in chart.columns else [""] * len(values)
    to_names = marks.words(chart, "to_label") if "to_label" in chart.columns else [""] * len(values)
    texts, names = marks.map_texts(chart), marks.words(chart, "label")
    made = []
    for i, (start, end) in enumerate(zip(_positions(chart, ""), _positions(chart, "to_"), strict=True)):
        value = values[i] or 0.0
        said = f"{names[i]} to {to_names[i]}: {texts[i]}" if to_names[i] else f"{names[i]}: {texts[i]}"
        colour = theme.GREY if value < 0 else theme.BLUE
        if value or "value" not in chart.columns:
            made.append(Way(start, end, max(WIDEST_WAY * abs(value) / most, 1.0), said, colour, links[i]))
    return sorted(made, key=lambda way: -way.width)[:MOST_WAYS]


def _positions(chart: Chart, end: str) -> list[tuple[float, float]]:
    longitudes, latitudes = marks.column(chart, f"{end}longitude"), marks.column(chart, f"{end}latitude")
    return [(float(x), float(y)) for x, y in zip(longitudes, latitudes, strict=True)]


def dot_colour(chart: Chart, name: str) -> str:
    return theme.BLUE if not chart.emphasis or name in chart.emphasis else theme.GREY


def named(found: list[Dot]) -> set[int]:
    """Which dots carry their names: the largest of each kind whose names do not lie upon those of larger ones."""
    chosen: list[int] = []
    wide = across([dot.latitude for dot in found])
    spread = max((_span(found, "longitude") * wide, _span(found, "latitude")), default=0.0)
    for is_target in (False, True):
        own = sorted((i for i, dot in enumerate(found) if dot.is_target == is_target), key=lambda i: -found[i].size)
        for i in own[:NAMED]:
            if not any(_near(found[i], found[j], wide, spread) for j in chosen):
                chosen.append(i)
    return set(chosen)


def _span(found: list[Dot], axis: str) -> float:
    values = [getattr(dot, axis) for dot in found]
    return max(values, default=0.0) - min(values, default=0.0)


def _near(one: Dot, other: Dot, wide: float, spread: float) -> bool:
    """Whether two names would lie upon each other: a name is much longer than it is high."""
    if one.is_target != other.is_target and one.name == other.name:
        return True
    east, north = abs(one.longitude - other.longitude) * wide, abs(one.latitude - other.latitude)
    return spread > 0 and east < spread * NAME_LONG and north < spread * NAME_HIGH and (east > 0 or north > 0)


def beside(chart: Chart) -> list[tuple[str, str]]:
    """What has no place on the map, with its amount: it is listed beside it, never dropped."""
    listed: Iterable[tuple[str, object]] = chart.options.get("beside", ())  # type: ignore[assignment]
    return [(name, marks.text_of(chart, value)) for name, value in listed]


def across(latitudes: list[float]) -> float:
    """How much shorter a degree east is than one north, in the middle of the places."""
    known = [latitude for latitude in latitudes if not math.isnan(latitude)]
    return math.cos(math.radians(sum(known) / len(known))) if known else 1.0


def scale_km(width_km: float) -> int:
    """The length of the scale bar: the largest round one within a quarter of the map."""
    return max((km for km in SCALES_KM if km <= width_km / 4), default=SCALES_KM[0])
