"""Carrying out a plan of timelines on the tables of an engine."""

import pyarrow as pa

from extractors.engine import Engine
from extractors.sql.cells import CELLS, LADDER, PLACE, UNTIL
from extractors.sql.ladder import cells_sql, ladder_sql
from extractors.sql.positions import with_variables
from extractors.sql.words import quote
from extractors.time.timelines import STRETCHES, Chain, Timelines, Track, touched_table

CHANGES = "changes"
# with a space, so no author's table can have this name
MADE = "what is made"


def make_chain(engine: Engine, timelines: Timelines, number: int) -> None:
    """What a chain reads, as tables of the engine: its stretches, unless an earlier
    chain has them, and its touched.

    The tables of a snapshot and the static table must be there.
    """
    chain = timelines.chains[number]
    if all(earlier.track != chain.track for earlier in timelines.chains[:number]):
        _make_track(engine, timelines.tracks[chain.track], f"{STRETCHES} {chain.track}")
    _make(engine, LADDER, ladder_sql(chain.intervals))
    if chain.touched:
        _make(engine, touched_table(number), chain.touched)


def drop_chain(engine: Engine, timelines: Timelines, number: int) -> None:
    """Make room: away with what no later chain reads."""
    chain = timelines.chains[number]
    engine.execute(f"DROP TABLE IF EXISTS {quote(touched_table(number))}")
    if all(later.track != chain.track for later in timelines.chains[number + 1 :]):
        engine.execute(f"DROP TABLE {quote(f'{STRETCHES} {chain.track}')}")


def _make_track(engine: Engine, track: Track, name: str) -> None:
    _make(engine, LADDER, ladder_sql(track.ladder))
    _make(engine, CELLS, cells_sql(track.borders, len(track.ladder)))
    _make(engine, name, track.stretches)
    engine.execute(f"DROP TABLE {quote(CELLS)}")


def _make(engine: Engine, name: str, sql: str) -> None:
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE {quote(name)} AS {_short(engine, sql)}"
    )


def _short(engine: Engine, sql: str) -> str:
    variables, short = with_variables(sql)
    for variable in variables:
        engine.execute(variable)
    return short


def _made(engine: Engine, sql: str) -> pa.Table:
    """The rows of a long statement as Arrow.

    DuckDB plans what it gives as Arrow twice, so it fills a table first, which keeps
    the order of its rows. Of 10,000 people, the changes of three chains took 87, 176
    and 51 ms of CPU in place of 88, 262 and 91.
    """
    _make(engine, MADE, sql)
    rows = engine.arrow(f"SELECT * FROM {quote(MADE)}")
    engine.execute(f"DROP TABLE {quote(MADE)}")
    return rows


def changes_of(engine: Engine, timelines: Timelines, number: int) -> pa.Table:
    """The changes of a chain; those of several parts of the people may be put behind
    each other.
    """
    chain = timelines.chains[number]
    known: set[str] = set()
    for earlier in timelines.chains[:number]:
        known |= {sums.name for sums in earlier.sums}
    for sums in chain.sums:
        if sums.name not in known:
            _make(engine, sums.name, sums.sql)
    return _made(engine, chain.changes)


def taken_away(engine: Engine, chain: Chain) -> pa.Table:
    """The sums in the changes of a chain, each with the other sign."""
    for sums in chain.sums:
        _make(engine, sums.name, sums.sql)
    largest = f"EXCLUDE ({', '.join(chain.largest)})" if chain.largest else ""
    less = ", ".join(f"-{name} AS {name}" for name in chain.summed)
    return _made(engine, f"SELECT * {largest} REPLACE ({less}) FROM ({chain.changes})")


def amounts_of(engine: Engine, chain: Chain) -> pa.Table:
    """The largest amounts in the changes of a chain that has some."""
    for sums in chain.sums:
        if sums.held:
            _make(engine, sums.name, sums.sql)
    return _made(engine, chain.amounts)


def counts_of(engine: Engine, chain: Chain, changes: pa.Table) -> pa.Table:
    """The counts of all periods of a chain, in order of their places, out of all
    changes.
    """
    engine.register(CHANGES, changes)
    return _made(engine, chain.counts)


def cohort_sql(chain: Chain, number: int, place: int) -> str:
    """SELECT of everybody's standing and touching columns in the period at a place of a
    chain.
    """
    on = chain.places[place]
    columns = [f"s.{quote(name)}" for name in chain.standing]
    columns += [
        f"CASE WHEN t.patient_id IS NULL THEN {absent} ELSE t.{quote(name)} END AS "
        f"{quote(name)}"
        for name, absent in zip(chain.touching, chain.absent, strict=True)
    ]
    touched = (
        f"(SELECT * FROM {quote(touched_table(number))} WHERE {quote(PLACE)} = {place})"
    )
    join = (
        f" LEFT JOIN {touched} AS t ON t.patient_id = s.patient_id"
        if chain.touching
        else ""
    )
    return (
        f"SELECT {', '.join(['s.patient_id', *columns])} FROM ({chain.people}) AS "
        f"s{join} WHERE s.{quote(PLACE)} <= {on} AND s.{quote(UNTIL)} > {on}"
    )
