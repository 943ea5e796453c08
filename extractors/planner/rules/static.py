"""What never mentions INTERVAL is the same in every period."""

from extractors.model import nodes
from extractors.planner.kinds import Kind, Part


def static(node: nodes.Series) -> Part | None:
    return None if node.interval else Part(Kind.STATIC, "static", "does not mention INTERVAL")
