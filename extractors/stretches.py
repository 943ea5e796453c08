"""Carrying out a plan of timelines on the tables of an engine."""

from collections.abc import Iterator

import pyarrow as pa

from extractors.engine import Engine
from extractors.sql.cells import CELLS, LADDER, PLACE, UNTIL
from extractors.sql.words import quote
from extractors.timelines import STRETCHES, Chain, Timelines, Track, cells_sql, ladder_sql, touched_table

CHANGES = "changes"


def make_stretches(engine: Engine, timelines: Timelines) -> None:
    """The stretches of every track, and what is touched in every chain, as tables of the engine.

    The tables of a snapshot and the static table must be there.
    """
    for number, track in enumerate(timelines.tracks):
        _make_track(engine, track, f"{STRETCHES} {number}")
    for number, chain in enumerate(timelines.chains):
        _make_ladder(engine, ladder_sql(chain.intervals, chain.places))
        if chain.touched:
            _make(engine, touched_table(number), chain.touched)


def _make_track(engine: Engine, track: Track, name: str) -> None:
    _make_ladder(engine, ladder_sql(track.ladder, range(len(track.ladder))))
    _make(engine, CELLS, cells_sql(track.borders, len(track.ladder)))
    _make(engine, name, track.stretches)
    engine.execute(f"DROP TABLE {quote(CELLS)}")


def _make_ladder(engine: Engine, sql: str) -> None:
    _make(engine, LADDER, sql)


def _make(engine: Engine, name: str, sql: str) -> None:
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {quote(name)} AS {sql}")


def changes_of(engine: Engine, timelines: Timelines) -> Iterator[pa.Table]:
    """The changes of each chain, in order; those of several parts of the people may be put behind each other."""
    made: set[str] = set()
    for chain in timelines.chains:
        for sums in chain.sums:
            if sums.name not in made:
                made.add(sums.name)
                _make(engine, sums.name, sums.sql)
        yield engine.arrow(chain.changes)


def counts_of(engine: Engine, chain: Chain, changes: pa.Table) -> pa.Table:
    """The counts of all periods of a chain, in order of their places, out of all changes."""
    engine.register(CHANGES, changes)
    return engine.arrow(chain.counts)


def cohort_sql(chain: Chain, number: int, place: int) -> str:
    """SELECT of everybody's standing and touching columns in the period at a place of a chain."""
    on = chain.places[place]
    columns = [f"s.{quote(name)}" for name in chain.standing]
    columns += [
        f"CASE WHEN t.patient_id IS NULL THEN {absent} ELSE t.{quote(name)} END AS {quote(name)}"
        for name, absent in zip(chain.touching, chain.absent, strict=True)
    ]
    touched = f"(SELECT * FROM {quote(touched_table(number))} WHERE {quote(PLACE)} = {place})"
    join = f" LEFT JOIN {touched} AS t ON t.patient_id = s.patient_id" if chain.touching else ""
    return (
        f"SELECT {', '.join(['s.patient_id', *columns])} FROM ({chain.people}) AS s{join} "
        f"WHERE s.{quote(PLACE)} <= {on} AND s.{quote(UNTIL)} > {on}"
    )
