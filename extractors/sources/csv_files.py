"""Text files as DuckDB reads them: every field as text, an empty one as NULL, nothing
guessed.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from extractors.engine import Engine
from extractors.errors import EngineError, OutOfMemory, RecordsError
from extractors.fingerprint import stamp
from extractors.sources.copies import copy_of
from extractors.sources.damage import described
from extractors.sources.dialect import (
    MARK,
    Dialect,
    first_dialect,
    marks_of,
    settle_slow,
)
from extractors.sources.parts import CSV, packing_of
from extractors.sources.row_by_row import RowByRow
from extractors.sql.files import read_csv
from extractors.sql.words import quote, text

WELL_QUOTED = '"([^"]|"")*"'
# Bytes that are unpacked at once. DuckDB takes 32 MB, of which a look at the first rows
# needs few: of csv.gz that took a tenth of a second. A row may have 2 MB.
BUFFER = 4 * 2**20


def dialect_of(engine: Engine, path: Path, label: str) -> Dialect:
    """How a file is written. Raises RecordsError where it has no header."""
    with described(label, CSV, path):
        dialect = first_dialect(path, label)
        marks = marks_of(path, quoted_names=dialect.quoted_names)
        dialect = settle_slow(dialect, marks)
        if dialect.slow:
            return dialect
        packed = packing_of(path.name) != "none"
        if not dialect.quote and (marks.quotes or packed):
            dialect = _with_quotes(engine, path, dialect)
        if dialect.quote and marks.escapes and not _reads(engine, path, dialect):
            dialect = _with_escapes(engine, path, dialect)
        if marks.mixed and not _reads(engine, path, dialect):
            return _mixed(dialect, marks.quotes, label)
        return dialect


def csv_rows(
    engine: Engine, path: Path, label: str, dialect: Dialect, columns: Sequence[str]
) -> str:
    """What goes behind FROM for the rows of a file that only Python can read: some of
    its columns.
    """
    wanted = {column.lower() for column in columns}
    names = [name for name in dialect.names if name.lower() in wanted] or [
        dialect.names[0]
    ]
    arriving = RowByRow(path, label, dialect, names)
    return copy_of(engine, label, CSV, arriving, stamp(path), names, repr(dialect))


def csv_relation(
    paths: Sequence[Path], dialect: Dialect, *, file_column: bool = False
) -> str:
    """What goes behind FROM for the rows of files that are written alike."""
    types = ", ".join(f"{text(name)}: 'VARCHAR'" for name in dialect.names)
    options = [
        f"columns = {{{types}}}",
        "auto_detect = false",
        "header = false",
        f"skip = {dialect.above}",
        f"delim = {text(dialect.delimiter)}",
        f"quote = {text(dialect.quote)}",
        f"escape = {text(dialect.escape)}",
        f"compression = '{packing_of(paths[0].name)}'",
        f"buffer_size = {BUFFER}",
    ]
    return read_csv(paths, options, file_column=file_column)


def _with_quotes(engine: Engine, path: Path, dialect: Dialect) -> Dialect:
    """Quotes that first come below the header: around fields, or just letters of them?

    They are around fields if all that hold a quote begin and end with one, or if lines
    and separators within them make sense in no other way.
    """
    quoted = replace(dialect, quote=MARK, escape=MARK)
    well, ill = [], []
    for name in map(quote, dialect.names):
        well.append(f"count_if(regexp_full_match({name}, {text(WELL_QUOTED)}, 's'))")
        ill.append(
            f"count_if(contains({name}, '\"') AND NOT regexp_full_match({name}, "
            f"{text(WELL_QUOTED)}, 's'))"
        )
    try:
        asked = (
            f"SELECT {' + '.join(well)}, {' + '.join(ill)} FROM "
            f"{csv_relation([path], dialect)}"
        )
        ((wells, ills),) = engine.execute(asked)
    except OutOfMemory:
        raise
    except EngineError:
        return quoted if _reads(engine, path, quoted) else dialect
    return quoted if wells and not ills else dialect


def _with_escapes(engine: Engine, path: Path, dialect: Dialect) -> Dialect:
    """As R's write.table has quotes within quotes, if that reads what CSV's own way
    does not.
    """
    escaped = replace(dialect, escape="\\")
    return escaped if _reads(engine, path, escaped) else dialect


def _mixed(dialect: Dialect, quotes: bool, label: str) -> Dialect:
    if not dialect.quote and quotes:
        raise RecordsError(
            f"{label}: its lines end in several ways (LF, CRLF, CR), and it has "
            "quotes that its header has not; write it with one line end."
        )
    return replace(dialect, slow=True)


def _reads(engine: Engine, path: Path, dialect: Dialect) -> bool:
    """Whether every row of a file is read in a dialect."""
    try:
        engine.execute(f"SELECT count(COLUMNS(*)) FROM {csv_relation([path], dialect)}")
    except OutOfMemory:
        raise
    except EngineError:
        return False
    return True
