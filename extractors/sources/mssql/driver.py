"""A SQL Server database by its driver: what it needs to open one, and what its tables
hold.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from extractors.errors import RecordsError
from extractors.sources.adbc.drivers import Driven
from extractors.sources.mssql.address import keywords, with_password
from extractors.sources.mssql.transact import said_in_transact
from extractors.sources.mssql.types import stored_as
from extractors.sources.roles import without_roles

if TYPE_CHECKING:
    from sqlglot import exp

PACKAGE = "mssql_python"
MISSING = (
    "the package mssql-python is not here: pip install mssql-python (pinned in "
    "infra/requirements-extras.txt)"
)
PATIENCE = 10  # seconds until a server that does not answer is away
ALLOWED = (
    "SELECT snapshot_isolation_state FROM sys.databases WHERE database_id = DB_ID()"
)
SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL SNAPSHOT"
LEVEL = (
    "SELECT transaction_isolation_level FROM sys.dm_exec_sessions WHERE session_id = "
    "@@SPID"
)
ON, IS_SNAPSHOT = 1, 5  # what these two queries answer
TABLES = "SELECT TABLE_SCHEMA, TABLE_NAME FROM INFORMATION_SCHEMA.TABLES"
COLUMNS = (
    "SELECT COLUMN_NAME, DATA_TYPE, NUMERIC_PRECISION, NUMERIC_SCALE FROM "
    "INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY "
    "ORDINAL_POSITION"
)
SEVERAL_MOMENTS = (
    "the database does not allow SNAPSHOT isolation, so its tables may be read as "
    "they were at several moments; ALTER DATABASE … SET ALLOW_SNAPSHOT_ISOLATION ON "
    "allows it"
)


class SqlServer(Driven):
    """Its place is the whole address."""

    @property
    def label(self) -> str:
        named = keywords(self.place)
        return f"SQL Server database {named['Database']} at {named['Server']}"

    @property
    def public_name(self) -> str:
        return "mssql"

    def connected(self) -> Any:
        """With SNAPSHOT isolation if the database allows it; the first query begins the
        transaction.
        """
        module = self._module()
        named = with_password(keywords(self.place), self.label)
        # a pooled connection may keep the isolation of its user before
        module.pooling(enabled=False)
        connection = module.connect(autocommit=True, timeout=PATIENCE, **named)
        with connection.cursor() as cursor:
            if [tuple(row) for row in cursor.execute(ALLOWED).fetchall()] == [(ON,)]:
                # prepared, it would hold for its own statement alone
                cursor.execute(SNAPSHOT, use_prepare=False)
        connection.setautocommit(False)
        return connection

    def errors(self) -> tuple[type[Exception], ...]:
        module = self._module()
        return (
            module.Error,
            module.ConnectionStringParseError,
            RuntimeError,
            pa.ArrowException,
            OSError,
        )

    def said(self, query: "exp.Expression") -> str:
        return said_in_transact(query)

    def reader(self, cursor: Any) -> Any:
        return cursor.arrow_reader()

    def tables(self, connection: Any) -> list[tuple[str, str]]:
        with connection.cursor() as cursor:
            return [(row[0], row[1]) for row in cursor.execute(TABLES).fetchall()]

    def columns(
        self, connection: Any, schema: str, table: str
    ) -> list[tuple[str, pa.DataType, str]]:
        with connection.cursor() as cursor:
            found = cursor.execute(COLUMNS, schema, table).fetchall()
        return [(row[0], *stored_as(row[1], row[2], row[3])) for row in found]

    def warnings(self, connection: Any) -> tuple[str, ...]:
        with connection.cursor() as cursor:
            levels = [row[0] for row in cursor.execute(LEVEL).fetchall()]
        return () if levels == [IS_SNAPSHOT] else (f"{self.label}: {SEVERAL_MOMENTS}",)

    def _module(self) -> ModuleType:
        try:
            return import_module(PACKAGE)
        except ImportError:
            raise RecordsError(f"{self.label}: {MISSING}.") from None


def parse_mssql(where: str) -> SqlServer:
    """Raises ArgumentsError, without a word of the address, if it may not be used."""
    place, roles = without_roles(where)
    keywords(place)
    return SqlServer("mssql", place, roles)
