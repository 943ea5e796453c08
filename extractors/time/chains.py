"""From a plan to the SQL that counts everything for all periods at once: tracks, and
the chains along them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from extractors.model import nodes
from extractors.planner.kinds import PERSON
from extractors.planner.ladders import Interval, Ladder, dates_on, ladders
from extractors.planner.parts import moves_in_steps
from extractors.planner.plan import Plan
from extractors.planner.windows import (
    Window,
    frames_in,
    is_nothing_without,
    nothing_without,
    overlap,
    window_on,
)
from extractors.sql.cells import (
    LADDER,
    PLACE,
    TOUCHED,
    UNTIL,
    MakeCells,
    Span,
    span_key,
    touched_sql,
)
from extractors.sql.changes import (
    Stretches,
    amounts_sql,
    changes_sql,
    largest_columns,
    number_columns,
    people_columns,
    sums_of,
)
from extractors.sql.counts import counts_sql
from extractors.sql.operations import literal
from extractors.sql.positions import look_up_sql
from extractors.sql.words import quote
from extractors.time.timelines import (
    STRETCHES,
    Chain,
    Timelines,
    Track,
    Wanted,
    touched_table,
)
from extractors.time.tracks import (
    Draft,
    anybody,
    are_known,
    by_track,
    kept_apart,
    make_track,
)


def general_columns(
    plan: Plan, intervals: Iterable[Interval], numerators: set[str], others: set[str]
) -> set[str]:
    """Those columns that only the general query of each period can compute."""
    chains = ladders(intervals)
    numbers = {
        name
        for name in numerators - others
        if not all(_windows(plan, name, chain) for chain in chains)
    }
    return {
        name
        for name in numbers | others
        if not all(_is_standing(plan, name, chain) for chain in chains)
    }


def plan_timelines(plan: Plan, wanted: Iterable[Wanted]) -> Timelines:
    """The tracks and chains for all that is wanted, none of which may be general."""
    drafts: list[Draft] = []
    for number, each in enumerate(wanted):
        if each.tallies:
            several = ladders(each.intervals)
            drafts += [_draft(plan, number, each, ladder) for ladder in several]
    drafts = kept_apart(plan, drafts)
    made = {
        key: make_track(plan, key, members) for key, members in by_track(drafts).items()
    }
    numbers = {key: number for number, key in enumerate(made)}
    chains = [
        _chain(plan, draft, numbers[draft.track], made[draft.track], n)
        for n, draft in enumerate(drafts)
    ]
    return Timelines(tuple(made.values()), tuple(chains))


def _is_standing(plan: Plan, name: str, ladder: Ladder) -> bool:
    """Whether a series can be computed once for each stretch between its tips."""
    tips = plan.motions[plan.series[name]].tips
    return len(ladder) == 1 or (
        _moves_in_steps(plan, name) and all(are_known(tip, ladder) for tip in tips)
    )


def _moves_in_steps(plan: Plan, name: str) -> bool:
    return moves_in_steps(plan.series[name], plan.motions[plan.series[name]])


def _windows(
    plan: Plan, name: str, ladder: Ladder
) -> dict[tuple[nodes.Series, ...], Window]:
    """By what tells their periods: the windows without whose rows a series is nothing;
    empty if it is something.
    """
    node, found = plan.series[name], {}
    for frame, uses in frames_in(node).items():
        if window := window_on(ladder, uses, plan.motions):
            found[frame] = (span_key(uses.conditions), window)
    return dict(found.values()) if found and is_nothing_without(node, found) else {}


def _draft(plan: Plan, number: int, wanted: Wanted, ladder: Ladder) -> Draft:
    others, numerators = {*wanted.populations}, {*wanted.columns}
    for tally in wanted.tallies.values():
        others |= {tally.denominator[0], *tally.groups}
        numerators |= {name for name, _ in tally.numerators}
    windows = {
        name: _windows(plan, name, ladder) for name in sorted(numerators - others)
    }
    windows = {name: found for name, found in windows.items() if found}
    standing = tuple(
        name for name in plan.series if name in (others | numerators) - windows.keys()
    )
    shared = all(_moves_in_steps(plan, name) for name in standing) and _side(
        plan, standing
    )
    draft = Draft(
        number=number,
        wanted=wanted,
        ladder=ladder,
        standing=standing,
        windows=windows,
        track=shared,
    )
    return draft if shared else replace(draft, track=draft.own_track)


def _side(plan: Plan, columns: Iterable[str]) -> str:
    """The one parameter that some series mention, if it is one; those that mention none
    go with any.
    """
    mentioned = {
        node.name
        for node in nodes.walk(plan.series[c] for c in columns)
        if isinstance(node, nodes.Parameter)
    }
    if not mentioned:
        return "interval_start"
    return mentioned.pop() if len(mentioned) == 1 else ""


def _chain(plan: Plan, draft: Draft, number: int, track: Track, own: int) -> Chain:
    places = _places(draft, track)
    touching = tuple(draft.windows)
    spans: dict[tuple[nodes.Series, ...], Span] = {}
    for found in draft.windows.values():
        spans |= {key: _span(window, draft.ladder) for key, window in found.items()}
    stretches = Stretches(f"{STRETCHES} {number}", places, len(track.ladder))
    people = f"SELECT * FROM {quote(stretches.table)} WHERE {anybody(plan, [draft])}"
    along = (*draft.standing, PERSON)
    cells = _cells(people, along, places)
    series = {name: plan.series[name] for name in touching}
    touched = touched_sql(series, spans, cells, along) if touching else ""
    tallies = draft.wanted.tallies
    return Chain(
        wanted=draft.number,
        intervals=draft.ladder,
        track=number,
        places=places,
        standing=draft.standing,
        touching=touching,
        people=people,
        absent=tuple(_absent(plan, name, draft.windows[name]) for name in touching),
        touched=touched,
        sums=tuple(sums_of(tallies.values(), stretches.table, touching)),
        changes=changes_sql(tallies, stretches, touched_table(own), touching),
        counts=counts_sql(tallies, "changes", len(draft.ladder)),
        summed=(*number_columns(tallies.values()), *people_columns(tallies.values())),
        largest=tuple(largest_columns(tallies.values())),
        amounts=amounts_sql(tallies, stretches, touched_table(own), touching),
    )


def _absent(
    plan: Plan, name: str, windows: Mapping[tuple[nodes.Series, ...], Window]
) -> str:
    """As SQL, what a series is worth where none of its windows has a row."""
    node = plan.series[name]
    frames = {
        frame
        for frame, uses in frames_in(node).items()
        if span_key(uses.conditions) in windows
    }
    return literal(nothing_without(node, frames), node.type)


def _places(draft: Draft, track: Track) -> tuple[int, ...]:
    if isinstance(draft.track, tuple):
        return tuple(range(len(draft.ladder)))
    place = {interval[0]: number for number, interval in enumerate(track.ladder)}
    return tuple(
        place[interval[draft.track == "interval_end"]] for interval in draft.ladder
    )


def _span(window: Window, ladder: Ladder) -> Span:
    return Span(
        date=window.date,
        start=dates_on(window.start.moment, ladder) or [],
        start_passed=window.start.passed,
        end=dates_on(window.end.moment, ladder) or [],
        end_passed=window.end.passed,
        single=overlap(window, ladder) == 1,
    )


def _cells(people: str, along: Iterable[str], places: Sequence[int]) -> MakeCells:
    """How to make cells of the touched places of people who are counted then.

    The cells bring the people's standing columns along. The dates come last, by a join
    that DuckDB does not move: it takes a ladder for the best table to begin with.
    """
    t = quote(TOUCHED)
    dates = ["l.interval_start", "l.interval_end"]
    standing = [f"s.{quote(name)}" for name in along]
    columns = ", ".join([f"{t}.patient_id", f"{t}.{quote(PLACE)}", *dates, *standing])
    track_place = f"{look_up_sql(places, quote(PLACE))} AS track_place"
    begun = f"{t}.track_place >= s.{quote(PLACE)}"
    within = f"{begun} AND {t}.track_place < s.{quote(UNTIL)}"

    def cells(touched: str, found: str) -> str:
        return (
            f"SELECT {columns}{found} "
            f"FROM (SELECT *, {track_place} FROM ({touched})) AS {t} "
            f"JOIN ({people}) AS s ON s.patient_id = {t}.patient_id AND {within} "
            f"LEFT JOIN {quote(LADDER)} AS l ON l.{quote(PLACE)} = {t}.{quote(PLACE)}"
        )

    return cells
