"""Groups that an earlier release named stay named."""

import datetime

import pyarrow as pa
import pytest

from measures.disclosure.audit import audit
from measures.disclosure.control import protection
from measures.disclosure.memory.ledger import Ledger
from measures.disclosure.memory.setting import Setting
from tests.lib.people_counts import CountsOf, Person
from tests.lib.releases import KEY
from tests.lib.structures import structure_from

# too few for a name; the most that are
SMALL = {"controlled": 10, "opensafely": 7, "midpoint6": 12}
POLICIES = list(SMALL)
GROUPINGS = [(), ("practice",), ("practice", "sex")]
SAID = {
    "practice": {"labels": [], "open": True},
    "sex": {"labels": ["f", "m"], "open": False},
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.jsonl"


def people(*crowds):
    """(practice, so many people in the first week, in the second, in the third)."""
    drawn = []
    for practice, *sizes in crowds:
        for n in range(max(sizes)):
            level = [1 if n < size else -1 for size in sizes]
            drawn.append(Person({"sex": "m", "practice": practice}, level))
    return drawn


def structure_of(counts, ids=None):
    structure = counts.structure_json()
    for name, group in structure["groups"].items():
        group.update(SAID[name], id=(ids or {}).get(name, name))
    return structure


def run(path, counts, policy="controlled", kind=None, ids=None, **wanted):
    structure, ledger = structure_of(counts, ids), Ledger(path, KEY)
    setting = Setting(structure_from(structure), KEY, memory=ledger.memory, **wanted)
    made = protection(counts.raw(kind), policy, setting)
    ledger.append(made.entries)
    before = made.released.notes.get("named_before", [])
    found = audit(
        [*made.earlier, made.released.table], structure, policy, named_before=before
    )
    assert not [each for each in found.findings if each.kind == "few are named"]
    assert not found.contradictions
    return made


def names(made, group="practice"):
    return {
        row[group]
        for row in made.released.table.to_pylist()
        if row["group_by"] == group
    }


LATER = CountsOf([], []).intervals[1:]


def later_weeks(drawn, weeks):
    """The same people in the weeks after the first, as a run with --from counts
    them.
    """
    moved = [Person(each.groups, each.level[1:]) for each in drawn]
    return CountsOf(moved, GROUPINGS, weeks=weeks, intervals=LATER)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_group_that_has_become_small_keeps_its_name(path, policy):
    drawn = people(("a", 40, SMALL[policy], SMALL[policy]), ("b", 60, 60, 60))
    first = run(path, CountsOf(drawn, GROUPINGS, weeks=1), policy)
    assert names(first) == {"a", "b"}
    alone = run(path.with_name("another"), later_weeks(drawn, 1), policy)
    assert names(alone) == {"b"}, "its week alone would not name it"
    later = run(path, later_weeks(drawn, 1), policy)
    assert names(later) == {"a", "b"}
    assert later.released.notes["named_before"] == [
        {"group_by": "practice", "groups": {"practice": "a"}},
        {"group_by": "practice+sex", "groups": {"practice": "a", "sex": "m"}},
    ]


@pytest.mark.parametrize("policy", POLICIES)
def test_a_name_before_is_told_only_where_the_numbers_do_not_say_it(path, policy):
    drawn = people(("a", 40, SMALL[policy]), ("b", 60, 60))
    run(path, CountsOf(drawn, GROUPINGS, weeks=1), policy)
    both = run(path, CountsOf(drawn, GROUPINGS, weeks=2), policy)
    once = run(path.with_name("another"), CountsOf(drawn, GROUPINGS, weeks=2), policy)
    assert names(both) == {"a", "b"}
    assert "named_before" not in both.released.notes
    assert both.released.table.equals(once.released.table)


def test_without_the_manifest_the_auditor_refuses_such_a_name(path):
    drawn = people(("a", 40, 10), ("b", 60, 60))
    run(path, CountsOf(drawn, GROUPINGS, weeks=1))
    later = run(path, later_weeks(drawn, 1))
    found = audit(
        [later.released.table], structure_of(later_weeks(drawn, 1)), "controlled"
    )
    assert (
        not found.passed
        and "names that the definition does not say" in found.refusals[0]
    )


@pytest.mark.parametrize("policy", POLICIES)
def test_revised_it_keeps_its_name_and_the_one_that_grew_gets_one(path, policy):
    first = run(
        path, CountsOf(people(("a", 40), ("b", 60), ("c", 2)), GROUPINGS), policy
    )
    assert names(first) == {"a", "b"}
    now = CountsOf(people(("a", 2), ("b", 60), ("c", 40)), GROUPINGS)
    kept = run(path, now, policy)
    assert kept.released.table.equals(first.released.table), (
        "frozen numbers, frozen names"
    )
    again = run(path, now, policy, revise=True)
    assert names(again) == {"a", "b", "c"}
    [earlier] = again.earlier
    told = {
        row["practice"] for row in earlier.to_pylist() if row["group_by"] == "practice"
    }
    assert told == {"a", "b"}, "nobody was told of c then"


@pytest.mark.parametrize("policy", POLICIES)
def test_a_group_that_all_have_left_keeps_its_name_and_an_unnamed_one_gets_none(
    path, policy
):
    first = run(
        path, CountsOf(people(("a", 40), ("b", 60), ("c", 2)), GROUPINGS), policy
    )
    again = run(path, CountsOf(people(("b", 60)), GROUPINGS), policy)
    assert again.released.table.equals(first.released.table)
    assert names(again) == {"a", "b"}


def test_whichever_way_the_ids_of_groups_are_sorted(path):
    drawn = people(("a", 40, 10), ("b", 60, 60))
    for ids in ({"practice": "1", "sex": "2"}, {"practice": "2", "sex": "1"}):
        ledger = path.with_name(f"ledger-{ids['sex']}")
        run(ledger, CountsOf(drawn, GROUPINGS, weeks=1), ids=ids)
        assert names(run(ledger, later_weeks(drawn, 1), ids=ids)) == {"a", "b"}


def test_dates_as_well(path):
    """The ledger writes them as text."""
    old, young = datetime.date(1950, 1, 1), datetime.date(1990, 1, 1)
    crowds = people((old, 40, 10), (young, 60, 60))
    drawn = [
        Person({"practice": each.groups["practice"]}, each.level) for each in crowds
    ]
    one, two = (CountsOf(drawn, GROUPINGS[:2], weeks=weeks) for weeks in (1, 2))
    assert names(run(path, one, kind=pa.date32())) == {old, young}
    assert names(run(path, two, kind=pa.date32())) == {old, young}
    moved = CountsOf(
        [Person(p.groups, p.level[1:]) for p in drawn], GROUPINGS[:2], intervals=LATER
    )
    assert names(run(path, moved, kind=pa.date32())) == {old, young}
