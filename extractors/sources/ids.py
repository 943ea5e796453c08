"""Patients by the ids that a source has for them: whole numbers of 64 bits, or texts.

All that is computed knows patients by a number. Where the ids are texts (or UUIDs),
everybody gets one in the order of the ids: the same records give the same numbers. The
snapshot keeps the pairs, on the highly_sensitive shelf, and datasets have the source's
own ids again.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.model.schema import TableSchema
from extractors.planner.needs import TableNeed
from extractors.sources.base import Keys, Source, Table, WholeIds
from extractors.sources.damage import described
from extractors.sources.dirt import Checked
from extractors.sources.own_ids import id_text
from extractors.sources.promises import KEY
from extractors.sources.reading import family
from extractors.sql.words import quote

# Digits after a zero are a text: as a number, 0001 would lose what tells it from 1.
WHOLE = "0|-?[1-9][0-9]*"
LOOKED_AT = 1_000  # rows of a table, to see what its ids are
IDS = "patient ids"  # with a space, so no author's table can have this name


def keyed(
    engine: Engine, source: Source, needs: Iterable[TableNeed], *, rows: bool = True
) -> Source:
    """The source, with texts as ids if that is what it has.

    A stored whole number decides for all tables; else what most of the first rows have.
    Without `rows` only types decide.
    """
    found = Keys()
    for need in needs:
        found = found.with_others(source.keys(engine, need.schema, rows=rows))
    return source.with_text_ids() if found.are_texts else source


def refuse_missing(engine: Engine, source: Source, needs: Iterable[TableNeed]) -> None:
    """Raise one RecordsError for all tables and columns that are not there, or of
    another type.

    Where nothing can be seen from here, or just now, that is raised as it is.
    """
    missing: list[str] = []
    for need in needs:
        try:
            keyed(engine, source, [need], rows=False).relation(
                engine, need.schema, need.columns
            )
        except RecordsError as error:
            if error.transient or error.unseen:
                raise
            missing.append(error.message)
    if missing:
        raise RecordsError("\n".join(dict.fromkeys(missing)))


def number(engine: Engine, source: Source, needs: Iterable[TableNeed]) -> "Numbered":
    """The source with a number for everybody, in the order of the ids, in a table of
    the engine.
    """
    every = " UNION ALL ".join(
        f"SELECT patient_id FROM ({source.relation(engine, need.schema, ())})"
        for need in needs
    )
    known = (
        f"SELECT DISTINCT patient_id AS id FROM ({every}) WHERE patient_id IS NOT NULL"
    )
    numbered = (
        f"SELECT row_number() OVER (ORDER BY id) AS patient_id, id FROM ({known})"
    )
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {quote(IDS)} AS {numbered}")
    return Numbered(source)


def keys_of(engine: Engine, table: Table, *, rows: bool) -> Keys:
    """What a table has for ids of patients: its first rows tell, where these are
    texts.
    """
    stored = family(table.types[KEY.name])
    if stored != "text":
        return Keys(
            whole=stored in ("integer", "wide integer"),
            others=1 if stored == "uuid" else 0,
        )
    if not rows:
        return Keys()
    column = id_text(quote(KEY.name))
    first = (
        f"SELECT {column} AS id FROM {table.relation} WHERE {column} IS NOT NULL "
        f"LIMIT {LOOKED_AT}"
    )
    whole = f"regexp_full_match(id, '{WHOLE}') AND TRY_CAST(id AS BIGINT) IS NOT NULL"
    with described(table.label, table.form):
        asked = f"SELECT count(*), coalesce(count_if(NOT ({whole})), 0) FROM ({first})"
        ((texts, others),) = engine.execute(asked)
    return Keys(texts=texts, others=others)


@dataclass(frozen=True)
class Numbered(WholeIds):
    """A Source with the patients' numbers from the engine's table of ids."""

    # knows them by texts
    source: Source

    def files(self) -> tuple[Path, ...]:
        return self.source.files()

    def relation(
        self,
        engine: Engine,
        schema: TableSchema,
        columns: Sequence[str],
        clean: Container[str] = (),
    ) -> str:
        rows = self.source.relation(engine, schema, columns, clean)
        given = ", ".join(
            ["ids.patient_id", *(f"own.{quote(column)}" for column in columns)]
        )
        return (
            f"SELECT {given} FROM ({rows}) AS own JOIN {quote(IDS)} AS ids ON ids.id "
            "= own.patient_id"
        )

    def check(
        self,
        engine: Engine,
        schema: TableSchema,
        columns: Sequence[str],
        *,
        thorough: bool = False,
    ) -> Checked:
        return self.source.check(engine, schema, columns, thorough=thorough)
