"""A transaction with a database behind an ADBC driver: all that is read is of one moment, where it can do that."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from adbc_driver_manager import Error

from extractors.errors import RecordsError
from extractors.sources.adbc.drivers import Driven, connected

if TYPE_CHECKING:
    from sqlglot import exp

MISSING = "the package sqlglot is not here: pip install sqlglot (pinned in infra/requirements-extras.txt)"
# How drivers say it -> what is wrong.
REASONS = {
    "could not load": "there is no ADBC driver of this name; its package may be called adbc-driver-NAME",
    "unable to open": "there is no such file, or it may not be read",
    "not a database": "it is no database of this kind",
    "not a valid DuckDB": "it is no database of this kind",
    "does not exist": "there is no such database",
    "lock": "another program writes to it",
    "password": "the server does not let this user in",
    "permission": "it may not all be read by this user",
    "auth": "the server does not let this user in",
}


class Session:
    """Raises RecordsError throughout."""

    def __init__(self, driven: Driven, connection: Any):
        self.driven = driven
        self._connection = connection

    def tables(self) -> list[tuple[str, str]]:
        """(schema, name) of every table and view."""
        with self._translated():
            found = self._connection.adbc_get_objects(depth="tables").read_all().to_pylist()
        schemas = [schema for catalog in found for schema in catalog["catalog_db_schemas"] or ()]
        return [
            (schema["db_schema_name"] or "", table["table_name"])
            for schema in schemas
            for table in schema["db_schema_tables"] or ()
        ]

    def schema(self, query: "exp.Expression") -> pa.Schema:
        with self._translated(), self._connection.cursor() as cursor:
            cursor.execute(self.said(query))
            with cursor.fetch_record_batch() as reader:
                return reader.schema

    def rows(self, query: "exp.Expression") -> list[tuple]:
        with self._translated(), self._connection.cursor() as cursor:
            cursor.execute(self.said(query))
            return cursor.fetchall()

    def batches(self, query: "exp.Expression") -> Iterator[pa.RecordBatch]:
        with self._translated(), self._connection.cursor() as cursor:
            cursor.execute(self.said(query))
            with cursor.fetch_record_batch() as reader:
                yield from reader

    def said(self, query: "exp.Expression") -> str:
        """In the driver's dialect."""
        return query.sql(dialect=self.driven.dialect or None)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (Error, pa.ArrowException, OSError) as error:
            raise reason(self.driven, str(error)) from None


@contextmanager
def session(driven: Driven) -> Iterator[Session]:
    """A connection with its transaction, ended with the block."""
    try:
        import_module("sqlglot")
    except ImportError:
        raise RecordsError(f"{driven.label}: {MISSING}.") from None
    try:
        connection: Any = connected(driven)
    except (Error, OSError) as error:
        raise reason(driven, str(error)) from None
    try:
        yield Session(driven, connection)
    finally:
        with suppress(Error):
            connection.close()


def reason(driven: Driven, said: str) -> RecordsError:
    """What a driver said, as an error of ours; its words may quote a row, and go into `detail`."""
    lowered = said.lower()
    why = next((ours for theirs, ours in REASONS.items() if theirs.lower() in lowered), "")
    return RecordsError(f"{driven.label}: {why or 'the database refused a query; the full error is kept aside'}.", said)
