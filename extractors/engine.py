"""The only door to DuckDB.

An Engine is one in-memory database with its own bounds on threads, memory and spill. Its words are
never passed on: DuckDB quotes cell values in its messages, so callers see an EngineError whose
`detail` belongs on the highly_sensitive shelf.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from extractors.errors import EngineError, InterruptedRun
from extractors.sql.words import quote, text

ROW_GROUP = 122_880  # DuckDB's own default; one row group is the unit in which a scan skips


class Engine:
    """A DuckDB with bounds: `threads`, `memory` in bytes, `spill` a folder for what does not fit.

    Use as a context manager. Nothing is fetched from outside and no extension is ever loaded.
    """

    def __init__(self, *, threads: int = 1, memory: int = 1 << 30, spill: Path | None = None):
        settings: dict[str, str | bool | int | float | list[str]] = {
            "threads": threads,
            "memory_limit": f"{memory // 1_000_000}MB",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if spill is not None:
            settings["temp_directory"] = str(spill)
        self._connection = duckdb.connect(config=settings)
        # DuckDB takes a Dask worker for somebody's terminal and draws on standard output, which belongs to `--json`
        self._connection.execute("SET enable_progress_bar = false")

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def execute(self, sql: str, parameters: Mapping | None = None) -> list[tuple]:
        """Run one statement; the rows as tuples (empty where it gives none)."""
        with _translated():
            return self._connection.execute(sql, parameters or None).fetchall()

    def arrow(self, sql: str, parameters: Mapping | None = None) -> pa.Table:
        """The whole result as an Arrow table."""
        with _translated():
            return self._connection.sql(sql, params=parameters or None).to_arrow_table()

    def batches(self, sql: str, parameters: Mapping | None = None) -> Iterator[pa.RecordBatch]:
        """The result as Arrow batches, one at a time, so memory stays flat."""
        with _translated():
            reader = self._connection.sql(sql, params=parameters or None).to_arrow_reader(ROW_GROUP)
            yield from reader

    def view(self, name: str, sql: str) -> None:
        self.execute(f"CREATE OR REPLACE VIEW {quote(name)} AS {sql}")

    def register(self, name: str, data: object) -> None:
        """Make Arrow data (a table, a reader, anything with an Arrow stream) readable under this name."""
        with _translated():
            self._connection.register(name, data)

    def attach(self, path: Path, name: str) -> None:
        """Open a DuckDB file under this name, to read only."""
        self.execute(f"ATTACH {text(path)} AS {quote(name)} (READ_ONLY)")

    def write_parquet(self, sql: str, path: Path, row_group: int = ROW_GROUP) -> None:
        """Stream a query into one zstd Parquet file, in the query's order."""
        self.execute(f"COPY ({sql}) TO {text(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {row_group})")

    def interrupt(self) -> None:
        """Stop the running statement; may be called from another thread."""
        self._connection.interrupt()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except duckdb.InterruptException as error:
        raise InterruptedRun("The query was interrupted.", str(error)) from None
    except duckdb.Error as error:
        kind = type(error).__name__
        raise EngineError(f"DuckDB could not do it ({kind}).", str(error)) from None
