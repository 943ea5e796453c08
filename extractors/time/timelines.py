"""What a run counts for all periods at once, as plain data: SQL on the tables of a
shard.

A *track* holds the standing series of everybody on one ladder: one row per patient and
stretch of time in which none of them changes. A *chain* is a ladder of periods in which
the same measures are counted: its stretches come from a track, and what is touched by
the rows of a period is computed for the patients with such rows alone.

One woman whose birthday is in week 2, and who has an event in week 1:

    place        0          1          2          3
    age band     30-39      30-39      40-49      40-49
    stretches    [ F, 30-39, places 0-1 ][ F, 40-49, places 2-3 ]    two rows, not four
    touched                 1 event                                  one row, of place 1
    changes      +1 30-39              -1 30-39, +1 40-49            the denominators

The sums of the changes up to a place are the counts of its period.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from extractors.planner.ladders import Interval, Ladder
from extractors.sql.changes import Sums
from extractors.sql.tally import Tally

STRETCHES = "stretches"


@dataclass(frozen=True)
class Wanted:
    """What is counted in some periods."""

    # the periods in which it is counted
    intervals: tuple[Interval, ...]
    # by their numbers
    tallies: Mapping[int, Tally]
    # the conditions for being in a cohort; none of them general
    populations: tuple[str, ...] = ()
    # what a cohort has beside what the tallies need; none of them general
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Track:
    """The standing series of everybody, in stretches."""

    # the dates at which something is counted
    ladder: Ladder
    # SQL for the places where something changes
    borders: str
    # SQL for what holds between them
    stretches: str


@dataclass(frozen=True)
class Chain:
    """Periods in which the same measures are counted, and the SQL that counts them."""

    # the number of what is wanted of it
    wanted: int
    # its periods
    intervals: Ladder
    # the number of its track
    track: int
    # the places of its periods on the ladder of the track
    places: tuple[int, ...]
    # the columns that come from the stretches
    standing: tuple[str, ...]
    # the columns that depend on the rows of a period
    touching: tuple[str, ...]
    # SQL for the stretches of people who are counted in them
    people: str
    # of each touching column: the value of patients without rows in the period, as SQL
    absent: tuple[str, ...]
    # SQL for what the rows of a period touch, a row for each patient and place
    touched: str
    # SQL for the sums from which the changes are made
    sums: tuple[Sums, ...]
    # SQL for how the sums differ from one place to the next
    changes: str
    # SQL for the counts of each period, from the changes
    counts: str
    # the columns of changes that are sums
    summed: tuple[str, ...]
    # those that are the largest amounts of one person, which are in no sum
    largest: tuple[str, ...]
    # SQL for these alone; empty if there are none
    amounts: str


@dataclass(frozen=True)
class Timelines:
    """Plain data: what a shard of the snapshot is asked for, all periods at once."""

    # by their numbers
    tracks: tuple[Track, ...]
    # by their numbers
    chains: tuple[Chain, ...]


NOTHING = Timelines((), ())  # where nothing is counted for all periods at once


def touched_table(chain: int) -> str:
    return f"touched {chain}"
