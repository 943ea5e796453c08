"""The numbers that a definition compares columns with, read off its nodes."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from math import sqrt

from extractors.model import nodes
from extractors.model.types import is_code
from extractors.planner.needs import codelist_of
from extractors.trial.wishes import ANY_CODE

COMPARISONS = {"lt", "le", "gt", "ge"}
# of what they are given
OF_THE_SIZE = {"coalesce", "maximum_of", "minimum_of", "to_int", "to_float"}
AGGREGATES = {"minimum", "maximum", "mean", "quantile", "sum"}
HALF = 0.5
# of the way from the middle to an end of what is believed: hardly anything lies beyond
# the ends
WITHIN = 0.4
ByCode = Mapping[str, tuple[float, ...]]


def thresholds_of(roots: Iterable[nodes.Node]) -> dict[tuple[str, str], ByCode]:
    """For a (table, column), by the code of the rows (ANY_CODE: of all) the numbers to
    spread its values around.
    """
    found: dict[tuple[str, str], dict[str, set[float]]] = {}
    for series, number in _compared(nodes.walk(roots)):
        for column in _columns(series):
            by_code = found.setdefault(
                (column.source.table.schema.name, column.name), {}
            )
            for code in _codes(column.source) or (ANY_CODE,):
                by_code.setdefault(code, set()).add(number)
    return {
        place: {c: tuple(sorted(each)) for c, each in by_code.items()}
        for place, by_code in found.items()
    }


def _compared(order: Iterable[nodes.Node]) -> Iterator[tuple[nodes.Series, float]]:
    order = list(order)
    believed = dict(chain.from_iterable(map(_ends, order)))
    for node in order:
        if comparison := _comparison(node):
            operation, series, number = comparison
            yield series, believed.get(node, number)
        for series, number in _equal(node):
            yield from ((series, end) for end in _around(number))


def _equal(node: nodes.Node) -> Iterator[tuple[nodes.Series, int]]:
    """Whole numbers that a series is asked to be; to be one is to lie between the
    halves around it.
    """
    match node:
        case nodes.Call(
            operation="eq" | "ne",
            arguments=(series, nodes.Literal(value=int() as number, of=of)),
        ):
            numbers: Iterable = (number,)
        case nodes.Call(
            operation="in", arguments=(series, nodes.Values(values=numbers, of=of))
        ):
            pass
        case _:
            return
    if of is int:
        yield from ((series, number) for number in numbers)


def _around(number: int) -> tuple[float, ...]:
    """The ends of what rounds to a number; of 0 only the upper one, because most that
    is counted has none below.
    """
    return (number - HALF, number + HALF) if number else (HALF,)


def _ends(node: nodes.Node) -> Iterator[tuple[nodes.Node, float]]:
    """Of `least <= series <= most`, as amount() says it, the comparisons with numbers
    that lie well within.
    """
    if not (isinstance(node, nodes.Call) and node.operation == "and"):
        return
    first, last = (_comparison(part) for part in node.arguments)
    if (
        first
        and last
        and first[:2] == ("ge", last[1])
        and last[0] == "le"
        and first[2] < last[2]
    ):
        yield from zip(node.arguments, _within(first[2], last[2]), strict=True)


def _within(least: float, most: float) -> tuple[float, float]:
    if least > 0:  # by ratios, as such numbers are spread
        middle, reach = sqrt(least * most), (most / least) ** (WITHIN / 2)
        return middle / reach, middle * reach
    middle, far = (least + most) / 2, WITHIN * (most - least) / 2
    return middle - far, middle + far


def _comparison(node: nodes.Node) -> tuple[str, nodes.Series, float] | None:
    """Operation, series and number, whichever is on the left."""
    match node:
        case nodes.Call(
            operation=operation,
            arguments=(series, nodes.Literal(value=int() | float() as number)),
        ):
            pass
        case nodes.Call(
            operation=operation,
            arguments=(nodes.Literal(value=int() | float() as number), series),
        ):
            pass
        case _:
            return None
    return (operation, series, float(number)) if operation in COMPARISONS else None


def _columns(series: nodes.Series) -> Iterator[nodes.Column]:
    """The columns whose values a series has, as they are, picked or aggregated."""
    for part in nodes.operands(series, lambda call: call.operation in OF_THE_SIZE):
        match part:
            case nodes.Column(type=type_) if type_ in (int, float):
                yield part
            case nodes.Aggregate(
                operation=operation, source=nodes.Series() as source
            ) if operation in AGGREGATES:
                yield from _columns(source)


def _codes(frame: nodes.Frame) -> list[str]:
    """The codes by which rows of a frame were chosen; none where they were not."""
    rows = frame.source if isinstance(frame, nodes.Pick) else frame
    parts: list[nodes.Series] = []
    for condition in nodes.conditions(rows):
        parts += nodes.operands(condition, lambda call: call.operation in ("and", "or"))
    lists = [
        found[1]
        for found in map(codelist_of, parts)
        if found and is_code(found[0].type)
    ]
    return list(map(str, chain.from_iterable(codes.values for codes in lists)))
