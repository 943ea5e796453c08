"""What the ledger says to the counts of a run."""

from datetime import date

import pytest

from extractors.errors import DisclosureRefused
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.ledger import Ledger, Memory
from measures.disclosure.memory.recall import RECORDS, Shown, check_key, recall
from measures.disclosure.memory.setting import Setting
from measures.disclosure.policies import POLICIES
from tests.lib.people_counts import Person
from tests.lib.releases import KEY, people, run, study


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger" / "ledger.jsonl"


def test_another_policy_or_key_for_what_was_released(path):
    run(path, study(people(90)))
    with pytest.raises(
        DisclosureRefused, match="released under controlled T=7 base=10"
    ):
        run(path, study(people(90)), "opensafely")
    with pytest.raises(DisclosureRefused, match="Put the old key"):
        run(path, study(people(90)), key=Key(bytes([7]) * 32))


def recalled(path, counts, policy="controlled", **wanted):
    setting = Setting(
        counts.structure(), KEY, memory=Ledger(path, KEY).memory, **wanted
    )
    return recall(
        counts.raw(), setting, POLICIES[policy].text, tied=policy == "controlled"
    )


def test_without_a_structure_there_is_nothing_to_compare():
    assert recall(study(people(9)).raw(), Setting(), "any", tied=True) is None


def test_a_first_run_keeps_nothing(path):
    found = recalled(path, study(people(40), weeks=1))
    assert not found.frozen and not found.kept and not found.changed
    assert len(found.rows) == 3 and {shown.grouping for shown in found.rows} == {
        "",
        "age",
        "sex",
    }
    shown = Shown("n0_sex", "sex", date(2019, 4, 1), date(2019, 4, 7))
    assert found.now[shown] == {
        "numerator": "n0|sex|2019-04-01|2019-04-07",
        "denominator": "all|sex|2019-04-01|",
    }


def test_all_shown_tables_of_an_unchanged_run_are_frozen(path):
    run(path, study(people(40)))
    found = recalled(path, study(people(40)))
    assert set(found.frozen) == set(found.layout.tables) and not found.changed


def test_one_person_changes_one_week_and_no_other(path):
    drawn = people(40)
    run(path, study(drawn))
    comes = Person({"sex": "f", "age": "a"}, [-1, 1, -1])
    found = recalled(path, study([*drawn, comes]))
    assert {shown.start for shown in found.changed} == {date(2019, 4, 8)}
    assert set(found.changed.values()) == {RECORDS}
    revised = recalled(path, study([*drawn, comes]), revise=True)
    missing = set(revised.layout.tables) - set(revised.frozen)
    assert {key.start for key in missing} == {"2019-04-08"}


def test_a_group_of_nobody_changes_nothing(path):
    """A group that appears in a later week has a cell in all weeks, of nobody."""
    drawn = people(40)
    run(path, study(drawn, weeks=1))
    later = Person({"sex": "x", "age": "a"}, [-1, 1, 1])
    found = recalled(path, study([*drawn, later], weeks=2))
    assert not found.changed


def test_each_by_itself_has_no_ties(path):
    assert recalled(path, study(people(40)), "opensafely").ties is None
    assert recalled(path, study(people(40))).ties is not None


def test_another_key_is_refused():
    memory = Memory(commits=[{"kind": "commit", "key": KEY.id}])
    check_key(memory, KEY)
    check_key(Memory(), Key(bytes(32)))
    with pytest.raises(DisclosureRefused, match="Put the old key"):
        check_key(memory, Key(bytes(32)))
