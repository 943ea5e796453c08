"""What protection costs: 166 weeks, 12 groupings, 3 nested measures with one
denominator.

    .venv/bin/python -m tests.benchmarks.protection [--people N] [--weeks N] [--window start|both|none]

`--window` says which ends of the interval the denominator moves with: `none` ties all
weeks into one programme.
"""

import argparse
import time
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from measures.counts.gathering import gather
from measures.counts.types import MeasureShape, RawCounts, raw_schema
from measures.disclosure.control import Protection, protection
from measures.disclosure.memory import setting as settings
from measures.disclosure.memory.keys import PUBLIC
from measures.disclosure.rounding.programme import Programme, Solution, solve
from tests.lib.structures import structure_from

# categories of the groupings, as in the study we ship
SIZES = (2, 2, 2, 2, 2, 2, 5, 5, 6, 7, 9, 9)
SHARES = (0.12, 0.4, 0.5)  # tested; of those high; of those treated
ENDS = {"none": [], "start": ["start"], "both": ["start", "end"]}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=60_000)
    asked.add_argument("--weeks", type=int, default=166)
    asked.add_argument("--window", choices=ENDS, default="start")
    parsed = asked.parse_args()
    raw, structure = made_up(parsed.people, parsed.weeks, ENDS[parsed.window])
    began, clock = time.perf_counter(), _Clock()
    made = protection(
        raw,
        "controlled",
        settings.Setting(structure_from(structure), PUBLIC, solve_all=clock.solve_all),
    )
    wall = time.perf_counter() - began
    print(
        "| rows | programmes | wall s | solving s | worst programme ms | mean error "
        "| mean abs. error | redacted | withheld |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    print(f"| {len(raw.table):,} | {len(clock.seconds)} | {wall:.2f} | {sum(clock.seconds):.2f} "
          f"| {1000 * max(clock.seconds):.0f} | {_errors(raw, made)} | {_withheld(made)} |")  # fmt: skip


