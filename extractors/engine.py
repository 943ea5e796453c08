"""The only door to DuckDB.

An Engine is one in-memory database with its own bounds on threads, memory and spill.
Its words are never passed on: DuckDB quotes cell values in its messages, so callers see
an EngineError whose `detail` belongs on the highly_sensitive shelf.
"""

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakSet

import pyarrow as pa

from extractors.errors import (
    CohortflowError,
    DiskFull,
    EngineError,
    InterruptedRun,
    OutOfMemory,
)
from extractors.late import Late
from extractors.sql.files import attach, copy_to, spill_folder
from extractors.sql.words import quote, text

if TYPE_CHECKING:
    import duckdb
else:
    duckdb = Late("duckdb")

T = TypeVar("T")
# DuckDB 2.0.0 says so of `CASE WHEN c THEN 'a' END = 'b'` where statistics tell that c
# is never true, as of an empty table or of dates that no row has.
STUMBLE = "BindBuiltinScalarFunction did not return a BoundFunctionExpression"
# DuckDB's own default; one row group is the unit in which a scan skips
ROW_GROUP = 122_880
NO_MEMORY = (
    "There was not enough memory; give more (--memory), or have fewer workers "
    "(COHORTFLOW_WORKERS)."
)
NO_ROOM = (
    "No space is left on the disk of the workspace; make room there, then run again."
)
NO_ROOM_TO_SPILL = (
    "No space is left on the disk of the workspace for what does not fit into "
    "memory; make room there, or give more memory (--memory), then run again."
)
# it is not set, so it is what is free on the disk
SPILL_LIMIT = "max_temp_directory_size"


class Engine:
    """A DuckDB with bounds: `threads`, `memory` in bytes, `spill` a folder for what
    does not fit.

    Use as a context manager. Nothing is fetched from outside and no extension is ever
    loaded.
    """

    def __init__(
        self, *, threads: int = 1, memory: int = 1 << 30, spill: Path | None = None
    ):
        settings: dict[str, str | bool | int | float | list[str]] = {
            "threads": threads,
            "memory_limit": f"{memory // 1_000_000}MB",
            # Else eight more read ahead, on which the others wait: 3% of a shard, 5% of
            # a snapshot, also of a cold disk
            "async_threads": 0,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            # else a view whose table is gone would be a variable of ours that has its
            # name
            "python_enable_replacements": False,
        }
        if spill is not None:
            settings["temp_directory"] = spill_folder(spill)
        self._connection = duckdb.connect(config=settings)
        self.memory = memory
        self._spill, self._scratch = spill, ""
        self._why = "The query was interrupted."
        self.thread = threading.get_ident()
        _OPEN.add(self)
        # DuckDB takes a Dask worker for a terminal and draws on standard
        # output, which belongs to `--json`
        self._connection.execute("SET enable_progress_bar = false")

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        _OPEN.discard(self)
        self._connection.close()
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def scratch(self) -> Path:
        """A folder of its owner's alone for files that this engine reads; it goes with
        the engine.
        """
        if not self._scratch:
            self._scratch = tempfile.mkdtemp(prefix="fetched-", dir=self._spill)
        return Path(self._scratch)

    def execute(self, sql: str, parameters: Mapping | None = None) -> list[tuple]:
        """Run one statement; the rows as tuples (empty where it gives none)."""
        return self._run(
            lambda: self._connection.execute(sql, parameters or None).fetchall()
        )

    @property
    def version(self) -> str:
        """DuckDB's: hashes may differ between versions."""
        return str(self.execute("SELECT version()")[0][0])

    def types(self, relation: str) -> dict[str, str]:
        """The columns of what goes behind FROM, with DuckDB's names of their types."""
        described = self.execute(f"DESCRIBE SELECT * FROM {relation}")
        return {name: type_ for name, type_, *_ in described}

    def arrow(self, sql: str, parameters: Mapping | None = None) -> pa.Table:
        """The whole result as an Arrow table."""
        return self._run(
            lambda: self._connection.sql(
                sql, params=parameters or None
            ).to_arrow_table()
        )

    def batches(
        self, sql: str, parameters: Mapping | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The result as Arrow batches, one at a time, so memory stays flat."""
        reader = self._run(
            lambda: self._connection.sql(
                sql, params=parameters or None
            ).to_arrow_reader(ROW_GROUP)
        )
        with self._translated():
            yield from reader

    def view(self, name: str, sql: str) -> None:
        self.execute(f"CREATE OR REPLACE VIEW {quote(name)} AS {sql}")

    def register(self, name: str, data: object) -> None:
        """Make Arrow data (a table, a reader, anything with an Arrow stream) readable
        under this name.
        """
        with self._translated():
            self._connection.register(name, data)

    def attach(self, path: Path, name: str) -> None:
        """Open a DuckDB file under this name, to read only."""
        self.execute(attach(path, quote(name)))

    def write_parquet(
        self,
        sql: str,
        path: Path,
        row_group: int = ROW_GROUP,
        compression: str = "zstd",
        *,
        footer: Mapping[str, str] | None = None,
    ) -> None:
        """Stream a query into one Parquet file, in the query's order; `footer`: what
        its footer says of it.
        """
        how = f"FORMAT parquet, COMPRESSION {compression}, ROW_GROUP_SIZE {row_group}"
        if footer:
            words = ", ".join(
                f"{quote(name)}: {text(said)}" for name, said in footer.items()
            )
            how = f"{how}, KV_METADATA {{{words}}}"
        self.execute(copy_to(sql, path, how))

    def interrupt(self, why: str = "") -> None:
        """Stop the running statement; may be called from another thread. `why` is what
        the InterruptedRun says.
        """
        self._why = why or self._why
        self._connection.interrupt()

    def _run(self, work: Callable[[], T]) -> T:
        """What some work gives; where DuckDB's optimiser stumbles over statistics,
        without them from then on.
        """
        with self._translated():
            try:
                return work()
            except duckdb.InvalidInputException as error:
                if STUMBLE not in str(error):
                    raise
            self._connection.execute(
                "SET disabled_optimizers = 'statistics_propagation'"
            )
            return work()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except duckdb.Error as error:
            raise _ours(error, self._why) from None


_OPEN: WeakSet[Engine] = WeakSet()


def interrupt_all(thread: int, why: str) -> None:
    """Stop whatever statement runs in the engines that a thread has opened, known by
    its `threading.get_ident`.
    """
    for engine in [engine for engine in _OPEN if engine.thread == thread]:
        engine.interrupt(why)


def _ours(error: "duckdb.Error", why: str) -> CohortflowError:
    said = str(error)
    if isinstance(error, duckdb.InterruptException):
        return InterruptedRun(why, said)
    if isinstance(error, duckdb.OutOfMemoryException) and SPILL_LIMIT in said:
        return DiskFull(NO_ROOM_TO_SPILL, said)
    if isinstance(error, duckdb.OutOfMemoryException):
        return OutOfMemory(NO_MEMORY, said)
    if isinstance(error, duckdb.IOException) and "No space left" in said:
        return DiskFull(NO_ROOM, said)
    return EngineError(f"DuckDB could not do it ({type(error).__name__}).", said)
