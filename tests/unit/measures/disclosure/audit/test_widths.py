"""What the auditor, who shares no code with the rounding, finds in releases of any
people: nothing below one base.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.disclosure.audit import audit
from measures.disclosure.control import protect
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.setting import Setting
from tests.lib.people_counts import CountsOf, Person
from tests.lib.tied_tables import BASE, ONE_WAY, crowd, keyed, people


def width(study: CountsOf, key: Key) -> float:
    """The fewest possible counts of any cell, every range found exactly; all findings
    refuse.
    """
    released = protect(study.raw(), "controlled", Setting(study.structure(), key)).table
    found = audit(
        [released], study.structure_json(), "controlled", settings={"exhaustive": True}
    )
    assert found.passed and not found.findings and not found.contradictions, (
        found.refusals
    )
    return BASE if found.narrowest is None else found.narrowest


@settings(max_examples=15)
@given(people(1), st.integers(0, 2**64))
def test_every_count_of_a_release_keeps_a_base_of_possible_values(drawn, number):
    assert width(CountsOf(drawn, ONE_WAY, nested=2), keyed(number)) >= BASE


@settings(max_examples=15)
@given(people(1), st.integers(0, 2**64))
def test_so_do_sums_of_events(drawn, number):
    assert width(CountsOf(drawn, ONE_WAY, nested=1, events=True), keyed(number)) >= BASE


def late() -> list[Person]:
    return [Person({"sex": "f"}, [1, 1])] * 23 + [Person({"sex": "x"}, [-1, 1])] * 3


ODD: dict[str, tuple[list[Person], dict[str, Any]]] = {
    "nobody": ([], {}),
    "one person": (crowd({"f": 1}, level=1), {}),
    "tiny, all of them": (crowd({"f": 3, "m": 2}, level=1), {}),
    "all zero": (crowd({"f": 30, "m": 20}), {}),
    "multiples": (crowd({"f": 10, "m": 20, "x": 30}, level=1), {}),
    "missing category": (crowd({None: 4, "f": 13}, level=1), {}),
    "appears midway": (late(), {"weeks": 2}),
    "120 groups": (crowd({f"region {n}": n % 13 for n in range(120)}, level=1), {}),
}


@pytest.mark.parametrize("odd", ODD)
def test_odd_populations_keep_it_too(odd):
    drawn, more = ODD[odd]
    for number in range(3):
        assert width(CountsOf(drawn, [(), ("sex",)], **more), keyed(number)) >= BASE


def test_many_people_of_many_shapes():
    chance = np.random.default_rng(3)
    drawn = [
        Person({"age": "abcd"[chance.integers(4)], "region": "xyz"[chance.integers(3)], "sex": "fm"[n % 2]},
               [int(chance.integers(0, 4))]) for n in range(260)
    ]  # fmt: skip
    assert width(CountsOf(drawn, ONE_WAY, nested=3), keyed(8)) >= BASE


@pytest.mark.parametrize("number", range(12))
def test_rows_of_groups_do_not_count_their_people(number):
    """109 groups of one person each: were all of them there, a total of at most 109
    would leave one person in each.

    Only groups that rounding gives some people are, and those have 1 to 19 people for
    all that anybody knows.
    """
    study = CountsOf(
        crowd({f"region {n:03}": 1 for n in range(109)}, level=1), [(), ("sex",)]
    )
    released = protect(
        study.raw(), "controlled", Setting(study.structure(), keyed(number))
    ).table.to_pylist()
    (total,) = {row["denominator"] for row in released if not row["group_by"]}
    groups = {row["sex"] for row in released if row["group_by"]}
    assert len(groups) == total // BASE
    assert all(row["denominator"] is None for row in released if row["group_by"])


def test_a_group_is_there_in_all_weeks_if_it_is_in_one():
    study = CountsOf(late() + [Person({"sex": "m"}, [-1, 1])] * 19, [("sex",)], weeks=2)
    for number in range(12):
        released = protect(
            study.raw(), "controlled", Setting(study.structure(), keyed(number))
        ).table.to_pylist()
        by_sex = {sex: [row for row in released if row["sex"] == sex] for sex in "fmx"}
        assert len(by_sex["f"]) == len(by_sex["m"]) == 2
        assert len(by_sex["x"]) in (0, 2)
