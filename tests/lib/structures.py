"""The structure of a test's counts, written as the manifest has it, as the classes of
it.
"""

from collections.abc import Mapping
from typing import Any

from measures.counts.columns import Part
from measures.counts.structure import (
    Kind,
    KnownAmounts,
    KnownCount,
    KnownGroup,
    KnownMeasure,
    Structure,
    Window,
)


def structure_from(data: Mapping[str, Any]) -> Structure:
    """A group without an `id` goes by the first name of its series; one without
    `labels` has none but the definition's."""
    return Structure(
        measures={name: _measure(each) for name, each in data["measures"].items()},
        counts={name: _count(each) for name, each in data["counts"].items()},
        groups={name: _group(each) for name, each in data["groups"].items()},
    )


def _measure(entry: Mapping[str, Any]) -> KnownMeasure:
    amounts = None
    if "most" in entry:
        amounts = KnownAmounts(places=entry["places"], most=entry["most"])
    return KnownMeasure(
        group_by=tuple(entry["group_by"]),
        series={part: entry[part] for part in Part},
        kinds={
            Part.NUMERATOR: Kind(entry["kind"]),
            Part.DENOMINATOR: Kind(entry["denominator_kind"]),
        },
        within=tuple(entry["within"]),
        counts={part: entry["counts"][part] for part in Part},
        amounts=amounts,
    )


def _count(entry: Mapping[str, Any]) -> KnownCount:
    window = entry["window"]
    if window is not None:
        window = Window(moves_with=tuple(window["moves_with"]), alone=window["alone"])
    return KnownCount(
        kind=Kind(entry["kind"]),
        within=tuple(entry["within"]),
        moves_with=tuple(entry["moves_with"]),
        window=window,
        people=entry["people"],
    )


def _group(entry: Mapping[str, Any]) -> KnownGroup:
    return KnownGroup(
        id=entry.get("id", entry["same_as"]),
        same_as=entry["same_as"],
        moves_with=tuple(entry["moves_with"]),
        labels=frozenset(entry["labels"]) if "labels" in entry else None,
        open=entry.get("open", False),
    )
