"""Trying measures on a few hand-written rows, without files."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from extractors.cohorts import COHORT, cohort_query, make_cohort, tally_rows
from extractors.evaluation import Records, loaded
from extractors.planner.plan import make_plan
from measures.counts import counting
from measures.counts.columns import Part
from measures.definitions import Interval, Measure, Measures


def evaluate(
    measures: Measures | Iterable[Measure], records: Records
) -> list[dict[str, Any]]:
    """Raw counts as a list of dicts: measure, interval, group_by, the groups,
    numerator, denominator.

    `records` as for `extractors.evaluate`. Only groups that occur have a row, and a
    total only where anybody is counted. The numerator of a measure of amounts is a
    float.
    """
    chosen = list(measures)
    named = counting.name_columns(chosen)
    plan = make_plan(named, counting.populations(chosen, named))
    groups = counting.group_types(chosen)
    rows: list[dict[str, Any]] = []
    with loaded(plan, records) as engine:
        for interval in sorted(
            set(chain.from_iterable(each.intervals for each in chosen))
        ):
            counted = _counted_in(chosen, interval)
            needed = counting.needed(counted, named)
            make_cohort(
                engine,
                cohort_query(plan, needed.columns, needed.populations),
                interval,
                COHORT,
            )
            sums = [tally_rows(engine, tally, COHORT) for tally in needed.tallies]
            raw = counting.raw_counts(needed, sums, interval, groups)
            rows += counting.with_names(
                raw, [each.name for each in counted]
            ).to_pylist()
    scales = {measure.name: 10**measure.places for measure in chosen if measure.most}
    found: list[dict[str, Any]] = []
    for row in rows:
        if row[Part.DENOMINATOR.patients]:
            found.append(_in_ones(row, scales.get(row["measure"])))
    return found


def _in_ones(row: dict[str, Any], scale: int | None) -> dict[str, Any]:
    if scale is None:
        return row
    return row | {
        name: row[name] / scale for name in (Part.NUMERATOR, Part.NUMERATOR.largest)
    }


def _counted_in(measures: Iterable[Measure], interval: Interval) -> list[Measure]:
    return [measure for measure in measures if interval in measure.intervals]
