"""A line over time in one line of text: a block for each period, higher where the ratio
is.
"""

from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"
GAP = "·"  # redacted: nothing is known of its height
WIDEST = 40


def sparkline(values: Sequence[float | None], widest: int = WIDEST) -> str:
    """As `▁▂·▅█`: from 0 to the highest value; with more values than fit, every second,
    third …

    The last value is always one of those shown. No value is made of several: a mean
    across a redacted period would tell of it.
    """
    if not values:
        return ""
    step = -(-len(values) // widest)
    shown = list(values[::-1][::step][::-1])
    top = max((value for value in shown if value is not None), default=0)
    return "".join(_block(value, top) for value in shown)


def _block(value: float | None, top: float) -> str:
    if value is None:
        return GAP
    if top <= 0:
        return BLOCKS[0]
    place = round(max(0.0, value) / top * (len(BLOCKS) - 1))
    return BLOCKS[place]
