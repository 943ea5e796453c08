"""What a definition gives away of its tables: who is part of whom, and what is the same
in two intervals.
"""

import json
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from extractors import INTERVAL, codelist_from_csv
from extractors.tables import core
from measures import create_measures
from measures.counts import counting
from measures.counts.gathering import gather
from measures.counts.relations import structure_of
from measures.counts.types import MeasureShape, raw_schema
from measures.disclosure.control import protection
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.setting import Setting

JULY = (date(2019, 7, 1), date(2019, 7, 31))
WEEKS = [(date(2019, 7, day), date(2019, 7, day + 6)) for day in (1, 8, 15, 22)]
LAST = (date(2019, 7, 29), date(2019, 8, 4))

clinical_events: Any = core.clinical_events
patients: Any = core.patients

here = clinical_events.where(clinical_events.date.is_during(INTERVAL))
few = here.where(here.snomedct_code.is_in(["111111"])).exists_for_patient()
many = here.where(here.snomedct_code.is_in(["111111", "222222"])).exists_for_patient()
ever = clinical_events.exists_for_patient()
adult = patients.date_of_birth.is_before("2000-01-01")
age = patients.age_on(date=INTERVAL.start_date)
alive = patients.date_of_death.is_null() | patients.date_of_death.is_after(
    INTERVAL.start_date
)


def known(groups=None, **numerators):
    measures = create_measures()
    measures.define_defaults(
        denominator=numerators.pop("denominator", adult), intervals=[*WEEKS, JULY]
    )
    for name, numerator in numerators.items():
        measures.define_measure(name, numerator, group_by=(groups or {}).get(name))
    return structure_of(list(measures)).as_json(), list(measures)


def within(**numerators):
    found, _ = known(**numerators)
    return {name: measure["within"] for name, measure in found["measures"].items()}


@pytest.mark.parametrize(
    "small, large",
    [
        (few & (patients.sex == "male"), few),
        (few, few | ever),
        (few, many),
        (few & ever, many),
        (few, ever),
        (patients.sex == "male", patients.sex.is_in(["male", "female"])),
        (few | (few & ever), many | ever),
    ],
    ids=[
        "and",
        "or",
        "shorter list",
        "and of a shorter list",
        "fewer rows",
        "equal to one of",
        "branches",
    ],
)
def test_certainly_part_of(small, large):
    assert within(small=small, large=large) == {"small": ["large"], "large": []}


@pytest.mark.parametrize(
    "one, other",
    [
        (few, patients.sex == "male"),
        (~few, ~many),
        (few, few.when_null_then(False) & ever),
        (many, few & ever),
    ],
)
def test_not_certainly_part_of(one, other):
    assert within(one=one, other=other)["one"] == []


def test_equal_ids_are_the_very_same_series():
    found, _ = known(groups={"b": {"sex": patients.sex}}, a=few, b=few, c=adult)
    a, b, c = (found["measures"][name] for name in "abc")
    assert (a["numerator"], a["counts"]) == (b["numerator"], b["counts"])
    assert c["numerator"] == c["denominator"] and len(set(c["counts"].values())) == 1
    assert b["group_by"] == ["sex"] and a["kind"] == "people"


def test_events_have_people_behind_them():
    found, _ = known(events=here.count_for_patient())
    measure = found["measures"]["events"]
    count = found["counts"][measure["counts"]["numerator"]]
    assert measure["kind"] == count["kind"] == "events"
    behind = found["counts"][count["people"]]
    assert (
        behind["kind"] == "people"
        and measure["counts"]["denominator"] in behind["within"]
    )


def test_what_moves_with_which_end_of_the_interval():
    found, _ = known(groups={"m": {"sex": patients.sex, "age": age}}, m=few & alive)
    counts = found["measures"]["m"]["counts"]
    assert found["counts"][counts["numerator"]]["moves_with"] == ["start", "end"]
    assert found["counts"][counts["numerator"]]["window"] == {
        "moves_with": ["start"],
        "alone": True,
    }
    assert (
        found["counts"][counts["denominator"]] | {"window": None}
        == found["counts"][counts["denominator"]]
    )
    assert found["counts"][counts["denominator"]]["moves_with"] == []
    assert found["groups"]["sex"]["moves_with"] == [] and found["groups"]["age"][
        "moves_with"
    ] == ["start"]


