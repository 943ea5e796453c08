"""A choice that asks only what another choice has come to becomes one choice.

`code.to_category(…).map_values(…)`: a code has a category, and a category has a value;
so a code has a value. DuckDB would make the first choice anew for each value of the
second.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

from extractors.model import nodes
from extractors.model.rewriting import renewed, rewrite


def fold(series: Mapping[str, nodes.Series]) -> dict[str, nodes.Series]:
    """The same series with choices among what is written, by choices among what is
    written, made at once.
    """
    made = rewrite(series.values(), _folded)
    return renewed(series, made)


def _folded(node: nodes.Node) -> nodes.Node:
    if not isinstance(node, nodes.Call) or not _is_written(node):
        return node
    tests, values = node.arguments[:-1:2], (*node.arguments[1::2], node.arguments[-1])
    asked = {_asked(test) for test in tests}
    first = asked.pop()
    if asked or not isinstance(first, nodes.Call) or not _is_written(first):
        return node
    outcomes = []
    for found in (*first.arguments[1::2], first.arguments[-1]):
        outcomes.append(_outcome(found, tests, values))
    # a case is (condition, outcome, condition, outcome, …, otherwise)
    pairs = zip(first.arguments[:-1:2], outcomes, strict=False)
    return nodes.Call("case", (*chain.from_iterable(pairs), outcomes[-1]))


def _is_written(node: nodes.Call) -> bool:
    """A choice whose outcomes all stand in the definition."""
    outcomes = (*node.arguments[1::2], node.arguments[-1])
    return node.operation == "case" and all(
        isinstance(outcome, nodes.Literal) for outcome in outcomes
    )


def _asked(test: nodes.Series) -> nodes.Series | None:
    """What a test asks for, if it only asks whether that is something written."""
    match test:
        case nodes.Call(
            operation="eq" | "in", arguments=(asked, nodes.Literal() | nodes.Values())
        ):
            return asked
    return None


def _outcome(
    found: nodes.Series, tests: Sequence[nodes.Series], values: Sequence[nodes.Series]
) -> nodes.Series:
    """The value of the first test that is true of what was found; the last value if
    none is.
    """
    return next(
        (
            value
            for test, value in zip(tests, values, strict=False)
            if _is_true(test, found)
        ),
        values[-1],
    )


def _is_true(test: nodes.Series, found: nodes.Series) -> bool:
    """NULL is equal to nothing."""
    assert isinstance(test, nodes.Call)
    assert isinstance(found, nodes.Literal)
    wanted = test.arguments[1]
    among = wanted.values if isinstance(wanted, nodes.Values) else (wanted.value,)  # type: ignore[attr-defined]
    return found.value is not None and found.value in among
