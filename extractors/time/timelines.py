"""What a run counts for all periods at once, as plain data: SQL on the tables of a
shard.

A *track* holds the standing series of everybody on one ladder: one row per patient and
stretch of time in which none of them changes. A *chain* is a ladder of periods in which
the same measures are counted: its stretches come from a track, and what is touched by
the rows of a period is computed for the patients with such rows alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from extractors.planner.ladders import Interval, Ladder
from extractors.sql.changes import Sums
from extractors.sql.tally import Tally

STRETCHES = "stretches"


@dataclass(frozen=True)
class Wanted:
    """What is counted in some periods: tallies, by their numbers.

    `populations` and `columns`: also these, for the cohorts; none of them general.
    """

    intervals: tuple[Interval, ...]
    tallies: Mapping[int, Tally]
    populations: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Track:
    """`borders` is SQL for the places where something changes, `stretches` for what
    holds between them.
    """

    ladder: Ladder
    borders: str
    stretches: str


@dataclass(frozen=True)
class Chain:
    """`places`: where its periods stand on the ladder of its track. `touched`, `sums`,
    `changes`, `counts`: SQL.

    `wanted`: by which of the things wanted. `people`: SQL for the stretches of the
    track in which somebody is counted.

    `touching` columns have in `absent` the value (False, 0 or None) of patients without
    rows in the period.
    """

    wanted: int
    intervals: Ladder
    track: int
    places: tuple[int, ...]
    standing: tuple[str, ...]
    touching: tuple[str, ...]
    people: str
    absent: tuple[str, ...]
    touched: str
    sums: tuple[Sums, ...]
    changes: str
    counts: str
    # the columns of changes that are sums
    summed: tuple[str, ...]
    # those that are the largest amounts of one person, which no sum tells
    largest: tuple[str, ...]
    # SQL for these alone; empty if there are none
    amounts: str


@dataclass(frozen=True)
class Timelines:
    """Plain data: what a shard of the snapshot is asked for, all periods at once."""

    tracks: tuple[Track, ...]
    chains: tuple[Chain, ...]


NOTHING = Timelines((), ())  # where nothing is counted for all periods at once


def touched_table(chain: int) -> str:
    return f"touched {chain}"
