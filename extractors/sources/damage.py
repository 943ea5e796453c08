"""A file that cannot be read, in words that hold no value from it."""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from extractors.errors import DiskFull, EngineError, OutOfMemory, RecordsError

WHOLE_FILE = {
    "Parquet": "it is not a whole Parquet file (empty, cut short, damaged or of another kind); write it anew",
    "Arrow": "it is not a whole Arrow IPC file (empty, cut short, damaged, or a stream); write it anew",
    "CSV": "it is not a whole CSV file (cut short, damaged, or not gzip as its name says); write it anew",
    "DuckDB": "it is not a DuckDB file that can be opened (is it damaged, of a newer version, or in use?)",
    "PostgreSQL": "its rows cannot be looked through; the full error is on the highly_sensitive shelf",
    "OMOP": "its OMOP tables cannot be read together; the full error is on the highly_sensitive shelf",
}
CSV_RULES = {  # how DuckDB says it -> how we do; only the choice is made by its words
    "Expected Number of Columns": "the row has other fields than the header; quote fields that hold commas",
    "Invalid unicode": "the text is not UTF-8; save the file as UTF-8",
    "unterminated quote": 'a quoted field does not end; close it, and write a quote inside as ""',
    "Maximum line size": "the row is longer than 2 MB; is a quoted field not closed?",
}


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
        raise RecordsError(f"{label}: {_rule(form, error.detail)}.", error.detail) from None


def _rule(form: str, detail: str) -> str:
    line = re.search(r"CSV Error on Line: (\d+)", detail)
    if not line:
        return WHOLE_FILE[form]
    rule = next((ours for theirs, ours in CSV_RULES.items() if theirs in detail), "the row is not CSV")
    return f"line {line[1]}: {rule}"
