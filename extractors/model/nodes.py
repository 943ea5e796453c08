"""What a definition means: frozen nodes, legal from birth.

Every value an author writes is one of these nodes, and a node names all that it is made
of, so a definition is a graph without loops in which equal parts are the same part. A
node knows, from birth:

- `digest`: a hash of its whole meaning; nodes with equal digests are equal. It is
computed from the digests of its children, so expressions of any depth compare and hash
in constant time. - `interval`: whether INTERVAL is mentioned anywhere below it. - a
frame: its `table`, its `rows` (itself without sorting, which is its domain), `one_row`.
- a series: its `type`, its `domain` (the frame whose rows it has; None for one value
per patient).
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from extractors.model.aggregates import check_argument, type_of_aggregate
from extractors.model.concepts import Concept
from extractors.model.node import Node as Node
from extractors.model.node import walk as walk
from extractors.model.operations import OPERATIONS, type_of_call
from extractors.model.schema import TableSchema
from extractors.model.types import ConceptId, Scalar, check_storable, name_of, plain

PARAMETERS = ("interval_start", "interval_end")
DIFFERENT_ROWS = (
    "Cannot combine series which are drawn from different tables and both have more "
    "than one value per patient"
)


# Frames -------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, repr=False)
class Frame(Node):
    table: "Table" = field(init=False)  # whose rows they are
    rows: "Frame" = field(init=False)  # the frame that they are of
    one_row: bool = field(init=False)  # whether a patient has one at most


@dataclass(frozen=True, eq=False, repr=False)
class Table(Frame):
    """The rows of a table of the records."""

    # the names and types of its columns
    schema: TableSchema

    def _settle(self) -> None:
        self._set(table=self, rows=self, one_row=self.schema.one_row)

    @property
    def identity(self) -> tuple:
        return self.schema.describe()


@dataclass(frozen=True, eq=False, repr=False)
class Where(Frame):
    """The rows of `source` for which `condition` is True; False and NULL are
    dropped.
    """

    # the rows before
    source: Frame
    # a bool series of the same rows, or one value per patient
    condition: "Series"

    def _settle(self) -> None:
        _check_event_frame(self.source, "filter")
        if self.condition.type is not bool:
            raise TypeError(
                f"a filter must be a bool series, got {name_of(self.condition.type)}"
            )
        _check_reaches(self.condition, self.source)
        source = self.source.rows
        rows = self if source is self.source else Where(source, self.condition)
        self._set(table=source.table, rows=rows, one_row=False)

    @property
    def children(self) -> tuple[Node, ...]:
        return self.source, self.condition


@dataclass(frozen=True, eq=False, repr=False)
class Sort(Frame):
    """The rows of `source` by `key`, then by their earlier order; NULL is lowest."""

    # the rows before
    source: Frame
    # a series of the same rows, neither bool nor constant
    key: "Series"

    def _settle(self) -> None:
        _check_event_frame(self.source, "sort")
        if self.key.domain is None:
            raise TypeError("Cannot sort by a constant value")
        if self.key.type is bool:
            raise TypeError("Cannot sort by a bool series")
        _check_reaches(self.key, self.source)
        self._set(table=self.source.table, rows=self.source.rows, one_row=False)

    @property
    def children(self) -> tuple[Node, ...]:
        return self.source, self.key


@dataclass(frozen=True, eq=False, repr=False)
class Pick(Frame):
    """The first or last row of each patient in a sorted frame; no row for patients
    without any.
    """

    # sorted rows
    source: Frame
    # whether the last row is picked, not the first
    last: bool

    def _settle(self) -> None:
        if not sort_keys(self.source):
            raise TypeError("a frame must be sorted before a row can be picked from it")
        self._set(table=self.source.table, rows=self, one_row=True)

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.source,)

    @property
    def identity(self) -> tuple:
        return (self.last,)


def _check_event_frame(frame: Frame, verb: str) -> None:
    if frame.one_row:
        raise TypeError(f"cannot {verb} a frame with one row per patient")


def _check_reaches(series: "Series", frame: Frame) -> None:
    """A condition or key must have a value for each row of the frame: same rows, or a
    wider frame below.
    """
    if series.domain is not None and series.domain not in set(lineage(frame)):
        raise TypeError(DIFFERENT_ROWS)


def lineage(frame: Frame) -> Iterator[Frame]:
    """The rows of a frame, then those of what it filters, down to the table."""
    rows = frame.rows
    yield rows
    while isinstance(rows, Where):
        rows = rows.source.rows
        yield rows


def conditions(frame: Frame) -> list["Series"]:
    """All that a row must fulfil to be in the frame."""
    return [rows.condition for rows in lineage(frame) if isinstance(rows, Where)]


def sort_keys(frame: Frame) -> list["Series"]:
    """The keys a frame is sorted by, the most important first."""
    keys = []
    while isinstance(frame, Where | Sort):
        if isinstance(frame, Sort) and frame.key not in keys:
            keys.append(frame.key)
        frame = frame.source
    return keys


# Series -------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, repr=False)
class Series(Node):
    type: type = field(init=False)  # of its values
    # whose rows it has a value for; None: one value for each patient
    domain: Frame | None = field(init=False)


@dataclass(frozen=True, eq=False, repr=False)
class Column(Series):
    """A column of a frame."""

    # the rows, or the one row, that it is of
    source: Frame
    # as the table has it
    name: str

    def _settle(self) -> None:
        column = self.source.table.schema.column(self.name)
        self._set(
            type=column.type, domain=None if self.source.one_row else self.source.rows
        )

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.source,)

    @property
    def identity(self) -> tuple:
        return (self.name,)


@dataclass(frozen=True, eq=False, repr=False)
class Literal(Series):
    """One value, or NULL of a type."""

    # None for NULL
    value: Scalar
    # its type, which NULL has as well
    of: type

    def _settle(self) -> None:
        if self.value is not None and type(self.value) is not self.of:
            raise TypeError(
                f"expected {name_of(self.of)}, got {name_of(type(self.value))}"
            )
        check_storable(self.value)
        self._set(type=self.of, domain=None)

    @property
    def identity(self) -> tuple:
        return name_of(self.of), plain(self.value)


@dataclass(frozen=True, eq=False, repr=False)
class Values(Series):
    """A fixed set of values, as the right side of `in`; kept in sorted order."""

    # sorted and without repeats, so that equal sets are equal nodes
    values: tuple[Scalar, ...]
    # the type of each
    of: type

    def _settle(self) -> None:
        if any(type(value) is not self.of for value in self.values):
            raise TypeError(f"all values must be {name_of(self.of)}")
        for value in self.values:
            check_storable(value)
        unique: set[Any] = set(self.values)
        self._set(type=self.of, domain=None, values=tuple(sorted(unique)))

    @property
    def identity(self) -> tuple:
        return name_of(self.of), tuple(map(plain, self.values))


@dataclass(frozen=True, eq=False, repr=False)
class Concepts(Series):
    """A concept set, as the right side of `in`. The vocabulary turns it into `Values`
    before a plan is made.
    """

    # what is looked up in the vocabulary, with or without descendants
    asked: tuple[Concept, ...]

    def _settle(self) -> None:
        if not self.asked or not all(isinstance(each, Concept) for each in self.asked):
            raise TypeError("a concept set needs concepts")
        unique = set(self.asked)
        self._set(type=ConceptId, domain=None, asked=tuple(sorted(unique)))

    @property
    def identity(self) -> tuple:
        return tuple(each.plain for each in self.asked)


@dataclass(frozen=True, eq=False, repr=False)
class Parameter(Series):
    """A date that each period supplies: `interval_start` or `interval_end`."""

    # `interval_start` or `interval_end`
    name: str

    def _settle(self) -> None:
        if self.name not in PARAMETERS:
            raise TypeError(f"there is no parameter {self.name!r}")
        self._set(type=datetime.date, domain=None, interval=True)

    @property
    def identity(self) -> tuple:
        return (self.name,)


@dataclass(frozen=True, eq=False, repr=False)
class Call(Series):
    """An operation of `model.operations` on series, row by row."""

    # a name of `model.operations`
    operation: str
    # as many as the operation takes, of types that it takes
    arguments: tuple[Series, ...]

    def _settle(self) -> None:
        for place, argument in enumerate(self.arguments):
            if is_many(argument) != (self.operation == "in" and place == 1):
                raise TypeError(
                    f"{self.operation!r} does not take what is at place {place + 1}"
                )
        type_ = type_of_call(
            self.operation, [argument.type for argument in self.arguments]
        )
        self._set(type=type_, domain=common_domain(self.arguments))

    @property
    def children(self) -> tuple[Node, ...]:
        return self.arguments

    @property
    def identity(self) -> tuple:
        return (self.operation,)


@dataclass(frozen=True, eq=False, repr=False)
class Aggregate(Series):
    """One value per patient from the rows of a frame or of an event series."""

    # a name of `model.aggregates`
    operation: str
    # rows to count, or the series whose values are combined
    source: Frame | Series
    # the number that some take: the longest gap in days of `count_episodes`
    argument: int | float | None = None

    def _settle(self) -> None:
        of = self.source.type if isinstance(self.source, Series) else None
        check_argument(self.operation, self.argument)
        if isinstance(self.source, Series) and self.source.domain is None:
            raise TypeError(
                f"{self.operation} needs a series with many values per patient"
            )
        self._set(type=type_of_aggregate(self.operation, of), domain=None)

    @property
    def rows(self) -> Frame:
        """The frame whose rows are aggregated."""
        if isinstance(self.source, Frame):
            return self.source.rows
        assert self.source.domain is not None
        return self.source.domain

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.source,)

    @property
    def identity(self) -> tuple:
        return self.operation, self.argument


def is_many(series: Series) -> bool:
    """A collection of values, which only `in` can take, as its right side."""
    return isinstance(series, Values | Concepts) or (
        isinstance(series, Aggregate) and series.operation == "set"
    )


def repeats(node: Node) -> bool:
    """Whether the SQL of a node says what it is made of more than once."""
    return isinstance(node, Call) and OPERATIONS[node.operation].repeats


def common_domain(series: Iterable[Series]) -> Frame | None:
    """The rows that event-level series share; patient-level ones go with any."""
    domains = {each.domain for each in series if each.domain is not None}
    if len(domains) > 1:
        raise TypeError(DIFFERENT_ROWS)
    return domains.pop() if domains else None


def operands(series: Series, through: Callable[[Call], bool]) -> list[Series]:
    """What is below a series once the operations that `through` accepts are taken
    apart; each once.
    """
    found: dict[Series, None] = {}
    seen: set[Series] = set()
    stack = [series]
    while stack:
        part = stack.pop()
        if isinstance(part, Call) and through(part):
            stack.extend(each for each in reversed(part.arguments) if each not in seen)
            seen.update(part.arguments)
        else:
            found[part] = None
    return list(found)


def conjuncts(condition: Series) -> list[Series]:
    """All that must be True for the condition to be True."""
    return operands(condition, lambda part: part.operation == "and")


def depth(root: Node) -> int:
    """How many nodes stand in the longest line from a root down."""
    lines: dict[Node, int] = {}
    for node in walk([root]):
        lines[node] = 1 + max((lines[child] for child in node.children), default=0)
    return lines[root]
