"""What `plan --sql` prints is what a run executes: by hand it comes to the counts of
the run.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from extractors.engine import Engine
from extractors.planner.ladders import period_name
from extractors.time.shards import all_counts
from flows.command.plan_sql import chosen_statements, sql_text
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared
from flows.preparing.statements import computing, statements
from flows.running import work
from flows.trying.counting import Trial, count_of, trial_of
from measures.counts import counting

STUDY = """
from ehrql import INTERVAL, create_measures, weeks
from ehrql.tables.tpp import clinical_events, patients

during = clinical_events.where(clinical_events.date.is_during(INTERVAL))
before = clinical_events.where(clinical_events.date <= INTERVAL.start_date)
waited = (INTERVAL.start_date - before.date.maximum_for_patient()).days

measures = create_measures()
measures.define_defaults(
    denominator=patients.exists_for_patient(),
    intervals=weeks(4).starting_on("2020-03-02"),
    group_by={"sex": patients.sex},
)
measures.define_measure("seen", numerator=during.exists_for_patient())
measures.define_measure("much", numerator=during.count_for_patient())
measures.define_measure("odd", numerator=(waited // 7) * 2 == 14)
"""
DATASET = """
from ehrql import create_dataset
from ehrql.tables.tpp import clinical_events, patients

dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
dataset.sex = patients.sex
dataset.events = clinical_events.count_for_patient()
"""


@pytest.fixture(scope="module")
def definition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("study") / "definition.py"
    path.write_text(STUDY, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def trial(definition: Path) -> Iterator[Trial]:
    with trial_of(Options(str(definition), patients=400)) as made:
        count_of(made)
        yield made


def by_hand(prepared: Prepared, text: str) -> list[list[dict[str, Any]]]:
    """The answers of the SELECTs of some printed SQL, in DuckDB on the records."""
    source = prepared.records.open()
    with Engine() as engine:
        tables = {}
        for need in prepared.plan.needs:
            relation = source.relation(engine, need.schema, need.columns)
            tables[need.schema.name] = engine.arrow(relation)
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA records")
    for name, rows in tables.items():
        connection.register("given", rows)
        connection.execute(f'CREATE TABLE records."{name}" AS SELECT * FROM given')
    values: dict[str, Any] = {"people_key": prepared.people.text}
    if prepared.chosen:
        start, end = prepared.chosen[0]
        values |= {"interval_start": start, "interval_end": end}
    answers = []
    for statement in connection.extract_statements(text):
        named = {name: values[name] for name in statement.named_parameters}
        done = connection.execute(statement, named or None)
        if statement.type == duckdb.StatementType.SELECT:
            names = [column[0] for column in done.description]
            found = [dict(zip(names, row, strict=True)) for row in done.fetchall()]
            answers.append(in_order(found))
    return answers


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=repr)


def test_printed_sql_gives_the_counts_of_the_run(trial: Trial):
    prepared = trial.prepared
    counts, *tallies = by_hand(prepared, sql_text(prepared, ""))
    known = all_counts(prepared.places.chain_counts(0)).to_pylist()
    assert counts == in_order(known)
    # of the first period, what is not counted for all of them at once
    recipe = prepared.recipes[prepared.chosen[0]]
    job = prepared.jobs[period_name(prepared.chosen[0])]
    timed = prepared.timed(prepared.chosen[0])
    assert timed and recipe.needed.general
    made = work._count_cohort(replace(job, timed=timed), recipe, cohort=None)
    assert tallies == [in_order(each) for each in made.values()]
    assert sum(row["denominator"] for row in made[recipe.needed.general[0]]) == 400


def test_a_series_has_the_statements_that_make_its_column(trial: Trial):
    prepared = trial.prepared
    names = {column: title for title, column in titles(prepared).items()}
    for title, column in {title: column for column, title in names.items()}.items():
        chosen = computing(statements(prepared), column)
        assert chosen[-1].defines(column), title
        assert len(chosen) < len(statements(prepared))
        # no statement reads a table that is not there
        by_hand(prepared, ";\n".join(_all_sql(chosen)))


def titles(prepared: Prepared) -> dict[str, str]:
    found = counting.titles(prepared.study.measures)
    return {found.get(name, name): name for name in prepared.plan.series}


def _all_sql(chosen: list) -> list[str]:
    texts: list[str] = []
    for each in chosen:
        texts += [*each.first, each.sql]
    return texts


def test_only_what_a_series_needs_is_printed(trial: Trial):
    made = [each.makes for each in chosen_statements(trial.prepared, "sex")]
    assert "stretches 0" in made
    assert "touched 0" not in made and "changes 0" not in made
    made = [each.makes for each in chosen_statements(trial.prepared, "odd_numerator")]
    assert "cohort of the period" in made and "changes 0" not in made


def test_rows_of_a_dataset_are_printed(tmp_path: Path):
    path = tmp_path / "definition.py"
    path.write_text(DATASET, encoding="utf-8")
    with trial_of(Options(str(path), patients=200)) as made:
        prepared = made.prepared
        text = sql_text(prepared, "") + '\nSELECT * FROM "rows of the dataset"'
        (answer,) = by_hand(prepared, text)
    assert len(answer) == 200
    assert list(answer[0]) == ["patient_id", "in population", "sex", "events"]


def test_nothing_is_read_and_nothing_is_written(definition: Path, tmp_path: Path):
    options = Options(str(definition), workspace=str(tmp_path / "workspace"))
    prepared = prepare(options, look=False)
    assert statements(prepared)
    assert not (tmp_path / "workspace").exists()
