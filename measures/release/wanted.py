"""Which rows of a release a reader wants as a table, and how cells read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from extractors.errors import ArgumentsError
from measures.counts.columns import Kind
from measures.release.reading import (
    GroupValue,
    ReleasedRow,
    read_asked,
    read_manifest,
    released_measures,
    released_rows,
)
from measures.release.words import StudyWords, Unit, shared_unit, study_words

# The Government's shorthand for what a cell does not say.
CONFIDENTIAL = "[c]"  # withheld by disclosure control
NOT_APPLICABLE = "[z]"  # cannot be: a rate of no people, the interval of a mean
NOT_AVAILABLE = "[x]"  # releases of older versions have no intervals
MISSING = "missing"  # a group whose value the records do not have


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
    # what the author says of the study, its measures and groups
    words: StudyWords = StudyWords()
    # measures of one number ask the same question; none in a release that does not say
    # it
    families: Mapping[str, int] = field(default_factory=dict)

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.measure for row in self.rows))

    def of(self, measure: str) -> tuple[ReleasedRow, ...]:
        return tuple(row for row in self.rows if row.measure == measure)


def read_released(folder: Path) -> Released:
    """Raises ArgumentsError for a folder without a release, CohortflowError as
    `read_manifest` does.
    """
    manifest = read_manifest(folder)
    if not manifest:
        raise ArgumentsError(
            "The folder holds no release; name the folder moderately_sensitive of a "
            "study, or a copy of it"
            f": {folder}"
        )
    known, said = manifest.get("structure", {}).get("measures", {}), read_asked(folder)
    return Released(
        study=str(manifest.get("study", "")),
        made_up=manifest.get("records", {}).get("kind") == "trial",
        rules=tuple(manifest.get("disclosure", {}).get("rules", ())),
        rows=released_rows(folder),
        kinds={measure.name: measure.kind for measure in released_measures(folder)},
        series={
            name: (each["numerator"], each["denominator"])
            for name, each in known.items()
        },
        words=study_words(said.get("described", {})),
        families={each["name"]: each["family"] for each in said.get("measures", ())},
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
    known = (
        ", ".join(sorted({"+".join(each) for each in groupings.values() if each}))
        or "no groups"
    )
    raise ArgumentsError(
        f"{measure!r} is not released by {'+'.join(sorted(by))}; it is by {known}."
    )


def _alike(released: Released, measure: str) -> list[str]:
    """The measure, and those of the same two series."""
    mine = released.series.get(measure)
    others = []
    for name in released.measures:
        if mine and released.series.get(name) == mine:
            others.append(name)
    return list(dict.fromkeys([measure, *others]))


def _grouping(released: Released, measure: str) -> tuple[str, ...]:
    return next(row.group_by for row in released.rows if row.measure == measure)


def kind_of(released: Released, measure: str) -> Kind:
    """In a release of an older version, which did not say, a proportion is what most
    are.
    """
    return released.kinds.get(measure, Kind.PROPORTION)


def title_of(released: Released, measure: str) -> str:
    """The author's title of a measure, or of the total of its family; else its name."""
    words = released.words.of(measure)
    return words.title or released.words.of(_total(released, measure)).title or measure


def group_title(released: Released, name: str) -> str:
    return released.words.group(name).title or name


def group_text(released: Released, name: str, value: GroupValue) -> str:
    """The value of a group for people."""
    return released.words.value_label(name, value)


def unit_in_words(released: Released, measure: str) -> Unit:
    """How a reader sees the ratio of a measure, as the release's page has it."""
    own, total = (
        released.words.of(measure),
        released.words.of(_total(released, measure)),
    )
    unit = shared_unit(own, total, mean=kind_of(released, measure) is Kind.MEAN)
    is_said = own.unit or own.per or total.unit or total.per
    return (
        unit if is_said or unit.per == 1 else replace(unit, words=f"rate {unit.words}")
    )


def _total(released: Released, measure: str) -> str:
    """The measure without groups that asks the same; the measure itself where there is
    none.
    """
    family = released.families.get(measure)
    for name, other in released.families.items():
        if (
            other == family
            and name in released.measures
            and not _grouping(released, name)
        ):
            return name
    return measure


def in_units(value: float, unit: Unit) -> float:
    """A ratio as tables have it; still with three digits."""
    return value if unit.per == 1 else float(f"{value * unit.per:.3g}")


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
