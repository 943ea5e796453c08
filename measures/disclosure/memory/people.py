"""What a site remembers of sets of people: which number each was shown with.

The site's ledger is a chain like a study's, sealed with the key, and shared by all
studies, workspaces and names under that key. So a copy of a study finds its numbers
taken, and cannot draw others.
"""

from collections.abc import Iterable, Mapping

from extractors.errors import DisclosureRefused
from measures.disclosure.memory.entries import COMMIT, PEOPLE, Entry
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.ledger import Memory
from measures.disclosure.memory.packing import Packed, packed

# By fingerprint; None: by a rule that gives the same people the same number anyway.
Numbers = Mapping[int, int | None]


def refuse_other_policy(site: Memory, people: Iterable[int], policy: str) -> None:
    """Raises DisclosureRefused for people who were counted under another policy
    before.
    """
    others = {site.people[each].policy for each in people if each in site.people} - {
        policy
    }
    if others:
        raise DisclosureRefused(
            "This site has released counts of some of the same people under "
            f"{', '.join(sorted(others))}; releasing them under {policy} as well "
            "would round the same counts in two ways. Run with the policy that they "
            "were released under."
        )


def numbers_of(site: Memory) -> dict[int, int]:
    """The numbers that the site has shown, by the fingerprint of the people."""
    return {
        each: old.number for each, old in site.people.items() if old.number is not None
    }


def numbers_by_time(site: Memory) -> dict[str, dict[int, int]]:
    """The same by the time at which they were counted, as a table's key has it."""
    found: dict[str, dict[int, int]] = {}
    for time, numbers in site.people_at.items():
        found[time] = {
            each: number for each, number in numbers.items() if number is not None
        }
    return found


def people_entries(
    site: Memory, numbers: Mapping[str, Numbers], *, policy: str, key: Key
) -> list[Entry]:
    """What the site has to remember of a release before it is written; nothing if it
    knows all of it.

    `numbers`: by the time of a table, the numbers of those who are counted in it.
    """
    marks = {"release": site.releases + 1, "policy": policy, "key": key.id}
    times: dict[str, Packed] = {}
    for time in sorted(numbers):
        known = site.people_at.get(time, {})
        fresh = {}
        for each, number in numbers[time].items():
            if each not in known:
                fresh[each] = number
        if fresh:
            times[time] = packed(fresh)
    if not times:
        return []
    return [{"kind": PEOPLE, **marks, "times": times}, {"kind": COMMIT, **marks}]
