"""Draws definitions: random typed expressions over everything that the language can
say.

An Author draws one definition. It remembers the frames and picks it made and uses them
again, so that parts are shared and several columns are read from one pick. Depth is
bounded everywhere.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from hypothesis import strategies as st

from extractors.model import nodes
from extractors.model.operations import OPERATIONS
from extractors.model.types import ICD10MultiCode
from tests.generative.values import (
    CODE_BEGINNINGS,
    COMPARED,
    DAYS,
    GAPS,
    MONTHS,
    NUMBERS,
    POOLS,
    SHARES,
    SORTABLE,
    TYPES,
)  # fmt: skip
from tests.lib.operands import lists_giving
from tests.lib.tables import FRAMES, schema_of

TABLES = {name: nodes.Table(schema_of(frame)) for name, frame in FRAMES.items()}
ANY_TYPE = ("coalesce", "case")
# For each type the operations that give it; those of ANY_TYPE give all.
GIVING: dict[type, tuple[str, ...]] = {
    of: tuple(
        name for name in OPERATIONS if name not in ANY_TYPE and lists_giving(name, of)
    )
    for of in (bool, int, float, str, date)
}
AGGREGATES_GIVING: dict[type, tuple[str, ...]] = {
    bool: ("exists",),
    int: (
        "count",
        "count_distinct",
        "count_episodes",
        "days_covered",
        "nights_by_start",
        "sum",
        "minimum",
        "maximum",
    ),
    float: ("mean", "quantile", "sum", "minimum", "maximum"),
    str: ("minimum", "maximum"),
    date: ("minimum", "maximum"),
}
# Every operation and aggregate with every type it gives, so that each can be asked for.
WISHES = [
    (name, of)
    for giving in (GIVING, AGGREGATES_GIVING)
    for of, names in giving.items()
    for name in names
]
WISHES += [(name, of) for of in POOLS for name in ANY_TYPE]
INEXACT = ("divide", "power")  # a sum of these depends on the order of adding
LONGEST_CHAIN = 4  # filters and sorts on top of one table


class Author:
    """`draw` is Hypothesis's; `choose` and `chance` are all that is ever drawn."""

    def __init__(self, draw: Callable, pools: Mapping[type, tuple] = POOLS):
        self._draw = draw
        self._pools = pools
        self._frames: list[nodes.Frame] = [TABLES["e"], TABLES["e2"]]
        self._picks: list[nodes.Frame] = []

    def choose(self, options: Sequence) -> Any:
        return (
            options[self._draw(st.integers(0, len(options) - 1))]
            if len(options) > 1
            else options[0]
        )

    def chance(self, in_: int) -> bool:
        return self._draw(st.integers(1, in_)) == in_

    def several(self, options: Sequence) -> tuple:
        """Any part of the options, none included."""
        return tuple(option for option in options if self.chance(2))

    # series ---------------------------------------------------------------------------

    def series(
        self, of: type, rows: nodes.Frame | None, depth: int, *, exact: bool = False
    ) -> nodes.Series:
        """A series of a type: one value per patient, or for each of some rows."""
        operations = GIVING.get(of, ()) + ANY_TYPE
        if exact:
            operations = tuple(each for each in operations if each not in INEXACT)
        if depth <= 0 or self.chance(4):
            return self.leaf(of, rows, depth, exact=exact)
        return self._call(self.choose(operations), of, rows, depth - 1, exact)

    def wish(self, operation: str, of: type, depth: int) -> nodes.Series:
        """A patient series that an operation or aggregate gives."""
        if operation in OPERATIONS:
            return self._call(operation, of, None, depth - 1, exact=False)
        return self._aggregate(operation, of, depth - 1)

    def leaf(
        self, of: type, rows: nodes.Frame | None, depth: int, *, exact: bool = False
    ) -> nodes.Series:
        kinds = ["column", "column", "literal"] if rows else ["table", "literal"]
        kinds += (
            ["pick", "pick", "aggregate", "aggregate", "aggregate"] if depth > 0 else []
        )
        kinds += ["parameter"] if of is date else []
        kind = self.choose(kinds)
        if kind == "column" and rows:
            return nodes.Column(self.choose(self._with_rows(rows)), self.name(of))
        if kind == "pick":
            return nodes.Column(self.pick(depth - 1), self.name(of))
        if kind == "aggregate" and of in AGGREGATES_GIVING:
            return self.aggregate(of, depth - 1, exact)
        if kind == "parameter":
            return nodes.Parameter(self.choose(("interval_start", "interval_end")))
        if kind == "literal" and of is not ICD10MultiCode:
            return self.literal(of)
        return nodes.Column(TABLES[self.choose(("p", "p2"))], self.name(of))

    def literal(self, of: type, pool: Sequence = ()) -> nodes.Literal:
        return nodes.Literal(self.choose(pool or self._pools[of]), of)

    def name(self, of: type) -> str:
        return self.choose(
            [column.name for column in TABLES["e"].schema.columns if column.type is of]
        )

    def small(
        self, of: type, rows: nodes.Frame | None, pool: Sequence = ()
    ) -> nodes.Series:
        """A number that stays small however often it is used."""
        if of is int and self.chance(4):
            return nodes.Aggregate("count", self.choose(self._frames))
        return self.literal(of, pool) if self.chance(2) else self.leaf(of, rows, 0)

    def event_series(
        self, of: type, depth: int, *, exact: bool = False
    ) -> nodes.Series:
        """A series with many values per patient."""
        frame = self.frame(depth)
        series = self.series(of, frame.rows, depth, exact=exact)
        return (
            series if series.domain is not None else nodes.Column(frame, self.name(of))
        )

    def aggregate(self, of: type, depth: int, exact: bool = False) -> nodes.Aggregate:
        operations = [
            each
            for each in AGGREGATES_GIVING[of]
            if not (exact and each in ("mean", "quantile"))
        ]
        return self._aggregate(self.choose(operations), of, depth, exact)

    def _aggregate(
        self, operation: str, of: type, depth: int, exact: bool = False
    ) -> nodes.Aggregate:
        match operation:
            case "exists" | "count":
                return nodes.Aggregate(
                    operation, self.pick(depth) if self.chance(4) else self.frame(depth)
                )
            case "count_distinct":
                return nodes.Aggregate(
                    operation, self.event_series(self.choose(TYPES), depth)
                )
            case "count_episodes":
                return nodes.Aggregate(
                    operation, self.event_series(date, depth), self.choose(GAPS)
                )
            case "mean":
                return nodes.Aggregate(
                    operation,
                    self.event_series(self.choose(NUMBERS), depth, exact=True),
                )
            case "quantile":
                values = self.event_series(self.choose(NUMBERS), depth, exact=True)
                return nodes.Aggregate(operation, values, self.choose(SHARES))
            case "days_covered" | "nights_by_start":
                first = self.event_series(date, depth)
                last = self.series(date, first.domain, depth)
                return nodes.Aggregate(operation, nodes.Call("spell", (first, last)))
        exact = exact or (operation == "sum" and of is float)
        return nodes.Aggregate(operation, self.event_series(of, depth, exact=exact))

    def _call(
        self,
        operation: str,
        of: type,
        rows: nodes.Frame | None,
        depth: int,
        exact: bool,
    ) -> nodes.Call:
        return nodes.Call(
            operation, tuple(self._arguments(operation, of, rows, depth, exact))
        )

    def _arguments(
        self,
        operation: str,
        of: type,
        rows: nodes.Frame | None,
        depth: int,
        exact: bool,
    ) -> list[nodes.Series]:
        def some(type_: type, exact: bool = exact) -> nodes.Series:
            return self.series(type_, rows, depth, exact=exact)

        match operation:
            case "in":
                type_ = self.choose(COMPARED)
                return [some(type_), self.container(type_, depth)]
            case "contains" if self.chance(3):
                return [some(ICD10MultiCode), self.literal(str, CODE_BEGINNINGS)]
            case "case":
                return self._case(of, some)
            case "coalesce" | "maximum_of" | "minimum_of":
                return [some(of) for _ in range(self.choose((2, 2, 3)))]
            case "multiply":
                return self._either_way(some(of), self.small(of, rows))
            case "divide" | "floor_divide":
                type_ = self.choose(NUMBERS)
                return [some(type_), self.small(type_, rows)]
            case "power":
                type_ = self.choose(NUMBERS)
                return [self.leaf(type_, rows, 0), self.leaf(type_, rows, 0)]
            case "add_days" | "add_months":
                return [
                    some(date),
                    self.small(int, rows, DAYS if operation == "add_days" else MONTHS),
                ]
        return [some(type_) for type_ in self.choose(lists_giving(operation, of))]

    def _either_way(self, a: nodes.Series, b: nodes.Series) -> list[nodes.Series]:
        return [a, b] if self.chance(2) else [b, a]

    def _case(self, of: type, some: Callable) -> list[nodes.Series]:
        values = [
            nodes.Literal(None, of) if self.chance(5) else some(of)
            for _ in range(self.choose((2, 3)))
        ]
        *chosen, default = values
        return [
            part for value in chosen for part in (some(bool, exact=False), value)
        ] + [default]

    def container(self, of: type, depth: int) -> nodes.Series:
        if self.chance(2):
            return nodes.Aggregate("set", self.event_series(of, depth))
        return nodes.Values(self.several(POOLS[of][:3]), of)

    # frames ---------------------------------------------------------------------------

    def frame(self, depth: int) -> nodes.Frame:
        """An event frame, old or new."""
        frame = self.choose(self._frames)
        if depth <= 0 or self.chance(3) or _length(frame) >= LONGEST_CHAIN:
            return frame
        extend = self.choose((self._where, self._where, self._except, self._sort))
        return self._remember(self._frames, extend(frame, depth))

    def pick(self, depth: int) -> nodes.Frame:
        if self._picks and (depth <= 0 or self.chance(2)):
            return self.choose(self._picks)
        frame = self.frame(depth)
        for _ in range(self.choose((1, 2, 0) if nodes.sort_keys(frame) else (1, 2))):
            frame = self._sort(frame, depth)
        return self._remember(self._picks, nodes.Pick(frame, self.chance(2)))

    def _remember(self, memory: list[nodes.Frame], frame: nodes.Frame) -> nodes.Frame:
        if frame not in memory:
            memory.append(frame)
        return frame

    def _condition(self, frame: nodes.Frame, depth: int) -> nodes.Series:
        """Over the frame's rows, or those of an earlier frame in the chain."""
        rows = self.choose(list(nodes.lineage(frame)))
        return (
            self._listed(rows) if self.chance(4) else self.series(bool, rows, depth - 1)
        )

    def _listed(self, rows: nodes.Frame) -> nodes.Series:
        """Codes looked for in a column of rows or of the patient; those of several
        frames are looked for at once.
        """
        column = nodes.Column(
            self.choose((rows, rows, TABLES["p"], *self._picks)),
            self.choose(("c1", "c1", "c2")),
        )
        return nodes.Call(
            "in", (column, nodes.Values(self.several(POOLS[column.type]), column.type))
        )

    def _where(self, frame: nodes.Frame, depth: int) -> nodes.Frame:
        return nodes.Where(frame, self._condition(frame, depth))

    def _except(self, frame: nodes.Frame, depth: int) -> nodes.Frame:
        condition = nodes.Call(
            "coalesce", (self._condition(frame, depth), nodes.Literal(False, bool))
        )
        return nodes.Where(frame, nodes.Call("not", (condition,)))

    def _sort(self, frame: nodes.Frame, depth: int) -> nodes.Frame:
        of, rows = self.choose(SORTABLE), self.choose(list(nodes.lineage(frame)))
        key = self.series(of, rows, depth - 1)
        return nodes.Sort(
            frame, key if key.domain is not None else nodes.Column(rows, self.name(of))
        )

    def _with_rows(self, rows: nodes.Frame) -> list[nodes.Frame]:
        """All frames with these rows, sorted or not."""
        return [rows] + [
            frame for frame in self._frames if frame.rows == rows and frame != rows
        ]


def _length(frame: nodes.Frame) -> int:
    length = 0
    while isinstance(frame, nodes.Where | nodes.Sort):
        frame, length = frame.source, length + 1
    return length
