"""`plan --sql` and `plan --explain`: the SQL of a run as people read it, and what a
period reads.
"""

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from extractors.errors import ArgumentsError
from extractors.model.nearest import nearest
from extractors.sql.layout import WIDTH, lay_out
from flows.preparing.period_reads import PeriodReads, period_reads
from flows.preparing.prepared import Prepared
from flows.preparing.statements import Statement, computing, statements
from measures.counts import counting

ITEM, BELOW = "-- * ", "--     "  # how a line of a list begins, and one below it
FEW = 8  # names that a refusal lists
INTRODUCTION = (
    "The SQL of a run from nothing, in the order in which a run executes it. The tables "
    "of the records are in the schema `records`; a run does each step in shards, "
    "ranges of patients, and keeps its tables as files."
)


def sql_text(prepared: Prepared, series: str) -> str:
    """What `plan --sql` prints: legal SQL, its explanations as comments.

    `series`: only what computes this one; "" for all. Raises ArgumentsError for a
    series that the study does not have.
    """
    chosen = chosen_statements(prepared, series)
    parts = [comment(INTRODUCTION), *_legend(prepared, chosen)]
    return "\n\n".join([*parts, *map(statement_text, chosen)])


def sql_json(prepared: Prepared, series: str) -> dict[str, Any]:
    """What `plan --sql --json` prints. Raises as `sql_text`."""
    chosen = chosen_statements(prepared, series)
    return {
        "study": prepared.study.name,
        "columns": _names_of_columns(prepared, chosen),
        "statements": [_statement_json(each) for each in chosen],
    }


def chosen_statements(prepared: Prepared, series: str) -> list[Statement]:
    """All statements of a run, or those that compute a series."""
    every = statements(prepared)
    return computing(every, _column(prepared, series)) if series else every


def _column(prepared: Prepared, series: str) -> str:
    """The column of the series that people know by this name."""
    known = list(prepared.parts_by_title)
    if series not in known:
        close = nearest(series, known)
        hint = f"did you mean {close!r}?" if close else _some(known)
        raise ArgumentsError(
            f"There is no series {series!r}; {hint} `plan --series` lists them all."
        )
    titles = counting.titles(prepared.study.measures)
    columns = {title: column for column, title in titles.items()}
    return columns.get(series, series)


def _some(names: Sequence[str]) -> str:
    more = ", …" if len(names) > FEW else ""
    return f"the study has {', '.join(names[:FEW])}{more}."


def _legend(prepared: Prepared, chosen: Iterable[Statement]) -> list[str]:
    """What the columns are called whose names follow from what they compute."""
    names = _names_of_columns(prepared, chosen)
    lines = [f"-- {column} is {title}" for column, title in names.items()]
    return ["\n".join(lines)] if lines else []


def _names_of_columns(
    prepared: Prepared, chosen: Iterable[Statement]
) -> dict[str, str]:
    mentioned: set[str] = set()
    for each in chosen:
        mentioned |= each.names
    titles = counting.titles(prepared.study.measures)
    found: dict[str, str] = {}
    for column, title in titles.items():
        if column in mentioned and column != title:
            found[column] = title
    return found


def statement_text(statement: Statement) -> str:
    """A statement below its comment, with those that set its variables."""
    parts = [comment(f"{statement.step}: {statement.says}")]
    parts += [f"{sql};" for sql in statement.first]
    return "\n".join([*parts, f"{lay_out(statement.sql)};"])


def comment(words: str, begin: str = "-- ") -> str:
    """Words as lines of an SQL comment; the later ones go in as far as `begin`."""
    return textwrap.fill(
        words,
        WIDTH,
        initial_indent=begin,
        subsequent_indent=f"-- {' ' * len(begin.removeprefix('-- '))}",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _statement_json(statement: Statement) -> dict[str, Any]:
    return {
        "step": statement.step,
        "says": statement.says,
        "makes": statement.makes,
        "sql": [*statement.first, lay_out(statement.sql)],
    }


def explained_text(prepared: Prepared, period: str) -> str:
    """What `plan --explain` prints. Raises ArgumentsError for a period that the study
    does not have.
    """
    found = period_reads(prepared, period)
    says = (comment(words) for words in found.says)
    lines = [comment(found.period), *says, "--", "-- It reads"]
    for read in found.reads:
        lines.append(comment(f"{read.name}: {read.says}", ITEM))
        if read.columns:
            lines.append(comment(f"columns: {', '.join(read.columns)}", BELOW))
        lines.append(comment(f"found by {read.key}", BELOW))
    legend = _legend(prepared, found.statements)
    parts = ["\n".join(lines), *legend, *map(statement_text, found.statements)]
    return "\n\n".join(parts)


def explained_json(prepared: Prepared, period: str) -> dict[str, Any]:
    """What `plan --explain --json` prints. Raises as `explained_text`."""
    found: PeriodReads = period_reads(prepared, period)
    return {
        "study": prepared.study.name,
        "period": found.period,
        "says": list(found.says),
        "reads": [
            {
                "name": read.name,
                "says": read.says,
                "columns": list(read.columns),
                "key": read.key,
            }
            for read in found.reads
        ],
        "statements": [_statement_json(each) for each in found.statements],
    }
