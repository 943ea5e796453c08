"""INTERVAL, the period for which a measure is computed, and other pairs of dates."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from extractors.language.base import called, wrap
from extractors.language.durations import Days, Duration
from extractors.model import nodes

if TYPE_CHECKING:
    from extractors.language.dates import DatePatientSeries


class Interval:
    """The period for which a measure is computed; each period fills its dates in.

    Both days are included, and neither is ever NULL.

        clinical_events.where(clinical_events.date.is_during(INTERVAL))
    """

    _called = "INTERVAL, which is two dates; take its .start_date or .end_date"

    @property
    def start_date(self) -> DatePatientSeries:
        """The first day of the period.

        Never NULL.

            patients.age_on(INTERVAL.start_date)
        """
        date: DatePatientSeries = wrap(nodes.Parameter("interval_start"))
        return date

    @property
    def end_date(self) -> DatePatientSeries:
        """The last day of the period.

        Never NULL.

            clinical_events.date.is_on_or_before(INTERVAL.end_date)
        """
        date: DatePatientSeries = wrap(nodes.Parameter("interval_end"))
        return date

    def __iter__(self) -> Iterator[DatePatientSeries]:
        return iter((self.start_date, self.end_date))


INTERVAL = Interval()


def pair_of_dates(interval: Any, where: str) -> tuple[Any, Any]:
    """The start and end of an interval; TypeError for anything but one pair."""
    pair: tuple[Any, ...] = ()
    if isinstance(interval, list | tuple | Interval):
        pair = tuple(interval)
    if len(pair) == 2 and not any(isinstance(each, tuple) for each in pair):
        return pair
    got = called(interval)
    if isinstance(interval, list):
        got = f"a list of {len(interval)}"
    raise TypeError(
        f"{where} needs one pair of dates (start, end), such as INTERVAL; got {got}"
    )


def checked_intervals(intervals: Any, measure: str) -> tuple[Days, ...]:
    """The periods of a measure in order, each once.

    Raises TypeError or ValueError for anything but pairs of dates.
    """
    if intervals is None:
        raise TypeError(
            f"the measure {measure!r} has no intervals, and there is no default for "
            "them"
        )
    if isinstance(intervals, Duration):
        raise TypeError(
            "intervals need a date to start from: did you forget .starting_on(…) or "
            ".ending_on(…)?"
        )
    if not isinstance(intervals, list | tuple):
        raise TypeError(
            f"intervals need a list of (start, end) dates, got {called(intervals)}"
        )
    if not intervals:
        raise ValueError(f"the measure {measure!r} has an empty list of intervals")
    return tuple(sorted({_interval(each) for each in intervals}))


def _interval(pair: Any) -> Days:
    is_list = isinstance(pair, list | tuple)
    if is_list and pair and all(isinstance(each, list | tuple) for each in pair):
        raise TypeError(
            "an interval must be a pair of dates (start, end), got a list of "
            "intervals; join several lists with +"
        )
    if not is_list or len(pair) != 2:
        got = f"{len(pair)} of them" if is_list else called(pair)
        raise TypeError(
            f"an interval must be a pair of dates (start, end), got {got}; write "
            "[(start, end)] for one"
        )
    start, end = pair
    for date in pair:
        if type(date) is not datetime.date:
            raise TypeError(
                f"the dates of an interval must be datetime.date, got {called(date)}; "
                "write date(2020, 3, 30), or weeks(52).starting_on(…)"
            )
    if start > end:
        raise ValueError(
            f"an interval must not end before it starts, got {start} to {end}"
        )
    return start, end
