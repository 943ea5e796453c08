"""The steps of controlled rounding: round all tables together, redact what is smallest
then, leave out empty groups.
"""

from dataclasses import dataclass, replace

import numpy as np

from extractors.errors import ensure
from measures.counts.columns import Part
from measures.disclosure.policy_steps import WITHHELD, Counts, Draft
from measures.disclosure.programmes import Rounded, rounded_tables
from measures.disclosure.tables.layout import Layout


@dataclass(frozen=True)
class RoundTogether:
    """Round every count up or down to a multiple of the base so that all tables of a
    family agree.
    """

    # for counts of people; sums of events have a multiple of it
    base: int

    def protect(self, draft: Draft) -> Draft:
        recalled = draft.recalled
        if recalled is None or recalled.ties is None:
            ensure(
                len(draft.raw.table) == 0,
                "controlled rounding needs to know the structure of the measures",
            )
            return draft
        rounded = rounded_tables(
            recalled, recalled.ties, setting=draft.setting, base=self.base
        )
        parts = {}
        for part in Part:
            parts[part] = self._shown(
                draft.parts[part], part, recalled.layout, rounded=rounded
            )
        return replace(draft, rounded=rounded, parts=parts)

    @staticmethod
    def _shown(
        counts: Counts, part: Part, layout: Layout, *, rounded: Rounded
    ) -> Counts:
        values, reach = counts.values.copy(), counts.reach.copy()
        withheld = np.zeros(len(values), bool)
        for key, rows in layout.tables_of(part):
            cells = layout.cell_of[rows]
            values[rows], reach[rows] = (
                rounded.values[key][cells],
                rounded.bases[key] - 1,
            )
            withheld[rows] = rounded.withheld[key][cells]
        # The rounded number of people behind a count is all that may decide what is
        # redacted.
        people = values.copy()
        for key, rows in layout.tables_of(part.patients):
            people[rows] = rounded.values[key][layout.cell_of[rows]]
        return replace(counts, values=values, people=people, reach=reach).redact(
            withheld, WITHHELD
        )

    def possible(
        self, counts: Counts, low: np.ndarray, high: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        lowest = low - counts.reach
        return np.where(low >= 0, np.maximum(lowest, 0), lowest), high + counts.reach

    def rule(self) -> str:
        return (
            "All counts of a family of measures are rounded together, up or down to "
            f"a multiple of {self.base} less than {self.base} away; multiples stay. "
            "Cells add up to their margins, all tables have one total, and no part "
            "exceeds its whole. A secret key decides what goes up. Counts of the "
            "same people show one number, also that of an earlier release. Where no "
            "such rounding exists, single cells or the tables that cross the most "
            f"groups are withheld. Sums of events have a base of {self.base} times "
            f"1, 2, 5, 10, 20 …: as many as {self.base} people behind the sum have "
            "on average, and more than any one person has."
        )


LEAST = "0 or one base after rounding"


@dataclass(frozen=True)
class RedactLeast:
    """Redact what rounding shows as 0 or as one base: a function of rounded counts, so
    it gives nothing away.
    """

    # for counts of people; sums of events have their own
    base: int

    def protect(self, draft: Draft) -> Draft:
        return draft.each(self._redact)

    def _redact(self, counts: Counts) -> Counts:
        small = np.abs(counts.values) <= np.maximum(self.base, counts.reach + 1)
        few = np.abs(counts.people) <= self.base
        return counts.redact(small, LEAST).redact(
            few, "few people behind it, after rounding"
        )

    def possible(
        self, counts: Counts, low: np.ndarray, high: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        return low, high

    def rule(self) -> str:
        return (
            f"Whatever is 0 or one base ({self.base}, for sums of events their own) "
            "after rounding is redacted, and so is a sum of events if the people "
            f"behind it are 0 or {self.base} after rounding. A redacted count may be "
            "a true 0."
        )


@dataclass(frozen=True)
class LeaveOutEmpty:
    """Leave out every group that is 0 after rounding in all its rows.

    A grid has a row for each group that has people. Were the rows of tiny groups
    shown, if only as redacted, then each would have people: 105 groups of a
    total of 100 to 109 have at most 5 people each. Which groups are left out is a
    function of rounded counts, so it gives nothing away.
    """

    def protect(self, draft: Draft) -> Draft:
        if draft.recalled is None:
            return draft
        empty = (draft.numerator.values == 0) & (draft.denominator.values == 0)
        for counts in draft.parts.values():
            empty &= counts.reasons != WITHHELD
        grouped = draft.raw.table["group_by"].to_numpy(zero_copy_only=False) != ""
        return replace(draft, left_out=grouped & ~draft.anywhere(~empty))

    def possible(
        self, counts: Counts, low: np.ndarray, high: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        return low, high

    def rule(self) -> str:
        return (
            "A group that is 0 after rounding everywhere has no rows; there may be a "
            "few people in it, or none."
        )
