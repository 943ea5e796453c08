"""Series to one SELECT: a row per patient, a column per series.

Every place a patient-level value comes from (a one-row table, a picked row, aggregates over rows) is a
*relation* with at most one row per patient; an expression names the relations it reads, and whoever
uses the expression joins them. Aggregates over the same rows share one relation, and so one scan.

Expressions are written out where they are used, up to a point: one that is nested too deep for DuckDB's
parser, or that is long and used again, is computed first and then read by name; a patient-level one as a
relation of its own, one of rows as a further column of the rows.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from extractors.model import nodes
from extractors.planner.needs import codelist_of, merged
from extractors.sql.operations import AGGREGATES, OVER_ROWS, call, literal, sql_type
from extractors.sql.relations import Aggregates, Relation
from extractors.sql.words import quote


@dataclass(frozen=True)
class Query:
    """SQL text and the names of the parameters it takes (`interval_start`, `interval_end`)."""

    sql: str
    parameters: tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """The SQL of a series, and the names of the relations it reads.

    `stage`: how many times the rows it is about have been given further columns that it reads. `depth`: how
    many operations are nested in it.
    """

    sql: str
    needs: frozenset[str] = frozenset()
    stage: int = 0
    depth: int = 0


QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*\"""")  # strings and names, in which a $ is no parameter
DEEPEST = 60  # operations nested in one expression; each is up to 4 levels to DuckDB's parser, which takes 1,000
LONGEST_SHARED = 1_000  # characters of an expression that is written out more than once


def compile_query(columns: Mapping[str, nodes.Series], *, base: str, population: str = "") -> Query:
    """One row for each patient_id of the table `base`, with these columns.

    `population` is an SQL condition over the columns; patients who do not fulfil it are left out.
    """
    compiler = Compiler(base)
    compiler.add(columns.values())
    sql = compiler.select(columns)
    if population:
        sql = f"SELECT * FROM ({sql}) WHERE {population}"
    return _with_parameters(compiler.with_relations() + sql)


def _with_parameters(sql: str) -> Query:
    """The query with the parameters its text names: a definition may mention INTERVAL where it changes nothing."""
    bare = QUOTED.sub("", sql)
    return Query(sql, tuple(name for name in sorted(nodes.PARAMETERS) if f"${name}" in bare))


