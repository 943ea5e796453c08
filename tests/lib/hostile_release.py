"""A small release whose groups are called what does harm somewhere."""

from datetime import date
from pathlib import Path

import pyarrow as pa

from measures.counts.gathering import gather
from measures.counts.types import MeasureShape, raw_schema
from measures.disclosure.control import protect
from measures.release.bundle import write_release

WEEKS = ((date(2020, 1, 6), date(2020, 1, 12)), (date(2020, 1, 13), date(2020, 1, 19)))
GROUPS = {"place": pa.string()}
NAMES = (
    '=HYPERLINK("a")',
    "$$counts$$",
    "</table><script>x()</script>",
    r"\input{x} & 50 % _|_",
    None,
)
SHAPES = (
    MeasureShape("bp", (), WEEKS, is_proportion=True),
    MeasureShape("bp_by_place", ("place",), WEEKS, is_proportion=True),
    MeasureShape("weight", (), WEEKS, places=1, most=1_500),
)
SERIES = {"numerator": "n", "denominator": "d"}
MANIFEST = {
    "study": "a_study",
    "records": {"kind": "trial"},
    "structure": {
        "measures": {
            "bp": SERIES,
            "bp_by_place": SERIES,
            "weight": {"numerator": "w", "denominator": "d"},
        }
    },
}


def hostile_release(folder: Path) -> Path:
    """Written under the policy opensafely; the second week of one place is redacted."""
    rows = []
    for week in (0, 1):
        rows.append(_row("bp", week, 250, 1_000))
        rows.append(_row("weight", week, 700_000, 1_000, largest=1_500, people=1_000))
        for place in NAMES:
            few = place is None and week == 1
            rows.append(_row("bp_by_place", week, 3 if few else 50, 200, place=place))
    table = pa.Table.from_pylist(rows, schema=raw_schema(GROUPS))
    write_release(
        protect(gather([table], SHAPES, GROUPS), "opensafely"), folder, MANIFEST
    )
    return folder


def _row(
    measure: str, week: int, numerator: int, denominator: int, **more: object
) -> dict[str, object]:
    groups = {name: more[name] for name in ("place",) if name in more}
    return {
        "measure": measure,
        "interval_start": WEEKS[week][0],
        "interval_end": WEEKS[week][1],
        "group_by": "+".join(groups),
        **groups,
        "numerator": numerator,
        "denominator": denominator,
        "numerator_patients": more.get("people", numerator),
        "denominator_patients": denominator,
        "numerator_largest": more.get("largest", 1),
        "denominator_largest": 1,
    }
