"""Numerators that have people, but none of their denominator."""

from collections.abc import Sequence
from dataclasses import replace

from extractors.model import nodes
from flows.preparing.prepare import intervals_of
from flows.trying.counting import Trial, count_of, with_study
from measures.counts.true_rows import true_rows
from measures.definitions import Measure


def with_people(trial: Trial, measures: Sequence[Measure]) -> frozenset[str]:
    """The names of those measures whose numerator has people, whatever the denominator
    is.
    """
    if not measures:
        return frozenset()
    alone = [_alone(measure) for measure in measures]
    study = replace(trial.prepared.study, measures=tuple(alone))
    asked = set(intervals_of(alone))  # other measures may have more
    chosen = tuple(interval for interval in trial.prepared.chosen if interval in asked)
    rows = true_rows(count_of(trial.of(with_study(trial.prepared, study, chosen))))
    return frozenset(row.measure for row in rows if row.denominator)


def _alone(measure: Measure) -> Measure:
    """The same numerator, among the patients who add to it."""
    return replace(measure, denominator=_adds(measure.numerator), group_by={}, over="")


def _adds(numerator: nodes.Series) -> nodes.Series:
    """Whether a patient adds to the numerator."""
    if numerator.type is bool:
        return numerator
    return nodes.Call("gt", (numerator, nodes.Literal(0, numerator.type)))
