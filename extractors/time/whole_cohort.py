"""The whole cohort of a period: everybody who is counted, out of ranges of time and
what the period's rows touched.
"""

import json
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from extractors.disk import another_version
from extractors.engine import Engine
from extractors.errors import ArgumentsError
from extractors.planner.ladders import period_name
from extractors.time.shards import FORMAT
from extractors.time.stretches import cohort_sql
from extractors.time.timelines import Timelines
from extractors.time.touched import open_timelines

PERIODS = "periods.json"


def write_periods(timelines: Timelines, path: Path) -> None:
    """Write the place of each period, beside the shards, so that its cohort can be
    asked for by name.
    """
    places: dict[str, list] = {}
    for number, chain in enumerate(timelines.chains):
        for place, interval in enumerate(chain.intervals):
            sql = cohort_sql(chain, number, place)
            places[period_name(interval)] = [number, chain.track, place, sql]
    path.write_text(json.dumps({"format": FORMAT, **places}), encoding="utf-8")


def cohort(
    period: str, timelines: Path | str, *, threads: int = 1, memory: int = 1 << 30
) -> pa.RecordBatchReader:
    """Everybody who is counted in a period, as a stream of Arrow batches in order of
    patients.

    `period`: its name, such as `2019-04-01..2019-04-07`. `timelines`: the folder of a
    study's timelines on the highly_sensitive shelf. `threads` and `memory` (bytes)
    bound DuckDB; no more than a batch is held beside. The columns are patient_id and
    all series of the period's measures that are counted at once. Raises ArgumentsError
    for a period or folder that is not there.
    """
    timelines = Path(timelines)
    try:
        places = json.loads((timelines / PERIODS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ArgumentsError(
            f"There are no timelines in {timelines}; a run of the study makes them."
        ) from None
    # until 0.2 the key of the folder alone had it
    if (found := places.pop("format", FORMAT)) != FORMAT:
        raise another_version(timelines / PERIODS, found, FORMAT)
    if period not in places:
        raise ArgumentsError(
            f"There is no period {period!r}; name one like {next(iter(places))}."
        )
    chain, track, place, sql = places[period]
    engine = _spilling_in_private(threads, memory)
    open_timelines(engine, timelines, chain, track, place)
    query = f"SELECT * FROM ({sql}) ORDER BY patient_id"
    schema = engine.arrow(f"SELECT * FROM ({query}) LIMIT 0").schema
    return pa.RecordBatchReader.from_batches(schema, _closing(engine, query))


def _spilling_in_private(threads: int, memory: int) -> Engine:
    """An engine that spills to a folder of its own; else it would be one in the current
    folder, open to all.
    """
    folder = Path(tempfile.mkdtemp())
    engine = Engine(threads=threads, memory=memory, spill=folder)
    weakref.finalize(engine, shutil.rmtree, folder, ignore_errors=True)
    return engine


def _closing(engine: Engine, query: str) -> Iterator[pa.RecordBatch]:
    with engine:
        yield from engine.batches(query)
