"""Whether numbers are the hashes of people, as the shards of a static table have
them.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from extractors.errors import CohortflowError
from extractors.late import pc
from extractors.needed import table_file
from extractors.planner.kinds import PERSON
from extractors.snapshot import CHANGED, LAYER, static_file, static_files
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
        found |= np.isin(numbers, _hashes(pq.read_table(path, columns=[PERSON])))
    if (changed := table_file(static, CHANGED)).exists():
        gone = pq.read_table(changed)["patient_id"]
        was = [pq.read_table(path, columns=["patient_id", PERSON]) for path in files]
        now = pq.read_table(static_file(static, LAYER), columns=[PERSON])
        for table in was:
            ids = pc.cast(table["patient_id"], pa.int64())
            left = table.filter(pc.is_in(ids, value_set=gone.combine_chunks()))
            found &= ~np.isin(numbers, _hashes(left))
        found |= np.isin(numbers, _hashes(now))
    return found


def _hashes(table: pa.Table) -> np.ndarray:
    return table[PERSON].to_numpy().astype(np.int64).view(np.uint64) + HALF
