"""Counting a cohort: sums of some columns by some groupings, in one query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from extractors.sql import columns
from extractors.sql.columns import CountColumns
from extractors.sql.people import count_sql, fingerprint_sql, people_sql
from extractors.sql.words import quote

Grouping = tuple[str, ...]
# What one person adds to a sum of whole numbers at most, and takes from it at most. A
# larger number counts as this one, so that no sum leaves 64 bits, whatever a record
# holds: a sum that fails if one person has some code would tell that they have it.
MOST_OF_ONE = 10**9


@dataclass(frozen=True)
class Tally:
    """Sums over the patients counted by one denominator, for each grouping and group.

    `denominator` and `numerators` are columns of the cohort, bool or int as the pairs
    say.
    """

    # a column of the cohort, and whether it is bool or int
    denominator: tuple[str, type]
    # the same of each numerator
    numerators: tuple[tuple[str, type], ...]
    # the group columns of each breakdown; () is the total
    groupings: tuple[Grouping, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """Every column that some grouping uses."""
        return tuple(sorted(set(chain.from_iterable(self.groupings))))


def tally_sql(tally: Tally, cohort: str) -> str:
    """One row per grouping and group: `grouping` (its position), the groups, then
    counts.

    The columns of counts are those of `sql.columns`, the largest ones for sums of
    numbers only. A numerator that is NULL counts as 0. The cohort has every person as
    `packed_sql` makes them.
    """
    parts = []
    for position in range(len(tally.groupings)):
        parts.append(_grouping_sql(tally, position, cohort))
    whole = ", ".join(
        f"CAST({name} AS UBIGINT) AS {name}" for name in fingerprint_columns([tally])
    )
    return f"SELECT * REPLACE ({whole}) FROM ({' UNION ALL BY NAME '.join(parts)})"


def _grouping_sql(tally: Tally, position: int, cohort: str) -> str:
    groups = [quote(name) for name in tally.groupings[position]]
    numerators = dict(enumerate(tally.numerators))
    sums: list[str] = []
    for part in (denominator_part(tally), *numerator_parts(numerators)):
        sums += _sums(part)
    sums += [*denominator_largest(tally), *numerator_largest(numerators)]
    by = f" GROUP BY {', '.join(groups)}" if groups else ""
    return (
        f"SELECT {', '.join([f'{position} AS grouping', *groups, *sums])} FROM "
        f"{cohort} WHERE {counted_sql(tally)}{by}"
    )


def counted_sql(tally: Tally) -> str:
    """The condition for being counted."""
    name, of = tally.denominator
    return quote(name) if of is bool else f"{quote(name)} > 0"


@dataclass(frozen=True)
class Part:
    """A denominator or a numerator of a tally."""

    # the columns in which it is counted
    into: CountColumns
    # the column of the cohort
    column: str
    # bool or int
    of: type
    # SQL for the people behind it, as one packed sum
    people: str

    @property
    def total(self) -> str:
        """SQL for the sum of numbers."""
        return f"CAST(coalesce(sum({_bounded(self.column)}), 0) AS BIGINT)"


def denominator_part(tally: Tally) -> Part:
    name, of = tally.denominator
    return Part(columns.DENOMINATOR, name, of, people_sql())


def numerator_parts(numerators: Mapping[int, tuple[str, type]]) -> list[Part]:
    """Each numerator, by its number in the tally."""
    parts: list[Part] = []
    for number, (name, of) in numerators.items():
        behind = quote(name) if of is bool else f"{quote(name)} <> 0"
        parts.append(Part(columns.numerator(number), name, of, people_sql(behind)))
    return parts


def packed_sums(parts: Iterable[Part]) -> list[str]:
    """The people behind each part as one number, and the sum of those that add up
    numbers.
    """
    sums: list[str] = []
    for part in parts:
        sums.append(f"{part.people} AS {part.into.people}")
        if part.of is not bool:
            sums.append(f"{part.total} AS {part.into.count}")
    return sums


def _sums(part: Part) -> list[str]:
    """A sum, the people behind it and their fingerprint; DuckDB adds up the same
    `people` once.
    """
    patients = count_sql(part.people)
    total = patients if part.of is bool else part.total
    return [
        f"{total} AS {part.into.count}",
        f"{patients} AS {part.into.patients}",
        f"{fingerprint_sql(part.people)} AS {part.into.fingerprint}",
    ]


def _bounded(column: str) -> str:
    """What one person adds; NULL stays NULL, which `least` and `greatest` would
    skip.
    """
    value, most = quote(column), MOST_OF_ONE
    return (
        f"CASE WHEN {value} BETWEEN -{most} AND {most} THEN {value} ELSE "
        f"sign({value}) * {most} END"
    )


def denominator_largest(tally: Tally) -> list[str]:
    """The most that one patient adds to a sum of numbers."""
    name, of = tally.denominator
    return [] if of is bool else [f"{_largest(name)} AS {columns.DENOMINATOR.largest}"]


def numerator_largest(numerators: Mapping[int, tuple[str, type]]) -> list[str]:
    found: list[str] = []
    for number, (name, of) in numerators.items():
        if of is not bool:
            found.append(f"{_largest(name)} AS {columns.numerator(number).largest}")
    return found


def _largest(column: str) -> str:
    """Of the ends alone: an absolute value of each row costs more, and the least number
    has none.
    """
    least, most = f"min({quote(column)})", f"max({quote(column)})"
    above, below = (
        f"least({most}, {MOST_OF_ONE})",
        f"-greatest({least}, -{MOST_OF_ONE})",
    )
    return (
        f"CAST(CASE WHEN {most} IS NULL THEN 0 ELSE greatest({above}, {below}) END "
        "AS BIGINT)"
    )


def columns_of(tallies: Iterable[Tally]) -> list[CountColumns]:
    """Those of the denominator, and of as many numerators as the longest tally has."""
    most = max(len(tally.numerators) for tally in tallies)
    return [columns.DENOMINATOR, *map(columns.numerator, range(most))]


def fingerprint_columns(tallies: Iterable[Tally]) -> list[str]:
    return [each.fingerprint for each in columns_of(tallies)]
