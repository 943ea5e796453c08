"""Files of made-up records: Parquet, or CSV for those who want to look at them."""

from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import pyarrow as pa
import pyarrow.parquet as pq

from extractors.late import Late
from extractors.model.schema import TableSchema
from extractors.trial.arrow import schema_of

ROW_GROUP = 122_880  # DuckDB's own; the unit in which a scan skips
csv = Late("pyarrow.csv")


class Writer(Protocol):
    def write_table(
        self, table: pa.Table, row_group_size: int | None = None
    ) -> None: ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> object: ...


def writer_of(path: Path, schema: TableSchema) -> Writer:
    """A writer of the form that the path's ending says."""
    if path.suffix == ".csv":
        return CsvWriter(path, _plain(schema_of(schema)))
    return _parquet_writer(path, schema)


class CsvWriter:
    """Commas, quotes where needed, dates as 2019-04-01, nothing where there is no
    value.
    """

    def __init__(self, path: Path, schema: pa.Schema):
        self._schema = schema
        self._writer = csv.CSVWriter(
            path, schema, write_options=csv.WriteOptions(quoting_style="needed")
        )

    def write_table(self, table: pa.Table, row_group_size: int | None = None) -> None:
        self._writer.write_table(table.cast(self._schema))

    def close(self) -> None:
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _plain(schema: pa.Schema) -> pa.Schema:
    """Without dictionaries, which CSV does not have."""
    fields = []
    for field in schema:
        kind = (
            field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        )
        fields.append(pa.field(field.name, kind))
    return pa.schema(fields)


def _parquet_writer(path: Path, schema: TableSchema) -> pq.ParquetWriter:
    """Only what repeats is dictionary-encoded; the ascending ids are written as
    differences.
    """
    fields = schema_of(schema)
    repeating = [field.name for field in fields if not pa.types.is_integer(field.type)]
    numbers = [field.name for field in fields if pa.types.is_integer(field.type)]
    return pq.ParquetWriter(
        path,
        fields,
        compression="zstd",
        compression_level=1,
        use_dictionary=repeating,
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
    )
