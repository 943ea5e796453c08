"""The bundle: exact bytes, nothing raw in it, and whole whatever happens while it is
written.
"""

import csv
import errno
import hashlib
import json
import os
import re
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extractors.errors import CohortflowError
from measures.counts.gathering import gather
from measures.counts.types import MeasureShape, raw_schema
from measures.disclosure.control import protect
from measures.release.bundle import write_release
from measures.release.headlines import headlines
from measures.release.reading import read_manifest
from measures.release.swapping import restore

WEEKS = tuple(
    (date(2019, 4, 1) + timedelta(7 * n), date(2019, 4, 7) + timedelta(7 * n))
    for n in range(2)
)
GROUPS = {
    "age": pa.int64(),
    "born": pa.date32(),
    "frail": pa.bool_(),
    "score": pa.float64(),
    "sex": pa.string(),
}
SHAPES = (
    MeasureShape("bp", (), WEEKS, is_proportion=True),
    MeasureShape("bp_by_sex", ("sex",), WEEKS, is_proportion=True),
    MeasureShape("bp_by_all", ("age", "born", "frail", "score"), WEEKS[:1]),
    MeasureShape("never", ("born", "sex"), WEEKS),
)
ALL = {"age": 70, "born": date(1950, 2, 3), "frail": True, "score": 0.1}


def row(measure, week, count, **groups):
    """Counts with as many people behind them, by the groups given."""
    numerator, denominator = count
    keys = {
        "measure": measure,
        "interval_start": WEEKS[week][0],
        "interval_end": WEEKS[week][1],
    }
    people = {"numerator_patients": numerator, "denominator_patients": denominator}
    counts = {"numerator": numerator, "denominator": denominator, **people}
    return {**keys, "group_by": "+".join(sorted(groups)), **groups, **counts}


ROWS = (
    row("bp", 0, (12347, 7654322)),
    row("bp", 1, (3, 7654323)),
    row("bp_by_sex", 0, (8, 22), sex="male"),
    row("bp_by_sex", 0, (0, 7), sex='say "x", y'),
    row("bp_by_sex", 1, (12, 98), sex=None),
    row("bp_by_all", 0, (33, 98), **ALL),
    row("bp_by_all", 0, (0, 9), **{**ALL, "frail": False, "score": None}),
)


def released(rows=ROWS, shapes=SHAPES, groups=GROUPS):
    table = pa.Table.from_pylist(list(rows), schema=raw_schema(groups))
    return protect(gather([table], shapes, groups), "opensafely")


def contents(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file()
    }


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "study" / "moderately_sensitive"


def test_measures_csv_to_the_letter(folder):
    write_release(released(), folder, {})
    assert (folder / "measures.csv").read_text(encoding="utf-8").split("\n") == [
        "measure,interval_start,interval_end,group_by,group,numerator,denominator,"
        "ratio,ratio_at_least,ratio_at_most,ci_low,ci_high,status",
        "bp,2019-04-01,2019-04-07,,[],12345,7654320,0.00161,0.00161,0.00162,0.00158,0.00165,released",
        "bp,2019-04-08,2019-04-14,,[],[REDACTED],7654325,,,,,,redacted",
        'bp_by_all,2019-04-01,2019-04-07,age+born+frail+score,"[70, ""1950-02-03"", false, null]",'
        "0,10,0.0,0.0,0.0,0.0,0.462,released",
        'bp_by_all,2019-04-01,2019-04-07,age+born+frail+score,"[70, ""1950-02-03"", true, 0.1]",'
        "35,100,0.35,0.323,0.378,0.222,0.521,released",
        "bp_by_sex,2019-04-01,2019-04-07,sex,[null],0,0,,,,,,released",
        'bp_by_sex,2019-04-01,2019-04-07,sex,"[""male""]",10,20,0.5,0.363,0.667,0.197,0.838,released',
        'bp_by_sex,2019-04-01,2019-04-07,sex,"[""say \\""x\\"", '
        'y""]",0,[REDACTED],,,,,,redacted',
        "bp_by_sex,2019-04-08,2019-04-14,sex,[null],10,100,0.1,0.0784,0.123,0.0402,0.202,released",
        'bp_by_sex,2019-04-08,2019-04-14,sex,"[""male""]",0,0,,,,,,released',
        'bp_by_sex,2019-04-08,2019-04-14,sex,"[""say \\""x\\"", '
        'y""]",0,0,,,,,,released',
        "",
    ]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_owner_and_group_read_it_and_nobody_else(folder, umask):
    before = os.umask(umask)
    try:
        folder.parent.mkdir(parents=True)
        write_release(released(), folder, {}, audit={})
    finally:
        os.umask(before)
    found = {
        (path.is_dir(), path.stat().st_mode & 0o777)
        for path in (folder, *folder.rglob("*"))
    }
    assert found == {(True, 0o750), (False, 0o640)}


