"""One look for all charts: sizes, colours and Vega's settings.

Colours are those of the UK Government Analysis Function's palette, 3:1 or more against
white; its shape also says which mark is which. The page takes the colours for
names of what is drawn (`svg.py`), so that each has one meaning and dark pages can have
others.
"""

from typing import Any

LINE = "#12436d"  # the released rate, and bars
DOT = "#12436e"  # a period without neighbours
BAND = "#c3d5e6"  # where the true rate lies
CHANCE = "#dfe8f1"  # the 95 % interval around it
HELD = "#8a5a00"  # a period that is withheld
HELD_ALONE = "#8a5a01"  # the same, between periods that are shown
PHASE = "#eceef0"  # a span of time with a name
PHASE_WORDS = "#4a5560"
GRID = "#d9dde0"
BASE = "#6b7780"  # the line at zero, and where nothing changes
WORDS = "#3d3d3d"
HEADING = "#1f2a30"
RANGE = "#1d1d1d"  # from where to where a bar may reach
LIMIT = "#801650"  # limits of usual variation
OUTER = "#801652"  # outer limits of a funnel
MEAN = "#801651"  # their mean; the median of units
TENTH = "#7d93a8"  # tenths of units
SPOT = "#12436f"  # a change
SIGNAL = "#a8430a"  # a point that is unusual

# colour -> its class in the page
CLASSES = {
    LINE: "l", DOT: "d", BAND: "b", CHANCE: "c", HELD: "w", HELD_ALONE: "v", PHASE: "p", PHASE_WORDS: "q", GRID: "g",
    BASE: "z", WORDS: "t", HEADING: "h", RANGE: "r", LIMIT: "k", MEAN: "m", TENTH: "n", SIGNAL: "s", SPOT: "o",
    OUTER: "f",
}  # fmt: skip

# where the place of a text lies in it -> the class that says so; the page's style has
# the middle
ANCHORS = {"start": "i", "middle": "", "end": "e"}

FONT = "Arial, Helvetica, sans-serif"
TEXT = 12  # so that it has 10 pixels on the narrowest phone

# Of a panel: the plot, and the room around it.
WIDTH, HEIGHT = 288, 112
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 18, 22
# Of a chart that has the page's width, for everybody.
WIDE, TALL = 660, 230
COLUMNS = 3
HEADER = 20  # the room for a panel's title in a file
BAR = 40  # the height of a bar with its words


def config() -> dict[str, Any]:
    """Vega-Lite's settings; nothing in them is measured, so that a chart is the same on
    all machines.
    """
    return {
        "font": FONT,
        "background": "white",
        "view": {"stroke": None},
        "line": {"strokeWidth": 2, "strokeCap": "round", "strokeJoin": "round"},
        "axis": {
            "domain": False,
            "ticks": False,
            "labelFontSize": TEXT,
            "labelColor": WORDS,
            "labelLimit": 0,
            "labelOverlap": False,
            "labelPadding": 6,
            "gridColor": GRID,
            "title": None,
        },
        "axisX": {"grid": False, "domain": True, "domainColor": BASE},
        "header": {
            "labelFontSize": TEXT + 1,
            "labelFontWeight": "bold",
            "labelColor": HEADING,
            "labelLimit": 0,
            "labelAnchor": "start",
            "title": None,
        },
        "title": {
            "fontSize": TEXT + 3,
            "anchor": "start",
            "color": HEADING,
            "limit": 0,
        },
    }
