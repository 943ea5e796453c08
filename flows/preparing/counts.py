"""How many counts a release will have, computed from the definition alone."""

from collections.abc import Iterable
from math import prod

from extractors.model import nodes
from measures.definitions import Measure
from measures.labels import labels_of

YEARS = 100  # values of a whole number that the records name: an age, a year
PER_UNIT = 8_000  # patients of a practice or a small area
MOST_UNITS = 7_000  # practices of England
NULL = 1  # the group of those without a value


def groups_in(measure: Measure, patients: int) -> int:
    """About how many rows a measure has in an interval, among so many patients.

    Every group that occurs in any interval has a row in each of them.
    """
    found = prod(_values(series, patients) for series in measure.group_by.values())
    return max(1, min(found, patients))


def _values(series: nodes.Series, patients: int) -> int:
    """About how many values a group has. Of those that a table promises not all occur:
    few are of unknown sex.
    """
    labels = labels_of(series)
    if labels.values and not (labels.open and series.type is str):
        promised = len(labels.values - labels.written)
        occur = len(labels.written) + (promised * 3 + 3) // 4
        return occur + (NULL if _may_be_missing(series) else 0)
    if series.type is int and not isinstance(series, nodes.Column):
        return YEARS
    return min(MOST_UNITS, patients // PER_UNIT + 1) + NULL


def _may_be_missing(series: nodes.Series) -> bool:
    """Whether there may be people without a value."""
    if isinstance(series, nodes.Column):
        return not series.source.table.schema.column(series.name).required
    return series.type is not bool


def counts_in(measures: Iterable[Measure], patients: int) -> int:
    """About how many rows the release of some measures has."""
    return sum(
        len(measure.intervals) * groups_in(measure, patients) for measure in measures
    )