class Compiler:
    """Goes through a graph once, children first, and keeps the SQL of every series and relation."""

    def __init__(self, base: str) -> None:
        self.base = base  # empty where there is no place to compute anything first
        self.uses: Counter[nodes.Node] = Counter()
        self.stages: dict[nodes.Table, list[str]] = {}
        self.texts: dict[nodes.Node, Text] = {}
        self.relations: dict[object, Relation] = {}
        self.selected: dict[nodes.Frame, dict[str, None]] = {}

    def add(self, roots: Iterable[nodes.Series]) -> None:
        order = nodes.walk(roots)
        for node in order:
            self.uses.update(node.children)
            if nodes.repeats(node):
                self.uses.update(node.children)
            if isinstance(node, nodes.Column):
                self.selected.setdefault(node.source, {})[node.name] = None
        for node in order:
            if isinstance(node, nodes.Series):
                self.texts[node] = self._named_if_heavy(node, self._text(node))

    def select(self, columns: Mapping[str, nodes.Series]) -> str:
        names = [f"{self.texts[node].sql} AS {quote(name)}" for name, node in columns.items()]
        needs = frozenset().union(*(self.texts[node].needs for node in columns.values()))
        return self._select(names, needs)

    def _select(self, columns: Iterable[str], needs: frozenset[str]) -> str:
        """Columns for each patient of the base."""
        owner, others = quote(self.base), needs - {self.base}
        return f"SELECT {', '.join([f'{owner}.patient_id', *columns])} FROM {owner}{self._joins(others, owner)}"

    # what `sql.cells` has otherwise: rows may move with the period

    def _moves(self, *nodes_: nodes.Node) -> bool:
        """Whether what is made of these nodes has a value per period."""
        return False

    def _parameter(self, node: nodes.Parameter) -> str:
        return f"${node.name}"

    def _early(self, conditions: list[nodes.Series], moving: bool, needs: frozenset[str]) -> bool:
        """Whether rows that are to fulfil these conditions know their periods by themselves."""
        return True

    def _keys(self, moving: bool) -> list[str]:
        """What a relation made of rows has one row for."""
        return ["e.patient_id"]

    def _from(self, rows: str, conditions: list[nodes.Series], moving: bool, early: bool) -> str:
        """What stands behind FROM for rows that are to fulfil these conditions, as `e`."""
        return f"{quote(rows)} AS e"

    def with_relations(self) -> str:
        relations = sorted((r for r in self.relations.values()), key=lambda r: (not r.early, r.level))
        bodies = [(r.name, self._aggregates_body(r) if isinstance(r, Aggregates) else r.body) for r in relations]
        ctes = [f"{quote(name)} AS ({body})" for name, body in bodies if body]
        return f"WITH {', '.join(ctes)} " if ctes else ""

    def _joins(self, needs: Iterable[str], owner: str = "e") -> str:
        known = {relation.name: (place, relation) for place, relation in enumerate(self.relations.values())}
        chosen = [known[name][1] for name in sorted(needs, key=lambda name: known[name][0])]
        return "".join(f" LEFT JOIN {quote(each.name)} ON {self._same(each, owner)}" for each in chosen)

    def _same(self, relation: Relation, owner: str) -> str:
        """The condition that joins a relation to what reads it."""
        return f"{quote(relation.name)}.patient_id = {owner}.patient_id"

    # expressions

    def _text(self, node: nodes.Series) -> Text:
        match node:
            case nodes.Literal():
                return Text(literal(node.value, node.of))
            case nodes.Values():
                return Text("")
            case nodes.Parameter():
                return Text(self._parameter(node))
            case nodes.Column():
                return self._column(node)
            case nodes.Aggregate():
                return self._aggregate(node)
            case nodes.Call():
                return self._call(node)
        raise TypeError(f"there is no SQL for {type(node).__name__}")

    def _column(self, node: nodes.Column) -> Text:
        owner, needs = "e", frozenset[str]()
        if node.source.one_row:
            relation = self._row_relation(node.source)
            owner, needs = quote(relation.name), frozenset({relation.name})
        column = f"{owner}.{quote(node.name)}"
        # integers are stored as narrow as they fit; sums and products need the room of 64 bits
        return Text(f"CAST({column} AS BIGINT)" if node.type is int else column, needs)

    def _call(self, node: nodes.Call) -> Text:
        arguments = [self.texts[argument] for argument in self._flattened(node)]
        needs, stage = _together(arguments)
        depth = 1 + max(argument.depth for argument in arguments)
        return Text(call(node, [argument.sql for argument in arguments]), needs, stage, depth)

    def _named_if_heavy(self, node: nodes.Series, text: Text) -> Text:
        """The text, or a short one that reads what was computed first."""
        again = self.uses[node] > 1 and len(text.sql) > LONGEST_SHARED
        if not self.base or not (text.depth > DEEPEST or again):
            return text
        if node.domain is None:
            return self._value(text)
        return text if self._moves(node) else self._further_column(node.domain.table, text)

    def _value(self, text: Text) -> Text:
        name, moving = self._name("value"), self._moves()
        body = self._select([f"{text.sql} AS v"], text.needs)
        self.relations[name] = Relation(name, self._level(text.needs), set(text.needs), body, moving, not moving)
        return Text(f"{quote(name)}.v", frozenset({name}))

    def _further_column(self, table: nodes.Table, text: Text) -> Text:
        rows, name = self._rows_of(table, None), self._name("rows with")
        stages = self.stages.setdefault(table, [])
        body = f"SELECT e.*, {text.sql} AS {quote(name)} FROM {quote(rows)} AS e{self._joins(text.needs)}"
        reads = {*text.needs, *stages[-1:]}
        self.relations[name] = Relation(name, self._level(reads), reads, body)
        stages.append(name)
        return Text(f"e.{quote(name)}", stage=len(stages))

    def _rows_of(self, table: nodes.Table, stage: int | None) -> str:
        """The name of a table's rows with the further columns of a stage (None: of all so far)."""
        stages = self.stages.get(table, [])
        count = len(stages) if stage is None else stage
        return stages[count - 1] if count else table.schema.name

    @staticmethod
    def _flattened(node: nodes.Call) -> list[nodes.Series]:
        """The parts of nested `and`s or `or`s in one list, so that long ones are not deep ones."""
        if node.operation not in ("and", "or"):
            return list(node.arguments)
        return nodes.operands(node, lambda part: part.operation == node.operation)

    # relations

    def _row_relation(self, frame: nodes.Frame) -> Relation:
        if frame not in self.relations:
            self.relations[frame] = self._pick(frame) if isinstance(frame, nodes.Pick) else _stored(frame)
        return self.relations[frame]

    def _pick(self, pick: nodes.Pick) -> Relation:
        columns = [f"e.{quote(name)}" for name in self.selected.get(pick, {})]
        keys = [self.texts[key] for key in nodes.sort_keys(pick.source)]
        direction = "DESC NULLS LAST" if pick.last else "ASC NULLS FIRST"
        order = ", ".join(f"{key.sql} {direction}" for key in keys)
        moving = self._moves(pick)
        rows, needs, reads, early = self._rows(pick.source, keys, moving)
        rank = f"row_number() OVER (PARTITION BY {', '.join(self._keys(moving))} ORDER BY {order})"
        body = f"SELECT {', '.join([*self._keys(moving), *columns])} {rows} QUALIFY {rank} = 1"
        return Relation(self._name("pick"), self._level(reads), set(needs), body, moving, early)

    def _rows(
        self, frame: nodes.Frame, also: Iterable[Text], moving: bool
    ) -> tuple[str, frozenset[str], frozenset[str], bool]:
        """FROM and WHERE of the rows of a frame as `e`; the relations joined to it; all that must come before.

        And whether it is early.
        """
        conditions = [self.texts[condition] for condition in nodes.conditions(frame)]
        needs, stage = _together([*conditions, *also])
        rows = self._rows_of(frame.table, stage)
        where = f" WHERE {' AND '.join(text.sql for text in conditions)}" if conditions else ""
        before = needs | {rows} if stage else needs
        early = self._early(nodes.conditions(frame), moving, needs)
        source = self._from(rows, nodes.conditions(frame), moving, early)
        return f"FROM {source}{self._joins(needs)}{where}", needs, before, early

    def _aggregate(self, node: nodes.Aggregate) -> Text:
        if node.rows.one_row:
            return self._aggregate_of_one(node)
        if node.operation == "exists":
            return self._exists(node)
        if node.operation in OVER_ROWS:
            relation, column = self._over_rows(node), "value"
        else:
            relation, column = self._shared_scan(node)
        value, empty = f"{quote(relation.name)}.{quote(column)}", AGGREGATES[node.operation][1]
        return Text(f"coalesce({value}, {empty})" if empty else value, frozenset({relation.name}))

    def _exists(self, node: nodes.Aggregate) -> Text:
        relation, own = self._scan(node.rows, [], self._moves(node))
        return Text(relation.flag(own), frozenset({relation.name}))

    def _aggregate_of_one(self, node: nodes.Aggregate) -> Text:
        name = self._row_relation(node.rows).name
        there = f"({quote(name)}.patient_id IS NOT NULL)"
        return Text(there if node.operation == "exists" else f"CAST({there} AS BIGINT)", frozenset({name}))

    def _over_rows(self, node: nodes.Aggregate) -> Relation:
        assert isinstance(node.source, nodes.Series)
        if node not in self.relations:
            value, moving = self.texts[node.source], self._moves(node)
            rows, needs, reads, early = self._rows(node.rows, [value], moving)
            keys = self._keys(moving)
            there = f"(SELECT * FROM (SELECT {', '.join(keys)}, {value.sql} AS v {rows}) WHERE v IS NOT NULL)"
            body = OVER_ROWS[node.operation](there, node.argument, ", ".join(key.partition(".")[2] for key in keys))
            self.relations[node] = Relation(
                self._name(node.operation), self._level(reads), set(needs), body, moving, early
            )
        return self.relations[node]

    def _shared_scan(self, node: nodes.Aggregate) -> tuple[Aggregates, str]:
        value = self.texts[node.source] if isinstance(node.source, nodes.Series) else Text("")
        return self._scanned(node.rows, [value], self._moves(node), lambda own: _aggregate_body(node, value.sql, own))

    def _scanned(
        self, frame: nodes.Frame, values: Iterable[Text], moves: bool, body: Callable[[list[str]], str]
    ) -> tuple[Aggregates, str]:
        """A column of the scan of a frame's rows; its `body`, given the conditions that are not of the whole scan."""
        relation, own = self._scan(frame, values, moves)
        return relation, relation.column(body(own))

    def _scan(self, frame: nodes.Frame, values: Iterable[Text], moves: bool) -> tuple[Aggregates, list[str]]:
        """The scan of a frame's rows, and the conditions that are not of the whole scan."""
        conditions = nodes.conditions(frame)
        moving = sorted({c for c in conditions if c.interval}, key=lambda c: c.digest)
        needs, stage = _together([*values, *(self.texts[condition] for condition in conditions)])
        relation = self._scan_of(frame.table, moving, moves, needs, stage)
        own = tuple(condition for condition in conditions if not condition.interval)
        relation.filters[own] = None
        return relation, [self._condition(relation, condition) for condition in own]

    def _condition(self, relation: Aggregates, condition: nodes.Series) -> str:
        """What rows must fulfil; whether a code is in a list is looked up once for all lists."""
        found = self._listed(condition)
        return relation.listed(*found) if found else self.texts[condition].sql

    def _listed(self, condition: nodes.Series) -> tuple[str, tuple[str, ...]] | None:
        """The column and the codes, where the condition is just that a text of the row itself is among some."""
        found = codelist_of(condition)
        if not found:
            return None
        codes = tuple(code for code in found[1].values if isinstance(code, str))
        return (found[0].name, codes) if codes and len(codes) == len(found[1].values) else None

    def _scan_of(
        self, table: nodes.Table, conditions: list[nodes.Series], moving: bool, needs: frozenset[str], stage: int
    ) -> Aggregates:
        """The scan whose rows fulfil these conditions on INTERVAL, and that comes after all it reads."""
        rows = self._rows_of(table, stage)
        level = self._level(needs | {rows} if stage else needs)
        early = self._early(conditions, moving, needs)
        key = (rows, tuple(conditions), level, moving, early)
        if key not in self.relations:
            source = self._from(rows, conditions, moving, early)
            shared, name = [self.texts[condition].sql for condition in conditions], self._name("rows")
            self.relations[key] = Aggregates(name, level, moving=moving, early=early, source=source, shared=shared)
        relation = self.relations[key]
        assert isinstance(relation, Aggregates)
        relation.needs |= needs
        return relation

    def _aggregates_body(self, relation: Aggregates) -> str:
        keys, conditions = self._keys(relation.moving), list(relation.shared)
        if () not in relation.filters:  # let the scan skip the rows that none of the columns counts
            conditions.append(f"({self._any_of(list(relation.filters))})")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        source = f"FROM {relation.source}{self._joins(relation.needs)}{relation.look_ups()}{where}"
        return f"SELECT {', '.join([*keys, *relation.select()])} {source} GROUP BY {', '.join(keys)}"

    def _any_of(self, filters: list[tuple[nodes.Series, ...]]) -> str:
        """Any of some sets of conditions; many codelists of one column become a long one, which is one look-up.

        The long one may be said elsewhere, too, and there be read from rows that these are not.
        """
        said = {each for conditions in filters for each in conditions}
        sets = [
            " AND ".join(self.texts[each].sql if each in said else self._codes(each) for each in conditions)
            for conditions in merged(filters)
        ]
        return " OR ".join(f"({each})" for each in sets)

    def _codes(self, condition: nodes.Series) -> str:
        assert isinstance(condition, nodes.Call)
        column, values = condition.arguments
        assert isinstance(values, nodes.Values)
        text = self.texts.get(column) or self._column(column)  # type: ignore[arg-type]
        return call(condition, [text.sql, ""])

    def _level(self, needs: Iterable[str]) -> int:
        levels = {relation.name: relation.level for relation in self.relations.values()}
        return 1 + max((levels[name] for name in needs), default=0)

    def _name(self, kind: str) -> str:
        return f"{kind} {len(self.relations) + 1}"  # with a space, so no table can have this name


def _together(texts: Iterable[Text]) -> tuple[frozenset[str], int]:
    """What several texts read between them: relations, and the latest stage of their rows."""
    texts = list(texts)
    return frozenset().union(*(text.needs for text in texts)), max((text.stage for text in texts), default=0)


def _stored(frame: nodes.Frame) -> Relation:
    return Relation(frame.table.schema.name)


def filter_sql(conditions: list[str]) -> str:
    """What an aggregate is told to leave out the rows that do not fulfil some conditions."""
    return f"FILTER (WHERE {' AND '.join(conditions)})" if conditions else ""


def _aggregate_body(node: nodes.Aggregate, value: str, conditions: list[str]) -> str:
    counted = [*conditions, f"{value} IS NOT NULL"] if node.operation in ("count_distinct", "set") else conditions
    return AGGREGATES[node.operation][0].format(
        value=value, filter=filter_sql(counted), type=sql_type(node.type), argument=literal(node.argument, float)
    )
