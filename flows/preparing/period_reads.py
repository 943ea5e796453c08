"""What a period reads and joins, without reading any of it.

Most periods read what was counted for all of them at once. With weeks on a chain, the
third week (place 2, counted from 0) finds

    counts-0.arrow     batch 2                       its counts
    touched-0.arrow    batch 2                       who has rows in it, and what they are
    stretches-0        rows from place 2 or before   what is true of everybody else
                       until a place behind 2

and only what cannot be counted so is asked of the tables of the snapshot.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from extractors.errors import ArgumentsError
from extractors.planner.kinds import STATIC_TABLE
from extractors.planner.ladders import Interval, period_name
from extractors.sql.cells import PLACE, UNTIL
from extractors.time.stretches import cohort_sql
from extractors.time.timelines import STRETCHES, Chain, touched_table
from flows.preparing.jobs import Timed
from flows.preparing.prepare import period_of
from flows.preparing.prepared import Prepared
from flows.preparing.statements import PERIODS, Statement, cohort_statement, of_period
from measures.counts import counting


@dataclass(frozen=True)
class Read:
    """A file or a table that a period reads."""

    # its name, as the statements say it; of a file that in the workspace
    name: str
    # what it holds, in plain words
    says: str
    # those that the period reads of it
    columns: tuple[str, ...]
    # by what its rows are found, or joined to the others
    key: str


@dataclass(frozen=True)
class PeriodReads:
    """What one period reads, and the SQL of it."""

    # its name
    period: str
    # where it is among all periods, in sentences
    says: tuple[str, ...]
    # the files and tables
    reads: tuple[Read, ...]
    # what a run asks for this period, or who is in it
    statements: tuple[Statement, ...] = field(repr=False)


def period_reads(prepared: Prepared, name: str) -> PeriodReads:
    """What the period of this name reads; the last one for `last`.

    Raises ArgumentsError for a period that the study does not have, and for a study
    without periods.
    """
    if not prepared.counted and not prepared.study.index:
        raise ArgumentsError(
            "A dataset has no periods to explain; --sql prints its statements."
        )
    interval = period_of(prepared.study, name)
    if not prepared.counted:
        return _of_rows(prepared, interval)
    recipe, timed = prepared.counted.of[interval], prepared.timed(interval)
    says: list[str] = []
    reads: list[Read] = []
    asked = list(of_period(recipe, [interval], timed))
    if timed:
        says.append(_place(prepared, interval, timed))
        reads += _at_once(prepared, timed)
    if asked:
        says.append(_alone(prepared, recipe.needed.slow))
        reads += _tables(prepared, asked)
    elif timed:
        says.append(
            "A run asks no query for this period alone: it takes the batch of the "
            f"period from {timed.counts.name}. The query below says who is in the "
            "period, and with which values."
        )
        asked = [_whole_cohort(prepared, timed)]
    return PeriodReads(period_name(interval), tuple(says), tuple(reads), tuple(asked))


def _of_rows(prepared: Prepared, interval: Interval) -> PeriodReads:
    """Of an old study that writes files of patients and counts nothing."""
    job = prepared.rows[interval]
    asked = [cohort_statement(job.cohort, [interval])]
    says = "The rows of its files of patients are asked of the snapshot, for it alone."
    reads = tuple(_tables(prepared, asked))
    return PeriodReads(period_name(interval), (says,), reads, tuple(asked))


def _place(prepared: Prepared, interval: Interval, timed: Timed) -> str:
    chain = prepared.timelines.chains[timed.chain]
    first, last = chain.intervals[0], chain.intervals[-1]
    return (
        f"{period_name(interval)} is at place {timed.place} of chain {timed.chain}, "
        f"counted from 0. The chain has {len(chain.intervals)} periods "
        f"({period_name(first)} to {period_name(last)}), which are counted together. "
        f"What is true of people it takes from track {timed.track}, at place "
        f"{chain.places[timed.place]} of its {_length(prepared, timed)} places."
    )


def _length(prepared: Prepared, timed: Timed) -> int:
    return len(prepared.timelines.tracks[timed.track].ladder)


def _alone(prepared: Prepared, slow: Iterable[str]) -> str:
    """Why a query of the period's own is needed."""
    names = ", ".join(sorted(titled(prepared, slow)))
    if not names:
        return "All of it is asked of the snapshot, for this period alone."
    return f"For this period alone a query computes: {names}."


def _at_once(prepared: Prepared, timed: Timed) -> list[Read]:
    """The results of all periods at once, of which the period takes its own."""
    chain = prepared.timelines.chains[timed.chain]
    counts = Read(
        name=prepared.workspace.relative(timed.counts),
        says="the counts of all periods of the chain, a batch for each",
        columns=("counts, the people behind them and their fingerprints",),
        key=f"batch {timed.place}",
    )
    on = chain.places[timed.place]
    stretches = Read(
        name=f"{STRETCHES} {timed.track}",
        says="what is true of each person, in stretches of time",
        columns=titled(prepared, chain.standing),
        key=f"patient_id; rows whose {PLACE!r} is {on} or before and whose {UNTIL!r} "
        f"is behind {on}",
    )
    if not chain.touching:
        return [counts, stretches]
    return [counts, stretches, _touched(prepared, timed, chain)]


def _touched(prepared: Prepared, timed: Timed, chain: Chain) -> Read:
    tables = ", ".join(_mentioned(prepared, chain.touched))
    return Read(
        name=touched_table(timed.chain),
        says=f"who has rows in the period, and what these come to (from {tables})",
        columns=titled(prepared, chain.touching),
        key=f"patient_id, at place {timed.place}",
    )


def _tables(prepared: Prepared, asked: Sequence[Statement]) -> list[Read]:
    """The tables that some statements read."""
    text = "\n".join(each.sql for each in asked)
    mentioned = Statement(PERIODS, "", text).names
    found: list[Read] = []
    if STATIC_TABLE in mentioned:
        static = [name for name in prepared.plan.static if name in mentioned]
        says = "what never changes, a row for each person"
        found.append(Read(STATIC_TABLE, says, tuple(static), "patient_id"))
    columns = {need.schema.name: need.columns for need in prepared.plan.needs}
    for name in _mentioned(prepared, text):
        says = "the snapshot of this table"
        found.append(Read(name, says, columns[name], "patient_id"))
    return found


def _mentioned(prepared: Prepared, sql: str) -> list[str]:
    """The tables of the snapshot that some SQL reads."""
    names = Statement(PERIODS, "", sql).names
    tables = [need.schema.name for need in prepared.plan.needs]
    return [name for name in tables if name in names]


def _whole_cohort(prepared: Prepared, timed: Timed) -> Statement:
    chain = prepared.timelines.chains[timed.chain]
    sql = cohort_sql(chain, timed.chain, timed.place)
    return Statement(PERIODS, "Everybody who is counted in the period.", sql)


def titled(prepared: Prepared, columns: Iterable[str]) -> tuple[str, ...]:
    """The names by which people know some columns."""
    titles: Mapping[str, str] = counting.titles(prepared.study.measures)
    return tuple(titles.get(name, name) for name in columns)
