"""Whole numbers of months or years since a date, used as values: they change on every
such anniversary.
"""

from extractors.model import nodes
from extractors.planner.motion import Known, Motion, Tip, dates_of


def growing(node: nodes.Node, known: Known) -> Motion | None:
    match node:
        case nodes.Call(operation="months_between", arguments=(start, end)):
            return _anniversaries(start, end, 1, known)
        case nodes.Call(
            operation="floor_divide",
            arguments=(
                nodes.Call(operation="months_between", arguments=(start, end)),
                nodes.Literal(value=int() as n),
            ),
        ) if 0 < n <= 1_200:
            return _anniversaries(start, end, n, known)
    return None


def _anniversaries(
    start: nodes.Series, end: nodes.Series, every: int, known: Known
) -> Motion | None:
    if not known[end].moment or not known[start].steps:
        return None
    found = dates_of(start, known)
    if found is None:
        return None
    tips = {Tip(end, date=each, rows=rows, every=every) for rows, each in found}
    return Motion(known[start].tips | tips, "whole months or years since a date")
