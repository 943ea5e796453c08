"""The same people, the same number: which counts are bound to each other by whom they
are of.

Every count of people carries a fingerprint of its people. Counts of the same people
show one number, in whatever words, measure, interval or study they are. Within a
programme they move together; between programmes the number that came first is given to
the later ones, which are solved after it. So programmes are solved in waves: those of
one wave have no people in common that could be rounded in two ways.

The order is that of time, so a release in one step gives the numbers of one in several.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from measures.disclosure.rounding.programme import UNKNOWN
from measures.disclosure.tables.layout import TableKey

NO_PEOPLE = 0  # the fingerprint of no people, and of people who are not known
Numbers = dict[int, int]  # fingerprint -> the number that these people are shown with
Arrays = Mapping[TableKey, np.ndarray]  # of each table, by cell


def in_order(families: Sequence[list[TableKey]]) -> list[list[TableKey]]:
    """Families by their first day; names that an author chose play no part."""
    return sorted(
        families,
        key=lambda family: min(
            (key.start, key.end, key.of, key.grouping) for key in family
        ),
    )


def waves(
    families: Sequence[list[TableKey]],
    counts: Arrays,
    people: Arrays,
    bases: Mapping[TableKey, int],
) -> Iterator[list[list[TableKey]]]:
    """The families in waves, each behind those that decide on a number of its
    people.
    """
    last: dict[int, int] = {}  # by fingerprint, the last wave with these people
    found: list[list[list[TableKey]]] = []
    for family in families:
        undecided = _undecided(family, counts, people, bases)
        wave = 1 + max((last[each] for each in undecided if each in last), default=-1)
        last.update(dict.fromkeys(undecided, wave))
        if wave == len(found):
            found.append([])
        found[wave].append(family)
    yield from found


def _undecided(
    family: Sequence[TableKey],
    counts: Arrays,
    people: Arrays,
    bases: Mapping[TableKey, int],
) -> list[int]:
    """The fingerprints of counts that may go up or down."""
    parts = [people[key][counts[key] % bases[key] != 0] for key in family]
    found = np.unique(np.concatenate(parts))
    return found[found != NO_PEOPLE].tolist()


def pinned(
    people: np.ndarray, counts: np.ndarray, base: np.ndarray, numbers: Mapping[int, int]
) -> np.ndarray:
    """In bases, the number that the people of each count have already; UNKNOWN where
    they have none.
    """
    distinct, which = np.unique(people, return_inverse=True)
    known = [each in numbers for each in distinct.tolist()]
    given = [numbers.get(each, 0) for each in distinct.tolist()]
    number, there = (
        np.array(given, np.int64)[which],
        np.array(known, bool)[which] & (people != NO_PEOPLE),
    )
    # else it is not of these people: two sets have one fingerprint
    there &= np.abs(number - counts) < base
    return np.where(there, number // base, UNKNOWN)


def same(people: np.ndarray, floors: np.ndarray, free: np.ndarray) -> np.ndarray:
    """For each count the place of the first one of the same people; counts that are not
    free are alone.

    `floors`: the counts in whole bases. Of two that differ the people do, too, whatever
    their fingerprints.
    """
    places = np.arange(len(people))
    bound = np.flatnonzero(free & (people != NO_PEOPLE))
    if not len(bound):
        return places
    whole = np.stack([people[bound], floors[bound].astype(np.uint64)])
    _, first, which = np.unique(whole, axis=1, return_index=True, return_inverse=True)
    places[bound] = bound[first][which.reshape(-1)]
    return places


def learn(
    numbers: Numbers, people: np.ndarray, values: np.ndarray, withheld: np.ndarray
) -> None:
    """Remember the numbers of the people of some counts, as far as they are shown; the
    first one stays.
    """
    there = ~withheld & (people != NO_PEOPLE)
    for each, value in zip(people[there].tolist(), values[there].tolist(), strict=True):
        numbers.setdefault(each, value)
