"""The SQL of a run, statement by statement, in the order in which a run executes it.

No record is read: what a run looks at before it says SQL (how narrow integers are, how
many shards there are) is left out. Each statement reads the tables of others:

    records."clinical_events"            a table of the records
      └─ "clinical_events"               snapshot: its needed columns and rows
           └─ "static values"            what never changes, a row for each person
                └─ "stretches 0"         what holds from one place to another
                     ├─ "touched 0"      what the rows of a period touch
                     └─ "changes 0"      what each stretch adds, and takes away again
                          └─ counts      of every period, one cumulative sum
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from extractors.cohorts import (
    COHORT,
    EVENTS,
    EVERYONE,
    POPULATION,
    CohortQuery,
    cohort_query,
    cohort_tally_sql,
    event_query,
    everyone_sql,
    make_cohort,
    make_events,
    make_static,
)
from extractors.needed import needed_sql
from extractors.planner.kinds import STATIC_TABLE
from extractors.planner.ladders import Interval, period_name
from extractors.planner.plan import Plan
from extractors.recorded import Recorded
from extractors.sql.cells import CELLS, LADDER
from extractors.sql.query import Steps
from extractors.sql.words import quote
from extractors.time.stretches import CHANGES, changes_of, make_chain
from extractors.time.timelines import STRETCHES, Timelines, touched_table
from flows.preparing.jobs import Timed
from flows.preparing.period_query import period_query
from flows.preparing.prepared import Prepared
from flows.preparing.recipe import Recipe

RECORDS = "records."  # the schema of the records' own tables, with its dot
ROWS = "rows of the dataset"  # with a space, so no author's table can have this name
SNAPSHOT, STATIC, TIMELINES = "snapshot", "static", "timelines"
COUNTS, PERIODS, DATASET = "counts", "periods", "dataset"
PART = "part "  # as `compile_steps` calls the parts of the static table
MADE = re.compile(r'CREATE OR REPLACE (?:TEMP )?(?:TABLE|VIEW) "((?:[^"]|"")*)" AS ')
NAMES = re.compile(r"""'(?:[^']|'')*'|"((?:[^"]|"")*)\"""")
# What a person would call the tables of a chain; `{}` is its number or its track's.
CALLED = {
    LADDER: "The periods as a table: a place for each, with its first and last day.",
    CELLS: "For each person the stretches of time in which nothing about them changes.",
}


@dataclass(frozen=True)
class Statement:
    """One statement of a run."""

    # the step of a run that executes it
    step: str
    # what it does, in plain words
    says: str
    # what it asks of DuckDB, as one line
    sql: str
    # statements that set the variables that it reads
    first: tuple[str, ...] = ()

    @property
    def makes(self) -> str:
        """The table that it makes; "" where it only asks."""
        found = MADE.match(self.sql)
        return found[1] if found else ""

    @property
    def names(self) -> set[str]:
        """The names in quotes that it mentions: tables and columns."""
        return {name for name in NAMES.findall(self.sql) if name}

    def defines(self, column: str) -> bool:
        """Whether it computes a column of this name."""
        return f"AS {quote(column)}" in self.sql


def statements(prepared: Prepared) -> list[Statement]:
    """All statements of a run from nothing. Raises nothing: what can be prepared has
    its statements.
    """
    plan, places = prepared.plan, prepared.places
    return [
        *_of_snapshot(plan),
        *_of_static(places.static_steps),
        *_of_timelines(prepared.timelines),
        *_of_counts(prepared.timelines),
        *_of_periods(prepared),
        *_of_dataset(prepared),
    ]


def computing(every: Sequence[Statement], column: str) -> list[Statement]:
    """Those statements that compute a series, in the same order.

    First those that define its column, then what makes the tables that these read. Of
    the parts of the static table those alone that have one of the columns in question.
    """
    wanted = {
        number
        for number, each in enumerate(every)
        if each.step not in (SNAPSHOT, COUNTS) and each.defines(column)
    }
    names: set[str] = set()
    for number in reversed(range(len(every))):
        each = every[number]
        if number in wanted or _is_read(each, names):
            wanted.add(number)
            # an earlier statement may make a table of the same name for another one
            names.discard(each.makes)
            names |= each.names - {each.makes} - _parts_of(each)
    return [every[number] for number in sorted(wanted)]


