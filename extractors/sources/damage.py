"""A file that cannot be read, in words that hold no value from it."""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from extractors.errors import DiskFull, EngineError, OutOfMemory, RecordsError
from extractors.sources.dirt import Dirt, refuse

WHOLE_FILE = {
    "Parquet": "it is not a whole Parquet file (empty, cut short, damaged or of another "
    "kind); write it anew",
    "Arrow": "it is not a whole Arrow IPC file (empty, cut short, damaged, or a stream); "
    "write it anew",
    "CSV": "it is not a whole CSV file (cut short, damaged, or not packed as its name "
    "says); write it anew",
    "DuckDB": "it is not a DuckDB file that can be opened (is it damaged, of a newer "
    "version, or in use?)",
    "PostgreSQL": "its rows cannot be looked through; the full error is on the "
    "highly_sensitive shelf",
    "ADBC": "its rows cannot be looked through; the full error is on the "
    "highly_sensitive shelf",
    "OMOP": "its OMOP tables cannot be read together; the full error is on the "
    "highly_sensitive shelf",
}
# How DuckDB says it -> what the rows are, and what to do; only the choice is made by
# its words.
CSV_RULES = {
    "Expected Number of Columns": (
        "of other fields than the header",
        "quote fields that hold separators",
    ),
    "Invalid unicode": ("not UTF-8", "save the file as UTF-8"),
    "unterminated quote": (
        "of a quoted field that does not end",
        'close it, and write a quote inside as ""',
    ),
    "Maximum line size": ("longer than 2 MB", "is a quoted field not closed?"),
}
NO_CSV = ("no CSV", "write the file anew")
# How DuckDB says it -> the whole reason; there is no row that it could name.
REASONS = {
    (
        "CSV",
        "invalid state",
    ): "its lines end in several ways (LF, CRLF, CR); write it with one line end, "
    "or unpacked",
    ("CSV", "not utf-8 encoded"): "the text is not UTF-8; save the file as UTF-8",
    (
        "DuckDB",
        "Could not set lock",
    ): "another program has it open to write; close that, or copy the file",
    (
        "DuckDB",
        "newer version",
    ): "a newer DuckDB has written it; write it with STORAGE_VERSION 'v1.0.0'",
    ("DuckDB", "encrypted"): "it is encrypted; write it without a key",
}
# How files of other kinds begin.
BEGINNINGS = {
    b"PAR1": "a Parquet file",
    b"PARE": "an encrypted Parquet file",
    b"ARROW1": "an Arrow IPC file",
    b"FEA1": "a Feather file of the first version",
    b"\xff\xff\xff\xff": "an Arrow stream",
    b"PK\x03\x04": "a ZIP archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "packed with gzip",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ": "packed with xz",
    b"SQLite format 3": "an SQLite database",
    b"ORC": "an ORC file",
    b"Obj\x01": "an Avro file",
}


@contextmanager
def described(label: str, form: str, path: Path | None = None) -> Iterator[None]:
    """Whatever fails while this file is read becomes a RecordsError naming it and the
    rule.

    What DuckDB and Arrow said goes into `detail`, since they quote cells. Lack of
    memory or room is no fault of the file and passes unchanged. With `path`, its first
    bytes tell what it is instead.
    """
    try:
        yield
    except PermissionError as error:
        raise RecordsError(
            f"{label}: it may not be read; ask for permission.", str(error)
        ) from None
    except (pa.ArrowException, OSError, EOFError, zlib.error) as error:
        raise RecordsError(
            f"{label}: {_reason(form, str(error), path)}.", str(error)
        ) from None
    except (OutOfMemory, DiskFull):
        raise
    except EngineError as error:
        if line := re.search(r"CSV Error on Line: (\d+)", error.detail):
            unread_row(label, int(line[1]), error.detail)
        raise RecordsError(
            f"{label}: {_reason(form, error.detail, path)}.", error.detail
        ) from None


def other_kind(head: bytes) -> str:
    """What a file is that begins so, if it is of a kind that is known by that."""
    return next(
        (kind for start, kind in BEGINNINGS.items() if head.startswith(start)), ""
    )


def _reason(form: str, said: str, path: Path | None) -> str:
    for (of, words), ours in REASONS.items():
        if of == form and words in said:
            return ours
    found = _found(form, path) if path else ""
    whole = WHOLE_FILE[form].partition(" (")[0]
    return f"{whole}: {found}; write it anew" if found else WHOLE_FILE[form]


def _found(form: str, path: Path) -> str:
    """What is wrong with a file by its size and first bytes; empty if they do not
    tell.
    """
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError:
        return ""
    kind = other_kind(head)
    if not head:
        return "it is empty"
    if form in kind and "encrypted" not in kind and "stream" not in kind:
        return "it is cut short or damaged"
    return f"it is {kind}" if kind else ""


def unread_row(label: str, line: int, said: str) -> None:
    """Raise DirtyRecords for the line at which reading a CSV file ended; `said` as
    DuckDB says why.
    """
    rule, remedy = next(
        (ours for theirs, ours in CSV_RULES.items() if theirs in said), NO_CSV
    )
    dirt = Dirt(
        table="",
        file=label,
        column="",
        rule=rule,
        remedy=remedy,
        rows=None,
        first_row=line - 1,  # the header is the first line
        refused=True,
        said=True,
    )
    refuse([dirt])
