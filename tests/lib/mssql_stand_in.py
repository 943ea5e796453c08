"""A stand-in for the package mssql-python: what we call of it, over a DuckDB file.

There is no SQL Server to test with. So this shows that the Python side fits together;
that the signatures are those of the package is a test of its own. T-SQL is read by
sqlglot, which also wrote it: what a server makes of it is not shown.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pyarrow as pa

# DuckDB's types, as patterns -> those that SQL Server would have.
TYPES = {
    "BIGINT": "bigint",
    "INTEGER": "int",
    "DOUBLE": "float",
    "FLOAT": "real",
    "BOOLEAN": "bit",
    "DATE": "date",
    "TIMESTAMP": "datetime2",
    "TIMESTAMP WITH%": "datetimeoffset",
    "DECIMAL%": "decimal",
    "VARCHAR": "nvarchar",
}
LEVELS = {True: 5, False: 2}  # SNAPSHOT, READ COMMITTED


class Error(Exception):
    pass


class ConnectionStringParseError(Exception):
    pass


class Server:
    """A server with one database. `asked`: each statement, with whether it was
    committed at once.
    """

    def __init__(self, path: Path, *, snapshots: bool = True):
        self.path = path
        self.snapshots = snapshots
        self.given: dict[str, Any] = {}
        self.pooled = True
        self.asked: list[tuple[str, bool]] = []

    def package(self) -> ModuleType:
        module = ModuleType("mssql_python")
        server = self

        def connect(
            connection_str: str = "",
            autocommit: bool = False,
            attrs_before: dict | None = None,
            timeout: int = 0,
            native_uuid: bool | None = None,
            token_provider: Any = None,
            **kwargs: Any,
        ) -> Connection:
            server.given = kwargs
            return Connection(server, autocommit)

        def pooling(
            max_size: int = 100, idle_timeout: int = 600, enabled: bool = True
        ) -> None:
            server.pooled = enabled

        module.connect, module.pooling = connect, pooling  # type: ignore[attr-defined]
        for member in (Connection, Cursor, Error, ConnectionStringParseError):
            setattr(module, member.__name__, member)
        return module


class Connection:
    def __init__(self, server: Server, autocommit: bool):
        self.server = server
        self.autocommit = autocommit
        self.level = LEVELS[False]
        self.database = duckdb.connect(str(server.path), read_only=True)

    def cursor(self) -> "Cursor":
        return Cursor(self)

    def setautocommit(self, value: bool = False) -> None:
        self.autocommit = value

    def close(self) -> None:
        self.database.close()


class Cursor:
    def __init__(self, connection: Connection):
        self.connection = connection
        self.table = pa.table({})

    def __enter__(self) -> "Cursor":
        return self

    def __exit__(self, *args: Any) -> None:
        self.close()

    def close(self) -> None:
        pass

    def execute(
        self,
        operation: str,
        *parameters: Any,
        use_prepare: bool = True,
        reset_cursor: bool = True,
    ) -> "Cursor":
        connection = self.connection
        connection.server.asked.append((operation, connection.autocommit))
        if operation.startswith("SET TRANSACTION"):
            assert (
                connection.server.snapshots
                and connection.autocommit
                and not use_prepare
            )
            connection.level = LEVELS[True]
        elif "sys.databases" in operation:
            self.table = pa.table({"state": [int(connection.server.snapshots)]})
        elif "sys.dm_exec_sessions" in operation:
            self.table = pa.table({"level": [connection.level]})
        else:
            self.table = self._answered(operation, parameters)
        return self

    def fetchall(self) -> list[tuple]:
        return [tuple(row.values()) for row in self.table.to_pylist()]

    @contextmanager
    def _batches(self, batch_size: int) -> Iterator[pa.RecordBatchReader]:
        yield pa.RecordBatchReader.from_batches(
            self.table.schema, iter(self.table.to_batches(batch_size))
        )

    def arrow_reader(self, batch_size: int = 8192) -> Any:
        return self._batches(batch_size)

    def _answered(self, operation: str, parameters: Sequence[object]) -> pa.Table:
        database = self.connection.database
        if "INFORMATION_SCHEMA.COLUMNS" in operation:
            listed = " ".join(
                f"WHEN DATA_TYPE LIKE '{ours}' THEN '{theirs}'"
                for ours, theirs in TYPES.items()
            )
            operation = operation.replace(
                "DATA_TYPE", f"CASE {listed} ELSE DATA_TYPE END", 1
            )
            return database.sql(operation, params=list(parameters)).to_arrow_table()
        if "INFORMATION_SCHEMA" in operation:
            return database.sql(operation).to_arrow_table()
        assert self.connection.autocommit is False
        try:
            return database.sql(in_duckdb(operation)).to_arrow_table()
        except duckdb.Error as error:
            raise Error(str(error)) from None


def in_duckdb(transact: str) -> str:
    """Without collations, which DuckDB has not: it compares characters as they are."""
    return without_collations(_sqlglot().parse_one(transact, read="tsql")).sql(
        dialect="duckdb"
    )


def without_collations(tree: Any) -> Any:
    collate = _sqlglot().exp.Collate
    return tree.transform(lambda node: node.this if isinstance(node, collate) else node)


def _sqlglot() -> Any:
    import sqlglot

    return sqlglot
