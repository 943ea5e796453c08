"""What is publicly known of the measures: which counts are the same, contain each
other, or add up.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from math import prod
from typing import Any, NamedTuple

from extractors.errors import ArgumentsError
from measures.disclosure.audit.reading.rows import Grouping, Groups, Interval, Row

BY = "_by_"  # how the names of breakdowns extend the name of their total
BOTH = ("start", "end")
# of labels; beyond, a definition names everybody as well as records do
MOST_COMBINATIONS = 10_000
PEOPLE, AMOUNTS = "people", "amounts"


class When(NamedTuple):
    """The ends of the interval that a count moves with; two intervals with the same
    ones have the same count.
    """

    start: object
    end: object


@dataclass(frozen=True, kw_only=True)
class Series:
    """A count before it is broken down."""

    # it counts people
    people: bool
    # ids of the counts that certainly contain it
    within: tuple[str, ...]
    # the ends of the interval it changes with
    moves: frozenset[str]
    # of a count that only grows as its interval does, the ends that its other
    # conditions move with
    window: frozenset[str] | None
    # it asks for one event
    alone: bool
    # it adds up amounts, no whole numbers, and is rounded by a base of its own
    amounts: bool = False


class Known(NamedTuple):
    """One measure: the ids of its counts and the groups, in the order of its released
    columns.

    `most`: of amounts, the most that one person can have.
    """

    grouping: Grouping
    numerator: str
    denominator: str
    most: float = 0


@dataclass(frozen=True, kw_only=True)
class Structure:
    """What a manifest says of the counts of a study."""

    # by name
    measures: Mapping[str, Known]
    # by id
    series: Mapping[str, Series]
    # each group by the first name of the same series
    names: Mapping[str, str]
    # by group, the ends of the interval it changes with
    group_moves: Mapping[str, frozenset[str]]
    # by group, the values that the definition names, as CSV writes them; a group that
    # is missing has no others
    labels: Mapping[str, frozenset[str]] = field(default_factory=dict)
    # the groups that may have other values
    open: frozenset[str] = frozenset()

    def when(self, part: str, grouping: Grouping, interval: Interval) -> When:
        moves = self.series[part].moves | self.moves(grouping)
        start, end = (
            day if name in moves else None
            for name, day in zip(BOTH, interval, strict=True)
        )
        return When(start, end)

    def is_whole(self, grouping: Grouping) -> bool:
        """Whether all groups of a table have names, so that it certainly adds up to its
        margins.
        """
        return not self.open & set(grouping) and self._is_few(grouping)

    def is_named(self, grouping: Grouping, groups: Groups) -> bool:
        """Whether the definition itself names a group; a missing value needs no
        name.
        """
        return all(map(self._is_said, grouping, groups)) and self._is_few(grouping)

    def _is_said(self, name: str, group: str | None) -> bool:
        labels = self.labels.get(name)
        return group is None or labels is None or group in labels

    def _is_few(self, grouping: Grouping) -> bool:
        """Whether the labels of a table have so few combinations that they name
        no person.
        """
        return (
            prod(max(1, len(self.labels.get(name, ()))) for name in grouping)
            <= MOST_COMBINATIONS
        )

    def moves(self, grouping: Grouping) -> frozenset[str]:
        """The ends of the interval that a table's groups change with."""
        return frozenset().union(*(self.group_moves[name] for name in grouping))

    def parts(self, measure: str) -> tuple[str, str]:
        """The ids of the numerator and the denominator of a measure."""
        known = self.measures[measure]
        return known.numerator, known.denominator

    def is_people(self, known: Known) -> bool:
        return (
            self.series[known.numerator].people
            and self.series[known.denominator].people
        )


def read_structure(data: Mapping[str, Any]) -> Structure:
    """A manifest's "structure". Raises ArgumentsError if it is something else."""
    try:
        return _structure(data)
    except (KeyError, TypeError, AttributeError) as error:
        raise ArgumentsError(
            f"The structure of the measures cannot be read ({type(error).__name__}); "
            "give the manifest.json that came with the release."
        ) from None


def _groups_of(measures: Mapping[str, Any]) -> Iterator[str]:
    """The names of the groups of all measures, some of them several times."""
    for each in measures.values():
        yield from each["group_by"]


