"""The numbers of a run made again, slowly and by hand: raw counts, complete grid,
disclosure control.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

from measures.definitions import Measure
from tests.flows.shelves import read
from tests.lib import reference_engine

KEYS = ("measure", "interval_start", "interval_end", "group_by")
GROUPS = ("age_band", "sex")
COUNTS = ("numerator", "denominator", "numerator_patients", "denominator_patients")
# patients whom the slow engine looks at together; it goes through all rows for each of
# them
AT_ONCE = 50

Place = tuple[Any, ...]
Raw = dict[Place, dict[str, int]]


def by_place(rows: Sequence[dict[str, Any]]) -> Raw:
    """Raw counts by measure, interval, grouping and groups; each occurs once."""
    found = {_place(row): {name: row[name] for name in COUNTS} for row in rows}
    assert len(found) == len(rows)
    return found


def _place(row: dict[str, Any]) -> Place:
    return tuple(row[name] for name in (*KEYS, *GROUPS))


def recounted(measures: Sequence[Measure], folder: Path, patients: int) -> Raw:
    """What the slow engine counts in a folder of tables with patients from 1 on."""
    tables = {path.stem: read(path).to_pylist() for path in folder.iterdir()}
    grouping = {measure.name: measure.grouping for measure in measures}
    sums: dict[Place, Counter[str]] = {}
    for first in range(1, patients + 1, AT_ONCE):
        some = range(first, first + AT_ONCE)
        records = {
            name: [row for row in rows if row["patient_id"] in some]
            for name, rows in tables.items()
        }
        for row in reference_engine.measures(measures, records):
            groups = dict.fromkeys(GROUPS) | row["groups"]
            place = _place({**row, **groups, "group_by": grouping[row["measure"]]})
            sums.setdefault(place, Counter()).update(
                {name: row[name] for name in COUNTS}
            )
    return {
        place: {name: counts[name] for name in COUNTS} for place, counts in sums.items()
    }


def grid(measures: Sequence[Measure], raw: Raw) -> list[Place]:
    """Every row that the release must have, in its order: groups that exist anywhere
    exist everywhere.
    """
    places = []
    for measure in measures:
        found = {place[len(KEYS) :] for place in raw if place[3] == measure.grouping}
        groups = found if measure.grouping else {(None,) * len(GROUPS)}
        each = product(measure.intervals, groups)
        places += [
            (measure.name, *interval, measure.grouping, *group)
            for interval, group in each
        ]
    return sorted(
        places, key=lambda place: [(value is not None, value) for value in place]
    )


def shown(place: Place, raw: Raw) -> dict[str, str]:
    """The released row of a place: at most 7 people are redacted, everything else is
    rounded to 5.
    """
    counts = raw.get(place, dict.fromkeys(COUNTS, 0))
    numerator = _protected(counts["numerator"], counts["numerator_patients"])
    denominator = _protected(counts["denominator"], counts["denominator_patients"])
    whole = numerator is not None and denominator is not None
    return {
        **{
            name: "" if value is None else str(value)
            for name, value in zip((*KEYS, *GROUPS), place, strict=True)
        },
        "numerator": "[REDACTED]" if numerator is None else str(numerator),
        "denominator": "[REDACTED]" if denominator is None else str(denominator),
        "ratio": repr(float(f"{numerator / denominator:.3g}"))
        if numerator is not None and denominator
        else "",
        "status": "released" if whole else "redacted",
    }


def _protected(count: int, people: int) -> int | None:
    if 1 <= people <= 7 or 1 <= count <= 7:
        return None
    return (count + 2) // 5 * 5
