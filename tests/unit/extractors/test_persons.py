"""The hashes of people, as a run has written them."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extractors.errors import CohortflowError
from extractors.persons import are_persons
from extractors.planner.kinds import PERSON
from extractors.snapshot import static_file


def test_people_are_found_in_every_shard(tmp_path):
    for shard, hashes in enumerate([[5, -1], [2**63 - 1]]):
        pq.write_table(
            pa.table({"patient_id": range(len(hashes)), PERSON: hashes}),
            static_file(tmp_path, shard),
        )
    asked = np.array([2**63 - 1, 2**63 + 6, 2**63 + 5, 2**64 - 1, 1], np.uint64)
    assert are_persons(asked, tmp_path).tolist() == [True, False, True, True, False]


def test_hashes_that_happen_to_be_small_are_written_narrow(tmp_path):
    pq.write_table(
        pa.table({PERSON: pa.array([-1, 7], pa.int8())}), static_file(tmp_path, 0)
    )
    assert are_persons(np.array([2**63 - 1, 2**63 + 7], np.uint64), tmp_path).all()


def test_a_missing_static_table_is_no_answer(tmp_path):
    assert are_persons(np.array([], np.uint64), tmp_path).tolist() == []
    with pytest.raises(
        CohortflowError, match="make it anew with: cohortflow run … --force"
    ):
        are_persons(np.array([3], np.uint64), tmp_path)
