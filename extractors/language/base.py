"""The root class of all series, and the register that finds the class of a node.

An author's series wraps one node of the model. The class of a series says its type
and its level: one value per patient, or one per row. `wrap` finds that class in
REGISTRY, which the modules of the types fill; so this module imports none of them.

    node of type int, per patient  ──wrap──>  IntPatientSeries
    node of type int, per row      ──wrap──>  IntEventSeries
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar

from extractors.language.reading import current
from extractors.model import nodes
from extractors.model.types import name_of

Class = TypeVar("Class", bound=type["BaseSeries"])
REGISTRY: dict[tuple[type, bool], type["BaseSeries"]] = {}
FRAME_METHODS = frozenset(
    (
        "where",
        "except_where",
        "sort_by",
        "first_for_patient",
        "last_for_patient",
        "exists_for_patient",
        "count_for_patient",
    )
)
PYTHON_LOGIC = (
    "Python's `and`, `or`, `not`, `if` and chained comparisons do not work on series; "
    "use `&`, `|`, `~` with brackets around each part, such as (a == 1) & (b == 2), "
    "is_in() for `in`, minimum_of() and maximum_of() for min() and max()"
)


class BaseSeries:
    """Values of one type, one per patient or one per row. `node` is what they mean.

    A series has no values while a definition is read: an operation on it gives
    another series. Python's own logic on it raises TypeError.
    """

    _level: ClassVar[str] = ""
    _called: ClassVar[str] = "a series"
    # what a notebook shows; `extractors/notebook.py` gives it, which can make people up
    _repr_html_: ClassVar[Callable[[Any], str]]
    __slots__ = ("node",)

    def __init__(self, node: nodes.Series):
        self.node = node

    def __bool__(self) -> NoReturn:
        raise TypeError(PYTHON_LOGIC)

    def _no_logic(self, *_: Any) -> NoReturn:
        """`a == 1 & b == 2` means `a == (1 & b) == 2`, which is how most of these come
        about.
        """
        raise TypeError(
            "`&`, `|` and `~` need bool series, got a series of "
            f"{name_of(self.node.type)}; are you missing parentheses around a "
            "comparison, as in (a == 1) & (b == 2)?"
        )

    # An editor and a type checker know all members from the classes; with these they
    # would accept every name and every condition.
    if not TYPE_CHECKING:
        __and__ = __rand__ = __or__ = __ror__ = __invert__ = _no_logic

        def __getattr__(self, name: str) -> Any:
            # copy and pickle ask for these before there is a node
            if name.startswith("__"):
                raise AttributeError(name)
            if name in FRAME_METHODS:
                raise attribute_error(
                    f"{name}() belongs to a frame, not to its columns; write it before "
                    "the column"
                )
            if name.endswith("_for_patient") and self._level == "patient":
                raise attribute_error(
                    f"{name}() needs a series with many values per patient, this one has "
                    "one each"
                )
            if name == "otherwise":
                raise attribute_error(
                    "otherwise(…) belongs to one when(…).then(…); write case(…, "
                    "otherwise=…)"
                )
            raise AttributeError(
                f"a series of {name_of(self.node.type)} has no {name!r}",
                name=name,
                obj=self,
            )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __format__(self, form: str) -> str:
        current().note(
            "a series is part of a text, which says its type alone; compare with it "
            "instead"
        )
        return repr(self)

    @property
    def _qm_node(self) -> nodes.Series:
        """ehrQL's own name for what a series means; studies ask for it."""
        return self.node


def attribute_error(message: str) -> AttributeError:
    """One that needs no guess at what was meant: Python adds name and object to it only
    if there are none.
    """
    return AttributeError(message, name="", obj=None)


def register(*types: type) -> Callable[[Class], Class]:
    """Class decorator: this is the series class of these types at its level."""

    def add(cls: Class) -> Class:
        for type_ in types:
            REGISTRY[type_, cls._level == "event"] = cls
        return cls

    return add


def wrap(node: nodes.Series) -> Any:
    """The author's view of a node: an instance of the class of its type and level."""
    return REGISTRY[node.type, node.domain is not None](node)


def called(value: Any) -> str:
    """What messages call a value that an author has written where it does not
    belong.
    """
    words = getattr(type(value), "_called", None)
    if isinstance(words, str):
        return words
    if isinstance(value, type) or callable(value):
        return (
            f"{getattr(value, '__name__', value)!r}, which is not a value; are "
            "brackets missing after it?"
        )
    return "None" if value is None else name_of(type(value))
