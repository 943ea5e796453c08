"""A folder of tables: NAME.parquet, NAME.arrow, NAME.csv, NAME.csv.gz …, or NAME/ full
of such parts.

NAME is the table's name, URL-quoted as ehrQL writes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.sources.base import Table
from extractors.sources.formats import FOLDER, TableFile
from extractors.sources.parts import (
    READABLE,
    ending_of,
    files_below,
    foreign_ending_of,
    is_hidden,
    is_note,
    kind_of_file,
)

SHELF = "highly_sensitive"  # in each study of a workspace
EXPECTED = (
    "a table is a file NAME.parquet, .arrow, .csv, .tsv or .txt (text may be packed: "
    ".csv.gz, .csv.zst), or a folder NAME/ of such files"
)


@dataclass(frozen=True)
class Folder:
    """The tables that lay in a folder when it was opened."""

    # of the folder
    path: Path
    # name -> its file, or its folder of parts
    tables: dict[str, TableFile]
    # tables that cannot be read -> why
    unread: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"folder {self.path}"

    def files(self) -> tuple[Path, ...]:
        own = (table.files() for table in self.tables.values())
        return tuple(sorted(chain.from_iterable(own)))

    def names(self, engine: Engine) -> list[str]:
        return sorted({*self.tables, *self.unread})

    def open(self, engine: Engine, name: str, columns: Sequence[str]) -> Table:
        if name in self.unread:
            raise RecordsError(self.unread[name])
        return self.tables[name].open(engine, columns)


def open_folder(path: Path) -> Folder:
    """Raises RecordsError if there is no table in it, or one table twice."""
    tables: dict[str, TableFile] = {}
    unread: dict[str, str] = {}
    for entry in sorted(each for each in path.iterdir() if not is_hidden(each.name)):
        file = _table_file(entry)
        if file is None:
            unread |= _unread(entry)
        elif file.name in tables:
            both = f"{tables[file.name].label} and {file.label}"
            raise RecordsError(
                f"Table {file.name} is there twice, {both}; remove one of them: {path}"
            )
        else:
            tables[file.name] = file
    if not tables:
        raise RecordsError(
            "\n".join(
                [f"The folder holds no tables; {EXPECTED}: {path}", *unread.values()]
            )
        )
    return Folder(
        path, tables, {name: why for name, why in unread.items() if name not in tables}
    )


def _table_file(path: Path) -> TableFile | None:
    if path.is_dir():
        if any(path.glob(f"*/{SHELF}")):
            return None  # a workspace, which changes while a run reads
        table = TableFile(path, FOLDER)
        return table if table.is_table() else None
    ending = ending_of(path.name)
    return TableFile(path, ending) if ending else None


def _unread(path: Path) -> dict[str, str]:
    """The table that a file or folder would be if it could be read, and why it is
    none.
    """
    if path.is_dir() and any(path.glob(f"*/{SHELF}")):
        return {}
    if path.is_dir():
        others = [each for each in files_below(path) if not is_note(each.name)]
        said = (
            f"{others[0].relative_to(path).as_posix()} is "
            f"{kind_of_file(others[0].name)}"
            if others
            else ""
        )
        return (
            {unquote(path.name): f"{path.name}/: {said}; {READABLE}."} if others else {}
        )
    ending = foreign_ending_of(path.name)
    name = path.name[: len(path.name) - len(ending)]
    name = name[: len(name) - len(ending_of(name))]  # of NAME.csv.zip
    return (
        {unquote(name): f"{path.name} is {kind_of_file(path.name)}; {READABLE}."}
        if ending
        else {}
    )