def _is_read(statement: Statement, names: set[str]) -> bool:
    """Whether later statements, which mention these names, need what this one makes."""
    made = statement.makes
    if statement.step == STATIC and made.startswith(PART):
        return any(statement.defines(name) for name in names)
    return made in names


def _parts_of(statement: Statement) -> set[str]:
    """The columns in the statement that puts the static table together of its parts: it
    mentions each of them, so it says nothing of which ones are wanted.
    """
    names = statement.names
    in_parts = any(name.startswith(PART) for name in names)
    if statement.makes == STATIC_TABLE and in_parts:
        return names - {EVERYONE}
    return set()


def _of_snapshot(plan: Plan) -> Iterator[Statement]:
    for need in plan.needs:
        name = need.schema.name
        rows = "the rows that can matter" if need.rows else "every row"
        query = needed_sql(need, f"{RECORDS}{quote(name)}")
        yield Statement(
            SNAPSHOT,
            f"The snapshot of {name}: the columns that the study reads, of {rows}. "
            "A run writes it to a file.",
            _made(name, query),
        )
    schema = RECORDS if plan.candidates.any_row else ""
    yield Statement(
        SNAPSHOT,
        "Everybody who may be counted.",
        _made(EVERYONE, everyone_sql(plan.candidates, schema)),
    )


def _made(name: str, query: str) -> str:
    return f"CREATE OR REPLACE TABLE {quote(name)} AS {query}"


def _of_static(steps: Steps) -> Iterator[Statement]:
    engine = Recorded()
    make_static(engine, steps)
    for sql in engine.statements:
        statement = Statement(STATIC, "", sql)
        says = (
            "What never changes, computed once: a row for each person, with the hash "
            "by which counts are compared ($people_key is the workspace's secret)."
            if statement.makes == STATIC_TABLE
            else f"A part of what never changes: {statement.makes}."
        )
        yield Statement(STATIC, says, sql)


def _of_timelines(timelines: Timelines) -> Iterator[Statement]:
    """For each chain its stretches, what its rows touch, and its changes."""
    for number, chain in enumerate(timelines.chains):
        engine = Recorded()
        make_chain(engine, timelines, number)
        for each in _with_variables(engine.statements):
            yield Statement(TIMELINES, _called(each, number), each.sql, each.first)
        engine = Recorded()
        changes_of(engine, timelines, number)
        *sums, changes = _with_variables(engine.statements)
        for each in sums:
            says = "Sums over the stretches, which several counts have in common."
            yield Statement(TIMELINES, says, each.sql, each.first)
        yield Statement(
            TIMELINES,
            f"What each stretch adds to the counts of chain {number} "
            f"({_span(chain.intervals)}), and where it ends.",
            _made(f"{CHANGES} {number}", changes.sql),
            changes.first,
        )


def _called(statement: Statement, chain: int) -> str:
    """What a table of a chain is, in words."""
    made = statement.makes
    if made.startswith(STRETCHES):
        return (
            f"Track {made.removeprefix(STRETCHES).strip()}: for each person and stretch "
            "of time what is true of them in it."
        )
    if made == touched_table(chain):
        return (
            f"Chain {chain}: for each period the people who have rows in it, and what "
            "these rows come to."
        )
    return CALLED[made]


def _with_variables(recorded: Iterable[str]) -> Iterator[Statement]:
    """Statements, each with those that set variables before it; without those that only
    make room.
    """
    first: list[str] = []
    for sql in recorded:
        if sql.startswith("SET VARIABLE"):
            first.append(sql)
        elif not sql.startswith("DROP"):
            yield Statement(TIMELINES, "", sql, tuple(first))
            first = []


