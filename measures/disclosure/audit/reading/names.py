"""How the audit names a count of one release, and the place in it that a finding is
about.
"""

from typing import NamedTuple

from measures.disclosure.audit.reading.public import When
from measures.disclosure.audit.reading.rows import Grouping, Groups, Interval

# the rest: denominator minus numerator
NUMERATOR, DENOMINATOR, REST = "numerator", "denominator", "rest"


class Cell(NamedTuple):
    """One group of a table."""

    grouping: Grouping
    groups: Groups


class Count(NamedTuple):
    """One true count behind a release; several measures and intervals may show it.
    `part`: id of its series.
    """

    release: int
    when: When
    part: str
    cell: Cell


class Place(NamedTuple):
    """Where a reader finds it. A grouping that no measure shows is the sum of a finer
    one that does.
    """

    release: int
    measure: str
    interval: Interval
    cell: Cell
    quantity: str


class Slot(NamedTuple):
    """One interval of one release."""

    release: int
    interval: Interval
