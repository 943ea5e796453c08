"""What every series shares, and how Python values become operands.

An author's series wraps one node. Its class says its type and level (one value per
patient, or one per event), and is found in REGISTRY, which the type modules fill; that
keeps imports one-way. Wrong types raise TypeError and wrong values ValueError on the
author's own line.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from extractors.language.concept_ids import concept_id, concept_ids, refuse_ids
from extractors.language.concept_sets import ConceptSet
from extractors.language.doubts import (
    note_damaged,
    note_strange_values,
    note_wrong_digits,
)
from extractors.language.reading import current
from extractors.model import nodes
from extractors.model.types import WITH_CHECK_DIGIT, Code, ConceptId, is_code, name_of

REGISTRY: dict[tuple[type, bool], type["BaseSeries"]] = {}
COLLECTIONS = (list, tuple, set, frozenset, dict)
LONGEST_CODE = 18  # characters
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
NO_NONE = (
    "None cannot be used here; use is_null(), is_not_null() or when_null_then() to "
    "treat missing values"
)
FRAME_METHODS = frozenset(
    "where except_where sort_by first_for_patient last_for_patient exists_for_patient count_for_patient".split()
)
OTHER_NUMBERS = (
    "concept ids and codes are different numbers of the same things; compare a "
    "column of concept ids with concept_set([ids]), and a column of codes with codes "
    "in quotes"
)
PYTHON_LOGIC = (
    "Python's `and`, `or`, `not`, `if` and chained comparisons do not work on series; "
    "use `&`, `|`, `~` with brackets around each part, such as (a == 1) & (b == 2), "
    "is_in() for `in`, minimum_of() and maximum_of() for min() and max()"
)


class BaseSeries:
    """A series of values; `node` is what it means."""

    level: ClassVar[str] = ""
    _called: ClassVar[str] = "a series"
    # what a notebook shows; `extractors/notebook.py` gives it, which can make people up
    _repr_html_: ClassVar[Callable[[Any], str]]
    __slots__ = ("node",)

    def __init__(self, node: nodes.Series):
        self.node = node

    def __bool__(self) -> bool:
        raise TypeError(PYTHON_LOGIC)

    def _no_logic(self, *_: Any) -> Any:
        """`a == 1 & b == 2` means `a == (1 & b) == 2`, which is how most of these come
        about.
        """
        raise TypeError(
            "`&`, `|` and `~` need bool series, got a series of "
            f"{name_of(self.node.type)}; are you missing parentheses around a "
            "comparison, as in (a == 1) & (b == 2)?"
        )

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
        if name.endswith("_for_patient") and self.level == "patient":
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

    def call(self, operation: str, *others: Any) -> Any:
        """An operation on this series and others, literals taken as values of this
        type.
        """
        return wrap(
            nodes.Call(
                operation,
                (self.node, *(operand(other, self.node.type) for other in others)),
            )
        )

    @property
    def _qm_node(self) -> nodes.Series:
        """ehrQL's own name for what a series means; studies ask for it."""
        return self.node

    def __eq__(self, other: Any) -> Any:
        return self._compare("eq", other)

    def __ne__(self, other: Any) -> Any:
        return self._compare("ne", other)

    def _compare(self, operation: str, other: Any) -> Any:
        compared = self.call(operation, other)
        if not isinstance(other, BaseSeries):
            note_strange_values(self.node, [other])
        return compared

    def is_null(self) -> Any:
        """True where there is no value; never NULL."""
        return self.call("is_null")

    def is_not_null(self) -> Any:
        return ~self.is_null()

    def when_null_then(self, other: Any) -> Any:
        """This value, or `other` where there is none."""
        return self.call("coalesce", other)

    def is_in(self, values: Any) -> Any:
        """Whether the value is one of a collection, or of the values of an event series
        of the patient.
        """
        members = _container(values, self.node.type)
        if isinstance(members, nodes.Values):
            note_strange_values(self.node, members.values)
        return wrap(nodes.Call("in", (self.node, members)))

    def is_not_in(self, values: Any) -> Any:
        return ~self.is_in(values)

    def map_values(self, mapping: Any, default: Any = None) -> Any:
        """Replace values as the mapping says; everything else, and NULL, becomes
        `default`.
        """
        if not isinstance(mapping, Mapping):
            hint = (
                "; a codelist is one with category_column=…"
                if called(mapping) == "list"
                else ""
            )
            raise TypeError(f"values are mapped by a dict, got {called(mapping)}{hint}")
        if not mapping:
            raise TypeError("map_values needs at least one value to map")
        groups: dict[Any, list] = {}
        _refuse_ids(mapping, self.node.type)
        damaged = _damaged(mapping, self.node.type) if is_code(self.node.type) else ()
        for key, value in mapping.items():
            if _is_text_of(key, damaged):
                continue
            groups.setdefault((type(value), _same(value)), [value, []])[1].append(key)
        pairs = [(self.is_in(keys), value) for value, keys in groups.values()]
        return build_case(pairs, default)


