"""What a run will take, without what a table holds: the size of a table is a true count."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.preparing.estimate import estimate, one_figure
from flows.preparing.options import Options
from flows.preparing.prepare import prepare

STUDY = """
from ehrql import create_dataset
from ehrql.tables.core import clinical_events, patients

dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
dataset.events = clinical_events.count_for_patient()
"""


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, 0), (4, 4), (9, 9), (14, 10), (15, 20), (96, 100), (449_999, 400_000), (123_456_789, 100_000_000)],
)
def test_one_figure(number: int, shown: int):
    assert one_figure(number) == shown


def expected(folder: Path, patients: int, events: int) -> dict[str, float]:
    tables = folder / "tables"
    tables.mkdir(parents=True)
    for name, rows in (("patients", patients), ("clinical_events", events)):
        pq.write_table(pa.table({"patient_id": range(rows)}), tables / f"{name}.parquet")
    (folder / "study.py").write_text(STUDY)
    prepared = prepare(Options(str(folder / "study.py"), str(tables), workspace=str(folder / "w")))
    found = estimate(prepared)
    assert found
    return found.as_json()


def test_neighbouring_sizes_look_alike(tmp_path: Path):
    """No figure of the plan, nor one made of it, tells one patient more or a row more."""
    one = expected(tmp_path / "one", 1_234, 51_111)
    assert (one["patients"], one["rows"]) == (1_000, 50_000)
    assert one == expected(tmp_path / "other", 1_235, 54_321)
