"""Sums of released counts: what is known of them, against paper and against the true
sums.
"""

from datetime import date
from math import sqrt
from pathlib import Path
from typing import Any

import pytest

from measures.counts.columns import PARTS, Part
from measures.counts.types import MeasureShape
from measures.disclosure.control import summed
from measures.disclosure.policies import POLICIES, WITH_NUMBERS
from measures.release.reading import ReleasedRow
from measures.release.wide import wide
from measures.sites.adding import Added, Known, Rules, added, known_of, together
from measures.sites.bundles import SiteRelease, read_site
from tests.lib.people_counts import CountsOf
from tests.lib.site_releases import drawn, release_site

CONTROLLED = Rules(most_redacted=19, least_denominator=100)


class Site:
    """What the addition asks of a site: here everything counts people, and may be 9
    off.
    """

    name = "b"

    def __init__(self, people=True):
        self._people = people

    def counts_people(self, measure, part):
        return self._people

    @property
    def measures(self):
        return {
            "bp": type(
                "Measure", (), {"numerator_off": (9, 9), "denominator_off": (9, 9)}
            )
        }


def row(numerator, denominator, status="released"):
    day = date(2020, 1, 6)
    ratios = dict.fromkeys(
        ("ratio", "ratio_at_least", "ratio_at_most", "ci_low", "ci_high")
    )
    return ReleasedRow(
        "bp",
        day,
        day,
        (),
        (),
        numerator=numerator,
        denominator=denominator,
        status=status,
        **ratios,
    )


@pytest.mark.parametrize("of, people, known", [
    (row(500, 1000), True, (500, 491, 509)),
    (row(20, 1000), True, (20, 11, 29)),
    (row(None, 1000, "redacted"), True, (None, 0, 19)),
    (row(None, 1000, "withheld"), True, (None, 0, None)),
    (None, True, (None, 0, None)),  # no row is not zero
    (row(-20, 1000), False, (-20, -29, -11)),
    (row(None, 1000, "redacted"), False, (None, None, None)),
    (None, False, (None, None, None)),
])  # fmt: skip
def test_what_one_site_says_of_a_count(of, people, known):
    site: Any = Site(people)
    assert known_of(of, Part.NUMERATOR, "bp", site, CONTROLLED) == known


def test_what_is_known_of_a_sum_by_paper():
    shown, redacted, withheld = (
        Known(500, 491, 509),
        Known(None, 0, 19),
        Known(None, 0, None),
    )
    assert together([shown, shown]) == (1000, 982, 1018)
    assert together([shown, redacted]) == (None, 491, 528)
    assert together([redacted, redacted]) == (None, 0, 38)
    assert together([shown, withheld]) == (None, 491, None)
    assert together([shown, Known(None, None, None)]) == (None, None, None)


# Against the true sums ----------------------------------------------------------------

POLICY_NAMES = ("controlled", "opensafely", "nhs-digital", "midpoint6")


def sums_of(
    folder: Path, counts: dict[str, CountsOf], policies: dict
) -> tuple[Added, list[SiteRelease]]:
    sites = [
        read_site(name, release_site(folder / name, counts[name], policies[name]))
        for name in counts
    ]
    rules = []
    for policy in policies.values():
        most = max((number for _, number in policy.withheld_most), default=None)
        rules.append(
            Rules(most_redacted=most, least_denominator=policy.least_denominator)
        )
    return added(sites, rules), sites


def true_sums(counts: dict[str, CountsOf]) -> dict[tuple, list[int]]:
    found: dict[tuple, list[int]] = {}
    for each in counts.values():
        raw = each.raw()
        for line in raw.table.to_pylist():
            names = tuple(name for name in line["group_by"].split("+") if name)
            key = (
                line["measure"],
                line["interval_start"],
                tuple(line[name] for name in names),
            )
            total = found.setdefault(key, [0, 0])
            total[0] += line["numerator"]
            total[1] += line["denominator"]
    return found


