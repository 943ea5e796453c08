"""Series and Python values as nodes: the operands of an operation, and of a case."""

from collections.abc import Iterable
from typing import Any

from extractors.language.base import REGISTRY, BaseSeries, called, wrap
from extractors.language.doubts import note_wrong_digits
from extractors.language.literals import OTHER_NUMBERS, literal
from extractors.model import nodes
from extractors.model.types import WITH_CHECK_DIGIT, ConceptId, is_code, name_of

NO_NONE = (
    "None cannot be used here; use is_null(), is_not_null() or when_null_then() to "
    "treat missing values"
)


def operand(value: Any, of: type) -> nodes.Series:
    """A series or literal as a node where a value of type `of` is expected.

    Only literals are adapted: whole numbers to float, ISO strings to dates, strings to
    codes.
    """
    if isinstance(value, BaseSeries):
        return series_operand(value, of)
    if value is None:
        raise TypeError(NO_NONE)
    made = literal(value, of)
    note_digits([made], of)
    return nodes.Literal(made, of)


def series_operand(value: BaseSeries, of: type) -> nodes.Series:
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


def note_digits(codes: Iterable[Any], of: Any) -> None:
    if of in WITH_CHECK_DIGIT:
        note_wrong_digits([str(code) for code in codes], of.label)


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
