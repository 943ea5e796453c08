"""What is to be reached: plain data that the handlers turn into smaller goals."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from extractors.model import nodes
from extractors.trial.witnesses.terms import At, Operand, RowId, Scope


class Want(Enum):
    """What a condition is to be; one that FAILS is False or NULL."""

    TRUE = "true"
    FALSE = "false"
    FAILS = "fails"


@dataclass(frozen=True)
class Goal:
    """Base of all."""


Goals = tuple[Goal, ...]


@dataclass(frozen=True)
class Holds(Goal):
    """A condition is what is wanted."""

    # the condition
    series: nodes.Series
    # True, False or NULL
    want: Want
    # whose rows it reads
    scope: Scope


@dataclass(frozen=True)
class Compare(Goal):
    """A comparison is True."""

    # lt, le, eq …
    operation: str
    # the first operand
    left: Operand
    # the second one
    right: Operand


@dataclass(frozen=True)
class Among(Goal):
    """A value is one of some, or (not `inside`) there and none of them."""

    # the value
    left: Operand
    # of the type of the value
    values: frozenset
    # whether it is one of them
    inside: bool = True


@dataclass(frozen=True)
class Contains(Goal):
    """A string holds a part, or (not `inside`) is there and does not."""

    # the string
    left: Operand
    # that is looked for in it
    part: str
    # whether it is in it
    inside: bool = True


@dataclass(frozen=True)
class IsNull(Goal):
    """A series has no value."""

    # the series and its scope
    left: At


@dataclass(frozen=True)
class Bind(Goal):
    """A series has a value, and it is known which."""

    # the series and its scope
    left: At
    # whether a literal may be the value; None: any may
    fits: Callable[[object], bool] | None = None


@dataclass(frozen=True)
class Either(Goal):
    """All goals of one of some alternatives."""

    # tried in their order
    alternatives: tuple[Goals, ...]


@dataclass(frozen=True)
class Inside(Goal):
    """A row is in a frame."""

    # with its conditions
    frame: nodes.Frame
    # of the same table
    row: RowId
    # whose values the conditions read
    scope: Scope


@dataclass(frozen=True)
class Outside(Goal):
    """A row of the table is not in a frame."""

    # with its conditions, one of which fails
    frame: nodes.Frame
    # of the same table
    row: RowId
    # whose values the conditions read
    scope: Scope


@dataclass(frozen=True)
class WithRow(Goal):
    """There is a row in a frame, of which further goals hold."""

    # that the row is in
    frame: nodes.Frame
    # whose values the conditions read
    scope: Scope
    # the further goals of the row
    then: Callable[[RowId], Goals]
    # Rows that will not do.
    avoid: tuple[RowId, ...] = ()


@dataclass(frozen=True)
class Rows(Goal):
    """There are so many rows in a frame."""

    # that they are in
    frame: nodes.Frame
    # whose values the conditions read
    scope: Scope
    # exactly
    many: int
    # Whether there are no more than these.
    sole: bool = False
    # What each of them fulfils: an operation, a row-level series, what it is compared
    # with.
    each: tuple[tuple[str, nodes.Series, Operand], ...] = ()
    # A row-level series that grows by so much from one to the next.
    grows: tuple[nodes.Series, int] | None = None
    # Those that were found.
    found: tuple[RowId, ...] = ()


@dataclass(frozen=True)
class Picked(Goal):
    """There is a first or last row, and it is known which."""

    # the first or the last
    pick: nodes.Pick
    # whose values the conditions read
    scope: Scope


@dataclass(frozen=True)
class Every(Goal):
    """Rows of a table but some are outside a frame, or fulfil a comparison.

    It is kept in mind until all other goals are reached, since more rows may come.
    """

    # that no other row is in
    frame: nodes.Frame
    # whose values the conditions read
    scope: Scope
    # the rows that are in it
    but: tuple[RowId, ...] = ()
    # An operation, a row-level series and what it is compared with.
    otherwise: tuple[str, nodes.Series, Operand] | None = None


@dataclass(frozen=True)
class Make(Goal):
    """One more row in a table."""

    # of the row
    table: nodes.Table
    # its id, by which other goals know it
    row: RowId


@dataclass(frozen=True)
class Remember(Goal):
    """A row is the one that was picked, or an operand is what a series is worth."""

    # what is remembered: a pick, or a series with its scope
    key: tuple
    # the row, or the operand
    what: RowId | Operand
