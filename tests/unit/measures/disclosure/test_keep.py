"""Numbers that stay as they were released, and what is said of those that changed
since.
"""

import pytest

from measures.disclosure.control import protection
from measures.disclosure.memory.ledger import Ledger
from measures.disclosure.memory.setting import Setting
from tests.lib.people_counts import Person
from tests.lib.releases import KEY, people, rows, run, study
from tests.lib.structures import structure_from


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger" / "ledger.jsonl"


@pytest.mark.parametrize("policy", ["controlled", "opensafely", "midpoint6"])
def test_unchanged_input_gives_the_same_numbers_and_adds_nothing(path, policy):
    first = run(path, study(people(90)), policy)
    before = path.read_bytes()
    again = run(path, study(people(90)), policy)
    assert again.released.table.equals(
        first.released.table
    ) and again.released.reasons.equals(first.released.reasons)
    assert again.released.notes == first.released.notes
    assert path.read_bytes() == before and again.entries == []


@pytest.mark.parametrize("policy", ["controlled", "opensafely", "midpoint6"])
def test_changed_input_keeps_the_old_numbers_and_is_reported(path, policy):
    first = run(path, study(people(90)), policy)
    extra = [Person({"sex": "x", "age": "a"}, [1, -1, -1])] * 40
    changed = run(path, study(people(90) + extra), policy)
    known = {
        (r["measure"], r["interval_start"], r["sex"], r["age"]): r for r in rows(first)
    }
    for row in rows(changed):
        old = known.get((row["measure"], row["interval_start"], row["sex"], row["age"]))
        assert row == old if old else row["numerator"] in (None, 0)
    found = changed.released.revisions.to_pylist()
    assert {row["interval_start"] for row in found} == {
        rows(first)[0]["interval_start"]
    }
    assert {(row["changed"], row["outcome"]) for row in found} == {
        ("the records", "the released numbers stay")
    }
    assert (
        changed.released.notes["ledger"]["intervals_changed_since_and_kept_as_released"]
        == 1
    )


def test_later_weeks_are_added_to_frozen_ones(path):
    drawn = people(150)
    first = run(path, study(drawn, weeks=2))
    both = run(path, study(drawn, weeks=3))
    assert rows(both, 2) == rows(first) and len(rows(both)) > len(rows(first))
    assert len(both.released.revisions) == 0


def test_a_new_measure_fits_the_numbers_that_are_frozen(path):
    drawn = people(150)
    first = run(path, study(drawn, groupings=((), ("sex",))))
    more = run(path, study(drawn, nested=2))
    new = {
        tuple(row[name] for name in ("measure", "interval_start", "sex")): row
        for row in rows(more)
    }
    for row in rows(first):
        assert {
            **new[row["measure"], row["interval_start"], row["sex"]],
            "age": None,
        } == {**row, "age": None}


def test_revise_gives_new_numbers_and_shows_the_auditor_the_old(path):
    first = run(path, study(people(90)))
    more = people(90) + [Person({"sex": "f", "age": "a"}, [1, 1, 1])] * 25
    revised = run(path, study(more), revise=True)
    assert rows(revised) != rows(first)
    assert [table.to_pylist() for table in revised.earlier] == [rows(first)]
    assert {row["outcome"] for row in revised.released.revisions.to_pylist()} == {
        "released anew"
    }
    again = run(path, study(more))
    assert rows(again) == rows(revised) and again.released.revisions.equals(
        revised.released.revisions
    )
    assert len(again.earlier) == 1  # an attacker still has the first release


def test_a_changed_definition_is_a_change_too(path):
    first = run(path, study(people(90)))
    other = study(people(90, seed=2))
    structure = other.structure_json()
    structure["counts"]["other"] = structure["counts"].pop("n0")
    for measure in structure["measures"].values():
        measure["counts"]["numerator"] = "other"
    setting = Setting(structure_from(structure), KEY, memory=Ledger(path, KEY).memory)
    made = protection(other.raw(), "controlled", setting)
    assert rows(made) == rows(first)
    revisions = made.released.revisions
    assert revisions is not None and {
        row["changed"] for row in revisions.to_pylist()
    } == {"the definition"}


@pytest.mark.parametrize("revise", [False, True])
def test_revisions_do_not_tell_which_measure_a_correction_was_about(path, revise):
    """One person's second flag is corrected in one week: of two nested measures by two
    groups just one changes.
    """
    drawn = people(90)
    run(path, study(drawn, nested=2), revise=revise)
    # has the first, not the second
    place = next(i for i, person in enumerate(drawn) if person.level[0] == 1)
    corrected = [
        *drawn[:place],
        Person(drawn[place].groups, [2, *drawn[place].level[1:]]),
        *drawn[place + 1 :],
    ]
    changed = run(
        path, study(corrected, nested=2), revise=revise
    ).released.revisions.to_pylist()
    weeks = {row["interval_start"] for row in changed}
    assert len(weeks) == 1 and len(changed) == 2 * 3
    assert len({(row["changed"], row["outcome"]) for row in changed}) == 1
