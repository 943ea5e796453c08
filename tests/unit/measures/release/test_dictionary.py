"""Every column of every table is explained, and every file has a line in the page."""

import csv
import re
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from measures.counts.gathering import gather
from measures.counts.types import MeasureShape, raw_schema
from measures.disclosure.control import protect
from measures.release.bundle import write_release
from measures.standards import ESP2013, Standard

WEEK = (date(2020, 1, 6), date(2020, 1, 12))
GROUPS = {"age_band": pa.string(), "m_unit": pa.string()}
STANDARD = Standard("age_band", (("0-39", 1.0),), ESP2013)
SHAPES = (
    MeasureShape("m", ("age_band",), (WEEK,), is_proportion=True, standard=STANDARD),
    MeasureShape("m_deciles", ("m_unit",), (WEEK,), is_proportion=True, over="m_unit"),
)
MANIFEST = {
    "study": "a [study]",
    "records": {"kind": "trial"},
    "structure": {"groups": {"age_band": {"labels": ["0-39"], "open": True}}},
}


@pytest.fixture
def release(tmp_path):
    keys = {"interval_start": WEEK[0], "interval_end": WEEK[1]}
    counts = {
        "numerator": 30,
        "denominator": 900,
        "numerator_patients": 30,
        "denominator_patients": 900,
    }
    rows = [
        {"measure": "m", "group_by": "age_band", "age_band": "0-39", **keys, **counts},
        {"measure": "m_deciles", "group_by": "m_unit", "m_unit": "a", **keys, **counts},
    ]
    table = pa.Table.from_pylist(rows, schema=raw_schema(GROUPS))
    released = protect(gather([table], SHAPES, GROUPS), "opensafely")
    write_release(released, tmp_path / "release", MANIFEST, audit={})
    return tmp_path / "release"


def columns_of(path):
    if path.suffix == ".parquet":
        return pq.read_schema(path).names
    with path.open(newline="") as file:
        return next(csv.reader(file))


def entries(release):
    with (release / "data_dictionary.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_column_of_every_table_is_explained_in_its_order(release):
    explained: dict[str, list[str]] = {}
    for entry in entries(release):
        explained.setdefault(entry["file"], []).append(entry["column"])
    tables = [
        path for path in release.rglob("*") if path.suffix in (".csv", ".parquet")
    ]
    assert len(tables) == 7
    for path in tables:
        name = path.relative_to(release).as_posix()
        known = explained.get(name) or explained.get(re.sub(r"/.*", "/*.csv", name))
        if name != "data_dictionary.csv":
            assert known == columns_of(path), name


def test_values_are_those_of_the_definition(release):
    said = {(entry["file"], entry["column"]): entry for entry in entries(release)}
    assert (
        said["measures.parquet", "age_band"]["values"]
        == "0-39; others from the records"
    )
    assert said["measures.csv", "measure"]["values"] == "m: a part of its denominator"
    assert all(entry["meaning"] for entry in said.values())


def test_the_page_has_a_line_for_every_file(release):
    page = (release / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)
    there = {
        f"{path.name}/" if path.is_dir() else path.name for path in release.iterdir()
    } - {"README.md"}
    assert set(lines) == there | {"report.html", "charts/", "before.json"}
    assert lines[0] == "report.html" and lines[-1] == "manifest.json"
    assert page.startswith(
        "# Released numbers of a \\[study\\]\n\n**These numbers are of made-up records."
    )
    assert "rounded to the nearest multiple of 5" in page
