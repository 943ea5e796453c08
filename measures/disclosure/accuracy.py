"""What protection cost in accuracy, in numbers that give no count away.

An error is a true count taken from a released one, so a mean of errors is a bit of
truth. The release says it for bands of released size, and for so many different cells together
that its rounding hides ten bases of the sum of their errors; for fewer it says none.
One cell in many weeks and measures is one cell, because its people, and so its error,
may be the same all the time, and a definition can count them by many words. The largest
error is the one that the rule allows and not the one that there was.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from measures.counts.columns import PARTS
from measures.disclosure.memory.recall import Recalled
from measures.disclosure.policy_steps import Counts, Draft

BANDS = (0, 50, 100, 1_000, 10_000)  # from this released size on
STEP = 0.5  # people; what means are rounded to
HIDDEN = 10  # bases that the rounding of a mean must hide of the sum behind it
POINTS = 0.05  # percentage points; what the error of a rate is rounded to


@dataclass(frozen=True, eq=False, repr=False)
class _Errors:
    """Shown counts and how far off they are; every table's counts once."""

    # the released counts
    shown: np.ndarray
    # the released count less the true one, in people
    error: np.ndarray
    # a number for each group of people, the same in all intervals and measures
    cell: np.ndarray

    def where(self, chosen: np.ndarray) -> "_Errors":
        return _Errors(self.shown[chosen], self.error[chosen], self.cell[chosen])

    def enough(self, base: int) -> bool:
        return len(np.unique(self.cell)) >= least_cells(base)


def accuracy(draft: Draft, base: int) -> dict[str, Any]:
    """By size band: how many counts, mean absolute error and mean error in people; and
    the error of rates.

    Counts that stayed as they were although the records changed are left out, for
    theirs is another error.
    """
    found: dict[str, Any] = {
        "redacted_share": {
            part.value: _share(counts, draft) for part, counts in draft.parts.items()
        }
    }
    if draft.recalled is None:
        return found
    errors = _errors(draft, draft.recalled)
    bands = zip(BANDS, (*BANDS[1:], np.inf), strict=True)
    return found | {
        "bands": [_band(errors, low, high, base=base) for low, high in bands],
        "rate_error_points": _rate_error(draft, draft.recalled, base),
        "measured_over": f"shown counts of at least {least_cells(base)} cells together; fewer "
        "would give too much away",
    }


def least_cells(base: int) -> int:
    return int(np.ceil(HIDDEN * base / STEP))


def _errors(draft: Draft, recalled: Recalled) -> _Errors:
    current, layout = _current(draft, recalled), recalled.layout
    numbers = {key: number for number, key in enumerate(layout.tables)}
    groupings = {grouping: number for number, grouping in enumerate(layout.cells)}
    widest = max(map(len, layout.cells.values()), default=1)
    found = []
    for part in PARTS:
        counts, truth = draft.parts[part], draft.raw.table[part].to_numpy()
        use = ~counts.redacted & current & draft.released
        for key, rows in layout.tables_of(part):
            if not _is_people(recalled, key.of):
                # its base is larger, so the mean over as many cells would give more
                # away
                continue
            mine = rows[use[rows]]
            cells = layout.cell_of[mine]
            ids = (
                numbers[key] * widest + cells,
                groupings[key.grouping] * widest + cells,
            )
            found.append(
                np.stack([*ids, counts.values[mine], counts.values[mine] - truth[mine]])
            )
    joined = np.concatenate(found, axis=1) if found else np.zeros((4, 0), np.int64)
    once = joined[:, np.unique(joined[0], return_index=True)[1]]
    return _Errors(shown=once[2], error=once[3], cell=once[1])


def _is_people(recalled: Recalled, count: str) -> bool:
    return recalled.layout.structure.counts[count].people is None


def _are_people(recalled: Recalled, rows: int) -> np.ndarray:
    """The rows both of whose counts are of people."""
    people = np.ones(rows, bool)
    for part in PARTS:
        for key, of_table in recalled.layout.tables_of(part):
            people[of_table] &= _is_people(recalled, key.of)
    return people


def _current(draft: Draft, recalled: Recalled) -> np.ndarray:
    current = np.ones(len(draft.raw.table), bool)
    if not draft.setting.revise:
        for shown in recalled.changed:
            current[recalled.rows[shown]] = False
    return current


def _share(counts: Counts, draft: Draft) -> float:
    redacted = counts.redacted[draft.released]
    return round(float(redacted.mean()), 3) if len(redacted) else 0.0


def _band(errors: _Errors, low: float, high: float, *, base: int) -> dict[str, Any]:
    mine = errors.where((errors.shown >= low) & (errors.shown < high))
    name = f"{low} and more" if np.isinf(high) else f"{low} to {int(high) - 1}"
    if not mine.enough(base):
        return {
            "size": name,
            "counts": "too few to tell",
            "mean_error": None,
            "mean_absolute_error": None,
        }
    return {
        "size": name,
        "counts": len(mine.shown) // 100 * 100,
        "mean_error": _rounded(mine.error.mean(), STEP),
        "mean_absolute_error": _rounded(np.abs(mine.error).mean(), STEP),
    }


def _rate_error(draft: Draft, recalled: Recalled, base: int) -> float | None:
    numerator, denominator = draft.numerator, draft.denominator
    top, bottom = (draft.raw.table[part].to_numpy() for part in PARTS)
    there = (
        (denominator.values >= 10 * base)
        & (bottom > 0)
        & _current(draft, recalled)
        & draft.released
    )
    there &= (
        ~numerator.redacted & ~denominator.redacted & _are_people(recalled, len(there))
    )
    measures = draft.raw.table["measure"].to_numpy(zero_copy_only=False)[there]
    if len(set(zip(measures, recalled.old_at[there], strict=True))) < least_cells(base):
        return None
    error = (
        numerator.values[there] / denominator.values[there] - top[there] / bottom[there]
    )
    return _rounded(100 * np.abs(error).mean(), POINTS)


def _rounded(value: float, step: float) -> float:
    return round(round(float(value) / step) * step, 6) + 0.0
