"""What the rows of periods touched, and the stretches of tracks, read back from the
shards.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ipc

from extractors.engine import Engine
from extractors.errors import EngineError
from extractors.fingerprint import stamp
from extractors.late import pc
from extractors.sql.cells import PLACE
from extractors.sql.files import read_parquet
from extractors.sql.words import quote
from extractors.time.shards import (
    DESCRIPTION,
    WITHOUT,
    changed_in,
    check_of,
    is_of_changed,
    read_all,
    shards_of,
)
from extractors.time.timelines import STRETCHES, touched_table

WIDTHS = [
    *(
        (type_, 0, 1 << bits)
        for type_, bits in ((pa.uint8(), 8), (pa.uint16(), 16), (pa.uint32(), 32))
    ),
    *(
        (type_, -(1 << bits), 1 << bits)
        for type_, bits in ((pa.int8(), 7), (pa.int16(), 15), (pa.int32(), 31))
    ),
]


def touched_in(timelines: Path, chain: int, place: int) -> pa.Table | None:
    """The people whom a period's rows touched, in order of patients; None if the chain
    has nothing of the kind.

    Raises EngineError where the rows are not what was written.
    """
    changed = changed_in(timelines)
    tables = []
    for folder in shards_of(timelines):
        path = folder / f"touched-{chain}.arrow"
        if path.exists():
            rows = pa.Table.from_batches([_read_checked(path, place)])
            if changed is not None and not is_of_changed(folder):
                rows = rows.filter(pc.invert(_are_in(rows, changed)))
            tables.append(rows)
    if not tables:
        return None
    touched = _as_one(tables)
    return touched if changed is None else touched.sort_by("patient_id")


def touched_of(timelines: Path, chain: int, people: np.ndarray) -> pa.Table | None:
    """The rows of some people in all periods of a chain, in order of PLACE and
    patients; None if `people` is empty, or no row of a period touches the chain.

    Raises EngineError where the rows are not what was written.
    """
    changed = changed_in(timelines)
    others = people if changed is None else np.setdiff1d(people, changed)
    tables = []
    for folder in shards_of(timelines):
        path = folder / f"touched-{chain}.arrow"
        if path.exists():
            among = people if is_of_changed(folder) else others
            if len(among):
                tables.append(among_people(touched_anywhere(path), among))
    if not tables:
        return None
    return _as_one(tables).sort_by([(PLACE, "ascending"), ("patient_id", "ascending")])


def touched_anywhere(path: Path) -> pa.Table:
    """The rows of a shard in all periods of a chain, each with its PLACE.

    Raises EngineError where they are not what was written.
    """
    batches = []
    for place, batch in enumerate(_all_checked(path)):
        places = pa.repeat(pa.scalar(place, pa.int64()), len(batch))
        batches.append(batch.append_column(PLACE, places))
    return pa.Table.from_batches(batches)


def among_people(rows: pa.Table, people: np.ndarray) -> pa.Table:
    """The rows of some people alone.

    They are looked for in all periods together: in hundreds of small batches of many
    columns it took 1.4 times as long.
    """
    together = rows.combine_chunks()
    return together.filter(_are_in(together, people))


def _as_one(tables: list[pa.Table]) -> pa.Table:
    """Each shard has its integers as narrow as its own allow, and its own texts."""
    return pa.concat_tables(tables, promote_options="permissive").unify_dictionaries()


def _are_in(rows: pa.Table, people: np.ndarray) -> pa.ChunkedArray:
    numbers = pc.cast(rows["patient_id"], pa.int64())
    return pc.is_in(numbers, value_set=pa.array(people, pa.int64()))


def _read_checked(path: Path, place: int) -> pa.RecordBatch:
    return next(_checked(path, [place]))


def _all_checked(path: Path) -> Iterator[pa.RecordBatch]:
    return _checked(path, range(len(_checks_of(path))))


def _checked(path: Path, places: Iterable[int]) -> Iterator[pa.RecordBatch]:
    """The batches of some places. Raises EngineError where one is not what was
    written.
    """
    try:
        checks = _checks_of(path)
        with ipc.open_file(pa.memory_map(str(path))) as reader:
            for place in places:
                batch = reader.get_batch(place)
                if check_of(batch) != checks[place]:
                    raise _damaged(path, "its checksum is another")
                yield batch
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(path, str(error)) from error


def _damaged(path: Path, found: str) -> EngineError:
    return EngineError(
        "The rows of this period are damaged.",
        f"{path.name} of {path.parent.name}: {found}",
    )


def _checks_of(path: Path) -> list[int]:
    return _known_checks(stamp(path.parent / DESCRIPTION), path)


@lru_cache(maxsize=512)
def _known_checks(_stamp: str, path: Path) -> list[int]:
    """Kept as long as the shard is the same one: another may come to its place."""
    return json.loads((path.parent / DESCRIPTION).read_text(encoding="utf-8"))[
        "batches"
    ][path.name]


def write_cohort(
    timelines: Path,
    chain: int,
    place: int,
    path: Path,
    *,
    footer: Mapping[str, str] | None = None,
) -> None:
    """Write the people whom a period's rows touched, in order of patients, as typed
    Parquet.

    `footer`: what the file's footer says of it.
    """
    touched = touched_in(timelines, chain, place)
    rows = (
        pa.table({"patient_id": pa.array([], pa.int64())})
        if touched is None
        else narrow(touched)
    )
    _write_rows(rows.replace_schema_metadata(dict(footer or {})), path)


def _write_rows(rows: pa.Table, path: Path) -> None:
    """Rows in order of patients, so only the steps between them are written; texts as
    numbers of a list.

    Two thirds of the time and of the bytes that pyarrow's own choice takes, for 1.6
    million rows of 34 columns.
    """
    lists = [field.name for field in rows.schema if pa.types.is_dictionary(field.type)]
    pq.write_table(
        rows,
        path,
        compression="zstd",
        compression_level=1,
        use_dictionary=lists,
        column_encoding={"patient_id": "DELTA_BINARY_PACKED"},
        write_statistics=["patient_id"],
    )


def narrow(table: pa.Table) -> pa.Table:
    """The same table with integers as narrow as their values allow."""
    for index, field in enumerate(table.schema):
        if pa.types.is_integer(field.type):
            ends = pc.min_max(table[index]).as_py()
            type_ = narrowest(ends["min"], ends["max"])
            table = table.set_column(index, field.name, table[index].cast(type_))
    return table


def narrowest(low: int | None, high: int | None) -> pa.DataType:
    low, high = low or 0, high or 0
    fitting = (t for t, least, end in WIDTHS if least <= low and high < end)
    return next(fitting, pa.int64())


def open_timelines(
    engine: Engine, timelines: Path, chain: int, track: int, place: int
) -> None:
    """Make the stretches of a track and what is touched in a period of a chain readable
    in SQL.
    """
    _open_stretches(engine, timelines, track)
    touched = touched_in(timelines, chain, place)
    if touched is not None:
        engine.register(
            touched_table(chain),
            touched.append_column(PLACE, pa.repeat(pa.scalar(place), len(touched))),
        )


def _open_stretches(engine: Engine, timelines: Path, track: int) -> None:
    """Those of people who have changed since the shards were made are of the shard of
    these people alone.
    """
    without = timelines / WITHOUT
    files: list[Path] = []
    changed: list[Path] = []
    for folder in shards_of(timelines):
        path = folder / f"stretches-{track}.parquet"
        (changed if is_of_changed(folder) else files).append(path)
    query = f"SELECT * FROM {read_parquet(files, by_name=True)}"
    if without.exists():
        engine.register(WITHOUT, read_all(without))
        query += f" WHERE patient_id NOT IN (SELECT patient_id FROM {quote(WITHOUT)})"
        query += f" UNION ALL BY NAME SELECT * FROM {read_parquet(changed)}"
    engine.view(f"{STRETCHES} {track}", query)
