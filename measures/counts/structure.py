"""What is known about a study's counts before anything is counted: the shape that tables share.

Whoever reads the definition knows it, so it is public and stands in the manifest: which measures count the
same people, who is certainly part of whom, and which counts are the same in two intervals. Protection and
audit both start here. Only what is certain is said; a relation that is missed leaves tables less tied.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from extractors.fingerprint import fingerprint
from extractors.model import nodes
from measures.counts.containment import Conditions, conditions_of, contains, window_parts
from measures.counts.counting import name_columns
from measures.definitions import Measure

PEOPLE, EVENTS, AMOUNTS = "people", "events", "amounts"
BEHIND = "/people"  # of the count of the people behind a sum
Structure = Mapping[str, Any]


def structure(measures: Sequence[Measure]) -> dict[str, Any]:
    """Plain JSON data, the same for the same definition.

    `measures`: NAME -> `group_by` (sorted names), `numerator` and `denominator` (equal IDs: the very same
    series), `kind` and `denominator_kind` ("people", "events", or "amounts", which are no whole numbers), `within`
    (measures with this denominator whose numerator certainly contains this one's), `counts` (the IDs of its two
    counts); of amounts also `places` (decimals that count) and `most` (what nobody has more of).
    `counts`: ID -> `kind`, `within` (IDs), `moves_with` (which ends of the interval change it), `window`
    (a count that only grows as its interval does, and the ends that its other conditions move with; else
    None), `people` (ID of the count of the people behind a sum, else None).
    `groups`: NAME -> `id` (of its series: a group that is defined otherwise is another, whatever it is called),
    `same_as` (the first name of the same series) and `moves_with`.
    """
    measures = list(measures)
    column = {node: name for name, node in reversed(list(name_columns(measures).items()))}
    known = _known_counts(measures)
    return {
        "measures": {m.name: _measure(m, measures, column, known) for m in measures},
        "counts": {name: _count(name, node, known) for name, node in known.items()},
        "groups": _groups(measures),
    }


class _Count:
    """One count: the conditions that its people fulfil, and the series it adds up (None: it counts people)."""

    def __init__(
        self, conditions: Conditions, added: nodes.Series | None = None, behind: bool = False, kind: str = EVENTS
    ):
        self.conditions, self.added, self.behind = conditions, added, behind
        self.kind = PEOPLE if self.counts_people else kind

    @property
    def roots(self) -> list[nodes.Node]:
        return [*self.conditions, *([self.added] if self.added else [])]

    @property
    def name(self) -> str:
        whose = [self.added.digest] if self.added else []
        made = fingerprint(sorted(node.digest for node in self.conditions), whose)
        return made + BEHIND if self.behind else made

    @property
    def counts_people(self) -> bool:
        return self.added is None or self.behind


def _known_counts(measures: Iterable[Measure]) -> dict[str, _Count]:
    counts = [count for measure in measures for count in (_numerator(measure), _denominator(measure))]
    behind = [_Count(count.conditions, count.added, behind=True) for count in counts if count.added]
    return {count.name: count for count in (*counts, *behind)}


def _denominator(measure: Measure) -> _Count:
    if measure.denominator.type is bool:
        return _Count(conditions_of(measure.denominator))
    return _Count(_counted(measure), measure.denominator)


def _counted(measure: Measure) -> Conditions:
    """Who is counted at all: those for whom the denominator is True, or above 0."""
    if measure.denominator.type is bool:
        return conditions_of(measure.denominator)
    return conditions_of(nodes.Call("gt", (measure.denominator, nodes.Literal(0, int))))


def _numerator(measure: Measure) -> _Count:
    if measure.numerator.type is bool:
        return _Count(_counted(measure) | conditions_of(measure.numerator))
    return _Count(_counted(measure), measure.numerator, kind=AMOUNTS if measure.most else EVENTS)


def _measure(
    measure: Measure, measures: Sequence[Measure], column: Mapping[nodes.Series, str], known: Mapping[str, _Count]
) -> dict[str, Any]:
    numerator, denominator = _numerator(measure).name, _denominator(measure).name
    return {
        "group_by": sorted(measure.group_by),
        "numerator": column[measure.numerator],
        "denominator": column[measure.denominator],
        "kind": _numerator(measure).kind,
        "denominator_kind": _denominator(measure).kind,
        "within": [m.name for m in measures if _is_within(measure, m, known)],
        "counts": {"numerator": numerator, "denominator": denominator},
        **({"places": measure.places, "most": measure.most / 10**measure.places} if measure.most else {}),
    }


def _is_within(inner: Measure, outer: Measure, known: Mapping[str, _Count]) -> bool:
    if inner.denominator != outer.denominator or inner.numerator == outer.numerator:
        return False
    if not inner.numerator.type is outer.numerator.type is bool or outer.numerator == outer.denominator:
        return False  # events; or everybody, which says nothing
    return contains(known[_numerator(outer).name].conditions, known[_numerator(inner).name].conditions)


def _count(name: str, count: _Count, known: Mapping[str, _Count]) -> dict[str, Any]:
    return {
        "kind": count.kind,
        "within": [other for other, outer in known.items() if other != name and _is_part(count, outer)],
        "moves_with": moves_with(count.roots),
        "window": _window(count),
        "people": None if count.counts_people else name + BEHIND,
    }


def _is_part(inner: _Count, outer: _Count) -> bool:
    return inner.counts_people and outer.added is None and contains(outer.conditions, inner.conditions)


def _window(count: _Count) -> dict[str, Any] | None:
    """Whether the count can only grow with its interval, all else being equal."""
    rest, windows = window_parts(count.conditions)
    if count.added or not windows:
        return None
    return {"moves_with": moves_with(rest), "alone": len(windows) == 1}


def _groups(measures: Iterable[Measure]) -> dict[str, Any]:
    series = {name: node for measure in measures for name, node in measure.group_by.items()}
    first = {node: name for name, node in sorted(series.items(), reverse=True)}
    return {
        name: {"id": fingerprint(node.digest), "same_as": first[node], "moves_with": moves_with([node])}
        for name, node in sorted(series.items())
    }


def moves_with(roots: Iterable[nodes.Node]) -> list[str]:
    """Which ends of the interval some series mention: "start", "end", both or none."""
    found = {node.name for node in nodes.walk(roots) if isinstance(node, nodes.Parameter)}
    return [end for end in ("start", "end") if f"interval_{end}" in found]
