"""Lists of codes that a definition looks for, and which of them a vocabulary does not
have.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from itertools import chain

from extractors.engine import Engine
from extractors.model import nodes
from extractors.model.concepts import MOST
from extractors.model.schema import Column
from extractors.planner.needs import TableNeed
from extractors.sources.omop.coded import CODES, SYSTEMS, System
from extractors.sources.omop.inputs import VOCABULARY
from extractors.sources.omop.source import Omop
from extractors.sources.omop.vocabulary import Open
from extractors.sql.words import quote, text

ASKED = "codes that are asked for"


@dataclass(frozen=True)
class CodeList:
    """Codes with which a definition compares a column."""

    # a table of core and its column
    table: str
    # as the definition calls it
    column: str
    # as the definition writes them
    codes: tuple[str, ...]

    @property
    def system(self) -> System:
        return SYSTEMS[self.column]


def code_lists(roots: Iterable[nodes.Node]) -> list[CodeList]:
    """The lists of codes that a definition looks for in tables of core, each once."""
    found: dict[CodeList, None] = {}
    for node in nodes.walk(roots):
        match node:
            case nodes.Call(
                operation="in",
                arguments=(nodes.Column() as column, nodes.Values(values=values)),
            ):
                codes = tuple(map(str, values))
            case nodes.Call(
                operation="eq",
                arguments=(nodes.Column() as column, nodes.Literal(value=str(value))),
            ):
                codes = (str(value),)
            case _:
                continue
        schema = column.source.table.schema
        if not schema.file and codes and column.name in CODES.get(schema.name, ()):
            found[CodeList(schema.name, column.name, codes)] = None
    return list(found)


@dataclass(frozen=True)
class Lost:
    """A list of codes of which the vocabulary does not have most."""

    # the list, of which a message shows a few
    codes: CodeList
    # whether it has none of them, so that nothing can be found
    all: bool
    # those that are ids of concepts instead
    ids: tuple[int, ...] = ()


def without_concepts(
    engine: Engine, open_source: Open, lists: Iterable[CodeList]
) -> list[Lost]:
    """The lists of which the vocabulary has no code, or of which most that it lacks are
    ids of concepts.
    """
    lists = list(lists)
    there = _concepts_of(engine, open_source, lists)
    if not there:
        return []
    # one look at the table, which may have millions of rows of text
    rows = engine.execute(
        f"SELECT vocabulary_id, concept_code, concept_id FROM ({there}) "
        f"WHERE concept_code IN (SELECT code FROM {quote(ASKED)}) "
        f"OR concept_id IN (SELECT TRY_CAST(code AS BIGINT) FROM {quote(ASKED)})"
    )
    known = {
        (vocabulary, (code or "").replace(".", "")) for vocabulary, code, _ in rows
    }
    ids = {(vocabulary, id_) for vocabulary, _, id_ in rows}
    found = (_lost(each, known, ids) for each in lists)
    return [each for each in found if each.all or each.ids]


def _concepts_of(engine: Engine, open_source: Open, lists: list[CodeList]) -> str:
    """A SELECT of the concepts that have one of the codes, or that have one for their
    id; empty if there is no table.

    The codes are in the table ASKED.
    """
    schema = VOCABULARY["concept"]
    codes = sorted(set(chain.from_iterable(map(_as_stored, lists))))
    as_text = Column("concept_code", str)
    table = nodes.Table(
        replace(
            schema,
            columns=tuple(
                as_text if c.name == as_text.name else c for c in schema.columns
            ),
        )
    )
    rows = (
        (
            nodes.Call(
                "in",
                (nodes.Column(table, as_text.name), nodes.Values(tuple(codes), str)),
            ),
        ),
        (
            nodes.Call(
                "in",
                (
                    nodes.Column(table, "concept_id"),
                    nodes.Values(tuple(_numbers(codes)), int),
                ),
            ),
        ),
    )
    source = open_source(
        (TableNeed(schema, tuple(each.name for each in schema.columns), rows, ""),)
    )
    there = (
        source.vocabulary(engine, "concept")
        if lists and isinstance(source, Omop)
        else ""
    )
    if there:
        among = ", ".join(map(text, codes))
        engine.execute(
            f"CREATE OR REPLACE TEMP TABLE {quote(ASKED)} AS SELECT "
            f"unnest([{among}]) AS code"
        )
    return there


def _numbers(codes: Iterable[str]) -> list[int]:
    """The codes that could be ids of concepts."""
    found: list[int] = []
    for code in codes:
        if code.isascii() and code.isdigit() and int(code) <= MOST:
            found.append(int(code))
    return found


def _as_stored(each: CodeList) -> list[str]:
    dotted = (
        [f"{code[:3]}.{code[3:]}" for code in each.codes if len(code) > 3]
        if each.system.dotted
        else []
    )
    return [*each.codes, *dotted]


def _lost(
    each: CodeList, known: set[tuple[str, str]], ids: set[tuple[str, int]]
) -> Lost:
    """What a vocabulary lacks of a list.

    An id is that of a concept of the list's own vocabularies: most numbers are the id
    of something.
    """
    vocabularies = each.system.vocabularies
    unknown = []
    for code in each.codes:
        if not _is_among(code.replace(".", ""), vocabularies, known):
            unknown.append(code)
    instead = []
    for number in _numbers(unknown):
        if _is_among(number, vocabularies, ids):
            instead.append(number)
    most = 2 * len(instead) > len(unknown)
    return Lost(each, len(unknown) == len(each.codes), tuple(instead) if most else ())


def _is_among(
    value: object, vocabularies: Iterable[str], pairs: Container[tuple[str, object]]
) -> bool:
    return any((vocabulary, value) in pairs for vocabulary in vocabularies)
