"""Codelists that no row of the records matches."""

from collections.abc import Iterator
from dataclasses import replace

from extractors.engine import Engine
from extractors.model import nodes
from extractors.model.types import MULTI_CODE_TYPES
from extractors.notice import Notice
from extractors.planner.needs import codelist_of
from extractors.sql.words import quote
from measures.study import Study

UNMATCHED = "codelist"


def unmatched(study: Study, engine: Engine) -> list[Notice]:
    """A doubt for each codelist of which no code is in the column that it is compared
    with.

    `engine` has the tables that the definition needs.
    """
    found: dict[str, set[str]] = {}  # codelist -> columns in which none of its codes is
    matched: set[str] = set()
    for column, codes in _compared(study):
        names = [name for name, listed in study.codes.items() if codes <= listed]
        seen = _occur(engine, column, codes)
        for name in names:
            found.setdefault(name, set()).add(
                f"{column.source.table.schema.name}.{column.name}"
            )
        matched |= set(names if seen else ())
    return [
        _doubt(study, name, columns)
        for name, columns in found.items()
        if name not in matched
    ]


def _compared(study: Study) -> Iterator[tuple[nodes.Column, frozenset[str]]]:
    """Each column that is compared with codes of a codelist, and these codes."""
    for node in nodes.walk(study.roots):
        match node:
            case nodes.Call(
                operation="contains",
                arguments=(nodes.Column() as column, nodes.Literal(value=code)),
            ):
                yield column, frozenset({str(code)})
            case nodes.Call() if compared := codelist_of(node):
                column, values = compared
                yield column, frozenset(map(str, values.values))


def _occur(engine: Engine, column: nodes.Column, codes: frozenset[str]) -> bool:
    """Whether a value of the column is one of the codes, or has one in it if it holds
    several.
    """
    table, name = quote(column.source.table.schema.name), quote(column.name)
    values = engine.execute(
        f"SELECT DISTINCT CAST({name} AS VARCHAR) FROM {table} WHERE {name} IS NOT NULL"
    )
    texts = {value for (value,) in values}
    if column.type not in MULTI_CODE_TYPES:
        return not codes.isdisjoint(texts)
    # the codes of one cell are searched as one text: E119 is in "E119|I10"
    return any(any(code in text for code in codes) for text in texts)


def _doubt(study: Study, name: str, columns: set[str]) -> Notice:
    place = study.defined.get(f"codelist {name}", Notice(message=""))
    message = (
        f"no row of {' or '.join(sorted(columns))} has a code of {name}, so nothing "
        "is found by it"
    )
    return replace(place, message=message, kind=UNMATCHED)
