"""What every period of a study owes, and how all of them are counted together.

It is worked out for all periods that the study has, whichever a run is asked for: what
is counted at once does not cost more for it, and need not be made anew for others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from extractors.cohorts import cohort_query, static_steps
from extractors.fingerprint import file_hash, fingerprint
from extractors.model import nodes
from extractors.planner.kinds import STATIC_TABLE, Kind, Part
from extractors.planner.plan import Plan, in_any_order
from extractors.snapshot import FORMAT, snapshot_key
from extractors.sql.query import Query, compile_query
from extractors.time.chains import general_columns, plan_timelines
from extractors.time.timelines import Timelines, Wanted
from flows.preparing.recipe import Recipe
from flows.preparing.records import Records
from measures.counts import counting
from measures.counts.counting import Needed
from measures.definitions import Interval, Measure
from measures.study import Study

# part of every key: raise it when the same recipe comes to other counts, as after a
# mistake
COUNTING = 4


@dataclass(frozen=True)
class Recipes:
    """The recipe of each interval, and what is counted for all of them at once."""

    # of all series of the study
    plan: Plan
    # one recipe for all intervals in which the same measures are counted
    of: Mapping[Interval, Recipe]
    # what can be counted for all periods at once, one for each recipe
    wanted: Sequence[Wanted]

    @cached_property
    def timelines(self) -> Timelines:
        """Worked out only when it is needed: it takes a fifth of a second, and `status`
        does without.
        """
        return plan_timelines(self.plan, self.wanted)

    def parts(self) -> dict[str, Part]:
        """The kind of each series on the ladders that there are."""
        touching: set[str] = set()
        for each in self.timelines.chains:
            touching.update(each.touching)
        slow: set[str] = set()
        for recipe in self.of.values():
            slow |= recipe.needed.slow
        found: dict[str, Part] = {}
        for name, part in self.plan.parts.items():
            found[name] = _on_ladders(part, name in touching, name in slow)
        return found

    @cached_property
    def places(self) -> Mapping[Interval, tuple[int, int]]:
        """The chain of the timelines and the place on it, for the intervals of which
        something is counted at once.
        """
        found = {}
        for number, each in enumerate(self.timelines.chains):
            for place, interval in enumerate(each.intervals):
                found[interval] = (number, place)
        return found


def _on_ladders(part: Part, touching: bool, slow: bool) -> Part:
    if slow:
        return (
            part
            if part.kind == Kind.GENERAL
            else Part(Kind.GENERAL, "general", "a date leaves the calendar")
        )
    if part.kind == Kind.GENERAL:
        return Part(
            Kind.TIMELINE,
            "one period",
            "its measures have one period only, so nothing changes",
        )
    if part.kind == Kind.WINDOW and not touching:
        return Part(
            Kind.TIMELINE,
            "rows of the period",
            "groups by it, or its rows fall in so many periods: ranges cost less",
        )
    return part


def in_its_order(study: Study, named: Mapping[str, nodes.Series], plan: Plan) -> Plan:
    """The plan of a study, which has its tables in order of dates only where a period
    looks for its rows one by one.

    A part may be general in a plan and not so in the study: where its measures have one
    period, nothing changes.
    """
    if not any(need.window for need in plan.needs):
        return plan
    slow: set[str] = set()
    for measures, intervals in _counted_together(study.measures):
        slow |= _needed(plan, named, measures, intervals).slow
    counted = counting.name_columns(study.measures)
    for name, part in plan.parts.items():
        if name not in counted and part.kind == Kind.GENERAL:
            slow.add(name)
    return plan if slow else in_any_order(plan)


def study_recipes(
    study: Study,
    named: Mapping[str, nodes.Series],
    plan: Plan,
    records: Records,
    key_id: str,
) -> Recipes:
    """One recipe for all periods in which the same measures are counted; `key_id`: of
    the key of people's hashes.
    """
    inputs, because = _inputs(plan, records, key_id), _because(study, records)
    groups = {
        name: str(type_) for name, type_ in counting.group_types(study.measures).items()
    }
    made: dict[Interval, Recipe] = {}
    wanted = []
    for measures, intervals in _counted_together(study.measures):
        needed = _needed(plan, named, measures, intervals)
        query = cohort_query(plan, needed.columns, needed.populations)
        recipe = Recipe(
            cohort=query,
            rest=_rest(plan, needed),
            needed=needed,
            groups=groups,
            inputs=inputs,
            because=because,
            names=tuple(measure.name for measure in measures),
        )
        made |= dict.fromkeys(intervals, recipe)
        wanted.append(_wanted(needed, intervals))
    return Recipes(
        plan, {interval: made[interval] for interval in sorted(made)}, wanted
    )


def _counted_together(
    measures: Sequence[Measure],
) -> list[tuple[list[Measure], tuple[Interval, ...]]]:
    """The measures of each set that shares some intervals, and these intervals."""
    counted: dict[Interval, list[Measure]] = {}
    for measure in measures:
        for interval in measure.intervals:
            counted.setdefault(interval, []).append(measure)
    sets: dict[tuple[str, ...], list[Interval]] = {}
    for interval in sorted(counted):
        sets.setdefault(
            tuple(measure.name for measure in counted[interval]), []
        ).append(interval)
    return [(counted[intervals[0]], tuple(intervals)) for intervals in sets.values()]


def _needed(
    plan: Plan,
    named: Mapping[str, nodes.Series],
    measures: Sequence[Measure],
    intervals: Iterable[Interval],
) -> Needed:
    """What is needed, with tallies of their own for what must be computed period by
    period.
    """
    needed = counting.needed(measures, named)
    numerators: set[str] = set()
    others: set[str] = set()
    for tally in needed.tallies:
        numerators.update(name for name, _ in tally.numerators)
        others.update([tally.denominator[0], *tally.groups])
    return counting.needed(
        measures, named, general_columns(plan, intervals, numerators, others)
    )


def _wanted(needed: Needed, intervals: tuple[Interval, ...]) -> Wanted:
    """What can be counted for all periods at once."""
    tallies = {}
    for number, tally in enumerate(needed.tallies):
        if number not in needed.general:
            tallies[number] = tally
    populations = tuple(name for name in needed.populations if name not in needed.slow)
    columns = tuple(name for name in needed.columns if name not in needed.slow)
    return Wanted(intervals, tallies, populations, columns)


def _rest(plan: Plan, needed: Needed) -> Query | None:
    """The columns that must be computed period by period, for everybody; None if there
    are none.

    None also if they say who is counted: then the whole cohort must be.
    """
    if not needed.slow or not needed.slow.isdisjoint(needed.populations):
        return None
    return compile_query(
        {name: plan.series[name] for name in sorted(needed.slow)}, base=STATIC_TABLE
    )


def _inputs(plan: Plan, records: Records, key_id: str) -> dict[str, str]:
    """What the recipe's queries read, so that equal recipes over other inputs have
    other keys.
    """
    snapshot = snapshot_key(plan, records.fingerprint)
    return {
        "snapshot": snapshot,
        "static": fingerprint(static_steps(plan).text),
        "people": key_id,
        "format": f"{FORMAT} {COUNTING}",
    }


def _because(study: Study, records: Records) -> dict[str, str]:
    """By what people call it: the reasons for which a key may have changed."""
    codelists = fingerprint(
        sorted((each.name, each.sha256) for each in study.codelists)
    )
    return {
        "records": records.fingerprint,
        "codelists": codelists,
        "definition": study.definition_hash,
        "file": file_hash(study.path),
    }
