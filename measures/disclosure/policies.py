"""Every policy, its thresholds and bases, and where each rule comes from.

This is the file an output checker reads. An author's definition can't name or change a policy.
"""

from dataclasses import dataclass

from measures.disclosure.steps import RedactSmall, RoundNearest, Step


@dataclass(frozen=True)
class Policy:
    """Named steps, in the order they are taken; `source` says whose rules they are."""

    name: str
    source: str
    steps: tuple[Step, ...]

    def rules(self) -> tuple[str, ...]:
        """What happened to every number, in plain words for the manifest."""
        return (*(step.rule() for step in self.steps), *RATIO_RULES, f"Source: {self.source}.")


# They hold under every policy: a ratio of true counts gives its count back (868 of 868 small ones,
# measured with four decimals), a ratio of released counts says nothing that they don't.
RATIO_RULES = (
    "Numerators and denominators are protected independently of each other.",
    "A ratio is the released numerator divided by the released denominator; there is none when either is "
    "redacted or the denominator is 0.",
    "ratio_low and ratio_high are the smallest and largest true ratio that the two released counts allow.",
)

OPENSAFELY = Policy(
    "opensafely",
    # opensafely/documentation, docs/outputs/sdc.md: "redact counts <= 7, then round to nearest 5".
    source="OpenSAFELY, statistical disclosure control for released outputs",
    steps=(
        # It was 5 once; but 6 and 7 were then the only counts shown as 5, so a shown 5 betrayed them.
        RedactSmall(threshold=7),
        # After redaction only, else 3 to 7 would be shown as 5. 8 to 12 become 10, the smallest shown.
        RoundNearest(base=5),
    ),
)

POLICIES = {policy.name: policy for policy in (OPENSAFELY,)}
