"""The outcome of an audit: passed or not, and why, for machines and for people."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from measures.disclosure.audit.findings import (
    EXACT_SMALL,
    KINDS,
    NAMED,
    NOT_ROUNDED,
    Finding,
)
from measures.disclosure.audit.reading.names import REST, Place
from measures.disclosure.audit.rules import Rule

MOST_LISTED = 100  # findings in audit.json; the tallies count all


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What an attack on a release found, and what it demanded."""

    # the policy as the attacker knows it, and what the audit demands of its releases
    rule: Rule
    # how many releases were attacked together
    releases: int
    # how many of their counts were bounded
    counts: int
    # worst first
    findings: tuple[Finding, ...]
    # counts for which the rules, taken together, leave nothing
    contradictions: tuple[Place, ...]
    # the fewest possible counts of any cell; None: nothing is known of any
    narrowest: int | None
    # False: no cell has fewer, but some may have more
    narrowest_is_exact: bool
    # what the attacker assumed beyond the rules, and for how many counts it fitted
    beliefs: Mapping[str, int]
    # the structure was guessed from the names of the measures
    guessed: bool
    # how many linear and integer programmes were solved
    programmes: int

    @property
    def passed(self) -> bool:
        return not self.refusals

    @property
    def refusals(self) -> tuple[str, ...]:
        """Why it may not be released, without a number that could be a count; empty if
        it may.
        """
        if not self.rule.protects:
            return ()
        reasons = []
        if self.contradictions:
            where = _where(self.contradictions)
            reasons.append(
                f"{len(self.contradictions)} counts contradict each other under the "
                f"policy {self.rule.name!r} ({where}); the numbers were made by "
                "another rule, or the structure belongs to another study."
            )
            if self.guessed:
                reasons.append(
                    "Groups without a name have no rows, so the others may add up to "
                    "less than a total; the manifest of the release says which "
                    "tables have such groups."
                )
        unrounded = [
            finding.place for finding in self.findings if finding.kind == NOT_ROUNDED
        ]
        if unrounded:
            reasons.append(
                f"{len(unrounded)} counts are none of the numbers that the policy "
                f"{self.rule.name!r} shows (counts are {self.rule.examples}): they "
                f"were not rounded, or by another rule ({_where(unrounded)})."
            )
        named = [finding.place for finding in self.findings if finding.kind == NAMED]
        if named:
            reasons.append(
                f"{len(named)} groups have names that the definition does not say, "
                f"and nowhere two bases of people ({_where(named)}): a name that few "
                "people have is theirs."
            )
        refused = [finding for finding in self.findings if self._refuses(finding)]
        if refused:
            kinds = ", ".join(
                f"{number} {kind}" for kind, number in _tally(refused).items()
            )
            reasons.append(
                f"{len(refused)} counts would be disclosed: {kinds} "
                f"({_where(f.place for f in refused)})."
            )
        return tuple(reasons)

    def _refuses(self, finding: Finding) -> bool:
        """A strict policy allows no finding; the others promise only that no small
        count is learnt.
        """
        if finding.kind in (NOT_ROUNDED, NAMED):  # they have lines of their own
            return False
        promised = finding.kind == EXACT_SMALL and finding.place.quantity != REST
        return self.rule.strict or promised

    def tables(self) -> dict[tuple[str, str], dict[str, int]]:
        """How many findings of each kind, by measure and grouping."""
        found: dict[tuple[str, str], list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(
                (finding.place.measure, "+".join(finding.place.cell.grouping)), []
            ).append(finding)
        return {table: _tally(found[table]) for table in sorted(found)}

    def as_json(self) -> dict[str, Any]:
        """Plain data, the same for the same releases; holds no count that was learnt
        exactly.
        """
        tables = []
        for (m, g), tally in self.tables().items():
            tables.append({"measure": m, "group_by": g, "findings": tally})
        return {
            "policy": self.rule.name,
            "passed": self.passed,
            "refusals": list(self.refusals),
            "threshold": self.rule.threshold,
            "base": self.rule.base,
            "width": self.rule.width,
            "joint_width": self.rule.joint_width,
            "releases": self.releases,
            "counts": self.counts,
            "narrowest": self.narrowest,
            "narrowest_is_exact": self.narrowest_is_exact,
            "findings": _tally(self.findings),
            "tables": tables,
            "worst": [finding.as_json() for finding in self.findings[:MOST_LISTED]],
            "contradictions": len(self.contradictions),
            "beliefs": dict(self.beliefs),
            "structure_guessed": self.guessed,
            "summary": self.summary(),
        }

    def summary(self) -> list[str]:
        """What was asked, what was found, and what the verdict rests on, in plain
        words.
        """
        return [
            self._asked(),
            *self._found(),
            self._demand(),
            *self.refusals,
            *self._limits(),
        ]

    def _asked(self) -> str:
        releases = (
            "one release"
            if self.releases == 1
            else f"{self.releases} releases together"
        )
        return (
            f"Attacked {self.counts} counts of {releases}: numerators, denominators "
            "and denominators without their numerators. The attacker knows the rule "
            f"{self.rule.name!r}, the definition and every released number, but no "
            "record and no key."
        )

    def _found(self) -> list[str]:
        found = [f"{kind}: {number}." for kind, number in _tally(self.findings).items()]
        if self.narrowest is not None:
            least = "" if self.narrowest_is_exact else "at least "
            found.append(
                f"Possible values of the narrowest count: {least}{self.narrowest}."
            )
        return found or (
            [] if self.contradictions else ["Nothing is known of any count."]
        )

    def _demand(self) -> str:
        if not self.rule.protects:
            return (
                "This policy protects nothing and is for made-up records only; "
                "nothing is demanded."
            )
        if self.rule.strict:
            return (
                "Demanded: no count shown that was not rounded, no group named that "
                "few are in, no count learnt exactly, none certainly 1 to "
                f"{self.rule.threshold}, 0 or everybody, and {self.rule.width} "
                f"possible values of each ({self.rule.joint_width} where releases "
                "are joined)."
            )
        return (
            "Demanded: no count is shown that was not rounded, no group is named "
            "that few are in, and no numerator or denominator of 1 to "
            f"{self.rule.threshold} is learnt exactly. The rule protects counts one "
            "by one and can promise no more; what else it gives away is said above, "
            "for a checker to judge."
        )

    def _limits(self) -> list[str]:
        limits = []
        for belief, count in self.beliefs.items():
            limits.append(f"The attacker assumed {belief}; it fitted {count} counts.")
        if self.guessed:
            limits.append(
                "No structure was given: measures named X and X_by_… were taken for "
                "the same counts, and nothing was assumed of others. With the "
                "manifest of the release the attack is stronger."
            )
        return limits


def _tally(findings: Iterable[Finding]) -> dict[str, int]:
    counted = Counter(finding.kind for finding in findings)
    return {kind: counted[kind] for kind in KINDS if counted[kind]}


def _where(places: Iterable[Place]) -> str:
    names = sorted({place.measure for place in places})
    return ", ".join(names[:5]) + (
        f" and {len(names) - 5} more measures" if len(names) > 5 else ""
    )
