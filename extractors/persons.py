"""Whether numbers are the hashes of people, as the shards of a static table have them."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from extractors.planner.kinds import PERSON
from extractors.snapshot import static_files
from extractors.sql import people

HALF = np.uint64(people.HALF)  # what a hash is stored less of


def are_persons(numbers: np.ndarray, static: Path) -> np.ndarray:
    """For each number (uint64) whether it is the hash of one of all people; a shard at a time is in memory."""
    found = np.zeros(len(numbers), bool)
    if not len(numbers):
        return found
    for path in static_files(static):
        hashes = pq.read_table(path, columns=[PERSON])[PERSON].to_numpy()
        found |= np.isin(numbers, hashes.astype(np.int64).view(np.uint64) + HALF)
    return found
