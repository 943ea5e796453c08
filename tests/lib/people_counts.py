"""Raw counts of drawn people, counted here in plain Python, with the structure of their
measures.

People have group values and are there or not, and take part in nested numerators or
not, week by week.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pyarrow as pa

from measures.counts.gathering import gather
from measures.counts.structure import Structure
from measures.counts.types import MeasureShape, RawCounts, raw_schema
from tests.lib.fingerprints import hash_of
from tests.lib.structures import structure_from

WEEKS = [
    (date(2019, 4, 1) + timedelta(7 * n), date(2019, 4, 7) + timedelta(7 * n))
    for n in range(200)
]
ALL = "all"


@dataclass(frozen=True)
class Person:
    """`level`: in how many of the nested numerators, by week; -1: not there at all.
    `events`: of one week.
    """

    groups: dict[str, Any]
    level: Sequence[int]
    events: int = 0


@dataclass(frozen=True)
class CountsOf:
    """Measures `n0_…`, `n1_…` nested in each other, each by every grouping; `events_…`
    if asked for.

    `moves`: which ends of the interval the denominator moves with. `known`: whether
    counts say whom they are of.
    """

    people: Sequence[Person]
    groupings: Sequence[tuple[str, ...]]
    nested: int = 1
    weeks: int = 1
    events: bool = False
    moves: Sequence[str] = ("start",)
    known: bool = True
    intervals: Sequence[tuple[date, date]] = field(default_factory=lambda: WEEKS)

    @property
    def groups(self) -> list[str]:
        return sorted({name for grouping in self.groupings for name in grouping})

    @property
    def numerators(self) -> list[str]:
        return [f"n{n}" for n in range(self.nested)] + (
            ["events"] if self.events else []
        )

    @property
    def shapes(self) -> list[MeasureShape]:
        intervals = tuple(self.intervals[: self.weeks])
        return [
            MeasureShape(
                "_".join((n, *g)),
                tuple(sorted(g)),
                intervals,
                is_proportion=n != "events",
            )
            for n in self.numerators
            for g in self.groupings
        ]

    def raw(self, kind: pa.DataType | None = None) -> RawCounts:
        types = dict.fromkeys(self.groups, kind or pa.string())
        rows = [
            row
            for week in range(self.weeks)
            for shape in self.shapes
            for row in self._rows(week, shape)
        ]
        return gather(
            [pa.Table.from_pylist(rows, schema=raw_schema(types))], self.shapes, types
        )

    @cached_property
    def _hashes(self) -> list[int]:
        """Of people who are called by their places."""
        return [hash_of(place) for place in range(len(self.people))]

    def _rows(self, week: int, shape: MeasureShape) -> Iterable[dict[str, Any]]:
        there, part, total, most = (
            Counter[tuple](),
            Counter[tuple](),
            Counter[tuple](),
            Counter[tuple](),
        )
        everybody, some = Counter[tuple](), Counter[tuple]()
        name = shape.name.split("_")[0]
        for person, told in zip(self.people, self._hashes, strict=True):
            if person.level[week] < 0:
                continue
            cell = tuple(person.groups[group] for group in shape.group_by)
            amount = (
                person.events
                if name == "events"
                else person.level[week] > int(name[1:])
            )
            there[cell] += 1
            part[cell] += amount != 0
            everybody[cell] += told
            some[cell] += told if amount else 0
            total[cell] += amount
            most[cell] = max(most[cell], abs(int(amount)))
        for cell in there:
            fingerprints = {
                "numerator_fingerprint": some[cell] % 2**64,
                "denominator_fingerprint": everybody[cell] % 2**64,
            }
            yield {
                "measure": shape.name, "group_by": "+".join(shape.group_by),
                "interval_start": self.intervals[week][0], "interval_end": self.intervals[week][1],
                **dict(zip(shape.group_by, cell, strict=True)),
                "numerator": total[cell], "denominator": there[cell],
                "numerator_patients": part[cell], "denominator_patients": there[cell],
                "numerator_largest": most[cell], "denominator_largest": 1,
                **(fingerprints if self.known else {}),
            }  # fmt: skip

    def structure(self) -> Structure:
        return structure_from(self.structure_json())

    def structure_json(self) -> dict[str, Any]:
        """As a manifest has it."""
        plain = {
            "kind": "people",
            "window": None,
            "people": None,
            "moves_with": ["start", "end"],
        }
        counts: dict[str, Any] = {
            ALL: {**plain, "within": [], "moves_with": list(self.moves)}
        }
        for n in range(self.nested):
            counts[f"n{n}"] = {**plain, "within": [*(f"n{m}" for m in range(n)), ALL]}
        if self.events:
            counts["events"] = {
                **plain,
                "kind": "events",
                "within": [],
                "people": "events/people",
            }
            counts["events/people"] = {**plain, "within": [ALL]}
        return {
            "measures": {shape.name: self._known(shape) for shape in self.shapes},
            "counts": counts,
            "groups": {
                name: {"same_as": name, "moves_with": []} for name in self.groups
            },
        }

    def _known(self, shape: MeasureShape) -> dict[str, Any]:
        name = shape.name.split("_")[0]
        larger = [f"n{m}" for m in range(int(name[1:]))] if name != "events" else []
        return {
            "group_by": list(shape.group_by), "numerator": name, "denominator": ALL,
            "kind": "events" if name == "events" else "people", "denominator_kind": "people",
            "within": [other.name for other in self.shapes if other.name.split("_")[0] in larger],
            "counts": {"numerator": name, "denominator": ALL},
        }  # fmt: skip
