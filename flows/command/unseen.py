"""Codes of a study's lists that no record has.

Which codes no patient has is a count of zero, so it is written to the highly_sensitive
shelf and not said.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from extractors.engine import Engine
from extractors.model.schema import TableSchema
from extractors.model.types import is_code
from extractors.sources.base import Source
from extractors.sql.words import quote
from extractors.trial.definition import codelists_in
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.workspace.store import write_json
from measures.codelists.names import names_by_codes
from measures.study import Study

FORMAT = 1  # of the file; raise it when its entries get another meaning
FILE = "codelists.json"
FOLDERS_ABOVE = 2


def unseen_codes(study: str, records: str, workspace: str) -> str:
    """Look for the codes of the study's lists in the records; a sentence for everybody.

    Raises RecordsError for records that cannot be read.
    """
    prepared = prepare(Options(study, records, workspace=workspace))
    asked = codelists_in(prepared.named.values())
    schemas = {need.schema.name: need.schema for need in prepared.plan.needs}
    names = _names(prepared.study)
    prepared.workspace.make()
    prepared.records.make()
    found: list[dict[str, Any]] = []
    with Engine() as engine:
        source = prepared.records.open()
        for (table, column), lists in asked.items():
            schema = schemas.get(table)
            if schema is None or not is_code(schema.column(column).type):
                continue
            seen = _seen(engine, source, schema, column)
            found += _of_lists(table, column, lists, seen, names)
    write_json(prepared.workspace.high / FILE, {"format": FORMAT, "codelists": found})
    where = f"{prepared.study.name}/highly_sensitive/{FILE} of the workspace"
    return f"Which codes of the lists are in none of the records is in {where}."


def _seen(engine: Engine, source: Source, schema: TableSchema, column: str) -> set[str]:
    """The codes that a column holds."""
    source.check(engine, schema, [column])
    relation = source.relation(engine, schema, [column])
    rows = engine.execute(
        f"SELECT DISTINCT CAST({quote(column)} AS VARCHAR) FROM ({relation})"
    )
    return {row[0] for row in rows if row[0] is not None}


def _of_lists(
    table: str,
    column: str,
    lists: Iterable[tuple[str, ...]],
    seen: set[str],
    names: Mapping[frozenset[str], str],
) -> Iterable[dict[str, Any]]:
    for codes in dict.fromkeys(lists):
        yield {
            "codelist": names.get(frozenset(codes), ""),
            "table": table,
            "column": column,
            "codes": len(set(codes)),
            "unseen": sorted(set(codes) - seen),
        }


def _names(study: Study) -> Mapping[frozenset[str], str]:
    folder = study.path.parent
    return names_by_codes(
        study.codelists, (folder, *folder.parents[:FOLDERS_ABOVE], Path.cwd())
    )