def attribute_error(message: str) -> AttributeError:
    """One that needs no guess at what was meant: Python adds name and object to it only
    if there are none.
    """
    return AttributeError(message, name="", obj=None)


def _same(value: Any) -> Any:
    return value.node if isinstance(value, BaseSeries) else value


class PatientSeries(BaseSeries):
    """One value per patient."""

    level = "patient"
    __slots__ = ()


class EventSeries(BaseSeries):
    """One value for each row of a frame, so any number per patient."""

    level = "event"
    __slots__ = ()

    def aggregate(self, operation: str, argument: int | float | None = None) -> Any:
        return wrap(nodes.Aggregate(operation, self.node, argument))

    def count_distinct_for_patient(self) -> Any:
        """How many different values each patient has, NULL not counted."""
        return self.aggregate("count_distinct")


def register(*types: type) -> Any:
    """Class decorator: this is the series class of these types at its level."""

    def add(cls: type[BaseSeries]) -> type[BaseSeries]:
        for type_ in types:
            REGISTRY[type_, issubclass(cls, EventSeries)] = cls
        return cls

    return add


def wrap(node: nodes.Series) -> Any:
    """The author's view of a node."""
    return REGISTRY[node.type, node.domain is not None](node)


def operand(value: Any, of: type) -> nodes.Series:
    """A series or literal as a node where a value of type `of` is expected.

    Only literals are adapted: whole numbers to float, ISO strings to dates, strings to
    codes.
    """
    if isinstance(value, BaseSeries):
        return _series_operand(value, of)
    if value is None:
        raise TypeError(NO_NONE)
    made = literal(value, of)
    _note_wrong_digits([made], of)
    return nodes.Literal(made, of)


def _series_operand(value: BaseSeries, of: type) -> nodes.Series:
    if value.node.type is not of:
        raise TypeError(
            f"expected {name_of(of)}, got a series of "
            f"{name_of(value.node.type)}{_conversion(value.node.type, of)}"
        )
    return value.node


def _conversion(got: type, of: type) -> str:
    known = {
        (int, float): ".as_float()",
        (
            float,
            int,
        ): ".as_int(), which cuts off its fraction, or the whole number with "
        ".as_float()",
        (bool, int): ".as_int()",
    }
    if ConceptId in (got, of) and (is_code(got) or is_code(of)):
        return f"; {OTHER_NUMBERS}"
    return f"; convert it with {known[got, of]}" if (got, of) in known else ""


def literal(value: Any, of: type) -> Any:
    """A Python value as a value of type `of`; TypeError or ValueError if it is none."""
    if of is float and type(value) is int:
        return float(value)
    if of is datetime.date and type(value) is str:
        return parse_date(value)
    if is_code(of) and type(value) in (str, of):
        return _as_code(value, of)
    if of is ConceptId:
        return concept_id(value)
    if type(value) is not of:
        raise TypeError(
            f"expected {name_of(of)}, got {called(value)}{_instead_of(value, of)}"
        )
    return value


def _instead_of(value: Any, of: type) -> str:
    """What an author may have meant by a value of another type."""
    if is_code(of) and isinstance(value, ConceptId):
        return f"; {OTHER_NUMBERS}"
    if isinstance(value, datetime.datetime):
        return "; take its .date()"
    if isinstance(value, COLLECTIONS):
        return "; is_in(…) compares with several values"
    return "; write codes in quotes" if is_code(of) and type(value) is int else ""


def _as_code(value: str, of: Any) -> Code:
    try:
        return of(value)
    except ValueError as error:
        raise ValueError(f"{error}; {_trouble(value, of)}") from None


def _trouble(value: str, of: Any) -> str:
    """What may have happened to a code that is none."""
    if value.strip() != value:
        return "there are spaces around it"
    if "E+" in value.upper() or value.endswith(".0"):
        return (
            "a spreadsheet turned it into a number; get the codes again and keep "
            "them out of spreadsheets"
        )
    if _lost_zeros(value, of):
        return (
            "a spreadsheet took zeros from its beginning; get the codes again and "
            "keep them out of spreadsheets"
        )
    return f"{of.label} codes look different"


def _lost_zeros(value: str, of: Any) -> bool:
    """Whether zeros at its beginning would make it a code: a spreadsheet takes them off
    numbers.
    """
    lengths = range(len(value) + 1, LONGEST_CODE + 1)
    return value.isdigit() and any(
        of.pattern.fullmatch(value.zfill(length)) for length in lengths
    )


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


def parse_date(value: str) -> datetime.date:
    """A date from YYYY-MM-DD, and nothing else."""
    if not ISO_DATE.fullmatch(value):
        raise ValueError(f"Dates must be in YYYY-MM-DD format, got {value!r}")
    try:
        return datetime.date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{error} in {value!r}") from None