def _of_counts(timelines: Timelines) -> Iterator[Statement]:
    for number, chain in enumerate(timelines.chains):
        query = f"SELECT * FROM {quote(f'{CHANGES} {number}')}"
        made = f"CREATE OR REPLACE VIEW {quote(CHANGES)} AS {query}"
        yield Statement(COUNTS, f"The changes of chain {number}, of all shards.", made)
        yield Statement(
            COUNTS,
            f"The counts of all {len(chain.intervals)} periods of chain {number}: what "
            "has changed up to each of them, added up.",
            chain.counts,
        )


def _of_periods(prepared: Prepared) -> Iterator[Statement]:
    """What is asked in each period alone, once for all periods that share it."""
    sharing: dict[str, list[Interval]] = {}
    for interval, recipe in prepared.recipes.items():
        sharing.setdefault(recipe.key, []).append(interval)
    for intervals in sharing.values():
        recipe = prepared.recipes[intervals[0]]
        yield from of_period(recipe, intervals, prepared.timed(intervals[0]))
    for rows in _different(job.cohort for job in prepared.rows.values()):
        yield cohort_statement(rows, tuple(prepared.rows))


def of_period(
    recipe: Recipe, intervals: Sequence[Interval], timed: Timed | None
) -> Iterator[Statement]:
    """What a run asks in the first of some periods alone; nothing where all of it is
    counted at once.

    `timed`: where that period is among those that are counted at once.
    """
    if timed and not recipe.needed.general:
        return
    says = (
        f"The cohort of {_each_of(intervals)} ($interval_start and $interval_end are "
        "its days): what cannot be computed for all periods at once."
    )
    if timed and recipe.rest and len(intervals) > 1:
        says += f" Of the first one, at place {timed.place}; others have other places."
    cohort = _cohort(period_query(recipe, timed), intervals)
    yield Statement(PERIODS, says, cohort)
    numbers = recipe.needed.general if timed else range(len(recipe.needed.tallies))
    for number in numbers:
        tally = recipe.needed.tallies[number]
        yield Statement(
            PERIODS, "The counts of that cohort.", cohort_tally_sql(tally, COHORT)
        )


def cohort_statement(rows: CohortQuery, intervals: Sequence[Interval]) -> Statement:
    """What makes the rows of a file of patients."""
    says = (
        f"The rows of a file of patients, of {_each_of(intervals)} ($interval_start "
        "is its first day)."
    )
    return Statement(PERIODS, says, _cohort(rows, intervals))


def _cohort(cohort: CohortQuery, intervals: Sequence[Interval]) -> str:
    engine = Recorded()
    make_cohort(engine, cohort, intervals[0], COHORT)
    return engine.statements[0]


def _different(cohorts: Iterable[CohortQuery]) -> list[CohortQuery]:
    return list({cohort.query.sql: cohort for cohort in cohorts}.values())


def _of_dataset(prepared: Prepared) -> Iterator[Statement]:
    """The rows of a dataset, and of the tables of events beside it."""
    study, plan, places = prepared.study, prepared.plan, prepared.places
    if study.kind != DATASET or study.index:
        return
    engine = Recorded()
    rows = cohort_query(plan, places.columns, (POPULATION,))
    make_cohort(engine, rows, None, ROWS)
    yield Statement(DATASET, "The rows of the dataset.", engine.statements[0])
    for name, columns in places.events.items():
        yield _of_events(plan, name, columns)


def _of_events(plan: Plan, name: str, columns: Mapping[str, str]) -> Statement:
    engine = Recorded()
    make_events(engine, event_query(plan, columns).sql, ROWS, EVENTS)
    says = f"The rows of {name}, of the same patients."
    return Statement(DATASET, says, engine.statements[0])


def _each_of(intervals: Sequence[Interval]) -> str:
    return f"{'each of ' if len(intervals) > 1 else ''}{_span(intervals)}"


def _span(intervals: Sequence[Interval]) -> str:
    first, last = period_name(intervals[0]), period_name(intervals[-1])
    if len(intervals) == 1:
        return f"the period {first}"
    return f"the {len(intervals)} periods {first} to {last}"
