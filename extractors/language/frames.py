"""Frames, and how a table is declared.

A table is a class with a `Series` for each column; the `table` decorator replaces the
class by its one frame. Filtering and sorting keep the class, so a table's own methods
stay; a picked row keeps columns and properties.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from extractors.language.base import BaseSeries, attribute_error, condition_node, wrap
from extractors.language.constraints import Constraint
from extractors.language.contradictions import note_contradiction
from extractors.model import nodes
from extractors.model.nearest import nearest
from extractors.model.schema import Column, TableSchema
from extractors.model.types import MULTI_CODE_TYPES, TYPES, name_of

NAME = re.compile(r"[A-Za-z_]+[A-Za-z0-9_]*")
RESERVED = ("patient_id", "_node")
T = TypeVar("T", bound="BaseFrame")


class Series:
    """A column of a table: a type and the constraints its values keep."""

    def __init__(
        self,
        type_: type,
        *,
        description: str = "",
        constraints: Sequence[Constraint] = (),
        dummy_data_constraints: Sequence[Constraint] = (),
        required: bool = True,
        **_: Any,
    ):
        if type_ not in TYPES.values():
            raise TypeError(
                f"a column cannot have the type {name_of(type_)}; choose one of "
                f"{', '.join(TYPES)}"
            )
        self.type, self.description, self.constraints = (
            type_,
            description,
            tuple(constraints),
        )

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, frame: "BaseFrame | None", owner: type) -> Any:
        return self if frame is None else frame._select_column(self.name)

    def column(self) -> Column:
        promises: dict[str, Any] = {}
        for constraint in self.constraints:
            promises |= constraint.promises()
        return Column(self.name, self.type, **promises)


class BaseFrame:
    """A frame of rows; `node` is what it means."""

    _called = "a whole frame; name one of its columns"
    # what a notebook shows (`extractors/notebook.py`)
    _repr_html_: ClassVar[Callable[[Any], str]]

    _node: nodes.Frame

    def __init__(self, node: nodes.Frame):
        object.__setattr__(self, "_node", node)

    def __setattr__(self, name: str, value: Any) -> None:
        """A study may keep something with a frame, under a name that hides nothing of
        it.

        `patients.sex = "female"` would hide the column, and what compares it later
        would be True for everybody.
        """
        known = (type(self), SortedFrame, getattr(type(self), "_picked_from", None))
        if name in RESERVED or any(hasattr(each, name) for each in known):
            raise AttributeError(
                f"a table cannot be changed, so {name!r} cannot be set; write == to "
                "compare with a value"
            )
        object.__setattr__(self, name, value)

    @property
    def _qm_node(self) -> nodes.Frame:
        """ehrQL's own name for what a frame means; studies ask for it."""
        return self._node

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._node.table.schema.name}>"

    def __bool__(self) -> bool:
        raise TypeError("a frame is neither true nor false; use exists_for_patient()")

    def _no_comparison(self, _: Any) -> Any:
        raise TypeError("a frame cannot be compared; name one of its columns")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _no_comparison

    def _no_logic(self, *_: Any) -> Any:
        raise TypeError(
            "`&`, `|` and `~` need bool series, got a whole frame; use "
            "exists_for_patient()"
        )

    __and__ = __or__ = __invert__ = _no_logic
    __hash__ = object.__hash__

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self._node.one_row and hasattr(SortedFrame, name):
            raise attribute_error(
                f"{name}() needs a frame with many rows per patient, this one has "
                "one each"
            )
        if hasattr(SortedFrame, name):
            raise attribute_error(
                f"{name}() needs a sorted frame; call sort_by(…) first"
            )
        if hasattr(getattr(type(self), "_picked_from", None), name):
            raise attribute_error(
                f"{name}() belongs to the whole table; a picked row has only its "
                "columns"
            )
        raise AttributeError(_missing(self, name))

    def _select_column(self, name: str) -> Any:
        return wrap(nodes.Column(self._node, name))

    def exists_for_patient(self) -> Any:
        """Whether the patient has a row; never NULL."""
        return wrap(nodes.Aggregate("exists", self._node))

    def count_for_patient(self) -> Any:
        """How many rows the patient has; 0 if none."""
        return wrap(nodes.Aggregate("count", self._node))


def _missing(frame: BaseFrame, name: str) -> str:
    """That a frame has no such column or method, and which one was probably meant."""
    schema = frame._node.table.schema
    columns = [column.name for column in schema.columns]
    methods = [each for each in dir(type(frame)) if not each.startswith("_")]
    close = nearest(name, dict.fromkeys([*columns, *methods]))
    hint = (
        f"did you mean {close!r}?"
        if close
        else f"its columns are {', '.join(columns)}."
    )
    return f"table {schema.name!r} has no column {name!r}; {hint}"


