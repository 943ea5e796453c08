"""A transaction with a database behind an ADBC driver: all that is read is of one
moment, where it can do that.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from extractors.errors import RecordsError
from extractors.sources.adbc.drivers import Driven

if TYPE_CHECKING:
    from sqlglot import exp

MISSING = (
    "the package sqlglot is not here: pip install sqlglot (pinned in "
    "infra/requirements-extras.txt)"
)
# How drivers say it -> what is wrong.
REASONS = {
    "failed to load": "the libraries of its driver cannot be used on this machine (on Linux they "
    "need libltdl)",
    "could not load": "there is no ADBC driver of this name; its package may be called "
    "adbc-driver-NAME",
    "unable to open": "there is no such file, or it may not be read",
    "not a database": "it is no database of this kind",
    "not a valid DuckDB": "it is no database of this kind",
    "does not exist": "there is no such database",
    "lock": "another program writes to it",
    "certificate": "the server's certificate is not trusted here",
    "login timeout": "there is no connection to the server",
    "unable to establish": "there is no connection to the server",
    "login failed": "the server does not let this user in",
    "cannot open database": "there is no such database, or this user may not open it",
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
            return self.driven.tables(self._connection)

    def columns(
        self, schema: str, table: str
    ) -> list[tuple[str, pa.DataType, str]] | None:
        """See `Driven.columns`."""
        with self._translated():
            return self.driven.columns(self._connection, schema, table)

    def warnings(self) -> tuple[str, ...]:
        with self._translated():
            return self.driven.warnings(self._connection)

    def schema(self, query: "exp.Expression") -> pa.Schema:
        with self._translated(), self._connection.cursor() as cursor:
            cursor.execute(self.said(query))
            with self.driven.reader(cursor) as reader:
                return reader.schema

    def rows(self, query: "exp.Expression") -> list[tuple]:
        with self._translated(), self._connection.cursor() as cursor:
            cursor.execute(self.said(query))
            return cursor.fetchall()

    def batches(self, query: "exp.Expression") -> Iterator[pa.RecordBatch]:
        with self._translated(), self._connection.cursor() as cursor:
            cursor.execute(self.said(query))
            with self.driven.reader(cursor) as reader:
                yield from reader

    def said(self, query: "exp.Expression") -> str:
        """In the driver's dialect."""
        return self.driven.said(query)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except self.driven.errors() as error:
            raise reason(self.driven, str(error)) from None


@contextmanager
def session(driven: Driven) -> Iterator[Session]:
    """A connection with its transaction, ended with the block."""
    try:
        import_module("sqlglot")
    except ImportError:
        raise RecordsError(f"{driven.label}: {MISSING}.") from None
    try:
        connection: Any = driven.connected()
    except driven.errors() as error:
        raise reason(driven, str(error)) from None
    try:
        yield Session(driven, connection)
    finally:
        with suppress(*driven.errors()):
            connection.close()


def reason(driven: Driven, said: str) -> RecordsError:
    """What a driver said, as an error of ours; its words may quote a row, and go into
    `detail`.
    """
    lowered = said.lower()
    why = next(
        (ours for theirs, ours in REASONS.items() if theirs.lower() in lowered), ""
    )
    return RecordsError(
        f"{driven.label}: "
        f"{why or 'the database refused a query; the full error is kept aside'}.",
        said,
    )
