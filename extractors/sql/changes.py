"""Counting stretches of time: what each adds at its first place and takes away after
its last.

Counts for any number of periods are then one cumulative sum. A table of changes has
`tally` and `grouping` (their positions), the groups, PLACE, UNTIL and, of the columns
of `sql.columns`, the packed people of each part, the sums of numbers, and the largest
of these. A row without UNTIL is added from its place on; one with UNTIL holds just up
to there: what is touched in one period, and the largest amount of one patient, which is
no sum.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from extractors.sql import columns
from extractors.sql.cells import PLACE, UNTIL
from extractors.sql.positions import place_sql
from extractors.sql.tally import (
    Tally,
    columns_of,
    counted_sql,
    denominator_largest,
    denominator_part,
    numerator_largest,
    numerator_parts,
    packed_sums,
)
from extractors.sql.words import quote


@dataclass(frozen=True)
class Stretches:
    """A table of stretches: the columns of a patient, from one place of a ladder to
    before another where nothing changes.

        patient_id  place  until  has_asthma
             1      0      7  false        52 weeks of a patient who is diagnosed
             1      7     52  true         in week 7: two rows
    """

    # its name in SQL
    table: str
    # those of the ladder that are counted
    places: Sequence[int]
    # how many places the ladder has
    count: int

    def placed(self, place: str) -> str:
        """A place of its ladder on that of the counted places."""
        return f"{place_sql(quote(place), self.places, self.count)} AS {quote(place)}"


@dataclass(frozen=True)
class Sums:
    """A table of sums over the stretches of a track: what several chains add up alike
    is added up once.
    """

    # of the table, a hash of what it computes, so that two that are alike are one
    name: str
    # the SELECT of its rows
    sql: str
    # whether it has PLACE and UNTIL; otherwise it has PLACE alone
    held: bool


@dataclass(frozen=True)
class _Grouping:
    """One grouping of one tally."""

    # of the tally
    number: int
    # whose sums they are
    tally: Tally
    # of the grouping among those of the tally
    position: int

    @property
    def head(self) -> list[str]:
        return [f"{self.number} AS tally", f"{self.position} AS grouping"]

    @property
    def groups(self) -> list[str]:
        return [quote(name) for name in self.tally.groupings[self.position]]

    def numerators(
        self, touching: Sequence[str], moving: bool
    ) -> dict[int, tuple[str, type]]:
        found: dict[int, tuple[str, type]] = {}
        for n, each in enumerate(self.tally.numerators):
            if (each[0] in touching) is moving:
                found[n] = each
        return found

    def sums(self, stretches: str, touching: Sequence[str]) -> list[Sums]:
        """What stretches of a track count."""
        still = self.numerators(touching, False)
        amounts = [*denominator_largest(self.tally), *numerator_largest(still)]
        counted = f"FROM {quote(stretches)} WHERE {counted_sql(self.tally)} GROUP BY"
        by = ", ".join([*self.groups, quote(PLACE), quote(UNTIL)])
        sums = packed_sums([denominator_part(self.tally), *numerator_parts(still)])
        found = [_named(self._ends(sums, counted), False)]
        return found + (
            [_named(f"SELECT {', '.join([by, *amounts])} {counted} {by}", True)]
            if amounts
            else []
        )

    def _ends(self, counts: Sequence[str], counted: str) -> str:
        """What begins at each place, and less what ended before it."""
        gone = [f"-{count}" for count in counts]  # each is one operand, and its name
        place, until = quote(PLACE), quote(UNTIL)
        begun = (
            f"SELECT {', '.join([*self.groups, place, *counts])} {counted} "
            f"{', '.join([*self.groups, place])}"
        )
        ended = ", ".join([*self.groups, f"{until} AS {place}", *gone])
        return (
            f"{begun} UNION ALL SELECT {ended} {counted} "
            f"{', '.join([*self.groups, until])}"
        )

    def standing(self, stretches: Stretches, touching: Sequence[str]) -> list[str]:
        """Those sums, at their places on the ladder of the counted places."""
        return [
            self._placed(stretches, sums)
            for sums in self.sums(stretches.table, touching)
        ]

    def _placed(self, stretches: Stretches, sums: Sums) -> str:
        placed = [stretches.placed(PLACE)]
        if sums.held:
            placed.append(stretches.placed(UNTIL))
        return (
            f"SELECT {', '.join(self.head)}, * REPLACE ({', '.join(placed)}) "
            f"FROM {quote(sums.name)}"
        )

    def amounts(
        self, stretches: Stretches, touched: str, touching: Sequence[str]
    ) -> list[str]:
        """The largest amounts of the stretches, and of the touched."""
        parts = [
            self._placed(stretches, sums)
            for sums in self.sums(stretches.table, touching)
            if sums.held
        ]
        largest = numerator_largest(self.numerators(touching, True))
        return parts + ([self._touched(touched, largest)] if largest else [])

    def moving(self, touched: str, touching: Sequence[str]) -> list[str]:
        """What the touched count, each in the one period; nothing if nothing of the
        grouping is touched.
        """
        numerators = self.numerators(touching, True)
        if not numerators:
            return []
        sums = [
            *packed_sums(numerator_parts(numerators)),
            *numerator_largest(numerators),
        ]
        return [self._touched(touched, sums)]

    def _touched(self, touched: str, sums: Sequence[str]) -> str:
        place = [quote(PLACE), f"{quote(PLACE)} + 1 AS {quote(UNTIL)}"]
        wanted = [*self.head, *self.groups, *place, *sums]
        by = ", ".join([*self.groups, quote(PLACE)])
        return (
            f"SELECT {', '.join(wanted)} FROM {quote(touched)} WHERE "
            f"{counted_sql(self.tally)} GROUP BY {by}"
        )


def _named(sql: str, held: bool) -> Sums:
    return Sums(f"sums {hashlib.sha256(sql.encode()).hexdigest()[:16]}", sql, held)


def sums_of(
    tallies: Iterable[Tally], stretches: str, touching: Sequence[str]
) -> list[Sums]:
    """The sums that the changes of some tallies read."""
    found: list[Sums] = []
    for each in _groupings(dict(enumerate(tallies))):
        found += each.sums(stretches, touching)
    return found


def _groupings(tallies: Mapping[int, Tally]) -> list[_Grouping]:
    found = []
    for n, tally in tallies.items():
        for position in range(len(tally.groupings)):
            found.append(_Grouping(n, tally, position))
    return found


def changes_sql(
    tallies: Mapping[int, Tally],
    stretches: Stretches,
    touched: str,
    touching: Sequence[str],
) -> str:
    """The changes of some tallies.

    `touched`: a table with the standing and the `touching` columns, one row per patient
    and counted place.
    """
    groupings = _groupings(tallies)
    parts: list[str] = []
    for each in groupings:
        parts += each.standing(stretches, touching)
    for each in groupings:
        parts += each.moving(touched, touching)
    names = [
        quote(UNTIL),
        *number_columns(tallies.values()),
        *largest_columns(tallies.values()),
    ]
    nothing = [f"CAST(NULL AS BIGINT) AS {name}" for name in names]
    nothing += [
        f"CAST(NULL AS HUGEINT) AS {name}" for name in people_columns(tallies.values())
    ]
    parts.append(f"SELECT {', '.join(nothing)} WHERE FALSE")
    by = ", ".join(
        [
            "tally",
            "grouping",
            *group_columns(tallies.values()),
            quote(PLACE),
            quote(UNTIL),
        ]
    )
    ever = f"{quote(UNTIL)} IS NULL OR {quote(PLACE)} < {quote(UNTIL)}"
    return (
        f"SELECT {by}, {combined(tallies)} FROM "
        f"({' UNION ALL BY NAME '.join(parts)}) WHERE {ever} GROUP BY {by}"
    )


def amounts_sql(
    tallies: Mapping[int, Tally],
    stretches: Stretches,
    touched: str,
    touching: Sequence[str],
) -> str:
    """The largest amounts of the same changes, and nothing else; empty where nothing
    adds up numbers.
    """
    parts: list[str] = []
    groups: set[str] = set()
    for each in _groupings(tallies):
        found = each.amounts(stretches, touched, touching)
        if found:
            parts += found
            groups |= set(each.groups)
    if not parts:
        return ""
    by = ", ".join(["tally", "grouping", *sorted(groups), quote(PLACE), quote(UNTIL)])
    names = largest_columns(tallies.values())
    nothing = ", ".join(f"CAST(NULL AS BIGINT) AS {name}" for name in names)
    parts.append(f"SELECT {nothing} WHERE FALSE")
    largest = ", ".join(f"max({name}) AS {name}" for name in names)
    return (
        f"SELECT {by}, {largest} FROM ({' UNION ALL BY NAME '.join(parts)}) "
        f"WHERE {quote(PLACE)} < {quote(UNTIL)} GROUP BY {by}"
    )


def group_columns(tallies: Iterable[Tally]) -> list[str]:
    return list(map(quote, sorted({*chain.from_iterable(t.groups for t in tallies)})))


def people_columns(tallies: Iterable[Tally]) -> list[str]:
    return [each.people for each in columns_of(tallies)]


def number_columns(tallies: Iterable[Tally]) -> list[str]:
    """The sums of numbers; where people are counted, they are the sum."""
    return [each.count for each in _of_numbers(tallies)]


def largest_columns(tallies: Iterable[Tally]) -> list[str]:
    """Of those that sum numbers; of people each adds one."""
    return [each.largest for each in _of_numbers(tallies)]


def _of_numbers(tallies: Iterable[Tally]) -> list[columns.CountColumns]:
    tallies = list(tallies)
    found: list[columns.CountColumns] = []
    for each in columns_of(tallies):
        if any(sums_numbers(tally, each) for tally in tallies):
            found.append(each)
    return found


def sums_numbers(tally: Tally, part: columns.CountColumns) -> bool:
    """Whether a part of a tally adds up numbers."""
    if part == columns.DENOMINATOR:
        return tally.denominator[1] is not bool
    numerators = enumerate(tally.numerators)
    return any(
        of is not bool and columns.numerator(n) == part for n, (_, of) in numerators
    )


def combined(tallies: Mapping[int, Tally]) -> str:
    """Rows with the same keys as one."""
    sums = [
        f"CAST(coalesce(sum({name}), 0) AS BIGINT) AS {name}"
        for name in number_columns(tallies.values())
    ]
    for name in people_columns(tallies.values()):
        sums.append(f"CAST(coalesce(sum({name}), 0) AS HUGEINT) AS {name}")
    return ", ".join(
        [
            *sums,
            *(f"max({name}) AS {name}" for name in largest_columns(tallies.values())),
        ]
    )
