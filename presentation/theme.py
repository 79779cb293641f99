"""Colours, type and the chart template: few colours, one emphasis, nothing drawn that says nothing."""

BLUE = "#005eb8"
DARK_BLUE = "#003087"
PALE_BLUE = "#ccdff1"
INK = "#212b32"
MUTED = "#4c6272"
GREY = "#768692"
LINE = "#d8dde0"
GRID = "#e8edee"
PALE = "#f0f4f5"
WHITE = "#ffffff"
BLACK = "#000000"
GREEN = "#00703c"
RED = "#d5281b"

# Series in their order, each with the colour that text on it has enough contrast in.
SERIES = (DARK_BLUE, BLUE, "#41b6e6", "#00a499", GREY, LINE, "#7c2855", "#ed8b00")
TEXT_ON = {
    DARK_BLUE: WHITE,
    BLUE: WHITE,
    "#41b6e6": INK,
    "#00a499": INK,
    # Ink is too light on it.
    GREY: BLACK,
    LINE: INK,
    "#7c2855": WHITE,
    "#ed8b00": INK,
}
HEAT = ("#f0f4f5", "#ccdff1", "#7fb0dc", "#005eb8", "#003087")
DIVERGING = ("#7c2855", "#d3a9bf", "#f0f4f5", "#7fb0dc", "#003087")
FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
FONT_SIZE = 14

# plotly's own template is 6.5 kB with every figure; this is all that ours need.
TEMPLATE = {
    "layout": {
        "font": {"family": FONT, "size": FONT_SIZE, "color": INK},
        "paper_bgcolor": WHITE,
        "plot_bgcolor": WHITE,
        "colorway": list(SERIES),
        "showlegend": False,
        "hovermode": "closest",
        "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
        "xaxis": {"automargin": True, "fixedrange": True, "ticks": "", "gridcolor": GRID, "zerolinecolor": INK},
        "yaxis": {"automargin": True, "fixedrange": True, "ticks": "", "gridcolor": GRID, "zerolinecolor": INK},
        "hoverlabel": {"bgcolor": WHITE, "bordercolor": INK, "font": {"color": INK, "family": FONT, "size": FONT_SIZE}},
    }
}


def text_on(colour: str) -> str:
    """The colour of words on a mark of this colour."""
    return TEXT_ON.get(colour, INK)


def series_colours(names: list[str]) -> dict[str, str]:
    """A colour for each series, always the same for the same order."""
    return {name: SERIES[i % len(SERIES)] for i, name in enumerate(names)}
