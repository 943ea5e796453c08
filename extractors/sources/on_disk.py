"""Records on a disk: a folder of tables or a DuckDB file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from extractors.planner.needs import TableNeed
from extractors.sources.base import Place, Source, State
from extractors.sources.duckdb_file import open_duckdb_file
from extractors.sources.folder import open_folder
from extractors.sources.kind import Kind, NoPlace
from extractors.sources.tables import Tables


@dataclass(frozen=True, kw_only=True)
class OnDisk(Kind):
    """Stored tables with a meaning. Without a prefix: what no other kind recognises."""

    # makes a Source of the tables: plain ones, or those of OMOP
    meaning: Callable[[Place], Source]

    def recognises(self, where: str) -> bool:
        return bool(self.prefix) and where.startswith(self.prefix)

    def open(
        self, place: str, needs: Iterable[TableNeed] = (), state: State | None = None
    ) -> Source:
        return self.meaning(open_place(place))

    def path(self, place: str) -> Path | None:
        return as_path(place)

    def absolute(self, place: str) -> str:
        return str(self.path(place))

    def public_name(self, place: str) -> str:
        if self.prefix:
            return self.name
        return Path(place).suffix or self.name


def as_path(where: str) -> Path:
    """As a shell reads it: `~` is a home where it is a whole name, and a letter
    elsewhere.
    """
    if where == "~" or where.startswith("~/"):
        return Path(where).expanduser().absolute()
    return Path(where).absolute()


def open_place(where: str) -> Place:
    """Raises NoPlace where no records are, RecordsError where they are no tables."""
    if "://" in where or "password" in where.lower():
        # not repeated: it may hold a password
        raise NoPlace("Records at such an address cannot be read yet")
    path = as_path(where)
    if not where or not path.exists():
        raise NoPlace("There are no records there", where)
    if path.is_dir():
        return open_folder(path)
    if path.suffix != ".duckdb":
        raise NoPlace("This file is no place of records", where)
    return open_duckdb_file(path)


TABLES = OnDisk(
    name="tables",
    form="a folder of tables, FILE.duckdb",
    choice="a folder of tables, a .duckdb file",
    files_are_tables=True,
    meaning=Tables,
)
