"""Which files are parts of a table, by their names."""

import pyarrow as pa
import pytest

from extractors.engine import Engine
from extractors.sources.parts import Part, ending_of, is_hidden, packing_of, parts
from tests.lib.odd_names import ODD_NAMES
from tests.lib.record_files import DAY, read
from tests.lib.table_forms import FORMS


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


@pytest.mark.parametrize(
    ("name", "ending", "packing"),
    [
        ("a.parquet", ".parquet", "none"),
        ("a.snappy.PARQUET", ".parquet", "none"),
        ("a.Csv.GZ", ".csv.gz", "gzip"),
        ("a.tsv.zst", ".tsv.zst", "zstd"),
        ("a.txt", ".txt", "none"),
        ("parquet", "", "none"),
        ("a.gz", "", "gzip"),
        ("a.parquet.bak", "", "none"),
    ],
)
def test_endings(name, ending, packing):
    assert (ending_of(name), packing_of(name)) == (ending, packing)


def test_hidden_names():
    hidden = [
        name
        for name in ("_SUCCESS", ".a", "_temporary", "_year=2021", "a_b", "year=2021")
        if is_hidden(name)
    ]
    assert hidden == ["_SUCCESS", ".a", "_temporary"]


def test_keys(tmp_path):
    # above a table, folders are called as they like
    folder = tmp_path / "year=1999" / "t"
    for below in (
        "year=2021/sex=__HIVE_DEFAULT_PARTITION__",
        "place=a%2Fb c",
        "plain",
        "=x",
        "_k=1",
    ):
        (folder / below).mkdir(parents=True)
        (folder / below / "p.parquet").touch()
    assert {
        part.path.parent.relative_to(folder).as_posix(): part.keys
        for part in parts(folder)
    } == {
        "year=2021/sex=__HIVE_DEFAULT_PARTITION__": (("year", "2021"), ("sex", None)),
        "place=a%2Fb c": (("place", "a/b c"),),
        "plain": (),
        "=x": (),
        "_k=1": (("_k", "1"),),
    }
    assert isinstance(parts(folder)[0], Part)


@pytest.mark.parametrize("form", ["Parquet", "Arrow", "CSV", "text of Excel"])
@pytest.mark.parametrize("name", [name for name in ODD_NAMES if name[0] not in "._"])
def test_folders_of_any_name_between_the_table_and_its_parts(
    engine, tmp_path, form, name
):
    ending, write = FORMS[form]
    for day in ("2020-01-02", "2021-01-02"):
        below = tmp_path / "clinical_events" / name / f"date={day}"
        below.mkdir(parents=True)
        write(pa.table({"patient_id": [int(day[:4])]}), below / f"part-0{ending}")
    rows = [(2020, DAY(2020, 1, 2)), (2021, DAY(2021, 1, 2))]
    assert read(engine, tmp_path, columns=["date"]) == rows
