"""Files of patients as cohort-extractor wrote them, for people who go on with scripts of their own.

They hold one row per patient, so they lie on the highly_sensitive shelf and nowhere else.
"""

import csv
import datetime
import gzip
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from extractors.errors import ArgumentsError
from extractors.late import Late
from flows.workspace.store import whole_file
from measures.trying_old import written

feather: Any = Late("pyarrow.feather")
AT_ONCE = 50_000  # rows in memory
WRITTEN = ("csv", "csv.gz", "feather")
CATEGORIES = pa.dictionary(pa.int32(), pa.string())
TYPES: Mapping[str, pa.DataType] = {
    "flag": pa.bool_(),
    "int": pa.int64(),
    "float": pa.float64(),
    "date": pa.timestamp("ns"),
}
# The first and last day that nanoseconds can tell.
FIRST, LAST = datetime.date(1677, 9, 22), datetime.date(2262, 4, 11)


def check_format(ending: str) -> None:
    """Raises ArgumentsError for a format that is not written here."""
    if ending not in WRITTEN:
        known = ", ".join(WRITTEN)
        raise ArgumentsError(f"Files of patients are written as {known}, not as {ending}; change output-format.")


def write_input_file(dataset: Path, forms: Mapping[str, str], target: Path) -> None:
    """Write the rows of a dataset in the old values, columns and types; the target's ending says in which format."""
    rows = pq.ParquetFile(dataset)
    names = ["patient_id", *forms]
    with whole_file(target) as beside:
        if target.name.endswith("feather"):
            _write_feather(rows, names, forms, beside)
        elif target.name.endswith(".gz"):
            with gzip.open(beside, "wt", encoding="utf-8", newline="") as file:
                _write_csv(rows, names, forms, file)
        else:
            with beside.open("w", encoding="utf-8", newline="") as file:
                _write_csv(rows, names, forms, file)


def _write_csv(rows: pq.ParquetFile, names: Sequence[str], forms: Mapping[str, str], file: TextIO) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    for row in _rows(rows, names):
        writer.writerow([row["patient_id"], *(written(row[name], form) for name, form in forms.items())])


def _rows(rows: pq.ParquetFile, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    for batch in rows.iter_batches(AT_ONCE, columns=list(names)):
        yield from batch.to_pylist()


def _write_feather(rows: pq.ParquetFile, names: Sequence[str], forms: Mapping[str, str], path: Path) -> None:
    table = rows.read(columns=list(names))
    columns = {"patient_id": table["patient_id"].cast(pa.int64())}
    for name, form in forms.items():
        values = pa.array([_typed(value, form) for value in table[name].to_pylist()], _read_as(form))
        columns[name] = values.cast(_type(form))
    feather.write_feather(pa.table(columns), str(path))


def _type(form: str) -> pa.DataType:
    """Texts and ranks of deprivation are categories."""
    return TYPES.get(form.partition(" ")[0], CATEGORIES)


def _read_as(form: str) -> pa.DataType:
    """A timestamp is made of a date."""
    return pa.date32() if form.startswith("date") else _type(form)


def _typed(value: Any, form: str) -> Any:
    """A missing text is none of the categories; a day that nanoseconds cannot tell is the nearest they can."""
    if form.startswith("date"):
        return None if value is None else max(FIRST, min(value, LAST))
    found = written(value, form)
    if form == "flag":
        return bool(found)
    return str(found) or None if form in ("str", "imd") else found
