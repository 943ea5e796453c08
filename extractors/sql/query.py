"""A query for named series: one row per patient, and the parameters it takes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from extractors.model import nodes
from extractors.sql.compiler import Compiler
from extractors.sql.placement import Placement
from extractors.sql.words import quote

QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*\"""")  # strings and names, in which a $ is no parameter


@dataclass(frozen=True)
class Query:
    """SQL text and the names of the parameters it takes (`interval_start`, `interval_end`)."""

    sql: str
    parameters: tuple[str, ...]


def compile_query(columns: Mapping[str, nodes.Series], *, base: str, population: str = "") -> Query:
    """One row for each patient_id of the table `base`, with these columns.

    `population` is an SQL condition over the columns; patients who do not fulfil it are left out.
    """
    compiler = Compiler(Placement(base))
    compiler.add(columns.values())
    sql = compiler.select(columns)
    if population:
        sql = f"SELECT * FROM ({sql}) WHERE {population}"
    return _with_parameters(compiler.with_relations() + sql)


def compile_rows(columns: Mapping[str, nodes.Series], *, base: str) -> Query:
    """One row for each row that the series have, with its patient_id and these columns.

    `base` is the table from which values per patient are taken.
    """
    compiler = Compiler(Placement(base))
    compiler.add(columns.values())
    frame = nodes.common_domain(columns.values())
    assert frame is not None, "a table of events has rows of its own"
    texts = [compiler.texts[node] for node in columns.values()]
    scan = compiler.scan(frame, texts, moving=False)
    named = zip(texts, columns, strict=True)
    selected = ", ".join(["e.patient_id", *(f"{text.sql} AS {quote(name)}" for text, name in named)])
    return _with_parameters(f"{compiler.with_relations()}SELECT {selected} {scan.sql}")


def _with_parameters(sql: str) -> Query:
    """The query with the parameters its text names: a definition may mention INTERVAL where it changes nothing."""
    bare = QUOTED.sub("", sql)
    return Query(sql, tuple(name for name in sorted(nodes.PARAMETERS) if f"${name}" in bare))
