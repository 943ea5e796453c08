"""Which rows of a release a reader wants as a table, and how cells read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.errors import ArgumentsError
from measures.counts.columns import Kind
from measures.release.reading import (
    GroupValue,
    ReleasedRow,
    read_manifest,
    released_measures,
    released_rows,
)

# The Government's shorthand for what a cell does not say.
CONFIDENTIAL = "[c]"  # withheld by disclosure control
NOT_APPLICABLE = "[z]"  # cannot be: a rate of nobody, the interval of a mean
NOT_AVAILABLE = "[x]"  # releases of older versions have no intervals
MISSING = "missing"  # a group whose value the records do not have
PER = 1_000


@dataclass(frozen=True)
class Released:
    """A release as tables are made of it."""

    # the name of the study
    study: str
    # whether its records are made up
    made_up: bool
    # what disclosure control did, in words
    rules: tuple[str, ...]
    # all rows, in order
    rows: tuple[ReleasedRow, ...]
    # what the ratio of each measure is; none in a release of an older version
    kinds: Mapping[str, Kind]
    # by measure the ids of its two series, as the manifest has them
    series: Mapping[str, tuple[Any, Any]]

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.measure for row in self.rows))

    def of(self, measure: str) -> tuple[ReleasedRow, ...]:
        return tuple(row for row in self.rows if row.measure == measure)


def read_released(folder: Path) -> Released:
    """Raises ArgumentsError for a folder without a release, CohortflowError as `read_manifest` does."""
    manifest = read_manifest(folder)
    if not manifest:
        raise ArgumentsError(
            f"{folder} holds no release; name the folder moderately_sensitive of a study, or a copy of it."
        )
    known = manifest.get("structure", {}).get("measures", {})
    return Released(
        study=str(manifest.get("study", "")),
        made_up=manifest.get("records", {}).get("kind") == "trial",
        rules=tuple(manifest.get("disclosure", {}).get("rules", ())),
        rows=released_rows(folder),
        kinds={measure.name: measure.kind for measure in released_measures(folder)},
        series={name: (each["numerator"], each["denominator"]) for name, each in known.items()},
    )


def wanted(released: Released, measure: str, by: Sequence[str]) -> str:
    """The measure that counts as `measure` does and is grouped by these groups.

    Without `by` it is the measure itself. Raises ArgumentsError, naming what there is.
    """
    if measure not in released.measures:
        names = ", ".join(released.measures[:10])
        raise ArgumentsError(f"The release has no measure {measure!r}; it has {names}.")
    if not by:
        return measure
    groupings = {name: _grouping(released, name) for name in _alike(released, measure)}
    for name, grouping in groupings.items():
        if grouping == tuple(sorted(by)):
            return name
    known = ", ".join(sorted({"+".join(each) for each in groupings.values() if each})) or "no groups"
    raise ArgumentsError(f"{measure!r} is not released by {'+'.join(sorted(by))}; it is by {known}.")


def _alike(released: Released, measure: str) -> list[str]:
    """The measure, and those of the same two series."""
    mine = released.series.get(measure)
    others = [name for name in released.measures if mine and released.series.get(name) == mine]
    return list(dict.fromkeys([measure, *others]))


def _grouping(released: Released, measure: str) -> tuple[str, ...]:
    return next(row.group_by for row in released.rows if row.measure == measure)


def kind_of(released: Released, measure: str) -> Kind:
    """In a release of an older version, which did not say, a proportion is what most are."""
    return released.kinds.get(measure, Kind.PROPORTION)


def group_text(value: GroupValue) -> str:
    """The value of a group for people."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def ratio_in_words(kind: Kind) -> str:
    return "mean" if kind is Kind.MEAN else f"rate per {PER:,}"


def in_units(value: float, kind: Kind) -> float:
    """A ratio as tables have it; still with three digits."""
    return value if kind is Kind.MEAN else float(f"{value * PER:.3g}")


def why_no_ratio(row: ReleasedRow) -> str:
    """The shorthand where there is no ratio."""
    return NOT_APPLICABLE if row.denominator == 0 else CONFIDENTIAL


def why_no_interval(row: ReleasedRow, kind: Kind, *, has_intervals: bool) -> str:
    """The shorthand where there is no 95 % interval."""
    if kind is Kind.MEAN:
        return NOT_APPLICABLE
    if row.ratio is None:
        return why_no_ratio(row)
    return CONFIDENTIAL if has_intervals else NOT_AVAILABLE