def _container(values: Any, of: type) -> nodes.Series:
    if isinstance(values, EventSeries):
        return nodes.Aggregate("set", _series_operand(values, of))
    if isinstance(values, BaseSeries):
        raise TypeError(
            "is_in needs a list of values or an event series, got a series with one "
            "value per patient"
        )
    if isinstance(values, ConceptSet):
        return _concepts(values, of)
    if not isinstance(values, list | tuple | set | frozenset | dict):
        raise TypeError(
            f"is_in needs a list of values or an event series, got {called(values)}"
        )
    if any(value is None for value in values):
        raise TypeError(NO_NONE)
    if of is ConceptId:
        return nodes.Values(tuple(concept_ids(values)), of)
    told = _refuse_ids(values, of)
    damaged = _damaged(values, of) if is_code(of) else ()
    kept = [value for value in values if not _is_text_of(value, damaged)]
    members = tuple(_member(value, of) for value in kept)
    if not told:
        _note_wrong_digits(members, of)
    return nodes.Values(members, of)


def _note_wrong_digits(codes: Iterable[Any], of: Any) -> None:
    if of in WITH_CHECK_DIGIT:
        note_wrong_digits([str(code) for code in codes], of.label)


def _refuse_ids(values: Iterable[Any], of: type) -> bool:
    """Concept ids where codes belong; what an author calls a code is one. Whether it is
    noted.
    """
    return of in WITH_CHECK_DIGIT and refuse_ids(
        [value for value in values if type(value) is str], of
    )


def _concepts(values: ConceptSet, of: type) -> nodes.Series:
    if of is not ConceptId:
        said = (
            OTHER_NUMBERS
            if is_code(of)
            else "a concept set is looked for in a column of concept ids"
        )
        raise TypeError(f"expected {name_of(of)}, got a concept set; {said}")
    return nodes.Concepts(values.asked)


def _is_text_of(value: Any, texts: Iterable[str]) -> bool:
    return type(value) is str and value in texts


def _damaged(values: Iterable[Any], of: Any) -> set[str]:
    """Codes of published files that are no codes of this coding system; notes them as
    matching nothing.

    ValueError if these are most of the values, as where a list meets the wrong column.
    What an author writes, and what a spreadsheet did on the way, is refused where it is
    used.
    """
    texts = {value for value in values if type(value) is str}
    published = texts & current().codes.keys()
    odd = {code for code in published if not of.pattern.fullmatch(code)}
    damaged = {code for code in odd if not _lost_zeros(code, of)}
    if 2 * len(damaged) > len(texts):
        _as_code(min(damaged), of)
    if damaged:
        note_damaged(sorted(damaged), of.label)
    return damaged


def _member(value: Any, of: type) -> Any:
    if isinstance(value, BaseSeries):
        raise TypeError(
            "is_in takes a list of plain values, got a series inside the list"
        )
    return literal(value, of)


def condition_node(condition: Any, where: str) -> nodes.Series:
    """A bool series or literal bool as a node; TypeError with the usual causes
    otherwise.
    """
    if isinstance(condition, BaseSeries) and condition.node.type is bool:
        return condition.node
    if type(condition) is bool:
        return nodes.Literal(condition, bool)
    got = (
        f"a series of {name_of(condition.node.type)}"
        if isinstance(condition, BaseSeries)
        else called(condition)
    )
    raise TypeError(
        f"{where} needs a bool series, got {got}; are you missing parentheses around "
        "a comparison?"
    )


def build_case(pairs: Iterable[tuple[Any, Any]], otherwise: Any) -> Any:
    """First true condition wins; values are series, literals or None, all of one
    type.
    """
    pairs = list(pairs)
    of = type_of_values([value for _, value in pairs] + [otherwise])
    arguments: list[nodes.Series] = []
    for condition, value in pairs:
        arguments += [condition_node(condition, "case"), nullable(value, of)]
    return wrap(nodes.Call("case", (*arguments, nullable(otherwise, of))))


def nullable(value: Any, of: type) -> nodes.Series:
    return nodes.Literal(None, of) if value is None else operand(value, of)


def type_of_values(values: list[Any]) -> type:
    """The one type of some series and literals; series decide before literals."""
    series, literals = [], []
    for value in values:
        if isinstance(value, BaseSeries):
            series.append(value.node.type)
        elif value is not None:
            literals.append(type(value))
    if not series and not literals:
        raise TypeError("all values are None; at least one must be a value")
    for value in values:
        if type(value) in literals and (type(value), False) not in REGISTRY:
            got = called(value)
            raise TypeError(f"a value must be a series or a plain value, got {got}")
    of = (series or literals)[0]
    if not series and set(literals) != {of}:
        raise TypeError(
            "all values must have one type, got "
            f"{', '.join(sorted({name_of(t) for t in literals}))}"
        )
    return of
