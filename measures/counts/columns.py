"""The columns in which counts are kept: the names that counting, protection and the
release share.
"""

from enum import StrEnum

import pyarrow as pa

# What a row is about; one column for each group name follows.
KEYS = {
    "measure": pa.string(),
    "interval_start": pa.date32(),
    "interval_end": pa.date32(),
    "group_by": pa.string(),
}


class Part(StrEnum):
    """The two counts of a measure. A part is also the name of its column."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"

    @property
    def patients(self) -> str:
        """The column of how many people are behind the count."""
        return f"{self}_patients"

    @property
    def largest(self) -> str:
        """The column of the largest amount that one of them adds to it."""
        return f"{self}_largest"

    @property
    def fingerprint(self) -> str:
        """The column of the fingerprint of the people behind the count
        (`extractors/sql/people.py`).
        """
        return f"{self}_fingerprint"


PARTS = tuple(Part)


class Kind(StrEnum):
    """What the ratio of a measure is."""

    # a part of its denominator, from 0 to 1
    PROPORTION = "proportion"
    # of events, or by time: it may be above 1
    RATE = "rate"
    # of amounts
    MEAN = "mean"


# Of raw counts.
COUNTS = (
    *(part.value for part in PARTS),
    *(part.patients for part in PARTS),
    *(part.largest for part in PARTS),
)

# Of raw counts, too: whom they are of. NULL: it is not known.
FINGERPRINTS = tuple(part.fingerprint for part in PARTS)

# All that is true, and never released.
TRUE = (*COUNTS, *FINGERPRINTS)

# Of released counts. The range is certain: it bounds the true ratio of the same people.
RELEASED = (
    *(part.value for part in PARTS),
    "ratio",
    "ratio_at_least",
    "ratio_at_most",
    "status",
)

# Of a release, too: how sure a rate is as one of a longer run, at 95 %.
CONFIDENCE = ("ci_low", "ci_high")
