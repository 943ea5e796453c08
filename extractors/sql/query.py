"""A query for named series: one row per patient, and the parameters it takes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from extractors.model import nodes
from extractors.sql.compiler import Compiler
from extractors.sql.placement import Placement
from extractors.sql.words import quote

# Relations in one statement. DuckDB works on all of a statement at once: 500 series of
# 1,000 patients took more than 400 MB and 9 CPU seconds in one, less than 200 MB and 4
# in steps.
MOST_TOGETHER = 24
# strings and names, in which a $ is no parameter
QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*\"""")


@dataclass(frozen=True)
class Query:
    """SQL text, and what must be known to run it."""

    # one SELECT
    sql: str
    # names: `interval_start`, `interval_end`
    parameters: tuple[str, ...]


def compile_query(
    columns: Mapping[str, nodes.Series], *, base: str, population: str = ""
) -> Query:
    """One row for each patient_id of the table `base`, with these columns.

    `population` is an SQL condition over the columns; patients who do not fulfil it are
    left out.
    """
    compiler = Compiler(Placement(base))
    compiler.add(columns.values())
    sql = compiler.select(columns)
    if population:
        sql = f"SELECT * FROM ({sql}) WHERE {population}"
    return _with_parameters(compiler.with_relations() + sql)


@dataclass(frozen=True)
class Steps:
    """A query as statements."""

    # what makes the tables and variables that the last one reads
    first: tuple[str, ...]
    # the last one, a SELECT
    sql: str

    @property
    def text(self) -> str:
        """All of it, which determines its result."""
        return ";\n".join([*self.first, self.sql])


def compile_steps(columns: Mapping[str, nodes.Series], *, base: str) -> Steps:
    """As `compile_query`, in as many statements as it takes to have few relations in
    each.

    No series may mention INTERVAL.
    """
    compiler = Compiler(Placement(base))
    compiler.add(columns.values())
    made = compiler.bodies()
    if len(made) <= MOST_TOGETHER:
        return Steps((), compiler.with_relations() + compiler.select(columns))
    tables = [
        _made(relation.name, body, view=relation.whole) for relation, body in made
    ]
    parts = [compiler.select(part) for part in _parts(columns, compiler)]
    names = [f"part {number}" for number in range(len(parts))]
    tables += [
        _made(name, part, view=False) for name, part in zip(names, parts, strict=True)
    ]
    joins = "".join(f" LEFT JOIN {quote(name)} USING (patient_id)" for name in names)
    selected = ", ".join(["patient_id", *map(quote, columns)])
    return Steps(tuple(tables), f"SELECT {selected} FROM {quote(base)}{joins}")


def _made(name: str, body: str, *, view: bool) -> str:
    """A statement that makes a relation; all rows of a table are better not copied."""
    return (
        f"CREATE OR REPLACE TEMP {'VIEW' if view else 'TABLE'} {quote(name)} AS {body}"
    )


def _parts(
    columns: Mapping[str, nodes.Series], compiler: Compiler
) -> Iterator[dict[str, nodes.Series]]:
    """The columns in groups that read few relations each."""
    part: dict[str, nodes.Series] = {}
    read: frozenset[str] = frozenset()
    for name, series in columns.items():
        needs = compiler.needs([series])
        if part and len(read | needs) > MOST_TOGETHER:
            yield part
            part, read = {}, frozenset()
        part[name] = series
        read |= needs
    yield part


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
    selected = ", ".join(
        ["e.patient_id", *(f"{text.sql} AS {quote(name)}" for text, name in named)]
    )
    return _with_parameters(f"{compiler.with_relations()}SELECT {selected} {scan.sql}")


def _with_parameters(sql: str) -> Query:
    """The query with the parameters its text names: a definition may mention INTERVAL
    where it changes nothing.
    """
    bare = QUOTED.sub("", sql)
    return Query(
        sql, tuple(name for name in sorted(nodes.PARAMETERS) if f"${name}" in bare)
    )
