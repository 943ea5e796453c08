"""Counting a cohort: sums of some columns by some groupings, in one query."""

from dataclasses import dataclass

from extractors.sql.words import quote

Grouping = tuple[str, ...]


@dataclass(frozen=True)
class Tally:
    """Sums over the patients counted by one denominator, for each grouping and group.

    `denominator` and `numerators` are columns of the cohort, bool or int as the pairs say.
    """

    denominator: tuple[str, type]
    numerators: tuple[tuple[str, type], ...]
    groupings: tuple[Grouping, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """Every column that some grouping uses."""
        return tuple(sorted({name for grouping in self.groupings for name in grouping}))


def tally_sql(tally: Tally, cohort: str) -> str:
    """One row per grouping and group: `the grouping` (its position), the groups, then counts.

    Counts are `denominator`, `denominator_patients`, and `sum 0`, `people 0`, `sum 1`, … for each numerator the sum
    and the number of patients behind it; for sums of numbers also `denominator_largest`, `largest 0`, …, the largest
    absolute value that one patient adds. A numerator that is NULL counts as 0. The spaces are there because no
    group's name has one.
    """
    parts = [_grouping_sql(tally, position, cohort) for position in range(len(tally.groupings))]
    return " UNION ALL BY NAME ".join(parts)


def _grouping_sql(tally: Tally, position: int, cohort: str) -> str:
    groups = [quote(name) for name in tally.groupings[position]]
    name, of = tally.denominator
    counted = quote(name) if of is bool else f"{quote(name)} > 0"
    sums = [f"{_sum(quote(name), of)} AS denominator", "count(*) AS denominator_patients"]
    if of is not bool:
        sums.append(f"{_largest(quote(name))} AS denominator_largest")
    for number, (numerator, type_) in enumerate(tally.numerators):
        column = quote(numerator)
        sums += [f'{_sum(column, type_)} AS "sum {number}"', f'{_patients(column, type_)} AS "people {number}"']
        if type_ is not bool:
            sums.append(f'{_largest(column)} AS "largest {number}"')
    by = f" GROUP BY {', '.join(groups)}" if groups else ""
    columns = [f'{position} AS "the grouping"', *groups, *sums]
    return f"SELECT {', '.join(columns)} FROM {cohort} WHERE {counted}{by}"


def _sum(column: str, of: type) -> str:
    if of is bool:
        return f"count(*) FILTER (WHERE {column})"
    return f"CAST(coalesce(sum({column}), 0) AS BIGINT)"


def _largest(column: str) -> str:
    return f"CAST(coalesce(max(abs({column})), 0) AS BIGINT)"


def _patients(column: str, of: type) -> str:
    return f"count(*) FILTER (WHERE {column if of is bool else f'{column} <> 0'})"
