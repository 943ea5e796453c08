"""Whose rows differ between two loads, on a few rows written by hand."""

import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extractors.cohorts import EVERYONE
from extractors.engine import Engine
from extractors.needed import table_file
from extractors.snapshot import Snapshot
from extractors.time.prints import changed_people, write_prints

DAY = datetime.date(2020, 1, 6)
ROWS = [(1, DAY, 5), (1, DAY, None), (2, None, 7), (3, DAY, 5)]


def prints(
    folder: Path,
    rows: list[tuple],
    number: pa.DataType | None = None,
    everyone: tuple = (1, 2, 3),
) -> Path:
    folder.mkdir()
    types = [
        ("patient_id", pa.int64()),
        ("date", pa.date32()),
        ("number", number or pa.int64()),
    ]
    table = pa.table(
        [list(column) for column in zip(*rows, strict=True)], schema=pa.schema(types)
    )
    pq.write_table(table, table_file(folder, "events"))
    pq.write_table(
        pa.table({"patient_id": list(everyone)}), table_file(folder, EVERYONE)
    )
    with Engine() as engine:
        snapshot = Snapshot(folder, ("events",))
        tables = {"events": f"({snapshot.rows('events')})"}
        members = [f"({snapshot.rows(EVERYONE)})"]
        write_prints(engine, tables, folder / "prints", members)
    return folder / "prints"


@pytest.mark.parametrize(
    ("rows", "changed"),
    [
        (ROWS[::-1], []),
        (ROWS[1:], [1]),
        ([*ROWS, ROWS[3]], [3]),
        ([*ROWS[:2], (2, None, 8), ROWS[3]], [2]),
        ([*ROWS[:2], (2, DAY, 7), ROWS[3]], [2]),
        ([*ROWS[:1], (1, DAY, 0), *ROWS[2:]], [1]),
        ([(3, DAY, 5), (1, DAY, None), (2, None, 7), (1, DAY, 5)], []),
        ([(1, DAY, 5), (2, DAY, None), (1, None, 7), (3, DAY, 5)], [1, 2]),
    ],
)
def test_rows_decide_and_not_their_order(
    tmp_path: Path, rows: list[tuple], changed: list[int]
):
    before, now = prints(tmp_path / "before", ROWS), prints(tmp_path / "now", rows)
    with Engine() as engine:
        assert changed_people(engine, before, now).to_pylist() == changed
        assert changed_people(engine, now, before).to_pylist() == changed


def test_how_wide_numbers_are_stored_does_not_matter(tmp_path: Path):
    before, now = (
        prints(tmp_path / "before", ROWS),
        prints(tmp_path / "now", ROWS, number=pa.uint8()),
    )
    with Engine() as engine:
        assert changed_people(engine, before, now).to_pylist() == []


def test_who_is_looked_at_matters_though_no_row_is_read(tmp_path: Path):
    before, now = (
        prints(tmp_path / "before", ROWS),
        prints(tmp_path / "now", ROWS, everyone=(1, 2, 3, 4)),
    )
    with Engine() as engine:
        assert changed_people(engine, before, now).to_pylist() == [4]
