"""Where records come from. `open_source` understands what a user writes behind `--records`."""

from collections.abc import Iterable
from pathlib import Path

from extractors.errors import ArgumentsError
from extractors.planner.needs import TableNeed
from extractors.sources.base import Place, Source
from extractors.sources.duckdb_file import open_duckdb_file
from extractors.sources.folder import open_folder
from extractors.sources.omop import Omop
from extractors.sources.omop.wanted import wanted_of
from extractors.sources.postgresql import Database, State, Wanted, is_postgresql, look, of_tables, parse_address
from extractors.sources.tables import Tables

OMOP = "omop:"


def open_source(where: str, *, needs: Iterable[TableNeed] = (), state: State | None = None) -> Source:
    """A folder of tables, a `.duckdb` file, `omop:` and one of these, or a database; nothing is read yet.

    A database is asked only for the rows and columns of `needs`, all at once and as they were at `state`; without
    needs, for each table when it is opened, whole. Raises ArgumentsError for what is not a place of records,
    RecordsError for one that holds no tables.
    """
    if is_postgresql(where):
        return _open_database(where, tuple(needs), state)
    if where.startswith(OMOP):
        return Omop(_open_place(where.removeprefix(OMOP)))
    return Tables(_open_place(where))


def _open_place(where: str) -> Place:
    _refuse_address(where)
    path = Path(where).expanduser().absolute()
    if not where or not path.exists():
        raise ArgumentsError(f"There are no records at {where!r}; give {CHOICES}.")
    if path.is_dir():
        return open_folder(path)
    if path.suffix != ".duckdb":
        raise ArgumentsError(f"{where!r} is a file that is no place of records; give {CHOICES}.")
    return open_duckdb_file(path)


def look_at(where: str, needs: Iterable[TableNeed]) -> State:
    """The state of a database's records: what of them is needed is hashed there, in one transaction.

    Raises ArgumentsError for an address that holds a password, RecordsError if they cannot be looked at.
    """
    address = parse_address(where)
    return look(address, _wanted(address.omop, needs))


def is_database(where: str) -> bool:
    """Whether this is the address of a database; ArgumentsError if it is one that may not be used."""
    return is_postgresql(where) and bool(parse_address(where))


def _open_database(where: str, needs: Iterable[TableNeed], state: State | None) -> Source:
    address = parse_address(where)
    database = Database(address, _wanted(address.omop, needs), state)
    return Omop(database) if address.omop else Tables(database)


def _wanted(omop: bool, needs: Iterable[TableNeed]) -> tuple[Wanted, ...]:
    return wanted_of(needs) if omop else of_tables(needs)


def _refuse_address(where: str) -> None:
    """The address itself is not repeated: it may hold a password."""
    if "://" in where or "password" in where.lower():
        raise ArgumentsError(f"Records at such an address cannot be read yet; give {CHOICES}.")


CHOICES = "a folder of tables, a .duckdb file, omop: followed by one of these, or postgresql://… or omop+postgresql://…"
