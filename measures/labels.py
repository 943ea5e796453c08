"""What a definition itself calls the groups of a series, and what it leaves to the
records.

The labels of a case, the categories that a table promises and True and False are
public: they are written in the definition. All other names of groups are values that a
person has in the records. They leave the server under a rule of disclosure control
(`disclosure/naming.py`), which starts from what is said here.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from math import inf

from extractors.model import nodes
from extractors.model.types import Scalar

# A group with more labels names nearly everybody as well as the records do: a case can
# have a label for each number.
MOST_LABELS = 200
MONTHS = nodes.Literal(12, int)
# What a spreadsheet takes for the beginning of a formula, also in the wide letters of
# East Asia.
STARTERS = "=+-@＝＋－＠"
MARK = "[redacted]"
# Control characters; marks without width and of direction; breaks of lines and
# paragraphs; what is no character.
UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})
MOST_SHOWN = 60

Span = tuple[float, float]
NOTHING: Span = (inf, -inf)
ANYTHING: Span = (-inf, inf)


@dataclass(frozen=True)
class Labels:
    """The names that the groups of a series may have; a missing value needs none."""

    # those that the definition names
    values: frozenset[Scalar]
    # other values may come from the records
    open: bool
    # those that the author wrote; the others are promised by a table
    written: frozenset[Scalar] = frozenset()


NAMELESS = Labels(frozenset(), open=True)
YES_NO = Labels(frozenset({False, True}), open=False)


def labels_of(series: nodes.Series) -> Labels:
    """The labels of a series; no values if there are more than MOST_LABELS."""
    found = _all_labels(series)
    if len(found.values) > MOST_LABELS:
        return Labels(frozenset(), open=True, written=found.written)
    return found


def _all_labels(series: nodes.Series) -> Labels:
    spans = _spans(series)
    known: dict[nodes.Node, Labels] = {}
    for node in nodes.walk([series]):
        if isinstance(node, nodes.Series):
            known[node] = _in_range(node, _labels(node, known), spans[node])
    return known[series]


def _labels(node: nodes.Series, known: Mapping[nodes.Node, Labels]) -> Labels:
    """Of a node, from those below it."""
    if node.type is bool:
        return YES_NO
    if isinstance(node, nodes.Literal):
        values = frozenset() if node.value is None else frozenset({node.value})
        return Labels(values, open=False, written=values)
    if isinstance(node, nodes.Column):
        # Of these the records are refused that break the promise; a range that they
        # break is a warning.
        categories = frozenset(node.source.table.schema.column(node.name).categories)
        return Labels(categories, open=False) if categories else NAMELESS
    chosen = chosen_by(node)
    return _together([known[each] for each in chosen]) if chosen else NAMELESS


def _together(several: Iterable[Labels]) -> Labels:
    listed = list(several)
    return Labels(
        values=frozenset().union(*(each.values for each in listed)),
        open=any(each.open for each in listed),
        written=frozenset().union(*(each.written for each in listed)),
    )


def _in_range(node: nodes.Series, labels: Labels, span: Span) -> Labels:
    """With all numbers of a short range; it stays open, for what breaks the promise of
    a range is read all the same.
    """
    if node.type is not int or not labels.open or not _is_short(span):
        return labels
    low, high = map(int, span)
    return Labels(
        labels.values | frozenset(range(low, high + 1)),
        open=True,
        written=labels.written,
    )


def chosen_by(node: nodes.Series) -> tuple[nodes.Series, ...]:
    """The series of which a node takes one value as it is; none if it makes a value of
    its own.
    """
    match node:
        case nodes.Aggregate(
            operation="minimum" | "maximum", source=nodes.Series() as source
        ):
            return (source,)
        case nodes.Call(
            operation="coalesce" | "minimum_of" | "maximum_of", arguments=values
        ):
            return values
        case nodes.Call(operation="case", arguments=(*conditions_and_values, default)):
            return (*conditions_and_values[1::2], default)
    return ()


# Whole numbers ------------------------------------------------------------------------


def is_of_many(series: nodes.Series) -> bool:
    """Whether a definition computes this whole number, and nothing promises that it has
    few values.

    A number that a table has is none of these, and neither are years: of an age there
    are about as many values as people are old, and `.year` says no more than the first
    day of the year does.
    """
    if series.type is not int:
        return False
    spans, few = _spans(series), set[nodes.Node]()
    for node in nodes.walk([series]):
        if not isinstance(node, nodes.Series) or node.type is not int:
            continue
        if _is_short(spans[node]) or _is_years(node) or _is_kept(node, few):
            few.add(node)
    return series not in few


def _is_years(node: nodes.Series) -> bool:
    """Years, or two of them added up or subtracted; not more, for a sum of many can
    have any number of values.
    """
    match node:
        case nodes.Call(
            operation="add" | "subtract" | "negate" | "absolute", arguments=numbers
        ):
            return all(
                _is_year(each) or isinstance(each, nodes.Literal) for each in numbers
            )
    return _is_year(node)


def _is_year(node: nodes.Series) -> bool:
    match node:
        case nodes.Call(operation="year"):
            return True
        case nodes.Call(
            operation="floor_divide",
            arguments=(nodes.Call(operation="months_between"), divisor),
        ):
            return divisor == MONTHS
    return False


def _is_kept(node: nodes.Series, few: set[nodes.Node]) -> bool:
    """A number of a table or of the author's, or one of some that have few values
    each.
    """
    chosen = chosen_by(node)
    return isinstance(node, nodes.Literal | nodes.Column) or (
        bool(chosen) and all(each in few for each in chosen)
    )


def _is_short(span: Span) -> bool:
    return span[1] - span[0] < MOST_LABELS


def _spans(series: nodes.Series) -> dict[nodes.Node, Span]:
    """Between which ends every whole number below a series lies, NULL aside."""
    spans: dict[nodes.Node, Span] = {}
    for node in nodes.walk([series]):
        if isinstance(node, nodes.Series):
            spans[node] = _span(node, spans) if node.type is int else ANYTHING
    return spans


def _span(node: nodes.Series, spans: Mapping[nodes.Node, Span]) -> Span:
    match node:
        case nodes.Literal(value=value):
            return NOTHING if value is None else (int(value), int(value))  # type: ignore[arg-type]
        case nodes.Column():
            return _span_of_column(node)
        case nodes.Call(operation="month"):
            return 1, 12
        case nodes.Call(operation="day"):
            return 1, 31
        case nodes.Call(operation="bool_to_int"):
            return 0, 1
        case nodes.Call(
            operation="minimum_of" | "maximum_of" as operation, arguments=numbers
        ):
            return _span_of_extreme(operation, numbers, spans)
        case nodes.Call(arguments=numbers) if not chosen_by(node) and all(
            each.type is int for each in numbers
        ):
            return _span_of_sum(node.operation, [spans[each] for each in numbers])
    return _joined([spans[each] for each in chosen_by(node)])


def _span_of_column(node: nodes.Column) -> Span:
    column = node.source.table.schema.column(node.name)
    if column.categories:
        return min(column.categories), max(column.categories)
    least, most = column.minimum, column.maximum
    return (-inf if least is None else least), (inf if most is None else most)


def _joined(spans: list[Span]) -> Span:
    if not spans:
        return ANYTHING
    return min(low for low, _ in spans), max(high for _, high in spans)


def _span_of_extreme(
    operation: str, numbers: tuple[nodes.Series, ...], spans: Mapping[nodes.Node, Span]
) -> Span:
    """NULLs are left out, so only numbers that the author wrote are sure to be a
    bound.
    """
    low, high = _joined([spans[each] for each in numbers])
    written = [
        spans[each]
        for each in numbers
        if isinstance(each, nodes.Literal) and spans[each] != NOTHING
    ]
    if operation == "maximum_of":
        return max([low, *(least for least, _ in written)]), high
    return low, min([high, *(most for _, most in written)])


def _span_of_sum(operation: str, spans: list[Span]) -> Span:
    """Of what is computed from numbers alone; what 64 bits cannot hold is NULL."""
    if any(span == NOTHING for span in spans):
        return NOTHING
    if any(inf in map(abs, span) for span in spans):
        return ANYTHING
    first, *others = spans
    match operation, others:
        case "add", [second]:
            return first[0] + second[0], first[1] + second[1]
        case "subtract", [second]:
            return first[0] - second[1], first[1] - second[0]
        case "multiply", [second]:
            # the ends of -2 to 3 times 4 to 5 are -10 and 15: any two ends may meet
            products = [one * other for one, other in product(first, second)]
            return min(products), max(products)
        case "floor_divide", [(low, high)] if low == high and low != 0:
            quotients = [end // low for end in first]
            return min(quotients), max(quotients)
        case "negate", []:
            return -first[1], -first[0]
        case "absolute", []:
            return 0, max(map(abs, first))
    return ANYTHING


# Texts --------------------------------------------------------------------------------


def refuse_labels(name: str, series: nodes.Series) -> None:
    """ValueError for a label that the author wrote and that a spreadsheet runs, or that
    does not show what it is.
    """
    for label in sorted(
        text for text in _all_labels(series).written if isinstance(text, str)
    ):
        fault = _fault(label)
        if fault:
            shown = ascii(label[:MOST_SHOWN])
            raise ValueError(
                f"the group {name!r} has the label {shown}: {fault}; choose another"
            )


def _fault(label: str) -> str:
    """What is wrong with a label; empty if nothing is."""
    if label.strip().startswith(tuple(STARTERS)):
        return (
            "a spreadsheet takes what begins with =, +, - or @ for a formula, and "
            "runs it"
        )
    if label.strip().casefold() == MARK:
        return "that is how a release marks a count that it does not show"
    if any(unicodedata.category(letter) in UNSEEN for letter in label):
        return (
            "it has a character that is not seen, such as a tab, a line break or a "
            "mark of direction"
        )
    return ""
