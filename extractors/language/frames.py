"""Frames, and how a table is declared.

A table is a class with a `Series` for each column; the `table` decorator replaces the
class by its one frame. Filtering and sorting keep the class, so a table's own methods
stay; a picked row keeps columns and properties.

The tables that are shipped have stubs (`extractors/tables/*.pyi`), which say to editors
and type checkers what sorted frames and picked rows of each table have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    NoReturn,
    TypeVar,
)

from extractors.language.base import BaseSeries, attribute_error, wrap
from extractors.language.columns import Series as Series
from extractors.language.contradictions import note_contradiction
from extractors.language.dates import DateEventSeries
from extractors.language.numbers import (
    FloatEventSeries,
    IntEventSeries,
    IntPatientSeries,
)
from extractors.language.operands import condition_node
from extractors.language.series import BoolEventSeries, BoolPatientSeries
from extractors.language.texts import (
    CodeEventSeries,
    ConceptEventSeries,
    StrEventSeries,
)
from extractors.model import nodes
from extractors.model.nearest import nearest
from extractors.model.schema import Column, TableSchema
from extractors.model.types import (
    MULTI_CODE_TYPES,
)

NAME = re.compile(r"[A-Za-z_]+[A-Za-z0-9_]*")
RESERVED = ("patient_id", "_node")
Frame = TypeVar("Frame", bound="BaseFrame")
# Rows are put in order by what has one; of a bool, `as_int()` has.
Sortable = (
    IntEventSeries
    | FloatEventSeries
    | StrEventSeries
    | DateEventSeries
    | CodeEventSeries
    | ConceptEventSeries
)


class BaseFrame:
    """Rows of a table, of which an author names columns."""

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

    def __bool__(self) -> NoReturn:
        raise TypeError("a frame is neither true nor false; use exists_for_patient()")

    def _no_comparison(self, _: Any) -> NoReturn:
        raise TypeError("a frame cannot be compared; name one of its columns")

    def _no_logic(self, *_: Any) -> NoReturn:
        raise TypeError(
            "`&`, `|` and `~` need bool series, got a whole frame; use "
            "exists_for_patient()"
        )

    # An editor and a type checker know all members from the classes; with these they
    # would accept every name and every comparison.
    if not TYPE_CHECKING:
        __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _no_comparison
        __and__ = __or__ = __invert__ = _no_logic
        __hash__ = object.__hash__

        def __getattr__(self, name: str) -> Any:
            raise _no_attribute(self, name)

    def _select_column(self, name: str) -> Any:
        return wrap(nodes.Column(self._node, name))

    def exists_for_patient(self) -> BoolPatientSeries:
        """Whether the patient has a row.

        Never NULL, False without one.

            clinical_events.exists_for_patient()
        """
        truth: BoolPatientSeries = wrap(nodes.Aggregate("exists", self._node))
        return truth

    def count_for_patient(self) -> IntPatientSeries:
        """How many rows the patient has, whatever they hold.

        Never NULL, 0 without one.

            clinical_events.count_for_patient()
        """
        number: IntPatientSeries = wrap(nodes.Aggregate("count", self._node))
        return number


def _no_attribute(frame: BaseFrame, name: str) -> AttributeError:
    """Why a frame has no such column or method."""
    if name.startswith("__"):
        return AttributeError(name)
    if frame._node.one_row and hasattr(SortedFrame, name):
        return attribute_error(
            f"{name}() needs a frame with many rows per patient, this one has one each"
        )
    if hasattr(SortedFrame, name):
        return attribute_error(f"{name}() needs a sorted frame; call sort_by(…) first")
    if hasattr(getattr(type(frame), "_picked_from", None), name):
        return attribute_error(
            f"{name}() belongs to the whole table; a picked row has only its columns"
        )
    return AttributeError(_missing(frame, name))


def _missing(frame: BaseFrame, name: str) -> str:
    """That a frame has no such column or method, and which one was probably meant."""
    schema = frame._node.table.schema
    columns = [column.name for column in schema.columns]
    methods = [each for each in dir(type(frame)) if not each.startswith("_")]
    close = nearest(name, dict.fromkeys([*columns, *methods]))
    hint = f"its columns are {', '.join(columns)}."
    if close:
        hint = f"did you mean {close!r}?"
    return f"table {schema.name!r} has no column {name!r}; {hint}"


class PatientFrame(BaseFrame):
    """A table with at most one row per patient.

    Its columns have one value for each patient.

        @table
        class patients(PatientFrame):
            date_of_birth = Series(datetime.date)
    """


class EventFrame(BaseFrame):
    """A table with any number of rows per patient.

    Its columns have a value for each row.

        @table
        class clinical_events(EventFrame):
            date = Series(datetime.date)
    """

    # A plain True or False works as well. It is no type here, because Python makes a
    # comparison of what does not fit together one, and a checker finds it by that.
    def where(self: Frame, condition: BoolPatientSeries | BoolEventSeries) -> Frame:
        """The rows for which a condition is True.

        Rows where it is False or NULL go. The condition is about columns of the same
        rows, or about the patient.

            clinical_events.where(clinical_events.date.is_during(INTERVAL))

        Raises TypeError for what is no bool series, or one of other rows.
        """
        return _filtered(self, condition_node(condition, "where()"))

    def except_where(
        self: Frame, condition: BoolPatientSeries | BoolEventSeries
    ) -> Frame:
        """All rows but those for which a condition is True.

        Rows where it is False or NULL stay, unlike those of `where(~condition)`.

            clinical_events.except_where(clinical_events.numeric_value > 300.0)

        Raises TypeError for what is no bool series, or one of other rows.
        """
        node = condition_node(condition, "except_where()")
        known = nodes.Call("coalesce", (node, nodes.Literal(False, bool)))
        return _filtered(self, nodes.Call("not", (known,)))

    def sort_by(self, *series: Sortable) -> AnySorted:
        """Order the rows of each patient, the first series being the most important.

        NULL comes before every value. Rows that are the same in all of them are put in
        an order by the columns that the definition reads of the picked row.

            clinical_events.sort_by(clinical_events.date).last_for_patient()

        Raises TypeError for what is no series with a value for each row.
        """
        if not series:
            raise TypeError("sort_by needs at least one series")
        node = self._node
        for key in reversed(series):
            node = nodes.Sort(node, _sort_key(key))
        ordered: AnySorted = _sorted_class(type(self))(node)
        return ordered


class SortedFrame(EventFrame):
    """An event frame whose first or last row can be picked."""

    def first_for_patient(self) -> AnyRow:
        """Of each patient the first row in the order of `sort_by`.

        Without a row every column is NULL.

            clinical_events.sort_by(clinical_events.date).first_for_patient().date
        """
        row: AnyRow = _picked_class(type(self))(nodes.Pick(self._node, last=False))
        return row

    def last_for_patient(self) -> AnyRow:
        """Of each patient the last row in the order of `sort_by`.

        Without a row every column is NULL.

            clinical_events.sort_by(clinical_events.date).last_for_patient().date
        """
        row: AnyRow = _picked_class(type(self))(nodes.Pick(self._node, last=True))
        return row


class AnySorted(SortedFrame):
    """A sorted frame of a table that an author declares: a type alone, whose columns no
    checker knows.
    """

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


class AnyRow(PatientFrame):
    """A row of a table that an author declares: a type alone, whose columns no checker
    knows.
    """

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


def _filtered(frame: Frame, condition: nodes.Series) -> Frame:
    filtered = nodes.Where(frame._node, condition)
    note_contradiction(nodes.conditions(filtered))
    return type(frame)(filtered)


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
        members: dict[str, Any] = {}
        for base in reversed(cls.__mro__):
            members |= _kept(vars(base))
        members["_picked_from"] = cls
        _picked_classes[cls] = type(cls.__name__, (PatientFrame,), members)
    return _picked_classes[cls]


def _kept(members: Mapping[str, Any]) -> dict[str, Any]:
    """The columns and properties of a class."""
    kept: dict[str, Any] = {}
    for name, member in members.items():
        if isinstance(member, Series | property):
            kept[name] = member
    return kept


def table(cls: type[Frame]) -> Frame:
    """Class decorator: declare a table of the records, and become its frame.

    The class is derived from PatientFrame or EventFrame and has a `Series` for each
    column. A column that the records leave out is NULL.

        @table
        class ward(EventFrame):
            date = Series(datetime.date)
            name = Series(str)

    Raises TypeError for another class, and for a name that no column can have.
    """
    if not (isinstance(cls, type) and issubclass(cls, PatientFrame | EventFrame)):
        raise TypeError("a table is a class derived from PatientFrame or EventFrame")
    return make_table(cls)


def make_table(cls: type[Frame], file: str = "") -> Frame:
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
    members: dict[str, Series[Any, Any]] = {}
    for base in reversed(cls.__mro__):
        for name, value in vars(base).items():
            if isinstance(value, Series):
                members[name] = value
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
