"""What true counts tell of mistakes."""

import pyarrow as pa
import pytest

from extractors.notice import Notice
from measures.counts import counting
from measures.counts.doubts import doubts_of_counts
from measures.counts.gathering import gather
from measures.counts.types import raw_schema
from tests.lib.definitions import load, project
from tests.unit.measures.counts.test_gathering import row

__all__ = ["project"]
TEXT = """
from ehrql import INTERVAL, create_measures, months
from ehrql.tables.tpp import clinical_events as events, patients
measures = create_measures()
measures.define_defaults(intervals=months(2).starting_on("2021-01-01"))
seen = events.where(events.date.is_during(INTERVAL))
born = patients.is_alive_on(INTERVAL.start_date)
measures.define_measure("m", seen.exists_for_patient(), born)
measures.define_measure("by", seen.exists_for_patient(), born, group_by={"sex": patients.sex})
measures.define_measure("events", seen.count_for_patient(), patients.age_on(INTERVAL.start_date))
"""


@pytest.fixture
def study(project):
    return load(TEXT)


def found(study, *counts: tuple) -> list[tuple[str, int]]:
    """The doubts where the counts are these: (measure, period, (numerator,
    denominator), sex).
    """
    others: list[tuple] = [
        ("m", 0, (1, 9)),
        ("m", 1, (2, 9)),
        ("events", 0, (1, 9)),
        ("events", 1, (2, 9)),
    ]
    others += [("by", 0, (1, 9), "male"), ("by", 1, (2, 9), "female")]
    named = {each[0] for each in counts}
    rows = [
        _row(study, each)
        for each in (*counts, *(other for other in others if other[0] not in named))
    ]
    groups = counting.group_types(study.measures)
    table = pa.Table.from_pylist(rows, schema=raw_schema(groups))
    shapes = counting.shapes(study.measures, study.measures[0].intervals)
    doubts = doubts_of_counts(study, gather([table], shapes, groups))
    return [(each.kind, each.line) for each in doubts]


def _row(study, count: tuple) -> dict:
    measure, period, pair, *group = count
    return row(
        measure,
        study.measures[0].intervals[period],
        pair,
        **({"sex": group[0]} if group else {}),
    )


def test_no_doubt(study):
    assert found(study) == []


def test_nobody_in_the_denominator(study):
    assert found(study, ("m", 0, (0, 0)), ("m", 1, (0, 0))) == [("empty", 8)]
    assert found(study, ("m", 0, (0, 0)), ("m", 1, (1, 3))) == []


def test_nobody_in_the_numerator(study):
    assert found(study, ("m", 0, (0, 4)), ("m", 1, (0, 5))) == [("nobody", 8)]


def test_everybody_in_the_numerator(study):
    assert found(study, ("m", 0, (4, 4)), ("m", 1, (5, 5))) == [("everybody", 8)]


def test_the_same_numbers_though_they_should_move(study):
    assert found(study, ("m", 0, (2, 5)), ("m", 1, (2, 5))) == [("constant", 8)]


def test_more_than_there_are(study):
    assert found(study, ("events", 0, (12, 5)), ("events", 1, (2, 5))) == [
        ("above", 10)
    ]


def test_a_group_of_one_value(study):
    assert found(study, ("by", 0, (1, 5), "male"), ("by", 1, (2, 5), "male")) == [
        ("one value", 9)
    ]
    only_missing = found(study, ("by", 0, (1, 5), None), ("by", 1, (2, 5), None))
    assert only_missing == [("one value", 9)]


def test_the_words(study):
    message = doubts_of_counts(study, _empty(study))[0]
    assert isinstance(message, Notice)
    assert (
        message.message
        == "no person is in the denominator of 'm' in any of its 2 periods"
    )
    assert message.as_doubt()["text"] == message.message


def _empty(study):
    groups = counting.group_types(study.measures)
    return gather(
        [], counting.shapes(study.measures, study.measures[0].intervals), groups
    )
