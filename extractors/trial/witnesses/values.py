"""Values for the dates and numbers of a script, drawn for many witnesses at once."""

import datetime
from dataclasses import dataclass

import numpy as np

from extractors.model.schema import Column
from extractors.trial.days import Span, first_of_month
from extractors.trial.dice import Array, Rng
from extractors.trial.witnesses.sketch import AFTERWARDS, EARLIEST
from extractors.trial.witnesses.terms import ORIGIN

WIDE = 1_500  # days; of a longer stretch only its known end says where to look
SOON = 400
UNSURE = 1e-6  # rounding of sums


@dataclass(frozen=True)
class Variable:
    """A variable of a script and the column whose values it has."""

    # of the variable in the script
    number: int
    # with its promises: a value keeps them
    column: Column
    # Values that are kept where they fit: the day of birth that a person has already.
    liked: Array | None = None


def drawn(
    most: Array, variables: list[Variable], span: Span, rng: Rng, count: int
) -> tuple[Array, Array]:
    """Values (a row per witness, a column per variable), and which witnesses succeed.

    Each is drawn from what those before it leave; no choice spoils a later one.
    """
    values = np.zeros((count, len(most)))
    fine = np.ones(count, bool)
    known = [ORIGIN]
    for variable in variables:
        place = variable.number
        low = (values[:, known] - most[known, place]).max(axis=1)
        high = (values[:, known] + most[place, known]).min(axis=1)
        value = _value(variable, low, high, span, rng)
        fine &= (value >= low - UNSURE) & (value <= high + UNSURE)
        values[:, place] = value
        known.append(place)
    return values, fine


def _value(variable: Variable, low: Array, high: Array, span: Span, rng: Rng) -> Array:
    column = variable.column
    if variable.liked is not None:
        value = np.clip(variable.liked, low, high)
    elif column.type is datetime.date:
        value = _day(low, high, span, rng)
    else:
        value = _number(low, high, rng)
    if column.first_of_month:
        return _month(value, low, high)
    if column.type is float:
        return _rounded(value, low, high)
    start = column.minimum or 0
    whole = start + column.step * np.floor((value - start) / column.step)
    return np.where(whole < low - UNSURE, whole + column.step, whole)


def _day(low: Array, high: Array, span: Span, rng: Rng) -> Array:
    """While things are recorded, if that can be; of a long stretch near its known
    end.
    """
    high = np.where(low <= span.last, np.minimum(high, span.last), high)
    ended = high < min(span.last + AFTERWARDS, span.last)
    begun = low > EARLIEST
    long = high - low > WIDE
    start = np.where(long & (ended | ~begun), high - WIDE, low)
    stop = np.where(long & begun & ~ended, low + SOON, high)
    return start + np.floor(rng.random(len(low)) * (stop - start + 1))


def _number(low: Array, high: Array, rng: Rng) -> Array:
    """Between two ends; beyond one end not far from it."""
    far_below = np.where(high > 0, 0.6 * high, high - 5)
    start = np.where(np.isfinite(low), low, np.where(np.isfinite(high), far_below, 1.0))
    reach = np.maximum(0.3 * np.abs(start), 5.0)
    stop = np.where(
        np.isfinite(high), high, start + np.where(np.isfinite(low), reach, 99.0)
    )
    return start + rng.random(len(low)) * (stop - start)


def _month(value: Array, low: Array, high: Array) -> Array:
    """The first of a month; of the next where this one's is too early."""
    first = first_of_month(value.astype(np.int64))
    later = first_of_month(first.astype(np.int64) + 32)
    return np.where((first < low) & (later <= high), later, first).astype(float)


def _rounded(value: Array, low: Array, high: Array) -> Array:
    """As few decimals as will do."""
    short = np.round(value, 1)
    fits = (short >= low) & (short <= high)
    return np.where(fits, short, np.clip(np.round(value, 2), low, high))
