"""Copies in the engine of what is slow to read again; the engine spills what does not
fit.

Each check reads the rows, and so does the snapshot. It is slow to read again what only
Python can read, a table of thousands of small files, and what comes over a network.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import suppress

import pyarrow as pa

from extractors.engine import Engine
from extractors.errors import EngineError, RecordsError
from extractors.fingerprint import fingerprint
from extractors.sources.damage import described
from extractors.sql.words import quote

ARRIVING = "rows that arrive"  # with spaces, so no table can have this name


class Arriving(ABC):
    """Rows that DuckDB takes as an Arrow stream, once."""

    # what ended them too early: DuckDB passes on no exception of Python's
    failure: RecordsError | None = None

    @property
    @abstractmethod
    def schema(self) -> pa.Schema:
        """Of every batch."""

    @abstractmethod
    def batches(self) -> Iterator[pa.RecordBatch]:
        """All rows. Raises RecordsError."""

    def __arrow_c_schema__(self) -> object:
        return self.schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        reader = pa.RecordBatchReader.from_batches(self.schema, self._watched())
        return reader.__arrow_c_stream__(requested_schema)

    def _watched(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self.batches()
        except RecordsError as error:
            self.failure = error
            raise


def copy_of(
    engine: Engine, label: str, form: str, source: Arriving | str, *key: object
) -> str:
    """What goes behind FROM for rows that are kept in this engine under a key.

    `source`: the rows, or SQL that gives them. They are read unless the engine has
    them.
    """
    name = f"copy {fingerprint(label, *key)}"
    known = "SELECT 1 FROM duckdb_tables() WHERE table_name = $name"
    if not engine.execute(known, {"name": name}):
        take(engine, label, form, source, name)
    return quote(name)


def take(
    engine: Engine, label: str, form: str, source: Arriving | str, name: str
) -> None:
    """Read rows into a table of the engine, anew; none is left where they break off."""
    query = source
    if isinstance(source, Arriving):
        engine.register(ARRIVING, source)
        query = f"SELECT * FROM {quote(ARRIVING)}"
    try:
        with described(label, form):
            engine.execute(f"CREATE OR REPLACE TEMP TABLE {quote(name)} AS {query}")
    except (RecordsError, EngineError) as error:
        with suppress(EngineError):
            engine.execute(f"DROP TABLE IF EXISTS {quote(name)}")
        failure = source.failure if isinstance(source, Arriving) else None
        raise failure or error from None
