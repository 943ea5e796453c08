"""Which groups of a release have a name: those of the definition, and those that enough
people are in.

The name of a group that the records alone tell is a value of those who are in it. With
few of them it is theirs: seven columns crossed name everybody, by birth date, practice
and code. So a group of the records has rows only if its released denominator is shown
in some interval, with two bases at least. All others are in no named group: they count
in totals and margins, and nowhere else.

Whether a group is named is a function of released numbers, of the definition and of
earlier releases, so it tells no more than these. The auditor has the same rule in
`audit/naming.py`, written anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np
import pyarrow as pa

from measures.counts.structure import KnownGroup
from measures.disclosure.memory.named import named_before
from measures.disclosure.policy_steps import Counts, Draft
from measures.disclosure.tables.layout import cell_text

# Of labels in a crossing. Beyond, a definition names everybody as well as records do,
# whatever its words are: 10,000 are 13 yes-or-no groups, or age bands by sex, region,
# deprivation and ethnicity.
MOST_COMBINATIONS = 10_000


@dataclass(frozen=True)
class NameGroups:
    """Leave out every group of the records that is too small to be named in every
    interval.
    """

    # the fewest people, as released, with which a group has a name: once is enough
    least: int

    def protect(self, draft: Draft) -> Draft:
        if draft.recalled is None:
            return draft
        named = by_definition(draft) | self.by_numbers(draft)
        before = named_before(
            draft.raw, draft.recalled, draft.setting, asked=~named, least=self.least
        )
        # Those have rows also where they are 0 now: their name is known, and that it
        # stays tells nothing.
        released = (draft.released & named) | before
        return replace(draft, left_out=~released, unnamed=~(named | before))

    def by_numbers(self, draft: Draft) -> np.ndarray:
        """The rows of groups whose denominator is shown with enough people in some
        interval.
        """
        counts = draft.denominator
        enough = ~counts.redacted & (counts.values >= self.least)
        return draft.anywhere(enough)

    def possible(
        self, counts: Counts, low: np.ndarray, high: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        return low, high

    def rule(self) -> str:
        return (
            "A group whose name the definition does not say (a practice, an area, a "
            "code) has rows only if its released denominator is shown with "
            f"{self.least} or more in some interval. Who is in no such group is "
            "counted in totals and margins alone, so the named groups may add up to "
            "less than these."
        )


def by_definition(draft: Draft) -> np.ndarray:
    """The rows of groups that the definition itself names; totals and missing values
    need no name.
    """
    structure = draft.setting.structure
    assert structure is not None
    named = _is_few(draft.raw.table["group_by"], structure.groups)
    for name in draft.raw.groups:
        named &= _has_label(draft.raw.table[name], structure.groups[name])
    return named


def _is_few(groupings: pa.ChunkedArray, groups: Mapping[str, KnownGroup]) -> np.ndarray:
    """Where the labels of a grouping have so few combinations that they name no person."""
    coded = groupings.combine_chunks().dictionary_encode()
    few = []
    for each in coded.dictionary.to_pylist():
        few.append(_combinations(each, groups) <= MOST_COMBINATIONS)
    return np.array(few, bool)[coded.indices.to_numpy()]


def _combinations(grouping: str, groups: Mapping[str, KnownGroup]) -> int:
    return prod(
        max(1, len(groups[name].labels or ())) for name in grouping.split("+") if name
    )


def _has_label(column: pa.ChunkedArray, group: KnownGroup) -> np.ndarray:
    """Where the value of a group is missing, or one of its labels."""
    if group.labels is None:
        return np.ones(len(column), bool)
    coded = column.combine_chunks().dictionary_encode()
    known = [*(value in group.labels for value in coded.dictionary.to_pylist()), True]
    return np.array(known, bool)[coded.indices.fill_null(len(known) - 1).to_numpy()]


def names_kept(draft: Draft, least: int) -> list[dict[str, Any]]:
    """The named groups of which only an earlier release tells why: they were large
    enough then.
    """
    if draft.recalled is None:
        return []
    why = by_definition(draft) | NameGroups(least).by_numbers(draft)
    # of these no release has rows, so their names are in none
    unnamed = draft.raw.each_row(lambda shape: int(bool(shape.over))) > 0
    found: dict[str, dict[str, Any]] = {}
    for row in np.flatnonzero(draft.released & ~why & ~unnamed):
        values = {name: draft.raw.table[name][row].as_py() for name in draft.raw.groups}
        grouping = draft.raw.table["group_by"][row].as_py()
        groups = {name: _plain(values[name]) for name in grouping.split("+")}
        found.setdefault(
            cell_text([grouping, *groups.values()]),
            {"group_by": grouping, "groups": groups},
        )
    return [found[text] for text in sorted(found)]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