def _structure(data: Mapping[str, Any]) -> Structure:
    measures = data["measures"]
    counts = data.get("counts") or _plain_counts(measures)
    groups = set(_groups_of(measures))
    said = {name: data.get("groups", {}).get(name, {}) for name in groups}
    return Structure(
        measures={name: _known(each) for name, each in measures.items()},
        series={name: _series(each) for name, each in counts.items()},
        names={name: each.get("same_as", name) for name, each in said.items()},
        group_moves={
            name: frozenset(each.get("moves_with", BOTH)) for name, each in said.items()
        },
        labels={
            name: frozenset(map(written, each["labels"]))
            for name, each in said.items()
            if "labels" in each
        },
        open=frozenset(name for name, each in said.items() if each.get("open", False)),
    )


def written(label: object) -> str:
    """A label as CSV writes it."""
    if isinstance(label, bool):
        return "T" if label else "F"
    return str(label)


def _known(entry: Mapping[str, Any]) -> Known:
    counts = entry.get("counts") or {
        "numerator": _part(entry),
        "denominator": entry["denominator"],
    }
    return Known(
        tuple(entry["group_by"]),
        counts["numerator"],
        counts["denominator"],
        entry.get("most", 0),
    )


def _series(entry: Mapping[str, Any]) -> Series:
    window = entry.get("window")
    return Series(
        people=entry["kind"] == PEOPLE,
        within=tuple(entry["within"]),
        moves=frozenset(entry.get("moves_with", BOTH)),
        window=None if window is None else frozenset(window["moves_with"]),
        alone=window is not None and window["alone"],
        amounts=entry["kind"] == AMOUNTS,
    )


def _part(entry: Mapping[str, Any]) -> str:
    """A numerator is counted among its denominator, so it takes both to name it."""
    same = entry["numerator"] == entry["denominator"]
    return (
        entry["denominator"]
        if same
        else f"{entry['numerator']} among {entry['denominator']}"
    )


def _plain_counts(
    measures: Mapping[str, Mapping[str, Any]],
) -> dict[str, dict[str, Any]]:
    """The counts of measures that say no more of them than which are the same and which
    are nested.
    """
    counts: dict[str, dict[str, Any]] = {}
    for entry in measures.values():
        counts.setdefault(
            entry["denominator"],
            {"kind": entry.get("denominator_kind", PEOPLE), "within": ()},
        )
    for entry in measures.values():
        outer = {_part(measures[name]) for name in entry["within"]} - {_part(entry)}
        count = counts.setdefault(
            _part(entry),
            {"kind": entry["kind"], "within": (), "window": entry.get("window")},
        )
        count["within"] = sorted({*count["within"], *outer})
    return counts


def guessed_structure(rows: Iterable[Row]) -> dict[str, Any]:
    """What names alone suggest: `bp_by_sex` is `bp` broken down; nothing is assumed
    between others.

    Numerators are people, or events if one was shown above its denominator; a longer
    interval has no fewer.
    """
    measures: dict[str, dict[str, Any]] = {}
    sums: set[str] = set()
    for row in rows:
        stem = row.measure.split(BY)[0]
        ids = {"numerator": f"{stem} numerator", "denominator": f"{stem} denominator"}
        measures[row.measure] = {"group_by": list(row.grouping), **ids, "within": []}
        if (
            row.numerator is not None
            and row.denominator is not None
            and row.numerator > row.denominator
        ):
            sums.add(ids["numerator"])
    window = {"moves_with": [], "alone": True}
    said = {
        True: {"kind": "events", "window": window},
        False: {"kind": PEOPLE, "window": window},
    }
    moves: dict[str, Any] = {}
    for name in _groups_of(measures):
        moves[name] = {"moves_with": []}
    return {
        "measures": {
            name: each | said[each["numerator"] in sums]
            for name, each in measures.items()
        },
        "groups": moves,
    }


def closed(groupings: Iterable[Grouping]) -> tuple[Grouping, ...]:
    """These, the total, and all that two of them have in common: tables that are
    implied.
    """
    found: set[Grouping] = {(), *groupings}
    while new := {_common(a, b) for a, b in combinations(found, 2)} - found:
        found |= new
    return tuple(sorted(found, key=lambda grouping: (len(grouping), grouping)))


def _common(one: Grouping, other: Grouping) -> Grouping:
    return tuple(name for name in one if name in other)


def next_coarser(grouping: Grouping, among: Iterable[Grouping]) -> list[Grouping]:
    """The largest tables that this one adds up to."""
    coarser = [each for each in among if set(each) < set(grouping)]
    return [
        each for each in coarser if not any(set(each) < set(other) for other in coarser)
    ]
