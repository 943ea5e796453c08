"""Which files are a table, and which are parts of one: known by their names alone.

A folder is read as Spark, Dask and pyarrow read it: parts in any depth, names such as
`year=2021` of folders as a column, names with a leading dot or underscore left out.
Whatever else lies there and might hold rows is refused by its name, never passed over.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from urllib.parse import unquote

from extractors.errors import RecordsError

PARQUET, ARROW, CSV = "Parquet", "Arrow", "CSV"
# Endings in small letters, whatever letters a file has -> the form.
PLAIN = {
    ".parquet": PARQUET,
    ".parq": PARQUET,
    ".pq": PARQUET,
    ".arrow": ARROW,
    ".feather": ARROW,
    ".ipc": ARROW,
    ".csv": CSV,
    ".tsv": CSV,
    ".txt": CSV,
}
PACKINGS = {".gz": "gzip", ".zst": "zstd"}
TEXTS = [ending for ending, form in PLAIN.items() if form == CSV]
ENDINGS = PLAIN | dict.fromkeys(map("".join, product(TEXTS, PACKINGS)), CSV)
# What lies beside parts and holds no rows.
NOTES = (".md", ".html", ".log", ".crc", ".md5", ".sha256", ".pdf", ".ini")
# What may hold rows and is not read: ending -> what it is.
FOREIGN = {
    ".xlsx": "an Excel workbook",
    ".xls": "an Excel workbook",
    ".sas7bdat": "a SAS table",
    ".dta": "a Stata table",
    ".sav": "an SPSS table",
    ".rds": "an R object",
    ".rdata": "an R workspace",
    ".orc": "an ORC file",
    ".avro": "an Avro file",
    ".json": "a JSON file",
    ".jsonl": "a JSON file",
    ".ndjson": "a JSON file",
    ".zip": "a ZIP archive",
    ".bz2": "a bzip2 file",
    ".xz": "an xz file",
    ".7z": "a 7-Zip archive",
    ".tar": "a tar archive",
    ".tgz": "a tar archive",
}
READABLE = (
    "write it as Parquet, Arrow or CSV (a CSV file may be packed with gzip or zstd)"
)
EMPTY_KEY = "__HIVE_DEFAULT_PARTITION__"  # how Hive and Spark write that a key is NULL
Keys = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Part:
    """A file with some of a table's rows."""

    # of the file
    path: Path
    # columns that the names of its folders give, with their values
    keys: Keys = ()


def ending_of(name: str) -> str:
    """The ending that says how a file is read, in small letters; empty if it has
    none.
    """
    lowered = name.lower()
    return next((ending for ending in ENDINGS if lowered.endswith(ending)), "")


def packing_of(name: str) -> str:
    """How a file is packed, in DuckDB's words."""
    lowered = name.lower()
    return next((how for end, how in PACKINGS.items() if lowered.endswith(end)), "none")


def foreign_ending_of(name: str) -> str:
    """The ending of a file that may hold rows and cannot be read; empty if it has
    none.
    """
    lowered = name.lower()
    return next((ending for ending in FOREIGN if lowered.endswith(ending)), "")


def is_hidden(name: str) -> bool:
    """Whether readers of folders leave it out; `_year=2021` is a key like any other."""
    return name.startswith(".") or (name.startswith("_") and "=" not in name)


def is_note(name: str) -> bool:
    """Whether a file holds no rows, so that nothing is lost where it is not read."""
    return name.lower().endswith(NOTES)


def parts(folder: Path) -> list[Part]:
    """The files below a folder that can be read, in order of their paths."""
    found = (path for path in files_below(folder) if ending_of(path.name))
    return [Part(path, _keys(path.relative_to(folder).parts[:-1])) for path in found]


def files_below(folder: Path) -> list[Path]:
    """Every file that is not hidden, in any depth, sorted."""
    return sorted(_walk(folder, frozenset()))


def refuse_strangers(label: str, folder: Path, known: Iterable[Part]) -> None:
    """Raise RecordsError for a file that may hold rows of the table and is no part of
    it.
    """
    read = {part.path for part in known}
    forms = {ENDINGS[ending_of(path.name)]: path for path in sorted(read, reverse=True)}
    if len(forms) > 1:
        named = " and ".join(_below(folder, path) for path in forms.values())
        raise RecordsError(
            f"{label}: its parts are of different forms ({named}); keep those of one "
            "form."
        )
    for path in files_below(folder):
        if path not in read and not is_note(path.name) and path.stat().st_size:
            raise RecordsError(
                f"{label}: {_below(folder, path)} is {kind_of_file(path.name)}; "
                f"{READABLE}, or take it out of the folder."
            )


def kind_of_file(name: str) -> str:
    """What a file is that cannot be read, by its name."""
    return FOREIGN.get(foreign_ending_of(name), "of a form that its name does not tell")


def _below(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _walk(folder: Path, above: frozenset[tuple[int, int]]) -> Iterator[Path]:
    """A link may lead to a folder above itself, which is not gone through again."""
    status = folder.stat()
    here = (status.st_dev, status.st_ino)
    if here in above:
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            if is_hidden(entry.name):
                continue
            if entry.is_dir():
                yield from _walk(Path(entry.path), above | {here})
            elif entry.is_file():
                yield Path(entry.path)


def _keys(folders: Iterable[str]) -> Keys:
    named = (name.partition("=") for name in folders if "=" in name)
    return tuple((unquote(key), _value(value)) for key, _, value in named if key)


def _value(written: str) -> str | None:
    return None if written == EMPTY_KEY else unquote(written)
