"""Groups of a number, such as ages: each from a least to a greatest value."""

from collections.abc import Sequence
from typing import Any, overload

from extractors.language.base import BaseSeries, called
from extractors.language.cases import case, when
from extractors.language.numbers import IntEventSeries, IntPatientSeries
from extractors.language.texts import StrEventSeries, StrPatientSeries
from extractors.model.types import name_of

Band = tuple[int, int | None]


@overload
def in_bands(
    number: IntPatientSeries, bands: Sequence[Band], *, otherwise: str | None = None
) -> StrPatientSeries: ...
@overload
def in_bands(
    number: IntEventSeries, bands: Sequence[Band], *, otherwise: str | None = None
) -> StrEventSeries: ...
def in_bands(
    number: Any, bands: Sequence[Band], *, otherwise: str | None = None
) -> Any:
    """The band of a whole number, as a text: `0 to 17`, or `65 or over` for a band
    without an end.

        age = person.age_on(INTERVAL.start_date)
        age_group = in_bands(age, [(0, 17), (18, 64), (65, None)])

    What is in no band, and NULL, is `otherwise`. Beyond ehrQL.

    Raises TypeError for what is no series of whole numbers, TypeError or ValueError for
    bands that are none, or that have a number in common.
    """
    if not isinstance(number, BaseSeries):
        raise TypeError(
            f"in_bands needs a series of whole numbers, got {called(number)}"
        )
    if number.node.type is not int:
        raise TypeError(
            "in_bands needs a series of whole numbers, got a series of "
            f"{name_of(number.node.type)}"
        )
    ordered = _checked(bands)
    return case(
        *(when(_within(number, band)).then(_name(band)) for band in ordered),
        otherwise=otherwise,
    )


def _checked(bands: Any) -> list[Band]:
    if not isinstance(bands, list | tuple) or not bands:
        raise TypeError("in_bands needs a list of bands, such as [(0, 17), (18, None)]")
    for band in bands:
        fine = (
            isinstance(band, list | tuple) and len(band) == 2 and type(band[0]) is int
        )
        if not fine or not (band[1] is None or type(band[1]) is int):
            raise TypeError(
                "a band is a pair of whole numbers, the second may be None; got "
                f"{band!r}"
            )
    ordered = sorted(((band[0], band[1]) for band in bands), key=lambda band: band[0])
    for (first, last), after in zip(ordered, [*ordered[1:], None], strict=True):
        if last is not None and last < first:
            raise ValueError(f"the band {(first, last)} ends before it starts")
        if after is not None and (last is None or after[0] <= last):
            raise ValueError(
                f"the bands {(first, last)} and {after} have a number in common"
            )
    return ordered


def _within(number: Any, band: Band) -> Any:
    first, last = band
    above = number >= first
    return above if last is None else above & (number <= last)


def _name(band: Band) -> str:
    first, last = band
    if last is None:
        return f"{first} or over"
    return str(first) if first == last else f"{first} to {last}"
