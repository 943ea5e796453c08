"""What an author says of measures and hardly means, as far as the definition alone
tells it.
"""

import datetime
from collections.abc import Mapping
from typing import Protocol

from extractors.language.contradictions import IMPOSSIBLE, contradiction, together
from extractors.language.reading import current
from extractors.model import nodes
from extractors.model.moments import Interval

EQUAL = "equal"  # two measures that are the same
EVERYBODY = "everybody"  # a numerator that has all of its denominator
UNMOVING = "unmoving"  # the same number in all periods
FUTURE = "future"  # no period has begun yet


class Counted(Protocol):
    """What is looked at of a measure."""

    @property
    def name(self) -> str: ...
    @property
    def numerator(self) -> nodes.Series: ...
    @property
    def denominator(self) -> nodes.Series: ...
    @property
    def group_by(self) -> Mapping[str, nodes.Series]: ...
    @property
    def intervals(self) -> tuple[Interval, ...]: ...


class Doubts:
    """Looks at the measures of one file in the order in which they are defined."""

    def __init__(self) -> None:
        self._known: dict[tuple, str] = {}  # what is counted -> the first measure of it
        self._looked_at: set[tuple] = set()  # conditions, with their intervals

    def note(self, measure: Counted) -> None:
        """Note the doubts about one more measure, at the author's line."""
        self._note_equal(measure)
        _note_everybody(measure)
        _note_unmoving(measure)
        _note_future(measure)
        self._note_impossible(measure)

    def _note_equal(self, measure: Counted) -> None:
        groups = tuple(sorted(measure.group_by.items()))
        counted = (measure.numerator, measure.denominator, groups, measure.intervals)
        first = self._known.setdefault(counted, measure.name)
        if first != measure.name:
            current().note(
                f"the measure {measure.name!r} is {first!r} once more: both count "
                "the same people, by the same groups, in the same periods",
                EQUAL,
            )

    def _note_impossible(self, measure: Counted) -> None:
        """Conditions that hold in no period; where INTERVAL says nothing of it, it was
        noted before.
        """
        for conditions in together(
            [measure.numerator, measure.denominator, *measure.group_by.values()]
        ):
            looked_at = (*conditions, measure.intervals)
            if looked_at in self._looked_at:
                continue
            self._looked_at.add(looked_at)
            if message := contradiction(conditions, measure.intervals):
                current().note(message, IMPOSSIBLE)


def _note_everybody(measure: Counted) -> None:
    if measure.group_by:  # a table of how many people there are in each group
        return
    everybody = nodes.Literal(True, bool)
    if (
        measure.numerator in (measure.denominator, everybody)
        and measure.numerator.type is bool
    ):
        current().note(
            f"the numerator of {measure.name!r} has everybody of its denominator, so "
            "its ratio is always 1",
            EVERYBODY,
        )


def _note_unmoving(measure: Counted) -> None:
    moving = measure.numerator.interval or measure.denominator.interval
    if len(measure.intervals) > 1 and not moving:
        current().note(
            f"neither numerator nor denominator of {measure.name!r} mentions "
            f"INTERVAL, so it has the same number in all {len(measure.intervals)} "
            "periods; see is_during(INTERVAL)",
            UNMOVING,
        )


def _note_future(measure: Counted) -> None:
    first = min(start for start, _ in measure.intervals)
    if first > datetime.date.today():
        current().note(
            f"the first period of {measure.name!r} begins on {first}, which is yet "
            "to come; nothing is recorded then",
            FUTURE,
        )
