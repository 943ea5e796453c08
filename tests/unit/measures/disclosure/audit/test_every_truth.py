"""The auditor's ranges against those of all truths of hundreds of small tables, tried
one by one.
"""

import numpy as np
import pytest

from measures.disclosure.audit import bounds_of
from measures.disclosure.audit.knowledge import Change
from measures.disclosure.audit.reading.names import REST
from measures.disclosure.audit.reading.rows import rows_of
from measures.disclosure.audit.rules import rule_of
from tests.lib import attack_tables as made
from tests.lib import every_truth as every

THRESHOLD = 2
FITS = {
    "controlled": lambda x, p: x < 4 if p is None else abs(p - x) < 2,
    "opensafely": lambda x, p: (
        1 <= x <= 2 if p is None else (x == 0 or x > 2) and (x + 1) // 3 * 3 == p
    ),
    "ehrql": lambda x, p: p == (0 if x <= 2 else (x + 1) // 3 * 3),
    "midpoint6": lambda x, p: p == (-(-x // 3) * 3 - 1 if x else 0),
}
BASES = {"controlled": 2, "opensafely": 3, "ehrql": 3, "midpoint6": 3}
TABLES = {
    "star": [(), ("g0",), ("g1",)],
    "no total": [("g0",), ("g1",)],
    "crossed": [(), ("g0",), ("g0", "g1")],
    "crossed, star": [("g0", "g1"), ("g2",)],
    "common margin": [("g0", "g1"), ("g0", "g2")],
}


def show(policy, count, dice):
    """Forwards, count by count; the controlled one up or down by a coin."""
    if policy == "controlled":
        shown = count + count % 2 * int(dice.choice([-1, 1]))
        return None if shown <= 2 else shown
    hits = [p for p in (None, *range(60)) if FITS[policy](count, p)]
    return hits[0]


def true_rows(seed, tables, events):
    people = made.world(
        int(np.random.default_rng(seed).integers(0, 16)),
        1,
        (2, 2, 2),
        seed=seed,
        rates=(0.5, 0.6),
    )
    return people, rows_of_world(people, tables, events)


def rows_of_world(people, tables, events):
    rows = made.weekly(people, events)
    extra = [g for g in tables if len(g) > 1]
    for grouping in extra:
        places, cells = made._cells(people, grouping)
        for event in events:
            had = people.registered[:, 0] & (
                people.levels[:, 0] > made.EVENTS.index(event)
            )
            n, d = (
                np.bincount(places[w], minlength=len(cells))
                for w in (had, people.registered[:, 0])
            )
            name = made.name_of(event, grouping)
            rows += [
                made.True_(name, made.week(0), grouping, g, int(a), int(b))
                for g, a, b in zip(cells, n, d, strict=True)
            ]
    return [row for row in rows if row.grouping in tables]


def shown_rows(rows, policy, dice):
    """One shown number for each count, whichever measure shows it."""
    shown: dict = {}
    for row in rows:
        for key, count in (
            (("", *row[2:4]), row.denominator),
            ((event_of(row), *row[2:4]), row.numerator),
        ):
            if key not in shown:
                shown[key] = show(policy, count, dice)
    return [(shown[event_of(row), *row[2:4]], shown["", *row[2:4]]) for row in rows]


def event_of(row):
    return row.measure.split("_by_")[0]


def all_truths(release, rows, shown, policy, events):
    """Every truth of one release; points of the denominator joined with those of each
    numerator.
    """
    cells = every.cells_of(rows)
    seen = {(part, row[2:4]): value for row, pair in zip(rows, shown, strict=True)
            for part, value in ((event_of(row), pair[0]), ("", pair[1]))}  # fmt: skip
    points = None
    for part in ("", *events):
        mine = {cell: value for (which, cell), value in seen.items() if which == part}
        one = every.truths_of_part(release, part, mine, cells, 24, FITS[policy])
        outer = ("", *events)[max(0, ("", *events).index(part) - 1)]
        points = (
            one
            if points is None
            else every.joined(points, one, every.within(part, outer))
        )
    return points


def ranges_by_audit(tables, structure, policy):
    rule = rule_of(policy, {"threshold": THRESHOLD, "base": BASES[policy]})
    # equal numbers of two releases are two counts here
    rule = rule.__class__(**{**rule.__dict__, "strict": False})
    found = bounds_of(
        [rows_of(table) for table in tables], structure, rule, Change(), exhaustive=True
    )
    assert not found.contradictions
    assert all(each.exact for each in found.bounded)
    ranges = {}
    for each in found.bounded:
        event = each.place.measure.split("_by_")[0]
        part = "" if each.place.quantity == "denominator" else event
        name = each.place.release, part, tuple(each.place.cell)
        ranges[name, "rest" if each.place.quantity == REST else "count"] = (
            each.low,
            each.high,
        )
    return ranges


def ranges_by_trying(points, events):
    return {
        (name, what): (low, high)
        for name, what, low, high in every.ranges(points, [(e, "") for e in events])
    }


def check(seed, policy, tables, reruns=False):
    dice = np.random.default_rng(seed)
    events = made.EVENTS[: 1 + int(dice.integers(2)) * (not reruns)]
    people, rows = true_rows(seed, tables, events)
    releases = (
        [rows, rows_of_world(made.one_more(people, seed=seed), tables, events)]
        if reruns
        else [rows]
    )
    shown = [shown_rows(each, policy, dice) for each in releases]
    points = [
        all_truths(number, *pair, policy, events)
        for number, pair in enumerate(zip(releases, shown, strict=True))
    ]
    together = (
        every.joined(points[0], points[1], every.one_more) if reruns else points[0]
    )
    got = ranges_by_audit(
        [made.table_of(*pair) for pair in zip(releases, shown, strict=True)],
        made.structure_of(rows),
        policy,
    )
    want = ranges_by_trying(together, events)
    assert got == want
    return len(want)


@pytest.mark.parametrize("tables", TABLES.values(), ids=list(TABLES))
@pytest.mark.parametrize("policy", FITS)
def test_ranges_are_those_of_all_truths(policy, tables):
    checked = 0
    for seed in range(40):
        try:
            checked += check(seed, policy, tables) > 0
        except every.TooMany:
            continue
    assert checked >= 15


@pytest.mark.parametrize("policy", FITS)
def test_ranges_of_a_rerun_are_those_of_all_pairs_of_truths(policy):
    checked = 0
    for seed in range(60):
        try:
            checked += check(seed, policy, TABLES["star"], reruns=True) > 0
        except every.TooMany:
            continue
    assert checked >= 15
