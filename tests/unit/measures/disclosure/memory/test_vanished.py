"""Groups that were released and in which nobody is any more."""

import pytest

from measures.disclosure.audit import audit
from measures.disclosure.memory.ledger import Ledger
from measures.disclosure.memory.setting import Setting
from measures.disclosure.memory.vanished import with_vanished
from tests.lib.people_counts import Person
from tests.lib.releases import KEY, people, rows, run, study


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger" / "ledger.jsonl"


@pytest.mark.parametrize("policy", ["controlled", "opensafely", "midpoint6"])
def test_a_group_that_all_have_left_keeps_its_numbers(path, policy):
    """Else its rows would be gone, the others would not add up to the total, and the
    audit would refuse them.
    """
    gone = [Person({"sex": "x", "age": "a"}, [1, -1, 0])] * 40
    first = run(path, study(people(90) + gone, weeks=2), policy)
    again = run(path, study(people(90), weeks=2), policy)
    assert again.released.table.equals(first.released.table)
    assert audit(
        [again.released.table], study(people(90)).structure_json(), policy
    ).passed
    later = run(path, study(people(90)), policy)
    assert rows(later, weeks=2) == rows(first)
    new = [
        row
        for row in rows(later)
        if row not in rows(later, weeks=2) and row["sex"] == "x"
    ]
    assert {row["numerator"] for row in new} <= {None, 0} and len(new) == 1, (
        "the grid stays complete"
    )


def test_a_group_that_was_released_gets_rows_of_nobody(path):
    gone = [Person({"sex": "x", "age": "a"}, [1])] * 40
    run(path, study(people(90, weeks=1) + gone, weeks=1))
    left = study(people(90, weeks=1), weeks=1)
    setting = Setting(left.structure(), KEY, memory=Ledger(path, KEY).memory)
    before, after = left.raw(), with_vanished(left.raw(), setting)
    new = [row for row in after.table.to_pylist() if row["sex"] == "x"]
    assert [(row["numerator"], row["denominator"]) for row in new] == [(0, 0)]
    assert len(after.table) == len(before.table) + 1


def test_nothing_is_added_where_nothing_was_released():
    raw = study(people(90)).raw()
    assert with_vanished(raw, Setting()) is raw
    assert with_vanished(raw, Setting(study(people(90)).structure(), KEY)) is raw
