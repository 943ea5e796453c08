"""Numerators that have people, but none of their denominator."""

from collections.abc import Iterable
from dataclasses import replace

from extractors.model import nodes
from extractors.planner.plan import make_plan
from extractors.told import Told
from flows.preparing.prepared import Prepared
from flows.preparing.recipes import study_recipes
from flows.trying.counting import Trial, count_of
from measures.counts import counting
from measures.counts.doubts import NOBODY
from measures.counts.true_rows import true_rows
from measures.definitions import Measure

OUTSIDE = "outside"


def explained(trial: Trial, doubts: Iterable[Told]) -> list[Told]:
    """The doubts, of which those about a numerator of nobody say whether it has people elsewhere."""
    told = list(doubts)
    lines = {(each.file, each.line) for each in told if each.kind == NOBODY}
    measures = [each for each in trial.prepared.study.measures if _line(trial, each) in lines]
    elsewhere = _with_people(trial, measures)
    return [_explained(each, elsewhere) for each in told]


def _line(trial: Trial, measure: Measure) -> tuple[str, int]:
    place = trial.prepared.study.defined.get(f"measure {measure.name}")
    return (place.file, place.line) if place else ("", 0)


def _explained(doubt: Told, elsewhere: set[str]) -> Told:
    for name in elsewhere:
        if doubt.kind == NOBODY and f" {name!r} " in doubt.message:
            message = (
                f"{doubt.message}, though there are people whom it would count: "
                "all of them are outside of the denominator"
            )
            return replace(doubt, message=message, kind=OUTSIDE)
    return doubt


def _with_people(trial: Trial, measures: list[Measure]) -> set[str]:
    """Those of the measures whose numerator has people, whatever the denominator is."""
    if not measures:
        return set()
    rows = true_rows(count_of(_alone(trial, measures)))
    return {row.measure for row in rows if row.denominator}


def _alone(trial: Trial, measures: list[Measure]) -> Trial:
    """The same records, of whose people those are counted who are in a numerator."""
    prepared = trial.prepared
    alone = [replace(each, denominator=_anybody(each.numerator), group_by={}, over="") for each in measures]
    study = replace(prepared.study, measures=tuple(alone))
    named = counting.name_columns(alone)
    plan = make_plan(named, counting.populations(alone, named))
    counted = study_recipes(study, named, plan, prepared.records, prepared.key_id)
    changed: Prepared = replace(prepared, study=study, named=named, plan=plan, counted=counted)
    return trial.of(changed)


def _anybody(numerator: nodes.Series) -> nodes.Series:
    """Whether a patient adds to the numerator."""
    if numerator.type is bool:
        return numerator
    return nodes.Call("gt", (numerator, nodes.Literal(0, numerator.type)))
