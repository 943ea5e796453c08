"""The kinds of file a table can be: what each is called, and how DuckDB scans it without holding it."""

import csv
import gzip
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.sources.base import Table
from extractors.sources.damage import described
from extractors.sql.files import read_csv, read_parquet
from extractors.sql.words import quote, text

NOT_READ = ""  # the type of a column that nobody asked for: its name only helps to say what is misspelt
HEADER_BYTES = 1 << 20  # a longer first line is no header


@dataclass(frozen=True)
class TableFile:
    """A table's file (or folder of Parquet parts) and the ending that says what it is."""

    path: Path
    ending: str

    @property
    def name(self) -> str:
        """The table; Spark and Dask call a folder of parts NAME.parquet."""
        ending = ".parquet" if self.ending == "/" else self.ending
        return unquote(self.path.name.removesuffix(ending))

    @property
    def label(self) -> str:
        return self.path.name + ("/" if self.ending == "/" else "")

    def files(self) -> list[Path]:
        return parts(self.path) if self.ending == "/" else [self.path]

    def open(self, engine: Engine, columns: Sequence[str]) -> Table:
        return OPENERS[self.ending](engine, self, columns)


def parts(folder: Path) -> list[Path]:
    """The Parquet files of a folder, sorted; names with a leading dot or underscore are not data."""
    return sorted(path for path in folder.glob("*.parquet") if path.name[0] not in "._")


def _open_parquet(engine: Engine, file: TableFile, columns: Sequence[str]) -> Table:
    with described(file.label, "Parquet"):
        for path in file.files():
            _refuse_twins(file.label, pyarrow.parquet.read_schema(path).names)
        # Parts may lack columns that others have.
        relation = read_parquet(file.files(), by_name=True)
        return _table(engine, file, relation, "Parquet")


def _open_arrow(engine: Engine, file: TableFile, columns: Sequence[str]) -> Table:
    with described(file.label, "Arrow"), pa.memory_map(str(file.path)) as memory:
        names = pyarrow.ipc.open_file(memory).schema.names
        _refuse_twins(file.label, names)
        wanted = {column.lower() for column in columns}
        fields = [number for number, name in enumerate(names) if name.lower() in wanted]
        relation = f"arrow {file.path} {fields}"
        engine.register(relation, IpcStream(file.path, fields))
        table = _table(engine, file, quote(relation), "Arrow")
        return replace(table, types=dict.fromkeys(names, NOT_READ) | dict(table.types))


def _open_csv(engine: Engine, file: TableFile, columns: Sequence[str]) -> Table:
    with described(file.label, "CSV"):
        names, delimiter = _header(file)
        relation = _csv_relation(file, names, delimiter)
        return Table(
            label=file.label,
            relation=relation,
            types=dict.fromkeys(names, "VARCHAR"),
            form="CSV",
            ordered=True,
        )


def _table(engine: Engine, file: TableFile, relation: str, form: str) -> Table:
    types = {name: type_ for name, type_, *_ in engine.execute(f"DESCRIBE SELECT * FROM {relation}")}
    return Table(
        label=file.label,
        relation=relation,
        types=types,
        form=form,
        ordered=file.ending != "/",
    )


@dataclass(frozen=True)
class IpcStream:
    """An Arrow IPC file that DuckDB can scan again and again, one record batch at a time.

    The file is memory mapped; `fields` are the numbers of the columns to decode. (pyarrow's own reader
    objects are empty after the first scan, and its tables hold compressed files decoded.)
    """

    path: Path
    fields: list[int]

    def __arrow_c_schema__(self) -> object:
        return self._open().schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        file = self._open()
        reader = pa.RecordBatchReader.from_batches(file.schema, _batches(file))
        return reader.__arrow_c_stream__(requested_schema)

    def _open(self) -> pyarrow.ipc.RecordBatchFileReader:
        options = pyarrow.ipc.IpcReadOptions(included_fields=self.fields)
        return pyarrow.ipc.open_file(pa.memory_map(str(self.path)), options=options)


def _batches(file: pyarrow.ipc.RecordBatchFileReader) -> Iterator[pa.RecordBatch]:
    for number in range(file.num_record_batches):
        batch = file.get_batch(number)
        batch.validate()  # offsets that point outside a damaged file would crash the process
        yield batch


def _header(file: TableFile) -> tuple[list[str], str]:
    """The column names of a CSV file, and what separates them.

    A first line with tabs and no comma makes the whole file tab-separated, as OMOP vocabularies are.
    Its text is never quoted in an error: without a header it is a patient.
    """
    try:
        line = _first_line(file)
        delimiter = "\t" if "\t" in line and "," not in line else ","
        names = next(csv.reader([line], delimiter=delimiter, strict=True))
    except UnicodeDecodeError:
        raise RecordsError(f"{file.label}: the text is not UTF-8; save the file as UTF-8.") from None
    except csv.Error:
        raise RecordsError(f"{file.label}: the first line must name the columns, in one line of CSV.") from None
    if not line.strip():
        raise RecordsError(f"{file.label}: it has no header; the first line must name the columns.")
    names = [name or f" {number}" for number, name in enumerate(names)]  # pandas leaves its index unnamed
    _refuse_twins(file.label, names)
    return names, delimiter


def _first_line(file: TableFile) -> str:
    with gzip.open(file.path) if file.ending == ".csv.gz" else file.path.open("rb") as binary:
        return binary.readline(HEADER_BYTES).decode("utf-8-sig").rstrip("\r\n")


def _csv_relation(file: TableFile, names: list[str], delimiter: str) -> str:
    """Every field as text and an empty one as NULL; nothing is guessed from the content."""
    types = ", ".join(f"{text(name)}: 'VARCHAR'" for name in names)
    mark = "" if delimiter == "\t" else '"'
    packing = "gzip" if file.ending == ".csv.gz" else "none"
    options = [
        f"columns = {{{types}}}",
        "auto_detect = false",
        "header = true",
        f"delim = {text(delimiter)}",
        f"quote = '{mark}'",
        f"escape = '{mark}'",
        f"compression = '{packing}'",
    ]
    return read_csv(file.path, options)


def _refuse_twins(label: str, names: Sequence[str]) -> None:
    """DuckDB does not tell names apart by case, so neither may a file.

    The names are shown only beside a patient_id: a CSV without a header starts with a patient.
    """
    counts = Counter(name.lower() for name in names)
    twins = ", ".join(sorted(name for name, count in counts.items() if count > 1))
    if twins:
        shown = f" ({twins})" if "patient_id" in counts or "person_id" in counts else ""
        raise RecordsError(
            f"{label}: two columns have the same name{shown}; the first row must name every column once."
        )


OPENERS: dict[str, Callable[[Engine, TableFile, Sequence[str]], Table]] = {
    ".parquet": _open_parquet,
    ".arrow": _open_arrow,
    ".csv": _open_csv,
    ".csv.gz": _open_csv,
    "/": _open_parquet,
}
