"""Sankey as own SVG: matplotlib has none that reads well."""

import re
import textwrap
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from . import marks, theme
from .chart import Chart

NODE = 14
GAP = 10
ROW = 44


@dataclass
class _Node:
    name: str
    value: float = 0.0
    top: float = 0.0
    # How much of the node's height the ribbons so far have taken.
    taken: float = 0.0


def document(chart: Chart, width: float, height: float, body: list[str]) -> str:
    """An SVG with its title and summary for those who cannot see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc" '
        f'width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family={quoteattr(theme.FONT)} font-size="13" fill="{theme.INK}">'
        f'<title id="title">{escape(chart.title)}</title><desc id="desc">{escape(chart.summary)}</desc>'
        f'<rect width="100%" height="100%" fill="{theme.WHITE}"/>{"".join(body)}</svg>'
    )


def words(x: float, y: float, said: str, anchor: str = "start", colour: str = theme.INK, size: int = 13) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" font-size="{size}">{escape(said)}</text>'


def with_foot(svg: str, foot: str) -> str:
    """The drawing with a line of words added below it, so that a picture that travels alone still says what it is."""
    if not foot:
        return svg
    width, height = (float(n) for n in re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups())
    lines = textwrap.wrap(foot, int(width / 6.2))
    taller = height + 18 * len(lines)
    said = "".join(words(4, height + 13 + 18 * i, line, colour=theme.MUTED, size=12) for i, line in enumerate(lines))
    made = svg.replace(f'viewBox="0 0 {width:g} {height:g}"', f'viewBox="0 0 {width:g} {taller:g}"', 1)
    made = re.sub(r' height="[\d.]+(pt)?"', lambda m: f' height="{taller:g}{m[1] or ""}"', made, count=1)
    return made.removesuffix("\n").removesuffix("</svg>") + f"<g font-family={quoteattr(theme.FONT)}>{said}</g></svg>"


def sankey_svg(chart: Chart, width: int) -> str:
    """Ribbons from sources at the left to targets at the right, each as thick as its value."""
    flows = marks.flows(chart)
    sources, targets = ({n: _Node(n, size) for n, size in side.items()} for side in marks.ends_of_flows(chart))
    height = max(len(sources), len(targets), 3) * ROW
    total = sum(f.value for f in flows) or 1.0
    scale = min((height - GAP * (len(side) + 1)) / total for side in (sources, targets))
    for side in (sources, targets):
        _place(side, scale, height)
    label_room = width * (0.27 if width >= 600 else 0.3)
    left, right = label_room, width - label_room - NODE
    body = [_ribbon(f, sources[f.source], targets[f.target], scale, left + NODE, right, chart) for f in flows]
    body += [_node(n, left, scale, left - 6, "end", _colour(chart, n.name), width) for n in sources.values()]
    body += [_node(n, right, scale, right + NODE + 6, "start", theme.DARK_BLUE, width) for n in targets.values()]
    return document(chart, width, height, body)


def _place(nodes: dict[str, _Node], scale: float, height: float) -> None:
    spare = height - sum(n.value for n in nodes.values()) * scale
    gap = spare / (len(nodes) + 1)
    top = gap
    for node in nodes.values():
        node.top = top
        top += node.value * scale + gap


def _ribbon(flow: marks.Flow, source: _Node, target: _Node, scale: float, left: float, right: float, chart: Chart) -> str:
    thick = flow.value * scale
    y1, y2 = source.top + source.taken + thick / 2, target.top + target.taken + thick / 2
    source.taken += thick
    target.taken += thick
    middle = (left + right) / 2
    colour = theme.BLUE if not chart.emphasis else flow.colour
    path = f"M{left:.1f},{y1:.1f}C{middle:.1f},{y1:.1f} {middle:.1f},{y2:.1f} {right:.1f},{y2:.1f}"
    said = escape(f"{flow.source} to {flow.target}: {flow.text}")
    width = f'stroke-width="{max(thick, 0.5):.1f}"'
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-opacity="0.28" {width}><title>{said}</title></path>'


def _colour(chart: Chart, name: str) -> str:
    return theme.BLUE if not chart.emphasis or name in chart.emphasis else theme.GREY


def _node(node: _Node, x: float, scale: float, text_x: float, anchor: str, colour: str, width: int) -> str:
    height = max(node.value * scale, 1)
    box = f'<rect x="{x:.1f}" y="{node.top:.1f}" width="{NODE}" height="{height:.1f}" fill="{colour}"/>'
    longest = 30 if width >= 600 else 16
    name = node.name if len(node.name) <= longest else f"{node.name[: longest - 1]}…"
    return box + words(text_x, node.top + height / 2 + 4, name, anchor, size=13 if width >= 600 else 11)