class _Clock:
    """Solves one by one, and knows how long each took."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def solve_all(self, programmes: Any) -> list[Solution]:
        return [self._timed(programme) for programme in programmes]

    def _timed(self, programme: Programme) -> Solution:
        began = time.perf_counter()
        solution = solve(programme)
        self.seconds.append(time.perf_counter() - began)
        return solution


def _errors(raw: RawCounts, made: Protection) -> str:
    """Of the numerators that are released; groups that are empty after rounding are
    not.
    """
    released = made.released.table
    names = released.column_names[: released.column_names.index("numerator")]
    truth = dict(
        zip(_places(raw.table, names), raw.table["numerator"].to_pylist(), strict=True)
    )
    shown = list(
        zip(_places(released, names), released["numerator"].to_pylist(), strict=True)
    )
    errors = np.array(
        [count - truth[place] for place, count in shown if count is not None]
    )
    return (
        f"{errors.mean():.2f} | {np.abs(errors).mean():.2f} | "
        f"{1 - len(errors) / len(shown):.0%}"
    )


def _withheld(made: Protection) -> int:
    """Rows of which a count could not be rounded consistently."""
    return sum(
        status == "withheld" for status in made.released.table["status"].to_pylist()
    )


def _places(table: pa.Table, names: list[str]) -> list[tuple]:
    return list(zip(*(table[name].to_pylist() for name in names), strict=True))


def made_up(
    people: int, weeks: int, ends: list[str]
) -> tuple[RawCounts, dict[str, Any]]:
    """Counts of made-up people who come and go, and the structure of their measures."""
    chance = np.random.default_rng(5)
    groups = [np.minimum(chance.geometric(0.4, people), size) - 1 for size in SIZES]
    arrives, leaves = (
        chance.integers(-weeks, weeks, people),
        chance.integers(0, 3 * weeks, people),
    )
    hashes = chance.integers(0, 2**64, people, dtype=np.uint64)
    tables = []
    intervals = [
        (date(2019, 4, 1) + timedelta(7 * w), date(2019, 4, 7) + timedelta(7 * w))
        for w in range(weeks)
    ]
    for week, interval in enumerate(intervals):
        there = (arrives <= week) & (leaves > week) if ends else np.ones(people, bool)
        flags = _nested(there, chance)
        tables.append(_week(interval, groups, there, flags, hashes))
    names = [f"g{number}" for number in range(len(SIZES))]
    shapes = [
        MeasureShape(f"n{n}_{g}", (g,) if g else (), tuple(intervals), is_proportion=True)
        for n in range(len(SHARES)) for g in ("", *names)
    ]  # fmt: skip
    return gather(tables, shapes, dict.fromkeys(names, pa.int64())), structure_of(
        shapes, ends
    )


def _nested(there: np.ndarray, chance: np.random.Generator) -> list[np.ndarray]:
    flags, inside = [], there
    for share in SHARES:
        inside = inside & (chance.random(len(there)) < share)
        flags.append(inside)
    return flags


def _week(
    interval: tuple[date, date],
    groups: list[np.ndarray],
    there: np.ndarray,
    flags: list[np.ndarray],
    hashes: np.ndarray,
) -> pa.Table:
    rows = []
    for n, flag in enumerate(flags):
        for g, group in [
            ("", np.zeros(len(there), int)),
            *((f"g{i}", group) for i, group in enumerate(groups)),
        ]:
            tops, bottoms = (
                np.bincount(group[mask], minlength=group.max() + 1)
                for mask in (flag, there)
            )
            sets = [_fingerprints(group, mask, hashes) for mask in (flag, there)]
            counts = zip(tops.tolist(), bottoms.tolist(), *sets, strict=True)
            for value, (top, bottom, top_people, bottom_people) in enumerate(counts):
                rows.append({
                    "measure": f"n{n}_{g}", "interval_start": interval[0], "interval_end": interval[1], "group_by": g,
                    **({g: value} if g else {}), "numerator": top, "denominator": bottom,
                    "numerator_patients": top, "denominator_patients": bottom,
                    "numerator_fingerprint": top_people, "denominator_fingerprint": bottom_people,
                })  # fmt: skip
    return pa.Table.from_pylist(
        rows, schema=raw_schema({f"g{i}": pa.int64() for i in range(len(groups))})
    )


def _fingerprints(group: np.ndarray, mask: np.ndarray, hashes: np.ndarray) -> list[int]:
    """The sum of the hashes in each group, modulo 2^64; in halves, which floats add up
    exactly.
    """
    low, high = (
        np.bincount(group[mask], weights=half[mask], minlength=group.max() + 1).astype(
            np.uint64
        )
        for half in (hashes & np.uint64(2**32 - 1), hashes >> np.uint64(32))
    )
    return (low + (high << np.uint64(32))).tolist()


def structure_of(shapes: list[MeasureShape], ends: list[str]) -> dict[str, Any]:
    """As `measures.counts.structure` would say it of nested numerators `n0`, `n1` …
    within one denominator.
    """
    numbers = {shape.name: int(shape.name[1:].split("_")[0]) for shape in shapes}
    counts = {
        f"count{n}": [f"count{m}" for m in range(n)] + ["all"]
        for n in set(numbers.values())
    }
    plain = {"kind": "people", "window": None, "people": None}
    return {
        "measures": {
            s.name: {
                "group_by": list(s.group_by), "numerator": f"n{numbers[s.name]}", "denominator": "all",
                "kind": "people", "denominator_kind": "people",
                "within": [o.name for o in shapes if numbers[o.name] < numbers[s.name]],
                "counts": {"numerator": f"count{numbers[s.name]}", "denominator": "all"},
            }
            for s in shapes
        },
        "counts": {
            "all": {**plain, "within": [], "moves_with": ends},
            **{name: {**plain, "within": within, "moves_with": ["start", "end"]} for name, within in counts.items()},
        },
        "groups": {g: {"same_as": g, "moves_with": ends} for s in shapes for g in s.group_by},
    }  # fmt: skip


if __name__ == "__main__":
    main()
