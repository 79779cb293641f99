"""Maps as own SVG: matplotlib has none without a base of tiles."""

from collections.abc import Callable
from xml.sax.saxutils import escape

from . import maps, theme
from .chart import Chart
from .drawing_svg_flows import document, words

MARGIN = 44
LINE = 18
Project = Callable[[tuple[float, float]], tuple[float, float]]


def map_svg(chart: Chart, width: int) -> str:
    """Dots by position with lines between them, the largest named; what has no position is listed below."""
    dots, ways, beside = maps.dots(chart), maps.ways(chart), maps.beside(chart)
    height = int(width * (0.62 if width >= 600 else 0.85))
    places = [(d.longitude, d.latitude) for d in dots] + [way.end for way in ways]
    project, pixels_of_km = _projection(places, width, height)
    body = [_line(way, project) for way in ways]
    named, size = maps.named(dots), 12 if width >= 600 else 10
    body += [_dot(dot, project) for dot in dots]
    body += [_name(dots[i], project, size) for i in sorted(named)]
    body += _scale(width, height, pixels_of_km)
    if beside:
        body.append(words(4, height + LINE, "Not on the map:", colour=theme.MUTED, size=12))
        body += [words(4, height + LINE * (i + 2), f"{name}: {text}", size=12) for i, (name, text) in enumerate(beside)]
    return document(chart, width, height + (LINE * (len(beside) + 1.5) if beside else 0), body)


def _line(way: maps.Way, project: Project) -> str:
    (x1, y1), (x2, y2) = project(way.start), project(way.end)
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    look = f'stroke="{way.colour}" stroke-opacity="0.3" stroke-width="{way.width:.1f}" stroke-linecap="round"'
    return f"<line {ends} {look}><title>{escape(way.said)}</title></line>"


def _dot(dot: maps.Dot, project: Project) -> str:
    x, y = project((dot.longitude, dot.latitude))
    place = f'cx="{x:.1f}" cy="{y:.1f}" r="{dot.size / 2:.1f}"'
    look = f'fill="{dot.colour}" fill-opacity="0.85" stroke="{theme.WHITE}"'
    return f"<circle {place} {look}><title>{escape(dot.said)}</title></circle>"


def _name(dot: maps.Dot, project: Project, size: int) -> str:
    x, y = project((dot.longitude, dot.latitude))
    above = -dot.size / 2 - 3
    return words(x, y + (dot.size / 2 + size if dot.is_target else above), dot.name, "middle", size=size)


def _scale(width: int, height: int, pixels_of_km: float) -> list[str]:
    km = maps.scale_km(width / pixels_of_km)
    x, y = width - MARGIN - km * pixels_of_km, height - 12
    bar = f'<path d="M{x:.1f},{y - 5}V{y}H{width - MARGIN:.1f}V{y - 5}" fill="none" stroke="{theme.MUTED}"/>'
    return [bar, words(width - MARGIN, y - 8, f"{km} km", "end", theme.MUTED, 11)]


def _projection(places: list[tuple[float, float]], width: int, height: int) -> tuple[Project, float]:
    """Longitude and latitude to x and y, with a margin; and how many pixels a kilometre has."""
    longitudes, latitudes = [p[0] for p in places] or [0.0], [p[1] for p in places] or [0.0]
    across = maps.across(latitudes)
    east, north = (max(longitudes) - min(longitudes)) * across, max(latitudes) - min(latitudes)
    scale = min((width - 2 * MARGIN) / (east or 0.01), (height - 2 * MARGIN) / (north or 0.01))
    middle = (max(longitudes) + min(longitudes)) / 2, (max(latitudes) + min(latitudes)) / 2

    def project(place: tuple[float, float]) -> tuple[float, float]:
        return width / 2 + (place[0] - middle[0]) * across * scale, height / 2 - (place[1] - middle[1]) * scale

    return project, scale / maps.KM_OF_A_DEGREE
