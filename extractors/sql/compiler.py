"""Series to one SELECT: a row per patient, a column per series.

Every place a patient-level value comes from (a one-row table, a picked row, aggregates
over rows) is a *relation* with at most one row per patient; an expression names the
relations it reads, and what uses the expression joins them. Aggregates over the same
rows share one relation, and so one scan.

Expressions are written out where they are used, up to a point: one that is nested too
deep for DuckDB's parser, or that is long and used again, is computed first and then
read by name; a patient-level one as a relation of its own, one of rows as a further
column of the rows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from extractors.model import nodes
from extractors.model.types import WHOLE
from extractors.sql.operations import (
    AGGREGATES,
    OVER_ROWS,
    aggregate,
    call,
    filter_sql,
    literal,
)
from extractors.sql.placement import Placement, Source
from extractors.sql.relations import Aggregates, Relation, Scan
from extractors.sql.scans import SharedScans
from extractors.sql.texts import Text, together
from extractors.sql.words import quote

# operations nested in one expression; each is up to 4 levels to DuckDB's parser, which
# takes 1,000
DEEPEST = 60
LONGEST_SHARED = 1_000  # characters of an expression that is written out more than once


class Compiler(SharedScans):
    """Goes through a graph once, children first, and keeps the SQL of every series and
    relation.
    """

    def __init__(self, placement: Placement) -> None:
        super().__init__(placement)
        self.uses: Counter[nodes.Node] = Counter()
        self.stages: dict[nodes.Table, list[str]] = {}
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
        """Series by their names, for each row of the base."""
        names = [
            f"{self.texts[node].sql} AS {quote(name)}" for name, node in columns.items()
        ]
        return self.select_sql(names, self.needs(columns.values()))

    def needs(self, series: Iterable[nodes.Series]) -> frozenset[str]:
        """The relations that some series read."""
        return together(self.texts[node] for node in series)[0]

    def select_sql(self, columns: Iterable[str], needs: frozenset[str]) -> str:
        """Columns as SQL, which read the relations `needs`, for each row of the
        base.
        """
        placement = self.placement
        names = ", ".join([*placement.base_keys(), *columns])
        joins = self._joins(needs - {placement.base}, placement.owner)
        return f"SELECT {names} FROM {placement.base_sql()}{joins}"

    def with_relations(self) -> str:
        """WITH, and all relations, each behind those that it reads."""
        ctes = [
            f"{quote(relation.name)} AS ({body})" for relation, body in self.bodies()
        ]
        return f"WITH {', '.join(ctes)} " if ctes else ""

    def bodies(self) -> list[tuple[Relation, str]]:
        """All relations that are made, each behind those that it reads, and their
        SQL.
        """
        relations = sorted(
            self.relations.values(), key=lambda r: (not r.early, r.level)
        )
        bodies = [
            (r, self._aggregates_body(r) if isinstance(r, Aggregates) else r.body)
            for r in relations
        ]
        return [(relation, body) for relation, body in bodies if body]

    # expressions

    def _text(self, node: nodes.Series) -> Text:
        match node:
            case nodes.Literal():
                return Text(literal(node.value, node.of))
            case nodes.Values():
                return Text("")
            case nodes.Parameter():
                return Text(self.placement.parameter(node))
            case nodes.Column():
                return self._column(node)
            case nodes.Aggregate():
                return self._aggregate(node)
            case nodes.Call():
                return self._call(node)
        raise TypeError(f"there is no SQL for {type(node).__name__}")

    def _column(self, node: nodes.Column) -> Text:
        if isinstance(node.source, nodes.Pick) and self.placement.moves(node.source):
            return self._moving_column(node, node.source)
        owner, needs = "e", frozenset[str]()
        if node.source.one_row:
            relation = self._row_relation(node.source)
            owner, needs = quote(relation.name), frozenset({relation.name})
        column = f"{owner}.{quote(node.name)}"
        # integers are stored as narrow as they fit; sums and products need the room of
        # 64 bits
        return Text(
            f"CAST({column} AS BIGINT)" if node.type in WHOLE else column, needs
        )

    def _call(self, node: nodes.Call) -> Text:
        arguments = [self.texts[argument] for argument in self._flattened(node)]
        needs, stage = together(arguments)
        depth = 1 + max(argument.depth for argument in arguments)
        return Text(
            call(node, [argument.sql for argument in arguments]), needs, stage, depth
        )

    def _named_if_heavy(self, node: nodes.Series, text: Text) -> Text:
        """The text, or a short one that reads what was computed first."""
        again = self.uses[node] > 1 and len(text.sql) > LONGEST_SHARED
        if not self.placement.base or not (text.depth > DEEPEST or again):
            return text
        if self.placement.stays_written(node):
            return text
        if node.domain is None:
            return self._value(text)
        if self.placement.moves(node):
            return text
        return self._further_column(node.domain.table, text)

    def _value(self, text: Text) -> Text:
        name, moving = self._name("value"), self.placement.base_moves
        self.relations[name] = Relation(
            name=name,
            level=self._level(text.needs),
            needs=set(text.needs),
            body=self.select_sql([f"{text.sql} AS v"], text.needs),
            moving=moving,
            early=not moving,
        )
        return Text(f"{quote(name)}.v", frozenset({name}))

    def _further_column(self, table: nodes.Table, text: Text) -> Text:
        rows, name = self._rows_of(table, None), self._name("rows with")
        stages = self.stages.setdefault(table, [])
        body = (
            f"SELECT e.*, {text.sql} AS {quote(name)} FROM {quote(rows)} AS "
            f"e{self._joins(text.needs)}"
        )
        reads = {*text.needs, *stages[-1:]}
        self.relations[name] = Relation(
            name=name,
            level=self._level(reads),
            needs=reads,
            body=body,
            whole=True,
        )
        stages.append(name)
        return Text(f"e.{quote(name)}", stage=len(stages))

    def _rows_of(self, table: nodes.Table, stage: int | None) -> str:
        """The name of a table's rows with the further columns of a stage (None: of all
        so far).
        """
        stages = self.stages.get(table, [])
        count = len(stages) if stage is None else stage
        return stages[count - 1] if count else table.schema.name

    @staticmethod
    def _flattened(node: nodes.Call) -> list[nodes.Series]:
        """The parts of nested `and`s or `or`s in one list, so that long ones are not
        deep ones.
        """
        if node.operation not in ("and", "or"):
            return list(node.arguments)
        return nodes.operands(node, lambda part: part.operation == node.operation)

    # relations

    def _row_relation(self, frame: nodes.Frame) -> Relation:
        if frame not in self.relations:
            self.relations[frame] = (
                self._pick(frame) if isinstance(frame, nodes.Pick) else _stored(frame)
            )
        return self.relations[frame]

    def _pick(self, pick: nodes.Pick) -> Relation:
        columns = [f"e.{quote(name)}" for name in self.selected.get(pick, {})]
        keys = [self.texts[key] for key in nodes.sort_keys(pick.source)]
        direction = "DESC NULLS LAST" if pick.last else "ASC NULLS FIRST"
        order = ", ".join(f"{key.sql} {direction}" for key in keys)
        moving = self.placement.moves(pick)
        of = ", ".join(self.placement.keys(moving))
        scan = self.scan(pick.source, keys, moving)
        rank = f"row_number() OVER (PARTITION BY {of} ORDER BY {order})"
        selected = ", ".join([of, *columns])
        return Relation(
            name=self._name("pick"),
            level=self._level(scan.reads),
            needs=set(scan.needs),
            body=f"SELECT {selected} {scan.sql} QUALIFY {rank} = 1",
            moving=moving,
            early=scan.early,
        )

    # A picked row that moves is an aggregate: the greatest by its keys. DuckDB finds it
    # in half the time that it takes to number the rows, and in one scan with whatever
    # else is asked of the same rows.

    def _moving_column(self, node: nodes.Column, pick: nodes.Pick) -> Text:
        keys = [self.texts[key] for key in nodes.sort_keys(pick.source)]
        # NULL is lowest
        order = ", ".join(f"{key.sql}, 'ASC NULLS FIRST'" for key in keys)
        best = "arg_max_null" if pick.last else "arg_min_null"
        picked = f"{best}(e.{quote(node.name)}, create_sort_key({order}))"
        relation, own = self._shared_rows(pick.source, keys, True)
        column = relation.column(f"{picked} {filter_sql(own)}")
        value = f"{quote(relation.name)}.{column}"
        sql = f"CAST({value} AS BIGINT)" if node.type in WHOLE else value
        return Text(sql, frozenset({relation.name}))

    def scan(self, frame: nodes.Frame, also: Iterable[Text], moving: bool) -> Scan:
        """The rows of a frame, of which `also` is read."""
        wanted = nodes.conditions(frame)
        conditions = [self.texts[condition] for condition in wanted]
        needs, stage = together([*conditions, *also])
        rows = self._rows_of(frame.table, stage)
        where = (
            f" WHERE {' AND '.join(text.sql for text in conditions)}"
            if conditions
            else ""
        )
        early = self.placement.early(wanted, moving, self._named(needs))
        source = self.placement.source(Source(rows, wanted, moving, early), self.texts)
        return Scan(
            sql=f"FROM {source}{self._joins(needs)}{where}",
            needs=needs,
            reads=needs | {rows} if stage else needs,
            early=early,
        )

    def _aggregate(self, node: nodes.Aggregate) -> Text:
        if node.rows.one_row:
            return self._aggregate_of_one(node)
        if node.operation == "exists":
            return self._exists(node)
        if node.operation in OVER_ROWS:
            relation, column = self._over_rows(node), "value"
        else:
            relation, column = self._shared_scan(node)
        value, empty = (
            f"{quote(relation.name)}.{quote(column)}",
            AGGREGATES[node.operation][1],
        )
        return Text(
            f"coalesce({value}, {empty})" if empty else value,
            frozenset({relation.name}),
        )

    def _exists(self, node: nodes.Aggregate) -> Text:
        return self._any_row(node.rows, self.placement.moves(node))

    def _any_row(self, frame: nodes.Frame, moving: bool) -> Text:
        """Whether a frame has a row."""
        relation, own = self._shared_rows(frame, [], moving)
        return Text(relation.flag(own), frozenset({relation.name}))

    def _aggregate_of_one(self, node: nodes.Aggregate) -> Text:
        """Whether there is the one row that a patient can have."""
        if isinstance(node.rows, nodes.Pick) and self.placement.moves(node.rows):
            there = self._any_row(node.rows.source, True)
        else:
            name = self._row_relation(node.rows).name
            there = Text(f"({quote(name)}.patient_id IS NOT NULL)", frozenset({name}))
        if node.operation == "exists":
            return there
        return Text(f"CAST({there.sql} AS BIGINT)", there.needs)

    def _over_rows(self, node: nodes.Aggregate) -> Relation:
        assert isinstance(node.source, nodes.Series)
        if node not in self.relations:
            value, moving = self.texts[node.source], self.placement.moves(node)
            scan = self.scan(node.rows, [value], moving)
            keys = self.placement.keys(moving)
            rows = f"SELECT {', '.join(keys)}, {value.sql} AS v {scan.sql}"
            there = f"(SELECT * FROM ({rows}) WHERE v IS NOT NULL)"
            names = ", ".join(key.partition(".")[2] for key in keys)
            self.relations[node] = Relation(
                name=self._name(node.operation),
                level=self._level(scan.reads),
                needs=set(scan.needs),
                body=OVER_ROWS[node.operation](there, node.argument, names),
                moving=moving,
                early=scan.early,
            )
        return self.relations[node]

    def _shared_scan(self, node: nodes.Aggregate) -> tuple[Aggregates, str]:
        """The scan that an aggregate shares with others, and its column there."""
        value = (
            self.texts[node.source]
            if isinstance(node.source, nodes.Series)
            else Text("")
        )
        moving = self.placement.moves(node)
        relation, own = self._shared_rows(node.rows, [value], moving)
        return relation, relation.column(aggregate(node, value.sql, own))


def _stored(frame: nodes.Frame) -> Relation:
    return Relation(frame.table.schema.name)