def test_csv_of_one_measure_has_the_columns_of_that_measure(folder):
    write_release(released(), folder, {})
    read = {
        p.name: p.read_text(encoding="utf-8") for p in (folder / "measures").iterdir()
    }
    assert read["bp.csv"] == (
        "interval_start,interval_end,ratio,numerator,denominator\n"
        "2019-04-01,2019-04-07,0.00161,12345,7654320\n"
        "2019-04-08,2019-04-14,,[REDACTED],7654325\n"
    )
    assert read["bp_by_all.csv"].startswith(
        "interval_start,interval_end,ratio,numerator,denominator,age,born,frail,"
    )
    assert (
        read["never.csv"]
        == "interval_start,interval_end,ratio,numerator,denominator,born,sex\n"
    )
    assert set(read) == {"bp.csv", "bp_by_sex.csv", "bp_by_all.csv", "never.csv"}


def test_every_redacted_count_has_its_reason(folder):
    write_release(released(), folder, {})
    assert (folder / "redactions.csv").read_text(encoding="utf-8").splitlines() == [
        "measure,interval_start,interval_end,group_by,age,born,frail,score,sex,numerator_redacted,denominator_redacted",
        "bp,2019-04-08,2019-04-14,,,,,,,7 or less,",
        'bp_by_sex,2019-04-01,2019-04-07,sex,,,,,"say ""x"", y",,7 or less',
    ]


