"""What a manifest says of each measure: what its ratio is, and how far its counts may
be off.
"""

from typing import Any

import pyarrow as pa

from extractors.late import pc
from measures.counts.columns import PARTS, Part
from measures.disclosure.types import ReleasedCounts
from measures.release.layout import places_by_measure


def measures_for_manifest(released: ReleasedCounts) -> dict[str, dict[str, Any]]:
    """For each measure its `kind` and, for both counts, what a shown one says of the
    true one.

    `[9, 9]`: the true count is at most 9 less and at most 9 more than what is shown.
    Where that differs between intervals, as for sums of events, it is the most of all.
    """
    kinds = {}
    for shape in released.measures:
        if not shape.over:
            kinds[shape.name] = shape.kind.value
    known = {}
    for name, places in places_by_measure(kinds, released.table).items():
        shown = released.table.take(places)
        ranges = released.ranges.take(places)
        off = {part.value: _off(part, shown, ranges) for part in PARTS}
        known[name] = {"kind": kinds[name], "off": off}
    return known


def _off(part: Part, shown: pa.Table, ranges: pa.Table) -> list[int]:
    below = pc.subtract(shown[part], ranges[f"{part}_at_least"])
    above = pc.subtract(ranges[f"{part}_at_most"], shown[part])
    return [pc.max(each).as_py() or 0 for each in (below, above)]
