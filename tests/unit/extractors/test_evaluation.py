# mypy: ignore-errors
"""Trying a definition on hand-written rows: what they may be, and what is told of those
that do not fit.
"""

import copy
import datetime

import pytest

import extractors
import measures
from extractors import INTERVAL, create_dataset, weeks, when
from extractors.engine import Engine
from extractors.errors import ArgumentsError, RecordsError
from extractors.language import EventFrame, Series, table
from measures import create_measures
from tests.lib.tables import e, p

DAY = datetime.date(2020, 1, 1)


def values(series, records, interval=None):
    dataset = create_dataset()
    dataset.define_population(p.exists_for_patient() | e.exists_for_patient())
    dataset.x = series
    return {
        row["patient_id"]: row["x"]
        for row in extractors.evaluate(dataset, records, interval=interval)
    }


@pytest.mark.parametrize(
    "interval", [(DAY, DAY), [DAY, DAY], ("2020-01-01", "2020-01-01")]
)
def test_an_interval_is_a_pair_of_dates_or_of_iso_strings(interval):
    assert values(INTERVAL.end_date, {"p": [{"patient_id": 1}]}, interval) == {1: DAY}


@pytest.mark.parametrize(
    "interval",
    [DAY, (DAY,), (DAY, DAY, DAY), ("2020", "2021"), (DAY, None), "2020-01-01"],
)
def test_another_interval_is_refused(interval):
    with pytest.raises(ArgumentsError, match="An interval is a pair of dates"):
        values(INTERVAL.end_date, {"p": [{"patient_id": 1}]}, interval)


def test_an_interval_that_is_needed_and_not_given():
    with pytest.raises(ArgumentsError, match="mentions INTERVAL; say for which"):
        values(p.d1 < INTERVAL.start_date, {"p": [{"patient_id": 1}]})


def test_dates_are_dates_or_iso_strings_and_long_ago():
    rows = [
        {"patient_id": 1, "d1": "1066-10-14"},
        {"patient_id": 2, "d1": datetime.date(1789, 7, 14)},
    ]
    assert values(p.d1.year, {"p": rows}) == {1: 1066, 2: 1789}


def test_codes_of_the_records_are_not_checked():
    assert values(
        p.c1.is_in(["123456789"]), {"p": [{"patient_id": 1, "c1": "12"}]}
    ) == {1: False}


def test_tables_and_columns_may_be_left_out():
    assert values(e.i1.sum_for_patient(), {}) == {}
    assert values(
        p.i1,
        {"e": [{"patient_id": 2}], "p": [{"patient_id": 1}], "patients": [{"x": 1}]},
    ) == {
        1: None,
        2: None,
    }


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("clinical_event", "did you mean 'clinical_events'?"),
        ("xyzzy", "the definition reads e, p"),
    ],
)
def test_a_table_that_nobody_knows_is_refused(name, told):
    with pytest.raises(RecordsError) as error:
        values(p.i1, {"p": [{"patient_id": 1}], name: [{"patient_id": 1}]})
    assert error.value.message == f"there is no table {name!r}; {told}"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"i1": "1"}, "column i1: expected int, got str"),
        ({"i1": 2**70}, "column i1"),
        ({"d1": "1/1/2020"}, "column d1: Dates must be in YYYY-MM-DD format"),
        (
            {"d1": datetime.datetime(2020, 1, 1)},
            "column d1: expected date, got datetime",
        ),
        ({"zz": 1}, "p has no column 'zz'; its columns are"),
        (
            {"patient_id": None},
            "a row of p has no whole number of 64 bits as patient_id",
        ),
        (
            {"patient_id": 2**63},
            "a row of p has no whole number of 64 bits as patient_id",
        ),
    ],
)
def test_rows_that_do_not_fit(row, told):
    with pytest.raises(RecordsError) as caught:
        values(p.i1 == p.d1.year, {"p": [{"patient_id": 1, **row}]})
    assert told in str(caught.value)


