"""Where records come from. `open_source` understands what a user writes behind `--records`."""

import re
from pathlib import Path

from extractors.errors import ArgumentsError
from extractors.sources.base import Place, Source
from extractors.sources.duckdb_file import open_duckdb_file
from extractors.sources.folder import open_folder
from extractors.sources.omop import Omop
from extractors.sources.tables import Tables

OMOP = "omop:"


def open_source(where: str, *, made_up: bool = False) -> Source:
    """A folder of tables, a `.duckdb` file, or `omop:` and one of these; nothing is read yet.

    `made_up` says that no real person is in it. Raises ArgumentsError for what is not a place of
    records, RecordsError for one that holds no tables.
    """
    if where.startswith(OMOP):
        return Omop(where, _open_place(where.removeprefix(OMOP)), made_up)
    return Tables(where, _open_place(where), made_up)


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


def _refuse_address(where: str) -> None:
    """The address itself is not repeated: it may hold a password."""
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*(?=://)", where)
    if scheme:
        raise ArgumentsError(f"Records at {scheme[0]}:// addresses cannot be read yet; give {CHOICES}.")


CHOICES = "a folder of tables, a .duckdb file, or omop: followed by one of these"
