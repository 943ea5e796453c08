"""Conditions on the rows of one table as SQL, with its own columns alone."""

from collections.abc import Iterable
from itertools import chain

from extractors.model import nodes
from extractors.planner.needs import codelist_of
from extractors.sql.compiler import Compiler
from extractors.sql.placement import Placement
from extractors.sql.words import quote, text


def row_condition(alternatives: Iterable[Iterable[nodes.Series]]) -> str:
    """Conditions on a table's own columns as SQL: any of some sets, of which all must
    hold.
    """
    sets = [list(each) for each in alternatives]
    compiler = Compiler(Placement(""))
    compiler.add(chain.from_iterable(sets))
    return " OR ".join(
        f"({' AND '.join(compiler.texts[node].sql for node in each)})" for each in sets
    )


def rough_condition(alternatives: Iterable[Iterable[nodes.Series]]) -> str:
    """As `row_condition`, but a row more may fulfil it: where codes are looked for,
    their hashes are compared.

    DuckDB hashes each different text of a Parquet page once, and then looks for
    numbers: half the time, measured on 48 million rows.
    """
    return " OR ".join(
        _hashed(list(each)) or row_condition([each]) for each in alternatives
    )


def _hashed(conditions: list[nodes.Series]) -> str:
    found = codelist_of(conditions[0]) if len(conditions) == 1 else None
    if (
        not found
        or not found[1].values
        or not all(isinstance(code, str) for code in found[1].values)
    ):
        return ""
    hashes = ", ".join(f"hash({text(code)})" for code in found[1].values)
    return f"hash(e.{quote(found[0].name)}) IN ({hashes})"
