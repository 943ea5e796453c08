"""Groups are of few values.

A float, a day or a number that is computed has about as many values as there are
people, so that nearly everybody would be a group of their own. No such group could be
named (`disclosure/naming.py`); so the author hears of it before anything is counted.
"""

import datetime

from extractors.model import nodes
from extractors.model.types import name_of
from measures.labels import MOST_LABELS, is_of_many

OF_MANY = (float, datetime.date)
ROUNDED = ("first_of_month", "first_of_year")


def refuse_telling_group(measure: str, name: str, node: nodes.Series) -> None:
    """Raises ValueError for a group that is a float, a day, or a whole number without
    ends.
    """
    if _is_telling(node):
        raise ValueError(_refusal(f"The group {name!r} of {measure}", node))


def _is_telling(node: nodes.Series) -> bool:
    if node.type in OF_MANY:
        return not (isinstance(node, nodes.Call) and node.operation in ROUNDED)
    return is_of_many(node)


def _refusal(what: str, node: nodes.Series) -> str:
    if node.type is int:
        return (
            f"{what} is a whole number that the definition computes: it may have "
            "about as many values as there are people. Make bands of it with "
            "case(), such as case(when(x < 10).then('0 to 9'), …), or keep it "
            f"between two ends of which it has at most {MOST_LABELS} values: "
            "minimum_of(maximum_of(x, 0), 100)."
        )
    return (
        f"{what} is a {name_of(node.type)}: nearly everybody would be a group of "
        "their own, named by a value of theirs. Make bands of it with case(), or "
        "take a date's year, to_first_of_year() or to_first_of_month()."
    )
