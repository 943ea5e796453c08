"""The funnel and the ranks of a page, against arithmetic of the bundle's rows."""

import math
import re
from dataclasses import replace
from pathlib import Path
from statistics import quantiles

import altair
import pytest
from scipy.stats import poisson

from measures.release.reading import ReleasedRow, released_rows
from measures.release.report.families import families
from measures.release.report.funnel_chart import LARGE, SMALL, chart
from measures.release.report.funnels import WITHIN, Funnel, funnel
from measures.release.report.inputs import read_bundle
from measures.release.report.making import make_report
from measures.release.report.parts import Figure
from measures.release.report.ranking import Ranking, ranking
from tests.lib.report_units import AREAS, MONTHS, write_units
from tests.lib.report_units import SMALL as NOT_DRAWN

Z = 1.959963984540054


def figure_of(folder: Path) -> Figure:
    [family] = families(read_bundle(folder))
    [figure] = family.grouped
    return figure


def last_rows(folder: Path) -> dict[object, ReleasedRow]:
    rows = [row for row in released_rows(folder) if row.measure == "seen_by_area"]
    return {row.group[0]: row for row in rows if row.interval_start == MONTHS[-1][0]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return write_units(tmp_path_factory.mktemp("release") / "m")


@pytest.fixture(scope="module")
def made(folder) -> Funnel:
    return funnel(figure_of(folder))


def test_funnel_has_the_large_areas_of_the_last_month(folder, made):
    assert (made.start, made.end) == MONTHS[-1]
    assert [unit.label for unit in made.units] == sorted(
        str(area) for area in AREAS if area not in NOT_DRAWN
    )
    rows = last_rows(folder)
    large = [rows[unit.label] for unit in made.units]
    counts, people = (
        sum(getattr(row, part) for row in large)
        for part in ("numerator", "denominator")
    )
    assert made.average == pytest.approx(counts / people)
    assert made.left_out == len(NOT_DRAWN)


def test_areas_lie_outside_where_their_whole_range_does(folder, made):
    """Rounding to five puts a true count of people at most two below what is shown."""
    assert not made.widened
    rows = last_rows(folder)
    for unit in made.units:
        row = rows[unit.label]
        half = Z * math.sqrt(
            made.average * (1 - made.average) / ((row.denominator or 0) - 2)
        )
        low, high = made.average - half, made.average + half
        assert unit.near == pytest.approx((low, high))
        outside = (row.ratio_at_least or 0) > high or (row.ratio_at_most or 0) < low
        assert unit.outside == outside
    assert {unit.label for unit in made.units if unit.outside} == {"Devon", "Kent"}


def test_limits_are_wider_where_areas_vary_more_than_chance(tmp_path):
    found = funnel(figure_of(write_units(tmp_path / "m", varied=True)))
    assert found.widened
    for unit in found.units:
        assert unit.near == pytest.approx(
            spiegelhalter(found, (unit.point.denominator or 0) - 2)
        )
    page = (tmp_path / "m" / "report.html").read_text(encoding="utf-8")
    assert "vary more than chance" in page


def spiegelhalter(made: Funnel, of: float) -> tuple[float, float]:
    """His additive model on the scale of arcsine root, from the formulas of his
    paper.
    """
    people = [unit.point.denominator or 0 for unit in made.units]
    rates = [
        (unit.point.numerator or 0) / each
        for unit, each in zip(made.units, people, strict=True)
    ]
    middle = math.asin(math.sqrt(made.average))
    scores = sorted(
        2 * math.sqrt(n) * (math.asin(math.sqrt(p)) - middle)
        for n, p in zip(people, rates, strict=True)
    )
    lowest, *_, highest = quantiles(scores, n=10, method="inclusive")
    k = len(scores)
    phi = sum(min(max(z, lowest), highest) ** 2 for z in scores) / k
    w = [4 * n for n in people]
    tau2 = max(0, (k * phi - (k - 1)) / (sum(w) - sum(each**2 for each in w) / sum(w)))
    half = Z * math.sqrt(1 / (4 * of) + tau2)
    return math.sin(middle - half) ** 2, math.sin(middle + half) ** 2


def test_funnel_of_events_has_poissons_limits(tmp_path):
    found = funnel(figure_of(write_units(tmp_path / "m", events=True)))
    assert found.events and not found.widened
    for unit in found.units:
        of = (unit.point.denominator or 0) - 2
        expected = found.average * of
        # as many events as the limit, or one beyond it, have a chance of a fortieth
        fewest, most = math.floor(unit.near[0] * of), math.ceil(unit.near[1] * of)
        assert (
            poisson.cdf(fewest, expected) <= 0.025 < poisson.cdf(fewest + 1, expected)
        )
        assert poisson.sf(most - 1, expected) <= 0.025 < poisson.sf(most - 2, expected)
        assert unit.near[0] < found.average < unit.near[1]
    assert {unit.label for unit in found.units if unit.outside} == {"Devon", "Kent"}


def test_places_of_a_drawing_are_released_numbers(folder):
    """Read back from the specification and from the drawing itself."""
    figure = figure_of(folder)
    spec = chart(figure, funnel(figure), LARGE)
    layers = {layer["name"]: layer["data"]["values"] for layer in spec["layer"]}
    rows = last_rows(folder)
    drawn = [*layers["usual"], *layers["outside"]]
    released = {
        (row.denominator, f"{(row.ratio or 0) * 1000:.3g}") for row in rows.values()
    }
    assert len(drawn) == len(AREAS) - len(NOT_DRAWN)
    assert {(row["n"], f"{row['r']:.3g}") for row in drawn} <= released
    page = make_report(folder).html
    [svg] = re.findall(
        r'<svg (?=[^>]*class="wide")[^>]*><title>[^<]*funnel by area.*?</svg>',
        page,
        re.DOTALL,
    )
    names = [
        re.sub(r"<.*?>", "", each)
        for each in re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    ]
    assert {"Devon", "Kent"} <= set(names)
    spots = re.findall(
        r'class="([os])" d="[^"]*" transform="translate\(([\d.]+),([\d.]+)\)"', svg
    )
    top = max(
        float(name.replace(",", ""))
        for name in names
        if name.replace(",", "").isdigit()
    )
    ends = spec["layer"][0]["encoding"]["y"]["scale"]["domain"]
    expected = sorted(
        (
            round(row["n"] / top * LARGE.width, 1),
            round((1 - row["r"] / ends[1]) * LARGE.height, 1),
        )
        for row in drawn
    )
    found = sorted((float(x), float(y)) for _, x, y in spots)
    assert len(found) == len(expected)
    for place, wanted in zip(found, expected, strict=True):
        assert place == pytest.approx(wanted, abs=0.11)
    assert [kind for kind, *_ in spots].count("s") == 2


@pytest.mark.parametrize("size", [LARGE, SMALL])
def test_specification_is_legal(folder, size):
    figure = figure_of(folder)
    altair.Chart.from_dict(chart(figure, funnel(figure), size), validate=True)


def test_too_few_large_areas_have_no_funnel(folder):
    figure = figure_of(folder)
    found = funnel(replace(figure, panels=figure.panels[:5]))
    assert not found.units
    assert (
        "no period has 5 groups of 1,000 people of whom 100 are counted"
        in found.refused
    )


# Ranks and shares ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def ranks(folder) -> Ranking:
    return ranking(figure_of(folder))


def test_ranks_hold_for_every_true_rate(folder, ranks):
    rows = {
        area: row for area, row in last_rows(folder).items() if area and row.numerator
    }
    assert {place.label for place in ranks.places} == set(rows)
    for place in ranks.places:
        row = rows[place.label]
        others = [other for other in rows.values() if other is not row]
        above = sum(
            (other.ratio_at_least or 0) > (row.ratio_at_most or 0) for other in others
        )
        below = sum(
            (other.ratio_at_most or 0) < (row.ratio_at_least or 0) for other in others
        )
        assert place.rank == (above + 1, len(rows) - below)
    rates = [place.point.ratio or 0 for place in ranks.places]
    assert rates == sorted(rates, reverse=True)
    assert ranks.withheld == 1


def test_shares_are_of_what_is_shown_and_hold_the_true_ones(folder, ranks):
    rows = {
        area: row for area, row in last_rows(folder).items() if area and row.numerator
    }
    whole = sum(row.numerator or 0 for row in rows.values())
    true = sum(AREAS[str(area)][0] for area in rows)
    for place in ranks.places:
        assert place.share == pytest.approx((rows[place.label].numerator or 0) / whole)
        assert place.ends[0] <= AREAS[place.label][0] / true <= place.ends[1]
    # three of twelve count most
    assert set(ranks.top) == {"Devon", "Black Country", "Hampshire"}
    top = sum(AREAS[area][0] for area in ranks.top)
    assert ranks.top_ends[0] <= top / true <= ranks.top_ends[1]


def test_page_says_both_and_how_they_are_made(folder):
    page = (folder / "report.html").read_text(encoding="utf-8")
    for words in (
        "Funnel by area",
        "Devon: 16.7, above the outer limit.",
        WITHIN,
        "Ranks and shares by area",
        "of 12 groups shown, the fifth that counts most (3 groups) makes",
        "funnel limits",
        "share of all counted",
    ):
        assert words in page
    assert "charts/seen_by_area.funnel.svg" in (folder / "manifest.json").read_text(
        encoding="utf-8"
    )


def test_neither_is_there_where_nobody_asks_for_it(tmp_path):
    page = (
        write_units(tmp_path / "m", funnel=False, ranks=False) / "report.html"
    ).read_text(encoding="utf-8")
    assert "Funnel by area" not in page
    assert "Ranks and shares" not in page
