"""Made-up weekly tables for attacking: true counts, plain forms of each policy's rule,
every truth of a small one.

The rules here are written forwards and for tests alone; the auditor reads them
backwards and from elsewhere, and the protector is not asked.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import product
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from measures.counts.columns import COUNTS, KEYS
from measures.counts.types import MeasureShape, RawCounts, raw_schema
from measures.disclosure.control import protect
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.setting import Setting
from tests.lib.structures import structure_from

MONDAY = date(2019, 4, 1)
Interval = tuple[date, date]
Show = Callable[[int], int | None]


class True_(NamedTuple):
    """One row before anything protects it."""

    measure: str
    interval: Interval
    grouping: tuple[str, ...]
    groups: tuple[str | None, ...]
    numerator: int
    denominator: int


class World(NamedTuple):
    """People by their groups: `codes` (people, attributes), `labels` of each attribute,
    in `names`' order.

    `registered` (people, weeks) and `levels` (people, weeks): how many of the nested
    events a person had.
    """

    names: tuple[str, ...]
    labels: tuple[tuple[str | None, ...], ...]
    codes: np.ndarray
    registered: np.ndarray
    levels: np.ndarray


EVENTS = ("tested", "high", "treated")  # each within the one before


def week(number: int) -> Interval:
    start = MONDAY + timedelta(weeks=number)
    return start, start + timedelta(days=6)


def world(
    people: int,
    weeks: int,
    sizes: Sequence[int],
    *,
    seed: int,
    rates: Sequence[float] = (0.12, 0.4, 0.4),
) -> World:
    """`sizes`: categories of each attribute, the first label of each missing, the last
    ones rare.
    """
    dice = np.random.default_rng(seed)
    codes = np.stack([_skewed(dice, people, size) for size in sizes], axis=1)
    labels = tuple((None, *(f"c{i}" for i in range(1, size))) for size in sizes)
    registered = dice.random((people, weeks)) < 0.97
    steps = dice.random((people, weeks, len(rates))) < np.array(rates)
    levels = np.cumprod(steps, axis=2).sum(axis=2)
    return World(
        tuple(f"g{i}" for i in range(len(sizes))), labels, codes, registered, levels
    )


def _skewed(dice: np.random.Generator, people: int, size: int) -> np.ndarray:
    weights = 0.55 ** np.arange(size)
    weights[0] = 0.05  # missing
    return dice.choice(size, people, p=weights / weights.sum())


def one_more(before: World, *, seed: int) -> World:
    """The same people and one who was registered all the time."""
    dice = np.random.default_rng(seed)
    codes = np.array([[dice.integers(len(labels)) for labels in before.labels]])
    levels = dice.integers(0, len(EVENTS) + 1, (1, before.levels.shape[1]))
    return before._replace(
        codes=np.concatenate([before.codes, codes]),
        registered=np.concatenate([before.registered, np.ones_like(levels, bool)]),
        levels=np.concatenate([before.levels, levels]),
    )


def groupings(names: Sequence[str], crossed: bool = False) -> list[tuple[str, ...]]:
    return [(), *((name,) for name in names), *([tuple(names[:2])] if crossed else [])]


def name_of(event: str, grouping: Sequence[str]) -> str:
    return f"{event}_by_{'_'.join(grouping)}" if grouping else event


def weekly(
    people: World,
    events: Sequence[str] = EVENTS,
    *,
    crossed: bool = False,
    span: int = 1,
    step: int = 0,
    suffix: str = "",
) -> list[True_]:
    """True counts. `span`: weeks per interval, in which a person with the event in any
    of them is counted once; `step`: weeks from the start of one to the next.

    `suffix`: of the measures' names, to tell intervals of two lengths apart.
    """
    rows = []
    for first in range(0, people.levels.shape[1] - span + 1, step or span):
        interval = week(first)[0], week(first + span - 1)[1]
        registered = people.registered[:, first : first + span].any(axis=1)
        levels = (people.levels * people.registered)[:, first : first + span].max(
            axis=1
        )
        for grouping in groupings(people.names, crossed):
            places, cells = _cells(people, grouping)
            denominators = np.bincount(places[registered], minlength=len(cells))
            for event in events:
                had = registered & (levels > EVENTS.index(event))
                numerators = np.bincount(places[had], minlength=len(cells))
                rows += [
                    True_(
                        name_of(event, grouping) + suffix,
                        interval,
                        grouping,
                        groups,
                        int(n),
                        int(d),
                    )
                    for groups, n, d in zip(
                        cells, numerators, denominators, strict=True
                    )
                ]
    return rows


def _cells(
    people: World, grouping: Sequence[str]
) -> tuple[np.ndarray, list[tuple[str | None, ...]]]:
    numbers = [people.names.index(name) for name in grouping]
    sizes = [len(people.labels[number]) for number in numbers]
    places = np.zeros(len(people.codes), np.int64)
    for number, size in zip(numbers, sizes, strict=True):
        places = places * size + people.codes[:, number]
    return places, list(product(*(people.labels[number] for number in numbers)))


def structure_of(rows: Iterable[True_]) -> dict:
    """What anybody knows who knows how the rows were made; windows are of one event,
    whoever is registered.
    """
    measures: dict[str, dict] = {}
    for row in rows:
        event = _part(row)
        outer = [name_of(each, row.grouping) for each in EVENTS[: EVENTS.index(event)]]
        measures[row.measure] = {
            "group_by": list(row.grouping),
            "numerator": event,
            "denominator": "registered",
            "kind": "people",
            "denominator_kind": "people",
            "within": outer,
            "counts": {"numerator": event, "denominator": "registered"},
        }
    known = {
        name: each | {"within": [w for w in each["within"] if w in measures]}
        for name, each in measures.items()
    }
    groups = {
        name: {"same_as": name, "moves_with": []}
        for each in measures.values()
        for name in each["group_by"]
    }
    shown = {each["numerator"] for each in measures.values()}
    counts = {
        event: _count_of(event, shown)
        for event in ("registered", *EVENTS)
        if event in {*shown, "registered"}
    }
    return {"measures": known, "counts": counts, "groups": groups}


def _count_of(event: str, shown: set[str]) -> dict:
    """Registered people are those of any day of the interval, so they too only grow
    with it.
    """
    outer = EVENTS[: EVENTS.index(event)] if event in EVENTS else ()
    return {
        "kind": "people",
        "within": [
            *(each for each in outer if each in shown),
            *(["registered"] if event in EVENTS else []),
        ],
        "moves_with": ["start", "end"],
        "window": {"moves_with": [], "alone": True},
        "people": None,
    }


def raw_counts(rows: Sequence[True_]) -> RawCounts:
    """The same as the protector gets them."""
    names = sorted({name for row in rows for name in row.grouping})
    schema = raw_schema(dict.fromkeys(names, pa.string()))
    table = pa.Table.from_pylist([_raw_row(row) for row in rows], schema=schema)
    intervals: dict[tuple, list[Interval]] = defaultdict(list)
    for row in rows:
        if row.interval not in intervals[row.measure, row.grouping]:
            intervals[row.measure, row.grouping].append(row.interval)
    shapes = (
        MeasureShape(name, by, tuple(days), is_proportion=True)
        for (name, by), days in intervals.items()
    )
    return RawCounts(table, tuple(shapes))


def _raw_row(row: True_) -> dict:
    keys = (row.measure, *row.interval, "+".join(row.grouping))
    counts = (
        *(row.numerator, row.denominator) * 2,
        min(row.numerator, 1),
        min(row.denominator, 1),
    )
    return {
        **dict(zip(KEYS, keys, strict=True)),
        **dict(zip(row.grouping, row.groups, strict=True)),
        **dict(zip(COUNTS, counts, strict=True)),
    }


def protected(
    rows: Sequence[True_], policy: str, *, secret: bytes = b"a key for tests"
) -> pa.Table:
    """What the product releases of them, without a ledger."""
    return protect(
        raw_counts(rows),
        policy,
        Setting(structure=structure_from(structure_of(rows)), key=Key(secret)),
    ).table


# the rules, forwards


def nearest(count: int) -> int | None:
    return None if 1 <= count <= 7 else (count + 2) // 5 * 5


def ehrql(count: int) -> int:
    return 0 if count <= 7 else (count + 2) // 5 * 5


def midpoint(count: int) -> int:
    return -(-count // 6) * 6 - 3 if count else 0


def marked(count: int) -> int | None:
    """Small ones marked, all else as it is."""
    return None if 1 <= count <= 7 else count


SHOW: dict[str, Show] = {
    "opensafely": nearest,
    "nhs-digital": nearest,
    "ehrql": ehrql,
    "midpoint6": midpoint,
}


def released(
    rows: Sequence[True_], show: Show, *, raw_ratio: int | None = None
) -> pa.Table:
    """Each count by itself; ratios from what is shown, or from true counts with so many
    decimals.
    """
    shown = [(show(row.numerator), show(row.denominator)) for row in rows]
    if raw_ratio is None:
        return table_of(rows, shown)
    ratios = [
        round(row.numerator / row.denominator, raw_ratio) if row.denominator else None
        for row in rows
    ]
    return table_of(rows, shown, ratios)


def table_of(
    rows: Sequence[True_],
    shown: Sequence[tuple[int | None, int | None]],
    ratios: Sequence[float | None] | None = None,
) -> pa.Table:
    """In the columns of measures.csv."""
    names = sorted({name for row in rows for name in row.grouping})
    quotients = [n / d if n is not None and d else None for n, d in shown]
    columns = {
        "measure": [row.measure for row in rows],
        "interval_start": [row.interval[0] for row in rows],
        "interval_end": [row.interval[1] for row in rows],
        "group_by": ["+".join(row.grouping) for row in rows],
        **{
            name: [
                dict(zip(row.grouping, row.groups, strict=True)).get(name)
                for row in rows
            ]
            for name in names
        },
        "numerator": pa.array([n for n, _ in shown], pa.int64()),
        "denominator": pa.array([d for _, d in shown], pa.int64()),
        "ratio": pa.array(quotients if ratios is None else ratios, pa.float64()),
        "status": ["redacted" if None in pair else "released" for pair in shown],
    }
    return pa.table(
        {
            name: pa.array(v, pa.string()) if name in names else v
            for name, v in columns.items()
        }
    )


def _part(row: True_) -> str:
    return row.measure.removesuffix("_monthly").split("_by_")[0]
