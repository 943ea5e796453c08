"""From a plan to the SQL that counts everything for all periods at once: tracks, and the chains along them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.model import nodes
from extractors.planner.ladders import Interval, Ladder, changes_of, dates_on, ladders
from extractors.planner.motion import Tip
from extractors.planner.parts import moves_in_steps
from extractors.planner.plan import Plan
from extractors.planner.windows import Window, frames_in, is_nothing_without, nothing_without, overlap, window_on
from extractors.sql.cells import LADDER, PLACE, TOUCHED, UNTIL, Span, span_key, standing_sql, touched_sql
from extractors.sql.changes import Stretches, changes_sql, sums_of
from extractors.sql.counts import counts_sql
from extractors.sql.operations import literal
from extractors.sql.positions import look_up_sql
from extractors.sql.tally import counted_sql
from extractors.sql.tipping import Border, borders_sql
from extractors.sql.words import quote
from extractors.timelines import STRETCHES, Chain, Timelines, Track, Wanted, touched_table


def general_columns(plan: Plan, intervals: Iterable[Interval], numerators: set[str], others: set[str]) -> set[str]:
    """Those columns that only the general query of each period can compute."""
    chains = ladders(intervals)
    numbers = {name for name in numerators - others if not all(_windows(plan, name, chain) for chain in chains)}
    return {name for name in numbers | others if not all(_stands(plan, name, chain) for chain in chains)}


def plan_timelines(plan: Plan, wanted: Iterable[Wanted]) -> Timelines:
    """The tracks and chains for all that is wanted, none of which may be general."""
    drafts = [
        _draft(plan, number, each, ladder)
        for number, each in enumerate(wanted)
        if each.tallies
        for ladder in ladders(each.intervals)
    ]
    drafts = _told(plan, drafts)
    made = {key: _track(plan, key, members) for key, members in _by_track(drafts).items()}
    numbers = {key: number for number, key in enumerate(made)}
    chains = [_chain(plan, draft, numbers[draft.track], made[draft.track], n) for n, draft in enumerate(drafts)]
    return Timelines(tuple(made.values()), tuple(chains))


def _stands(plan: Plan, name: str, ladder: Ladder) -> bool:
    """Whether a series can be computed once for each stretch between its tips."""
    tips = plan.motions[plan.series[name]].tips
    return len(ladder) == 1 or (_moves_in_steps(plan, name) and all(_tells(tip, ladder) for tip in tips))


def _moves_in_steps(plan: Plan, name: str) -> bool:
    return moves_in_steps(plan.series[name], plan.motions[plan.series[name]])


def _tells(tip: Tip, ladder: Ladder) -> bool:
    return tip.date is None or dates_on(tip.moment, ladder) is not None


def _windows(plan: Plan, name: str, ladder: Ladder) -> dict[tuple[nodes.Series, ...], Window]:
    """By what tells their periods: the windows without whose rows a series is nothing; empty if it is something."""
    node, found = plan.series[name], {}
    for frame, uses in frames_in(node).items():
        if window := window_on(ladder, uses, plan.motions):
            found[frame] = (span_key(uses.conditions), window)
    return dict(found.values()) if found and is_nothing_without(node, found) else {}


@dataclass(frozen=True)
class _Draft:
    """A chain before its SQL. `track` names the track it can share: a side of INTERVAL, or its own ladder."""

    number: int
    wanted: Wanted
    ladder: Ladder
    standing: tuple[str, ...]
    windows: Mapping[str, Mapping[tuple[nodes.Series, ...], Window]]
    track: object

    @property
    def own_track(self) -> tuple[Ladder, int]:
        return self.ladder, self.number


def _told(plan: Plan, drafts: Sequence[_Draft]) -> list[_Draft]:
    """The drafts, apart from each other where a date would leave the calendar on the track that they share.

    Each ladder tells its own dates, but not `E + days(1)` when one of the others ends on the last day there is.
    """
    shared = {key: members for key, members in _by_track(drafts).items() if not isinstance(key, tuple)}
    untold = {key for key, members in shared.items() if not _tells_all(plan, key, members)}
    return [replace(draft, track=draft.own_track) if draft.track in untold else draft for draft in drafts]


def _by_track(drafts: Iterable[_Draft]) -> dict[object, list[_Draft]]:
    tracks: dict[object, list[_Draft]] = {}
    for draft in drafts:
        tracks.setdefault(draft.track, []).append(draft)
    return tracks


def _tells_all(plan: Plan, side: object, drafts: Sequence[_Draft]) -> bool:
    ladder = _shared_ladder(side, drafts)
    return all(_tells(tip, ladder) for tip in _tips(plan, (name for draft in drafts for name in draft.standing)))


def _tips(plan: Plan, columns: Iterable[str]) -> frozenset[Tip]:
    return frozenset().union(*(plan.motions[plan.series[name]].tips for name in columns))


def _draft(plan: Plan, number: int, wanted: Wanted, ladder: Ladder) -> _Draft:
    tallies = wanted.tallies.values()
    others = {name for tally in tallies for name in (tally.denominator[0], *tally.groups)} | {*wanted.populations}
    numerators = {name for tally in tallies for name, _ in tally.numerators} | {*wanted.columns}
    windows = {name: _windows(plan, name, ladder) for name in sorted(numerators - others)}
    windows = {name: found for name, found in windows.items() if found}
    standing = tuple(name for name in plan.series if name in (others | numerators) - windows.keys())
    shared = all(_moves_in_steps(plan, name) for name in standing) and _side(plan, standing)
    draft = _Draft(number, wanted, ladder, standing, windows, shared)
    return draft if shared else replace(draft, track=draft.own_track)


def _side(plan: Plan, columns: Iterable[str]) -> str:
    """The one parameter that some series mention, if it is one; those that mention none go with any."""
    mentioned = {node.name for node in nodes.walk(plan.series[c] for c in columns) if isinstance(node, nodes.Parameter)}
    return mentioned.pop() if len(mentioned) == 1 else "" if mentioned else "interval_start"


def _track(plan: Plan, key: object, drafts: Sequence[_Draft]) -> Track:
    names = {name for draft in drafts for name in draft.standing}
    columns = tuple(name for name in plan.series if name in names)
    ladder = drafts[0].ladder if isinstance(key, tuple) else _shared_ladder(key, drafts)
    tips = _tips(plan, columns) if len(ladder) > 1 else ()
    anybody = _anybody(plan, drafts)
    stretches = f"SELECT * FROM ({standing_sql({name: plan.series[name] for name in columns})}) WHERE {anybody}"
    return Track(ladder, columns, _borders(tips, ladder), stretches)


def _anybody(plan: Plan, drafts: Iterable[_Draft]) -> str:
    """The condition for being counted in one of some chains."""
    drafts = list(drafts)
    counted = [counted_sql(tally) for draft in drafts for tally in draft.wanted.tallies.values()]
    names = [name for draft in drafts for name in draft.wanted.populations]
    counted += [quote(name) if plan.series[name].type is bool else f"{quote(name)} > 0" for name in names]
    return " OR ".join(dict.fromkeys(counted))


def _shared_ladder(side: object, drafts: Iterable[_Draft]) -> Ladder:
    """All dates of one side of INTERVAL in which something is counted, each as an interval of one day."""
    dates = {interval[side == "interval_end"] for draft in drafts for interval in draft.ladder}
    return tuple((date, date) for date in sorted(dates))


def _borders(tips: Iterable[Tip], ladder: Ladder) -> str:
    borders, fixed = [], []
    for tip in sorted(tips, key=repr):
        if tip.date is None:
            fixed += changes_of(tip.moment, ladder)
        else:
            dates = dates_on(tip.moment, ladder)
            assert dates, "a date that leaves the calendar tells no places"
            borders.append(Border(tip.date, tip.rows, tuple(dates), tip.passed, tip.every))
    return borders_sql(borders, fixed, len(ladder))


def _chain(plan: Plan, draft: _Draft, number: int, track: Track, own: int) -> Chain:
    places = _places(draft, track)
    touching = tuple(draft.windows)
    spans = {key: _span(window, draft.ladder) for found in draft.windows.values() for key, window in found.items()}
    stretches = Stretches(f"{STRETCHES} {number}", places, len(track.ladder))
    people = f"SELECT * FROM {quote(stretches.table)} WHERE {_anybody(plan, [draft])}"
    cells = _cells(people, draft.standing, places)
    series = {name: plan.series[name] for name in touching}
    touched = touched_sql(series, spans, cells, draft.standing) if touching else ""
    sums = tuple(sums_of(draft.wanted.tallies.values(), stretches.table, touching))
    changes = changes_sql(draft.wanted.tallies, stretches, touched_table(own), touching)
    counts = counts_sql(draft.wanted.tallies, "changes", len(draft.ladder))
    absent = tuple(_absent(plan, name, draft.windows[name]) for name in touching)
    return Chain(
        draft.number,
        draft.ladder,
        number,
        places,
        draft.standing,
        touching,
        people,
        absent,
        touched,
        sums,
        changes,
        counts,
    )


def _absent(plan: Plan, name: str, windows: Mapping[tuple[nodes.Series, ...], Window]) -> str:
    """As SQL, what a series is worth where none of its windows has a row."""
    node = plan.series[name]
    frames = {frame for frame, uses in frames_in(node).items() if span_key(uses.conditions) in windows}
    return literal(nothing_without(node, frames), node.type)


def _places(draft: _Draft, track: Track) -> tuple[int, ...]:
    if isinstance(draft.track, tuple):
        return tuple(range(len(draft.ladder)))
    place = {interval[0]: number for number, interval in enumerate(track.ladder)}
    return tuple(place[interval[draft.track == "interval_end"]] for interval in draft.ladder)


def _span(window: Window, ladder: Ladder) -> Span:
    start, end = (dates_on(edge.moment, ladder) or [] for edge in (window.start, window.end))
    single = overlap(window, ladder) == 1
    return Span(window.date, start, window.start.passed, end, window.end.passed, single)


def _cells(people: str, along: Iterable[str], places: Sequence[int]) -> str:
    """SQL of cells for the touched places of people who are counted then, with their standing columns.

    The dates come last, by a join that DuckDB does not move: it takes a ladder for the best table to begin with.
    """
    t = quote(TOUCHED)
    columns = ", ".join([f"{t}.patient_id", f"{t}.{quote(PLACE)}", "l.interval_start", "l.interval_end"])
    more = "".join(f", s.{quote(name)}" for name in along)
    touched = f"SELECT *, {look_up_sql(places, quote(PLACE))} AS track_place FROM ({{touched}})"
    within = f"{t}.track_place >= s.{quote(PLACE)} AND {t}.track_place < s.{quote(UNTIL)}"
    return (
        f"SELECT {columns}{more}{{found}} FROM ({touched}) AS {t} "
        f"JOIN ({people}) AS s ON s.patient_id = {t}.patient_id AND {within} "
        f"LEFT JOIN {quote(LADDER)} AS l ON l.{quote(PLACE)} = {t}.{quote(PLACE)}"
    )
