"""Concept sets of a definition, looked up in the vocabulary of the records before
anything is planned.

A vocabulary is no patient data and changes rarely, so what it said is kept beside the
hashes of the records, and asked again when the files are others. A database is asked
again in every run.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from extractors.engine import Engine
from extractors.fingerprint import fingerprint, stamp
from extractors.model import nodes
from extractors.notice import Notice
from extractors.planner.needs import TableNeed
from extractors.sources import Address
from extractors.sources.base import Source
from extractors.sources.damage import described
from extractors.sources.omop.code_lists import (
    CodeList,
    Lost,
    code_lists,
    without_concepts,
)
from extractors.sources.omop.doubts import doubts_of_codes, doubts_of_ids
from extractors.sources.omop.meaning import found_by_either, with_members
from extractors.sources.omop.vocabulary import Asked as Members
from extractors.sources.omop.vocabulary import (
    Known,
    by_name,
    compared_ids,
    concept_sets,
    look_up,
)
from flows.workspace.kept import CONCEPTS
from flows.workspace.store import Workspace
from measures.closed.places import study_root
from measures.codelists.names import names_by_codes
from measures.study import Study

MOST_KEPT = 50  # answers: of as many definitions, or of as many versions of one


@dataclass(frozen=True)
class Asked:
    """All that a definition asks of a vocabulary."""

    # concept sets, as they are asked for
    sets: list[Members]
    # columns of concept ids, and what they are compared with
    compared: list[tuple[nodes.Column, int]]
    # lists of codes
    lists: list[CodeList]

    @classmethod
    def of(cls, study: Study) -> "Asked":
        roots = study.roots
        return cls(concept_sets(roots), list(compared_ids(roots)), code_lists(roots))

    @property
    def ids(self) -> list[int]:
        return sorted({id_ for _, id_ in self.compared})

    @property
    def as_plain(self) -> list:
        sets = [[concept.plain for concept in asked] for asked in self.sets]
        return [
            sets,
            self.ids,
            [(each.table, each.column, each.codes) for each in self.lists],
        ]


@dataclass(frozen=True)
class Answer:
    """What the vocabulary says to it."""

    # the concepts of the vocabulary that the request names
    known: Known
    # the lists of which it lacks codes
    lost: list[Lost]


def with_concepts(
    study: Study, address: Address, workspace: Workspace, *, look: bool
) -> Study:
    """The study with its concept sets as lists of ids, and what is doubtful about the
    ids and codes that it names.

    Made-up records have no vocabulary: of them only the concepts that a set names are
    found. A database, or another machine, is asked only with `look`; without, what it
    said last counts. Raises RecordsError where the records cannot say which concepts a
    set has.
    """
    asked = Asked.of(study)
    answer = Answer(by_name(asked.sets), [])
    if _is_of_interest(asked, address):
        answer = _answer(address, workspace, asked, look=look) or answer
    doubts = doubts_of_ids(asked.compared, answer.known)
    if answer.lost:
        folders = (
            study.path.resolve().parent,
            study_root(study.path.resolve()),
            Path.cwd(),
        )
        doubts += doubts_of_codes(answer.lost, names_by_codes(study.codelists, folders))
    notices = [Notice(message=doubt) for doubt in doubts]
    renewed = (
        study.renewed(with_members(study.roots, answer.known.members))
        if asked.sets
        else study
    )
    if address.kind.has_vocabulary:
        renewed = renewed.renewed(found_by_either(renewed.roots))
    return replace(
        renewed, concepts=_described(answer.known), warnings=(*study.warnings, *notices)
    )


def _is_of_interest(asked: Asked, address: Address) -> bool:
    if address.kind.made_up:
        return False
    return bool(asked.sets) or (
        address.kind.has_vocabulary and bool(asked.compared or asked.lists)
    )


def _described(known: Known) -> dict[str, Any]:
    """For the manifest."""
    if not known.members:
        return {}
    sets = [
        {"asked": [asdict(concept) for concept in asked], "concepts": list(ids)}
        for asked, ids in known.members.items()
    ]
    return {"vocabulary": known.version, "sets": sets}


def _answer(
    address: Address, workspace: Workspace, asked: Asked, *, look: bool
) -> Answer | None:
    """None where the records may not be asked, and no earlier run has asked them."""
    files = () if address.kind.is_looked_at else address.open().files()
    name = fingerprint(str(address), [stamp(path) for path in files], asked.as_plain)
    memory = workspace.folder("snapshots") / "concepts.json"
    kept = (CONCEPTS.recall(memory) or {"known": {}})["known"]
    marks = address.look(()).content if look and address.kind.has_marks else ""
    if name in kept and (files or not look or (marks and marks == kept[name]["marks"])):
        return _of_json(asked, kept[name])
    if address.kind.is_looked_at and not look:
        return None

    def open_source(needs: Iterable[TableNeed]) -> Source:
        return address.open(needs=needs)

    with Engine() as engine, described("The vocabulary of the records", "OMOP"):
        known = look_up(engine, open_source, asked.sets, asked.ids)
        found = Answer(known, without_concepts(engine, open_source, asked.lists))
    workspace.make()
    latest = dict(list(kept.items())[-MOST_KEPT:])
    CONCEPTS.write(
        memory, {"known": {**latest, name: {"marks": marks, **_as_json(asked, found)}}}
    )
    return found


def _as_json(asked: Asked, answer: Answer) -> dict[str, Any]:
    known = answer.known
    return {
        "members": [list(ids) for ids in known.members.values()],
        "named": [[id_, *facts] for id_, facts in known.named.items()],
        "has_concepts": known.has_concepts,
        "version": known.version,
        "lost": [
            [asked.lists.index(each.codes), each.all, list(each.ids)]
            for each in answer.lost
        ],
    }


def _of_json(asked: Asked, kept: Mapping[str, Any]) -> Answer:
    members = dict(zip(asked.sets, map(tuple, kept["members"]), strict=True))
    named = {id_: (domain, standard) for id_, domain, standard in kept["named"]}
    known = Known(members, named, kept["has_concepts"], kept["version"])
    return Answer(
        known,
        [
            Lost(asked.lists[place], all_, tuple(ids))
            for place, all_, ids in kept["lost"]
        ],
    )
