"""A table written in every form of file that is read, and in every way that files can
lie.
"""

import csv
import datetime
import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pytest

Writer = Callable[[pa.Table, Path], None]


def text_of(table: pa.Table, delimiter: str = ",", end: str = "\n") -> str:
    """As CSV; an empty field is NULL, so no text may be empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    # names in quotes: fields may be, too
    out.write(delimiter.join(f'"{name}"' for name in table.column_names) + end)
    for row in table.to_pylist():
        writer.writerow([_field(value) for value in row.values()])
    return out.getvalue()


def _field(value: object) -> object:
    if isinstance(value, bool):
        return "T" if value else "F"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return "" if value is None else value


def _text(delimiter: str = ",", end: str = "\n", encoding: str = "utf-8") -> Writer:
    def write(table: pa.Table, path: Path) -> None:
        path.write_bytes(text_of(table, delimiter, end).encode(encoding))

    return write


def _gzip(table: pa.Table, path: Path) -> None:
    path.write_bytes(gzip.compress(text_of(table).encode()))


def _zstd(table: pa.Table, path: Path) -> None:
    with pa.output_stream(str(path), compression="zstd") as file:
        file.write(text_of(table).encode())


def _arrow(table: pa.Table, path: Path) -> None:
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table, max_chunksize=3)


# What messages call it, the ending, and how it is written.
FORMS: dict[str, tuple[str, Writer]] = {
    "Parquet": (".parquet", pa.parquet.write_table),
    "Parquet, short": (
        ".pq",
        lambda table, path: pa.parquet.write_table(table, path, row_group_size=2),
    ),
    "Arrow": (".arrow", _arrow),
    "Feather": (".feather", _arrow),
    "CSV": (".csv", _text()),
    "CSV of Windows": (".csv", _text(end="\r\n")),
    "CSV of Excel in Europe": (".csv", _text(";", "\r\n", "utf-8-sig")),
    "text of Excel": (".txt", _text("\t", "\r\n", "utf-16")),
    "tabs": (".tsv", _text("\t")),
    "gzip": (".csv.gz", _gzip),
    "zstd": (".csv.zst", _zstd),
}


def one_file(table: pa.Table, folder: Path, name: str, form: str) -> None:
    ending, write = FORMS[form]
    write(table, folder / f"{name}{ending}")


def capitals(table: pa.Table, folder: Path, name: str, form: str) -> None:
    ending, write = FORMS[form]
    write(table, folder / f"{name}{ending.upper()}")


def some_parts(table: pa.Table, folder: Path, name: str, form: str) -> None:
    """In two depths, beside what is left out; the second has its columns in another
    order.
    """
    ending, write = FORMS[form]
    top = folder / name
    (top / "deeper" / "still").mkdir(parents=True)
    (top / "_temporary").mkdir()
    half = table.num_rows // 2
    write(table.slice(0, half), top / f"part-0{ending}")
    later = table.slice(half)
    write(
        later.select(list(reversed(table.column_names))),
        top / "deeper" / "still" / f"part-1{ending.upper()}",
    )
    write(table, top / f"_part-2{ending}")
    write(table, top / f".part-3{ending}")
    write(table, top / "_temporary" / f"part-4{ending}")
    (top / "_SUCCESS").touch()
    (top / f"part-0{ending}.crc").write_bytes(b"crc")
    (top / "README.md").write_text("what this is", encoding="utf-8")


def a_part_without_rows(table: pa.Table, folder: Path, name: str, form: str) -> None:
    ending, write = FORMS[form]
    (folder / name).mkdir()
    write(table.slice(0, 0), folder / name / f"part-0{ending}")
    write(table, folder / name / f"part-1{ending}")


def keys(table: pa.Table, folder: Path, name: str, form: str) -> None:
    """A column that nobody asks for in the names of folders."""
    ending, write = FORMS[form]
    half = table.num_rows // 2
    for year, rows in ((2020, table.slice(0, half)), (2021, table.slice(half))):
        (folder / name / f"year={year}").mkdir(parents=True)
        write(rows, folder / name / f"year={year}" / f"part-0{ending}")


def key_of(column: str) -> Callable[[pa.Table, Path, str, str], None]:
    """A column of the table in the names of folders alone, one for each of its
    values.
    """

    def write_all(table: pa.Table, folder: Path, name: str, form: str) -> None:
        ending, write = FORMS[form]
        for value in sorted(set(table[column].to_pylist()), key=str):
            chosen = [
                number
                for number, each in enumerate(table[column].to_pylist())
                if each == value
            ]
            said = (
                "__HIVE_DEFAULT_PARTITION__"
                if value is None
                else str(value).replace(" ", "%20")
            )
            (folder / name / f"{column}={said}").mkdir(parents=True)
            rows = table.take(chosen).drop_columns([column])
            write(rows, folder / name / f"{column}={said}" / f"part-0{ending}")

    return write_all


WAYS: dict[str, Callable[[pa.Table, Path, str, str], None]] = {
    "one file": one_file,
    "an ending in capitals": capitals,
    "parts in any depth": some_parts,
    "a part without rows": a_part_without_rows,
    "keys that nobody asks for": keys,
    "a date in the names of folders": key_of("date"),
    "a text in the names of folders": key_of("status"),
}


def _delta(table: pa.Table, path: Path) -> None:
    """Of two versions, the second of which takes back what the first has beside the
    rows.
    """
    deltalake = pytest.importorskip("deltalake", reason="no package deltalake")
    deltalake.write_deltalake(str(path), table.slice(0, 1))
    deltalake.write_deltalake(str(path), table, mode="overwrite")


def _iceberg(table: pa.Table, path: Path) -> None:
    """In two appends, by way of a catalogue of its own that nobody reads."""
    sql = pytest.importorskip("pyiceberg.catalog.sql", reason="no package pyiceberg")
    path.mkdir()
    catalog = sql.SqlCatalog(
        "made", uri=f"sqlite:///{path}/_catalog.db", warehouse=f"file://{path}"
    )
    catalog.create_namespace("n")
    made = catalog.create_table("n.t", schema=table.schema, location=f"file://{path}")
    made.append(table.slice(0, 1))
    made.append(table.slice(1))
    catalog.engine.dispose()


# Tables that are folders with a log of their own.
LAKES: dict[str, Writer] = {"Delta": _delta, "Iceberg": _iceberg}
