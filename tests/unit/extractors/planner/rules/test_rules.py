# mypy: ignore-errors
"""Rules are asked in an order, and what none of them takes is general."""

from extractors.model import nodes
from extractors.planner.rules import RULES, find_motions
from extractors.planner.rules.combined import combined
from extractors.planner.rules.static import static
from tests.lib.rules import START
from tests.lib.tables import p


def test_the_first_is_the_cheapest_answer_and_the_last_takes_any_operation():
    assert (RULES[0], RULES[-1]) == (static, combined)


def test_the_first_rule_that_takes_a_node_counts():
    """`combined` would take the comparison too, and call it a date used as a value."""
    node = (p.d1 <= START).node
    assert find_motions([node])[node].rule == "date compared with the period"


def test_each_node_below_the_roots_has_a_motion():
    node = (p.d1 <= START).node
    assert find_motions([node]).keys() == set(nodes.walk([node]))


def test_what_no_rule_takes_is_general():
    node = nodes.Values((1,), int)
    # there is no such node: a list that moves
    object.__setattr__(node, "interval", True)
    motion = find_motions([node])[node]
    assert (motion.rule, motion.why_not, motion.steps) == (
        "general",
        "no rule takes it",
        False,
    )
