"""Rows that come and go with the period: what is counted of them or picked changes only
with the rows.

Each row is in the frame for the periods between the tips of the conditions on it, so
the borders of a patient's rows cut time into stretches with the same rows.
"""

from dataclasses import replace

from extractors.model import nodes
from extractors.planner.motion import Known, Motion, at_rows, together


def rows(node: nodes.Node, known: Known) -> Motion | None:
    match node:
        case nodes.Where() | nodes.Sort():
            return together(
                [known[child] for child in node.children], "rows of the period"
            )
        case nodes.Pick(source=frame):
            return _of_frame(known[frame], frame)
        case nodes.Column(source=source):
            return known[source]
        case nodes.Aggregate():
            conditions = nodes.conditions(node.rows)
            both = together(
                [known[node.source], *(known[each] for each in conditions)],
                "rows of the period",
            )
            return _of_frame(both, node.rows)
    return None


def _of_frame(motion: Motion, frame: nodes.Frame) -> Motion:
    return replace(motion, tips=at_rows(motion.tips, frame)) if motion.steps else motion
