"""The auditor: attacks a release as a reader would who knows everything but the records
and the key.

It reads released tables only. It shares no code with the steps that protect counts, so
that a mistake in one is not a mistake in both; all it takes from them is each policy's
name, threshold and base.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import pyarrow as pa

from extractors.errors import ArgumentsError
from measures.disclosure.audit.apart import groups_of
from measures.disclosure.audit.findings import (
    Bounded,
    Finding,
    findings_of,
    in_order,
    narrower,
    narrowest_of,
)
from measures.disclosure.audit.knowledge import Change, precisions_of, sketch_of
from measures.disclosure.audit.naming import cells_of, few_named
from measures.disclosure.audit.reading.names import Place
from measures.disclosure.audit.reading.public import (
    Structure,
    guessed_structure,
    read_structure,
)
from measures.disclosure.audit.reading.rows import Row, rows_of
from measures.disclosure.audit.reading.slots import slots_of
from measures.disclosure.audit.reading.tables import Tables
from measures.disclosure.audit.rules import Rule, rule_of
from measures.disclosure.audit.solving.components import Component, components_of
from measures.disclosure.audit.solving.experience import Experience
from measures.disclosure.audit.solving.ranges import Goal, Ranges, ranges_of
from measures.disclosure.audit.unrounded import unrounded
from measures.disclosure.audit.verdict import Audit

__all__ = ["Audit", "Bounded", "Finding", "audit", "bounds_of"]

SETTINGS = (
    "threshold",
    "base",
    "sites",
    "width",
    "joint_width",
    "more_per_cell",
    "more_in_total",
    "exhaustive",
)


def audit(
    releases: Sequence[pa.Table],
    structure: Mapping[str, Any] | None,
    policy: str,
    *,
    settings: Mapping[str, Any] | None = None,
    named_before: Iterable[Mapping[str, Any]] = (),
    whole: bool = True,
) -> Audit:
    """Attack releases of the same study, oldest first; the last is the one that is
    judged with them.

    `releases`: tables in the columns of measures.csv. `structure`: a manifest's; None:
    guessed from names. `settings`: `threshold`, `base` (a site's stricter ones),
    `sites` (of sums of what sites released: the numbers of each), `width`,
    `joint_width` (possible counts that must remain), `more_per_cell`, `more_in_total`
    (people added between two releases, as the attacker knows them; 1 and 1),
    `exhaustive` (every range exactly, also of counts that are safe). `named_before`:
    groups that other releases named, as a manifest has them. `whole`: no measure of the
    structure is missing. Raises ArgumentsError for an unknown policy, setting or
    measure.
    """
    asked = dict(settings or {})
    rule, goal = rule_of(policy, asked), bool(asked.get("exhaustive"))
    unknown = asked.keys() - set(SETTINGS)
    if unknown:
        raise ArgumentsError(
            f"The audit has no setting {', '.join(sorted(unknown))}; it has "
            f"{', '.join(SETTINGS)}."
        )
    change = Change(asked.get("more_per_cell", 1), asked.get("more_in_total", 1))
    rows = [rows_of(table) for table in releases]
    known = _known(rows, structure)
    named = few_named(rows, known, rule, cells_of(named_before), whole=whole)
    tables = _tables(rows, known, rule)
    found = _Found()
    for bounds in _by_group(tables, rule, change, exhaustive=goal):
        found.add_group(bounds, rule)
    return Audit(
        rule=rule,
        releases=len(releases),
        counts=found.counts,
        findings=(*unrounded(tables, rule), *named, *in_order(found.findings)),
        contradictions=tuple(found.contradictions),
        narrowest=found.narrowest[0],
        narrowest_is_exact=found.narrowest[1],
        beliefs=found.beliefs_in_order(),
        guessed=structure is None,
        programmes=found.programmes,
    )


@dataclass
class Bounds:
    """What some releases leave possible, count by count."""

    # the counts with their ranges
    bounded: list[Bounded] = field(default_factory=list)
    # the counts for which the rules, taken together, leave nothing possible
    contradictions: list[Place] = field(default_factory=list)
    # the counts that no rule shows like this
    unrounded: tuple[Finding, ...] = ()
    # words of a belief of the attacker -> for how many counts it fitted
    beliefs: Counter[str] = field(default_factory=Counter)
    # words of a belief -> the release and interval of the first count for which it
    # fitted
    believed: dict[str, tuple] = field(default_factory=dict)
    # how many linear and integer programmes were solved
    programmes: int = 0

    def add(self, other: "Bounds") -> None:
        """Add what was found in another group of slots."""
        self.bounded += other.bounded
        self.contradictions += other.contradictions
        self.programmes += other.programmes
        self.add_beliefs(other)

    def add_beliefs(self, other: "Bounds") -> None:
        """Add what was believed in another group of slots."""
        self.beliefs.update(other.beliefs)
        for words, place in other.believed.items():
            self.believed[words] = min(place, self.believed.get(words, place))

    def beliefs_in_order(self) -> Counter[str]:
        """The beliefs in the order of the first counts for which they fitted."""
        return Counter(
            {
                words: self.beliefs[words]
                for words in sorted(self.beliefs, key=self.believed.__getitem__)
            }
        )


@dataclass
class _Found(Bounds):
    """What matters of the ranges of all counts; the ranges themselves would fill the
    memory.
    """

    # the counts of which too much is learnt; worst first in each group of slots
    findings: list[Finding] = field(default_factory=list)
    # how many counts were attacked, contradictions among them
    counts: int = 0
    # the fewest possible counts of any cell (None: nothing is known of any), and
    # whether no cell can have fewer
    narrowest: tuple[int | None, bool] = (None, True)

    def add_group(self, group: Bounds, rule: Rule) -> None:
        """Add the counts of another group of slots."""
        self.counts += len(group.bounded) + len(group.contradictions)
        self.contradictions += group.contradictions
        self.programmes += group.programmes
        self.add_beliefs(group)
        self.findings += findings_of(group.bounded, rule)
        self.narrowest = narrower(self.narrowest, narrowest_of(group.bounded))


def bounds_of(
    releases: Sequence[Sequence[Row]],
    structure: Mapping[str, Any] | None,
    rule: Rule,
    change: Change,
    *,
    exhaustive: bool = False,
) -> Bounds:
    """The range of every count of some releases, in a fixed order."""
    tables = _tables(releases, _known(releases, structure), rule)
    found = Bounds(unrounded=tuple(unrounded(tables, rule)))
    for group in _by_group(tables, rule, change, exhaustive=exhaustive):
        found.add(group)
    return found


def _tables(releases: Sequence[Sequence[Row]], known: Structure, rule: Rule) -> Tables:
    _check_measures(releases, known)
    return Tables(known, slots_of(releases, appends=rule.appends))


def _by_group(
    tables: Tables, rule: Rule, change: Change, *, exhaustive: bool
) -> Iterator[Bounds]:
    """The counts of each group of slots that hang together, one group after the
    other.
    """
    experience, precisions = Experience(), precisions_of(tables)
    for slots in groups_of(tables):
        found = Bounds()
        sketch, places = sketch_of(
            tables, rule, change, slots=slots, precisions=precisions
        )
        for component in components_of(sketch.system()):
            width = rule.joint_width if component.joint else rule.width
            goal = Goal(rule.threshold, width, rule.strict, exhaustive)
            ranges = ranges_of(component.system, goal, experience)
            _collect(found, component, ranges, places, change=change)
        yield found


def _known(
    releases: Iterable[Iterable[Row]], structure: Mapping[str, Any] | None
) -> Structure:
    return read_structure(structure or guessed_structure(chain.from_iterable(releases)))


def _check_measures(releases: Iterable[Iterable[Row]], known: Structure) -> None:
    there = {row.measure for row in chain.from_iterable(releases)}
    unknown = there - known.measures.keys()
    if unknown:
        raise ArgumentsError(
            "The structure does not know the measures "
            f"{', '.join(sorted(map(str, unknown))[:5])}; give the manifest.json "
            "that came with the release."
        )


def _collect(
    found: Bounds,
    component: Component,
    ranges: Ranges,
    places: Sequence[Place],
    *,
    change: Change,
) -> None:
    mine = [places[target] for target in component.targets]
    found.programmes += ranges.programmes
    if ranges.guess is None:
        found.contradictions += mine
        return
    if component.joint or not ranges.guess.windows:
        words = change.words(ranges.guess)
        found.beliefs[words] += len(mine)
        found.believed.setdefault(words, (mine[0].release, mine[0].interval))
    for place, low, high, exact in zip(
        mine, ranges.lows, ranges.highs, ranges.exact, strict=True
    ):
        bounded = Bounded(
            place=place,
            low=float(low),
            high=float(high),
            exact=bool(exact),
            joint=component.joint,
        )
        found.bounded.append(bounded)
