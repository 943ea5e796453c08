"""Ranks of groups, and which share of all that is counted each of them makes, with what
is certain of both.
"""

import datetime
from dataclasses import dataclass

from measures.release.report import numbers, saying
from measures.release.report.asking import table
from measures.release.report.html import Html, tag
from measures.release.report.parts import Figure, Panel, Point, Rounding, points_at
from measures.statistics.shares import Ends, ranks, share_of_sum, top_fifth
from measures.statistics.unions import Range

FEWEST = 2  # groups; a rank among one says nothing


@dataclass(frozen=True)
class Place:
    """One group among the others."""

    # the group in words
    label: str
    # its released counts and rate in the period
    point: Point
    # the best and the worst rank that it can have; 1: the highest rate
    rank: tuple[int, int]
    # which part of all that the groups shown count is of it, as released, 0 to 1
    share: float
    # the least and the most that this share can be, for certain
    ends: Ends
    # which part of the people of these groups it has, as released, 0 to 1
    people: float


@dataclass(frozen=True)
class Ranking:
    """The groups of one period by their rates."""

    # the first day of the period
    start: datetime.date
    # the last day of the period
    end: datetime.date
    # the groups shown, from the highest rate; empty where the ranking is refused
    places: tuple[Place, ...] = ()
    # how many groups are withheld: they have no rank, and belong to no sum
    withheld: int = 0
    # the groups that count most, a fifth of all, in words
    top: tuple[str, ...] = ()
    # which part of all that is counted they have together, as released, 0 to 1
    top_share: float = 0.0
    # the least and the most that this part can be, for certain
    top_ends: Ends = (0.0, 1.0)
    # why there are no ranks, in a sentence; "" where there are
    refused: str = ""


def ranking(figure: Figure) -> Ranking:
    """Of the last period in which two groups are shown."""
    start, end = figure.intervals[-1]
    if not figure.group_by or figure.rounding is None:
        return Ranking(
            start,
            end,
            refused="There are no ranks: they are for proportions and rates by group.",
        )
    for first, _ in reversed(figure.intervals):
        # people without a group are no group
        named = [panel for panel in figure.panels if None not in panel.group]
        found = list(points_at(named, first))
        shown = [
            (panel, point) for panel, point in found if point.shown and point.numerator
        ]
        if len(shown) >= FEWEST:
            return _made(shown, len(found) - len(shown), figure.rounding)
    return Ranking(
        start, end, refused="There are no ranks: no period shows two groups."
    )


def _made(
    shown: list[tuple[Panel, Point]], withheld: int, rounding: Rounding
) -> Ranking:
    points = [point for _, point in shown]
    counts = [point.numerator or 0 for point in points]
    people = [point.denominator or 0 for point in points]
    below, above = rounding.numerator
    sums = Range.of(
        [count - below for count in counts], [count + above for count in counts]
    )
    rates = Range.of(
        [point.at_least or 0 for point in points],
        [point.at_most or 0 for point in points],
    )
    places: list[Place] = []
    for number, rank in enumerate(ranks(rates)):
        alone = [other == number for other in range(len(points))]
        place = Place(
            label=shown[number][0].label or "everybody",
            point=points[number],
            rank=rank,
            share=counts[number] / sum(counts),
            ends=share_of_sum(sums, alone),
            people=people[number] / sum(people),
        )
        places.append(place)
    most = top_fifth(counts)
    top = [place for place, is_top in zip(places, most, strict=True) if is_top]
    return Ranking(
        points[0].start,
        points[0].end,
        places=tuple(sorted(places, key=lambda place: -(place.point.ratio or 0))),
        withheld=withheld,
        top=tuple(place.label for place in top),
        top_share=sum(place.share for place in top),
        top_ends=share_of_sum(sums, most),
    )


def percent(share: float) -> str:
    """A share in percent with three digits, as `41.3`."""
    return numbers.number(numbers.middle(share, 100))


def outward(ends: Ends) -> str:
    low, high = numbers.lower(ends[0], 100), numbers.upper(ends[1], 100)
    return f"{numbers.number(low)} to {numbers.number(high)}"


def story(found: Ranking) -> str:
    """What the top fifth makes, and of how many groups nothing is said."""
    groups = numbers.plural(len(found.places), "group")
    named = (
        " and ".join(found.top)
        if len(found.top) <= FEWEST
        else numbers.plural(len(found.top), "group")
    )
    words = (
        f"In {numbers.period(found.start, found.end)}, of {groups} shown, the fifth "
        f"that counts most ({named}) makes "
        f"{percent(found.top_share)}\N{NO-BREAK SPACE}% of all that these groups "
        f"count, certainly {outward(found.top_ends)}\N{NO-BREAK SPACE}%."
    )
    if found.withheld:
        held = numbers.plural(found.withheld, "group")
        words += (
            f" {held} {'is' if found.withheld == 1 else 'are'} withheld: without a "
            "rank, and in no sum."
        )
    return words


def ranks_table(figure: Figure, found: Ranking) -> Html:
    """Every group from the highest rate to the lowest."""
    heads = [tag("th", figure.by[:1].upper() + figure.by[1:], scope="col")]
    names = (
        figure.unit.words,
        "rank, certainly",
        "counted",
        "% of all counted",
        "certainly between",
        "% of people",
    )
    heads += [tag("th", name, scope="col", class_="number") for name in names]
    rows = [_row(place, figure) for place in found.places]
    title = (
        f"{figure.title}, by {figure.by}: ranks and shares, "
        f"{numbers.period(found.start, found.end)}"
    )
    return table(tag("caption", title), heads, rows, title)


def _row(place: Place, figure: Figure) -> Html:
    best, worst = place.rank
    cells = [
        saying.bare(place.point, figure.unit),
        str(best) if best == worst else f"{best} to {worst}",
        numbers.count(place.point.numerator),
        percent(place.share),
        outward(place.ends),
        percent(place.people),
    ]
    return tag(
        "tr",
        tag("th", place.label, scope="row"),
        *(tag("td", each, class_="number") for each in cells),
    )
