"""Whether numbers are the hashes of people, as the shards of a static table have
them.
"""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from extractors.errors import CohortflowError
from extractors.planner.kinds import PERSON
from extractors.snapshot import static_files
from extractors.sql import people

GONE = (
    "The static table of this study is gone from highly_sensitive/static; make it "
    "anew with: cohortflow run … --force"
)
HALF = np.uint64(people.HALF)  # what a hash is stored less of


def are_persons(numbers: np.ndarray, static: Path) -> np.ndarray:
    """For each number (uint64) whether it is the hash of one person; memory holds a
    shard at a time.

    Raises CohortflowError if the static table is missing, so that no answer is a guess.
    """
    found = np.zeros(len(numbers), bool)
    if not len(numbers):
        return found
    files = static_files(static)
    if not files:
        raise CohortflowError(GONE)
    for path in files:
        hashes = pq.read_table(path, columns=[PERSON])[PERSON].to_numpy()
        found |= np.isin(numbers, hashes.astype(np.int64).view(np.uint64) + HALF)
    return found
