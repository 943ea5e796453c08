"""The bundle as the page reads it: released rows, manifest, audit, and what was asked.
It knows no other file.
"""

import csv
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from extractors.errors import ArgumentsError, CohortflowError
from extractors.fingerprint import file_hash
from measures.release.files import (
    AUDIT,
    CHARTS,
    DECILES,
    DESCRIBE,
    MANIFEST,
    REPORT,
    STANDARDISED,
)
from measures.release.reading import (
    Place,
    ReleasedRow,
    kept_as_released,
    read_asked,
    read_before,
    read_decisions,
    read_manifest,
    released_rows,
)
from measures.release.report.parts import Point
from measures.release.words import StudyWords, study_words


@dataclass(frozen=True)
class Asked:
    """What a measure asks, in words that the run made of the definition's model."""

    # who or what is counted
    numerator: str
    # of whom, or of what
    denominator: str
    # group -> words
    groups: Mapping[str, str]
    # measures of one number ask the same question
    family: int
    # whether its ratio is the mean of an amount
    mean: bool


@dataclass(frozen=True, eq=False)
class Bundle:
    """All that the page may say."""

    # manifest.json
    manifest: Mapping[str, Any]
    # what the author says of measures and groups
    words: StudyWords
    # measure -> what it asks; empty for a release that does not say it
    asked: Mapping[str, Asked]
    # the section of codelists, as asked.json has it
    codelists: tuple[Mapping[str, Any], ...]
    # the files of the definition, each with `name` and `text`; empty: not said
    definition: tuple[Mapping[str, str], ...]
    # measure -> group -> points in order of time
    measures: Mapping[str, Mapping[tuple[object, ...], list[Point]]]
    # measure -> the columns it is grouped by
    group_by: Mapping[str, tuple[str, ...]]
    # audit.json
    audit: Mapping[str, Any] = field(default_factory=dict)
    # rows of deciles/, by measure, as their files have them
    deciles: Mapping[str, list[dict[str, str]]] = field(default_factory=dict)
    # rows of standardised/, by measure, as their files have them
    standardised: Mapping[str, list[dict[str, str]]] = field(default_factory=dict)
    # what the release before held, in short
    before: Mapping[str, Any] = field(default_factory=dict)
    # what people decided about the release, if that is asked for
    decided: Mapping[str, Any] = field(default_factory=dict)
    # file -> size in bytes, number of rows or None
    files: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)

    @property
    def study(self) -> str:
        return str(self.manifest.get("study", ""))

    @property
    def made_up(self) -> bool:
        return self.manifest.get("records", {}).get("kind") == "trial"


def read_bundle(folder: Path, *, with_decisions: bool = False) -> Bundle:
    """Raises ArgumentsError for a folder that is no release, CohortflowError for one
    that is not as it was written.
    """
    manifest = read_manifest(folder)
    if not manifest:
        raise ArgumentsError(
            f"The folder is no release: it has no {MANIFEST}; name the folder "
            "moderately_sensitive"
            f": {folder}"
        )
    _check_hashes(folder, manifest)
    rows, kept = released_rows(folder), kept_as_released(folder)
    bundle = bundle_of(rows, manifest, read_asked(folder), kept)
    return replace(
        bundle,
        audit=_read_json(folder / AUDIT),
        deciles=_read_tables(folder, manifest, DECILES),
        standardised=_read_tables(folder, manifest, STANDARDISED),
        files=_sizes(folder, manifest),
        before=read_before(folder),
        decided=read_decisions(folder) if with_decisions else {},
    )


def bundle_of(
    rows: Iterable[ReleasedRow],
    manifest: Mapping[str, Any],
    asked: Mapping[str, Any],
    kept: Collection[Place] = (),
) -> Bundle:
    """The same of a release that is not written yet, as far as its charts go.

    `kept`: the rows that are as they were released, though what is counted has changed
    since.
    """
    measures, group_by = _by_measure(rows, kept)
    return Bundle(
        manifest=manifest,
        words=study_words(asked.get("described", {})),
        asked={each["name"]: _asked(each) for each in asked.get("measures", ())},
        codelists=tuple(asked.get("codelists", ())),
        definition=tuple(asked.get("definition", ())),
        measures=measures,
        group_by=group_by,
    )


def drawn(name: str) -> bool:
    """Whether a file of the bundle is made by this room, from the others."""
    return name in (REPORT, DESCRIBE) or name.startswith(f"{CHARTS}/")


def _check_hashes(folder: Path, manifest: Mapping[str, Any]) -> None:
    for name, sha256 in manifest.get("files", {}).items():
        path = folder / name
        if drawn(name):
            continue
        if not path.is_file():
            raise CohortflowError(
                f"The release is not whole: {name} is not there; copy all of it."
            )
        if file_hash(path) != sha256:
            raise CohortflowError(
                f"{name} is not as it was released: its hash differs from {MANIFEST}'s."
            )


def _read_json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _read_tables(
    folder: Path, manifest: Mapping[str, Any], name: str
) -> dict[str, list[dict[str, str]]]:
    """The rows of all files in a folder of the bundle, by their measure."""
    found: dict[str, list[dict[str, str]]] = {}
    for file in manifest.get("files", {}):
        if file.startswith(f"{name}/"):
            with (folder / file).open(encoding="utf-8", newline="") as opened:
                for row in csv.DictReader(opened):
                    found.setdefault(row["measure"], []).append(row)
    return found


def _asked(said: Mapping[str, Any]) -> Asked:
    return Asked(
        said["numerator"],
        said["denominator"],
        said["groups"],
        said["family"],
        said["mean"],
    )


def _sizes(
    folder: Path, manifest: Mapping[str, Any]
) -> dict[str, tuple[int, int | None]]:
    found: dict[str, tuple[int, int | None]] = {}
    for name in manifest.get("files", {}):
        if not drawn(name):
            content = (folder / name).read_bytes()
            # a quoted break of a line is escaped by the writer, so each line is a row
            rows = content.count(b"\n") - 1 if name.endswith(".csv") else None
            found[name] = (len(content), rows)
    return found


# Rows ---------------------------------------------------------------------------------

Measures = dict[str, dict[tuple[object, ...], list[Point]]]


def _by_measure(
    rows: Iterable[ReleasedRow], kept: Collection[Place]
) -> tuple[Measures, dict[str, tuple[str, ...]]]:
    measures: Measures = {}
    group_by: dict[str, tuple[str, ...]] = {}
    for row in rows:
        group_by[row.measure] = row.group_by
        measures.setdefault(row.measure, {}).setdefault(row.group, []).append(
            _point(row, kept)
        )
    for groups in measures.values():
        for points in groups.values():
            points.sort(key=lambda point: (point.start, point.end))
    return measures, group_by


def _point(row: ReleasedRow, kept: Collection[Place]) -> Point:
    return Point(
        start=row.interval_start,
        end=row.interval_end,
        numerator=row.numerator,
        denominator=row.denominator,
        ratio=row.ratio,
        at_least=row.ratio_at_least,
        at_most=row.ratio_at_most,
        ci_low=row.ci_low,
        ci_high=row.ci_high,
        kept=(row.measure, row.interval_start, row.interval_end) in kept,
    )
