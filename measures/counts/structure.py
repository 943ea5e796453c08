"""The shape that a study's tables share, as far as the definition gives it away.

Anybody who reads the definition knows all of this, so it is public: the manifest has it
as JSON. Protection and audit both start from it. Protection takes the classes here; the
auditor reads the JSON with a reader of its own, so that a mistake here is no mistake
there.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from typing import Any

from extractors.model.types import Scalar, plain
from measures.counts.columns import Part

BEHIND = "/people"


class Kind(StrEnum):
    """What a count adds up."""

    PEOPLE = "people"
    EVENTS = "events"
    AMOUNTS = "amounts"  # no whole numbers


def people_behind(count: str) -> str:
    """The ID of the count of the people behind a sum."""
    return count + BEHIND


@dataclass(frozen=True, kw_only=True)
class Window:
    """A count only grows as its interval does, all else being equal."""

    # the ends of the interval ("start", "end") that the count's other conditions move
    # with
    moves_with: tuple[str, ...]
    # the count asks for one event; of two events, a month may have both and no week of
    # it
    alone: bool

    def as_json(self) -> dict[str, Any]:
        return {"moves_with": list(self.moves_with), "alone": self.alone}


@dataclass(frozen=True, kw_only=True)
class KnownCount:
    """One count before it is broken down by groups; several measures may show it."""

    # whether it counts people or adds something up
    kind: Kind
    # the IDs of the counts that certainly contain it
    within: tuple[str, ...]
    # the ends of the interval that change it; two intervals that share them share the
    # count
    moves_with: tuple[str, ...]
    # None: it may shrink as its interval grows
    window: Window | None
    # of a sum, the ID of the count of the people behind it; None: it counts people
    # itself
    people: str | None

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "within": list(self.within),
            "moves_with": list(self.moves_with),
            "window": self.window.as_json() if self.window else None,
            "people": self.people,
        }


@dataclass(frozen=True, kw_only=True)
class KnownAmounts:
    """What the definition says of the amounts that a measure adds up."""

    # how many decimals count
    places: int
    # no person has a larger amount
    most: float


@dataclass(frozen=True, kw_only=True)
class KnownMeasure:
    """One measure: which two counts it shows, and by which groups."""

    # sorted names
    group_by: tuple[str, ...]
    # the names of its two series; equal names are the very same series
    series: Mapping[Part, str]
    # what its two counts add up
    kinds: Mapping[Part, Kind]
    # the names of measures with this denominator whose numerator certainly contains
    # this one's
    within: tuple[str, ...]
    # the IDs of its two counts
    counts: Mapping[Part, str]
    # None: its numerator adds up no amounts
    amounts: KnownAmounts | None = None

    def among_others(self, left_out: Collection[str]) -> "KnownMeasure":
        """The same where some measures are not there."""
        return replace(
            self, within=tuple(name for name in self.within if name not in left_out)
        )

    def as_json(self) -> dict[str, Any]:
        plain = {
            "group_by": list(self.group_by),
            "numerator": self.series[Part.NUMERATOR],
            "denominator": self.series[Part.DENOMINATOR],
            "kind": self.kinds[Part.NUMERATOR].value,
            "denominator_kind": self.kinds[Part.DENOMINATOR].value,
            "within": list(self.within),
            "counts": {part.value: self.counts[part] for part in Part},
        }
        if self.amounts is None:
            return plain
        return plain | {"places": self.amounts.places, "most": self.amounts.most}


@dataclass(frozen=True, kw_only=True)
class KnownGroup:
    """One group, whatever measures call it."""

    # of its series: a group that is defined otherwise is another, even under the same
    # name
    id: str
    # the first name of the same series
    same_as: str
    # the ends of the interval that change it
    moves_with: tuple[str, ...]
    # the values that the definition names; None: all that there are
    labels: frozenset[Scalar] | None
    # other values may come from the records
    open: bool

    def as_json(self) -> dict[str, Any]:
        known = {
            "id": self.id,
            "same_as": self.same_as,
            "moves_with": list(self.moves_with),
        }
        if self.labels is None:
            return known
        labels = sorted(self.labels)  # type: ignore[type-var]
        return known | {"labels": [plain(each) for each in labels], "open": self.open}


@dataclass(frozen=True, kw_only=True)
class Structure:
    """All that is certain of a study's counts before anything is counted."""

    # by name
    measures: Mapping[str, KnownMeasure]
    # by ID
    counts: Mapping[str, KnownCount]
    # by name
    groups: Mapping[str, KnownGroup]

    def without(self, left_out: Collection[str]) -> "Structure":
        """What is certain of the other measures, as if these were not there."""
        measures = {
            name: each.among_others(left_out)
            for name, each in self.measures.items()
            if name not in left_out
        }
        used = set(chain.from_iterable(each.group_by for each in measures.values()))
        groups = {name: each for name, each in self.groups.items() if name in used}
        return replace(self, measures=measures, groups=groups)

    def as_json(self) -> dict[str, Any]:
        """Plain data for the manifest, the same for the same definition."""
        return {
            "measures": {name: each.as_json() for name, each in self.measures.items()},
            "counts": {name: each.as_json() for name, each in self.counts.items()},
            "groups": {name: each.as_json() for name, each in self.groups.items()},
        }
