"""Dates of INTERVAL alone, which never fall from one period to the next, and the parts
of such dates.

Adding months rolls a day that does not exist forward to the first of the next month;
that keeps order.
"""

from extractors.model import nodes
from extractors.planner.motion import Known, Motion, Tip

RISING = {"first_of_month", "first_of_year"}
SHIFTING = {"add_days", "add_months"}
PARTS = {"year", "month"}


def moments(node: nodes.Node, known: Known) -> Motion | None:
    match node:
        case nodes.Parameter():
            return _moment()
        case nodes.Call(operation=operation, arguments=(date,)) if (
            operation in RISING and known[date].moment
        ):
            return _moment()
        case nodes.Call(operation=operation, arguments=(date, nodes.Literal())) if (
            operation in SHIFTING
        ):
            return _moment() if known[date].moment else None
        case nodes.Call(operation=operation, arguments=(date,)) if (
            operation in PARTS and known[date].moment
        ):
            return Motion(frozenset({Tip(node)}), "part of a period's date")
    return None


def _moment() -> Motion:
    return Motion(rule="date of the period", moment=True)
