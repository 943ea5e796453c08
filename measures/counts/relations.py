"""What a definition gives away of its counts, read before anything is counted.

Which measures count the same people, who is certainly part of whom, and which counts
are the same in two intervals. Only what is certain is said: a relation that is missed
leaves tables less tied, but a wrong one would make tables disagree.
"""

from collections.abc import Iterable, Mapping, Sequence

from extractors.fingerprint import fingerprint
from extractors.model import nodes
from measures.counts.columns import Part
from measures.counts.containment import (
    Conditions,
    conditions_of,
    contains,
    window_parts,
)
from measures.counts.counting import titled_columns
from measures.counts.structure import (
    Kind,
    KnownAmounts,
    KnownCount,
    KnownGroup,
    KnownMeasure,
    Structure,
    Window,
    people_behind,
)
from measures.definitions import Measure
from measures.labels import labels_of

# the digests of the denominator and the numerator
_Asked = tuple[str, str]


def structure_of(measures: Sequence[Measure]) -> Structure:
    """The structure of some measures, the same for the same definition."""
    measures = list(measures)
    columns = titled_columns(measures).items()
    column = {node: name for name, node in reversed(list(columns))}
    counts = _counts_of(measures)
    within, known = _within(measures, counts), {}
    for measure in measures:
        known[measure.name] = _measure(measure, column, within[measure.name])
    return Structure(
        measures=known,
        counts={name: _count(name, each, counts) for name, each in counts.items()},
        groups=_groups(measures),
    )


class _Count:
    """One count: the conditions that its people fulfil, and the series it adds up
    (None: it counts people).
    """

    def __init__(
        self,
        conditions: Conditions,
        added: nodes.Series | None = None,
        *,
        behind: bool = False,
        kind: Kind = Kind.EVENTS,
    ):
        self.conditions = conditions
        self.added = added
        self.behind = behind
        self.kind = Kind.PEOPLE if self.counts_people else kind

    @property
    def roots(self) -> list[nodes.Node]:
        return [*self.conditions, *([self.added] if self.added else [])]

    @property
    def name(self) -> str:
        whose = [self.added.digest] if self.added else []
        made = fingerprint(sorted(node.digest for node in self.conditions), whose)
        return people_behind(made) if self.behind else made

    @property
    def counts_people(self) -> bool:
        return self.added is None or self.behind


def _counts_of(measures: Iterable[Measure]) -> dict[str, _Count]:
    """The counts of all measures by their IDs; those of the people behind sums come
    last.
    """
    counts: list[_Count] = []
    for measure in measures:
        counts += [_numerator(measure), _denominator(measure)]
    behind = []
    for each in counts:
        if each.added:
            behind.append(_Count(each.conditions, each.added, behind=True))
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
    kind = Kind.AMOUNTS if measure.most else Kind.EVENTS
    return _Count(_counted(measure), measure.numerator, kind=kind)


def _measure(
    measure: Measure, column: Mapping[nodes.Series, str], within: tuple[str, ...]
) -> KnownMeasure:
    numerator, denominator = _numerator(measure), _denominator(measure)
    return KnownMeasure(
        group_by=tuple(sorted(measure.group_by)),
        series={
            Part.NUMERATOR: column[measure.numerator],
            Part.DENOMINATOR: column[measure.denominator],
        },
        kinds={Part.NUMERATOR: numerator.kind, Part.DENOMINATOR: denominator.kind},
        within=within,
        counts={Part.NUMERATOR: numerator.name, Part.DENOMINATOR: denominator.name},
        amounts=_amounts(measure),
    )


def _amounts(measure: Measure) -> KnownAmounts | None:
    if not measure.most:
        return None
    most = measure.most / 10**measure.places
    return KnownAmounts(places=measure.places, most=most)


def _within(
    measures: Sequence[Measure], known: Mapping[str, _Count]
) -> dict[str, tuple[str, ...]]:
    """By measure, those of which its people are certainly a part."""
    # Measures that differ in their groups alone have one answer: the study that we
    # ship has 168 measures of 38 counts, so 19 times fewer pairs are looked at.
    alike: dict[_Asked, list[Measure]] = {}
    for measure in measures:
        alike.setdefault(_asked(measure), []).append(measure)
    found = {}
    for inner in alike.values():
        outside: set[str] = set()
        for outer in alike.values():
            if _is_within(inner[0], outer[0], known):
                outside.update(measure.name for measure in outer)
        # in the order of the definition
        names = tuple(m.name for m in measures if m.name in outside)
        for measure in inner:
            found[measure.name] = names
    return found


def _asked(measure: Measure) -> _Asked:
    """What a measure counts, whatever its groups are."""
    return measure.denominator.digest, measure.numerator.digest


def _is_within(inner: Measure, outer: Measure, known: Mapping[str, _Count]) -> bool:
    if inner.denominator != outer.denominator or inner.numerator == outer.numerator:
        return False
    if (
        not inner.numerator.type is outer.numerator.type is bool
        or outer.numerator == outer.denominator
    ):
        return False  # events; or everybody, which says nothing
    return contains(
        known[_numerator(outer).name].conditions,
        known[_numerator(inner).name].conditions,
    )


def _count(name: str, count: _Count, known: Mapping[str, _Count]) -> KnownCount:
    others = [other for other in known if other != name]
    return KnownCount(
        kind=count.kind,
        within=tuple(other for other in others if _is_part(count, known[other])),
        moves_with=moves_with(count.roots),
        window=_window(count),
        people=None if count.counts_people else people_behind(name),
    )


def _is_part(inner: _Count, outer: _Count) -> bool:
    return (
        inner.counts_people
        and outer.added is None
        and contains(outer.conditions, inner.conditions)
    )


def _window(count: _Count) -> Window | None:
    """Whether the count can only grow with its interval, all else being equal."""
    rest, windows = window_parts(count.conditions)
    if count.added or not windows:
        return None
    return Window(moves_with=moves_with(rest), alone=len(windows) == 1)


def _groups(measures: Iterable[Measure]) -> dict[str, KnownGroup]:
    series: dict[str, nodes.Series] = {}
    for measure in measures:
        series |= measure.group_by
    first = {node: name for name, node in sorted(series.items(), reverse=True)}
    return {name: _group(node, first[node]) for name, node in sorted(series.items())}


def _group(node: nodes.Series, same_as: str) -> KnownGroup:
    labels = labels_of(node)
    return KnownGroup(
        id=fingerprint(node.digest),
        same_as=same_as,
        moves_with=moves_with([node]),
        labels=labels.values,
        open=labels.open,
    )


def moves_with(roots: Iterable[nodes.Node]) -> tuple[str, ...]:
    """Which ends of the interval some series mention: "start", "end", both or none."""
    found = set()
    for node in nodes.walk(roots):
        if isinstance(node, nodes.Parameter):
            found.add(node.name)
    return tuple(end for end in ("start", "end") if f"interval_{end}" in found)
