"""A small study on the records of sixty people, run in this process: for tests of what
lies in a workspace.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.preparing.jobs import PeriodJob, Status
from flows.preparing.options import Options
from flows.preparing.prepare import keyed, prepare
from flows.preparing.prepared import Prepared
from flows.running import work
from flows.running.ending import release
from flows.running.outcomes import outcome_of
from flows.running.suspicion import due
from tests.benchmarks.inline import InlineRun
from tests.lib.definitions import START

SERVERS = ("PREFECT_API_URL", "PREFECT_PROFILES_PATH", "COHORTFLOW_CLUSTER")
PERIODS = ("2020-01-06..2020-01-12", "2020-01-13..2020-01-19")


@contextmanager
def own_place(folder: Path) -> Iterator[Path]:
    """A folder with a study, its records, and a key and ledgers of its own; relative
    names start there.
    """
    (folder / "study.py").write_text(START, encoding="utf-8")
    write_people(folder / "records", 60)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("COHORTFLOW_KEY_FILE", str(folder / "keys" / "key"))
        patch.setenv("PREFECT_HOME", str(folder / "prefect"))
        patch.delenv("COHORTFLOW_SITE_POLICY", raising=False)
        for name in SERVERS:
            patch.delenv(name, raising=False)
        yield folder


def write_people(folder: Path, size: int) -> None:
    """So many people; each has an event in the first week."""
    numbers = range(1, size + 1)
    people = pa.table({"patient_id": numbers, "sex": ["female", "male"] * (size // 2)})
    dates = pa.array(["2020-01-07"] * size).cast(pa.date32())
    folder.mkdir(exist_ok=True)
    pq.write_table(people, folder / "patients.parquet")
    pq.write_table(
        pa.table({"patient_id": numbers, "date": dates}),
        folder / "clinical_events.parquet",
    )


def prepared_here(**wishes: object) -> Prepared:
    """The study of the folder, with its records."""
    given = {"records": "records", "report": False} | wishes
    return keyed(prepare(Options("study.py", **given)))  # type: ignore[arg-type]


def carried_out(prepared: Prepared, *, force: bool = False) -> dict[str, Status]:
    """What became of each period that a run had to make; all that is missing is made,
    and released.
    """
    with prepared.workspace.locked():
        missing = list(prepared.jobs.values()) if force else due(prepared, None)
        InlineRun(prepared).prepare_inputs()
        found = {}
        for job in missing:
            found[job.period] = work.extract(_timed(prepared, job.period), force=force)
        if all(status.ok for status in found.values()):
            release(prepared, outcome_of(prepared, missing, {}), None)
    return found


def _timed(prepared: Prepared, period: str) -> PeriodJob:
    job = prepared.jobs[period]
    return replace(job, timed=prepared.timed(job.interval))
