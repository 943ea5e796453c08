"""A folder of tables: NAME.parquet, NAME.arrow, NAME.csv, NAME.csv.gz, or NAME/ full of Parquet parts.

NAME is the table's name, URL-quoted as ehrQL writes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.sources.base import Table
from extractors.sources.formats import OPENERS, TableFile, parts

EXPECTED = "a table is a file NAME.parquet, .arrow, .csv or .csv.gz, or a folder NAME/ of .parquet files"


@dataclass(frozen=True)
class Folder:
    """The tables that lay in a folder when it was opened."""

    path: Path
    tables: dict[str, TableFile]

    @property
    def label(self) -> str:
        return f"folder {self.path}"

    def files(self) -> tuple[Path, ...]:
        return tuple(sorted(path for table in self.tables.values() for path in table.files()))

    def names(self, engine: Engine) -> list[str]:
        return sorted(self.tables)

    def open(self, engine: Engine, name: str, columns: Sequence[str]) -> Table:
        return self.tables[name].open(engine, columns)


def open_folder(path: Path) -> Folder:
    """Raises RecordsError if there is no table in it, or one table twice."""
    tables: dict[str, TableFile] = {}
    for file in filter(None, map(_table_file, sorted(path.iterdir()))):
        if file.name in tables:
            both = f"{tables[file.name].label} and {file.label}"
            raise RecordsError(f"Table {file.name} is in {path} twice: {both}; remove one of them.")
        tables[file.name] = file
    if not tables:
        raise RecordsError(f"Folder {path} holds no tables; {EXPECTED}.")
    return Folder(path, tables)


def _table_file(path: Path) -> TableFile | None:
    if path.name[0] in "._":
        return None
    if path.is_dir():
        return TableFile(path, "/") if parts(path) else None
    return next((TableFile(path, ending) for ending in OPENERS if path.name.endswith(ending)), None)
