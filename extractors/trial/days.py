"""Days as whole numbers since 1970-01-01, and the rhythm of a general practice.

Weekdays: most is done on Mondays and little at weekends. Bank holidays (England):
gov.uk.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from extractors.trial.dice import Array, Dice, Rng

NEVER = 1_000_000  # a day far beyond all others that still adds without overflow
YEAR = 365.25
# Monday first; the mean is 1
WEEKDAYS = np.array([1.4, 1.35, 1.3, 1.3, 1.2, 0.3, 0.15])
HOLIDAY = 0.15
BANK_HOLIDAYS = """
2019-01-01 2019-04-19 2019-04-22 2019-05-06 2019-05-27 2019-08-26 2019-12-25 2019-12-26
2020-01-01 2020-04-10 2020-04-13 2020-05-08 2020-05-25 2020-08-31 2020-12-25 2020-12-28
2021-01-01 2021-04-02 2021-04-05 2021-05-03 2021-05-31 2021-08-30 2021-12-27 2021-12-28
2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-12-26 2022-12-27
""".split()
# (ISO date, level): straight lines between, level outside
Points = Sequence[tuple[str, float]]


def number(date: datetime.date | str) -> int:
    return int(np.datetime64(date, "D").astype(int))


def weekday(days: Array) -> Array:
    """Monday is 0; 1970-01-01 was a Thursday."""
    return (days + 3) % 7


def first_of_month(days: Array) -> Array:
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int32)


def levels(points: Points, days: Array) -> Array:
    """The height of a curve on each of the days."""
    return np.interp(
        days, [number(date) for date, _ in points], [level for _, level in points]
    )


def workload(days: Array) -> Array:
    """How much a practice does on each of the days, 1 on average."""
    closed = np.isin(days, [number(date) for date in BANK_HOLIDAYS])
    return WEEKDAYS[weekday(days)] * np.where(closed, HOLIDAY, 1.0)


def to_workday(rng: Rng, days: Array) -> Array:
    """Most of what falls on a weekend moves to one of the five days before."""
    late = weekday(days) - 4
    moves = (late > 0) & (rng.random(len(days), dtype=np.float32) < 0.85)
    back = late + rng.integers(0, 5, len(days), dtype=np.int32)
    return np.where(moves, days - back, days).astype(np.int32)


@dataclass(frozen=True)
class Span:
    """The days of the study's intervals, in days since 1970."""

    # that a period includes
    first: int
    # that a period includes
    last: int

    @property
    def years(self) -> float:
        return (self.last - self.first + 1) / YEAR

    @property
    def middle(self) -> int:
        return (self.first + self.last) // 2

    @cached_property
    def recorded(self) -> Array:
        """The days on which things are recorded: from a year before the span, for
        looking back.
        """
        return self.recorded_from(1)

    def recorded_from(self, years: int) -> Array:
        """The days from so many years before the span on."""
        return np.arange(self.first - 365 * years, self.last + 1)


class Rhythm:
    """When something happens: a curve over the days, times the working week if
    `worked`.

    `amount` is the sum of the levels in years: a rate per year times it is what to
    expect of one person.
    """

    def __init__(self, points: Points, days: Array, *, worked: bool = True):
        weights = levels(points, days) * (workload(days) if worked else 1.0)
        self.amount = float(weights.sum()) / YEAR
        self._start = int(days[0])
        self._dice = Dice(weights)

    def roll(self, rng: Rng, size: int) -> Array:
        return self._dice.roll(rng, size) + np.int32(self._start)
