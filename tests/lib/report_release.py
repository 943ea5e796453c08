"""Small releases with a page, for tests that look at it: everything a page can show,
and hostile names.
"""

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from measures.counts.gathering import gather
from measures.counts.types import MeasureShape, raw_schema
from measures.disclosure.control import protect
from measures.release.bundle import write_release
from measures.release.report.making import write_report

WEEKS = tuple(
    (date(2020, 1, 6) + timedelta(7 * n), date(2020, 1, 12) + timedelta(7 * n))
    for n in range(60)
)
WHOLE = ((WEEKS[0][0], WEEKS[-1][1]),)
REGIONS = ("East", "London", "Nowhere", None)
RAW = 7_654_321  # a true count that no file may show
GROUPS = {"region": pa.string(), "frail": pa.bool_(), "uses": pa.string()}


def shapes() -> tuple[MeasureShape, ...]:
    return (
        MeasureShape("seen", (), WEEKS, is_proportion=True),
        MeasureShape("seen_by_region", ("region",), WEEKS, is_proportion=True),
        MeasureShape("seen_by_frail", ("frail",), WEEKS, is_proportion=True),
        MeasureShape("events", (), WEEKS),
        MeasureShape("uses", ("uses",), WHOLE, is_proportion=True),
    )


def _row(
    measure: str,
    interval: tuple[date, date],
    numerator: int,
    denominator: int,
    **groups: Any,
) -> dict[str, Any]:
    people = {
        "numerator_patients": min(numerator, denominator),
        "denominator_patients": denominator,
    }
    counts = {"numerator": numerator, "denominator": denominator, **people}
    keys = {
        "measure": measure,
        "interval_start": interval[0],
        "interval_end": interval[1],
    }
    return {**keys, "group_by": "+".join(sorted(groups)), **groups, **counts}


def rows(regions: tuple[str | None, ...] = REGIONS) -> list[dict[str, Any]]:
    """A rise with gaps: some weeks alone, some between two that are withheld, one group
    in no week at all.
    """
    found: list[dict[str, Any]] = []
    for number, week in enumerate(WEEKS):
        by_region = []
        for place, region in enumerate(regions):
            count = 40 + 3 * number + 17 * place
            if place == 1 and number % 7 in (0, 2, 3, 5):
                count = 3
            if place == 2:
                count = 2
            by_region.append((count, 2_000 + 100 * place + number))
            found.append(_row("seen_by_region", week, *by_region[-1], region=region))
        total, people = (sum(each) for each in zip(*by_region, strict=True))
        found.append(_row("seen", week, total, people))
        found.append(_row("seen_by_frail", week, total - 30, people - 500, frail=False))
        found.append(_row("seen_by_frail", week, 30, 500, frail=True))
        found.append(
            _row(
                "events",
                week,
                RAW if number == 5 else 3 * total,
                people if number != 5 else RAW + 11,
            )
        )
    for band, people in (("0", 7_000), ("1 to 5", 900), ("6 or more", 4)):
        found.append(_row("uses", WHOLE[0], people, people, uses=band))
    return found


def described(**more: Any) -> dict[str, Any]:
    """What an author may say."""
    return {
        "title": "Seen at home",
        "sentence": "How many people were seen at home.",
        "headline": ["seen", "events"],
        "phases": [
            ["2020-03-26", "2020-05-12", "1st lockdown"],
            ["2020-11-05", "2020-12-02", "2nd lockdown"],
        ],
        "groups": {
            "region": {
                "title": "region of the practice",
                "sentence": "Where the practice is.",
            }
        },
        "measures": {
            "seen": {
                "title": "People seen",
                "sentence": "Seen in the week.",
                "per": 1000,
                "unit": "per 1,000 people",
                "baseline": "2020-01-06",
                "compare": ["2020-06-29", "2021-01-04"],
                "spc": True,
            },
        },
        **more,
    }


def asked(said: dict[str, Any]) -> dict[str, Any]:
    families = {
        "seen": 0,
        "seen_by_region": 0,
        "seen_by_frail": 0,
        "events": 1,
        "uses": 2,
    }
    measures = [
        {
            "name": shape.name,
            "family": families[shape.name],
            "mean": False,
            "numerator": f"people for whom {shape.name.partition('_')[0]} is known",
            "denominator": "people for whom there is a row in the table patients",
            "groups": {name: f"{name} in patients" for name in shape.group_by},
        }
        for shape in shapes()
    ]
    return {
        "measures": measures,
        "codelists": [{"name": "codelists/seen.csv", "codes": 12, "sha256": "ab" * 32}],
        "definition": [
            {
                "name": "definition.py",
                "text": "from measures import create_measures\n# <b>no</b>\n",
            }
        ],
        "described": said,
    }


def write(
    folder: Path,
    *,
    said: dict[str, Any] | None = None,
    regions: tuple[str | None, ...] = REGIONS,
    made_up: bool = True,
    report: bool = True,
) -> Path:
    """A release in a folder, with its page."""
    table = pa.Table.from_pylist(rows(regions), schema=raw_schema(GROUPS))
    released = protect(gather([table], shapes(), GROUPS), "opensafely")
    kind = "trial" if made_up else "parquet"
    manifest = {
        "study": "seen",
        "definition": "cd" * 32,
        "records": {"kind": kind, "fingerprint": "12ab"},
        "versions": {"cohortflow": "0.0", "python": "3"},
    }
    kept = folder.parent / "drawings"
    audit = {
        "passed": True,
        "summary": ["Attacked 10 counts."],
        "bound": {"not_together": ["Not looked at."]},
    }
    write_release(
        released,
        folder,
        manifest,
        audit=audit,
        asked=asked(described() if said is None else said),
        report=partial(write_report, kept=kept) if report else None,
    )
    return folder
