"""The rules, in the order in which they are asked; each tells where a node may change,
or declines with None.

What none of them understands is `general`, and so is all that is made of it.
"""

from collections.abc import Callable, Iterable

from extractors.model import nodes
from extractors.planner.motion import Known, Motion
from extractors.planner.rules.combined import combined
from extractors.planner.rules.dates import dates
from extractors.planner.rules.growing import growing
from extractors.planner.rules.moments import moments
from extractors.planner.rules.numbers import numbers
from extractors.planner.rules.rows import rows
from extractors.planner.rules.static import static

Rule = Callable[[nodes.Node, Known], Motion | None]
RULES: tuple[Rule, ...] = (static, moments, dates, numbers, growing, rows, combined)


def find_motions(roots: Iterable[nodes.Node]) -> dict[nodes.Node, Motion]:
    """What the rules know of every node below the roots."""
    known: dict[nodes.Node, Motion] = {}
    for node in nodes.walk(roots):
        found = (rule(node, known) for rule in RULES)
        known[node] = next(
            (motion for motion in found if motion),
            Motion(rule="general", why_not="no rule takes it"),
        )
    return known
