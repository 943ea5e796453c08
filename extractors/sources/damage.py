"""A file that cannot be read, in words that hold no value from it."""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from extractors.errors import DiskFull, EngineError, OutOfMemory, RecordsError
from extractors.sources.dirt import Dirt, refuse

WHOLE_FILE = {
    "Parquet": "it is not a whole Parquet file (empty, cut short, damaged or of another kind); write it anew",
    "Arrow": "it is not a whole Arrow IPC file (empty, cut short, damaged, or a stream); write it anew",
    "CSV": "it is not a whole CSV file (cut short, damaged, or not gzip as its name says); write it anew",
    "DuckDB": "it is not a DuckDB file that can be opened (is it damaged, of a newer version, or in use?)",
    "PostgreSQL": "its rows cannot be looked through; the full error is on the highly_sensitive shelf",
    "OMOP": "its OMOP tables cannot be read together; the full error is on the highly_sensitive shelf",
}
# How DuckDB says it -> what the rows are, and what to do; only the choice is made by its words.
CSV_RULES = {
    "Expected Number of Columns": ("of other fields than the header", "quote fields that hold commas"),
    "Invalid unicode": ("not UTF-8", "save the file as UTF-8"),
    "unterminated quote": ("of a quoted field that does not end", 'close it, and write a quote inside as ""'),
    "Maximum line size": ("longer than 2 MB", "is a quoted field not closed?"),
}
NO_CSV = ("no CSV", "write the file anew")


@contextmanager
def described(label: str, form: str) -> Iterator[None]:
    """Whatever fails while this file is read becomes a RecordsError naming it and the rule.

    What DuckDB and Arrow said goes into `detail`, since they quote cells. Lack of memory or room is
    no fault of the file and passes unchanged.
    """
    try:
        yield
    except PermissionError as error:
        raise RecordsError(f"{label}: it may not be read; ask for permission.", str(error)) from None
    except (pa.ArrowException, OSError, EOFError, zlib.error) as error:
        raise RecordsError(f"{label}: {WHOLE_FILE[form]}.", str(error)) from None
    except (OutOfMemory, DiskFull):
        raise
    except EngineError as error:
        if line := re.search(r"CSV Error on Line: (\d+)", error.detail):
            refuse([_unread(label, int(line[1]), error.detail)])
        raise RecordsError(f"{label}: {WHOLE_FILE[form]}.", error.detail) from None


def _unread(label: str, line: int, detail: str) -> Dirt:
    """The row at which reading a CSV file ended."""
    rule, remedy = next((ours for theirs, ours in CSV_RULES.items() if theirs in detail), NO_CSV)
    return Dirt(
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
