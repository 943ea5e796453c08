"""A heavy query in several statements gives what it gives in one, and needs little
memory.
"""

import datetime
import re
from typing import Any

import pytest

from extractors import create_dataset, days
from extractors.cohorts import EVERYONE, POPULATION, make_static, static_steps
from extractors.engine import Engine
from extractors.errors import OutOfMemory
from extractors.language.dataset import nodes_of
from extractors.planner.kinds import STATIC_TABLE
from extractors.planner.plan import Plan, make_plan
from extractors.sql import query
from extractors.sql.words import quote
from extractors.tables import core

CODES = [f"{number}" for number in range(100_001, 100_014)]
SERIES = 26


def heavy(series: int = SERIES) -> Plan:
    """Picks of picks, aggregates that read picks, and further columns of rows."""
    dataset: Any = create_dataset()
    clinical_events: Any = core.clinical_events
    patients: Any = core.patients
    dataset.define_population(patients.exists_for_patient())
    for number in range(series):
        since = datetime.date(2000, 1, 1) + datetime.timedelta(days=number)
        rows = clinical_events.where(clinical_events.date >= since)
        rows = rows.where(rows.snomedct_code.is_in(CODES[number % 13 :]))
        last = rows.sort_by(rows.date, rows.numeric_value).last_for_patient()
        later = clinical_events.where(clinical_events.date > last.date - days(number))
        dataset.add_column(f"last{number}", last.date)
        dataset.add_column(f"value{number}", last.numeric_value)
        dataset.add_column(f"many{number}", rows.count_for_patient())
        dataset.add_column(f"mean{number}", later.numeric_value.mean_for_patient())
        dataset.add_column(f"age{number}", patients.age_on(last.date))
    series_of = {name or POPULATION: node for name, node in nodes_of(dataset).items()}
    return make_plan(series_of, (POPULATION,))


@pytest.fixture
def engine():
    with Engine() as engine:
        fill(engine, 300)
        yield engine


def fill(engine: Engine, people: int) -> None:
    born = "DATE '1950-01-01' + CAST(p % 20000 AS INTEGER)"
    engine.execute(
        f"CREATE TABLE patients AS SELECT p AS patient_id, {born} AS date_of_birth, "
        f"'female' AS sex, NULL::DATE AS date_of_death FROM range({people}) t(p)"
    )
    engine.execute(
        "CREATE TABLE clinical_events AS SELECT hash(n) % $people AS patient_id, "
        "DATE '1999-12-01' + CAST(hash(n, 1) % 200 AS INTEGER) AS date, CAST(100001 "
        "+ hash(n, 2) % 13 AS VARCHAR) AS snomedct_code, CASE WHEN n % 3 > 0 THEN "
        "CAST(hash(n, 3) % 9 AS DOUBLE) END AS numeric_value FROM range($events) t(n)",
        {"people": people, "events": people * 5},
    )
    engine.execute(
        f"CREATE TABLE {quote(EVERYONE)} AS SELECT patient_id FROM patients ORDER BY "
        "patient_id"
    )


def rows_of(engine: Engine) -> list[tuple]:
    return engine.execute(f"SELECT * FROM {quote(STATIC_TABLE)} ORDER BY patient_id")


@pytest.mark.parametrize("most", [1, 3, 24])
def test_several_statements_give_what_one_gives(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, most: int
):
    plan = heavy()
    monkeypatch.setattr(query, "MOST_TOGETHER", 1_000)
    assert not static_steps(plan).first
    make_static(engine, static_steps(plan))
    expected = rows_of(engine)
    assert len(expected) == 300 and len({row[1:] for row in expected}) > 200
    monkeypatch.setattr(query, "MOST_TOGETHER", most)
    steps = static_steps(plan)
    assert len(steps.first) > SERIES
    make_static(engine, steps)
    assert rows_of(engine) == expected


def test_no_statement_reads_many_relations():
    steps = static_steps(heavy(100))
    for statement in steps.first:
        assert len(re.findall("JOIN", statement)) <= query.MOST_TOGETHER + 2, statement[
            :200
        ]


def test_a_light_definition_is_one_statement():
    assert not static_steps(heavy(3)).first


@pytest.mark.slow
def test_memory_does_not_grow_with_the_series(monkeypatch: pytest.MonkeyPatch):
    """500 series of few people, in half the memory in which one statement dies."""
    plan, memory = heavy(100), 400_000_000
    with Engine(threads=1, memory=memory // 2) as engine:
        fill(engine, 1_000)
        make_static(engine, static_steps(plan))
        assert len(rows_of(engine)) == 1_000
    monkeypatch.setattr(query, "MOST_TOGETHER", 1_000)
    with Engine(threads=1, memory=memory) as engine:
        fill(engine, 1_000)
        with pytest.raises(OutOfMemory):
            make_static(engine, static_steps(plan))
