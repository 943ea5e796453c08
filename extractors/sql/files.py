"""Files in SQL: the one place where a path becomes text that DuckDB opens.

DuckDB takes `*`, `?` and `[` in the name of a file that it reads for wildcards, so that
`run?` would be all of `run1`, `run2` …; it takes a folder `patient_id=3` for a column,
a leading `~` for a home, and `s3:` for a place elsewhere. It has no setting for names
that mean themselves. So every path is made absolute here, its wildcards are written as
sets of one letter, and folders are never columns. `tests/test_rooms.py` sees that no
SQL names a file in another way.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from extractors.errors import ArgumentsError
from extractors.sql.words import text

WILDCARDS = "*?["
FILE = "file of a row"  # with blanks, so no column of records has this name


def read_parquet(
    paths: Iterable[Path], *, by_name: bool = False, file_column: bool = False
) -> str:
    """What follows FROM for the rows of some Parquet files.

    With `by_name`, files may have other columns, or the same ones in other types. With
    `file_column`, FILE is the absolute path of each row's file.
    """
    named = ", union_by_name = true" if by_name else ""
    return (
        f"read_parquet({_listed(paths)}, hive_partitioning = "
        f"false{named}{_file_column(file_column)})"
    )


def read_csv(
    paths: Iterable[Path], options: Sequence[str], *, file_column: bool = False
) -> str:
    """What follows FROM for the rows of CSV files that are written alike."""
    said = ", ".join([_listed(paths), *options, "hive_partitioning = false"])
    return f"read_csv({said}{_file_column(file_column)})"


def _listed(paths: Iterable[Path]) -> str:
    return f"[{', '.join(_to_read(path) for path in paths)}]"


def _file_column(wanted: bool) -> str:
    return f", filename = {text(FILE)}" if wanted else ""


def copy_to(query: str, path: Path, options: str) -> str:
    """The statement that writes a query's rows to a file."""
    return f"COPY ({query}) TO {text(_literal(path))} ({options})"


def attach(path: Path, name: str) -> str:
    """The statement that opens a DuckDB file, to read only, under a quoted name."""
    _refuse_lost_log(path)
    return f"ATTACH {text(_literal(path))} AS {name} (READ_ONLY)"


def _refuse_lost_log(path: Path) -> None:
    """DuckDB takes what follows a `?` for options when it looks for the log of a file.

    It would read the file without its last changes, and say nothing.
    """
    whole = path.absolute()
    if "?" in str(whole) and whole.with_name(f"{whole.name}.wal").exists():
        raise ArgumentsError(
            f"{whole} cannot be used: it has changes in {whole.name}.wal, which DuckDB "
            "does not find where a path holds a ?; rename the file or folder."
        )


def spill_folder(path: Path) -> str:
    """A folder as DuckDB's settings name it."""
    return _literal(path)


def _to_read(path: Path) -> str:
    """A path of which DuckDB reads this file and no other."""
    letters = (f"[{each}]" if each in WILDCARDS else each for each in _literal(path))
    return text("".join(letters))


def _literal(path: Path) -> str:
    """The whole path; ArgumentsError where DuckDB would open another one."""
    whole = str(path.absolute())
    if os.sep == "/" and "\\" in whole:
        raise ArgumentsError(
            f"{whole} cannot be used: DuckDB takes \\ for /; rename the file or folder."
        )
    try:
        whole.encode()
    except UnicodeEncodeError:
        shown = whole.encode(errors="backslashreplace").decode()
        raise ArgumentsError(
            f"{shown} cannot be used: its name is not UTF-8; rename the file or folder."
        ) from None
    return whole
