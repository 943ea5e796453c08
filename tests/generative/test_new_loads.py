"""New loads of the records: what an earlier one has told is used, and the numbers are
those of a run from nothing.
"""

import datetime
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extractors.disk import read_json
from extractors.planner.kinds import Kind
from extractors.time.layer import has_layer
from extractors.time.shards import changed_in
from extractors.time.since import base_shards, begins_with_base
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.running.changes import compared
from flows.running.news import NEWS
from tests.benchmarks.inline import InlineRun
from tests.flows.shelves import read
from tests.lib.raw_files import named_counts

# Of every kind: static, timelines with and without an end, windows of people and of
# amounts, months, a rolling year, and one that has to be extracted for each period.
STUDY = """
from ehrql import INTERVAL, create_measures, days, months, weeks
from ehrql.tables.tpp import clinical_events, patients, practice_registrations
now = clinical_events.where(clinical_events.date.is_during(INTERVAL))
before = clinical_events.where(clinical_events.date.is_on_or_before(INTERVAL.start_date))
last = before.sort_by(clinical_events.date).last_for_patient()
year = clinical_events.where(clinical_events.date.is_on_or_between(INTERVAL.end_date - days(364), INTERVAL.end_date))
registered = practice_registrations.for_patient_on(INTERVAL.start_date)
age = patients.age_on(INTERVAL.start_date)
measures = create_measures()
measures.define_defaults(denominator=registered.exists_for_patient() & patients.is_alive_on(INTERVAL.start_date))
few = {"intervals": weeks(6).starting_on("2020-01-06")}
region = {"region": registered.practice_nuts1_region_name, "sex": patients.sex}
measures.define_measure("people", numerator=now.exists_for_patient(), group_by=region, **few)
measures.define_measure("events", numerator=now.count_for_patient(), group_by={"sex": patients.sex}, **few)
measures.define_measure("high", numerator=last.numeric_value > 100, group_by={"old": age >= 50}, **few)
measures.define_measure("ages", numerator=age, group_by={"sex": patients.sex}, **few)
measures.define_measure("ever", numerator=year.exists_for_patient(), intervals=months(3).starting_on("2020-01-01"))
"""
# For all periods at once nobody tells these; so each period is extracted by itself.
ODD = """
odd = (age + before.count_for_patient()) * (age - now.count_for_patient()) > 900
measures.define_measure("odd", numerator=odd, **few)
measures.define_measure("since", numerator=(INTERVAL.end_date - last.date).days, **few)
"""
FIRST, DAYS = datetime.date(2019, 1, 1), 500
REGIONS = ("London", "East", "South West", None)
CODES = ("413606001", "413605002", "59621000")
Rows = dict[str, list[tuple]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("loads")
    (folder / "study.py").write_text(STUDY + ODD, encoding="utf-8")
    (folder / "at_once.py").write_text(STUDY, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("COHORTFLOW_KEY_FILE", str(folder / "keys" / "key"))
        yield folder


def day(rng: np.random.Generator) -> datetime.date:
    return FIRST + datetime.timedelta(int(rng.integers(0, DAYS)))


def person(rng: np.random.Generator, number: int) -> Rows:
    born = datetime.date(int(rng.integers(1930, 2015)), int(rng.integers(1, 13)), 1)
    dead = day(rng) if rng.random() < 0.1 else None
    return {
        "patients": [(number, born, ("female", "male")[number % 2], dead)],
        "practice_registrations": [
            spell(rng, number) for _ in range(rng.integers(0, 3))
        ],
        "clinical_events": [event(rng, number) for _ in range(rng.poisson(4))],
    }


def spell(rng: np.random.Generator, number: int) -> tuple:
    start = day(rng)
    end = (
        start + datetime.timedelta(int(rng.integers(0, 400)))
        if rng.random() < 0.5
        else None
    )
    return (number, start, end, int(rng.integers(1, 9)), REGIONS[rng.integers(0, 4)])


def event(rng: np.random.Generator, number: int) -> tuple:
    value = float(rng.integers(60, 160)) if rng.random() < 0.8 else None
    return (number, day(rng), CODES[rng.integers(0, 3)], value)


SCHEMAS = {
    "patients": pa.schema(
        [
            ("patient_id", pa.int64()),
            ("date_of_birth", pa.date32()),
            ("sex", pa.string()),
            ("date_of_death", pa.date32()),
        ]
    ),
    "practice_registrations": pa.schema(
        [
            ("patient_id", pa.int64()),
            ("start_date", pa.date32()),
            ("end_date", pa.date32()),
            ("practice_pseudo_id", pa.int64()),
            ("practice_nuts1_region_name", pa.string()),
        ]
    ),
    "clinical_events": pa.schema(
        [
            ("patient_id", pa.int64()),
            ("date", pa.date32()),
            ("snomedct_code", pa.string()),
            ("numeric_value", pa.float64()),
        ]
    ),
}


def next_load(
    rng: np.random.Generator, people: dict[int, Rows], changes: int
) -> dict[int, Rows]:
    """Rows come late, are corrected, doubled or missing; people come and go; and all
    rows are in another order.
    """
    later = {
        number: {name: list(rows) for name, rows in found.items()}
        for number, found in people.items()
    }
    for number in map(int, rng.choice(sorted(later), changes, replace=False)):
        name = ("practice_registrations", "clinical_events")[rng.integers(0, 2)]
        rows, kind = later[number][name], rng.integers(0, 5)
        new = event(rng, number) if name == "clinical_events" else spell(rng, number)
        if kind == 0 or not rows:
            rows.append(new)
        elif kind == 1:
            rows[int(rng.integers(0, len(rows)))] = new
        elif kind == 2:
            rows.append(rows[0])
        elif kind == 3:
            del rows[0]
        else:
            del later[number]
            newcomer = max(later) + 1
            later[newcomer] = person(rng, newcomer)
    return later


def write(folder: Path, people: dict[int, Rows], rng: np.random.Generator) -> Path:
    folder.mkdir(parents=True)
    for name, schema in SCHEMAS.items():
        rows = [row for found in people.values() for row in found[name]]
        order = rng.permutation(len(rows))
        columns = [
            [rows[place][column] for place in order] for column in range(len(schema))
        ]
        pq.write_table(pa.table(columns, schema=schema), folder / f"{name}.parquet")
    return folder


def run(records: Path, workspace: str, study: str = "study.py") -> InlineRun:
    made = InlineRun(prepare(Options(study, str(records), workspace=workspace)))
    made.prepare_inputs()
    made.make(made.prepared.jobs)
    return made


def other_rows(before: dict[int, Rows], now: dict[int, Rows]) -> dict[str, int]:
    """Of each week, by its Monday, how many people have rows in it that one load alone
    has; "" without a date.
    """
    found: dict[str, set[int]] = {}
    for number in before.keys() | now.keys():
        for name in SCHEMAS:
            rows = [
                Counter(map(READ[name], each.get(number, {}).get(name, [])))
                for each in (before, now)
            ]
            for row in (rows[0] - rows[1]) + (rows[1] - rows[0]):
                date = row[1]
                monday = (
                    ""
                    if date is None
                    else str(date - datetime.timedelta(date.weekday()))
                )
                found.setdefault(monday, set()).add(number)
    return {week: len(people) for week, people in found.items()}


# What the study reads of a row; the date that it lies on comes second.
READ: dict[str, Callable[[tuple], tuple]] = {
    "patients": lambda row: row,
    "practice_registrations": lambda row: row,
    "clinical_events": lambda row: (row[0], row[1], row[3]),
}


def check_news(made: InlineRun, before: dict[int, Rows], now: dict[int, Rows]) -> None:
    """What is known of the weeks in which rows came, went or changed."""
    found = read_json(made.prepared.places.timelines / NEWS)
    assert found == other_rows(before, now)


def check_changes(made: InlineRun, last: tuple, now: tuple) -> None:
    """Every period with other results is said to be one; where nothing is extracted by
    itself, no other is.
    """
    said = compared(made.prepared).periods
    for period, job in made.prepared.jobs.items():
        counts = [
            [row for row in each[0] if row["interval_start"] == job.interval[0]]
            for each in (last, now)
        ]
        is_other = counts[0] != counts[1] or last[1][period] != now[1][period]
        general = made.prepared.recipes[job.interval].needed.general
        assert said[period] or not is_other
        assert general or said[period] == is_other
        assert (period in made.carried) == (not said[period])


def results(made: InlineRun) -> tuple[list, dict[str, list]]:
    """Raw counts in order, and of each period its cohort's rows."""
    counts, cohorts = [], {}
    for period, job in made.prepared.jobs.items():
        counts += sorted(named_counts(job.counts), key=repr)
        cohorts[period] = read(job.cohort).to_pylist()
    return counts, cohorts


def test_every_kind_is_there(place: Path):
    rng = np.random.default_rng(0)
    records = write(
        place / "some", {number: person(rng, number) for number in range(9)}, rng
    )
    prepared = prepare(Options("study.py", str(records), workspace="kinds"))
    assert {part.kind for part in prepared.parts.values()} == set(Kind)


@pytest.mark.parametrize(
    ("seed", "study"),
    [
        (1, "study.py"),
        (5, "at_once.py"),
        *(pytest.param(seed, "study.py", marks=pytest.mark.slow) for seed in (2, 3, 4)),
        *(pytest.param(seed, "at_once.py", marks=pytest.mark.slow) for seed in (6, 7)),
    ],
)
def test_numbers_are_those_of_a_run_from_nothing(place: Path, seed: int, study: str):
    rng = np.random.default_rng(seed)
    people = {number: person(rng, number) for number in range(1, 301)}
    begun, last = [], None
    for load, changes in enumerate(
        (0, 12, 15, 60) if seed in (1, 5) else (0, 12, 0, 15, 60)
    ):
        before, people = people, next_load(rng, people, changes)
        records = write(place / f"records {seed} {load}", people, rng)
        made, anew = (
            run(records, f"kept {seed}", study),
            run(records, f"from nothing {seed} {load}", study),
        )
        assert (now := results(made)) == results(anew)
        if begins_with_base(made.prepared.places.timelines):
            assert last and made.prepared.places.snapshot.is_layer
            assert has_layer(made.prepared.places.static)
            check_news(made, before, people)
            check_changes(made, last, now)
        last = now
        begun.append(begins_with_base(made.prepared.places.timelines))
        assert not begins_with_base(anew.prepared.places.timelines)
    # of the last load too many people are others
    assert begun == [False, *([True] * (len(begun) - 2)), False]


def test_a_base_that_is_not_whole_is_none(place: Path):
    """A shard is cut, or gone: all are computed anew, and the numbers are those of a
    run from nothing.
    """
    rng = np.random.default_rng(7)
    people = {number: person(rng, number) for number in range(1, 61)}
    first = run(write(place / "base", people, rng), "damaged")
    later = write(place / "later", next_load(rng, people, 3), rng)
    for damage in (cut, shutil.rmtree):
        (shard,) = base_shards(first.prepared.places.timelines)
        damage(shard)
        made = InlineRun(prepare(Options("study.py", str(later), workspace="damaged")))
        made.prepare_inputs()
        assert not begins_with_base(made.prepared.places.timelines)
        shutil.rmtree(made.prepared.places.timelines)


def cut(shard: Path) -> None:
    path = shard / "changes-0.arrow"
    path.write_bytes(path.read_bytes()[:-100])


def with_a_new_week(
    people: dict[int, Rows], some: list[int], day: datetime.date
) -> dict[int, Rows]:
    """The same people, of whom some have one more event, on a day."""
    later = dict(people)
    for number in some:
        new = (number, day, CODES[0], 70.0)
        events = [*people[number]["clinical_events"], new]
        later[number] = {**people[number], "clinical_events": events}
    return later


def test_a_new_week_costs_the_work_of_its_people_and_periods(place: Path):
    """Of nine periods one is made: the people have other events in the years up to the
    ends of the months, where one more is nothing new.
    """
    rng = np.random.default_rng(8)
    people = {number: person(rng, number) for number in range(1, 201)}
    first = run(write(place / "first", people, rng), "new week", "at_once.py")
    assert not first.carried
    people = with_a_new_week(people, [3, 5, 8], datetime.date(2020, 2, 12))
    made = run(write(place / "second", people, rng), "new week", "at_once.py")
    periods = [*made.prepared.jobs]
    assert len(periods) == 9
    assert {*periods} - {*made.carried} == {"2020-02-10..2020-02-16"}
    changed = changed_in(made.prepared.places.timelines)
    assert changed is not None and changed.tolist() == [3, 5, 8]
    for period in made.carried:
        pairs = zip(of(first, period), of(made, period), strict=True)
        assert all(old.samefile(new) for old, new in pairs)


def of(made: InlineRun, period: str) -> tuple[Path, Path]:
    job = made.prepared.jobs[period]
    return job.cohort, job.counts


def test_a_late_row_changes_its_old_period(place: Path):
    rng = np.random.default_rng(9)
    people = {number: person(rng, number) for number in range(1, 101)}
    run(write(place / "timely", people, rng), "late rows", "at_once.py")
    people = with_a_new_week(people, [*range(4, 20)], datetime.date(2020, 1, 8))
    made = run(write(place / "late", people, rng), "late rows", "at_once.py")
    assert "2020-01-06..2020-01-12" not in made.carried
    anew = run(place / "late", "late from nothing", "at_once.py")
    assert results(made) == results(anew)


def test_what_is_damaged_is_not_carried_over(place: Path):
    rng = np.random.default_rng(10)
    people = {number: person(rng, number) for number in range(1, 61)}
    first = run(write(place / "whole", people, rng), "cut file", "at_once.py")
    period = next(iter(first.prepared.jobs))
    cohort, _ = of(first, period)
    cohort.write_bytes(cohort.read_bytes()[:-1])
    people = with_a_new_week(people, [4], datetime.date(2020, 2, 12))
    made = run(write(place / "more", people, rng), "cut file", "at_once.py")
    assert made.carried and period not in made.carried
    anew = run(place / "more", "cut from nothing", "at_once.py")
    assert results(made) == results(anew)
