"""Counting stretches of time: what each adds at its first place and takes away after its last.

Counts for any number of periods are then one cumulative sum. A table of changes has `tally` and `grouping` (their
positions), the groups, PLACE, and the counts of `sql.tally`. The largest amount of one patient is no sum: it stands
in rows of its own, with the place UNTIL which it holds.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extractors.sql.cells import PLACE, UNTIL
from extractors.sql.positions import place_sql
from extractors.sql.tally import (
    Tally,
    counted_sql,
    denominator_largest,
    denominator_sums,
    numerator_largest,
    numerator_sums,
)
from extractors.sql.words import quote


@dataclass(frozen=True)
class Stretches:
    """A table with the standing columns of everybody, from PLACE to before UNTIL on a ladder of `count` places.

    Those of `places` are counted.
    """

    table: str
    places: Sequence[int]
    count: int


def changes_sql(tallies: Mapping[int, Tally], stretches: Stretches, touched: str, touching: Sequence[str]) -> str:
    """The changes of some tallies.

    `touched`: a table with the standing and the `touching` columns, one row per patient and counted place.
    """
    parts = [
        part
        for number, tally in tallies.items()
        for position in range(len(tally.groupings))
        for part in _of_grouping(_Grouping(number, tally, position), stretches, touched, touching)
    ]
    empty = ", ".join(f"CAST(NULL AS BIGINT) AS {name}" for name in _columns(tallies.values()))
    parts.append(f"SELECT {empty}, CAST(NULL AS BIGINT) AS {quote(UNTIL)} WHERE FALSE")
    keys = ", ".join(["tally", "grouping", *_group_columns(tallies.values()), quote(PLACE), quote(UNTIL)])
    return f"SELECT {keys}, {_combined(tallies)} FROM ({' UNION ALL BY NAME '.join(parts)}) GROUP BY {keys}"


def counts_sql(tallies: Mapping[int, Tally], changes: str, count: int) -> str:
    """The counts of each place, out of a table of changes: groups with people, and every total."""
    groups, counts = _group_columns(tallies.values()), _count_columns(tallies.values())
    largest = _largest_columns(tallies.values())
    kinds = ["tally", "grouping", *groups]
    places = f"unnest(range({count})) AS {quote(PLACE)}"
    grid = f"SELECT *, {places} FROM (SELECT DISTINCT {', '.join(kinds)} FROM {quote(changes)})"
    totals = [(n, tally.groupings.index(())) for n, tally in tallies.items() if () in tally.groupings]
    always = [f"SELECT {n} AS tally, {position} AS grouping, {places}" for n, position in totals]
    keys = ", ".join([*kinds, quote(PLACE)])
    sums = f"SELECT * FROM {quote(changes)} WHERE {quote(UNTIL)} IS NULL"
    holding = ", ".join([*kinds, f"unnest(range({quote(PLACE)}, {quote(UNTIL)})) AS {quote(PLACE)}", *largest])
    lasting = f"SELECT {holding} FROM {quote(changes)} WHERE {quote(UNTIL)} IS NOT NULL"
    rows = " UNION ALL BY NAME ".join([sums, lasting, grid, *always])
    summed = f"SELECT {keys}, {_combined(tallies)} FROM ({rows}) GROUP BY {keys}"
    over = f"OVER (PARTITION BY {', '.join(kinds)} ORDER BY {quote(PLACE)})"
    running = ", ".join([*(f"CAST(sum({name}) {over} AS BIGINT) AS {name}" for name in counts), *largest])
    is_total = " OR ".join(["FALSE", *(f"(tally = {n} AND grouping = {position})" for n, position in totals)])
    return (
        f"SELECT * FROM (SELECT {keys}, {running} FROM ({summed})) "
        f"WHERE {quote(PLACE)} < {count} AND (denominator_patients > 0 OR {is_total}) ORDER BY {quote(PLACE)}, {keys}"
    )


def _group_columns(tallies: Iterable[Tally]) -> list[str]:
    return [quote(name) for name in sorted({name for tally in tallies for name in tally.groups})]


def _count_columns(tallies: Iterable[Tally]) -> list[str]:
    most = max(len(tally.numerators) for tally in tallies)
    return ["denominator", "denominator_patients", *(f"{kind}{n}" for n in range(most) for kind in "np")]


def _largest_columns(tallies: Iterable[Tally]) -> list[str]:
    """Of those that sum numbers; of people each adds one."""
    numbers = {n for tally in tallies for n, (_, of) in enumerate(tally.numerators) if of is not bool}
    some = any(tally.denominator[1] is not bool for tally in tallies)
    return [*(["denominator_largest"] if some else []), *(f"m{n}" for n in sorted(numbers))]


def _columns(tallies: Iterable[Tally]) -> list[str]:
    tallies = list(tallies)
    return [*_count_columns(tallies), *_largest_columns(tallies)]


def _combined(tallies: Mapping[int, Tally]) -> str:
    """Rows with the same keys as one."""
    sums = [f"CAST(coalesce(sum({name}), 0) AS BIGINT) AS {name}" for name in _count_columns(tallies.values())]
    return ", ".join([*sums, *(f"max({name}) AS {name}" for name in _largest_columns(tallies.values()))])


@dataclass(frozen=True)
class _Grouping:
    number: int
    tally: Tally
    position: int

    @property
    def head(self) -> list[str]:
        return [f"{self.number} AS tally", f"{self.position} AS grouping"]

    @property
    def groups(self) -> list[str]:
        return [quote(name) for name in self.tally.groupings[self.position]]

    def numerators(self, touching: Sequence[str], moving: bool) -> dict[int, tuple[str, type]]:
        return {n: each for n, each in enumerate(self.tally.numerators) if (each[0] in touching) is moving}


def _of_grouping(grouping: _Grouping, stretches: Stretches, touched: str, touching: Sequence[str]) -> list[str]:
    first, last = (place_sql(quote(name), stretches.places, stretches.count) for name in (PLACE, UNTIL))
    still, moving = grouping.numerators(touching, False), grouping.numerators(touching, True)
    sums = summed_once(grouping.tally, grouping.position, stretches.table, touching)
    standing = _Rows(grouping, sums.name, first, last)
    counts = [*denominator_sums(grouping.tally), *numerator_sums(still)]
    largest = [*denominator_largest(grouping.tally), *numerator_largest(still)]
    parts = [standing.changes(_again("sum", counts)), *standing.largest(_again("max", largest))]
    if moving:
        points = _Rows(grouping, touched, quote(PLACE), f"{quote(PLACE)} + 1", counted_sql(grouping.tally))
        parts += [points.changes(numerator_sums(moving)), *points.largest(numerator_largest(moving))]
    return parts


@dataclass(frozen=True)
class Sums:
    """A table of sums over the stretches of a track: what several chains add up alike is added up once."""

    name: str
    sql: str


def sums_of(tallies: Iterable[Tally], stretches: str, touching: Sequence[str]) -> list[Sums]:
    """The sums that the changes of some tallies read."""
    return [
        summed_once(tally, position, stretches, touching)
        for tally in tallies
        for position in range(len(tally.groupings))
    ]


def summed_once(tally: Tally, position: int, stretches: str, touching: Sequence[str]) -> Sums:
    grouping = _Grouping(0, tally, position)
    still = grouping.numerators(touching, False)
    counts = [*denominator_sums(tally), *numerator_sums(still)]
    keys = ", ".join([*grouping.groups, quote(PLACE), quote(UNTIL)])
    values = ", ".join([*counts, *denominator_largest(tally), *numerator_largest(still)])
    sql = f"SELECT {keys}, {values} FROM {quote(stretches)} WHERE {counted_sql(tally)} GROUP BY {keys}"
    return Sums(f"sums {hashlib.sha256(sql.encode()).hexdigest()[:16]}", sql)


def _again(function: str, values: Iterable[str]) -> list[str]:
    """The same values out of rows that hold parts of them."""
    return [f"CAST({function}({name}) AS BIGINT) AS {name}" for name in _names(values)]


@dataclass(frozen=True)
class _Rows:
    """The rows of a table that are counted in one grouping, from a first place to before a last."""

    grouping: _Grouping
    table: str
    first: str
    last: str
    counted: str = "TRUE"

    def _summed(self, values: list[str]) -> str:
        groups = self.grouping.groups
        wanted = ", ".join([*groups, f"{self.first} AS first_place", f"{self.last} AS last_place", *values])
        by = ", ".join([*groups, "first_place", "last_place"])
        summed = f"SELECT {wanted} FROM {quote(self.table)} WHERE {self.counted} GROUP BY {by}"
        return f"SELECT * FROM ({summed}) WHERE first_place < last_place"

    def changes(self, sums: list[str]) -> str:
        """The sums, added at the first place and taken away at the last."""
        both = f"unnest([first_place, last_place]) AS {quote(PLACE)}, unnest([1, -1]) AS sign"
        ends = f"SELECT *, {both} FROM ({self._summed(sums)})"
        signed = [f"sign * {name} AS {name}" for name in _names(sums)]
        return f"SELECT {', '.join([*self.grouping.head, *self.grouping.groups, quote(PLACE), *signed])} FROM ({ends})"

    def largest(self, values: list[str]) -> list[str]:
        """The largest values, with the places from and until which they hold; nothing if none are wanted."""
        places = [f"first_place AS {quote(PLACE)}", f"last_place AS {quote(UNTIL)}"]
        wanted = [*self.grouping.head, *self.grouping.groups, *places, *_names(values)]
        return [f"SELECT {', '.join(wanted)} FROM ({self._summed(values)})"] if values else []


def _names(values: Iterable[str]) -> list[str]:
    return [each.rpartition(" AS ")[2] for each in values]
