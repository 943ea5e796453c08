"""Events that no code of a definition can find, as their concepts are of other
vocabularies.

What is said are names of vocabularies; how many rows they are is for the site's people.
A database is asked for a part of its rows: the first million of a table have all
vocabularies that matter.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Protocol, runtime_checkable

from extractors.engine import Engine
from extractors.model import nodes
from extractors.model.schema import Column, TableSchema
from extractors.sources.base import Place
from extractors.sources.dirt import Checked, Dirt
from extractors.sources.omop.coded import EVENTS, Events, vocabularies
from extractors.sources.postgresql import Rows, Wanted
from extractors.sql.words import quote, text

MOST_ROWS = 1_000_000
MOST_NAMED = 10
LONGEST = 40  # letters of a vocabulary's name
NO_CONCEPT = ("", "None")
INSTEAD = (
    "no code finds them in {0}; extractors.tables.omop_core has the codes of more "
    "vocabularies, extractors.tables.omop all concepts"
)
CONCEPT = TableSchema(
    "concept", (Column("concept_id", int), Column("vocabulary_id", str))
)


@runtime_checkable
class Database(Protocol):
    """A place whose rows are not all here."""

    def some(self, name: str, columns: Sequence[str], most: int) -> list[tuple]: ...

    def asking(self, wanted: tuple[Wanted, ...]) -> Place: ...


def of_files(
    engine: Engine,
    with_inputs: str,
    name: str,
    tables: Iterable[str],
    columns: Sequence[str],
) -> Checked:
    """Of tables whose rows are all here; `with_inputs` is the WITH that gives them."""
    said: list[str] = []
    dirt: list[Dirt] = []
    for events in _read(name, tables):
        found = engine.execute(
            f"{with_inputs} {_counts(events, vocabularies(columns))}"
        )
        said += _said(name, events.table, (vocabulary for vocabulary, _ in found))
        dirt += _dirt(name, events.table, found)
    return Checked(tuple(said), tuple(dirt))


def of_database(
    engine: Engine,
    place: Database,
    name: str,
    tables: Iterable[str],
    columns: Sequence[str],
) -> Checked:
    """Of a database, which is asked for the concepts of some rows."""
    pairs = {
        events: place.some(events.table, events.concepts, MOST_ROWS)
        for events in _read(name, tables)
    }
    known = _vocabularies_of(engine, place, _ids(pairs.values()))
    found_by = vocabularies(columns)
    said: list[str] = []
    dirt: list[Dirt] = []
    for events, found in pairs.items():
        missed: dict[str, None] = {}
        for pair in found:
            named = [known.get(int(id_), "") if _is_id(id_) else "" for id_ in pair]
            if not set(named) & set(found_by):
                missed[next(filter(None, named), "")] = None
        said += _said(name, events.table, missed)
        dirt += _dirt(name, events.table, [(vocabulary, None) for vocabulary in missed])
    return Checked(tuple(said), tuple(dirt))


def _ids(found: Iterable[list[tuple]]) -> set[int]:
    """All concept ids in pairs of them."""
    pairs = chain.from_iterable(found)
    return {int(id_) for id_ in chain.from_iterable(pairs) if _is_id(id_)}


def _read(name: str, tables: Iterable[str]) -> list[Events]:
    there = set(tables)
    return [events for events in EVENTS[name] if events.table in there]


def _counts(events: Events, found_by: Sequence[str]) -> str:
    """For each vocabulary that is not found, how many rows there are."""
    among = ", ".join(map(text, found_by))
    known = "(SELECT DISTINCT concept_id, vocabulary_id FROM concept)"
    is_found = " OR ".join(
        f"coalesce({each}.vocabulary_id IN ({among}), FALSE)"
        for each in ("standard", "source")
    )
    return (
        "SELECT coalesce(standard.vocabulary_id, source.vocabulary_id, '') AS "
        f"vocabulary, count(*) AS rows FROM {events.table} AS event SEMI JOIN person "
        f"ON person.person_id = event.person_id LEFT JOIN {known} AS standard ON "
        f"standard.concept_id = event.{quote(events.concept)} LEFT JOIN {known} AS "
        f"source ON source.concept_id = event.{quote(events.source)} WHERE NOT "
        f"({is_found}) GROUP BY 1 ORDER BY 1"
    )


def _is_id(value: object) -> bool:
    return value is not None and str(value).removeprefix("-").isdigit()


def _vocabularies_of(engine: Engine, place: Database, ids: set[int]) -> dict[int, str]:
    among = nodes.Call(
        "in",
        (
            nodes.Column(nodes.Table(CONCEPT), "concept_id"),
            nodes.Values(tuple(ids), int),
        ),
    )
    names = tuple((column.name, column.name) for column in CONCEPT.columns)
    wanted = Wanted(
        "concept", tuple(name for name, _ in names), (Rows(((among,),), names),)
    )
    table = place.asking((wanted,)).open(engine, "concept", wanted.columns)
    stored = {column.lower() for column in table.types}
    if not {"concept_id", "vocabulary_id"} <= stored:
        return {}
    rows = engine.execute(f"SELECT concept_id, vocabulary_id FROM {table.relation}")
    return {int(id_): str(name) for id_, name in rows if _is_id(id_) and name}


def _said(name: str, table: str, found: Iterable[str]) -> Iterator[str]:
    names = sorted(vocabulary for vocabulary in found if vocabulary not in NO_CONCEPT)
    if names:
        shown = ", ".join(_plain(each) for each in names[:MOST_NAMED])
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        yield f"{table}: some rows are of {shown}{more}; {INSTEAD.format(name)}"


def _plain(name: str) -> str:
    return "".join(each for each in name if each.isprintable())[:LONGEST]


def _dirt(
    name: str, table: str, found: Iterable[tuple[str, int | None]]
) -> Iterator[Dirt]:
    for vocabulary, rows in found:
        none = vocabulary in NO_CONCEPT
        yield Dirt(
            table=name,
            file=table,
            column="",
            rule="without a concept" if none else f"of vocabulary {_plain(vocabulary)}",
            remedy=INSTEAD.format(name),
            rows=rows,
            first_row=None,
            refused=False,
            said=not none,
        )
