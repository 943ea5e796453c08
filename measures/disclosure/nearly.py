"""Nearly the same people: two counts of one interval that lack one person of each
other.

Were they shown with two numbers, then a reader who knows that they are the same but for
one person would know that this person is in one of them: everybody, and everybody but Ann
if she has a diagnosis. So they show one number. Counts whose difference everybody knows
of are left alone: a part and its whole, a cell and its margin. So are counts of one
base at most, which no reader sees.

Where a chain of such counts (of 11, 12, 13 … people) leaves no number for all, it is
cut, and the count behind the cut is withheld.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, product
from typing import NamedTuple

import numpy as np

from measures.disclosure.bound import NO_PEOPLE, Numbers
from measures.disclosure.tables.layout import Interval, Layout, TableKey

# Differences of fingerprints in memory at a time: 160 MB.
MOST_AT_ONCE = 20_000_000
# For differences of fingerprints: which of them are the hash of one person.
IsPerson = Callable[[np.ndarray], np.ndarray]
Known = Mapping[int, int]  # fingerprint -> number


class Pair(NamedTuple):
    """Two sets of people, the second with one person more."""

    fewer: int
    more: int


@dataclass(frozen=True, kw_only=True)
class Near:
    """What is nearly the same."""

    # by fingerprint, that of the people whose number they show; all others show their
    # own
    leader: Mapping[int, int] = field(default_factory=dict)
    # by the leader's fingerprint, the one number that suits all of them, where there is
    # just one
    numbers: Numbers = field(default_factory=dict)
    # people who cannot show the number of those who are nearly they
    unmet: frozenset[int] = frozenset()

    def led(self, people: np.ndarray) -> np.ndarray:
        """Fingerprints, those of the leaders in place of who follows them."""
        if not self.leader:
            return people
        led = [self.leader.get(each, each) for each in people.tolist()]
        return np.array(led, np.uint64)

    def numbers_of_all(self, numbers: Numbers) -> Numbers:
        """The numbers of leaders and of all others; none of people who are withheld."""
        found = numbers | {
            each: numbers[leader]
            for each, leader in self.leader.items()
            if leader in numbers
        }
        return {
            each: number for each, number in found.items() if each not in self.unmet
        }


def near_people(
    layout: Layout,
    base: int,
    *,
    known: Known,
    before: Mapping[str, Known],
    is_person: IsPerson,
) -> Near:
    """`known`: numbers that people have. `before`: those of other releases, by
    `TableKey.time`.
    """
    counts: dict[int, int] = {}
    old: dict[int, int] = {}
    asked: list[tuple[_Here, _Candidates]] = []
    for interval, here in _by_interval(layout):
        counts |= here.counts
        earlier: dict[int, int] = {}
        for each in times(interval):
            earlier |= before.get(each, {})
        earlier = {
            people: number
            for people, number in earlier.items()
            if people not in here.counts
        }
        old |= earlier
        fresh = {
            people: count
            for people, count in here.counts.items()
            if people not in known
        }
        asked += [(here, each) for each in _candidates_within(here.counts, base)]
        asked += [(here, each) for each in _candidates_with(fresh, earlier, base)]
    pairs: dict[Pair, None] = {}
    for here, found in _pairs(asked, is_person):
        pairs.update(
            dict.fromkeys(pair for pair in found if not here.are_tied(layout, pair))
        )
    return _joined(pairs, counts, {**old, **known}, base)


def times(interval: Interval) -> list[str]:
    """How the tables of an interval may be kept in the site's ledger
    (`TableKey.time`).
    """
    start, end = interval
    return [f"{start}..{end}", f"{start}..", f"..{end}", ".."]


@dataclass(frozen=True)
class _Here:
    """The people who are counted in an interval, by their fingerprints."""

    # how many people each fingerprint is of
    counts: dict[int, int]
    # the tables of the interval that count them
    tables: dict[int, list[TableKey]]

    def are_tied(self, layout: Layout, pair: Pair) -> bool:
        """Whether the definition says that one is a part of the other."""
        tables = product(
            self.tables.get(pair.fewer, ()), self.tables.get(pair.more, ())
        )
        return any(_is_part(layout, part, whole) for part, whole in tables)


def _is_part(layout: Layout, part: TableKey, whole: TableKey) -> bool:
    within = part.of == whole.of or whole.of in layout.structure.counts[part.of].within
    return within and set(whole.grouping) <= set(part.grouping)


def _by_interval(layout: Layout) -> Iterator[tuple[Interval, _Here]]:
    keys: dict[Interval, dict[TableKey, None]] = {}
    for (interval, count), groupings in layout.shown.items():
        of_count = [
            layout.key(count, grouping, interval) for grouping in {(), *groupings}
        ]
        keys.setdefault(interval, {}).update(
            dict.fromkeys(key for key in of_count if key in layout.tables)
        )
    for interval in sorted(keys):
        yield interval, _here(layout, keys[interval])


def _here(layout: Layout, keys: Iterable[TableKey]) -> _Here:
    here = _Here({}, {})
    for key in keys:
        for people, count in zip(
            layout.people[key].tolist(), layout.tables[key].tolist(), strict=True
        ):
            if people != NO_PEOPLE:
                here.counts[people] = count
                here.tables.setdefault(people, []).append(key)
    return here


class _Candidates(NamedTuple):
    """People of whom each of the first may lack one person of each of the second."""

    fewer: np.ndarray
    more: np.ndarray

    @property
    def size(self) -> int:
        return len(self.fewer) * len(self.more)

    @property
    def apart(self) -> np.ndarray:
        """All differences, modulo 2^64 as fingerprints are."""
        return (self.more[None, :] - self.fewer[:, None]).ravel()

    def at(self, places: np.ndarray) -> list[Pair]:
        """The pairs with these places in `apart`."""
        rows, columns = np.divmod(places, len(self.more))
        pairs = zip(self.fewer[rows].tolist(), self.more[columns].tolist(), strict=True)
        return [Pair(fewer, more) for fewer, more in pairs]

    def parts(self) -> Iterator["_Candidates"]:
        """The same in parts of at most about MOST_AT_ONCE differences."""
        rows = max(1, MOST_AT_ONCE // max(1, len(self.more)))
        for first in range(0, len(self.fewer), rows):
            yield _Candidates(self.fewer[first : first + rows], self.more)


def _candidates(fewer: Iterable[int], more: Iterable[int]) -> _Candidates:
    return _Candidates(
        np.array(sorted(fewer), np.uint64), np.array(sorted(more), np.uint64)
    )


def _candidates_within(counts: Mapping[int, int], base: int) -> Iterator[_Candidates]:
    """Counts that differ by one."""
    sizes: dict[int, list[int]] = {}
    for people, count in counts.items():
        sizes.setdefault(count, []).append(people)
    for count in sorted(sizes):
        if count > base and count - 1 in sizes:
            yield _candidates(sizes[count - 1], sizes[count])


def _candidates_with(
    fresh: Mapping[int, int], before: Known, base: int
) -> Iterator[_Candidates]:
    """With people of other releases, whose true count is not kept: it lies around
    their number.
    """
    numbers: dict[int, list[int]] = {}
    for people, number in before.items():
        numbers.setdefault(number, []).append(people)
    for number in sorted(numbers):
        new = [
            people
            for people, count in fresh.items()
            if abs(count - number) <= base < count
        ]
        if new:
            yield _candidates(numbers[number], new)
            yield _candidates(new, numbers[number])


def _pairs(
    asked: Iterable[tuple[_Here, _Candidates]], is_person: IsPerson
) -> Iterator[tuple[_Here, list[Pair]]]:
    """The candidates whose difference is a person.

    Each question reads the hashes of all people, so one question is about many
    differences.
    """
    for block in _blocks(asked):
        differences = [each.apart for _, each in block]
        found = is_person(np.concatenate(differences))
        ends = np.cumsum([len(each) for each in differences])
        for (here, each), these in zip(block, np.split(found, ends[:-1]), strict=True):
            yield here, each.at(np.flatnonzero(these))


def _blocks(
    asked: Iterable[tuple[_Here, _Candidates]],
) -> Iterator[list[tuple[_Here, _Candidates]]]:
    """Candidates in blocks of about MOST_AT_ONCE differences, so that memory has an
    end.
    """
    block: list[tuple[_Here, _Candidates]] = []
    size = 0
    for here, candidates in asked:
        for part in candidates.parts():
            block.append((here, part))
            size += part.size
            if size >= MOST_AT_ONCE:
                yield block
                block, size = [], 0
    if block:
        yield block


def _joined(
    pairs: Iterable[Pair], counts: Mapping[int, int], known: Known, base: int
) -> Near:
    leader: dict[int, int] = {}
    may: dict[int, set[int]] = {}  # by leader, the numbers that suit all who follow
    unmet: set[int] = set()

    def led(people: int) -> int:
        while leader.get(people, people) != people:
            people = leader[people]
        if people not in may:
            may[people] = (
                {known[people]} if people in known else _roundings(counts[people], base)
            )
        return people

    for pair in pairs:
        one, other = led(pair.fewer), led(pair.more)
        both = may[one] & may[other]
        if both:
            leader[other] = one
            may[one] = both
        elif one != other and unmet.isdisjoint(pair):
            unmet.update(_free(pair, known)[:1])
    followers = {people: led(people) for people in chain.from_iterable(pairs)}
    single = {
        each: min(may[each]) for each in set(followers.values()) if len(may[each]) == 1
    }
    return Near(leader=followers, numbers=single, unmet=frozenset(unmet))


def _free(pair: Pair, known: Known) -> list[int]:
    """Those of a pair whose number may still be withheld."""
    return [each for each in (pair.more, pair.fewer) if each not in known]


def _roundings(count: int, base: int) -> set[int]:
    floor = count // base * base
    return {floor} if floor == count else {floor, floor + base}
