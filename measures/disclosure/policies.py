"""Every policy, its thresholds and bases, and where each rule comes from.

This is the file an output checker reads. An author's definition can't name or change a
policy; a site can make numbers stricter, never looser (`site.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from extractors.errors import ArgumentsError
from measures.disclosure.naming import NameGroups
from measures.disclosure.policy_steps import (
    RedactDominated,
    RedactFew,
    RedactSmall,
    RoundMidpoint,
    RoundNearest,
    Step,
    few_or_less,
)
from measures.disclosure.together import (
    LEAST,
    LeaveOutEmpty,
    RedactLeast,
    RoundTogether,
)

CONTROLLED, NEAREST, MIDPOINT, RAW = "controlled", "nearest", "midpoint", "none"


@dataclass(frozen=True)
class Policy:
    """Named steps, in the order they are taken."""

    # what sites, runs and manifests call it
    name: str
    # whose rules they are, in words
    source: str
    # the kind of rounding: CONTROLLED, NEAREST, MIDPOINT or RAW
    rule: str
    # counts of 1 to this must not be learnt
    threshold: int
    # of the rounding, in people; for midpoints, how many counts share one
    base: int
    # what is done to the true counts
    steps: tuple[Step, ...]
    # steps that see released counts only, so they are taken again on numbers that the
    # ledger keeps
    after: tuple[Step, ...] = ()
    # what it promises, in sentences for an output checker; empty: nothing
    guarantees: tuple[str, ...] = ()
    # what it does not promise, likewise
    not_guaranteed: tuple[str, ...] = ()
    # below this released denominator there is no ratio
    least_denominator: int = 1
    # a group that the definition does not name has a name if its released denominator
    # is so large in some interval; 0: all have one
    least_named: int = 0
    # the most that a count of people can be which is withheld, by the reason that is
    # given
    withheld_most: tuple[tuple[str, int], ...] = ()

    def rules(self) -> tuple[str, ...]:
        """What happened to every number, in plain words for the manifest."""
        return (
            *(step.rule() for step in (*self.steps, *self.after)),
            *self._ratio_rules(),
            f"Source: {self.source}.",
        )

    @property
    def text(self) -> str:
        """Its name and numbers, as the ledger knows it."""
        return f"{self.name} T={self.threshold} base={self.base}"

    def _ratio_rules(self) -> tuple[str, ...]:
        if self.rule == CONTROLLED:
            return (
                "There is no ratio where the released denominator is below "
                f"{self.least_denominator}.",
                *RATIO_RULES,
            )
        return (INDEPENDENT, *RATIO_RULES)


# Amounts: sums of floats, whose ratio is a mean. They are the sums that could give one
# person away most easily, so no policy shows one exactly, and none asks the records how
# large an amount can be (the largest is one person's):
# - The definition says between which ends amounts lie (`measures/amounts.py`); extremes
#   beyond are not counted, and a
#   float without ends is refused as a numerator.
# - Within counting and control they are whole numbers of units, so sums do not depend
#   on any order of adding.
# - `controlled` treats them as sums of events whose largest is the upper end. The
#   presets redact a sum below twice the
#   upper end, as dominated, and round to the least of 1, 2, 5, 10, 20 … above it, each by itself. So a sum may be the
#   same with and without any one person under all of them. `none` shows whole numbers.
# - People decide what is redacted, as for counts: those behind a mean are its
#   denominator.
AMOUNTS_RULE = (
    "A ratio of amounts is the mean of those whose amounts lie between the ends that "
    "the definition says; no others are counted. No sum of amounts is exact: what "
    "it is rounded to is more than any one person may add."
)
INDEPENDENT = "Numerators and denominators are protected independently of each other."
# They hold under every policy: a ratio of true counts gives its count back (868 of 868
# small ones, measured with four decimals), a ratio of released counts says nothing that
# they don't.
RATIO_RULES = (
    "A ratio is the released numerator divided by the released denominator; there is "
    "none when either is redacted or the denominator is 0.",
    "ratio_at_least and ratio_at_most are the smallest and largest true ratio that "
    "the two released counts allow.",
    AMOUNTS_RULE,
)
EACH_BY_ITSELF = (
    "Counts are protected one by one: tables that share totals, nested measures and "
    "overlapping periods can be subtracted from each other, and a rerun with a few "
    "people more can show by how many.",
)


def controlled(threshold: int, base: int) -> Policy:
    """Keyed controlled rounding (Lowthian & Merola; tau-ARGUS RND), the one policy with
    a proof behind it.
    """
    if base <= threshold:
        raise ArgumentsError(
            f"The policy 'controlled' needs a base above its threshold, got {base} "
            f"and {threshold}: a count that may be anything from 1 to {base - 1} "
            f"would still certainly be 1 to {threshold}."
        )
    return Policy(
        "controlled",
        source="keyed controlled rounding of linked tables, with a ledger and an audit",
        rule=CONTROLLED,
        threshold=threshold,
        base=base,
        steps=(RoundTogether(base),),
        after=(RedactLeast(base), LeaveOutEmpty(), NameGroups(2 * base)),
        guarantees=_guarantees(threshold, base),
        not_guaranteed=NOT_CLAIMED,
        # The least that is shown at all. One base may be a single person whose rounding
        # went up: of 20,000 people with a name each, 2,000 had rows.
        least_named=2 * base,
        # ONS publishes no rate on few cases; below 10 bases a ratio's range is wider
        # than 0.2.
        least_denominator=10 * base,
        withheld_most=((LEAST, 2 * base - 1),),
    )


def _guarantees(threshold: int, base: int) -> tuple[str, ...]:
    return (
        "A reader who knows the definition, these rules and every number of this "
        f"release, but not the key, can still believe in {base} consecutive values "
        "of every count of people, and of every difference between a denominator "
        "and its numerator; so no reader learns that a count is certainly in 1 to "
        f"{threshold}, certainly 0, or certainly everybody. Proven for any number of "
        "ungrouped and one-way tables of one interval; for crossed tables, nested "
        "measures and several intervals the audit decides.",
        "Tables agree: cells add up to their margins, as far as all groups have "
        "names; there is one total, and numerators never exceed denominators.",
        "Whatever names a group is said by the definition, or true of at least "
        f"{base + 1} people.",
        "A sum of events may be the same with and without any one person: its base "
        "is more than anybody adds to it.",
        "An interval that was released keeps its numbers; they change only if the "
        "old and the new ones together pass the audit.",
        *BOUND,
    )


NEARLY = (
    "Two counts of one interval of which one has just one person more show one "
    "number, or one of them is withheld; but for counts of one base at most, which "
    "are redacted, and for a part and its whole, a cell and its margin."
)
BOUND = (
    "Counts of the same people show the same number, in whatever words, measures, "
    "intervals and studies they are asked of this site, so the mean of many wordings "
    "is that one number. Where it does not fit with margins and parts, it is "
    "withheld.",
    NEARLY,
)
NOT_BOUND = (
    "Counts of people who differ by two or more are rounded with chances of their "
    "own: a reader who asks very many of them about nearly the same people can take "
    "the mean. The release says the number of questions.",
    "Two different numbers do say that the people differ. In a series, where just "
    "one known person can have joined or left, a change of the number tells that "
    "this one did: about one step in ten of a sweep in known order.",
    "Sums of events and amounts are bound to nothing. Counts under another key, or "
    "with another ledger of the site, are rounded anew.",
)
NOT_CLAIMED = (
    "This is not differential privacy: an attacker who already knows nearly all "
    "people of a table, or whose definitions count or group the same people in very "
    "many ways, can learn more.",
    "A shown count is not equally likely to be each value of its range; the middle "
    "is likelier.",
    "A shown count does say that people are there, and so do the rows of a group, "
    "in some interval. Groups that the definition names have rows also where one "
    "person is in them, though no reader learns how many are.",
    "The name of a group of the records says that at least one base of people and "
    "one more have that value, and what the named groups lack of a total says how "
    "many people, about, are in groups without a name.",
    "A count has one chance of being rounded up at all times, so its error lasts: a "
    "series is a little too high or too low as a whole. Over many cells that evens "
    "out.",
    "What several studies release is not audited together; they share the numbers of "
    "the people they count, no more.",
    *NOT_BOUND,
    "Where records changed, the revisions tell in which intervals; that a new "
    "release was refused tells that it would have given something away.",
    "The base of a sum of events is seen from its numbers, and tells roughly (1, 2, "
    "5, 10 … times the policy's base) how much the person with the most events has, "
    "though not who or where that is.",
    "Relations that only the meaning of counts tells (a numerator and all others, an "
    "age band that is part of another, a condition that is a group here and a "
    "numerator there) are not tied; some were found to leave 8 values.",
    "Counts that by their meaning can only grow from interval to interval (who ever "
    "had something before) are not tied over time either: a reader who knows that "
    "was found to be left with 9 values instead of 10 in most of such series (275 of "
    "306).",
)


def opensafely(threshold: int, base: int) -> Policy:
    return Policy(
        "opensafely",
        # opensafely/documentation, docs/outputs/sdc: "redact counts <= 7, then round to
        # nearest 5".
        source="OpenSAFELY, statistical disclosure control for released outputs",
        rule=NEAREST,
        threshold=threshold,
        base=base,
        steps=(
            # It was 5 once; but 6 and 7 were then the only counts shown as 5, so a
            # shown 5 betrayed them.
            RedactSmall(threshold),
            # Its rules are about people; of a sum of events they'd show what one
            # frequent visitor has.
            RedactDominated(),
            # After redaction only, else 3 to 7 would be shown as 5. 8 to 12 become 10,
            # the smallest shown.
            RoundNearest(base),
        ),
        # A group whose counts are all redacted has 1 to 7 people for certain: its name
        # would be theirs. 10 is the least that is shown, for 8 to 12.
        after=(NameGroups(2 * base),),
        not_guaranteed=EACH_BY_ITSELF,
        least_named=2 * base,
        withheld_most=((few_or_less(threshold), threshold),),
    )


def nhs_digital(threshold: int, base: int) -> Policy:
    return Policy(
        "nhs-digital",
        # Below national level 1 to 7 become *, the others are rounded to the nearest 5,
        # and percentages come from rounded numbers. We do so at national level too. The
        # steps are those of `opensafely`; the rule book is another, and may change by
        # itself.
        source="NHS Digital, disclosure control of Hospital Episode Statistics since "
        "September 2018",
        rule=NEAREST,
        threshold=threshold,
        base=base,
        steps=(RedactSmall(threshold), RedactDominated(), RoundNearest(base)),
        # As `opensafely`: 10 is the least that is shown. Its rule book names areas and
        # trusts, never people.
        after=(NameGroups(2 * base),),
        not_guaranteed=EACH_BY_ITSELF,
        least_named=2 * base,
        withheld_most=((few_or_less(threshold), threshold),),
    )


def midpoint(threshold: int, base: int) -> Policy:
    return Policy(
        "midpoint6",  # by this name also where a site has a larger base
        source="OpenSAFELY, midpoint rounding for rates and survival curves",
        rule=MIDPOINT,
        threshold=threshold,
        base=base,
        # Rounding a count of people says nothing of a sum of events with few people
        # behind it.
        steps=(RedactFew(threshold), RedactDominated(), RoundMidpoint(base)),
        # 3 and 9 are shown for 1 to 12 people. The first number of two bases is 15, for
        # 13 to 18.
        after=(NameGroups(2 * base),),
        least_named=2 * base,
        not_guaranteed=(
            f"A shown {base - base // 2} says that the count is 1 to {base}, by "
            "design.",
            *EACH_BY_ITSELF,
        ),
    )


def none(threshold: int = 0, base: int = 1) -> Policy:
    return Policy(
        "none",
        source="of no office; for made-up records only",
        rule=RAW,
        threshold=threshold,
        base=base,
        steps=(),
        not_guaranteed=("Nothing: these are the true counts of made-up records.",),
    )


DEFAULT = "controlled"
POLICIES = {
    policy.name: policy
    for policy in (
        # A base of 10 makes every count also a multiple of 5, as rule books ask that
        # redact 1 to 7.
        controlled(threshold=7, base=10),
        opensafely(threshold=7, base=5),
        nhs_digital(threshold=7, base=5),
        midpoint(threshold=6, base=6),
        none(),
    )
}

# By the numbers that a site may raise: threshold and base.
WITH_NUMBERS: dict[str, Callable[[int, int], Policy]] = {
    "controlled": controlled,
    "opensafely": opensafely,
    "nhs-digital": nhs_digital,
    "midpoint6": midpoint,
}
