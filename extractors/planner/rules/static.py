"""What never mentions INTERVAL is the same in every period."""

from extractors.model import nodes
from extractors.planner.motion import STILL, Known, Motion


def static(node: nodes.Node, known: Known) -> Motion | None:
    return None if node.interval else STILL
