"""One range of patients after another: what is done once for everybody, in memory that
does not grow with them.

A shard of timelines is a folder: `stretches-N.parquet` for each track,
`touched-N.arrow` for each chain (a batch per period, so a period reads its own),
`changes.arrow` of all chains, and `shard.json`, by which damage is noticed.
"""

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import ipc

from extractors.cohorts import narrow_columns
from extractors.disk import another_version, read_json
from extractors.engine import Engine
from extractors.errors import Damaged, EngineError
from extractors.fingerprint import file_hash
from extractors.planner.kinds import PERSON
from extractors.sql.cells import PLACE
from extractors.sql.words import quote
from extractors.time.stretches import changes_of, counts_of, drop_chain, make_chain
from extractors.time.timelines import STRETCHES, Timelines, touched_table

# part of every key: raise it when what is written for the same timelines changes
FORMAT = 6
DESCRIPTION = "shard.json"
FOLDER = "shard-{:04}"
# Where the folder begins with the shards of an earlier load (`since.py`): who has
# changed since, the number of their shard, and in it what the sums of the others are
# less than those of all.
CHECK = b"crc32"  # of a batch, in what is said of it in the file
WITHOUT = "without.arrow"
CHANGED = 9_999
SINCE = "since-{}.arrow"


def shard_folder(timelines: Path, number: int) -> Path:
    return timelines / FOLDER.format(number)


def shards_of(timelines: Path) -> list[Path]:
    """The shards that are there, in order of their patients."""
    # not those that are being written beside
    return sorted(timelines.glob("shard-[0-9][0-9][0-9][0-9]"))


def write_shard(engine: Engine, timelines: Timelines, folder: Path) -> None:
    """Write a shard into an empty folder, from an engine that has its tables and static
    values; a chain at a time.
    """
    describe(folder, write_chains(engine, timelines, folder))


def write_chains(
    engine: Engine,
    timelines: Timelines,
    folder: Path,
    look: Callable[[int], None] | None = None,
) -> dict[str, list[int]]:
    """Write all files of a shard but its description; the checksums for that.

    `look`: is called with the number of a chain while its tables are there.
    """
    checks = {}
    for number, chain in enumerate(timelines.chains):
        make_chain(engine, timelines, number)
        if look:
            look(number)
        _write_stretches(engine, chain.track, folder)
        if chain.touched:
            path = folder / f"touched-{number}.arrow"
            _write_touched(engine, number, len(chain.intervals), path)
            checks[path.name] = _checks(path)
        write_changes(
            changes_of(engine, timelines, number), folder / f"changes-{number}.arrow"
        )
        drop_chain(engine, timelines, number)
    return checks


def describe(folder: Path, checks: Mapping[str, Sequence[int]]) -> None:
    """Say of a shard that is written which files it has; `checks`: those of the batches
    of some.
    """
    hashes = {path.name: file_hash(path) for path in sorted(folder.iterdir())}
    (folder / DESCRIPTION).write_text(
        json.dumps({"format": FORMAT, "sha256": hashes, "batches": checks}),
        encoding="utf-8",
    )


def _write_stretches(engine: Engine, track: int, folder: Path) -> None:
    name, path = f"{STRETCHES} {track}", folder / f"stretches-{track}.parquet"
    if not path.exists():
        columns = narrow_columns(engine, name, without=[PERSON])
        engine.write_parquet(f"SELECT {columns} FROM {quote(name)}", path)


def write_changes(changes: pa.Table, path: Path) -> None:
    """A column for each numerator of any tally: almost all of them are zeros, which
    take no room if compressed.
    """
    with ipc.new_file(
        path, changes.schema, options=ipc.IpcWriteOptions(compression="zstd")
    ) as writer:
        writer.write_table(changes)


def is_whole(folder: Path) -> bool:
    """Whether a shard is there with the content that it was written with.

    Raises AnotherVersion if its description has another format.
    """
    hashes = _hashes(folder)
    return bool(hashes) and all(
        (folder / name).exists() and file_hash(folder / name) == hash_
        for name, hash_ in hashes.items()
    )


def is_described(folder: Path) -> bool:
    """Whether a shard is there that says what it is, and no file of it is missing;
    raises AnotherVersion.
    """
    hashes = _hashes(folder)
    return bool(hashes) and all((folder / name).exists() for name in hashes)


def _hashes(folder: Path) -> dict[str, str]:
    """Of each file of a shard, as its description says; none if that is gone or
    damaged.
    """
    path = folder / DESCRIPTION
    try:
        described = read_json(path, {})
    except Damaged:
        return {}
    # until 0.2 the key alone had it
    if (found := described.get("format", FORMAT)) != FORMAT:
        raise another_version(path, found, FORMAT)
    return described.get("sha256", {})


