"""Standardised rates: what a rate would be in a population of standard ages."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from measures.statistics.normal import NOMINAL
from measures.statistics.rates import byar, count_interval
from measures.statistics.unions import Range

Floats = NDArray[np.float64]
# below, the interval of a directly standardised rate is not to be trusted
FEWEST_EVENTS = 10


@dataclass(frozen=True)
class Rate:
    """A rate with its 95 % interval."""

    # the rate itself
    value: float
    # the lower end of the interval
    low: float
    # the upper end
    high: float


def direct(
    counts: ArrayLike, of: ArrayLike, weights: ArrayLike, confidence: float = NOMINAL
) -> Rate | None:
    """The directly standardised rate, one number for each band; None for fewer than 10
    events.

    Source: Dobson et al., Stat Med 1991; 10: 457-462, with Byar's interval of all
    events. Raises ValueError for a band that has a weight and no people.

    >>> direct([40, 30, 60, 90], [9000, 2500, 3600, 3200], [47000, 14000, 19500, 19500]).value
    0.0125032...
    """
    x, n, w = _bands(counts, of, weights)
    events = float(x.sum())
    if events < FEWEST_EVENTS:
        return None
    value = float((w * x / n).sum() / w.sum())
    variance = float((w**2 * x / n**2).sum() / w.sum() ** 2)
    low, high = byar(events, confidence)
    scale = np.sqrt(variance / events)
    return Rate(
        value=value,
        low=value + float(scale * (low - events)),
        high=value + float(scale * (high - events)),
    )


def direct_range(counts: Range, of: Range, weights: ArrayLike) -> tuple[float, float]:
    """The certain range of the standardised rate, from the ranges of the counts of all
    bands.
    """
    ends = []
    for x, n in ((counts.at_least, of.at_most), (counts.at_most, of.at_least)):
        found, people, w = _bands(x, n, weights)
        ends.append(float((w * found / people).sum() / w.sum()))
    return ends[0], ends[1]


def direct_union(
    counts: Range, of: Range, weights: ArrayLike, confidence: float = NOMINAL
) -> tuple[float, float] | None:
    """The interval of the standardised rate at the two corners of all true counts.

    None if there may be fewer than 10 events.
    """
    least = direct(counts.at_least, of.at_most, weights, confidence)
    most = direct(counts.at_most, of.at_least, weights, confidence)
    if least is None or most is None:
        return None
    return max(0.0, least.low), most.high


def indirect(
    counts: ArrayLike,
    of: ArrayLike,
    reference: tuple[ArrayLike, ArrayLike],
    confidence: float = NOMINAL,
) -> Rate | None:
    """How many times as many events there are as at the reference's rates; None if none
    are expected.

    Source: Breslow and Day 1987, chapter 2; the interval of the events is exact below
    10 and Byar's from 10. `reference`: its counts and people, one number for each band.
    """
    x, n, _ = _bands(counts, of, np.ones_like(np.asarray(of, np.float64)))
    reference_rate = np.asarray(reference[0], np.float64) / np.asarray(reference[1])
    expected = float((n * reference_rate).sum())
    if expected == 0:
        return None
    events = float(x.sum())
    low, high = count_interval(events, confidence)
    return Rate(events / expected, float(low) / expected, float(high) / expected)


def _bands(
    counts: ArrayLike, of: ArrayLike, weights: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    x, n, w = (np.asarray(each, np.float64) for each in (counts, of, weights))
    if not x.shape == n.shape == w.shape:
        raise ValueError("each band needs a count, its people and a weight")
    if np.any((n <= 0) & (w > 0)):
        raise ValueError("a band with a weight has no people, so it has no rate")
    used = w > 0
    return x[used], n[used], w[used]
