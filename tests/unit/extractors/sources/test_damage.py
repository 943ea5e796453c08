"""A file that is damaged where the check does not look is still named, before anything
is made of it.
"""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.snapshot import write_snapshot
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared

TABLE = "clinical_events"


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    made = prepare(Options("nhs_at_home", patients=400, workspace=str(tmp_path)))
    made.records.write_to(tmp_path / "records")
    return prepare(
        Options("nhs_at_home", str(tmp_path / "records"), workspace=str(tmp_path))
    )


def damage(path: Path, column: str) -> None:
    """Other bytes in the pages of one column; what is told of it at the end of the file
    stays.
    """
    chunk = pq.read_metadata(path).row_group(0)
    number = next(
        n for n in range(chunk.num_columns) if chunk.column(n).path_in_schema == column
    )
    found, content = chunk.column(number), bytearray(path.read_bytes())
    start = found.data_page_offset + found.total_compressed_size // 3
    content[start : start + 40] = b"\xff" * 40
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("column", ["date", "ctv3_code", "patient_id"])
def test_pages(prepared: Prepared, tmp_path: Path, column: str):
    (part, *_) = sorted((tmp_path / "records").glob(f"{TABLE}*/*.parquet")) or [
        tmp_path / f"records/{TABLE}.parquet"
    ]
    damage(part, column)
    (tmp_path / "new").mkdir()
    with Engine() as engine, pytest.raises(RecordsError, match=f"{TABLE}.*whole"):
        write_snapshot(engine, prepared.records.open(), prepared.plan, tmp_path / "new")


def test_whole_ones_pass_a_thorough_check(prepared: Prepared, tmp_path: Path):
    source = prepared.records.open()
    with Engine() as engine:
        for need in prepared.plan.needs:
            quick = source.check(engine, need.schema, need.columns)
            assert quick == source.check(
                engine, need.schema, need.columns, thorough=True
            )
