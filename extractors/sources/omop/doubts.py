"""Ids that a definition names and that find nothing, or not what is meant, as the
vocabulary says.

Vocabularies are public, so their ids may be named; nothing of the records is looked at.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from extractors.model import nodes
from extractors.sources.omop.code_lists import Lost
from extractors.sources.omop.vocabulary import Known

MOST_NAMED = 5
# The domain of the concepts that a column holds, where it holds those of one.
DOMAINS = {
    "condition_concept_id": "Condition",
    "drug_concept_id": "Drug",
    "procedure_concept_id": "Procedure",
    "measurement_concept_id": "Measurement",
    "device_concept_id": "Device",
    "visit_concept_id": "Visit",
    "gender_concept_id": "Gender",
    "unit_concept_id": "Unit",
}
STANDARD = "S"


def doubts_of_ids(
    compared: Iterable[tuple[nodes.Column, int]], known: Known
) -> list[str]:
    """One line for each column and kind of doubt."""
    if not known.has_concepts:
        return []
    ids: dict[tuple[str, str], dict[int, None]] = {}
    for column, id_ in compared:
        place = (column.source.table.schema.name, column.name)
        if id_:  # 0 is no concept
            ids.setdefault(place, {})[id_] = None
    found: list[str] = []
    for (table, name), theirs in ids.items():
        found += _of_column(f"{table}.{name}", name, list(theirs), known)
    return found


def _of_column(place: str, name: str, ids: list[int], known: Known) -> Iterator[str]:
    unknown = [id_ for id_ in ids if id_ not in known.named]
    if unknown:
        yield (
            f"{place} is compared with concepts that the vocabulary of the records "
            f"does not have: {_some(unknown)}"
        )
    domain = DOMAINS.get(name)
    if not domain:
        return
    there = [id_ for id_ in ids if id_ in known.named]
    others = [id_ for id_ in there if known.named[id_][0] not in (domain, "")]
    if others:
        yield (
            f"{place} is compared with concepts of another domain than {domain}: "
            f"{_some(others)}"
        )
    loose = [
        id_ for id_ in there if known.named[id_][1] != STANDARD and id_ not in others
    ]
    if loose:
        source = name.replace("_concept_id", "_source_concept_id")
        yield (
            f"{place} is compared with concepts that are not standard: "
            f"{_some(loose)}; {source} may hold them"
        )


def _some(ids: Sequence[object]) -> str:
    shown = ", ".join(map(str, ids[:MOST_NAMED]))
    return (
        f"{shown} and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else shown
    )


def doubts_of_codes(
    lost: Iterable[Lost], names: Mapping[frozenset[str], str]
) -> list[str]:
    """One line for each list of which codes are missing; `names`: codes -> the file
    that has them.
    """
    return [_of_list(each, names.get(frozenset(each.codes.codes), "")) for each in lost]


def _of_list(lost: Lost, name: str) -> str:
    codes = lost.codes
    place = f"{codes.table}.{codes.column} is compared with"
    vocabularies = " or ".join(codes.system.vocabularies)
    if lost.ids:
        where = f" of {name}" if name else ""
        return (
            f"{place} {_some(lost.ids)}{where}: in the vocabulary of the records "
            f"these are ids of concepts of {vocabularies}, and no codes; look for "
            "them with concept_set([ids]) in a column of concept ids"
        )
    what = f"of the codes of {name}" if name else f"of {_some(codes.codes)}"
    return (
        f"{place} a codelist that finds nothing: the vocabulary of the records has "
        f"none {what} in {vocabularies}"
    )
