"""The ways in which rules in use are known to leak, on made-up tables, with the truth
at hand to check the attack.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf

import pyarrow as pa

from measures.disclosure.audit import bounds_of
from measures.disclosure.audit.findings import (
    EVERYBODY,
    EXACT,
    EXACT_SMALL,
    ZERO,
    Bounded,
    Finding,
    findings_of,
)
from measures.disclosure.audit.knowledge import Change
from measures.disclosure.audit.reading.names import DENOMINATOR, NUMERATOR, REST
from measures.disclosure.audit.reading.rows import rows_of
from measures.disclosure.audit.rules import Rule, rule_of
from tests.lib import attack_tables as made
from tests.lib.attack_tables import True_, World

# small counts marked, all else as it is: not a policy of ours, but the oldest one in
# use
MARKS = "marks"
POLICIES = (MARKS, "ehrql", "opensafely", "nhs-digital", "midpoint6", "controlled")
SHARP = 4  # possible counts below which a small one is as good as told


@dataclass(frozen=True)
class Scenario:
    """`releases`: true rows of each release. `raw_ratio`: decimals of ratios made from
    true counts.
    """

    name: str
    releases: tuple[tuple[True_, ...], ...]
    raw_ratio: int | None = None


@dataclass(frozen=True)
class Leak:
    """What one policy gives away in one scenario. `missed`: ranges without the truth,
    which must be none.
    """

    scenario: str
    policy: str
    small: int
    findings: tuple[Finding, ...]
    narrowest: float
    refused: bool
    missed: int

    def number(self, kind: str, quantity: str | None = None) -> int:
        return sum(
            f.kind == kind and quantity in (None, f.place.quantity)
            for f in self.findings
        )

    @property
    def exact_small(self) -> int:
        return sum(
            f.kind == EXACT_SMALL and f.place.quantity != REST for f in self.findings
        )

    def provably_small(self, *, sharp: bool) -> int:
        inside = (
            f
            for f in self.findings
            if f.kind.startswith("small") and f.place.quantity != REST
        )
        return sum((f.width <= SHARP) == sharp for f in inside)

    def row(self) -> str:
        other = Counter(
            {
                q: sum(f.place.quantity == q for f in self.findings if f.kind == EXACT)
                for q in QUANTITIES
            }
        )
        undone = [f"{number} {QUANTITIES[q]}" for q, number in other.items() if number]
        undone += [
            f"{self.number(kind)} {kind.removeprefix('certainly ')}"
            for kind in (ZERO, EVERYBODY)
            if self.number(kind)
        ]
        least = "-" if self.narrowest == inf else f"{self.narrowest:.0f}"
        return (
            f"| {self.policy} | {self.scenario} | {self.small} | {self.exact_small} "
            f"| {self.provably_small(sharp=True)} | "
            f"{self.provably_small(sharp=False)} | {', '.join(undone) or '0'} | "
            f"{least} | {'refused' if self.refused else 'passes'} |"
        )


QUANTITIES = {NUMERATOR: "N", DENOMINATOR: "D", REST: "D-N"}
HEAD = (
    f"| policy | scenario | small | exact small | provably small, <= {SHARP} values "
    "| provably small, wider | other exact | narrowest, values | gate "
    "|\n|---|---|---|---|---|---|---|---|---|"
)


def scenarios(people: World, *, events: Sequence[str] = made.EVENTS) -> list[Scenario]:
    """One release, a rerun with one person more, ratios of true counts, months that cut
    weeks beside weeks.
    """
    weekly = tuple(made.weekly(people, events))
    later = tuple(made.weekly(made.one_more(people, seed=7), events))
    rare = events[-1:]
    months = made.weekly(people, rare, span=4, step=3, suffix="_monthly")
    return [
        Scenario("one release", (weekly,)),
        Scenario("rerun with one person more", (weekly, later)),
        Scenario("ratios of true counts, 4 decimals", (weekly,), raw_ratio=4),
        Scenario(
            "weeks beside overlapping months", ((*made.weekly(people, rare), *months),)
        ),
    ]


def attack(scenario: Scenario, policy: str) -> Leak:
    rule = marks() if policy == MARKS else rule_of(policy, {})
    structure = made.structure_of(scenario.releases[0])
    tables = [
        rows_of(_shown(rows, policy, scenario.raw_ratio)) for rows in scenario.releases
    ]
    found = bounds_of(tables, structure, rule, Change())
    assert not found.contradictions, "the truth contradicts the attacker's rule"
    findings = tuple(findings_of(found.bounded, rule))
    refused = any(
        rule.strict or (f.kind == EXACT_SMALL and f.place.quantity != REST)
        for f in findings
    )
    narrowest = min((each.width for each in found.bounded), default=inf)
    missed = sum(
        _misses(each, truth)
        for truth in [_truths(scenario.releases)]
        for each in found.bounded
    )
    return Leak(
        scenario.name,
        policy,
        _small(scenario.releases),
        findings,
        narrowest,
        refused,
        missed,
    )


def marks() -> Rule:
    def reading(shown: int | None, threshold: int, base: int) -> tuple[float, float]:
        return (1, threshold) if shown is None else (shown, shown)

    return Rule(
        name=MARKS,
        threshold=7,
        base=1,
        width=7,
        joint_width=7,
        reading=reading,
        showing=lambda shown, threshold, base: True,
    )


def _shown(rows: Sequence[True_], policy: str, raw_ratio: int | None) -> pa.Table:
    """Ours as the product makes them, whose ratios no setting can make from true
    counts.
    """
    if policy == "controlled":
        return made.protected(rows, policy)
    show: Callable[[int], int | None] = (
        made.marked if policy == MARKS else made.SHOW[policy]
    )
    return made.released(rows, show, raw_ratio=raw_ratio)


def _truths(releases: Iterable[Sequence[True_]]) -> dict[tuple, tuple[int, int]]:
    return {
        (number, row.measure, row.interval, row.grouping, row.groups): (
            row.numerator,
            row.denominator,
        )
        for number, rows in enumerate(releases)
        for row in rows
    }


def _misses(each: Bounded, truths: dict[tuple, tuple[int, int]]) -> bool:
    """Settled ranges are only shown to be this wide, so the truth may lie beyond."""
    place = each.place
    numerator, denominator = truths[
        place.release, place.measure, place.interval, *place.cell
    ]
    true = {
        NUMERATOR: numerator,
        DENOMINATOR: denominator,
        REST: denominator - numerator,
    }[place.quantity]
    return each.exact and not each.low <= true <= each.high


def _small(releases: Sequence[Sequence[True_]]) -> int:
    """How many different small counts there are to be learnt."""
    counts = {
        (number, "", *row[1:4]): row.denominator
        for number, rows in enumerate(releases)
        for row in rows
    }
    counts |= {
        (number, *row[:4]): row.numerator
        for number, rows in enumerate(releases)
        for row in rows
    }
    return sum(1 <= count <= 7 for count in counts.values())