def _write_touched(engine: Engine, number: int, periods: int, path: Path) -> None:
    name = touched_table(number)
    columns = narrow_columns(engine, name, without=[PERSON])
    query = f"SELECT {columns} FROM {quote(name)} ORDER BY {quote(PLACE)}, patient_id"
    table = _with_categories(engine.arrow(query))
    edges = np.searchsorted(table[PLACE].to_numpy(), np.arange(periods + 1))
    _write_cut(path, table.drop_columns([PLACE]), edges)


def _with_categories(table: pa.Table) -> pa.Table:
    for index, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            table = table.set_column(
                index,
                field.name,
                table[field.name].combine_chunks().dictionary_encode(),
            )
    return table


def _one_batch(table: pa.Table) -> pa.RecordBatch:
    batches = table.to_batches()
    return (
        batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema)
    )


def _write_cut(path: Path, rows: pa.Table, edges: np.ndarray) -> None:
    """Rows in order, a batch from each edge to the next. One without rows has the
    dictionaries of the others, too: a file has just one of each.
    """
    whole = _one_batch(rows.combine_chunks())
    batches = (
        whole.slice(start, end - start)
        for start, end in zip(edges, edges[1:], strict=False)
    )
    _write_batches(path, whole.schema, batches)


def _write_batches(
    path: Path,
    schema: pa.Schema,
    batches: Sequence[pa.RecordBatch] | Iterator[pa.RecordBatch],
) -> None:
    # lz4: two thirds as large, half as much again to write
    with ipc.new_file(path, schema) as writer:
        for batch in batches:
            writer.write_batch(batch, custom_metadata={CHECK: str(check_of(batch))})


def _checks(path: Path) -> list[int]:
    with ipc.open_file(path) as reader:
        return [
            check_of(reader.get_batch(number))
            for number in range(reader.num_record_batches)
        ]


def check_of(batch: pa.RecordBatch) -> int:
    return zlib.crc32(batch.serialize())


def is_of_changed(folder: Path) -> bool:
    """Whether a shard is the one of the people who have changed since the others were
    made.
    """
    return folder.name == FOLDER.format(CHANGED)


def changed_in(timelines: Path) -> np.ndarray | None:
    """The people who have changed since an earlier load's shards were made; None where
    all shards are of one load. Raises OSError where the list of them is gone.
    """
    path = timelines / WITHOUT
    if path.exists() or shard_folder(timelines, CHANGED).exists():
        return read_all(path)["patient_id"].to_numpy()
    return None


def read_all(path: Path) -> pa.Table:
    with ipc.open_file(path) as reader:
        return reader.read_all()


def write_counts(
    engine: Engine, timelines: Timelines, folder: Path, chain: int, path: Path
) -> None:
    """Write the counts of a chain, out of all shards: a batch per period."""
    tables = []
    for shard in shards_of(folder):
        tables += _changes_in(shard, chain, timelines.chains[chain].largest)
    changes = pa.concat_tables(tables, promote_options="permissive")
    counts = counts_of(engine, timelines.chains[chain], changes)
    edges = np.searchsorted(
        counts[PLACE].to_numpy(), np.arange(len(timelines.chains[chain].intervals) + 1)
    )
    _write_cut(path, counts, edges)


def _changes_in(shard: Path, chain: int, largest: Sequence[str]) -> list[pa.Table]:
    """The changes of a shard. Where people have changed since, their shard says what
    that makes of the sums, and which are the largest amounts of the others.
    """
    changes = read_all(shard / f"changes-{chain}.arrow")
    if is_of_changed(shard):
        return [changes, read_all(shard / SINCE.format(chain))]
    if (shard.parent / WITHOUT).exists():
        return [changes.drop_columns([*largest])]
    return [changes]


def all_counts(path: Path) -> pa.Table:
    """The counts of all periods of a chain, each row with its place."""
    return read_all(path)


def counts_in(path: Path, place: int) -> pa.RecordBatch:
    """The counts of a period. Raises EngineError where they are not what was written."""
    try:
        with ipc.open_file(pa.memory_map(str(path))) as reader:
            batch, said = reader.get_batch_with_custom_metadata(place)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise EngineError(
            "The counts of this period are damaged.", str(error)
        ) from error
    # an earlier version wrote no checksum
    known = said[CHECK] if said else None
    if known is not None and int(known) != check_of(batch):
        raise EngineError(
            "The counts of this period are damaged.",
            f"{path.name} of {path.parent.name}: its checksum is another",
        )
    return batch
