"""From changes to counts: the count at each place is the sum of what has changed up
to there.
"""

from collections.abc import Mapping

from extractors.sql.cells import PLACE, UNTIL
from extractors.sql.changes import (
    combined,
    group_columns,
    largest_columns,
    number_columns,
    people_columns,
    sums_numbers,
)
from extractors.sql.columns import DENOMINATOR, CountColumns
from extractors.sql.people import count_sql, fingerprint_sql
from extractors.sql.tally import Tally, columns_of
from extractors.sql.words import quote

EACH_PLACE = f"unnest(range({quote(PLACE)}, {quote(UNTIL)})) AS {quote(PLACE)}"


def counts_sql(tallies: Mapping[int, Tally], changes: str, count: int) -> str:
    """The counts of each place, out of a table of changes: groups with people, and
    every total.
    """
    kinds = ", ".join(["tally", "grouping", *group_columns(tallies.values())])
    keys, counts = f"{kinds}, {quote(PLACE)}", _summed_columns(tallies)
    wanted = f"{DENOMINATOR.people} > 0 OR {_is_total(tallies)}"
    levels = (
        f"SELECT * FROM ({_levels_sql(tallies, changes, count, kinds)}) WHERE {wanted}"
    )
    standing = f"SELECT {kinds}, {EACH_PLACE}, {', '.join(counts)} FROM ({levels})"
    lasting = ", ".join(
        [kinds, EACH_PLACE, *counts, *largest_columns(tallies.values())]
    )
    held = (
        f"SELECT {lasting} FROM ({_read(tallies, changes)}) WHERE {quote(UNTIL)} IS "
        "NOT NULL"
    )
    both = (
        f"SELECT {keys}, {combined(tallies)} FROM ({standing} UNION ALL BY NAME "
        f"{held}) GROUP BY {keys}"
    )
    columns = ", ".join([keys, *_unpacked(tallies), *largest_columns(tallies.values())])
    return (
        f"SELECT {columns} FROM ({both}) WHERE {quote(PLACE)} < {count} AND ({wanted}) "
        f"ORDER BY {quote(PLACE)}, {keys}"
    )


def _read(tallies: Mapping[int, Tally], changes: str) -> str:
    """The changes, whose packed people are decimals in Arrow."""
    whole = []
    for name in people_columns(tallies.values()):
        whole.append(f"CAST({name} AS HUGEINT) AS {name}")
    return f"SELECT * REPLACE ({', '.join(whole)}) FROM {quote(changes)}"


def _unpacked(tallies: Mapping[int, Tally]) -> list[str]:
    """Of each part its count, the people behind it, and their fingerprint."""
    found: list[str] = []
    for part in columns_of(tallies.values()):
        patients = count_sql(part.people)
        found += [
            f"{_count(tallies, part, patients)} AS {part.count}",
            f"{patients} AS {part.patients}",
            f"CAST({fingerprint_sql(part.people)} AS UBIGINT) AS {part.fingerprint}",
        ]
    return found


def _count(tallies: Mapping[int, Tally], part: CountColumns, patients: str) -> str:
    """The people themselves, but for the tallies of which the part adds up numbers."""
    numbers = [str(n) for n, tally in tallies.items() if sums_numbers(tally, part)]
    if not numbers:
        return patients
    return (
        f"CASE WHEN tally IN ({', '.join(numbers)}) THEN {part.count} ELSE "
        f"{patients} END"
    )


def _levels_sql(
    tallies: Mapping[int, Tally], changes: str, count: int, kinds: str
) -> str:
    """Of each kind of people their counts from one change to the next; of a total, also
    before the first.

    Most of thousands of groups have no patient in most of thousands of periods: only
    where there is one are places laid out.
    """
    always = [
        f"SELECT {n} AS tally, {position} AS grouping, 0 AS {quote(PLACE)}"
        for n, position in _totals(tallies)
    ]
    changing = (
        f"SELECT * EXCLUDE ({quote(UNTIL)}) FROM ({_read(tallies, changes)}) WHERE "
        f"{quote(UNTIL)} IS NULL"
    )
    over = f"OVER (PARTITION BY {kinds} ORDER BY {quote(PLACE)})"
    counts = []
    for name in _summed_columns(tallies):
        counts.append(f"sum(coalesce(sum({name}), 0)) {over} AS {name}")
    until = f"lead({quote(PLACE)}, 1, {count}) {over} AS {quote(UNTIL)}"
    rows = " UNION ALL BY NAME ".join([changing, *always])
    return (
        f"SELECT {', '.join([kinds, quote(PLACE), until, *counts])} FROM ({rows}) "
        f"GROUP BY {kinds}, {quote(PLACE)}"
    )


def _summed_columns(tallies: Mapping[int, Tally]) -> list[str]:
    return [*number_columns(tallies.values()), *people_columns(tallies.values())]


def _is_total(tallies: Mapping[int, Tally]) -> str:
    totals = (
        f"(tally = {n} AND grouping = {position})" for n, position in _totals(tallies)
    )
    return " OR ".join(["FALSE", *totals])


def _totals(tallies: Mapping[int, Tally]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for n, tally in tallies.items():
        if () in tally.groupings:
            found.append((n, tally.groupings.index(())))
    return found
