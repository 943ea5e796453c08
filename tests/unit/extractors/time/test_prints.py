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
from extractors.sql.files import read_parquet
from extractors.time.prints import Rows, changed_people, write_prints

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
        tables = [Rows("events", f"({snapshot.rows('events')})")]
        members = f"({snapshot.rows(EVERYONE)})"
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


def test_rows_that_are_not_needed_say_only_that_their_people_are_there(tmp_path: Path):
    rows = "(VALUES (1, 5, TRUE), (2, {}, FALSE)) AS t(patient_id, number, needed)"
    marked = [[Rows("events", rows.format(number), "needed")] for number in (7, 8)]
    needed = "(VALUES (1, 5)) AS t(patient_id, number)"
    members = "(VALUES (2)) AS t(patient_id)"
    before, now, apart = (tmp_path / name for name in ("before", "now", "apart"))
    with Engine() as engine:
        write_prints(engine, marked[0], before)
        write_prints(engine, marked[1], now)
        write_prints(engine, [Rows("events", needed)], apart, members)
        for each in (now, apart):
            assert changed_people(engine, before, each).to_pylist() == []
    assert pq.ParquetFile(before).read().num_rows == 2


def test_rows_that_change_values_with_each_other_are_others(tmp_path: Path):
    """Two rows of each of a million people, then with the other row's number.

    Of so many fingerprints 15 share their last 16 bits by chance. Of sums of the hashes
    that DuckDB gives to several columns it is 10,000.
    """
    rows = (
        "(SELECT i // 2 AS patient_id, i AS one, {} AS other FROM range(2000000) t(i))"
    )
    before, now = tmp_path / "before", tmp_path / "now"
    with Engine() as engine:
        for path, other in ((before, "i * 7 + 1"), (now, "xor(i, 1) * 7 + 1")):
            write_prints(engine, [Rows("events", rows.format(other))], path)
        assert len(changed_people(engine, before, now)) == 1_000_000
        alike = engine.execute(
            f"SELECT count(*) FROM {read_parquet([before])} AS old "
            f"JOIN {read_parquet([now])} AS new USING (patient_id) "
            "WHERE old.print % 65536 = new.print % 65536"
        )
    assert alike[0][0] < 60
