"""Float numerators: amounts between two ends, added up as whole units of a power of
ten.

A sum of floats depends on the order of adding, one of whole numbers does not; and a sum
is only safe to show if it is known what one person can add to it at most. So a
definition says between which ends amounts lie and how many decimals count. A patient
whose amount lies outside is not counted at all, neither in the sum nor in the
denominator. The ratio of such a measure is the mean of those who are counted. How the
sums are protected: `disclosure/policies.py`. Beyond ehrQL.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from extractors.language.base import BaseSeries, called
from extractors.language.cases import when
from extractors.language.dataset import patient_node
from extractors.language.numbers import FloatPatientSeries, IntPatientSeries
from extractors.language.series import BoolPatientSeries
from extractors.model import nodes
from extractors.model.types import name_of
from extractors.sql.tally import MOST_OF_ONE

MOST_PLACES = 6
MOST_UNITS = MOST_OF_ONE  # of one person
# A little more than half: 0.15 in binary is less than 0.15, and the mean of three
# floats depends on their order. What is written with few decimals lies on the half or
# far from it, so it is rounded up whatever its last bit says.
HALF = 0.5 + 1e-6


@dataclass(frozen=True, eq=False)
class Amount:
    """A numerator that adds up amounts as whole units."""

    # whole units of a power of ten
    units: IntPatientSeries
    # whether the amount lies between the ends
    counted: BoolPatientSeries
    # the decimals of an amount
    places: int
    # how many units one patient has at most
    most: int
    # what a refusal calls it
    _called: ClassVar[str] = "an amount, which can only be a numerator"

    def denominator(self, denominator: Any, measure: str) -> nodes.Series:
        """The patients of the denominator who have an amount between the ends.

        Raises TypeError if the denominator does not count people.
        """
        node = patient_node(denominator, f"the denominator of {measure!r}")
        if node.type is not bool:
            raise TypeError(
                f"the denominator of {measure!r} must be a bool series, because its "
                "ratio is a mean"
            )
        counted: nodes.Series = (denominator & self.counted).node
        return counted


def amount(
    series: FloatPatientSeries, *, least: float, most: float, places: int = 1
) -> Amount:
    """A float series with one value per patient as the numerator of a measure, whose
    ratio then is a mean.

    `least` and `most`: the ends between which, both included, amounts are believed;
    others are not counted. They are plain numbers, `least` not below 0 and `most` at
    least 1. `places`: the decimals to which each amount is rounded, 0 to 6. A patient
    whose amount is NULL is not counted.

        amount(last_bmi.numeric_value, least=10, most=80)

    Raises TypeError for what is no float series with one value per patient, and for
    ends that are no plain numbers, ValueError for ends or places out of range.
    """
    node = patient_node(series, "amount()")
    if node.type is not float:
        hint = "; an int series is a numerator as it is" if node.type is int else ""
        raise TypeError(
            f"amount() needs a float series, got a series of {name_of(node.type)}{hint}"
        )
    _check(least, most, places)
    counted = (series >= float(least)) & (series <= float(most))
    units = (series * 10.0**places + HALF) // 1.0
    return Amount(
        when(counted).then(units).otherwise(None),
        counted,
        places,
        int(most * 10.0**places + HALF),
    )


def _check(least: Any, most: Any, places: Any) -> None:
    for end in (least, most):
        if type(end) not in (int, float):
            got = "a series" if isinstance(end, BaseSeries) else called(end)
            raise TypeError(
                f"amount() needs plain numbers as least and most, got {got}"
            )
    if type(places) is not int:
        raise TypeError(
            f"amount() needs a whole number of places, got {called(places)}"
        )
    if not 0 <= places <= MOST_PLACES:
        raise ValueError(f"amount() takes 0 to {MOST_PLACES} places, got {places}")
    if not 0 <= least < most or most < 1 or most * 10**places > MOST_UNITS:
        raise ValueError(
            "amount() needs 0 <= least < most, and most from 1 to "
            f"{MOST_UNITS // 10**places} with {places} places, got {least} and "
            f"{most}; add a constant to amounts below 0, and take it off the mean"
        )


def check_amount(
    numerator: nodes.Series, denominator: nodes.Series, places: Any, most: Any
) -> None:
    """TypeError unless a measure that arrives as one of amounts can be one."""
    whole = (
        type(places) is int
        and type(most) is int
        and 0 <= places <= MOST_PLACES
        and 0 <= most <= MOST_UNITS
    )
    if (
        not whole
        or (most and (numerator.type is not int or denominator.type is not bool))
        or (places and not most)
    ):
        raise TypeError("a measure of amounts is not described as one")
