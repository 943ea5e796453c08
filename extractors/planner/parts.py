"""The kind of each named series, as `plan` shows it."""

from collections.abc import Mapping

from extractors.model import nodes
from extractors.planner.kinds import Kind, Part
from extractors.planner.motion import DEEPEST, MOST_TIPS, Known, Motion
from extractors.planner.windows import frames_in, is_bounded, is_nothing_without


def parts_of(series: Mapping[str, nodes.Series], known: Known) -> dict[str, Part]:
    """For each series its kind, the rule that chose it, and why not a better one."""
    return {name: _part(node, known) for name, node in series.items()}


def _part(node: nodes.Series, known: Known) -> Part:
    motion = known[node]
    if not node.interval:
        return Part(Kind.STATIC, "static", "does not mention INTERVAL")
    if is_window(node, known):
        return Part(
            Kind.WINDOW, "window", "is nothing without rows that fall in the period"
        )
    if moves_in_steps(node, motion):
        return Part(
            Kind.TIMELINE, motion.rule, "changes at dates known for each patient"
        )
    return Part(Kind.GENERAL, "general", _why_not(node, motion))


def moves_in_steps(node: nodes.Series, motion: Motion) -> bool:
    return (
        motion.steps and len(motion.tips) <= MOST_TIPS and nodes.depth(node) <= DEEPEST
    )


def is_window(node: nodes.Series, known: Known) -> bool:
    """Whether rows that fall in the period are all that can make a series more than
    nothing.
    """
    if node.type not in (bool, int) or nodes.depth(node) > DEEPEST:
        return False
    windows = set()
    for frame, uses in frames_in(node).items():
        if is_bounded(uses, known):
            windows.add(frame)
    return bool(windows) and is_nothing_without(node, windows)


def _why_not(node: nodes.Series, motion: Motion) -> str:
    if motion.moment:
        return "the date of the period is used as a value"
    if nodes.depth(node) > DEEPEST:
        return f"more than {DEEPEST} operations are nested in it"
    return motion.why_not or f"it may change for more than {MOST_TIPS} reasons"
