"""A Plan: what to read, what to compute once, what to compute for each period.

Every named series of a definition is handed down the ordered RULES of `planner.rules`; the first rule
that understands it decides its kind. Parts that a rule hoists become columns of a table that is
computed once, and the series is rewritten to read them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from extractors.model import nodes
from extractors.planner.kinds import STATIC_TABLE, Kind, Part
from extractors.planner.needs import TableNeed, table_needs
from extractors.planner.presence import Candidates, find_candidates
from extractors.planner.rules import RULES
from extractors.planner.static import hoist
from extractors.planner.ties import settle_ties


@dataclass(frozen=True)
class Plan:
    """Plain data; `series` are as rewritten, with static parts as columns of the static table.

    `needs`: what is read of each table. `static`: column -> series, computed once per patient.
    `candidates`: whose rows
    are looked at. `parts`: for each named series its kind, the rule that chose it and why.
    """

    needs: tuple[TableNeed, ...]
    candidates: Candidates
    static: Mapping[str, nodes.Series]
    series: Mapping[str, nodes.Series]
    parts: Mapping[str, Part]


def make_plan(series: Mapping[str, nodes.Series], populations: tuple[str, ...]) -> Plan:
    """The plan for some named series; `populations` names those that say who is counted."""
    settled = settle_ties(series)
    parts = {name: _first_rule(node) for name, node in settled.items()}
    rewritten, static = hoist(settled)
    everything = list(settled.values())
    candidates = find_candidates([settled[name] for name in populations], everything)
    return Plan(table_needs(everything), candidates, static, rewritten, parts)


def _first_rule(node: nodes.Series) -> Part:
    found = (rule(node) for rule in RULES)
    return next(part for part in found if part is not None)


__all__ = ["STATIC_TABLE", "Kind", "Part", "Plan", "TableNeed", "make_plan"]
