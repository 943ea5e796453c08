"""`plan` for people and programs: what is asked, what is read, how it is computed, and
which periods run.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from extractors.model import nodes
from extractors.model.types import is_code
from extractors.planner.kinds import Kind, Part
from extractors.planner.needs import TableNeed, codelist_of
from flows.preparing.estimate import estimate
from flows.preparing.prepared import Prepared
from flows.state.periods import PeriodState
from measures.asking.asked import asked

FEW = 4  # names that a line gives as an example
MANY = 12  # groupings that a line names
CODE = re.compile(r"\d{5,}")  # as clinical codes are long
Reasons = Sequence[tuple[PeriodState, str]]
# What each kind means, in the order in which a reader wants to know.
MEANINGS = {
    Kind.STATIC: "computed once for each person",
    Kind.TIMELINE: "computed once as steps over time",
    Kind.WINDOW: "counted from the rows of the period alone",
    Kind.GENERAL: "computed anew in each period",
}


def show_plan(
    console: Console, prepared: Prepared, reasons: Reasons, *, every_series: bool
) -> None:
    """What a run would do: what is asked, what it reads, how it computes, which periods
    run and why.
    """
    measures = asked(prepared.study)["measures"]
    if measures:  # a dataset has none
        _show_questions(console, measures)
    console.print(_needs_table(prepared.plan.needs))
    parts = prepared.parts_by_title
    console.print(_series_table(parts) if every_series else _kinds_table(parts))
    if not every_series:
        console.print("`cohortflow plan … --series` has each series with its rule.")
    expected = estimate(prepared)
    unknown = "the size of these records is not known before they are opened"
    console.print(f"A run from nothing: {expected or unknown}.")
    _show_periods(console, reasons)


def plan_json(prepared: Prepared, reasons: Reasons) -> dict[str, Any]:
    """What `plan --json` prints."""
    expected = estimate(prepared)
    return {
        "study": prepared.study.name,
        "measures": asked(prepared.study)["measures"],
        "tables": [
            {
                "table": need.schema.name,
                "columns": need.columns,
                "filtered": bool(need.rows),
                "window": need.window,
            }
            for need in prepared.plan.needs
        ],
        "series": {
            name: {"kind": p.kind, "rule": p.rule, "why": p.why}
            for name, p in prepared.parts_by_title.items()
        },
        "estimate": expected.as_json() if expected else None,
        "periods": [
            {"period": s.job.period, "state": s.state, "runs": bool(why), "why": why}
            for s, why in reasons
        ],
    }


# What is asked ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Said:
    """A name with its words."""

    # of a measure or a variable
    name: str
    # what it asks
    words: str
    # how many more there are that differ in a code only
    alike: int = 0


def _show_questions(console: Console, measures: Sequence[Mapping[str, Any]]) -> None:
    """The measures of each denominator, and what their groups are; each is said
    once.
    """
    families: dict[str, dict[int, list[Mapping[str, Any]]]] = {}
    groups: dict[str, str] = {}
    for measure in measures:
        of_one = families.setdefault(measure["denominator"], {})
        of_one.setdefault(measure["family"], []).append(measure)
        groups |= measure["groups"]
    for denominator, questions in families.items():
        _say(console, "", f"[bold]Of[/] {escape(denominator)}:")
        _show_family_of(console, denominator, list(questions.values()))
    if groups:
        console.print("[bold]Groups[/]")
    for said in _each_kind([_Said(name, words) for name, words in groups.items()]):
        _say(console, "  ", _line(said))
    console.print()


def _show_family_of(
    console: Console,
    denominator: str,
    questions: Sequence[Sequence[Mapping[str, Any]]],
) -> None:
    """All that is counted of one denominator; last what counts everybody, in one group
    or another.
    """
    everybody: list[Mapping[str, Any]] = []
    others: list[_Said] = []
    for family in questions:
        if family[0]["numerator"] == denominator:
            everybody += family
        else:
            others.append(
                _Said(family[0]["name"], family[0]["numerator"] + _by(family))
            )
    for said in _each_kind(others):
        _say(console, "  ", _line(said))
    if everybody:
        names = _some([each["name"] for each in everybody])
        _say(
            console,
            "  ",
            f"[bold]{escape(names)}[/]: all of them{escape(_by(everybody))}",
        )


def _by(measures: Sequence[Mapping[str, Any]]) -> str:
    """By what measures are grouped."""
    by = [" and ".join(each["groups"]) for each in measures if each["groups"]]
    return f"; by {_some(by, most=MANY)}" if by else ""


def _each_kind(every: Sequence[_Said]) -> list[_Said]:
    """The first of those that differ in codes only, with how many more there are."""
    kinds: dict[str, list[_Said]] = {}
    for said in every:
        kind = CODE.sub("#", f"{said.name}: {said.words}")
        kinds.setdefault(kind, []).append(said)
    return [replace(alike[0], alike=len(alike) - 1) for alike in kinds.values()]


def _line(said: _Said) -> str:
    more = (
        f" [dim](and {said.alike} more, each of another code)[/]" if said.alike else ""
    )
    return f"[bold]{escape(said.name)}[/]{more}: {escape(said.words)}"


def _say(console: Console, indent: str, words: str) -> None:
    """A paragraph whose later lines go in by two more letters."""
    table = Table.grid(padding=0)
    table.add_row(indent, words)
    console.print(table, highlight=False)


# What is read, and how it is computed -------------------------------------------------


def _needs_table(needs: Iterable[TableNeed]) -> Table:
    table = Table(
        "table", "columns", "rows", "read by", title="Read once from the records"
    )
    for need in needs:
        table.add_row(
            need.schema.name,
            ", ".join(need.columns),
            _rows(need),
            need.window or "patient",
        )
    return table


def _rows(need: TableNeed) -> str:
    """Which rows are read: all, or those that one of the alternatives takes."""
    found = [codelist_of(conditions[0]) for conditions in need.rows]
    coded = [bool(each and is_code(each[0].type)) for each in found]
    others: list[nodes.Series] = []
    for by_code, each in zip(coded, need.rows, strict=True):
        if not by_code:
            others += each
    mentioned = nodes.walk(others)
    columns = sorted(
        {node.name for node in mentioned if isinstance(node, nodes.Column)}
    )
    said = ["those with the study's codes"] if any(coded) else []
    said += [f"those chosen by {', '.join(columns)}"] if columns else []
    return " and ".join(said) or "all"


def _series_table(parts: Mapping[str, Part]) -> Table:
    table = Table("series", "kind", "rule", "why", title="How each series is computed")
    for name, part in parts.items():
        table.add_row(name, part.kind, part.rule, part.why)
    return table


def _kinds_table(parts: Mapping[str, Part]) -> Table:
    """The series of each kind and reason in one row."""
    table = Table(
        "series", "kind", "that is", "because it", title="How the series are computed"
    )
    grouped: dict[tuple[Kind, str], list[str]] = {}
    for name, part in parts.items():
        grouped.setdefault((part.kind, part.why), []).append(name)
    order = list(MEANINGS)
    for (kind, why), names in sorted(
        grouped.items(), key=lambda each: order.index(each[0][0])
    ):
        table.add_row(_some(names), kind, MEANINGS[kind], why)
    return table


def _some(names: Sequence[str], most: int = FEW) -> str:
    """The names, or the first of them and how many there are."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])}, … ({len(names)} of them)"


def _show_periods(console: Console, reasons: Reasons) -> None:
    grouped: dict[str, list[str]] = {}
    for state, reason in reasons:
        grouped.setdefault(reason, []).append(state.job.period)
    for reason, periods in grouped.items():
        span = periods[0] if len(periods) == 1 else f"{periods[0]} … {periods[-1]}"
        console.print(
            f"{len(periods)} periods "
            f"{f'would run ({reason})' if reason else 'are done'}: {span}"
        )
