"""Measures as a table of true counts of a few people who were made up on the spot."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

from extractors.errors import CohortflowError
from extractors.planner.plan import make_plan
from extractors.seen import PEOPLE, Table, html_table, made_up
from extractors.trial.wishes import Target
from measures.counts import counting
from measures.definitions import Measure, Measures
from measures.on_rows import evaluate

MOST_ROWS = 60
COLUMNS = ("measure", "from", "to", "group", "numerator", "denominator", "ratio")


def html_of(measures: Measures) -> str:
    """The counts as HTML; what cannot be counted is said in words."""
    try:
        return html_table(table_of(list(measures)))
    except CohortflowError as error:
        return f"<p>{escape(error.message)}</p>"


def table_of(measures: Sequence[Measure]) -> Table:
    """Each measure in its last period."""
    last = [replace(measure, intervals=measure.intervals[-1:]) for measure in measures]
    rows = _counted(last) if last else []
    said = (
        f"{min(len(rows), MOST_ROWS):,} of {len(rows):,} rows, each measure in its "
        "last period"
    )
    return Table(
        title="",
        columns=COLUMNS,
        rows=tuple(map(_row, rows[:MOST_ROWS])),
        note=f"{said}; true counts of {PEOPLE} made-up people. `cohortflow try` has "
        "all periods.",
    )


def _counted(measures: Sequence[Measure]) -> list[dict[str, Any]]:
    named = counting.name_columns(measures)
    plan = make_plan(named, counting.populations(measures, named))
    targets = [
        Target((each.denominator, each.numerator), each.intervals) for each in measures
    ]
    return evaluate(measures, made_up(plan, list(named.values()), PEOPLE, targets))


def _row(row: dict[str, Any]) -> tuple[Any, ...]:
    groups = row["group_by"].split("+") if row["group_by"] else []
    said = ", ".join(
        f"{name}: {'missing' if row[name] is None else row[name]}" for name in groups
    )
    ratio = row["numerator"] / row["denominator"] if row["denominator"] else None
    shown = None if ratio is None else f"{ratio:.3g}"
    ends = (row["interval_start"], row["interval_end"])
    return (row["measure"], *ends, said, row["numerator"], row["denominator"], shown)