@pytest.mark.parametrize("policy", POLICY_NAMES)
@pytest.mark.parametrize("sizes", [(60, 90), (400, 37, 800)])
def test_every_true_sum_is_in_its_range(tmp_path, policy, sizes):
    counts = {f"s{n}": drawn(size, n, events=True) for n, size in enumerate(sizes)}
    sums, sites = sums_of(tmp_path, counts, dict.fromkeys(counts, POLICIES[policy]))
    truth = true_sums(counts)
    groups = list(sites[0].groups)
    table, ranges = sums.table.to_pylist(), sums.ranges.to_pylist()
    assert len(table) == len(
        set().union(
            *({(r.measure, r.interval_start, r.group) for r in s.rows} for s in sites)
        )
    )
    bounded = 0
    for line, known in zip(table, ranges, strict=True):
        names = [name for name in line["group_by"].split("+") if name]
        assert set(names) <= set(groups)
        true = dict(
            zip(
                PARTS,
                truth[
                    line["measure"],
                    line["interval_start"],
                    tuple(line[n] for n in names),
                ],
                strict=True,
            )
        )
        for part in PARTS:
            low, high = known[f"{part}_at_least"], known[f"{part}_at_most"]
            assert low is None or low <= true[part]
            assert high is None or true[part] <= high
            bounded += high is not None
        if line["ratio"] is not None:
            assert (
                line["ratio_at_least"]
                <= true[Part.NUMERATOR] / true[Part.DENOMINATOR]
                <= line["ratio_at_most"]
            )
    assert bounded > len(table) / 2


def test_sums_are_those_of_the_shown_counts_and_nothing_is_silently_zero(tmp_path):
    counts = {"a": drawn(500, 1), "b": drawn(20, 2)}
    sums, sites = sums_of(
        tmp_path, counts, dict.fromkeys(counts, POLICIES["controlled"])
    )
    rows = [
        {(r.measure, r.interval_start, r.group): r for r in site.rows} for site in sites
    ]
    absent = 0
    for line, said in zip(sums.table.to_pylist(), sums.said.to_pylist(), strict=True):
        names = [name for name in line["group_by"].split("+") if name]
        each = [
            of.get(
                (line["measure"], line["interval_start"], tuple(line[n] for n in names))
            )
            for of in rows
        ]
        for part in PARTS:
            shown: list[Any] = [getattr(row, part) if row else None for row in each]
            assert line[part] == (None if None in shown else sum(shown))
            assert (said[f"{part}_not_shown"] is None) == (None not in shown)
        if None in each:
            absent += 1
            assert (
                "no row at b" in said["denominator_not_shown"]
                and said["denominator_at_most"] is None
            )
            assert line["status"] == "withheld"
    assert absent > 0


def test_sites_may_have_rules_of_their_own(tmp_path):
    counts = {"a": drawn(300, 1), "b": drawn(300, 2)}
    policies = {"a": POLICIES["controlled"], "b": WITH_NUMBERS["controlled"](9, 20)}
    sums, _ = sums_of(tmp_path, counts, policies)
    total = sums.ranges.to_pylist()[0]
    shown = sums.table.to_pylist()[0]["denominator"]
    assert (total["denominator_at_least"], total["denominator_at_most"]) == (
        shown - 28,
        shown + 28,
    )


def wilson(n: int, d: int) -> tuple[float, float]:
    z, rate = 1.96, n / d
    middle = rate + z**2 / 2 / d
    spread = z * sqrt(rate * (1 - rate) / d + z**2 / 4 / d**2)
    return (middle - spread) / (1 + z**2 / d), (middle + spread) / (1 + z**2 / d)


def test_intervals_hold_those_of_every_possible_pair(tmp_path):
    """Wilson's interval of each pair of true counts that are released so, computed here
    one by one.
    """
    counts = {"a": drawn(150, 1), "b": drawn(160, 2)}
    sums, sites = sums_of(
        tmp_path, counts, dict.fromkeys(counts, POLICIES["controlled"])
    )
    shape = MeasureShape(
        "n0", (), tuple(sites[0].intervals()["n0"]), is_proportion=True
    )
    shapes = [
        shape,
        *(
            MeasureShape(f"n0_{g}", (g,), shape.intervals, is_proportion=True)
            for g in ("age", "sex")
        ),
    ]
    made = summed(
        sums.table,
        sums.reasons,
        sums.ranges,
        measures=shapes,
        policy="controlled",
        base=10,
        rules=(),
        notes={},
    )
    line = next(
        line
        for line in wide(made).table.to_pylist()
        if line["measure"] == "n0" and line["ratio"]
    )
    lows, highs = [], []
    for n in range(line["numerator"] - 18, line["numerator"] + 19):
        for d in range(line["denominator"] - 18, line["denominator"] + 19):
            low, high = wilson(n, d)
            lows.append(low)
            highs.append(high)
    assert line["ci_low"] == pytest.approx(min(lows), rel=0.01)
    assert line["ci_high"] == pytest.approx(max(highs), rel=0.01)
