"""`plan`: what is asked of it decides which of its answers is printed."""

import argparse
from importlib import import_module

from rich.console import Console

from extractors.errors import ArgumentsError
from flows.command import plan_sql, planning
from flows.command.asked_options import options_of, print_json
from flows.command.statuses import states_of
from flows.preparing.looking import refuse_missing
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared
from flows.state.periods import PeriodState, why
from measures.closed.process import Closed


def plan(asked: argparse.Namespace, early: Closed | None) -> int:
    _check(asked)
    if asked.changes:
        changing = import_module("flows.command.changing")  # and with it DuckDB
        return int(changing.plan_changes(options_of(asked), early, as_json=asked.json))
    prepared = prepare(options_of(asked), look=False, early=early)
    if asked.sql is not None or asked.explain:
        _print_sql(asked, prepared)
        return 0
    refuse_missing(prepared.records, prepared.plan)
    reasons = _reasons(prepared)
    if asked.json:
        print_json(planning.plan_json(prepared, reasons))
    else:
        planning.show_plan(Console(), prepared, reasons, every_series=asked.series)
    return 0


def _check(asked: argparse.Namespace) -> None:
    """Raises ArgumentsError where two answers of different kinds are asked for."""
    named = {
        "--changes": asked.changes,
        "--sql": asked.sql is not None,
        "--explain": bool(asked.explain),
        "--series": asked.series,
    }
    given = [name for name, there in named.items() if there]
    if len(given) > 1:
        raise ArgumentsError(f"Say one of {' and '.join(given)}, not both.")


def _print_sql(asked: argparse.Namespace, prepared: Prepared) -> None:
    """The SQL of the run or of a period; plain text, which DuckDB can read."""
    if asked.explain and asked.json:
        print_json(plan_sql.explained_json(prepared, asked.explain))
    elif asked.explain:
        print(plan_sql.explained_text(prepared, asked.explain))
    elif asked.json:
        print_json(plan_sql.sql_json(prepared, asked.sql))
    else:
        print(plan_sql.sql_text(prepared, asked.sql))


def _reasons(prepared: Prepared) -> list[tuple[PeriodState, str]]:
    """Every period with why it would run; "" where it is done."""
    found = []
    for state in states_of(prepared):
        recipe = prepared.recipes[state.job.interval]
        found.append((state, why(state, prepared.workspace, recipe.because)))
    return found
