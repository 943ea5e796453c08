"""The planned way of counting (stretches of time, all periods at once) on hand-written
rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from extractors.engine import Engine
from extractors.evaluation import loaded
from extractors.planner.plan import Plan, make_plan
from extractors.sql.tally import Tally
from extractors.time.chains import general_columns, plan_timelines
from extractors.time.stretches import changes_of, cohort_sql, counts_of, make_chain
from extractors.time.timelines import Timelines, Wanted
from measures.counts import counting
from measures.definitions import Interval, Measure
from tests.lib.reference_engine import Records


@dataclass(frozen=True)
class Recipe:
    """The measures of some intervals, and what is needed for them."""

    intervals: tuple[Interval, ...]
    needed: counting.Needed


def recipes(
    chosen: Sequence[Measure], plan: Plan, named: Mapping[str, Any]
) -> list[Recipe]:
    """One for all intervals in which the same measures are counted."""
    intervals: dict[tuple[str, ...], list[Interval]] = {}
    for interval in sorted({each for measure in chosen for each in measure.intervals}):
        counted = tuple(
            measure.name for measure in chosen if interval in measure.intervals
        )
        intervals.setdefault(counted, []).append(interval)
    made = []
    for names, members in intervals.items():
        measures = [measure for measure in chosen if measure.name in names]
        needed = counting.needed(measures, named)
        numerators = {name for tally in needed.tallies for name, _ in tally.numerators}
        others = {
            name
            for tally in needed.tallies
            for name in (tally.denominator[0], *tally.groups)
        }
        general = general_columns(plan, members, numerators, others)
        made.append(Recipe(tuple(members), counting.needed(measures, named, general)))
    return made


def wanted(made: Sequence[Recipe]) -> list[Wanted]:
    """What the recipes leave to stretches of time."""
    return [
        Wanted(
            each.intervals,
            {
                n: t
                for n, t in enumerate(each.needed.tallies)
                if n not in each.needed.general
            },
        )
        for each in made
    ]


@dataclass
class Planned:
    """A study, planned and carried out in an engine."""

    chosen: Sequence[Measure]
    records: Records

    def __post_init__(self) -> None:
        self.named = counting.name_columns(self.chosen)
        self.plan = make_plan(self.named, counting.populations(self.chosen, self.named))
        self.recipes = recipes(self.chosen, self.plan, self.named)
        self.wanted = wanted(self.recipes)
        self.timelines: Timelines = plan_timelines(self.plan, self.wanted)
        self.engine: Engine = loaded(self.plan, self.records)
        for number in range(len(self.timelines.chains)):
            make_chain(self.engine, self.timelines, number)

    def __enter__(self) -> "Planned":
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.__exit__()

    def counts(self) -> Iterator[tuple[int, Interval, list[dict[str, Any]]]]:
        """For each chain and interval its rows of counts, as `sql.tally` has them."""
        for number, chain in enumerate(self.timelines.chains):
            rows = counts_of(
                self.engine, chain, changes_of(self.engine, self.timelines, number)
            ).to_pylist()
            for place, interval in enumerate(chain.intervals):
                yield (
                    number,
                    interval,
                    [row for row in rows if row["at place"] == place],
                )

    def tallies(self, number: int) -> Mapping[int, Tally]:
        """What is counted in a chain."""
        intervals = set(self.timelines.chains[number].intervals)
        return next(
            each.tallies for each in self.wanted if intervals <= set(each.intervals)
        )

    def cohort(self, number: int, place: int) -> pa.Table:
        return self.engine.arrow(
            cohort_sql(self.timelines.chains[number], number, place)
        )


def count_planned(chosen: Sequence[Measure], records: Records) -> list[dict[str, Any]]:
    """Raw counts in the shape of `reference_engine.measures`; only measures of which
    nothing is general.
    """
    groups = counting.group_types(chosen)
    grouped = {measure.name: measure.group_by for measure in chosen}
    with Planned(chosen, records) as planned:
        rows: list[dict[str, Any]] = []
        for number, interval, counts in planned.counts():
            needed = planned.recipes[planned.timelines.chains[number].wanted].needed
            assert not needed.general, "some of it is general"
            sums = [
                [row for row in counts if row["tally"] == tally]
                for tally in range(len(needed.tallies))
            ]
            raw = counting.raw_counts(needed, sums, interval, groups)
            counted = [
                measure.name for measure in chosen if interval in measure.intervals
            ]
            rows += counting.with_names(raw, counted).to_pylist()
    return [
        {**row, "groups": {name: row[name] for name in grouped[row["measure"]]}}
        for row in rows
        if row["denominator_patients"]
    ]