def test_measures_have_no_row_where_nobody_is_counted():
    study = create_measures()
    week = [(DAY, datetime.date(2020, 1, 7))]
    study.define_measure("nobody", p.b1, p.i1 > 100, intervals=week)
    study.define_measure("somebody", p.b1, p.i1 > 0, intervals=week)
    (row,) = measures.evaluate(study, {"p": [{"patient_id": 1, "i1": 1, "b1": True}]})
    assert (row["measure"], row["numerator"], row["denominator"]) == ("somebody", 1, 1)


STUMBLING = """
    SELECT (CASE WHEN nobody.id IS NOT NULL THEN 'a' END = people.name) AS same
    FROM people LEFT JOIN nobody ON nobody.id = people.id
"""


def test_the_optimiser_of_duckdb_may_stumble():
    """Where statistics tell that no row has a string, as of an empty table, it fails to
    compare the string.
    """
    for run in (Engine.execute, Engine.arrow, Engine.batches):
        engine = Engine()
        engine.execute("CREATE TABLE people AS SELECT 1 AS id, 'x' AS name")
        engine.execute("CREATE TABLE nobody AS SELECT 1 AS id WHERE FALSE")
        with engine:
            assert len(list(run(engine, STUMBLING))) == 1
            assert engine.execute(STUMBLING) == [(None,)]


def test_measures_that_mention_no_table_count_nobody():
    study = create_measures()
    everybody = when(True).then(True).otherwise(False)
    study.define_measure("m", everybody, everybody, intervals=[(DAY, DAY)])
    assert measures.evaluate(study, {"p": [{"patient_id": 1}]}) == []


@pytest.mark.parametrize(
    "name", ["groups", "n", "sum", "count", "select", "group", "m_numerator", "m"]
)
def test_a_group_may_have_any_name_that_no_column_has(name):
    study = create_measures()
    group, week = {name: p.s1}, [(DAY, datetime.date(2020, 1, 7))]
    study.define_measure("m", p.i1, p.exists_for_patient(), group, week)
    study.define_measure("n", p.b1, p.exists_for_patient(), {}, week)
    rows = measures.evaluate(
        study, {"p": [{"patient_id": 1, "i1": 3, "b1": True, "s1": "a"}]}
    )
    assert [(row["numerator"], row[name]) for row in rows] == [(3, "a"), (1, None)]


def test_a_series_can_be_copied():
    records = {"p": [{"patient_id": 1, "i1": 3}]}
    assert values(copy.deepcopy(p.i1) + copy.copy(p.i1), records) == {1: 6}


def test_classes_are_called_by_their_types():
    assert [type(each).__name__ for each in (p.i1, p.f1, e.i1, e.f1)] == [
        "IntPatientSeries", "FloatPatientSeries", "IntEventSeries", "FloatEventSeries",
    ]  # fmt: skip


def test_a_variable_may_have_any_name_that_a_method_has_not():
    dataset = create_dataset()
    dataset.nodes = p.i1
    assert dataset.nodes.node == p.i1.node


def test_a_population_that_absence_makes_true_counts_those_who_are_absent_too():
    """Found by drawing: `and` is False without rows, not NULL, so what compares with it
    may well be True.
    """
    counted = (p.b1 & False) == (INTERVAL.start_date.year > 3000)
    study = create_measures()
    study.define_measure(
        "m",
        numerator=e.exists_for_patient(),
        denominator=counted,
        intervals=[(DAY, DAY)],
    )
    (row,) = measures.evaluate(
        study, {"p": [{"patient_id": 1, "b1": True}], "e": [{"patient_id": 2}]}
    )
    assert (row["denominator"], row["numerator"]) == (2, 1)


def test_a_table_may_be_called_cohort():
    """What a period's rows are kept as stood in its place when the second period asked
    for it.
    """
    cohort = table(type("cohort", (EventFrame,), {"day": Series(datetime.date)}))
    seen = cohort.where(cohort.day <= INTERVAL.start_date).exists_for_patient()
    study = create_measures()
    study.define_measure(
        "m",
        seen,
        cohort.exists_for_patient(),
        intervals=weeks(2).starting_on("2020-01-06"),
    )
    rows = measures.evaluate(
        study, {"cohort": [{"patient_id": 1, "day": "2020-01-08"}]}
    )
    assert [(row["numerator"], row["denominator"]) for row in rows] == [(0, 1), (1, 1)]
