"""Series to one SELECT over cells: a row per patient and place on a ladder, a column per series.

As `sql.query`, but INTERVAL is not two parameters: every cell brings the dates of its place. What depends on
INTERVAL has a value per cell, what does not has one per patient and is joined to each of its cells.

The table of cells is named CELLS here and `c` in expressions. Rows are joined to the cells of their patient,
or, if a window tells their places, know their cells by themselves.
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from extractors.model import nodes
from extractors.planner.values import known_values
from extractors.planner.windows import frames_in
from extractors.sql.operations import call
from extractors.sql.positions import position_sql
from extractors.sql.query import Compiler, Text, filter_sql
from extractors.sql.relations import Relation
from extractors.sql.words import enum_sql, quote

CELLS = "cells of the time"  # all with spaces, so that no author's table or column can have these names
LADDER = "ladder of periods"
PLACE = "at place"
UNTIL = "until place"
TOUCHED = "touched places"
FEW_VALUES = 30  # each outcome of a choice repeats the whole list


@dataclass(frozen=True)
class Span:
    """The places of a row by its `date`: from where dates of the ladder reach it to before those that do."""

    date: nodes.Series
    start: Sequence[datetime.date]
    start_passed: bool
    end: Sequence[datetime.date]
    end_passed: bool
    single: bool


# Gives SQL of cells. It takes SQL of the touched places (`patient_id`, `at place`), which
# it names TOUCHED, and the further columns to read of those, with a comma before each.
MakeCells = Callable[[str, str], str]
Spans = Mapping[tuple[nodes.Series, ...], Span]


def standing_sql(columns: Mapping[str, nodes.Series]) -> str:
    """patient_id, the cell's place and the place it lasts until, and these series, for each cell.

    Those of few known strings come as numbers of a list: a tenth of the memory, and grouped the faster.
    """
    compiler = _CellCompiler({})
    compiler.add(columns.values())
    return compiler.with_relations() + compiler.select_cells(columns, [f"c.{quote(UNTIL)}"], numbered=True)


def touched_sql(
    columns: Mapping[str, nodes.Series],
    spans: Spans,
    cells: MakeCells,
    along: Sequence[str],
) -> str:
    """patient_id, place and these series for each cell in which a row of a window falls.

    `along`: columns of the cells to hand on.
    """
    compiler = _CellCompiler(spans, _of_rows(columns.values()))
    compiler.add(columns.values())
    body = cells(compiler.touched(), compiler.found())
    compiler.relations[CELLS] = Relation(CELLS, 0, body=body, early=False)
    return compiler.with_relations() + compiler.select_cells(columns, [f"c.{quote(name)}" for name in along])


class _CellCompiler(Compiler):
    """A compiler whose relations may have a row per cell."""

    def __init__(self, spans: Spans, of_rows: Collection[nodes.Node] = frozenset()) -> None:
        super().__init__(CELLS)
        self.spans, self.of_rows = spans, of_rows

    def touched(self) -> str:
        """SELECT of every patient and place that a row with a span falls in."""
        key = "*" if self._only() else f"patient_id, {quote(PLACE)}"
        touching = self._touching()
        assert touching, "a window whose rows do not tell their places"
        return " UNION ".join(f"SELECT {key} FROM {quote(name)}" for name in touching)

    def found(self) -> str:
        """The one relation that tells the places comes along with them, as a value: so it need not be joined again."""
        return f", {quote(TOUCHED)} AS {quote(self._only())}" if self._only() else ""

    def _touching(self) -> list[str]:
        return [relation.name for relation in self.relations.values() if relation.moving and relation.early]

    def _only(self) -> str:
        names = self._touching()
        return names[0] if len(names) == 1 else ""

    def select_cells(self, columns: Mapping[str, nodes.Series], along: Sequence[str], *, numbered: bool = False) -> str:
        texts = {name: self._numbered(node) if numbered else self.texts[node].sql for name, node in columns.items()}
        names = [*along, *(f"{text} AS {quote(name)}" for name, text in texts.items())]
        needs = frozenset().union(*(self.texts[node].needs for node in columns.values()))
        return self._select(names, needs - {self._only()})

    def _numbered(self, node: nodes.Series) -> str:
        values, text = known_values(node), self.texts[node].sql
        if values and len(values) <= FEW_VALUES:
            return self._cast(node, enum_sql(values))
        return f"CAST({text} AS {enum_sql(values)})" if values else text

    def _cast(self, node: nodes.Series, type_: str) -> str:
        """A string as one of a list; of a choice, each outcome, which is done while the query is planned."""
        text = self.texts[node].sql
        if isinstance(node, nodes.Call) and (outcomes := _outcomes(node)):
            texts = [self.texts[each].sql for each in node.arguments]
            if text == call(node, texts):  # else it is computed already, and has a name
                cast = {place: self._cast(node.arguments[place], type_) for place in outcomes}
                return call(node, [cast.get(place, each) for place, each in enumerate(texts)])
        return f"CAST({text} AS {type_})"

    def _select(self, columns: Iterable[str], needs: frozenset[str]) -> str:
        head = ["c.patient_id", f"c.{quote(PLACE)}", *columns]
        return f"SELECT {', '.join(head)} FROM {quote(CELLS)} AS c{self._joins(needs, 'c')}"

    def _named_if_heavy(self, node: nodes.Series, text: Text) -> Text:
        """What rows that tell the cells are asked for can't be computed in those cells first.

        What never moves is a static column or something written; to no cell, so that rows need not wait for one.
        """
        kept = node.domain is None and (node in self.of_rows or not node.interval)
        return text if kept else super()._named_if_heavy(node, text)

    def _moves(self, *nodes_: nodes.Node) -> bool:
        return not nodes_ or any(node.interval for node in nodes_)

    def _parameter(self, node: nodes.Parameter) -> str:
        return f"c.{node.name}"

    def _early(self, conditions: list[nodes.Series], moving: bool, needs: frozenset[str]) -> bool:
        known = {relation.name: relation for relation in self.relations.values()}
        return not moving or (self._span(conditions) is not None and all(known[name].early for name in needs))

    def _keys(self, moving: bool) -> list[str]:
        return ["e.patient_id", f"c.{quote(PLACE)}"] if moving else ["e.patient_id"]

    def _same(self, relation: Relation, owner: str) -> str:
        same = super()._same(relation, owner)
        return f"{same} AND {quote(relation.name)}.{quote(PLACE)} = c.{quote(PLACE)}" if relation.moving else same

    # A picked row is an aggregate here: the greatest by its keys. DuckDB finds it in half the time that it takes
    # to number the rows, and in one scan with whatever else is asked of the same rows.

    def _column(self, node: nodes.Column) -> Text:
        pick = node.source
        if not (isinstance(pick, nodes.Pick) and self._moves(pick)):
            return super()._column(node)
        keys = [self.texts[key] for key in nodes.sort_keys(pick.source)]
        order = ", ".join(f"{key.sql}, 'ASC NULLS FIRST'" for key in keys)  # NULL is lowest
        best = f"arg_{'max' if pick.last else 'min'}_null(e.{quote(node.name)}, create_sort_key({order}))"
        relation, column = self._scanned(pick.source, keys, True, lambda own: f"{best} {filter_sql(own)}")
        value = f"{quote(relation.name)}.{column}"
        return Text(f"CAST({value} AS BIGINT)" if node.type is int else value, frozenset({relation.name}))

    def _aggregate_of_one(self, node: nodes.Aggregate) -> Text:
        pick = node.rows
        if not (isinstance(pick, nodes.Pick) and self._moves(pick)):
            return super()._aggregate_of_one(node)
        relation, own = self._scan(pick.source, [], True)
        there = relation.flag(own)
        return Text(there if node.operation == "exists" else f"CAST({there} AS BIGINT)", frozenset({relation.name}))

    def _span(self, conditions: list[nodes.Series]) -> Span | None:
        return self.spans.get(span_key(conditions))

    def _from(self, rows: str, conditions: list[nodes.Series], moving: bool, early: bool) -> str:
        span = self._span(conditions)
        if not moving:
            return super()._from(rows, conditions, moving, early)
        if span is None or not early:
            return f"{quote(rows)} AS e JOIN {quote(CELLS)} AS c ON c.patient_id = e.patient_id"
        placed = self._placed(rows, span)
        return f"({placed}) AS e JOIN {quote(LADDER)} AS c ON c.{quote(PLACE)} = e.{quote(PLACE)}"

    def _placed(self, rows: str, span: Span) -> str:
        """The rows, once for each of their places."""
        date = self.texts[span.date].sql
        start, end = position_sql(date, span.start, span.start_passed), position_sql(date, span.end, span.end_passed)
        places = start if span.single else f"unnest(range({start}, {end}))"
        return f"SELECT e.*, {places} AS {quote(PLACE)} FROM {quote(rows)} AS e WHERE {start} < {end}"


def _of_rows(columns: Iterable[nodes.Series]) -> set[nodes.Node]:
    """All that moving rows are asked for, and what it is made of."""
    asked = [uses for column in columns for uses in frames_in(column).values()]
    return set(nodes.walk(series for uses in asked for series in (*uses.conditions, *uses.values)))


def _outcomes(node: nodes.Call) -> Collection[int]:
    """Which of the arguments of a choice it may come to."""
    count = len(node.arguments)
    if node.operation == "coalesce":
        return range(count)
    return {*range(1, count, 2), count - 1} if node.operation == "case" else ()


def span_key(conditions: Sequence[nodes.Series]) -> tuple[nodes.Series, ...]:
    """What rows have in common that move alike: their conditions on INTERVAL."""
    return tuple(sorted({c for c in conditions if c.interval}, key=lambda c: c.digest))
