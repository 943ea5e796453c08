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

    def standing(self, stretches: str, touching: Sequence[str]) -> str:
        """What stretches of the track count."""
        sums = summed_once(self.tally, self.position, stretches, touching)
        return f"SELECT {', '.join(self.head)}, * FROM {quote(sums.name)}"

    def moving(self, touched: str, touching: Sequence[str]) -> list[str]:
        """What the touched count, each in the one period; nothing if nothing of the grouping is touched."""
        numerators = self.numerators(touching, True)
        if not numerators:
            return []
        places = [f"{quote(PLACE)} AS first_place", f"{quote(PLACE)} + 1 AS last_place"]
        wanted = [*self.head, *self.groups, *places, *numerator_sums(numerators), *numerator_largest(numerators)]
        by = ", ".join([*self.groups, quote(PLACE)])
        return [f"SELECT {', '.join(wanted)} FROM {quote(touched)} WHERE {counted_sql(self.tally)} GROUP BY {by}"]


def changes_sql(tallies: Mapping[int, Tally], stretches: Stretches, touched: str, touching: Sequence[str]) -> str:
    """The changes of some tallies.

    `touched`: a table with the standing and the `touching` columns, one row per patient and counted place.
    """
    groupings = [
        _Grouping(n, tally, position) for n, tally in tallies.items() for position in range(len(tally.groupings))
    ]
    groups, counts = _group_columns(tallies.values()), _count_columns(tallies.values())
    keys = ["tally", "grouping", *groups]
    rows = _placed_rows(groupings, stretches, touched, touching, _columns(tallies.values()))
    both = f"unnest([first_place, last_place]) AS {quote(PLACE)}, unnest([1, -1]) AS sign"
    signed = ", ".join(f"sign * {name} AS {name}" for name in counts)
    ends = f"SELECT {', '.join([*keys, quote(PLACE)])}, {signed} FROM (SELECT *, {both} FROM placed_rows)"
    parts = [ends]
    largest = _largest_columns(tallies.values())
    if largest:
        held = f"first_place AS {quote(PLACE)}, last_place AS {quote(UNTIL)}"
        known = f"greatest({', '.join(largest)}) > 0"  # skips NULL; where all are 0 there is nothing to tell
        parts.append(f"SELECT {', '.join([*keys, held, *largest])} FROM placed_rows WHERE {known}")
    parts.append(f"SELECT CAST(NULL AS BIGINT) AS {quote(UNTIL)} WHERE FALSE")
    by = ", ".join([*keys, quote(PLACE), quote(UNTIL)])
    summed = f"SELECT {by}, {_combined(tallies)} FROM ({' UNION ALL BY NAME '.join(parts)}) GROUP BY {by}"
    return f"WITH placed_rows AS MATERIALIZED ({rows}) {summed}"


def _placed_rows(
    groupings: Iterable[_Grouping], stretches: Stretches, touched: str, touching: Sequence[str], columns: Iterable[str]
) -> str:
    """What is added at a first place and taken away at a last: sums of stretches, and of what is touched."""
    first, last = (place_sql(quote(name), stretches.places, stretches.count) for name in (PLACE, UNTIL))
    empty = ", ".join(f"CAST(NULL AS BIGINT) AS {name}" for name in columns)
    standing = " UNION ALL BY NAME ".join(each.standing(stretches.table, touching) for each in groupings)
    moving = [part for each in groupings for part in each.moving(touched, touching)]
    placed = f"SELECT * EXCLUDE ({quote(PLACE)}, {quote(UNTIL)}), {first} AS first_place, {last} AS last_place"
    rows = " UNION ALL BY NAME ".join([f"{placed} FROM ({standing})", *moving, f"SELECT {empty} WHERE FALSE"])
    return f"SELECT * FROM ({rows}) WHERE first_place < last_place"


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
