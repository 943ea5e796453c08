"""Series to one SELECT over cells: a row per patient and place on a ladder, a column
per series.

As `sql.query`, but INTERVAL is not two parameters: every cell brings the dates of its
place. What depends on INTERVAL has a value per cell, what does not has one per patient
and is joined to each of its cells.

The table of cells is named CELLS here and `c` in expressions. Rows are joined to the
cells of their patient, or, if a window tells their places, know their cells by
themselves.
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from extractors.model import nodes
from extractors.planner.values import known_values
from extractors.planner.windows import frames_in
from extractors.sql.compiler import Compiler
from extractors.sql.operations import call
from extractors.sql.placement import Placement, Source
from extractors.sql.positions import position_sql
from extractors.sql.relations import Relation
from extractors.sql.texts import Text
from extractors.sql.words import enum_sql, quote

# all with spaces, so that no author's table or column can have these names
CELLS = "cells of the time"
LADDER = "ladder of periods"
PLACE = "at place"
UNTIL = "until place"
TOUCHED = "touched places"
FEW_VALUES = 30  # each outcome of a choice repeats the whole list


@dataclass(frozen=True)
class Span:
    """The places of a row by its `date`: from where dates of the ladder reach it to
    before those that do.
    """

    # a column of the rows
    date: nodes.Series
    # the date of each place of the ladder that reaches the row's
    start: Sequence[datetime.date]
    # whether it must lie after the row's
    start_passed: bool
    # the date of each place behind which the row counts no more
    end: Sequence[datetime.date]
    # whether it must lie after the row's
    end_passed: bool
    # whether a row is in one period at most, as events of a week are
    single: bool


# Gives SQL of cells. It takes SQL of the touched places (`patient_id`, `at place`),
# which it names TOUCHED, and the further columns to read of those, with a comma before
# each.
MakeCells = Callable[[str, str], str]
Spans = Mapping[tuple[nodes.Series, ...], Span]


def standing_sql(columns: Mapping[str, nodes.Series]) -> str:
    """patient_id, the cell's place and the place it lasts until, and these series, for
    each cell.

    Those of few known strings come as numbers of a list: a tenth of the memory, and
    grouped the faster.
    """
    cells = _Cells(PerCell({}))
    cells.compiler.add(columns.values())
    texts = {name: cells.numbered(node) for name, node in columns.items()}
    return cells.select(columns, texts, [UNTIL])


def touched_sql(
    columns: Mapping[str, nodes.Series],
    spans: Spans,
    make_cells: MakeCells,
    along: Sequence[str],
) -> str:
    """patient_id, place and these series for each cell in which a row of a window
    falls.

    `along`: columns of the cells to hand on.
    """
    cells = _Cells(PerCell(spans, _of_rows(columns.values())))
    compiler = cells.compiler
    compiler.add(columns.values())
    body = make_cells(cells.touched(), cells.found())
    compiler.relations[CELLS] = Relation(name=CELLS, level=0, body=body, early=False)
    texts = {name: compiler.texts[node].sql for name, node in columns.items()}
    return cells.select(columns, texts, along)


class PerCell(Placement):
    """One row per cell; what never mentions INTERVAL has one per patient."""

    def __init__(
        self, spans: Spans, of_rows: Collection[nodes.Node] = frozenset()
    ) -> None:
        super().__init__(CELLS)
        # By what rows have in common that move alike, the places of such rows.
        self.spans = spans
        # All that moving rows are asked for, and what it is made of.
        self.of_rows = of_rows

    @property
    def owner(self) -> str:
        return "c"

    @property
    def base_moves(self) -> bool:
        return True

    def base_sql(self) -> str:
        return f"{quote(CELLS)} AS c"

    def base_keys(self) -> list[str]:
        return ["c.patient_id", f"c.{quote(PLACE)}"]

    def moves(self, *parts: nodes.Node) -> bool:
        return any(part.interval for part in parts)

    def parameter(self, node: nodes.Parameter) -> str:
        return f"c.{node.name}"

    def keys(self, moving: bool) -> list[str]:
        return ["e.patient_id", f"c.{quote(PLACE)}"] if moving else ["e.patient_id"]

    def early(
        self,
        conditions: Sequence[nodes.Series],
        moving: bool,
        needs: Iterable[Relation],
    ) -> bool:
        if not moving:
            return True
        spanned = span_key(conditions) in self.spans
        return spanned and all(relation.early for relation in needs)

    def source(self, source: Source, texts: Mapping[nodes.Node, Text]) -> str:
        if not source.moving:
            return super().source(source, texts)
        if source.early:
            span = self.spans[span_key(source.conditions)]
            placed = _placed(source.rows, span, texts[span.date].sql)
            of = f"c.{quote(PLACE)} = e.{quote(PLACE)}"
            return f"({placed}) AS e JOIN {quote(LADDER)} AS c ON {of}"
        of = "c.patient_id = e.patient_id"
        return f"{quote(source.rows)} AS e JOIN {quote(CELLS)} AS c ON {of}"

    def same(self, relation: Relation, owner: str) -> str:
        same = super().same(relation, owner)
        if not relation.moving:
            return same
        return f"{same} AND {quote(relation.name)}.{quote(PLACE)} = c.{quote(PLACE)}"

    def stays_written(self, node: nodes.Series) -> bool:
        """What rows that tell the cells are asked for can't be computed in those cells
        first.

        What never moves is a static column or something written; to no cell, so that
        rows need not wait for one.
        """
        return node.domain is None and (node in self.of_rows or not node.interval)


def _placed(rows: str, span: Span, date: str) -> str:
    """The rows, once for each of their places."""
    start = position_sql(date, span.start, span.start_passed)
    end = position_sql(date, span.end, span.end_passed)
    places = start if span.single else f"unnest(range({start}, {end}))"
    placed = f"SELECT e.*, {places} AS {quote(PLACE)} FROM {quote(rows)} AS e"
    return f"{placed} WHERE {start} < {end}"


class _Cells:
    """SELECT from cells, with all that it reads."""

    def __init__(self, placement: PerCell) -> None:
        self.compiler = Compiler(placement)

    def touched(self) -> str:
        """SELECT of every patient and place that a row with a span falls in."""
        key = "*" if self._only() else f"patient_id, {quote(PLACE)}"
        touching = self._touching()
        assert touching, "a window whose rows do not tell their places"
        return " UNION ".join(f"SELECT {key} FROM {quote(name)}" for name in touching)

    def found(self) -> str:
        """The one relation that tells the places comes along with them, as a value: so
        it need not be joined again.
        """
        return f", {quote(TOUCHED)} AS {quote(self._only())}" if self._only() else ""

    def _touching(self) -> list[str]:
        relations = self.compiler.relations.values()
        found: list[str] = []
        for relation in relations:
            if relation.moving and relation.early:
                found.append(relation.name)
        return found

    def _only(self) -> str:
        names = self._touching()
        return names[0] if len(names) == 1 else ""

    def select(
        self,
        columns: Mapping[str, nodes.Series],
        texts: Mapping[str, str],
        along: Sequence[str],
    ) -> str:
        """Some columns of the cells, and the SQL `texts` of these series by name."""
        names = [f"c.{quote(name)}" for name in along]
        names += [f"{text} AS {quote(name)}" for name, text in texts.items()]
        needs = self.compiler.needs(columns.values()) - {self._only()}
        return self.compiler.with_relations() + self.compiler.select_sql(names, needs)

    def numbered(self, node: nodes.Series) -> str:
        """The SQL of a series; where its strings are known, as numbers of a list."""
        values, text = known_values(node), self.compiler.texts[node].sql
        if values and len(values) <= FEW_VALUES:
            return self._cast(node, enum_sql(values))
        return f"CAST({text} AS {enum_sql(values)})" if values else text

    def _cast(self, node: nodes.Series, type_: str) -> str:
        """A string as one of a list; of a choice, each outcome, which is done while the
        query is planned.
        """
        text = self.compiler.texts[node].sql
        if isinstance(node, nodes.Call) and (outcomes := _outcomes(node)):
            texts = [self.compiler.texts[each].sql for each in node.arguments]
            if text == call(node, texts):  # else it is computed already, and has a name
                cast = {
                    place: self._cast(node.arguments[place], type_)
                    for place in outcomes
                }
                return call(
                    node, [cast.get(place, each) for place, each in enumerate(texts)]
                )
        return f"CAST({text} AS {type_})"


def _of_rows(columns: Iterable[nodes.Series]) -> set[nodes.Node]:
    """All that moving rows are asked for, and what it is made of."""
    asked: list[nodes.Series] = []
    for column in columns:
        for uses in frames_in(column).values():
            asked += [*uses.conditions, *uses.values]
    return set(nodes.walk(asked))


def _outcomes(node: nodes.Call) -> Collection[int]:
    """Which of the arguments of a choice it may come to."""
    count = len(node.arguments)
    if node.operation == "coalesce":
        return range(count)
    return {*range(1, count, 2), count - 1} if node.operation == "case" else ()


def span_key(conditions: Sequence[nodes.Series]) -> tuple[nodes.Series, ...]:
    """What rows have in common that move alike: their conditions on INTERVAL."""
    return tuple(sorted({c for c in conditions if c.interval}, key=lambda c: c.digest))