def test_one_group_under_two_names():
    found, _ = known(
        groups={"a": {"sex": patients.sex}, "b": {"gender": patients.sex}}, a=few, b=few
    )
    assert (
        found["groups"]["sex"]["same_as"]
        == found["groups"]["gender"]["same_as"]
        == "gender"
    )
    assert found["groups"]["sex"]["id"] == found["groups"]["gender"]["id"]


def test_a_group_that_is_defined_otherwise_has_another_id():
    ids = {
        known(groups={"a": {"band": age < bound}}, a=few)[0]["groups"]["band"]["id"]
        for bound in (30, 30, 60)
    }
    assert len(ids) == 2


def test_structure_is_plain_and_the_same_every_time():
    one, other = (known(a=few, b=many)[0] for _ in range(2))
    assert json.dumps(one) == json.dumps(other)


def test_weeks_beside_their_month_never_exceed_it_nor_fall_short_of_it():
    """Static denominator: week <= month <= sum of the weeks, in the released numbers,
    for every key.
    """
    _, measures = known(groups={"by": {"sex": patients.sex}}, all=few, by=few)
    intervals = [*WEEKS, LAST, JULY]
    structure = structure_of(measures)
    found = structure.as_json()
    sizes = {
        week: number
        for number, week in zip((23, 4, 17, 9, 31), [*WEEKS, LAST], strict=True)
    } | {JULY: 52}
    rows = []
    for interval in intervals:
        for sex, share in (("female", 0.4), ("male", 0.6)):
            count = round(sizes[interval] * share)
            rows.append(_row("by", interval, count, 150, sex))
        rows.append(
            _row("all", interval, sum(row["numerator"] for row in rows[-2:]), 300)
        )
    groups = counting.group_types(measures)
    shapes = [
        MeasureShape(
            m.name, tuple(m.group_by), tuple(sorted(intervals)), is_proportion=True
        )
        for m in measures
    ]
    raw = gather(
        [pa.Table.from_pylist(rows, schema=raw_schema(groups))], shapes, groups
    )
    for number in range(30):
        made = protection(
            raw, "controlled", Setting(structure, Key(bytes([number]) * 32))
        )
        table = next(entry for entry in made.entries if entry["kind"] == "tables")
        assert table
        values = {
            key: table["values"]
            for entry in made.entries[:-1]
            for key, table in entry["tables"].items()
        }
        for cells in (found["groups"]["sex"]["id"], ""):
            numerator = found["measures"]["all"]["counts"]["numerator"]
            shown = {i: values[f"{numerator}|{cells}|{i[0]}|{i[1]}"] for i in intervals}
            for cell in shown[JULY]:
                assert all(
                    shown[week].get(cell, 0) <= shown[JULY][cell] for week in WEEKS
                )
                assert shown[JULY][cell] <= sum(
                    shown[week].get(cell, 0) for week in [*WEEKS, LAST]
                )
        denominators = {
            key: cells for key, cells in values.items() if key.endswith("||")
        }
        # one table by sex and one total, for all six intervals
        assert len(denominators) == 2


def _row(measure, interval, numerator, denominator, sex=None):
    counts = {"numerator": numerator, "denominator": denominator}
    people = {f"{name}_patients": count for name, count in counts.items()}
    ends = {"interval_start": interval[0], "interval_end": interval[1]}
    return {
        "measure": measure,
        **ends,
        "group_by": "sex" if sex else "",
        "sex": sex,
        **counts,
        **people,
    }


def test_codelists_are_part_of_what_a_count_means(tmp_path):
    (tmp_path / "a.csv").write_text("code\n111111\n222222\n", encoding="utf-8")
    listed = codelist_from_csv(str(tmp_path / "a.csv"), column="code")
    assert within(
        small=few,
        large=here.where(here.snomedct_code.is_in(listed)).exists_for_patient(),
    )["small"] == ["large"]
