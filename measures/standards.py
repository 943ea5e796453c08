"""Standard populations: the weights by which rates of bands of age become one
comparable rate.

An author names the group that has the bands, and `"ESP2013"` or weights of their own.
What does not fit is refused on the author's line: a band without a weight would be left
out silently.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from extractors.language.base import called
from extractors.model import nodes
from extractors.model.types import Scalar
from measures.labels import labels_of

DECILES = "_deciles"  # what a measure of units is called, after that of the whole
ESP2013 = "ESP2013"
OWN = "own weights"
# The European Standard Population of 2013 (Eurostat): of 100,000 people, those aged 0
# to 4, 5 to 9 and so on, and from 90 on.
PEOPLE = (
    5000,
    5500,
    5500,
    5500,
    6000,
    6000,
    6500,
    7000,
    7000,
    7000,
    7000,
    6500,
    6000,
    5500,
    5000,
    4000,
    2500,
    1500,
    1000,
)
YEARS = 5  # of age, in each of them
OLDEST = 90

FROM_TO = re.compile(r"\s*(\d+)\s*(?:-|–|to)\s*(\d+)\s*")
FROM = re.compile(r"\s*(\d+)\s*(?:\+|(?:or|and) (?:over|above|older))\s*")
BELOW = re.compile(r"\s*(?:<|under|below)\s*(\d+)\s*")


@dataclass(frozen=True)
class Standard:
    """A standard population for one measure."""

    # the group whose values are the bands
    group: str
    # the weight of each band, by the value of the group
    weights: tuple[tuple[Scalar, float], ...]
    # ESP2013 or OWN
    name: str


def standard(
    said: Any, groups: Mapping[str, nodes.Series], measure: str
) -> Standard | None:
    """What an author said with `standardise`, checked; None if that was nothing.

    `said`: `{"age_band": "ESP2013"}` or `{"age_band": {"0-39": 47000, …}}`. Raises
    TypeError or ValueError for a group that the measure is not grouped by or whose
    bands the definition does not name, for bands that the standard has no weight for,
    and for weights without a band.
    """
    if said is None:
        return None
    if not isinstance(said, Mapping) or len(said) != 1:
        raise TypeError(
            f"standardise of {measure!r} needs a dict with one group, such as "
            f'{{"age_band": "ESP2013"}}, got {called(said)}'
        )
    [(group, weights)] = said.items()
    if group not in groups:
        by = ", ".join(map(repr, groups)) or "nothing"
        raise ValueError(
            f"standardise of {measure!r} names the group {group!r}, but the measure is "
            f"grouped by {by}; add the group to group_by"
        )
    bands = _bands(groups[group], group)
    if weights == ESP2013:
        return Standard(group, _european(bands, group), ESP2013)
    return Standard(group, _own(weights, bands, group), OWN)


def _bands(series: nodes.Series, group: str) -> list[Scalar]:
    labels = labels_of(series)
    if labels.open or not labels.values:
        raise ValueError(
            "standardise needs a group whose bands the definition names, and "
            f"{group!r} has values of the records; make bands of it with case()"
        )
    return sorted(labels.values, key=str)


def _own(
    weights: Any, bands: list[Scalar], group: str
) -> tuple[tuple[Scalar, float], ...]:
    if not isinstance(weights, Mapping):
        raise TypeError(
            f'the standard of {group!r} must be "{ESP2013}" or a dict from bands to '
            f"weights, got {called(weights)}"
        )
    for band in bands:
        if band not in weights:
            raise ValueError(f"the standard of {group!r} has no weight for {band!r}")
    for band, weight in weights.items():
        if band not in bands:
            raise ValueError(
                f"the standard of {group!r} has a weight for {band!r}, which the group "
                f"never is; it is {', '.join(map(repr, bands))}"
            )
        if type(weight) not in (int, float) or not 0 < weight < float("inf"):
            raise ValueError(f"the weight of {band!r} must be a number above 0")
    return tuple((band, float(weights[band])) for band in bands)


def _european(bands: list[Scalar], group: str) -> tuple[tuple[Scalar, float], ...]:
    ages = [(band, _ages(band, group)) for band in bands]
    taken: set[int] = set()
    for band, places in ages:
        if taken & set(places):
            raise ValueError(f"the band {band!r} of {group!r} overlaps another")
        taken |= set(places)
    return tuple(
        (band, float(sum(PEOPLE[place] for place in places))) for band, places in ages
    )


def _ages(band: Scalar, group: str) -> range:
    """Which of the standard's bands of five years make up one of the study's."""
    first, after = _ends(str(band), group)
    whole = first % YEARS == 0 and (after is None or after % YEARS == 0)
    beyond = first > OLDEST or (after is not None and after > OLDEST)
    if not whole or beyond or (after is not None and after <= first):
        raise ValueError(
            f"the band {band!r} of {group!r} does not begin and end where "
            f"{ESP2013}'s bands of five years do (the last is {OLDEST}+); choose "
            "other bands, or give weights"
        )
    last = len(PEOPLE) if after is None else after // YEARS
    return range(first // YEARS, last)


def _ends(label: str, group: str) -> tuple[int, int | None]:
    """The first age of a band, and the first age after it; None if it is open."""
    if found := FROM_TO.fullmatch(label):
        return int(found[1]), int(found[2]) + 1
    if found := FROM.fullmatch(label):
        return int(found[1]), None
    if found := BELOW.fullmatch(label):
        return 0, int(found[1])
    raise ValueError(
        f"the band {label!r} of {group!r} names no ages that {ESP2013} could weigh; "
        "call bands like 40-49 or 90+, or give a weight for each"
    )
