"""The auditor: attacks a release as somebody would who knows everything but the records and the key.

It reads released tables only. It shares no code with the steps that protect counts, so that a mistake in
one is not a mistake in both; all it takes from them is each policy's name, threshold and base.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from extractors.errors import ArgumentsError
from measures.disclosure.audit.findings import Bounded, Finding, findings_of, narrowest_of
from measures.disclosure.audit.knowledge import Change, sketch_of
from measures.disclosure.audit.naming import cells_of, few_named
from measures.disclosure.audit.reading.names import Place
from measures.disclosure.audit.reading.rows import Row, rows_of
from measures.disclosure.audit.reading.slots import slots_of
from measures.disclosure.audit.reading.structure import Structure, guessed_structure, read_structure
from measures.disclosure.audit.reading.tables import Tables
from measures.disclosure.audit.rules import Rule, rule_of
from measures.disclosure.audit.solving.components import Component, components_of
from measures.disclosure.audit.solving.ranges import Goal, Ranges, ranges_of
from measures.disclosure.audit.solving.system import System
from measures.disclosure.audit.unrounded import unrounded
from measures.disclosure.audit.verdict import Audit

__all__ = ["Audit", "Bounded", "Finding", "audit", "bounds_of"]

Task = tuple[System, Goal]
Each = Callable[[Callable[[Task], Ranges], Iterable[Task]], Iterable[Ranges]]
SETTINGS = ("threshold", "base", "width", "joint_width", "more_per_cell", "more_in_total", "exhaustive")


def audit(
    releases: Sequence[pa.Table],
    structure: Mapping[str, Any] | None,
    policy: str,
    *,
    settings: Mapping[str, Any] | None = None,
    named_before: Iterable[Mapping[str, Any]] = (),
    whole: bool = True,
    each: Each = map,
) -> Audit:
    """Attack releases of the same study, oldest first; the last is the one that is judged with them.

    `releases`: tables in the columns of measures.csv. `structure`: a manifest's; None: guessed from names.
    `settings`: `threshold`, `base` (a site's stricter ones), `width`, `joint_width` (possible counts that must
    remain), `more_per_cell`, `more_in_total` (people added between two releases, as the attacker knows them; 1
    and 1), `exhaustive` (every range exactly, also of counts that are safe). `named_before`: groups that
    other releases named, as a manifest has them. `whole`: no measure of the structure is missing. `each` maps
    a plain function over independent tasks, in order; a pool's `map` will do, and the result is the same.
    Raises ArgumentsError for an unknown policy, setting or measure.
    """
    asked = dict(settings or {})
    rule, goal = rule_of(policy, asked), bool(asked.get("exhaustive"))
    unknown = asked.keys() - set(SETTINGS)
    if unknown:
        raise ArgumentsError(f"The audit has no setting {', '.join(sorted(unknown))}; it has {', '.join(SETTINGS)}.")
    change = Change(asked.get("more_per_cell", 1), asked.get("more_in_total", 1))
    rows = [rows_of(table) for table in releases]
    bounds = bounds_of(rows, structure, rule, change, exhaustive=goal, each=each)
    named = few_named(rows, _known(rows, structure), rule, cells_of(named_before), whole=whole)
    narrowest, is_exact = narrowest_of(bounds.bounded)
    return Audit(
        rule=rule,
        releases=len(releases),
        counts=len(bounds.bounded) + len(bounds.contradictions),
        findings=(*bounds.unrounded, *named, *findings_of(bounds.bounded, rule)),
        contradictions=tuple(bounds.contradictions),
        narrowest=narrowest,
        narrowest_is_exact=is_exact,
        beliefs=bounds.beliefs,
        guessed=structure is None,
        programmes=bounds.programmes,
    )


@dataclass
class Bounds:
    """All counts with their ranges, those for which nothing is possible, and those that no rule shows like this."""

    bounded: list[Bounded] = field(default_factory=list)
    contradictions: list[Place] = field(default_factory=list)
    unrounded: tuple[Finding, ...] = ()
    beliefs: Counter[str] = field(default_factory=Counter)
    programmes: int = 0


def bounds_of(
    releases: Sequence[Sequence[Row]],
    structure: Mapping[str, Any] | None,
    rule: Rule,
    change: Change,
    *,
    exhaustive: bool = False,
    each: Each = map,
) -> Bounds:
    """The range of every count of some releases, in a fixed order."""
    known = _known(releases, structure)
    _check_measures(releases, known)
    tables = Tables(known, slots_of(releases, appends=rule.appends))
    sketch, places = sketch_of(tables, rule, change)
    components = components_of(sketch.system())
    found = Bounds(unrounded=tuple(unrounded(tables, rule)))
    for component, ranges in zip(components, each(_look, list(_tasks(components, rule, exhaustive))), strict=True):
        _collect(found, component, ranges, places, change=change)
    return found


def _known(releases: Iterable[Iterable[Row]], structure: Mapping[str, Any] | None) -> Structure:
    return read_structure(structure or guessed_structure(row for rows in releases for row in rows))


def _check_measures(releases: Iterable[Iterable[Row]], known: Structure) -> None:
    unknown = {row.measure for rows in releases for row in rows} - known.measures.keys()
    if unknown:
        raise ArgumentsError(
            f"The structure does not know the measures {', '.join(sorted(map(str, unknown))[:5])}; "
            "give the manifest.json that came with the release."
        )


def _tasks(components: Iterable[Component], rule: Rule, exhaustive: bool) -> Iterator[Task]:
    for component in components:
        width = rule.joint_width if component.joint else rule.width
        yield component.system, Goal(rule.threshold, width, rule.strict, exhaustive)


def _look(task: Task) -> Ranges:
    return ranges_of(*task)


def _collect(found: Bounds, component: Component, ranges: Ranges, places: Sequence[Place], *, change: Change) -> None:
    mine = [places[target] for target in component.targets]
    found.programmes += ranges.programmes
    if ranges.guess is None:
        found.contradictions += mine
        return
    if component.joint or not ranges.guess.windows:
        found.beliefs[change.words(ranges.guess)] += len(mine)
    for place, low, high, exact in zip(mine, ranges.lows, ranges.highs, ranges.exact, strict=True):
        bounded = Bounded(
            place=place,
            low=float(low),
            high=float(high),
            exact=bool(exact),
            joint=component.joint,
        )
        found.bounded.append(bounded)
