"""Arrow IPC files as a stream that DuckDB can scan again and again, a record batch at a
time.

The files are memory mapped, and only wanted columns decoded. (pyarrow's own reader
objects are empty after the first scan, and its tables hold compressed files decoded.)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc

from extractors.engine import Engine
from extractors.errors import EngineError, RecordsError
from extractors.sources.parts import Part
from extractors.sources.schemas import Schemas
from extractors.sql.words import quote

PROBE = "a type that may be read"
DIGITS = 38  # of DuckDB's longest decimal


@dataclass(frozen=True)
class IpcStream:
    """Some columns of all parts; a part that lacks one has NULL in it."""

    # files, in the order of their names
    parts: tuple[Part, ...]
    # the columns that are read, with the type that suits all parts
    schema: pa.Schema

    def __arrow_c_schema__(self) -> object:
        return self.schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        reader = pa.RecordBatchReader.from_batches(self.schema, self._batches())
        return reader.__arrow_c_stream__(requested_schema)

    def _batches(self) -> Iterator[pa.RecordBatch]:
        for part in self.parts:
            names = read_arrow_schema(part.path).names
            wanted = [
                number
                for number, name in enumerate(names)
                if self.schema.get_field_index(name) >= 0
            ]
            options = pyarrow.ipc.IpcReadOptions(included_fields=wanted)
            with pa.memory_map(str(part.path)) as memory:
                file = pyarrow.ipc.open_file(memory, options=options)
                for number in range(file.num_record_batches):
                    batch = file.get_batch(number)
                    # offsets that point outside a damaged file would crash the process
                    batch.validate()
                    yield self._shaped(batch, part)

    def _shaped(self, batch: pa.RecordBatch, part: Part) -> pa.RecordBatch:
        keys = dict(part.keys)
        columns = [_column(batch, field, keys) for field in self.schema]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)


def _column(
    batch: pa.RecordBatch, field: pa.Field, keys: dict[str, str | None]
) -> pa.Array:
    number = batch.schema.get_field_index(field.name)
    if number >= 0:
        column = batch.column(number)
        return column if column.type == field.type else column.cast(field.type)
    return pa.array([keys.get(field.name)] * batch.num_rows, field.type)


def read_arrow_schema(path: Path) -> pa.Schema:
    with pa.memory_map(str(path)) as memory:
        return pyarrow.ipc.open_file(memory).schema


def schema_of_all(
    schemas: Schemas, columns: Sequence[str], keys: Sequence[str]
) -> pa.Schema:
    """The wanted columns in types that hold those of all parts; keys as text."""
    wanted = {column.lower() for column in columns}
    listed = [
        pa.schema([field for field in schema if field.name.lower() in wanted])
        for schema in schemas.values()
    ]
    same = all(each.equals(listed[0]) for each in listed)
    found = (
        listed[0]
        if same
        else pa.unify_schemas(
            [_plain(each) for each in listed], promote_options="permissive"
        )
    )
    fields = [pa.field(field.name, _readable(field.type)) for field in found]
    fields += [pa.field(key, pa.string()) for key in keys]
    return pa.schema(fields)


def refuse_unread_types(engine: Engine, label: str, schema: pa.Schema) -> None:
    """Raise RecordsError for the columns whose types DuckDB does not know."""
    unread = [field for field in schema if not _reads(engine, field)]
    if unread:
        named = ", ".join(f"{field.name} ({field.type})" for field in unread)
        raise RecordsError(
            f"{label}: columns of types that cannot be read: {named}; store them as "
            "other types."
        )


def _reads(engine: Engine, field: pa.Field) -> bool:
    try:
        engine.register(PROBE, pa.schema([field]).empty_table())
        engine.execute(f"SELECT * FROM {quote(PROBE)}")
    except EngineError:
        return False
    return True


def _readable(type_: pa.DataType) -> pa.DataType:
    """The nearest type that DuckDB knows, which holds every value."""
    if pa.types.is_float16(type_):
        return pa.float32()
    if pa.types.is_decimal256(type_) and type_.precision <= DIGITS:
        return pa.decimal128(type_.precision, type_.scale)
    return type_


def _plain(schema: pa.Schema) -> pa.Schema:
    """Without dictionaries, of which each part has its own."""
    return pa.schema(
        [
            pa.field(
                field.name,
                field.type.value_type
                if pa.types.is_dictionary(field.type)
                else field.type,
            )
            for field in schema
        ]
    )
