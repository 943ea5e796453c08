"""A line over time as SVG in a data URI, which is how both of Prefect's UIs show a
picture without a web server.
"""

import base64
from collections.abc import Iterator
from html import escape

from measures.release.reading import Point, Total

WIDTH, HEIGHT = 680, 170
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 34, 26
TEXT = 'font-family="sans-serif" font-size="12" fill="#444"'
LINE = 'fill="none" stroke="#1f5fbf" stroke-width="2" stroke-linejoin="round"'


def chart(total: Total) -> str:
    """The ratio of each period, per 1,000 or a mean; a gap where it is redacted, which
    says nothing of its height.
    """
    return (
        "data:image/svg+xml;base64," + base64.b64encode(_svg(total).encode()).decode()
    )


def _svg(total: Total) -> str:
    top = max(point.ratio for point in total.points if point.ratio is not None) or 0.001
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="6" fill="#fff"/>',
        *_frame(total, top),
        *_lines(total, top),
    ]
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'


def _frame(total: Total, top: float) -> Iterator[str]:
    base = HEIGHT - BOTTOM
    title = 'font-family="sans-serif" font-size="13" font-weight="bold" fill="#222"'
    yield (
        f'<text x="{LEFT}" y="20" {title}>{escape(total.measure)}, {total.unit}</text>'
    )
    for height, label in ((TOP, f"{total.in_units(top):,.4g}"), (base, "0")):
        yield f'<path d="M{LEFT} {height}H{WIDTH - RIGHT}" stroke="#ddd"/>'
        yield (
            f'<text x="{LEFT - 8}" y="{height + 4}" text-anchor="end" '
            f"{TEXT}>{label}</text>"
        )
    first, last = total.points[0].start, total.points[-1].start
    yield f'<text x="{LEFT}" y="{HEIGHT - 8}" {TEXT}>{first}</text>'
    yield (
        f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 8}" text-anchor="end" '
        f"{TEXT}>{last}</text>"
    )


def _lines(total: Total, top: float) -> Iterator[str]:
    """One line for each stretch without a gap; a dot for a period without neighbours."""
    for stretch in _stretches(total.points):
        places = []
        for number, ratio in stretch:
            places.append(_place(number, ratio / top, len(total.points)))
        if len(places) == 1:
            yield (
                f'<circle cx="{places[0][0]:.1f}" cy="{places[0][1]:.1f}" r="2" '
                'fill="#1f5fbf"/>'
            )
        else:
            yield (
                f"<polyline {LINE} "
                f'points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}"/>'
            )


def _stretches(points: tuple[Point, ...]) -> Iterator[list[tuple[int, float]]]:
    stretch: list[tuple[int, float]] = []
    for number, point in enumerate(points):
        if point.ratio is not None:
            stretch.append((number, point.ratio))
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def _place(number: int, share: float, count: int) -> tuple[float, float]:
    across = (WIDTH - LEFT - RIGHT) * number / max(1, count - 1)
    return LEFT + across, HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share
