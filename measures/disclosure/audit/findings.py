"""What the ranges mean: which counts are learnt, given away or narrowed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf
from typing import Any

from measures.disclosure.audit.reading.names import DENOMINATOR, REST, Place
from measures.disclosure.audit.rules import Rule

# shown as no number that the rule gives, so it may be the true one
NOT_ROUNDED = "not rounded"
# a value of the records names a group of few people, so it names them
NAMED = "few are named"
EXACT_SMALL = "exact small"  # one possible count, 1 to threshold
EXACT = "exact"  # one possible count, larger
ZERO = "certainly zero"
# no person is without the event, so it says something of each of them
EVERYBODY = "certainly everybody"
# certainly 1 to threshold, and fewer counts than that are possible
SMALL_NARROWED = "small, narrowed"
SMALL = "small"  # certainly 1 to threshold; all of these are possible
NARROW = "narrow"  # fewer possible counts than the policy protects
# worst first
KINDS = (
    NOT_ROUNDED,
    NAMED,
    EXACT_SMALL,
    EXACT,
    ZERO,
    EVERYBODY,
    SMALL_NARROWED,
    SMALL,
    NARROW,
)


@dataclass(frozen=True)
class Finding:
    """A cell about which the attacker learns too much.

    What people see is `as_json`, without an exact count: it would be the raw one.
    """

    # what the attacker learns: one of `KINDS`
    kind: str
    # the count, and the release that it is in
    place: Place
    # the smallest count that is left possible
    low: int
    # the largest count that is left possible
    high: int

    @property
    def width(self) -> int:
        return self.high - self.low + 1

    def as_json(self) -> dict[str, Any]:
        place = self.place
        return {
            "kind": self.kind,
            "measure": place.measure,
            "group_by": "+".join(place.cell.grouping),
            "groups": dict(zip(place.cell.grouping, place.cell.groups, strict=True)),
            "interval_start": str(place.interval[0]),
            "interval_end": str(place.interval[1]),
            "release": place.release + 1,
            "count": place.quantity,
            "possible_counts": self.width,
            "range": [self.low, self.high] if self.width > 1 else None,
        }


@dataclass(frozen=True, kw_only=True)
class Bounded:
    """The range of one count."""

    # the count, and the release that it is in
    place: Place
    # the smallest possible count; minus infinity where none is known
    low: float
    # the largest possible count; infinity where none is known
    high: float
    # nothing outside the range is possible
    exact: bool
    # several releases together give it
    joint: bool

    @property
    def width(self) -> float:
        return self.high - self.low + 1


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Worst first: by kind, then by width, then by place."""
    return sorted(
        findings,
        key=lambda finding: (
            KINDS.index(finding.kind),
            finding.width,
            repr(finding.place),
        ),
    )


def findings_of(bounded: Iterable[Bounded], rule: Rule) -> list[Finding]:
    """Of counts that hang together, worst first."""
    bounded = list(bounded)
    empty = {
        each.place[:-1]
        for each in bounded
        if each.place.quantity == DENOMINATOR and each.high <= 0
    }
    return in_order(_findings([each for each in bounded if each.exact], rule, empty))


def _findings(bounded: Iterable[Bounded], rule: Rule, empty: set) -> Iterator[Finding]:
    for each in bounded:
        kind = _kind(each, rule)
        # of no people, "everybody" says nothing
        no_people = kind == EVERYBODY and each.place[:-1] in empty
        if kind and not no_people:
            yield Finding(kind, each.place, int(each.low), int(each.high))


def _kind(each: Bounded, rule: Rule) -> str | None:
    if each.low == each.high:
        return _exact_kind(each, rule)
    if each.low >= 1 and each.high <= rule.threshold:
        return SMALL if each.width >= rule.threshold else SMALL_NARROWED
    width = rule.joint_width if each.joint else rule.width
    matters = rule.strict or each.low <= rule.threshold
    return NARROW if matters and each.width < width else None


def _exact_kind(each: Bounded, rule: Rule) -> str:
    if each.low == 0:
        return EVERYBODY if each.place.quantity == REST else ZERO
    return EXACT_SMALL if 1 <= each.low <= rule.threshold else EXACT


def narrowest_of(bounded: Iterable[Bounded]) -> tuple[int | None, bool]:
    """The fewest possible counts of any cell, and whether no cell can have fewer than
    that.
    """
    least = min(bounded, key=lambda each: (each.width, not each.exact), default=None)
    if least is None or least.width == inf:
        return None, True
    return int(least.width), least.exact


def narrower(
    one: tuple[int | None, bool], other: tuple[int | None, bool]
) -> tuple[int | None, bool]:
    """That of two groups of counts in which the narrowest is; both as `narrowest_of`
    has them.
    """
    known = [each for each in (one, other) if each[0] is not None]
    return min(known, key=lambda each: (each[0], not each[1]), default=(None, True))
