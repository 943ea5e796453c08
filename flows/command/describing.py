"""The command `cohortflow describe`: a study's data report, of made-up people at once,
of others as a release.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from extractors.errors import ArgumentsError, PeriodsFailed
from flows.command.computing import computed
from flows.command.show import show_outcome
from flows.command.sparkline import sparkline
from flows.preparing.options import LAST, Options
from flows.preparing.prepared import Prepared
from flows.trying.counting import is_trial, trial_of
from flows.trying.describing import described_of
from flows.workspace.store import Workspace
from measures.asking.asked import asked as words_of
from measures.closed.process import Closed
from measures.describe.codes import title_of
from measures.describe.found import Described, FoundCodes, Report
from measures.describe.making import released_report, true_page, true_report
from measures.describe.saying import shape, share, value
from measures.describe.study import DescribedStudy
from measures.describe.true import as_released
from measures.release.files import DESCRIBE
from measures.release.report.numbers import count, plural

MOST_VALUES = 8  # of a category that are shown; --json has all
SPARK = 26


@dataclass(frozen=True)
class Asked:
    """What the command was asked for."""

    # those that a run has, too
    options: Options
    # of variables that move; empty for the last one
    period: str = ""
    # whether the report is printed as JSON
    as_json: bool = False
    # where the page of made-up people goes; empty: into the workspace
    file: str = ""


def describe(asked: Asked, early: Closed | None = None) -> int:
    """Tell the data report of a study; the exit code.

    Made-up people are counted at once. Other records need a run, whose release is
    shown. Raises ArgumentsError for a period or a time that is not there, and what a
    run raises.
    """
    options = replace(asked.options, describe=asked.period or LAST)
    if is_trial(options):
        _describe_trial(asked, options, early)
        return 0
    if asked.file:
        raise ArgumentsError(
            "--page is for made-up records; of others the page is a part of the "
            "release."
        )
    prepared, outcome = computed(options, early=early)
    show_outcome(
        Console(file=sys.stderr if asked.as_json else sys.stdout), outcome, prepared
    )
    if outcome.failed:
        return PeriodsFailed.exit_code
    _tell_released(prepared, as_json=asked.as_json)
    return 0


def _describe_trial(asked: Asked, options: Options, early: Closed | None) -> None:
    with trial_of(replace(options, describe="", first="", last=""), early) as trial:
        study, rows = described_of(trial, options)
    released = list(as_released(rows))
    report = true_report(study, released)
    place = Path(asked.file) if asked.file else _place(options, study)
    text = true_page(study, report, released, words_of(study))
    _write(place, text)
    _tell(report, place, as_json=asked.as_json)


def _place(options: Options, study: DescribedStudy) -> Path:
    """Where true counts of made-up people belong."""
    workspace = Workspace(Path(options.workspace).absolute(), study.name)
    workspace.make()
    return workspace.high / DESCRIBE


def _write(place: Path, text: str) -> None:
    try:
        place.write_bytes(text.encode())
    except OSError as error:
        raise ArgumentsError(
            f"The page cannot be written: {error.strerror}; name another place by "
            "--page"
            f": {place}"
        ) from None


def _tell_released(prepared: Prepared, *, as_json: bool) -> None:
    """What the release says, and nothing else: its files are read back."""
    assert isinstance(prepared.study, DescribedStudy)
    report = released_report(prepared.study, prepared.workspace.release)
    _tell(report, prepared.workspace.release / DESCRIBE, as_json=as_json)


def _tell(report: Report, page: Path, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(report.as_json() | {"page": str(page)}, default=str))
        return
    console = Console()
    show_report(console, report)
    console.print(f"Page: {escape(str(page))}", soft_wrap=True, highlight=False)


# On a terminal ------------------------------------------------------------------------


def show_report(console: Console, report: Report) -> None:
    """People, variables and codes as tables."""
    when = "" if report.period is None else ", from {} to {}".format(*report.period)
    console.print(f"[bold]{escape(report.study)}[/]{when}", highlight=False)
    console.print(_people(report))
    console.print(_variables(report))
    if report.codelists:
        console.print(_codes(report))


def _people(report: Report) -> Table:
    table = Table("who", box=None, pad_edge=False)
    table.add_column("people", justify="right", no_wrap=True)
    table.add_row("everybody of whom there are records", count(report.everybody))
    for each, people in report.people:
        table.add_row(escape(each.name), count(people))
    return table


def _variables(report: Report) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("variable", overflow="fold")
    table.add_column("type", no_wrap=True)
    for title in ("people", "share"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("shape", no_wrap=True)
    for each in report.variables:
        line = (
            sparkline([value.people for value in each.values], SPARK)
            if each.ordered
            else ""
        )
        table.add_row(
            escape(each.variable.name), each.variable.type, count(each.people), "", line
        )
        for cells in _lines(each):
            table.add_row(*cells)
    return table


def _lines(found: Described) -> Iterator[tuple[str, ...]]:
    """The quarters of what has an order, the most frequent values of what has none, and
    who has no value.
    """
    if found.ordered:
        yield (f"  {escape(shape(found))}",)
    else:
        if not found.values:
            yield (f"  {shape(found)}",)
        listed = sorted(found.values, key=lambda each: -(each.people or 0))
        for each in listed[:MOST_VALUES]:
            yield _counted(value(each.value), each.people, found)
        if len(listed) > MOST_VALUES:
            yield (f"  … and {len(listed) - MOST_VALUES:,} more; --json has all",)
    yield _counted("(missing)", found.missing, found)


def _counted(words: str, people: int | None, found: Described) -> tuple[str, ...]:
    return f"  {escape(words)}", "", count(people), share(people, found.people)


def _codes(report: Report) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("codes", overflow="fold")
    for title in ("people", "rows"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("over time", no_wrap=True)
    table.add_column("found", overflow="fold")
    for each in report.codelists:
        table.add_row(*_line(each))
    return table


def _line(found: FoundCodes) -> list[str]:
    rows = [step.rows for step in found.steps]
    known = [number for number in rows if number is not None]
    rows_of_all = f"{sum(known):,}" if known else ""
    if known and len(known) < len(rows):
        rows_of_all += "+"  # some are withheld
    line = sparkline([step.people for step in found.steps], SPARK)
    return [
        escape(title_of(found.codes)),
        count(found.ever),
        rows_of_all,
        line,
        _how_many(found),
    ]


def _how_many(found: FoundCodes) -> str:
    """How many codes are known to be found."""
    if not found.by_code:
        return plural(len(found.codes.codes), "code")
    seen = [any(step.people for step in steps) for steps in found.by_code.values()]
    return f"{sum(seen)} of {plural(len(seen), 'code')}"
