"""The columns in which counts are kept: the names that counting, protection and the release share."""

import pyarrow as pa

# What a row is about; one column for each group name follows.
KEYS = {
    "measure": pa.string(),
    "interval_start": pa.date32(),
    "interval_end": pa.date32(),
    "group_by": pa.string(),
}

# The two parts of a measure.
PARTS = ("numerator", "denominator")

# Of raw counts: each part, how many people stand behind it, and the largest amount of one of them.
COUNTS = (
    *PARTS,
    *(f"{part}_patients" for part in PARTS),
    *(f"{part}_largest" for part in PARTS),
)

# Of released counts.
RELEASED = (*PARTS, "ratio", "ratio_low", "ratio_high", "status")
