"""Errors are judged: which of them Prefect tries again, and what is said of those that
are not ours.
"""

import errno
import pickle
from pathlib import Path

import pyarrow as pa
import pytest
from prefect.states import Failed

from extractors.engine import NO_MEMORY, NO_ROOM, NO_ROOM_TO_SPILL, Engine
from extractors.errors import DiskFull, OutOfMemory
from flows.running.hands import StepFailed
from flows.running.tasks import _may_help
from flows.workspace.judging import judged

SORTED = (
    "SELECT count(*) FROM (SELECT range, hash(range) AS h FROM range(12000000) ORDER "
    "BY h LIMIT 11999999)"
)


@pytest.mark.parametrize("transient", [False, True])
def test_what_prefect_is_told_survives_a_pickle(transient: bool):
    failed = pickle.loads(pickle.dumps(StepFailed("no luck", transient)))
    assert (str(failed), failed.transient) == ("no luck", transient)


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (StepFailed("x", True), True),
        (StepFailed("x (trying again may help)"), False),
        (ValueError("x"), False),
    ],
)
def test_the_mark_counts_and_not_the_words(error: Exception, again: bool):
    assert _may_help(None, None, Failed(data=error, message=repr(error))) is again


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (MemoryError(), OutOfMemory, NO_MEMORY),
        (pa.ArrowMemoryError("malloc of size 271828"), OutOfMemory, NO_MEMORY),
        (OSError(errno.ENOSPC, "271828"), DiskFull, NO_ROOM),
        (OSError(errno.EDQUOT, "271828"), DiskFull, NO_ROOM),
    ],
)
def test_errors_of_the_machine(error: Exception, kind: type, message: str):
    known = judged(error, "x")
    assert type(known) is kind and known.message == message and not known.transient


def test_others_are_only_named():
    known = judged(KeyError("271828"), "2020-03-02..2020-03-08")
    assert known.message == "2020-03-02..2020-03-08 ended with an unexpected KeyError."
    assert "271828" in known.detail and not known.transient


def test_duckdb_without_room_to_spill(tmp_path: Path):
    """As on a full disk, by DuckDB's own bound, which is else what is free;
    `faults/test_disk.py` has the disk.
    """
    with (
        Engine(memory=60_000_000, spill=tmp_path) as engine,
        pytest.raises(DiskFull) as raised,
    ):
        engine.execute("SET max_temp_directory_size = '1MB'")
        engine.execute(SORTED)
    assert raised.value.message == NO_ROOM_TO_SPILL and raised.value.detail


def test_duckdb_without_memory():
    with Engine(memory=2_000_000) as engine, pytest.raises(OutOfMemory) as raised:
        engine.execute(
            "SELECT count(*) FROM (SELECT DISTINCT a.range FROM range(10000000) AS a)"
        )
    assert raised.value.message == NO_MEMORY and raised.value.detail
