"""Bars, dots of change, and limits of variation: every place and number is made of the
bundle's rows alone.
"""

import math
import re
from pathlib import Path
from statistics import mean

import pytest

from measures.release.reading import ReleasedRow, released_rows
from tests.lib.report_pages import strokes, with_grounds
from tests.lib.report_release import WEEKS, write

PIXELS = 0.11
OFF = 2  # by how much rounding to the nearest five is wrong at most
Z = 1.959963984540054


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return write(tmp_path_factory.mktemp("release") / "m")


@pytest.fixture(scope="module")
def page(folder) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


def rows_of(folder: Path, measure: str, *group: object) -> list[ReleasedRow]:
    found = [
        row
        for row in released_rows(folder)
        if row.measure == measure and row.group == group
    ]
    return sorted(found, key=lambda row: row.interval_start)


def drawing(page: str, words: str, name: str) -> str:
    svg = rf'<svg (?=[^>]*class="{name}")[^>]*><title>[^<]*{words}.*?</svg>'
    [found] = re.findall(svg, with_grounds(page), re.DOTALL)
    return str(found)


def test_bars_are_as_long_as_their_counts(folder, page):
    """Of a distribution, whose shares would all be one."""
    svg = drawing(page, "by uses", "bars")
    lengths = [
        float(length) for length in re.findall(r'class="l" d="M0,\d+h([\d.]+)v', svg)
    ]
    counts = [
        row.numerator or 0
        for row in released_rows(folder)
        if row.measure == "uses" and row.numerator
    ]
    assert len(lengths) == len(counts) == 2
    assert lengths[1] / lengths[0] == pytest.approx(counts[1] / counts[0], abs=1e-3)
    said = re.findall(r">([\d,]+) people<", svg)
    assert [int(each.replace(",", "")) for each in said] == counts
    assert svg.count('class="w"') == svg.count("withheld [c]<") == 1


def change(then: ReleasedRow, now: ReleasedRow) -> tuple[float, float, float]:
    """The ratio of two released rates, and its interval over all true counts: the
    formula of Katz at two corners.
    """
    ends = []
    for sign in (-1, 1):
        x1, n1 = (now.numerator or 0) + sign * OFF, (now.denominator or 0) - sign * OFF
        x0, n0 = (
            (then.numerator or 0) - sign * OFF,
            (then.denominator or 0) + sign * OFF,
        )
        error = math.sqrt(1 / x1 - 1 / n1 + 1 / x0 - 1 / n0)
        ends.append((x1 / n1) / (x0 / n0) * math.exp(sign * Z * error))
    return (now.ratio or 0) / (then.ratio or 1), ends[0], ends[1]


def told(ratio: float) -> str:
    """As the page says a change."""
    if ratio >= 2:
        return f"{ratio:.1f} times"
    percent = f"{round((ratio - 1) * 100):+d}" if round((ratio - 1) * 100) else "0"
    return percent.replace("-", "\N{MINUS SIGN}") + "\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize("frail", [False, True])
def test_dots_and_words_of_change_are_those_of_the_rows(folder, page, frail):
    rows = {
        row.interval_start.isoformat(): row
        for row in rows_of(folder, "seen_by_frail", frail)
    }
    found = change(rows["2020-01-06"], rows["2021-01-04"])
    svg = drawing(page, "change, by frail", "dots")
    words = f"{told(found[0])} ({told(found[1])} to {told(found[2])})"
    assert f">{words}<" in svg
    assert words in page[page.index("the last released period of each group") :]
    ticks = dict(re.findall(r'x="([\d.]+)" y="15">(same|2 times)<', svg))
    [(none, _), (twice, _)] = sorted((float(x), name) for x, name in ticks.items())
    spots = [
        float(x)
        for x in re.findall(r'class="o" d="[^"]*" transform="translate\(([\d.]+),', svg)
    ]
    lines = re.findall(r'class="l" x1="([\d.]+)" y1="\d+" x2="([\d.]+)"', svg)
    places = [spots[frail], *map(float, lines[frail])]
    # the axis is one of ratios; three digits of a ratio are up to a third of a pixel
    wanted = [none + (twice - none) * math.log2(ratio) for ratio in found]
    assert places == pytest.approx(wanted, abs=0.6)


def test_limits_of_variation_are_those_of_the_rates(folder, page):
    """XmR by hand: 2.66 mean moving ranges, of which those above 3.267 means are left
    out once.
    """
    rates = [float(f"{(row.ratio or 0) * 1000:.3g}") for row in rows_of(folder, "seen")]
    ranges = [
        abs(after - before) for before, after in zip(rates, rates[1:], strict=False)
    ]
    kept = [each for each in ranges if each < 3.267 * mean(ranges)]
    middle, reach = mean(rates), 2.66 * mean(kept)
    svg = drawing(page, "usual and unusual variation", "wide")
    said = re.search(
        r"the mean is ([\d.]+), and usual variation goes ([\d.]+) to ([\d.]+)\.", svg
    )
    assert said
    expected = (middle, middle - reach, middle + reach)
    assert [float(each) for each in said.groups()] == [
        float(f"{each:.3g}") for each in expected
    ]
    top, bottom = (
        float(y) - 4
        for y in re.findall(r'class="t e" x="[-\d.]+" y="([\d.]+)">(?:80|0)<', svg)[
            ::-1
        ]
    )
    heights = [
        float(y)
        for name in "mk"
        for y in re.findall(rf'class="{name}" y1="([\d.]+)"', svg)
    ]
    wanted = [
        bottom - (bottom - top) * each / 80
        for each in (expected[0], expected[1], expected[2])
    ]
    assert heights == pytest.approx(wanted, abs=0.2)
    [line] = strokes(re.findall(r'class="l" d="([^"]*)"', svg)[0])
    marks = re.findall(
        r'class="s" d="[^"]*" transform="translate\(([\d.]+),([\d.]+)\)"', svg
    )
    assert len(line) == len(WEEKS)
    for x, y in marks:  # each of them lies on the line
        assert any(
            abs(float(x) - at[0]) <= PIXELS and abs(float(y) - at[1]) <= PIXELS
            for at in line
        )
    assert f"{len(marks)} periods of 60 marked as unusual" in svg


def test_card_says_the_last_released_number_with_its_range(folder, page):
    last = rows_of(folder, "seen")[-1]
    numbers = [
        f"{(each or 0) * 1000:.3g}"
        for each in (last.ratio, last.ratio_at_least, last.ratio_at_most)
    ]
    [card] = re.findall(r'<p class="card-text">(.*?)</p>', page)[:1]
    assert re.sub("<.*?>", "", card) == (
        f"{numbers[0]} per 1,000 people in the week from 22 February 2021. "
        f"The true rate is certainly between {numbers[1]} and {numbers[2]}."
    )
