"""What a shown count betrays under each policy: all true counts that it could mean.

The attacker is taken to know the rules (Kerckhoffs), so this file says them a second
time, backwards and on its own: were it to ask the steps that protected a count, a
mistake there would hide itself.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from math import gcd, inf
from typing import Any

from extractors.errors import ArgumentsError
from measures.disclosure.policies import CONTROLLED, MIDPOINT, NEAREST, POLICIES, RAW

Range = tuple[float, float]
# shown (None: redacted), threshold, base
Reading = Callable[[int | None, int, int], Range]
Showing = Callable[[int, int, int], bool]  # a number without its sign, threshold, base

ANYTHING: Range = (0, inf)
SCALES = (1, 2, 5)  # times powers of ten


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One policy as the attacker knows it, and what the audit demands of its
    releases.
    """

    # of the policy
    name: str
    # counts of 1..threshold must not be learnt
    threshold: int
    # of the rounding
    base: int
    # so many counts, at least, must stay possible for every cell of a single release
    width: int
    # the same for releases taken together
    joint_width: int
    # which true counts a shown one can be
    reading: Reading
    # which numbers it shows at all
    showing: Showing
    # any finding refuses; otherwise only small numerators and denominators that are
    # learnt exactly do, which is all that rounding count by count can promise
    strict: bool = False
    # False for `none`
    protects: bool = True
    # how many sites have added up what they released; a sum is of counts that each site
    # rounded by itself
    sites: int = 1

    @property
    def appends(self) -> bool:
        """Whether a released interval stays as it is, so that equal numbers are the
        same numbers.
        """
        return self.strict

    @property
    def together(self) -> bool:
        """Whether counts add up after rounding, too, so that what is withheld is 0 or
        one base.
        """
        return self.strict and self.sites == 1

    def shows(self, shown: int) -> bool:
        """Whether a count of people or a sum of events can look like this; most that
        were not rounded can't.
        """
        return self.showing(abs(shown), self.threshold, self.base)

    @property
    def examples(self) -> str:
        """As `20, 30, 40 …`: the first counts that it shows."""
        return (
            ", ".join(str(number) for number in islice(filter(self.shows, count(1)), 3))
            + " …"
        )

    @staticmethod
    def shows_amounts(shown: Iterable[int], most: float) -> bool:
        """Whether sums of amounts side by side can look like this, if no person adds
        more than `most`: all of them are multiples of one of 1, 2, 5, 10, 20 … that is more.
        Every policy but `none` has it so."""
        common = gcd(*shown)
        return not common or any(
            scale > most and common % scale == 0 for scale in _scales(common)
        )

    def people(self, shown: int | None) -> Range:
        """The true numbers of people that may be behind what is shown."""
        low, high = self.reading(shown, self.threshold, self.base)
        return max(0, low), high

    def events(self, shown: int | None, base: int) -> Range:
        """The same for a sum, whose own `base` is `base_of_sums`; a redacted one may be
        any, for it may be a large sum of few people."""
        # each site had a base of its own, which no sum tells
        if shown is None or self.sites > 1:
            return -inf, inf
        low, high = self.reading(abs(shown), self.threshold, base)
        return (low, high) if shown >= 0 else (-high, -low)

    def base_of_sums(self, shown: Iterable[int]) -> int:
        """What sums that are shown side by side were rounded to.

        Controlled rounding has 1, 2, 5, 10 … times the base for each table of sums. The
        largest of these that divides all of them is it, or more than it, so that
        nothing possible is left out.
        """
        common = gcd(*shown)
        if not self.together or not common:
            return self.base
        return max(
            self.base * scale
            for scale in _scales(common)
            if common % (self.base * scale) == 0 or scale == 1
        )


def _scales(most: int) -> Iterator[int]:
    """Those with as many digits as `most` or fewer."""
    for power in range(len(str(most))):
        for digit in SCALES:
            yield digit * 10**power


def _controlled(shown: int | None, threshold: int, base: int) -> Range:
    """Multiples of the base less than it away; 0 and one base are both shown as
    redacted.
    """
    if shown is None:
        return 0, 2 * base - 1
    return shown - base + 1, shown + base - 1


