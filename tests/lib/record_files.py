"""Small tables written as every kind of records, and what tests ask of them."""

import datetime
import gzip
import pickle
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pytest

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.model.schema import Column, TableSchema
from extractors.model.types import CTV3Code, SNOMEDCTCode
from extractors.sources import open_source
from extractors.sources.dirt import Checked, DirtyRecords
from extractors.sources.tables import Tables

DAY = datetime.date
CANARY = "7777777"  # part of every dirty value below; no message may hold it
EVENTS = TableSchema(
    "clinical_events",
    (
        Column("date", DAY),
        Column("snomedct_code", SNOMEDCTCode),
        Column("numeric_value", float),
        Column("consultation_id", int),
        Column("flag", bool),
        Column("status", str, categories=("open", "closed", "7")),
        Column("ctv3_code", CTV3Code),
    ),
)
PATIENTS = TableSchema(
    "patients",
    (
        Column("date_of_birth", DAY, required=True, first_of_month=True),
        Column("sex", str, required=True, categories=("female", "male")),
        Column("imd_rounded", int, minimum=0, maximum=32800, step=100),
        Column("msoa_code", str, pattern="E020[0-9]{5}"),
    ),
    one_row=True,
)
COLUMNS = [column.name for column in EVENTS.columns]
ROWS = [
    (1, DAY(2020, 1, 31), "444814009", 1.5, 10, True, "open", "XE0Uc"),
    (1, DAY(1900, 1, 1), "900000000000000995", -2.0, -3, False, "closed", "2469."),
    (2, None, None, None, None, None, None, None),
    (2**40, DAY(2020, 2, 29), "444814009", 0.1, 0, True, "7", "12E34"),
]
TABLE = pa.table(
    {
        "patient_id": pa.array([row[0] for row in ROWS], pa.int64()),
        "date": pa.array([row[1] for row in ROWS], pa.date32()),
        "snomedct_code": pa.array([row[2] for row in ROWS]).dictionary_encode(),
        "numeric_value": pa.array([row[3] for row in ROWS], pa.float64()),
        "consultation_id": pa.array([row[4] for row in ROWS], pa.int16()),
        "flag": pa.array([row[5] for row in ROWS]),
        "status": pa.array(
            [row[6] for row in ROWS], pa.large_string()
        ).dictionary_encode(),
        "ctv3_code": pa.array([row[7] for row in ROWS]),
        "a column too many": pa.array(["x"] * 4),
    }
)


def write_csv(table: pa.Table, path: Path) -> None:
    def field(value):
        if value is None:
            return ""
        return (
            {True: "T", False: "F"}[value] if isinstance(value, bool) else f'"{value}"'
        )

    rows = [
        ",".join(field(value) for value in row.values()) for row in table.to_pylist()
    ]
    text = "\r\n".join(
        [",".join(f'"{name}"' for name in table.column_names), *rows, ""]
    )
    path.write_bytes(
        gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode()
    )


def write_arrow(table: pa.Table, path: Path, compression: str | None = None) -> None:
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.ipc.new_file(path, table.schema, options=options) as writer:
        for start in range(0, max(table.num_rows, 1), 3):
            writer.write_table(table.slice(start, 3))


def write_parts(table: pa.Table, folder: Path) -> None:
    folder.mkdir()
    (folder / "_SUCCESS").touch()
    pa.parquet.write_table(table.slice(0, 2), folder / "part.0.parquet")
    later = table.slice(2)
    pa.parquet.write_table(
        later.select(list(reversed(later.column_names))), folder / "part.1.parquet"
    )


def write_duckdb(
    table: pa.Table, path: Path, name: str = "clinical_events", schema: str = "main"
) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        connection.register("given", table)
        connection.execute(f"CREATE TABLE {schema}.{name} AS FROM given")


FORMS = {
    "parquet": lambda table, folder: pa.parquet.write_table(
        table, folder / "clinical_events.parquet"
    ),
    "arrow": lambda table, folder: write_arrow(table, folder / "clinical_events.arrow"),
    "arrow lz4": lambda table, folder: write_arrow(
        table, folder / "clinical_events.arrow", "lz4"
    ),
    "csv": lambda table, folder: write_csv(table, folder / "clinical_events.csv"),
    "csv.gz": lambda table, folder: write_csv(table, folder / "clinical_events.csv.gz"),
    "parts": lambda table, folder: write_parts(table, folder / "clinical_events"),
    "duckdb": lambda table, folder: write_duckdb(table, folder / "records.duckdb"),
    "duckdb schema": lambda table, folder: write_duckdb(
        table, folder / "records.duckdb", schema="cdm"
    ),
}


def place(folder: Path) -> str:
    database = folder / "records.duckdb"
    return str(database if database.exists() else folder)


def read(
    engine: Engine, where: str | Path, schema: TableSchema = EVENTS, columns=None
) -> list[tuple]:
    columns = COLUMNS if columns is None else columns
    relation = open_source(str(where)).relation(engine, schema, columns)
    return engine.execute(f"SELECT * FROM ({relation}) ORDER BY ALL")


def check(
    engine: Engine, where: str | Path, schema: TableSchema = EVENTS, columns=None
) -> list[str]:
    """The warnings of nobody's records, of which every promise is kept."""
    return list(found(engine, where, schema, columns).said)


def found(
    engine: Engine, where: str | Path, schema: TableSchema = EVENTS, columns=None
) -> Checked:
    """All that is wrong with them."""
    columns = [column.name for column in schema.columns] if columns is None else columns
    source = open_source(str(where))
    assert isinstance(source, Tables)
    return replace(source, made_up=True).check(engine, schema, columns)


def dirt(call, *args, **kwargs) -> list[tuple]:
    """Rule, number of rows and first row of what makes a call fail, for the site's
    people.
    """
    with pytest.raises(DirtyRecords) as raised:
        call(*args, **kwargs)
    return [
        (each.column, each.rule, each.rows, each.first_row)
        for each in raised.value.dirt
    ]


def refused(call, *args, **kwargs) -> str:
    """The message of the RecordsError that a call ends with; free of the canary, also
    after a pickle.
    """
    with pytest.raises(RecordsError) as raised:
        call(*args, **kwargs)
    error = raised.value
    assert CANARY not in str(error) + error.message
    assert pickle.loads(pickle.dumps(error)).message == error.message
    return error.message


def one_column(folder: Path, form: str, column: str, values: pa.Array) -> None:
    FORMS[form](
        pa.table({"patient_id": pa.array(range(1, len(values) + 1)), column: values}),
        folder,
    )
