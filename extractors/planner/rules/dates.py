"""A date compared with a date of the period tips over once: `date <=
INTERVAL.start_date`, and the like.
"""

from collections.abc import Iterator

from extractors.model import nodes
from extractors.model.operations import MIRRORED
from extractors.planner.motion import Known, Motion, Tip, dates_of

# `moment < date` and `moment >= date` change when the moment reaches the date; the
# others when it passes it.
PASSED = {
    "lt": (False,),
    "ge": (False,),
    "le": (True,),
    "gt": (True,),
    "eq": (False, True),
    "ne": (False, True),
}


def dates(node: nodes.Node, known: Known) -> Motion | None:
    for operation, moment, date in _comparison(node, known):
        if not known[date].steps:
            return None
        found = dates_of(date, known)
        if found is not None:
            tips = set(known[date].tips)
            for rows, each in found:
                for passed in PASSED[operation]:
                    tips.add(Tip(moment, date=each, rows=rows, passed=passed))
            return Motion(frozenset(tips), "date compared with the period")
    return None


def _comparison(
    node: nodes.Node, known: Known
) -> Iterator[tuple[str, nodes.Series, nodes.Series]]:
    """`moment OP date`, whichever way round it was written."""
    match node:
        case nodes.Call(operation=operation, arguments=(a, b)) if operation in MIRRORED:
            if known[a].moment and not known[b].moment:
                yield operation, a, b
            elif known[b].moment and not known[a].moment:
                yield MIRRORED[operation], b, a
