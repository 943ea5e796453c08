"""Concept sets of a definition, looked up in the vocabulary of the records before anything is planned.

A vocabulary is no patient data and changes rarely, so what it said is kept beside the hashes of
the records, and asked again when the files are others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from extractors.engine import Engine
from extractors.fingerprint import fingerprint, stamp
from extractors.planner.needs import TableNeed
from extractors.sources import Address
from extractors.sources.base import Source
from extractors.sources.omop.doubts import doubts_of_ids
from extractors.sources.omop.meaning import with_members
from extractors.sources.omop.vocabulary import Asked, Known, by_name, compared_ids, concept_sets, look_up
from extractors.told import Told
from flows.workspace.kept import CONCEPTS
from flows.workspace.store import Workspace
from measures.study import Study


def with_concepts(study: Study, address: Address, workspace: Workspace, *, look: bool) -> Study:
    """The study with its concept sets as lists of ids, and what is doubtful about the ids that it names.

    Made-up records have no vocabulary: of them only the concepts that a set names are found. A
    database is asked only with `look`; without, what it said last counts. Raises RecordsError
    where the records cannot say which concepts a set has.
    """
    roots = study.roots
    sets = concept_sets(roots)
    compared = list(compared_ids(roots))
    if not sets and not compared:
        return study
    known = by_name(sets)
    if not address.kind.made_up:
        ids = sorted({id_ for _, id_ in compared})
        known = _known(address, workspace, sets, ids, look=look) or known
    said = [Told(message=doubt) for doubt in doubts_of_ids(compared, known)]
    renewed = study.renewed(with_members(roots, known.members)) if sets else study
    return replace(renewed, concepts=_described(known), warnings=(*study.warnings, *said))


def _described(known: Known) -> dict[str, Any]:
    """For the manifest."""
    if not known.members:
        return {}
    sets = [
        {"asked": [asdict(concept) for concept in asked], "concepts": list(ids)}
        for asked, ids in known.members.items()
    ]
    return {"vocabulary": known.version, "sets": sets}


def _known(address: Address, workspace: Workspace, sets: list[Asked], ids: list[int], *, look: bool) -> Known | None:
    """What the vocabulary says; None where nobody may ask, and nobody has."""
    if not sets and not address.kind.has_vocabulary:
        return None
    asked_as_plain = [[concept.plain for concept in asked] for asked in sets]
    files = () if address.kind.is_looked_at else address.open().files()
    name = fingerprint(str(address), [stamp(path) for path in files], asked_as_plain, ids)
    memory = workspace.folder("snapshots") / "concepts.json"
    kept = (CONCEPTS.read(memory) or {"known": {}})["known"]
    if name in kept and (files or not look):
        return _of_json(sets, kept[name])
    if address.kind.is_looked_at and not look:
        return None

    def open_source(needs: Iterable[TableNeed]) -> Source:
        return address.open(needs=needs)

    with Engine() as engine:
        found = look_up(engine, open_source, sets, ids)
    workspace.make()
    CONCEPTS.write(memory, {"known": {**kept, name: _as_json(found)}})
    return found


def _as_json(known: Known) -> dict[str, Any]:
    return {
        "members": [list(ids) for ids in known.members.values()],
        "named": [[id_, *facts] for id_, facts in known.named.items()],
        "has_concepts": known.has_concepts,
        "version": known.version,
    }


def _of_json(sets: list[Asked], kept: Mapping[str, Any]) -> Known:
    members = dict(zip(sets, map(tuple, kept["members"]), strict=True))
    named = {id_: (domain, standard) for id_, domain, standard in kept["named"]}
    return Known(members, named, kept["has_concepts"], kept["version"])
