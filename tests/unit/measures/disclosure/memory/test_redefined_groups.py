"""A group is what its series is: defined otherwise it is another one, and under another
name the same.
"""

import pyarrow as pa
import pytest

from extractors.errors import DisclosureRefused
from measures.disclosure.control import protection
from measures.disclosure.memory.ledger import Ledger
from measures.disclosure.memory.setting import Setting
from measures.disclosure.policy_steps import NOT_THEN
from tests.lib.people_counts import Person
from tests.lib.releases import KEY, people, study
from tests.lib.structures import structure_from

CROSSED = ((), ("sex",), ("age", "sex"))
STAYS, ANEW = "the released numbers stay", "released anew"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.jsonl"


def run(path, counts, ids, policy="controlled", kind=None, **wanted):
    """A release of groups with these ids."""
    structure, ledger = counts.structure_json(), Ledger(path, KEY)
    for name, group in structure["groups"].items():
        group["id"] = ids[name]
    setting = Setting(structure_from(structure), KEY, memory=ledger.memory, **wanted)
    made = protection(counts.raw(kind), policy, setting)
    ledger.append(made.entries)
    return made


def rows(table, renamed=None):
    """By interval, cell and measure, whatever the groups are called."""
    names = {"sex": "sex", "age": "age", **(renamed or {})}
    return {
        (r["interval_start"], r[names["sex"]], r.get(names["age"]), r["group_by"].count("+")):
        (r["numerator"], r["denominator"])
        for r in table.to_pylist()
    }  # fmt: skip


def regrouped(drawn, label=lambda age: {"a": "b", "b": "a"}.get(age, age)):
    """The same people in other groups of age."""
    return [
        Person({**person.groups, "age": label(person.groups["age"])}, person.level)
        for person in drawn
    ]


# sorted before the id of sex, or after it
@pytest.mark.parametrize("other", ["0", "9"])
def test_a_group_of_another_definition_is_a_changed_definition(path, other):
    drawn = people(400)
    first = run(path, study(drawn, groupings=CROSSED), {"sex": "5", "age": "1"})
    again = run(
        path, study(regrouped(drawn), groupings=CROSSED), {"sex": "5", "age": other}
    )
    assert rows(again.released.table) == rows(first.released.table)
    found = again.released.revisions.to_pylist()
    assert {(row["measure"], row["changed"], row["outcome"]) for row in found} == {
        ("n0_age_sex", "the definition", STAYS)
    }
    assert not again.earlier and not again.entries


@pytest.mark.parametrize("other", ["0", "9"])
def test_revised_it_has_new_numbers_which_are_audited_with_the_old(path, other):
    drawn = people(400)
    first = run(path, study(drawn, groupings=CROSSED), {"sex": "5", "age": "1"})
    again = run(
        path,
        study(regrouped(drawn), groupings=CROSSED),
        {"sex": "5", "age": other},
        revise=True,
    )
    assert rows(again.released.table) != rows(first.released.table)
    [earlier] = again.earlier
    assert rows(earlier) == rows(first.released.table)


def relabelled(drawn):
    """The same people in bands of age that are called otherwise, and some more in one
    of them.
    """
    return (
        regrouped(drawn, lambda age: f"new {age}")
        + [Person({"sex": "f", "age": "new a"}, [1, 1, 1])] * 30
    )


def test_the_numbers_of_groups_with_other_labels_stay(path):
    drawn = people(400)
    first = run(path, study(drawn, groupings=CROSSED), {"sex": "5", "age": "1"})
    again = run(
        path, study(relabelled(drawn), groupings=CROSSED), {"sex": "5", "age": "2"}
    )
    assert rows(again.released.table) == rows(first.released.table), (
        "the new bands have no rows of their own"
    )


def test_new_labels_begin_where_nothing_was_released(path):
    drawn = people(400)
    first = run(
        path, study(drawn, groupings=CROSSED, weeks=2), {"sex": "5", "age": "1"}
    )
    again = run(
        path,
        study(regrouped(drawn, lambda age: f"new {age}"), groupings=CROSSED),
        {"sex": "5", "age": "2"},
    )
    table, last = (
        again.released.table.to_pylist(),
        max(r["interval_start"] for r in again.released.table.to_pylist()),
    )
    crossed = [row for row in table if row["group_by"] == "age+sex"]
    status = {
        (row["interval_start"] == last, row["age"].startswith("new")): row["status"]
        for row in crossed
    }
    assert status == {
        (False, False): "released",
        (False, True): "withheld",
        (True, False): "redacted",
        (True, True): "released",
    }
    old = rows(first.released.table)
    assert {
        place: counts
        for place, counts in rows(again.released.table).items()
        if place in old
    } == old
    reasons = again.released.reasons.to_pylist()
    assert {
        reasons[i]["denominator"]
        for i, row in enumerate(table)
        if row["status"] == "withheld"
    } == {NOT_THEN}


@pytest.mark.parametrize("policy", ["opensafely", "midpoint6"])
def test_of_new_labels_no_policy_says_that_there_was_nobody(path, policy):
    drawn = people(400)
    run(path, study(drawn, groupings=CROSSED), {"sex": "5", "age": "1"}, policy)
    again = run(
        path,
        study(relabelled(drawn), groupings=CROSSED),
        {"sex": "5", "age": "2"},
        policy,
    )
    new = [
        row
        for row in again.released.table.to_pylist()
        if (row["age"] or "").startswith("new")
    ]
    assert new and {
        (row["numerator"], row["denominator"], row["status"]) for row in new
    } == {(None, None, "withheld")}


def test_revised_all_that_was_said_of_other_labels_is_audited_with_the_new(path):
    drawn = people(400)
    first = run(path, study(drawn, groupings=CROSSED), {"sex": "5", "age": "1"})
    again = run(
        path,
        study(relabelled(drawn), groupings=CROSSED),
        {"sex": "5", "age": "2"},
        revise=True,
    )
    [earlier] = again.earlier
    old, then = rows(first.released.table), rows(earlier)
    assert {place: then[place] for place in old} == old
    assert {counts for place, counts in then.items() if place not in old} == {
        (None, None)
    }


def test_labels_of_another_type_need_another_name(path):
    drawn = people(400)
    run(path, study(drawn, groupings=[("age",)]), {"age": "1"})
    numbered = study(regrouped(drawn, "abc".index), groupings=[("age",)])
    with pytest.raises(
        DisclosureRefused,
        match=r"n0_age \(age\) had values of another type .* a new name",
    ):
        run(path, numbered, {"age": "2"}, kind=pa.int64())


def test_a_group_under_another_name_is_the_same(path):
    drawn = people(400)
    first = run(path, study(drawn, groupings=CROSSED), {"sex": "5", "age": "1"})
    called = [
        Person({"gender": p.groups["sex"], "born": p.groups["age"]}, p.level)
        for p in drawn
    ]
    groupings = ((), ("gender",), ("born", "gender"))
    again = run(path, study(called, groupings=groupings), {"gender": "5", "born": "1"})
    assert rows(again.released.table, {"sex": "gender", "age": "born"}) == rows(
        first.released.table
    )


def test_names_that_were_swapped_name_the_same_tables(path):
    drawn = people(400)
    first = run(path, study(drawn, groupings=CROSSED[2:]), {"sex": "5", "age": "1"})
    swapped = [
        Person({"sex": p.groups["age"], "age": p.groups["sex"]}, p.level) for p in drawn
    ]
    again = run(path, study(swapped, groupings=CROSSED[2:]), {"sex": "1", "age": "5"})
    assert rows(again.released.table, {"sex": "age", "age": "sex"}) == rows(
        first.released.table
    )