class PatientFrame(BaseFrame):
    """At most one row per patient."""


class EventFrame(BaseFrame):
    """Any number of rows per patient."""

    def where(self: T, condition: Any) -> T:
        """The rows for which the condition is True; False and NULL are dropped."""
        return self._filtered(condition_node(condition, "where()"))

    def except_where(self: T, condition: Any) -> T:
        """All rows but those for which the condition is True, so also those where it is
        NULL.
        """
        node = condition_node(condition, "except_where()")
        kept = nodes.Call(
            "not", (nodes.Call("coalesce", (node, nodes.Literal(False, bool))),)
        )
        return self._filtered(kept)

    def _filtered(self: T, condition: nodes.Series) -> T:
        filtered = nodes.Where(self._node, condition)
        note_contradiction(nodes.conditions(filtered))
        return type(self)(filtered)

    def sort_by(self, *series: Any) -> Any:
        """Order the rows of each patient, the first series being the most important;
        NULL is lowest.
        """
        if not series:
            raise TypeError("sort_by needs at least one series")
        node = self._node
        for key in reversed(series):
            node = nodes.Sort(node, _sort_key(key))
        return _sorted_class(type(self))(node)


class SortedFrame(EventFrame):
    """An event frame whose first or last row can be picked."""

    def first_for_patient(self) -> Any:
        return _picked_class(type(self))(nodes.Pick(self._node, last=False))

    def last_for_patient(self) -> Any:
        return _picked_class(type(self))(nodes.Pick(self._node, last=True))


def _sort_key(key: Any) -> nodes.Series:
    if isinstance(key, BaseSeries):
        if key.node.type in MULTI_CODE_TYPES:
            raise TypeError("Cannot sort by a series of several codes in one string")
        return key.node
    if isinstance(key, str):
        raise TypeError(
            f"sort_by takes series, got the string {key!r}; write the_table.{key}"
        )
    raise TypeError("Cannot sort by a constant value")


# the names of all tables, so that others are known to be misspelt
declared: set[str] = set()
_sorted_classes: dict[type, type] = {}
_picked_classes: dict[type, type] = {}


def _sorted_class(cls: type) -> type:
    if issubclass(cls, SortedFrame):
        return cls
    if cls not in _sorted_classes:
        _sorted_classes[cls] = type(cls.__name__, (SortedFrame, cls), {})
    return _sorted_classes[cls]


def _picked_class(cls: type) -> type:
    """The table's columns and properties, for a single row."""
    if cls not in _picked_classes:
        members = {
            n: v
            for base in reversed(cls.__mro__)
            for n, v in vars(base).items()
            if _kept(v)
        }
        _picked_classes[cls] = type(
            cls.__name__, (PatientFrame,), {**members, "_picked_from": cls}
        )
    return _picked_classes[cls]


def _kept(member: Any) -> bool:
    return isinstance(member, Series | property)


def table(cls: type) -> Any:
    """Class decorator: declare a table of the records and become its frame."""
    if not (isinstance(cls, type) and issubclass(cls, PatientFrame | EventFrame)):
        raise TypeError("a table is a class derived from PatientFrame or EventFrame")
    return make_table(cls)


def make_table(cls: Any, file: str = "") -> Any:
    """The frame of a declared class, with the rows of the records or of a file."""
    schema = TableSchema(
        _table_name(cls), _columns(cls), issubclass(cls, PatientFrame), file
    )
    declared.add(schema.name)
    return cls(nodes.Table(schema))


def _table_name(cls: type) -> str:
    meta = cls.__dict__.get("_meta")
    return getattr(meta, "table_name", cls.__name__)


def _columns(cls: type) -> tuple[Column, ...]:
    members: dict[str, Series] = {}
    for base in reversed(cls.__mro__):
        members |= {
            name: value
            for name, value in vars(base).items()
            if isinstance(value, Series)
        }
    for name in members:
        if name.lower() in RESERVED or not NAME.fullmatch(name):
            raise TypeError(f"{name!r} cannot be the name of a column")
        same = [
            other
            for other in members
            if other != name and other.lower() == name.lower()
        ]
        if same:  # databases and files take them for one column
            raise TypeError(
                f"the columns {name!r} and {same[0]!r} differ in capital letters alone"
            )
    return tuple(value.column() for value in members.values())
