"""Counting stretches of time: what each adds at its first place and takes away after its last.

Counts for any number of periods are then one cumulative sum. A table of changes has `tally` and `grouping` (their
positions), the groups, PLACE, and the counts of `sql.tally`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extractors.sql.cells import PLACE, UNTIL
from extractors.sql.positions import place_sql
from extractors.sql.tally import Tally, counted_sql, denominator_sums, numerator_sums
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
    counts = _count_columns(tallies.values())
    keys = ", ".join(["tally", "grouping", *_group_columns(tallies.values()), quote(PLACE)])
    return f"SELECT {keys}, {_sums(counts)} FROM ({' UNION ALL BY NAME '.join(parts)}) GROUP BY {keys}"


def counts_sql(tallies: Mapping[int, Tally], changes: str, count: int) -> str:
    """The counts of each place, out of a table of changes: groups with people, and every total."""
    groups, counts = _group_columns(tallies.values()), _count_columns(tallies.values())
    kinds = ["tally", "grouping", *groups]
    places = f"unnest(range({count})) AS {quote(PLACE)}"
    grid = f"SELECT *, {places} FROM (SELECT DISTINCT {', '.join(kinds)} FROM {quote(changes)})"
    totals = [(n, tally.groupings.index(())) for n, tally in tallies.items() if () in tally.groupings]
    always = [f"SELECT {n} AS tally, {position} AS grouping, {places}" for n, position in totals]
    rows = " UNION ALL BY NAME ".join([f"SELECT * FROM {quote(changes)}", grid, *always])
    keys = ", ".join([*kinds, quote(PLACE)])
    summed = f"SELECT {keys}, {_sums(counts)} FROM ({rows}) GROUP BY {keys}"
    over = f"OVER (PARTITION BY {', '.join(kinds)} ORDER BY {quote(PLACE)})"
    running = ", ".join(f"CAST(sum({name}) {over} AS BIGINT) AS {name}" for name in counts)
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


def _sums(columns: Iterable[str]) -> str:
    return ", ".join(f"CAST(coalesce(sum({name}), 0) AS BIGINT) AS {name}" for name in columns)


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
    standing = [*denominator_sums(grouping.tally), *numerator_sums(grouping.numerators(touching, False))]
    parts = [_changes(grouping, standing, stretches.table, (first, last))]
    moving = grouping.numerators(touching, True)
    if moving:
        parts.append(_changes(grouping, numerator_sums(moving), touched, (quote(PLACE), f"{quote(PLACE)} + 1")))
    return parts


def _changes(grouping: _Grouping, sums: list[str], table: str, places: tuple[str, str]) -> str:
    """Sums over the rows of a table that have the same groups and places: added at the first, taken at the last."""
    groups = grouping.groups
    wanted = ", ".join([*groups, f"{places[0]} AS first_place", f"{places[1]} AS last_place", *sums])
    by = ", ".join([*groups, "first_place", "last_place"])
    summed = f"SELECT {wanted} FROM {quote(table)} WHERE {counted_sql(grouping.tally)} GROUP BY {by}"
    both = f"unnest([first_place, last_place]) AS {quote(PLACE)}, unnest([1, -1]) AS sign"
    ends = f"SELECT *, {both} FROM ({summed}) WHERE first_place < last_place"
    names = [each.rpartition(" AS ")[2] for each in sums]
    signed = [f"sign * {name} AS {name}" for name in names]
    return f"SELECT {', '.join([*grouping.head, *groups, quote(PLACE), *signed])} FROM ({ends})"
