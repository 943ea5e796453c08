"""The tracks of some chains: those that mention one side of INTERVAL share the dates of
all, others keep their own.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.model import nodes
from extractors.planner.kinds import PERSON
from extractors.planner.ladders import Ladder, changes_of, dates_on
from extractors.planner.motion import Tip
from extractors.planner.plan import Plan
from extractors.planner.windows import Window
from extractors.sql.cells import standing_sql
from extractors.sql.people import packed_sql
from extractors.sql.tally import counted_sql
from extractors.sql.tipping import Border, borders_sql
from extractors.sql.words import quote
from extractors.time.timelines import Track, Wanted


@dataclass(frozen=True)
class Draft:
    """A chain before its SQL."""

    # which of the things wanted it is
    number: int
    # what is counted in it
    wanted: Wanted
    # its periods
    ladder: Ladder
    # the series that hold from one tip to the next
    standing: tuple[str, ...]
    # by series, and by the conditions on a table's rows: the rows that a period touches
    windows: Mapping[str, Mapping[tuple[nodes.Series, ...], Window]]
    # the track that it can share: a side of INTERVAL, or its own ladder
    track: object

    @property
    def own_track(self) -> tuple[Ladder, int]:
        return self.ladder, self.number


def kept_apart(plan: Plan, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, apart from each other where a date would leave the calendar on the
    track that they share.

    Each ladder has its own dates, but not `E + days(1)` when one of the others ends
    on the last day there is.
    """
    shared = {
        key: members
        for key, members in by_track(drafts).items()
        if not isinstance(key, tuple)
    }
    leaving = {
        key for key, members in shared.items() if not _knows_all(plan, key, members)
    }
    return [
        replace(draft, track=draft.own_track) if draft.track in leaving else draft
        for draft in drafts
    ]


def by_track(drafts: Iterable[Draft]) -> dict[object, list[Draft]]:
    tracks: dict[object, list[Draft]] = {}
    for draft in drafts:
        tracks.setdefault(draft.track, []).append(draft)
    return tracks


def _knows_all(plan: Plan, side: object, drafts: Sequence[Draft]) -> bool:
    ladder = _shared_ladder(side, drafts)
    return all(are_known(tip, ladder) for tip in _tips(plan, _standing(drafts)))


def _standing(drafts: Iterable[Draft]) -> set[str]:
    """The standing columns of some chains."""
    return set().union(*(draft.standing for draft in drafts))


def are_known(tip: Tip, ladder: Ladder) -> bool:
    """Whether the places of a tip are known: those of each period's date, unless one
    leaves the calendar.
    """
    return tip.date is None or dates_on(tip.moment, ladder) is not None


def _tips(plan: Plan, columns: Iterable[str]) -> frozenset[Tip]:
    return frozenset().union(
        *(plan.motions[plan.series[name]].tips for name in columns)
    )


def make_track(plan: Plan, key: object, drafts: Sequence[Draft]) -> Track:
    names = _standing(drafts)
    columns = tuple(name for name in plan.series if name in names)
    ladder = drafts[0].ladder if isinstance(key, tuple) else _shared_ladder(key, drafts)
    tips = _tips(plan, columns) if len(ladder) > 1 else ()
    cells = standing_sql(
        {**{name: plan.series[name] for name in columns}, PERSON: plan.person}
    )
    packed = f"{packed_sql(quote(PERSON))} AS {quote(PERSON)}"
    stretches = (
        f"SELECT * REPLACE ({packed}) FROM ({cells}) WHERE {anybody(plan, drafts)}"
    )
    return Track(ladder, _borders(tips, ladder), stretches)


def anybody(plan: Plan, drafts: Iterable[Draft]) -> str:
    """The condition for being counted in one of some chains."""
    counted: list[str] = []
    populations: list[str] = []
    for draft in drafts:
        counted += map(counted_sql, draft.wanted.tallies.values())
        populations += draft.wanted.populations
    for name in populations:
        is_flag = plan.series[name].type is bool
        counted.append(quote(name) if is_flag else f"{quote(name)} > 0")
    return " OR ".join(dict.fromkeys(counted))


def _shared_ladder(side: object, drafts: Iterable[Draft]) -> Ladder:
    """All dates of one side of INTERVAL in which something is counted, each as an
    interval of one day.
    """
    dates: set[datetime.date] = set()
    for draft in drafts:
        dates |= {interval[side == "interval_end"] for interval in draft.ladder}
    return tuple((date, date) for date in sorted(dates))


def _borders(tips: Iterable[Tip], ladder: Ladder) -> str:
    borders, fixed = [], []
    for tip in sorted(tips, key=repr):
        if tip.date is None:
            fixed += changes_of(tip.moment, ladder)
        else:
            dates = dates_on(tip.moment, ladder)
            assert dates, "a date that leaves the calendar has no places"
            border = Border(
                date=tip.date,
                rows=tip.rows,
                among=tuple(dates),
                passed=tip.passed,
                every=tip.every,
            )
            borders.append(border)
    return borders_sql(borders, fixed, len(ladder))
