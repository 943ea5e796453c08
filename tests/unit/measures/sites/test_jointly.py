"""The sums beside what the sites have released themselves: what both give away, by
trying all and by the auditor.
"""

from datetime import date
from itertools import product
from typing import Any

import pyarrow as pa
import pytest

from measures.disclosure.audit import Audit, audit
from measures.sites.jointly import SITE, joint_structure, joint_table, without_row

DAYS = {"interval_start": date(2020, 1, 6), "interval_end": date(2020, 1, 12)}
STRUCTURE: dict[str, Any] = {
    "measures": {
        "n": {
            "group_by": [], "numerator": "n", "denominator": "d", "kind": "people", "denominator_kind": "people",
            "within": [], "counts": {"numerator": "n", "denominator": "d"},
        },
    },
    "counts": {
        "n": {"kind": "people", "within": ["d"], "moves_with": ["start"], "window": None, "people": None},
        "d": {"kind": "people", "within": [], "moves_with": ["start"], "window": None, "people": None},
    },
    "groups": {},
}  # fmt: skip


def released(numerator: int | None, denominator: int | None) -> pa.Table:
    row = {
        "measure": "n",
        **DAYS,
        "group_by": "",
        "numerator": numerator,
        "denominator": denominator,
    }
    ratios = dict.fromkeys(("ratio", "ratio_at_least", "ratio_at_most"))
    schema = pa.schema([
        ("measure", pa.string()), ("interval_start", pa.date32()), ("interval_end", pa.date32()),
        ("group_by", pa.string()), ("numerator", pa.int64()), ("denominator", pa.int64()),
        *((name, pa.float64()) for name in ratios), ("status", pa.string()),
    ])  # fmt: skip
    return pa.Table.from_pylist(
        [{**row, **ratios, "status": "released"}], schema=schema
    )


def attacked(total: pa.Table, sites: dict[str, pa.Table]) -> Audit:
    structure = joint_structure(STRUCTURE, list(sites))
    return audit(
        [joint_table(total, sites)],
        structure,
        "controlled",
        settings={"width": 8},
        whole=False,
    )


def left_of_one(total: int, shown: list[int]) -> int:
    """How many counts of the first site are possible, tried one by one."""
    ranges = [range(each - 9, each + 10) for each in shown]
    return len(
        {counts[0] for counts in product(*ranges) if abs(sum(counts) - total) <= 9}
    )


@pytest.mark.parametrize("total, shown, left", [
    (200, [100] * 2, 19), (220, [100] * 2, 8), (300, [100] * 3, 19), (330, [100] * 3, 7), (440, [100] * 4, 6),
])  # fmt: skip
def test_what_is_left_of_a_site_by_trying_all(total, shown, left):
    """The third: 103 to 109 at each site are possible. Each release by itself leaves
    ten values at least.
    """
    assert left_of_one(total, shown) == left
    sites = {f"s{n}": released(500, 1000 + each) for n, each in enumerate(shown)}
    sums = released(500 * len(shown), 1000 * len(shown) + total)
    found = attacked(sums, sites)
    assert found.passed == (left >= 8)
    assert found.narrowest == left or not found.narrowest_is_exact


def test_nine_sites_can_be_known_exactly():
    shown = [100] * 9
    sites = {f"s{n}": released(500, each) for n, each in enumerate(shown)}
    assert not attacked(released(4500, 990), sites).passed


def test_a_site_without_a_row_is_unknown_and_not_zero():
    sites = {"a": released(500, 1000), "b": released(500, 1000).slice(0, 0)}
    found = attacked(released(1500, 3000), sites)
    assert found.passed and not found.contradictions
    assert list(without_row(released(1500, 3000), sites)) == [{"groups": {SITE: "b"}}]
