"""The rules, best first; each says what kind a series is, or declines with None.

`timeline` and `window` rules belong between the two.
"""

from collections.abc import Callable

from extractors.model import nodes
from extractors.planner.kinds import Part
from extractors.planner.rules.general import general
from extractors.planner.rules.static import static

Rule = Callable[[nodes.Series], Part | None]
RULES: tuple[Rule, ...] = (static, general)
