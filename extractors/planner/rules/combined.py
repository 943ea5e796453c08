"""Anything made of parts that change in steps changes only where one of them does."""

from extractors.model import nodes
from extractors.planner.motion import Known, Motion, together


def combined(node: nodes.Node, known: Known) -> Motion | None:
    if not isinstance(node, nodes.Call):
        return None
    parts = [known[argument] for argument in node.arguments]
    names = sorted(
        {
            part.rule
            for part, argument in zip(parts, node.arguments, strict=True)
            if argument.interval
        }
    )
    return together(
        parts, " and ".join(names) if len(names) <= 2 else "several of these"
    )
