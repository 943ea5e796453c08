"""What a run will take: rows, seconds, memory, disk. From the sizes of files and the
plan; no record is opened.

The numbers behind it were measured on a machine of 2 cores with `nhs_at_home`
(tests/benchmarks); another machine is some other factor away, and so is a study of
other shape. Within a factor of two is what it aims at.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from extractors.errors import ArgumentsError, RecordsError
from extractors.planner.plan import Plan
from extractors.snapshot import FEW_SERIES, SHARD
from extractors.sources.folder import open_folder
from extractors.sources.parts import ENDINGS, PARQUET, ending_of
from flows.prefect_server.home import home
from flows.preparing.counts import counts_in, groups_in
from flows.preparing.places import Places
from flows.preparing.prepared import Prepared
from flows.preparing.records import Records
from flows.workspace.settings import settings
from measures.definitions import Measure

# of events: patient, date and two codes
BYTES_PER_ROW = {".csv": 45, ".csv.gz": 8, ".arrow": 32, ".duckdb": 12}
FILES = 200  # of a table that are looked into
TRIAL_ROWS = 13  # rows a trial patient has in the tables of nhs_at_home
BEGINNING = "start"
START = 6.0  # seconds for Prefect, the cluster, and reading the definition
ALONE = 1.5  # seconds where there is none of them: for a dataset
# rows that one core checks and reads in a second: of Parquet, of anything else
READ, READ_TEXT = 1.1e7, 1.5e6
# where the size of the records is not known before they are opened
UNKNOWN_PATIENTS = 100_000
# patients of whom one core works out 100 series for all periods in a second
PEOPLE = 4e4
STATIC = 0.3  # of that what is worked out once, before the changes in time
PERIOD = 0.022  # seconds for one period
# Seconds for a row of the release, of two counts (tests/benchmarks/estimates.py):
PROTECT, AUDIT, REPORT = 9e-5, 1.5e-4, 6e-5
# and for one that hangs together with those of all other intervals, in each of which
# the same people are counted:
TIED = 1.2e-5
# Of rows beyond so many each takes half: charts, tables and the solver are at work
# already.
MANY = 50_000
# seconds for the charts of a release of any size, which are drawn during the audit
CHARTS = 0.9
WORKER, PARENT = 260e6, 330e6  # bytes of a process with all that it has loaded
PATIENT = 1100  # bytes of a patient at work
# bytes that DuckDB takes for each series beyond FEW_SERIES, however few patients there
# are
SERIES = 250_000
# seconds for a statement, of which a heavy definition takes many for each shard
STATEMENT = 0.02
# bytes on disk of a row of the snapshot, and of what is known of a patient
KEPT_ROW, KEPT_PATIENT = 4, 70
KEPT = 0.2  # of the rows, where a table is read for some codes only
LEAST = 80_000_000  # bytes for a DuckDB that can still work through a small shard
# bytes for Prefect's database: after some runs it has 4 MB, and 8 that are not merged
# into it yet
SERVER = 20_000_000


@dataclass(frozen=True)
class Estimate:
    """What a run will cost.

    All come from sizes of tables of which one figure is kept: how many rows a table has
    is a true count.
    """

    # read from the records
    rows: int
    # who are counted
    patients: int
    # of wall time
    seconds: float
    # bytes of all processes together
    memory: int
    # bytes
    disk: int
    # of the release
    counts: int
    # seconds by step, in their order
    steps: Mapping[str, float]

    def as_json(self) -> dict[str, float]:
        return asdict(self)

    def __str__(self) -> str:
        counts = f", {self.counts:,} counts" if self.counts else ""
        return (
            f"about {self.rows:,} rows, {self.patients:,} patients{counts}: "
            f"{_time(self.seconds)}, {self.memory / 1e9:.1f} GB of memory, "
            f"{self.disk / 1e9:.2f} GB on disk"
        )


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 180 else f"{seconds / 60:.0f} minutes"


def estimate(prepared: Prepared) -> Estimate | None:
    """What a run from nothing will take; None where the size of the records can't be
    seen without opening them.
    """
    plan = prepared.plan
    sizes = _rows(prepared.records, plan)
    if sizes is None:
        return None
    sizes = {name: one_figure(size) for name, size in sizes.items()}
    limits, rows = settings(), one_figure(sum(sizes.values()))
    patients = one_figure(_patients(plan, sizes))
    periods = len(prepared.recipes)
    steps = _steps(prepared, rows, patients)
    wanted = PATIENT * min(patients, SHARD) + _for_series(plan)
    at_work = min(limits.worker_memory, wanted) + WORKER
    memory = PARENT + limits.workers * at_work
    filtered = _filtered(plan)
    kept = sum(size * (KEPT if name in filtered else 1) for name, size in sizes.items())
    disk = KEPT_ROW * kept + KEPT_PATIENT * patients + 20_000 * periods
    return Estimate(
        rows=rows,
        patients=patients,
        seconds=round(sum(steps.values()), 1),
        memory=int(memory),
        disk=int(disk),
        counts=one_figure(2 * counts_in(prepared.study.measures, patients)),
        steps=steps,
    )


def expected_steps(prepared: Prepared) -> Mapping[str, float]:
    """The seconds of each step of a run from nothing that has begun, in their order.

    Of records whose size is not known it is a guess.
    """
    expected = estimate(prepared)
    if expected is not None:
        steps = dict(expected.steps)
    else:
        steps = _steps(prepared, UNKNOWN_PATIENTS * TRIAL_ROWS, UNKNOWN_PATIENTS)
    del steps[BEGINNING]  # it is over when the first step begins
    return steps


def _steps(prepared: Prepared, rows: int, patients: int) -> dict[str, float]:
    """The wall time of each step, in its order."""
    plan, workers = prepared.plan, settings().workers
    path = prepared.records.address.path
    text = path is None or not any(path.glob("**/*.parquet"))
    heavy = STATEMENT * len(prepared.places.static_steps.first) * -(-patients // SHARD)
    work = patients * max(len(plan.series), 10) / 100 / PEOPLE
    measures = list(prepared.study.measures)
    released = counts_in(measures, patients)
    seconds = {
        BEGINNING: ALONE if prepared.study.kind == "dataset" else START,
        "snapshot": rows / (READ_TEXT if text else READ) / workers,
        "static": (heavy + STATIC * work) / workers,
        "timelines": (1 - STATIC) * work / workers,
        "periods": PERIOD * len(prepared.recipes),
    }
    if not released:
        return seconds
    share = _share_of_many(released)
    audit = sum(_audit(measure, patients) for measure in measures)
    return {
        **seconds,
        "protection": PROTECT * released * share,
        "audit": CHARTS + audit * share,
        "report": REPORT * released * share,
    }


def _share_of_many(released: int) -> float:
    """Of the seconds that so many rows would take if each took as long as in a small
    release.

    Example: of 1,320,000 rows it is 0.52.
    """
    few = min(released, MANY)
    return (few + (released - few) / 2) / released


def _audit(measure: Measure, patients: int) -> float:
    """Seconds to audit one measure: the auditor solves all intervals that say something
    of each other together.
    """
    intervals = len(measure.intervals)
    each = AUDIT if measure.denominator.interval else max(AUDIT, TIED * intervals)
    return each * intervals * groups_in(measure, patients)


def _for_series(plan: Plan) -> int:
    """Bytes for what many series take at once."""
    return SERIES * max(0, len(plan.static) - FEW_SERIES)


def one_figure(number: int) -> int:
    """A number with all figures but the first as 0."""
    unit = 10 ** (len(str(number)) - 1)
    return (number + unit // 2) // unit * unit


def _filtered(plan: Plan) -> set[str]:
    """The tables of which not every row is kept."""
    return {need.schema.name for need in plan.needs if need.rows}


def _rows(records: Records, plan: Plan) -> dict[str, int] | None:
    """The rows of each table that is read."""
    address = records.address
    names = [need.schema.name for need in plan.needs]
    if address.kind.made_up:
        return {
            "patients": records.patients,
            "events": (TRIAL_ROWS - 1) * records.patients,
        }
    if address.path is None or not address.kind.files_are_tables:
        return None
    if address.path.is_file():
        return {"all": _rows_of(address.path)}
    try:
        tables = open_folder(address.path).tables
        found: dict[str, int] = {}
        for name in names:
            found[name] = _rows_of_all(tables[name].files()) if name in tables else 0
        return found
    except (
        OSError,
        pa.ArrowException,
        RecordsError,
    ):  # what is wrong with a file, the run will say
        return None


def _rows_of_all(files: Sequence[Path]) -> int:
    """Of thousands of parts some are asked for all."""
    every = max(1, len(files) // FILES)
    return sum(map(_rows_of, files[::every])) * every


def _rows_of(path: Path) -> int:
    ending = ending_of(path.name)
    if ENDINGS.get(ending) == PARQUET:
        return pq.read_metadata(path).num_rows
    return path.stat().st_size // BYTES_PER_ROW.get(ending, 40)


def _patients(plan: Plan, sizes: dict[str, int]) -> int:
    """One row each in a table of patients; else as many as the smallest table of those
    who may be counted.
    """
    one_row = [need.schema.name for need in plan.needs if need.schema.one_row]
    known = [sizes[name] for name in ("patients", *one_row) if name in sizes]
    candidates = [sizes[name] for name in plan.candidates.tables if name in sizes]
    return (
        max(known)
        if known
        else min(candidates, default=sum(sizes.values()) // TRIAL_ROWS)
    )


def refuse_what_cannot_fit(prepared: Prepared, *, own_server: bool) -> None:
    """Raises ArgumentsError for a run that would die of too little memory or disk,
    before it starts.

    `own_server`: whether it brings a Prefect server, whose database needs room, too.
    """
    limits = settings()
    least = LEAST + _for_series(prepared.plan)
    if limits.worker_memory < least:
        raise ArgumentsError(
            f"{limits.memory // 1_000_000} MB for {limits.workers} workers are too "
            f"little: each needs {least // 1_000_000} MB at least. Give more by "
            "--memory (MB), or set COHORTFLOW_WORKERS lower."
        )
    if expected := estimate(prepared):
        remedy = "name another --workspace"
        missing = expected.disk - _there(prepared.places)
        _refuse_full(prepared.workspace.root, "The run", missing, remedy)
    if own_server:
        _refuse_full(
            home(),
            "Prefect's temporary server",
            SERVER,
            "set PREFECT_HOME to another folder",
        )


def _refuse_full(folder: Path, what: str, needed: int, remedy: str) -> None:
    place = _nearest(folder)
    free = shutil.disk_usage(place).free
    if needed > free:
        raise ArgumentsError(
            f"{what} needs {_size(one_figure(needed))} on disk, and {_size(free)} "
            f"are free; make room, or {remedy}: {place}"
        )


def _size(number: int) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.1f} MB"


def _there(places: Places) -> int:
    """Bytes of what an earlier run has left for this one: all but what is made for each
    period.
    """
    size = 0
    for folder in (places.snapshot.folder, places.static, places.timelines):
        files = (path for path in folder.glob("**/*") if path.is_file())
        size += sum(path.stat().st_size for path in files)
    return size


def _nearest(folder: Path) -> Path:
    """The folder, or the one above it that is there already."""
    return next(each for each in (folder, *folder.parents) if each.exists())
