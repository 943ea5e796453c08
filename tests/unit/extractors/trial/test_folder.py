"""Made-up records are the same every time, whole or absent, and withstand odd sizes."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from extractors.engine import Engine
from extractors.errors import ArgumentsError
from extractors.model.schema import Column, TableSchema
from extractors.model.types import BNFCode, CTV3Code, ICD10Code, OPCS4Code, SNOMEDCTCode
from extractors.sources.folder import open_folder
from extractors.trial import Wishes, write_trial, writing
from extractors.trial.patterns import pool_of
from tests.lib.trial_wishes import (
    CODELISTS,
    DATE,
    EVENTS,
    FIRST,
    HOME_BP,
    LAST,
    OXIMETRY,
    PEOPLE,
    SHIELDING,
    SHIPPED,
    TABLES,
    WISHES,
    ever,
    read,
)


def only(schema, codelists=None, first=FIRST, last=LAST):
    return Wishes((schema,), codelists or {}, first, last)


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*.parquet")
    }


def test_the_same_arguments_give_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "PATIENTS_AT_ONCE", 300)
    for name in "ab":
        write_trial(tmp_path / name, WISHES, patients=1_000, seed=3)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_the_number_of_processes_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "PATIENTS_AT_ONCE", 300)
    wishes = Wishes(
        (PEOPLE, EVENTS),
        {("clinical_events", "snomedct_code"): (HOME_BP,)},
        FIRST,
        LAST,
    )
    for processes in (1, 2):
        write_trial(
            tmp_path / str(processes),
            wishes,
            patients=1_000,
            other_events=5,
            processes=processes,
        )
    assert contents(tmp_path / "1") == contents(tmp_path / "2")
    parts = sorted(path.name for path in (tmp_path / "1" / "patients").iterdir())
    assert parts == [f"part-000{number}.parquet" for number in range(4)]


def test_many_patients_are_read_as_one_table(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "PATIENTS_AT_ONCE", 300)
    write_trial(tmp_path / "t", WISHES, patients=1_000)
    with Engine(threads=1, memory=200_000_000, spill=tmp_path) as engine:
        table = open_folder(tmp_path / "t").open(engine, "patients", ["patient_id"])
        assert engine.execute(
            f"SELECT min(patient_id), max(patient_id), count(*) FROM {table.relation}"
        ) == [(1, 1000, 1000)]


def test_neither_order_nor_repetition_of_codes_matters(tmp_path):
    lists = {
        key: tuple(codes[::-1] for codes in lists[::-1])
        for key, lists in reversed(CODELISTS.items())
    }
    lists["clinical_events", "snomedct_code"] += (HOME_BP[1:3],)
    write_trial(tmp_path / "a", WISHES, patients=200)
    write_trial(tmp_path / "b", Wishes(TABLES, lists, FIRST, LAST), patients=200)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_another_seed_gives_other_records(tmp_path):
    for seed in (0, 1):
        write_trial(tmp_path / str(seed), WISHES, patients=100, seed=seed)
    first, second = contents(tmp_path / "0"), contents(tmp_path / "1")
    assert all(first[name] != second[name] for name in first)


def test_patients_are_the_same_whichever_tables_and_columns_are_written(tmp_path):
    reduced = TableSchema("patients", (PEOPLE.column("sex"),), one_row=True)
    write_trial(tmp_path / "one", only(reduced), patients=500)
    write_trial(tmp_path / "all", WISHES, patients=500)
    assert list(contents(tmp_path / "one")) == ["patients.parquet"]
    few, all_ = read(tmp_path / "one", "patients"), read(tmp_path / "all", "patients")
    assert few.equals(all_[["patient_id", "sex"]])


def test_a_failure_leaves_nothing_behind(tmp_path, monkeypatch):
    def write_and_fail(writer, first):
        write(writer, first)
        assert list(tmp_path.glob(".t.*/*.parquet"))
        raise KeyboardInterrupt

    write = writing.RangeWriter.write
    monkeypatch.setattr(writing.RangeWriter, "write", write_and_fail)
    with pytest.raises(KeyboardInterrupt):
        write_trial(tmp_path / "t", WISHES, patients=50)
    assert list(tmp_path.iterdir()) == []


def test_records_are_not_written_over(tmp_path):
    write_trial(tmp_path, only(PEOPLE), patients=5)  # an empty folder will do
    before = contents(tmp_path)
    with pytest.raises(ArgumentsError, match="exists already"):
        write_trial(tmp_path, only(PEOPLE), patients=6)
    assert contents(tmp_path) == before


def test_ranges_of_patients_follow_each_other(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "PATIENTS_AT_ONCE", 40)
    write_trial(tmp_path / "t", only(PEOPLE), patients=100)
    parts = [
        list(pd.read_parquet(path).patient_id)
        for path in sorted((tmp_path / "t" / "patients").iterdir())
    ]
    assert parts == [list(range(1, 41)), list(range(41, 81)), list(range(81, 101))]


def test_other_events_are_what_nobody_looks_for(tmp_path):
    """About so many a patient over ten years, with thousands of codes, in each table in
    which codes are looked for.
    """
    for others in (0, 40):
        write_trial(tmp_path / str(others), WISHES, patients=1_000, other_events=others)
    few, many = (read(tmp_path / str(others), "clinical_events") for others in (0, 40))
    assert 33_000 < len(many) - len(few) < 41_000
    assert many.patient_id.is_monotonic_increasing
    codes = pd.concat([many.snomedct_code, many.ctv3_code])
    wished = {
        code
        for (table, _), lists in CODELISTS.items()
        if table == "clinical_events"
        for c in lists
        for code in c
    }
    assert codes[~codes.isin(wished)].nunique() > 3_000
    assert (
        abs(
            codes.isin(wished).sum()
            / pd.concat([few.snomedct_code, few.ctv3_code]).isin(wished).sum()
            - 1
        )
        < 0.02
    )
    years = many.date.dt.year.value_counts()
    assert all(years[year] > 2_000 for year in range(LAST.year - 9, LAST.year))
    names = {
        name: [len(read(tmp_path / str(others), name)) for others in (0, 40)]
        for name in ("medications", "apcs")
    }
    assert names["medications"][1] > names["medications"][0] + 33_000
    assert names["apcs"][0] == names["apcs"][1]


# Edges


@pytest.mark.parametrize("patients", [0, 1, 7])
def test_few_patients(tmp_path, patients):
    write_trial(tmp_path / "t", WISHES, patients=patients)
    assert len(contents(tmp_path / "t")) == len(TABLES)
    assert len(read(tmp_path / "t", "patients")) == patients
    assert set(read(tmp_path / "t", "clinical_events").patient_id) <= set(
        range(1, patients + 1)
    )


@pytest.mark.parametrize(
    "day", [DATE(1950, 1, 1), DATE(2020, 2, 29), DATE(2021, 1, 20), DATE(2060, 6, 30)]
)
def test_a_span_of_one_day(tmp_path, day):
    write_trial(tmp_path / "t", Wishes(TABLES, CODELISTS, day, day), patients=500)
    people = read(tmp_path / "t", "patients")
    assert (people.date_of_birth <= pd.Timestamp(day)).all()
    assert len(read(tmp_path / "t", "clinical_events")) > 100


def test_a_span_before_the_pandemic_knows_nothing_of_it(tmp_path):
    codelists = {("clinical_events", "snomedct_code"): (SHIELDING, OXIMETRY)}
    earlier = Wishes(
        (EVENTS, SHIPPED["ons_deaths"]), codelists, DATE(2010, 1, 1), DATE(2012, 12, 31)
    )
    write_trial(tmp_path / "t", earlier, patients=2_000)
    assert not (
        read(tmp_path / "t", "ons_deaths").underlying_cause_of_death == "U071"
    ).any()
    assert len(ever(read(tmp_path / "t", "clinical_events"), SHIELDING)) == 0


def test_no_codelists(tmp_path):
    write_trial(tmp_path / "t", Wishes(TABLES, {}, FIRST, LAST), patients=300)
    events = read(tmp_path / "t", "clinical_events")
    assert len(events) > 200
    assert events.snomedct_code.notna().any() and events.ctv3_code.notna().any()


def test_an_authors_table_under_a_known_name_keeps_its_own_columns(tmp_path):
    own = TableSchema(
        "patients", (Column("sex", int, categories=(1, 2)), Column("town", str))
    )
    events = TableSchema(
        "clinical_events", (Column("date", str, categories=("early", "late")),)
    )
    write_trial(tmp_path / "t", Wishes((own, events), {}, FIRST, LAST), patients=100)
    assert set(read(tmp_path / "t", "patients").sex.dropna()) == {1, 2}
    assert set(read(tmp_path / "t", "clinical_events").date.dropna()) == {
        "early",
        "late",
    }


@pytest.mark.parametrize(
    "make, message",
    [
        (
            lambda: only(EVENTS, {("clinical_events", "dmd_code"): ((),)}),
            "clinical_events.dmd_code",
        ),
        (lambda: only(EVENTS, first=LAST, last=FIRST), "ends before it starts"),
        (lambda: Wishes((EVENTS, EVENTS), {}, FIRST, LAST), "twice"),
        (lambda: write_trial(Path("t"), WISHES, patients=-1), "negative"),
        (lambda: write_trial(Path("t"), WISHES, patients=1, seed=-1), "1, -1 and 0"),
        (
            lambda: write_trial(Path("t"), WISHES, patients=1, other_events=-1),
            "1, 0 and -1",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(make, message):
    with pytest.raises(ArgumentsError, match=message):
        make()


@pytest.mark.parametrize(
    "pattern",
    [
        "E540000[0-9]{2}",
        "[a-zA-Z]{2}[0-9]{2}[a-zA-Z]",
        r"(A|Bx)\d+|-\w{1,3}\.",
        "^a.b*c?$",
        "(?:ab){2,}",
        r"[\d\-x]{3}[a-]",
        *(
            kind.pattern.pattern
            for kind in (SNOMEDCTCode, CTV3Code, ICD10Code, OPCS4Code, BNFCode)
        ),
    ],
)
def test_strings_fit_their_pattern(pattern):
    texts = pool_of(np.random.default_rng(0), pattern, 50)
    assert len(texts) > 1 and len(set(texts)) == len(texts)
    assert all(re.fullmatch(pattern, text) for text in texts)


@pytest.mark.parametrize("pattern", ["[^a]", "(a", "a)", "[]", "(?=a)a", r"(a)\1"])
def test_patterns_beyond_understanding_are_refused(pattern):
    with pytest.raises(ArgumentsError, match="pattern"):
        pool_of(np.random.default_rng(0), pattern, 5)


def test_strings_avoid_what_is_taken():
    assert sorted(pool_of(np.random.default_rng(0), "[ab]", 9, frozenset("a"))) == ["b"]