def test_csv_and_parquet_agree(folder):
    write_release(released(), folder, {})
    table = pq.read_table(folder / "measures.parquet")
    with (folder / "measures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for text, typed in zip(rows, table.to_pylist(), strict=True):
        assert text["measure"] == typed["measure"]
        names = [name for name in typed["group_by"].split("+") if name]
        values = [typed[name] for name in names]
        assert json.loads(text["group"]) == [
            str(v) if isinstance(v, date) else v for v in values
        ]
        for name in ("numerator", "denominator"):
            assert text[name] == (
                "[REDACTED]" if typed[name] is None else str(typed[name])
            )
        assert text["ratio"] == ("" if typed["ratio"] is None else repr(typed["ratio"]))


def test_parquet_is_typed(folder):
    write_release(released(), folder, {})
    schema = pq.read_schema(folder / "measures.parquet")
    types = {field.name: str(field.type) for field in schema}
    coded = "dictionary<values=string, indices=int32, ordered=0>"
    assert [types[name] for name in ("measure", "group_by", "sex", "status")] == [
        coded
    ] * 4
    assert (types["numerator"], types["ratio"], types["interval_start"]) == (
        "int64",
        "double",
        "date32[day]",
    )
    assert [types[name] for name in ("age", "born", "frail", "score")] == [
        "int64",
        "date32[day]",
        "bool",
        "double",
    ]


def test_empty_text_and_missing_are_told_apart(folder):
    rows = [row("m", 0, (9, 9), sex=""), row("m", 0, (9, 9), sex=None)]
    write_release(
        released(rows, [MeasureShape("m", ("sex",), WEEKS[:1])], {"sex": pa.string()}),
        folder,
        {},
    )
    first, second = (
        (folder / "measures.csv").read_text(encoding="utf-8").splitlines()[1:]
    )
    assert (",sex,[null],10" in first, ',sex,"[""""]",10' in second) == (True, True)
    first, second = (
        (folder / "measures" / "m.csv").read_text(encoding="utf-8").splitlines()[1:]
    )
    assert (first[-6:], second[-6:]) == ("10,10,", ',10,""')


def test_manifest_says_what_was_done(folder):
    write_release(
        released(), folder, {"definition": "abc", "versions": {"b": 1, "a": 2}}
    )
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    assert manifest["definition"] == "abc"
    assert manifest["rows"] == 10
    assert manifest["disclosure"]["policy"] == "opensafely"
    assert "1 to 7 people" in manifest["disclosure"]["rules"][0]
    assert manifest["disclosure"]["redacted"] == {"numerator": 1, "denominator": 1}
    assert manifest["disclosure"]["reasons"]["denominator"] == {"7 or less": 1}
    files = contents(folder)
    assert (
        text
        == json.dumps(manifest, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    )
    assert manifest["files"] == {
        name: hashlib.sha256(data).hexdigest()
        for name, data in files.items()
        if name != "manifest.json"
    }
    assert str(folder.parent) not in text


def test_manifest_names_its_format(folder):
    """One without is of an earlier version; one of a later version is refused, with
    both named.
    """
    write_release(released(), folder, {"definition": "abc"})
    file = folder / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    now = manifest.pop("format")
    for format in ({"format": now}, {"format": 2}, {}):
        file.write_text(json.dumps(manifest | format), encoding="utf-8")
        assert read_manifest(folder) == manifest
    file.write_text(json.dumps(manifest | {"format": now + 1}), encoding="utf-8")
    with pytest.raises(
        CohortflowError,
        match=f"has the format {now + 1}, and this cohortflow reads the format {now}",
    ):
        read_manifest(folder)


def test_manifest_may_not_overwrite_what_this_room_knows(folder):
    with pytest.raises(CohortflowError, match="already has"):
        write_release(released(), folder, {"files": {}})
    assert not folder.exists()


def test_nothing_but_released_counts_is_written(folder):
    table = pa.Table.from_pylist(list(ROWS), schema=raw_schema(GROUPS))
    everything_else: list[Any] = [
        table,
        gather([table], SHAPES, GROUPS),
        released().table,
    ]
    for wrong in everything_else:
        with pytest.raises(TypeError, match="Only ReleasedCounts"):
            write_release(wrong, folder, {})
    assert not folder.parent.exists()


def test_no_raw_count_is_in_any_file(folder):
    write_release(released(), folder, {})
    canaries = (12347, 7654322, 7654323)
    for name, data in contents(folder).items():
        for canary in canaries:
            assert canary.to_bytes(8, "little") not in data, name
            assert not re.search(rb"(?<![0-9a-f.])%d(?![0-9a-f])" % canary, data), name
    table = pq.read_table(folder / "measures.parquet")
    assert not {*canaries} & {
        value for name in table.column_names for value in table[name].to_pylist()
    }
    metadata = pq.read_metadata(folder / "measures.parquet")
    statistics = (
        metadata.row_group(0).column(i).statistics for i in range(metadata.num_columns)
    )
    assert not {*canaries} & {
        value for s in statistics if s for value in (s.min, s.max)
    }


def test_identical_input_gives_identical_bytes(folder, tmp_path):
    write_release(released(), folder, {"a": 1})
    write_release(
        released(tuple(reversed(ROWS)), tuple(reversed(SHAPES))),
        tmp_path / "again",
        {"a": 1},
    )
    assert contents(folder) == contents(tmp_path / "again")


def test_release_is_replaced_as_a_whole(folder):
    write_release(released(), folder, {})
    (folder / "measures" / "stray.csv").write_text("stray", encoding="utf-8")
    write_release(released(ROWS[:1], SHAPES[:1]), folder, {})
    assert set(contents(folder)) == {
        "measures.csv", "measures.parquet", "measures/bp.csv", "redactions.csv", "manifest.json",
        "data_dictionary.csv", "README.md", "before.json",
    }  # fmt: skip
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


class PowerCut(BaseException):
    """Nothing in the code under test may catch this."""


def failing_after(calls, real, fault):
    remaining = iter(range(calls))

    def fail(*arguments):
        if next(remaining, None) is None:
            raise fault
        return real(*arguments)

    return fail


@pytest.mark.parametrize("fault", [OSError("disk"), PowerCut()], ids=["error", "crash"])
@pytest.mark.parametrize(
    "name, calls",
    [
        ("fsync", 0),
        ("fsync", 3),
        ("fsync", 5),
        ("rename", 0),
        ("rename", 1),
        ("rename", 2),
    ],
)
def test_crash_leaves_a_whole_release(folder, monkeypatch, name, calls, fault):
    write_release(released(ROWS[:1], SHAPES[:1]), folder, {})
    before = contents(folder)
    after = folder.with_name("after")
    # which the next one tells of
    write_release(released(ROWS[:1], SHAPES[:1]), after, {})
    write_release(released(), after, {})
    with monkeypatch.context() as patch:
        patch.setattr(os, name, failing_after(calls, getattr(os, name), fault))
        try:
            write_release(released(), folder, {})
        except (OSError, PowerCut):
            pass
        else:
            assert (name, calls) == ("rename", 2)  # there are no more than two renames
    whole = folder if folder.exists() else folder.with_name(f".{folder.name}.old")
    assert contents(whole) in (before, contents(after))
    restore(folder)
    assert contents(folder) in (before, contents(after))
    write_release(released(), folder, {})
    assert contents(folder) == contents(after)
    assert {p.name for p in folder.parent.iterdir()} == {folder.name, "after"}


def test_what_could_not_be_written_is_gone(folder, monkeypatch):
    """Also without a release before, and without another run that would tidy up."""
    monkeypatch.setattr(
        os, "fsync", failing_after(3, os.fsync, OSError(errno.ENOSPC, "no room"))
    )
    with pytest.raises(OSError, match="no room"):
        write_release(released(), folder, {})
    assert not list(folder.parent.iterdir())


def test_failed_second_rename_puts_the_old_release_back(folder, monkeypatch):
    write_release(released(), folder, {"a": 1})
    before = contents(folder)
    fresh = folder.with_name(f".{folder.name}.new")
    real = os.rename

    def rename(source, target):
        if Path(source) == fresh:
            raise OSError("no")
        real(source, target)

    monkeypatch.setattr(os, "rename", rename)
    with pytest.raises(OSError, match="no"):
        write_release(released(), folder, {"a": 2})
    assert contents(folder) == before
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


def test_manifest_that_is_no_json_leaves_the_old_release(folder):
    write_release(released(), folder, {})
    before = contents(folder)
    with pytest.raises(TypeError):
        write_release(released(), folder, {"path": folder})
    assert contents(folder) == before


def test_headlines_are_the_totals():
    [bp] = headlines(released())
    assert (bp.measure, bp.periods, bp.interval_start, bp.interval_end) == (
        "bp",
        2,
        *WEEKS[1],
    )
    assert (bp.numerator, bp.denominator, bp.ratio, bp.redacted_share) == (
        None,
        7654325,
        None,
        0.25,
    )


def test_release_without_any_rows(folder):
    write_release(released([], [SHAPES[3]]), folder, {})
    assert len((folder / "measures.csv").read_text(encoding="utf-8").splitlines()) == 1
    assert len(pq.read_table(folder / "measures.parquet")) == 0
    assert headlines(released([], [SHAPES[3]])) == []


def test_three_hundred_thousand_rows(folder, record_property):
    weeks = tuple(
        (date(2019, 4, 1) + timedelta(7 * n), date(2019, 4, 7) + timedelta(7 * n))
        for n in range(150)
    )
    groups, shape = (
        {"age": pa.int64()},
        MeasureShape("m", ("age",), weeks, is_proportion=True),
    )
    ages = np.arange(2000)
    tables = [_by_age(week, ages, raw_schema(groups)) for week in weeks]
    begin = time.perf_counter()
    write_release(protect(gather(tables, [shape], groups), "opensafely"), folder, {})
    record_property("seconds", time.perf_counter() - begin)
    assert pq.read_metadata(folder / "measures.parquet").num_rows == 300_000


def _by_age(week, ages, schema):
    first, last = (pa.repeat(pa.scalar(day, pa.date32()), len(ages)) for day in week)
    keys = [pa.repeat("m", len(ages)), first, last, pa.repeat("age", len(ages))]
    counts = [*[ages // 2, ages] * 2, *[np.minimum(n, 1) for n in (ages // 2, ages)]]
    return pa.table(
        [*keys, ages, *counts, *[pa.nulls(len(ages), pa.uint64())] * 2], schema=schema
    )


def test_json_hides_no_mark_of_direction(folder):
    """The audit names groups as the records do."""
    worst = {"groups": {"place": "\u202enodnoL\x1b\u200b"}}
    write_release(released(), folder, {}, audit=worst)
    text = (folder / "audit.json").read_text(encoding="utf-8")
    assert "\\u202enodnoL\\u001b\\u200b" in text
    assert json.loads(text) == worst
