"""Dataset definitions: one row per patient, written to the highly_sensitive shelf and nowhere else."""

from pathlib import Path

import pyarrow as pa

from extractors.cohorts import POPULATION, cohort_query, make_cohort, narrow_columns, write_narrow
from extractors.engine import Engine
from extractors.planner.plan import Plan
from extractors.snapshot import Snapshot
from extractors.sql.files import copy_to
from extractors.sql.words import quote
from flows.preparing.jobs import Bounds
from flows.workspace.store import whole_file

ROWS = "rows of the dataset"  # with a space, so no author's table can have this name
CATEGORIES = 1_000  # different strings in a column that is written as categories to Arrow


def make_dataset(plan: Plan, snapshot: Snapshot, static: Path, target: Path, bounds: Bounds) -> None:
    """Write the rows of the population, unless they are there; the file's ending says in which format."""
    if target.exists():
        return
    with bounds.engine() as engine, whole_file(target) as beside:
        snapshot.open(engine)
        snapshot.open_static(engine, static)
        make_cohort(engine, cohort_query(plan, tuple(plan.series), (POPULATION,)), None, ROWS)
        engine.execute(f"ALTER TABLE {quote(ROWS)} DROP COLUMN {quote(POPULATION)}")
        _write(engine, beside, target.name.partition(".")[2])


def _write(engine: Engine, path: Path, form: str) -> None:
    if form == "parquet":
        write_narrow(engine, ROWS, path)
    elif form == "arrow":
        _write_arrow(engine, path)
    else:
        _write_csv(engine, path, "gzip" if form.endswith("gz") else "none")


def _columns(engine: Engine) -> dict[str, str]:
    return {name: type_ for name, type_, *_ in engine.execute(f"DESCRIBE {quote(ROWS)}")}


def _write_csv(engine: Engine, path: Path, compression: str) -> None:
    """As ehrQL writes it: T and F, ISO dates, nothing for NULL."""
    columns = [
        f"CASE WHEN {quote(n)} THEN 'T' WHEN NOT {quote(n)} THEN 'F' END AS {quote(n)}" if t == "BOOLEAN" else quote(n)
        for n, t in _columns(engine).items()
    ]
    query = f"SELECT {', '.join(columns)} FROM {quote(ROWS)} ORDER BY patient_id"
    engine.execute(copy_to(query, path, f"FORMAT csv, HEADER, COMPRESSION {compression}"))


def _write_arrow(engine: Engine, path: Path) -> None:
    """Streamed in batches; strings of few values as categories, whose list is made before."""
    for number, (name, type_) in enumerate(_columns(engine).items()):
        column, category = quote(name), quote(f"category {number}")
        distinct = f"SELECT DISTINCT {column} FROM {quote(ROWS)} WHERE {column} IS NOT NULL ORDER BY 1"
        if type_ == "VARCHAR" and 0 < engine.execute(f"SELECT count(*) FROM ({distinct})")[0][0] <= CATEGORIES:
            engine.execute(f"CREATE TYPE {category} AS ENUM ({distinct})")
            engine.execute(f"ALTER TABLE {quote(ROWS)} ALTER {column} TYPE {category}")
    query = f"SELECT {narrow_columns(engine, ROWS)} FROM {quote(ROWS)}"
    batches, schema = engine.batches(f"{query} ORDER BY patient_id"), engine.arrow(f"{query} LIMIT 0").schema
    with pa.ipc.new_file(path, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
