"""CSV as spreadsheets open it, and as the auditor reads it back."""

import csv
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.counts.gathering import gather
from measures.counts.types import MeasureShape, raw_schema
from measures.disclosure.audit import audit
from measures.disclosure.audit.reading.files import read_table
from measures.disclosure.control import protection
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.setting import Setting
from measures.release.bundle import write_release
from measures.release.csv import escaped, write_table
from tests.lib.name_scenarios import TEXTS
from tests.lib.structures import structure_from

WEEK = (date(2020, 1, 6), date(2020, 1, 12))
GROUPS = {"place": pa.string()}
STRUCTURE = {
    "measures": {
        "m": {
            "group_by": ["place"], "numerator": "n", "denominator": "d", "kind": "people",
            "denominator_kind": "people", "within": [], "counts": {"numerator": "n", "denominator": "d"},
        },
    },
    "counts": {
        "n": {"kind": "people", "within": ["d"], "moves_with": [], "window": None, "people": None},
        "d": {"kind": "people", "within": [], "moves_with": [], "window": None, "people": None},
    },
    "groups": {"place": {"same_as": "place", "moves_with": [], "labels": [], "open": True}},
}  # fmt: skip


@pytest.fixture
def release(tmp_path):
    """Forty people in each place, which is called what somebody once wrote."""
    keys = {
        "measure": "m",
        "interval_start": WEEK[0],
        "interval_end": WEEK[1],
        "group_by": "place",
    }
    counts = {
        "numerator": 25,
        "denominator": 40,
        "numerator_patients": 25,
        "denominator_patients": 40,
    }
    rows = [
        {**keys, **counts, "place": place}
        for place in [*TEXTS.values(), "London", "", None]
    ]
    table = pa.Table.from_pylist(rows, schema=raw_schema(GROUPS))
    raw = gather(
        [table], [MeasureShape("m", ("place",), (WEEK,), is_proportion=True)], GROUPS
    )
    setting = Setting(structure_from(STRUCTURE), Key(b"k"))
    write_release(
        protection(raw, "controlled", setting).released, tmp_path / "release", {}
    )
    return tmp_path / "release"


def places(path):
    """As a spreadsheet reads them; its quotes say nothing to it."""
    with path.open(newline="", encoding="utf-8") as file:
        return [row.get("place", row.get("group")) for row in csv.DictReader(file)]


@pytest.mark.parametrize("name", ["measures.csv", "measures/m.csv"])
def test_a_spreadsheet_runs_nothing_and_shows_everything(release, name):
    found = places(release / name)
    assert len(found) == len(TEXTS) + 3
    for place in found:
        assert not place.strip().startswith(tuple("=+-@＝＋－＠"))
        assert place.isprintable() and place.strip().casefold() != "[redacted]"
    lines = (release / name).read_bytes().count(b"\n")
    assert lines == len(found) + 1, "no text breaks a line"


def test_two_names_stay_two_and_both_can_be_read_back(release):
    there = {*TEXTS.values(), "London", "", None}
    assert len(set(places(release / "measures.csv"))) == len(there)
    # csv knows no missing value
    assert len(set(places(release / "measures" / "m.csv"))) == len(there) - 1
    for name in ("measures.csv", "measures/m.csv", "measures.parquet"):
        assert set(read_table(release / name)["place"].to_pylist()) == there, name


def test_parquet_keeps_the_text(release):
    assert set(pq.read_table(release / "measures.parquet")["place"].to_pylist()) == {
        *TEXTS.values(),
        "London",
        "",
        None,
    }


def test_the_auditor_takes_both_formats_for_one_release(release):
    csv_, parquet = (
        audit([read_table(release / f"measures.{kind}")], STRUCTURE, "controlled")
        for kind in ("csv", "parquet")
    )
    assert csv_.passed and csv_.as_json() == parquet.as_json()


def test_reasons_and_redactions_are_escaped_alike(tmp_path):
    table = pa.table(
        {"place": ["=1", "a,b", 'a"b'], "reason": ["0 or one base", "-", "7 or less"]}
    )
    write_table(table, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == (
        'place,reason\n\\u003d1,0 or one base\n"a,b",\\u002d\n"a""b",7 or less\n'
    )


def test_numbers_are_no_text(tmp_path):
    table = pa.table(
        {
            "zone": pa.array([-5, None]),
            "ratio": pa.array([-0.5, 1e-9]),
            "day": [date(2020, 1, 6)] * 2,
        }
    )
    write_table(table, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text(
        encoding="utf-8"
    ) == "zone,ratio,day\n-5,-0.5,2020-01-06\n,1e-09,2020-01-06\n"


@given(
    st.lists(
        st.text(
            st.one_of(
                st.characters(exclude_categories=["Cs"]),
                st.sampled_from("=-@\\u03d\t\n[]"),
            )
        )
    )
)
def test_every_text_comes_back(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    size = len(texts)
    columns = {
        "measure": ["m"] * size, "interval_start": [WEEK[0]] * size, "interval_end": [WEEK[1]] * size,
        "group_by": ["place"] * size, "place": pa.array(texts, pa.string()),
        "numerator": pa.array([20] * size, pa.int64()), "denominator": pa.array([20] * size, pa.int64()),
    }  # fmt: skip
    write_table(pa.table(columns), path)
    if size:
        assert read_table(path)["place"].to_pylist() == texts
    assert len({escaped(text) for text in texts}) == len(set(texts))
