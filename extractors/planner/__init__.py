"""How to compute what a definition means; a Plan is plain data and opens nothing."""

from extractors.planner.plan import Kind, Part, Plan, TableNeed, make_plan

__all__ = ["Kind", "Part", "Plan", "TableNeed", "make_plan"]
