"""A release of areas that are large enough for a funnel, and of some that are not."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from measures.counts.gathering import gather
from measures.counts.types import MeasureShape, raw_schema
from measures.disclosure.control import protect
from measures.release.bundle import write_release
from measures.release.report.making import write_report

MONTHS = ((date(2021, 1, 1), date(2021, 1, 31)), (date(2021, 2, 1), date(2021, 2, 28)))
# area -> counted and people, as they truly are in the last month; one per cent is usual
AREAS: dict[str | None, tuple[int, int]] = {
    "Avon": (163, 16_020),
    "Black Country": (312, 31_007),
    "Cornwall": (118, 11_950),
    "Devon": (402, 24_010),
    "Essex": (204, 20_330),
    "Frimley": (181, 17_480),
    "Gloucestershire": (127, 12_810),
    "Hampshire": (291, 28_760),
    "Kent": (268, 35_020),
    "Lincolnshire": (149, 14_470),
    "Norfolk": (171, 16_900),
    "Isle of few": (40, 3_950),
    "Isle of none": (3, 900),
    None: (250, 20_000),
}
SMALL = ("Isle of few", "Isle of none", None)


def varied_by_area(count: int, place: int) -> int:
    """A third less, the same and a third more, in turn."""
    return round(count * (0.67, 1, 1.33)[place % 3])


def counted_by_month(month: int) -> dict[str | None, tuple[int, int]]:
    """In the first month hardly any area is large enough."""
    if month == 1:
        return AREAS
    return {area: (count // 4, people) for area, (count, people) in AREAS.items()}


def rows(*, varied: bool = False) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for month, interval in enumerate(MONTHS):
        counts = counted_by_month(month)
        if varied:
            counts = {
                area: (varied_by_area(count, place), people)
                for place, (area, (count, people)) in enumerate(counts.items())
            }
        for area, (count, people) in counts.items():
            found.append(_row("seen_by_area", interval, count, people, area=area))
        total, everybody = (sum(each) for each in zip(*counts.values(), strict=True))
        found.append(_row("seen", interval, total, everybody))
    return found


def _row(
    measure: str,
    interval: tuple[date, date],
    numerator: int,
    denominator: int,
    **groups: Any,
) -> dict[str, Any]:
    return {
        "measure": measure,
        "interval_start": interval[0],
        "interval_end": interval[1],
        "group_by": "+".join(groups),
        **groups,
        "numerator": numerator,
        "denominator": denominator,
        "numerator_patients": numerator,
        "denominator_patients": denominator,
    }


def write_units(
    folder: Path, *, events: bool = False, varied: bool = False, **said: Any
) -> Path:
    """A release in a folder, with its page.

    `events`: its rates are of events. `varied`: its areas differ by more than chance.
    `said`: of the measure by area.
    """
    groups = {"area": pa.string()}
    shapes = [
        MeasureShape("seen", (), MONTHS, is_proportion=not events),
        MeasureShape("seen_by_area", ("area",), MONTHS, is_proportion=not events),
    ]
    table = pa.Table.from_pylist(rows(varied=varied), schema=raw_schema(groups))
    words = {"funnel": True, "ranks": True, **said}
    described = {
        "title": "Seen by area",
        "groups": {"area": {"title": "area"}},
        "measures": {"seen": {"title": "People seen"}, "seen_by_area": words},
    }
    measures = [
        {
            "name": shape.name,
            "family": 0,
            "mean": False,
            "numerator": "people seen",
            "denominator": "people there",
            "groups": {name: f"{name} in patients" for name in shape.group_by},
        }
        for shape in shapes
    ]
    write_release(
        protect(gather([table], shapes, groups), "opensafely"),
        folder,
        {
            "study": "areas",
            "definition": "cd" * 32,
            "records": {"kind": "trial", "fingerprint": "12ab"},
        },
        audit={"passed": True, "summary": []},
        asked={
            "measures": measures,
            "codelists": [],
            "definition": [],
            "described": described,
        },
        report=partial(write_report, kept=folder.parent / "drawings"),
    )
    return folder
