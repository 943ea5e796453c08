"""The releases of several sites as they are added up, and whether they may be: of one
definition, in one form.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from extractors.errors import ArgumentsError
from extractors.fingerprint import file_hash
from measures.counts.columns import CONFIDENCE, KEYS, RELEASED
from measures.release.files import MANIFEST, PARQUET
from measures.release.reading import (
    OLDER,
    ReleasedMeasure,
    ReleasedRow,
    measures_in,
    read_manifest,
    rows_of,
)

Interval = tuple[date, date]
MOST_NAMES = 5  # of what differs, that are named
NOT_GROUPS = frozenset({*KEYS, *RELEASED, *CONFIDENCE, *OLDER})


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SiteRelease:
    """What one site has released."""

    # how the site is called in what is made of it
    name: str
    # how its numbers were made
    manifest: Mapping[str, Any]
    # all its rows
    table: pa.Table
    # the hash of its numbers
    numbers: str

    @cached_property
    def rows(self) -> tuple[ReleasedRow, ...]:
        return tuple(rows_of(self.table))

    @cached_property
    def measures(self) -> Mapping[str, ReleasedMeasure]:
        """What each measure is, and how far its counts may be off, by name."""
        return {measure.name: measure for measure in measures_in(self.manifest)}

    @property
    def groups(self) -> Mapping[str, pa.DataType]:
        """The columns of groups, with their types."""
        found = {}
        for field in self.table.schema:
            if field.name not in NOT_GROUPS:
                coded = pa.types.is_dictionary(field.type)
                found[field.name] = field.type.value_type if coded else field.type
        return found

    @property
    def disclosure(self) -> Mapping[str, Any]:
        return self.manifest.get("disclosure", {})

    @property
    def made_up(self) -> bool:
        return self.manifest.get("records", {}).get("kind") == "trial"

    def counts_people(self, measure: str, part: str) -> bool:
        """Whether a count is one of people, and so never below 0."""
        known = self.manifest["structure"]["measures"].get(measure, {})
        kind = "denominator_kind" if part == "denominator" else "kind"
        return known.get(kind) == "people"

    def intervals(self) -> Mapping[str, set[Interval]]:
        """The intervals of each measure."""
        found: dict[str, set[Interval]] = {}
        for row in self.rows:
            found.setdefault(row.measure, set()).add(
                (row.interval_start, row.interval_end)
            )
        return found


def read_site(name: str, folder: Path) -> SiteRelease:
    """The release in a folder. Raises ArgumentsError where there is none, or one that
    is not as it was released.
    """
    manifest = read_manifest(folder)
    if not manifest:
        raise ArgumentsError(
            f"The folder holds no release: it has no {MANIFEST}. Name the folder "
            "moderately_sensitive of a study, or a copy of it"
            f": {folder}"
        )
    if not manifest.get("measures") or not manifest.get("structure"):
        raise ArgumentsError(
            f"The release of {name} is of an older version that did not say how far "
            "its counts may be off; let the site release it anew."
        )
    if "sites" in manifest:
        raise ArgumentsError(
            f"The release of {name} is made of several sites already; name the "
            "sites' own releases."
        )
    said, found = manifest.get("files", {}).get(PARQUET), file_hash(folder / PARQUET)
    if said != found:
        raise ArgumentsError(
            f"{PARQUET} of {name} is not as it was released: its hash is another "
            f"than its {MANIFEST} says. Copy the release anew."
        )
    with (folder / PARQUET).open("rb") as opened:
        table = pq.ParquetFile(opened).read()
    return SiteRelease(name=name, manifest=manifest, table=table, numbers=found)


# Differences --------------------------------------------------------------------------


def refuse_different(sites: Sequence[SiteRelease]) -> None:
    """Raises ArgumentsError, naming all that differs, for releases that cannot be
    added.
    """
    names = [site.name for site in sites]
    if len(sites) < 2:
        raise ArgumentsError(
            "It takes the releases of two sites at least; name their folders."
        )
    if len(set(names)) < len(names):
        raise ArgumentsError(
            f"Two sites have one name ({', '.join(names)}); name each as NAME=FOLDER."
        )
    first = sites[0]
    for place, other in enumerate(sites):
        for before in sites[:place]:
            if before.numbers == other.numbers:
                raise ArgumentsError(
                    f"{before.name} and {other.name} are the same release, whose "
                    "people would be counted twice."
                )
    found: list[str] = []
    for other in sites[1:]:
        found += differences(first, other)
    if found:
        raise ArgumentsError(
            "These releases cannot be added, for they are not of one definition in "
            f"one form. {' '.join(found)} Let all sites run the same definition, "
            "over the same periods, under the same policy."
        )


def differences(one: SiteRelease, other: SiteRelease) -> list[str]:
    """All that two releases have to have in common and have not, in words."""
    found: list[str] = []
    for check in CHECKS:
        found += check(one, other)
    return found


def _texts(one: SiteRelease, other: SiteRelease) -> Iterator[str]:
    for name, words in (
        ("study", "Study"),
        ("definition", "Definition"),
        ("concept_sets", "Concept sets"),
    ):
        mine, its = one.manifest.get(name), other.manifest.get(name)
        if mine != its:
            yield _differ(words, one, other, mine, its)


def _codelists(one: SiteRelease, other: SiteRelease) -> Iterator[str]:
    mine, its = one.manifest.get("codelists", {}), other.manifest.get("codelists", {})
    names = sorted(name for name in {*mine, *its} if mine.get(name) != its.get(name))
    if names:
        yield f"Codelists of {one.name} and {other.name} differ: {_listed(names)}."


def _records(one: SiteRelease, other: SiteRelease) -> Iterator[str]:
    if one.made_up != other.made_up:
        made_up = one.name if one.made_up else other.name
        yield f"The records of {made_up} are made up, and the others' are not."


def _policies(one: SiteRelease, other: SiteRelease) -> Iterator[str]:
    mine, its = one.disclosure.get("policy"), other.disclosure.get("policy")
    if mine != its:
        yield _differ("Policy", one, other, mine, its)


def _measures(one: SiteRelease, other: SiteRelease) -> Iterator[str]:
    for here, there in ((one, other), (other, one)):
        lacking = sorted(here.measures.keys() - there.measures.keys())
        if lacking:
            yield f"{there.name} lacks the measures {_listed(lacking)}."
    both = one.measures.keys() & other.measures.keys()
    kinds = sorted(
        name for name in both if one.measures[name].kind != other.measures[name].kind
    )
    if kinds:
        yield (
            f"The ratio is another at {one.name} than at {other.name}: "
            f"{_listed(kinds)}."
        )
    if one.manifest["structure"] != other.manifest["structure"]:
        yield (
            f"The structure of the measures of {one.name} and {other.name} differs, "
            "as their manifests have it."
        )


def _groups(one: SiteRelease, other: SiteRelease) -> Iterator[str]:
    mine, its = one.groups, other.groups
    for here, there in ((one, other), (other, one)):
        lacking = sorted(here.groups.keys() - there.groups.keys())
        if lacking:
            yield f"{there.name} lacks the columns of the groups {_listed(lacking)}."
    types = sorted(name for name in mine.keys() & its.keys() if mine[name] != its[name])
    if types:
        yield (
            f"The values of groups have other types at {one.name} than at "
            f"{other.name}: {_listed(types)}."
        )


def _periods(one: SiteRelease, other: SiteRelease) -> Iterator[str]:
    mine, its = one.intervals(), other.intervals()
    for here, there, at in ((mine, its, other.name), (its, mine, one.name)):
        lacking: set[Interval] = set()
        for name in here.keys() & there.keys():
            lacking |= here[name] - there[name]
        if lacking:
            yield (
                f"{at} lacks the periods "
                f"{_listed([str(start) for start, _ in sorted(lacking)])}."
            )


def _differ(
    what: str, one: SiteRelease, other: SiteRelease, mine: object, its: object
) -> str:
    return f"{what}: {_short(mine)} at {one.name}, {_short(its)} at {other.name}."


def _short(said: object) -> str:
    text = str(said or "none")
    return text if len(text) <= 40 else f"{text[:40]}…"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


CHECKS: tuple[Callable[[SiteRelease, SiteRelease], Iterator[str]], ...] = (
    _texts,
    _codelists,
    _records,
    _policies,
    _measures,
    _groups,
    _periods,
)
