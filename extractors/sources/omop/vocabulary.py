"""Which concepts are in a concept set, as the vocabulary of the records says.

As ATLAS has it: the concepts that a set names, those below them where descendants come
along (but for invalid ones), the source concepts that map to any of these where they
do; without what is excluded in the same way.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.model import nodes
from extractors.model.concepts import Concept
from extractors.model.types import ConceptId
from extractors.planner.needs import TableNeed
from extractors.sources.base import Source
from extractors.sources.omop.inputs import VOCABULARY
from extractors.sources.omop.source import Omop

Open = Callable[[Iterable[TableNeed]], Source]
Asked = tuple[Concept, ...]
IS_VALID = "coalesce(invalid_reason, '') = ''"


@dataclass(frozen=True)
class Known:
    """What a vocabulary says of the concepts of a definition."""

    # a set, as it is asked for -> the ids in it, in order
    members: Mapping[Asked, tuple[int, ...]]
    # of those ids that a definition names and the vocabulary has: domain, and S for a
    # standard concept
    named: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    # whether there is a table of concepts, so that an id may be unknown
    has_concepts: bool = False
    # as the vocabulary calls its version; empty if it does not
    version: str = ""


def by_name(sets: Iterable[Asked]) -> Known:
    """Without a vocabulary: the concepts that a set names, and no others."""
    return Known(
        {
            asked: tuple(_names(asked, excluded=False) - _names(asked, excluded=True))
            for asked in sets
        }
    )


def look_up(
    engine: Engine, open_source: Open, sets: Iterable[Asked], ids: Iterable[int]
) -> Known:
    """What the vocabulary of a source says of some sets, and of the ids that a
    definition names.

    `open_source` gives the source for some needs. Raises RecordsError where a table is
    missing without which a set is not known.
    """
    sets = list(sets)
    look = _Look(engine, open_source)
    below = look.below(_with_descendants(sets))
    reached = {
        concept: _reached(concept, below) for concept in chain.from_iterable(sets)
    }
    mapped = look.mapping_to(_with_sources(reached))
    for concept, found in reached.items():
        if concept.mapped:
            reached[concept] = found.union(
                *(mapped.get(id_, frozenset()) for id_ in found)
            )
    members = {asked: tuple(sorted(_members(asked, reached))) for asked in sets}
    named = look.named(set(ids))
    return Known(members, named or {}, named is not None, look.version())


def _with_descendants(sets: Iterable[Asked]) -> set[int]:
    return {concept.id for concept in chain.from_iterable(sets) if concept.descendants}


def _with_sources(reached: Mapping[Concept, frozenset[int]]) -> set[int]:
    """The ids to which other concepts are mapped that are wanted, too."""
    ids: set[int] = set()
    for concept, found in reached.items():
        if concept.mapped:
            ids |= found
    return ids


def _reached(concept: Concept, below: Mapping[int, frozenset[int]]) -> frozenset[int]:
    """Whether or not the table of descendants has a concept itself, as it should."""
    own = frozenset({concept.id})
    return own | below.get(concept.id, frozenset()) if concept.descendants else own


def _members(asked: Asked, reached: Mapping[Concept, frozenset[int]]) -> set[int]:
    found: set[int] = set()
    without: set[int] = set()
    for concept in asked:
        (without if concept.excluded else found).update(reached[concept])
    return found - without


def _names(asked: Asked, *, excluded: bool) -> set[int]:
    return {concept.id for concept in asked if concept.excluded == excluded}


@dataclass(frozen=True)
class _Look:
    """Questions to the tables of a vocabulary, each of which a database answers with
    few rows.
    """

    # that the answers are read with
    engine: Engine
    # opens the vocabulary for some tables and rows of it
    open_source: Open

    def below(self, ids: set[int]) -> dict[int, frozenset[int]]:
        """An id -> those of the concepts below it."""
        if not ids:
            return {}
        rows = self._rows("concept_ancestor", "ancestor_concept_id", ids, "descendants")
        pairs = f"SELECT ancestor_concept_id, descendant_concept_id FROM ({rows})"
        found = _collected(
            self.engine.execute(f"{pairs} WHERE {_among('ancestor_concept_id', ids)}")
        )
        invalid = self._invalid(set(chain.from_iterable(found.values())))
        return {id_: below - invalid for id_, below in found.items()}

    def _invalid(self, ids: set[int]) -> set[int]:
        """Those that the table of concepts, if there is one, calls no longer valid."""
        rows = self._select("concept", "concept_id", ids)
        if not rows:
            return set()
        asked = (
            f"SELECT concept_id FROM ({rows}) WHERE {_among('concept_id', ids)} AND "
            f"NOT {IS_VALID}"
        )
        return {id_ for (id_,) in self.engine.execute(asked)}

    def mapping_to(self, ids: set[int]) -> dict[int, frozenset[int]]:
        """An id -> those of the source concepts that map to it."""
        if not ids:
            return {}
        rows = self._rows(
            "concept_relationship", "concept_id_2", ids, "source concepts"
        )
        maps = (
            f"relationship_id = 'Maps to' AND {IS_VALID} AND "
            f"{_among('concept_id_2', ids)}"
        )
        return _collected(
            self.engine.execute(
                f"SELECT concept_id_2, concept_id_1 FROM ({rows}) WHERE {maps}"
            )
        )

    def named(self, ids: set[int]) -> dict[int, tuple[str, str]] | None:
        """Of those ids that are known, domain and `standard_concept`; None without a
        table of concepts.
        """
        rows = self._select("concept", "concept_id", ids)
        if not rows:
            return None
        asked = (
            f"SELECT concept_id, domain_id, standard_concept FROM ({rows}) WHERE "
            f"{_among('concept_id', ids)}"
        )
        found: dict[int, tuple[str, str]] = {}
        for id_, domain, standard in self.engine.execute(asked):
            found[id_] = (domain or "", standard or "")
        return found

    def version(self) -> str:
        """The version of the whole vocabulary."""
        for table, where in (
            ("vocabulary", "vocabulary_id = 'None'"),
            ("cdm_source", "TRUE"),
        ):
            rows = self._select(table)
            if rows:
                asked = f"SELECT max(vocabulary_version) FROM ({rows}) WHERE {where}"
                ((version,),) = self.engine.execute(asked)
                if version:
                    return str(version)
        return ""

    def _rows(self, name: str, column: str, ids: set[int], what: str) -> str:
        rows = self._select(name, column, ids)
        if not rows:
            raise RecordsError(
                f"A concept set asks for {what} of its concepts, and the records "
                f"have no table {name}, which knows them; add that table of the "
                "vocabulary, or list all concepts in the set."
            )
        return rows

    def _select(self, name: str, column: str = "", ids: Iterable[int] = ()) -> str:
        schema = VOCABULARY[name]
        rows: tuple[tuple[nodes.Series, ...], ...] = ()
        if column:
            wanted = nodes.Values(tuple(ids), int)
            rows = (
                (
                    nodes.Call(
                        "in", (nodes.Column(nodes.Table(schema), column), wanted)
                    ),
                ),
            )
        need = TableNeed(schema, tuple(each.name for each in schema.columns), rows, "")
        source = self.open_source((need,))
        if not isinstance(source, Omop):
            raise RecordsError(
                "A concept set needs the vocabulary of OMOP records: give them as "
                "omop:… or omop+postgresql://…, or list all concepts in the set."
            )
        return source.vocabulary(self.engine, name)


def _among(column: str, ids: Iterable[int]) -> str:
    return f"{column} IN ({', '.join(map(str, sorted(ids))) or 'NULL'})"


def _collected(pairs: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for one, other in pairs:
        if other is not None:
            found.setdefault(one, set()).add(other)
    return {one: frozenset(others) for one, others in found.items()}


def concept_sets(roots: Iterable[nodes.Node]) -> list[Asked]:
    """The sets that a definition looks for, each once."""
    found: dict[Asked, None] = {}
    for node in nodes.walk(roots):
        if isinstance(node, nodes.Concepts):
            found[node.asked] = None
    return list(found)


def compared_ids(roots: Iterable[nodes.Node]) -> Iterator[tuple[nodes.Column, int]]:
    """The columns of concept ids, each with the ids that it is compared with."""
    for node in nodes.walk(roots):
        match node:
            case nodes.Call(
                operation="in",
                arguments=(nodes.Column() as column, nodes.Concepts(asked=asked)),
            ):
                yield from (
                    (column, concept.id) for concept in asked if not concept.excluded
                )
            case nodes.Call(
                operation="in",
                arguments=(nodes.Column() as column, nodes.Values(values=values)),
            ):
                yield from _ids(column, values)
            case nodes.Call(
                operation="eq",
                arguments=(nodes.Column() as column, nodes.Literal(value=value)),
            ):
                yield from _ids(column, (value,))


def _ids(
    column: nodes.Column, values: Iterable[object]
) -> Iterator[tuple[nodes.Column, int]]:
    for value in values:
        if isinstance(value, ConceptId):
            yield column, int(value)
