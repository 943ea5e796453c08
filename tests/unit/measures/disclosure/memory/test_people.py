"""What a site remembers of sets of people, and what it does with it in another
study.
"""

import pytest

from extractors.errors import DisclosureRefused
from measures.disclosure.control import protection
from measures.disclosure.memory.entries import COMMIT, PEOPLE
from measures.disclosure.memory.ledger import Ledger, Memory, OldPeople
from measures.disclosure.memory.packing import unpacked
from measures.disclosure.memory.people import (
    numbers_by_time,
    numbers_of,
    people_entries,
    refuse_other_policy,
)
from measures.disclosure.memory.setting import Setting
from tests.lib import releases
from tests.lib.people_counts import CountsOf
from tests.lib.tied_tables import keyed


def released(
    site, counts, policy="controlled", key=releases.KEY, memory=None, **wanted
):
    """A release of a study in a workspace of its own; the site remembers it."""
    setting = Setting(
        counts.structure(), key, memory=memory or Memory(), site=site.memory, **wanted
    )
    made = protection(counts.raw(), policy, setting)
    site.append(made.site)
    return made


def numbers(made):
    return [
        (row["numerator"], row["denominator"])
        for row in made.released.table.to_pylist()
    ]


@pytest.fixture
def site(tmp_path):
    return Ledger(tmp_path / "people.jsonl", releases.KEY)


@pytest.fixture
def counts():
    return releases.study(releases.people(150))


class Copied(CountsOf):
    """The same counts under other ids, as of other words that ask for the same
    people.
    """

    def structure_json(self):
        plain = super().structure_json()
        renamed = {old: f"copy of {old}" for old in plain["counts"]}
        for each in plain["counts"].values():
            each["within"] = [renamed[other] for other in each["within"]]
        for each in plain["measures"].values():
            each["counts"] = {
                part: renamed[old] for part, old in each["counts"].items()
            }
        plain["counts"] = {renamed[old]: each for old, each in plain["counts"].items()}
        return plain


def copied(counts):
    return Copied(
        counts.people, counts.groupings, weeks=counts.weeks, nested=counts.nested
    )


def test_a_copy_in_other_words_draws_anew_without_the_sites_ledger(tmp_path, counts):
    """What the ledger is for: else every copy tells a bit more."""
    found = {str(numbers(released(Ledger(tmp_path / f"{n}.jsonl", releases.KEY), each)))
             for n, each in enumerate((counts, copied(counts)))}  # fmt: skip
    assert len(found) == 2


def test_a_copy_in_other_words_shows_the_same_numbers(site, counts):
    first = released(site, counts)
    assert numbers(released(site, copied(counts))) == numbers(first)
    assert not released(site, copied(counts)).site, "nothing is new"


def test_the_ledger_is_read_again_as_it_was_written(site, counts):
    first = released(site, counts)
    again = Ledger(site.path, releases.KEY)
    assert again.memory.people == site.memory.people and again.memory.releases == 1
    assert numbers(released(again, copied(counts))) == numbers(first)


def test_a_ledger_that_was_changed_is_refused(site, counts):
    released(site, counts)
    text = site.path.read_text(encoding="utf-8")
    site.path.write_text(
        text.replace('"controlled T=7 base=10"', '"controlled T=7 base=15"', 1),
        encoding="utf-8",
    )
    with pytest.raises(DisclosureRefused, match="not as it was written"):
        Ledger(site.path, releases.KEY)


def test_no_true_count_is_in_the_ledger(site, counts):
    made = released(site, counts, "opensafely")
    assert _numbers_in(made.site) == {None}
    made = released(Ledger(site.path.with_name("other.jsonl"), releases.KEY), counts)
    assert {number % 10 for number in _numbers_in(made.site)} == {0}


def _numbers_in(entries):
    (people,) = entries[:-1]
    found: set[int | None] = set()
    for together in people["times"].values():
        found.update(unpacked(together).values())
    return found


@pytest.mark.parametrize(
    "policies", [("controlled", "opensafely"), ("opensafely", "controlled")]
)
def test_the_same_people_under_another_policy_are_refused(site, counts, policies):
    released(site, counts, policies[0])
    with pytest.raises(
        DisclosureRefused, match=f"some of the same people under {policies[0]}"
    ):
        released(site, copied(counts), policies[1])
    assert not released(site, counts, policies[0]).site


def test_other_people_may_have_another_policy(site):
    released(site, releases.study(releases.people(150)[:70]))
    assert released(
        site, releases.study(releases.people(40, seed=3)), "opensafely"
    ).site


def test_a_study_that_was_released_before_there_was_a_ledger_tells_its_numbers(
    tmp_path, site, counts
):
    """Its frozen numbers are those of its people, as far as nothing has changed
    since.
    """
    before = releases.run(tmp_path / "study.jsonl", counts)
    memory = Ledger(tmp_path / "study.jsonl", releases.KEY).memory
    again = released(site, counts, memory=memory)
    assert numbers(again) == numbers(before) and again.site
    assert numbers(released(site, copied(counts))) == numbers(before)


def test_made_up_records_leave_nothing(counts):
    made = protection(
        counts.raw(),
        "controlled",
        Setting(counts.structure(), releases.KEY, made_up=True),
    )
    assert not made.site and "site" not in made.entries[-1]


def test_the_study_notes_how_far_the_sites_ledger_was(site, counts):
    assert released(site, counts).entries[-1]["site"] == 1
    assert (
        released(site, releases.study(releases.people(30, seed=4))).entries[-1]["site"]
        == 2
    )


def test_entries_hold_what_is_new_at_their_time_alone():
    week, later = "2019-04-01..2019-04-07", "2019-04-08..2019-04-14"
    known = Memory(people={7: OldPeople(10, "controlled")}, people_at={week: {7: 10}})
    assert (
        people_entries(known, {week: {7: 10}}, policy="controlled", key=keyed(1)) == []
    )
    numbers = {week: {7: 10, 9: 30}, later: {7: 10}}
    entry, commit = people_entries(known, numbers, policy="controlled", key=keyed(1))
    assert entry["kind"] == PEOPLE and commit["kind"] == COMMIT
    assert entry["times"] == {week: {"30": f"{9:016x}"}, later: {"10": f"{7:016x}"}}
    again = Memory().add([entry])
    assert numbers_of(again) == {9: 30, 7: 10}
    assert numbers_by_time(again) == {week: {9: 30}, later: {7: 10}}


def test_whom_the_site_does_not_know_no_policy_is_refused():
    refuse_other_policy(
        Memory(people={7: OldPeople(None, "opensafely")}), [8], "controlled"
    )