def _nearest(shown: int | None, threshold: int, base: int) -> Range:
    """1..threshold redacted, 0 left as it is, the others to the nearest multiple of an
    odd base.
    """
    if shown is None:
        return 1, threshold
    if shown == 0:
        return 0, 0
    return max(threshold + 1, shown - base // 2), shown + base // 2


def _ehrql(shown: int | None, threshold: int, base: int) -> Range:
    """As `_nearest`, but what is redacted is shown as 0."""
    if shown is None:
        return ANYTHING
    return (0, threshold) if shown == 0 else _nearest(shown, threshold, base)


def _midpoint(shown: int | None, threshold: int, base: int) -> Range:
    """ceil(x / base) * base - base // 2; 0 stays 0."""
    if shown is None:
        return ANYTHING
    return (0, 0) if shown == 0 else (shown + base // 2 - base + 1, shown + base // 2)


def _exact(shown: int | None, threshold: int, base: int) -> Range:
    return ANYTHING if shown is None else (shown, shown)


# What each of them shows at all -------------------------------------------------------


def _shown_controlled(shown: int, threshold: int, base: int) -> bool:
    return shown % base == 0 and shown >= 2 * base


def _shown_nearest(shown: int, threshold: int, base: int) -> bool:
    """0, and what is a rounding of something above the threshold."""
    return shown % base == 0 and (shown == 0 or shown + base // 2 > threshold)


def _shown_midpoint(shown: int, threshold: int, base: int) -> bool:
    return shown == 0 or (shown + base // 2) % base == 0


def _shown_exact(shown: int, threshold: int, base: int) -> bool:
    return True


Known = tuple[Reading, Showing]
KNOWN: Mapping[str, Known] = {
    CONTROLLED: (_controlled, _shown_controlled),
    NEAREST: (_nearest, _shown_nearest),
    MIDPOINT: (_midpoint, _shown_midpoint),
    RAW: (_exact, _shown_exact),
}
SMALL = 7  # for policies that name no threshold of their own
# Not one of ours, but what many have lying around: made by ehrQL itself.
EHRQL, EHRQL_THRESHOLD, EHRQL_BASE = "ehrql", 7, 5
NAMES = (*POLICIES, EHRQL)
# a site's own: that policy is named after its base
STRICTER = re.compile(r"midpoint(\d+)")


def rule_of(policy: str, settings: Mapping[str, Any]) -> Rule:
    """The rule of a policy; `settings` may hold `threshold`, `base`, `width` and
    `joint_width`.

    `sites` in the settings: the threshold and base of each site whose released counts
    were added up.

    Raises ArgumentsError for an unknown policy, listing the known.
    """
    if policy not in NAMES and not STRICTER.fullmatch(policy):
        raise ArgumentsError(
            f"The audit knows no policy {policy!r}; choose one of: {', '.join(NAMES)}."
        )
    (reading, showing), threshold, base, strict = _known(policy)
    threshold, base = settings.get("threshold", threshold), settings.get("base", base)
    width = settings.get("width", base if strict else threshold)
    # A range of more than `threshold` counts can't lie within 1..threshold, whatever
    # was rerun.
    joint = settings.get("joint_width", min(width, threshold + 1))
    sites = settings.get("sites", ())
    if sites:
        reading, showing = _added(reading, showing, sites)
    return Rule(
        name=policy,
        threshold=threshold,
        base=base,
        width=width,
        joint_width=joint,
        reading=reading,
        showing=showing,
        strict=strict,
        protects=policy != RAW,
        sites=max(1, len(sites)),
    )


def _added(
    reading: Reading, showing: Showing, sites: Sequence[Mapping[str, int]]
) -> Known:
    """The sum of what sites have shown, as a reader takes it who has nothing but the
    sum.

    Each site's count may be off by itself. A sum is withheld where any site withholds,
    so nothing is known of it.
    """
    numbers = [(each["threshold"], each["base"]) for each in sites]
    common = gcd(*(_common(showing, *each) for each in numbers))

    def read(shown: int | None, threshold: int, base: int) -> Range:
        if shown is None:
            return ANYTHING
        if shown == 0:
            lows, highs = zip(*(reading(0, *each) for each in numbers), strict=True)
            return sum(lows), sum(highs)
        # How far a count may be off does not depend on the count, but near the
        # threshold, where it is less.
        offs = [_off(reading, *each) for each in numbers]
        return max(0, shown - sum(below for below, _ in offs)), shown + sum(
            above for _, above in offs
        )

    def shows(shown: int, threshold: int, base: int) -> bool:
        return shown % common == 0

    return read, shows


def _off(reading: Reading, threshold: int, base: int) -> Range:
    """How much less and more than shown a large count can be."""
    shown = 10 * base * (threshold + 1)
    low, high = reading(shown, threshold, base)
    return shown - low, high - shown


def _common(showing: Showing, threshold: int, base: int) -> int:
    """What divides all counts that a site shows."""
    return gcd(
        *islice((number for number in count(1) if showing(number, threshold, base)), 3)
    )


def _known(policy: str) -> tuple[Known, int, int, bool]:
    """How it is read and what it shows, its threshold and base, and whether every
    finding refuses.
    """
    if policy == EHRQL:
        return (_ehrql, _shown_nearest), EHRQL_THRESHOLD, EHRQL_BASE, False
    if policy not in POLICIES:
        base = int(policy.removeprefix("midpoint"))
        return KNOWN[MIDPOINT], base, base, False
    known = POLICIES[policy]
    return (
        KNOWN[known.rule],
        known.threshold or SMALL,
        known.base,
        known.rule == CONTROLLED,
    )
