"""A round of masked counts: which calendars, groups and values all sites agree on."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from extractors.errors import ArgumentsError
from extractors.fingerprint import fingerprint
from flows.preparing.prepared import Prepared
from measures.counts import counting
from measures.counts.columns import Part
from measures.counts.relations import structure_of
from measures.counts.structure import Kind, KnownGroup, Structure
from measures.counts.types import MeasureShape
from measures.definitions import Measure
from measures.sites import grid
from measures.sites.keys import read_public
from measures.sites.rounds import (
    Interval,
    MaskedMeasure,
    Round,
    Value,
    new_id,
    refuse_places,
)
from measures.study import Study


def agree(
    prepared: Prepared,
    sites: Sequence[str],
    place: str,
    *,
    values: Mapping[str, Sequence[str]],
    keys: Path,
) -> Round:
    """A new round of a study: all that its sites must agree on.

    `values`: what the records of any site call groups that the definition does not
    name. Measures by other such groups are left out. Raises ArgumentsError for sites
    that would learn each other's counts.
    """
    refuse_places(sorted(sites), place)
    study = prepared.study
    known = _values_of(study, values)
    kept = [
        measure for measure in study.measures if measure.group_by.keys() <= known.keys()
    ]
    if not kept:
        raise ArgumentsError(
            "The definition names the groups of no measure; name their values with "
            "--values."
        )
    shapes = counting.shapes(kept, prepared.chosen)
    calendars = tuple(dict.fromkeys(shape.intervals for shape in shapes))
    structure = structure_of(kept)
    agreed = Round(
        id=new_id(),
        study=study.name,
        definition=study.definition_hash,
        beside=_beside(study, kept),
        sites=tuple(sorted(sites)),
        place=place,
        keys={
            name: read_public(name, keys).fingerprint
            for name in sorted({*sites, place})
        },
        measures=tuple(_masked(shape, structure, calendars) for shape in shapes),
        calendars=calendars,
        values=known,
        left_out=tuple(
            measure.name for measure in study.measures if measure not in kept
        ),
    )
    grid.length_of(agreed)
    return agreed


def _values_of(
    study: Study, given: Mapping[str, Sequence[str]]
) -> dict[str, tuple[Value, ...]]:
    """The values of each group, as far as the definition names them all or they are
    given; a missing one first.
    """
    types, groups = (
        counting.group_types(study.measures),
        structure_of(study.measures).groups,
    )
    unknown = sorted(given.keys() - groups.keys())
    if unknown:
        raise ArgumentsError(
            f"The definition has no group {', '.join(unknown)}; it has "
            f"{', '.join(sorted(groups))}."
        )
    found: dict[str, tuple[Value, ...]] = {}
    for name, group in groups.items():
        if name in given:
            found[name] = (
                None,
                *(_read(each, name, types[name]) for each in given[name]),
            )
        elif group.labels is not None and not group.open:
            found[name] = (None, *_labels(group))
    return found


def _labels(group: KnownGroup) -> list[Value]:
    labels = group.as_json()["labels"]
    found: list[Value] = []
    for label in labels:
        found.append(str(label) if not isinstance(label, bool | int | float) else label)
    return found


def _read(text: str, name: str, kind: pa.DataType) -> Value:
    """A value as it is typed. Raises ArgumentsError for one that the group cannot
    have.
    """
    try:
        value = pa.scalar(text).cast(kind).as_py()
    except pa.ArrowException:
        raise ArgumentsError(
            f"{text!r} is no value of {name}, whose values are {kind}."
        ) from None
    return value.isoformat() if pa.types.is_date(kind) else value


def _masked(
    shape: MeasureShape, structure: Structure, calendars: Sequence[tuple[Interval, ...]]
) -> MaskedMeasure:
    kinds = structure.measures[shape.name].kinds
    return MaskedMeasure(
        name=shape.name,
        group_by=shape.group_by,
        calendar=calendars.index(shape.intervals),
        numerator_people=kinds[Part.NUMERATOR] is Kind.PEOPLE,
        denominator_people=kinds[Part.DENOMINATOR] is Kind.PEOPLE,
        most=shape.most,
    )


def _beside(study: Study, measures: Sequence[Measure]) -> str:
    """The hash of what must be the same at all sites beside the definition."""
    lists = sorted((each.name, each.sha256) for each in study.codelists)
    types = sorted(
        (name, str(kind)) for name, kind in counting.group_types(measures).items()
    )
    return fingerprint(
        lists, repr(study.concepts), repr(structure_of(measures).as_json()), types
    )


def kept_measures(study: Study, agreed: Round) -> tuple[Measure, ...]:
    """The measures of the round. Raises ArgumentsError, naming what differs, where the
    study is another.
    """
    differ = []
    if study.definition_hash != agreed.definition:
        differ.append(
            f"the definition ({study.definition_hash[:12]}… here, "
            f"{agreed.definition[:12]}… in the round)"
        )
    names = {measure.name for measure in agreed.measures}
    kept = tuple(measure for measure in study.measures if measure.name in names)
    if {measure.name for measure in kept} != names:
        differ.append("the measures")
    elif _beside(study, kept) != agreed.beside:
        differ.append("codelists, concept sets or the structure of measures")
    if differ:
        raise ArgumentsError(
            f"This study is not that of the round: {'; '.join(differ)}. Nothing was "
            "done."
        )
    return kept
