"""A DuckDB file as a place of tables; it is only ever opened to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.engine import Engine
from extractors.errors import EngineError, OutOfMemory, RecordsError
from extractors.sources.base import Table
from extractors.sources.damage import WHOLE_FILE, described, other_kind
from extractors.sources.roles import Roles, refuse_missing, schema_of
from extractors.sql.words import quote

MAGIC = slice(8, 12), b"DUCK"  # behind the checksum of the first block


@dataclass(frozen=True)
class DuckDBFile:
    """Tables and views of a DuckDB file, in `main` or in the schema that has them."""

    # of the file, which is opened for reading alone
    path: Path
    # in which schemas OMOP's tables are
    roles: Roles = ()

    @property
    def label(self) -> str:
        return self.path.name

    def files(self) -> tuple[Path, ...]:
        # what its writer has not yet put into it
        log = self.path.with_name(self.path.name + ".wal")
        return (self.path, log) if log.exists() else (self.path,)

    def names(self, engine: Engine) -> list[str]:
        schemas: dict[str, set[str]] = {}
        for schema, name, _, _ in self._columns(engine):
            schemas.setdefault(name, set()).add(schema)
        refuse_missing(self.label, self.roles, set().union(*schemas.values()))
        return sorted(
            name
            for name, there in schemas.items()
            if schema_of(name, there, self.roles) != ""
        )

    def open(self, engine: Engine, name: str, columns: Sequence[str]) -> Table:
        found: dict[str, dict[str, str]] = {}
        for schema, table, column, type_ in self._columns(engine):
            if table == name:
                found.setdefault(schema, {})[column] = type_
        named = schema_of(name, found, self.roles)
        if named is None and "main" not in found and len(found) > 1:
            raise RecordsError(
                f"{self.label}: table {name} is in several schemas "
                f"({', '.join(sorted(found))}); keep one of them, or put it into "
                "schema main."
            )
        schema = named or ("main" if "main" in found else min(found))
        relation = f"{quote(self._name)}.{quote(schema)}.{quote(name)}"
        return Table(
            label=f"{self.label}: {name}",
            relation=relation,
            types=self._types(engine, name, relation),
            form="DuckDB",
        )

    def _types(self, engine: Engine, name: str, relation: str) -> dict[str, str]:
        """Of the columns as they are now: a view keeps those of the day on which it was
        made.
        """
        try:
            return engine.types(relation)
        except OutOfMemory:
            raise
        except EngineError as error:
            raise RecordsError(
                f"{self.label}: the view {name} cannot be read: a table, column or "
                "file that it names is gone, or is of a kind that is not read here; "
                "make the view anew, or a table of it.",
                error.detail,
            ) from None

    @property
    def _name(self) -> str:
        return f"records {self.path}"

    def _columns(self, engine: Engine) -> list[tuple]:
        """(schema, table, column, type) of all that is in the file."""
        self._attach(engine)
        return engine.execute(
            "SELECT schema_name, table_name, column_name, data_type FROM "
            "duckdb_columns() WHERE database_name = $name AND NOT internal ORDER BY "
            "schema_name, table_name, column_index",
            {"name": self._name},
        )

    def _attach(self, engine: Engine) -> None:
        with described(self.label, "DuckDB"):
            known = engine.execute(
                "SELECT 1 FROM duckdb_databases() WHERE database_name = $name",
                {"name": self._name},
            )
            if not known:
                engine.attach(self.path, self._name)


def open_duckdb_file(path: Path) -> DuckDBFile:
    """Raises RecordsError if it is no DuckDB file."""
    where, expected = MAGIC
    with described(path.name, "DuckDB"), path.open("rb") as file:
        head = file.read(16)
        if head[where] != expected:
            kind = other_kind(head)
            reason = (
                f"it is not a DuckDB file: it is {kind}"
                if kind
                else WHOLE_FILE["DuckDB"]
            )
            raise RecordsError(f"{path.name}: {reason}.")
    return DuckDBFile(path)
