"""Anything can be computed anew for each period."""

from extractors.model import nodes
from extractors.planner.kinds import Kind, Part


def general(node: nodes.Series) -> Part | None:
    return Part(Kind.GENERAL, "general", "mentions INTERVAL, and no other rule takes it")
