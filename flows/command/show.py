"""What the commands print for people: grids, tables, the next command to type."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from extractors.errors import DefinitionError
from extractors.notice import Notice
from flows.command.sparkline import WIDEST, sparkline
from flows.preparing.prepared import Prepared
from flows.preparing.rows import OUTPUT
from flows.state.decided import Decided, decided
from flows.state.holdings import by_kind, holdings, size_said
from flows.state.news import news_of
from flows.state.outcome import Outcome
from flows.state.periods import DONE, FAILED, PeriodState
from flows.state.standing import changed_since, is_of_made_up
from flows.state.words import (
    by_length,
    closing_lines,
    count_shown,
    counted,
    means_of,
    rerun_command,
)
from measures.release.files import REPORT
from measures.release.headlines import Headline

MARKS = {DONE: "[green]■[/]", FAILED: "[red]✗[/]"}
MISSING_MARK = "[dim]·[/]"
NOT_LOOKED = " The rows of the records were not looked at; --rows does that."
NOT_SEEN = " The records could not be looked at from here."
PER_LINE = 26  # half a year of weeks
TITLE = "Totals in the last period of each measure (released numbers)"
NARROWEST = 8  # letters of what goes over time, at least
WIDE = 1_000  # letters; more than any table needs


def show_outcome(console: Console, outcome: Outcome, prepared: Prepared) -> None:
    """The closing table of a run: headline numbers and where everything is."""
    for warning in outcome.warnings:
        console.print(f"[yellow]Warning:[/] {escape(warning)}.", highlight=False)
    if outcome.headlines:
        _show_closing(console, outcome, prepared)
    if prepared.rows:
        console.print(
            escape(f"Patients: {prepared.workspace.folder(OUTPUT)}"), soft_wrap=True
        )
    elif outcome.dataset:
        console.print(
            escape(f"The dataset's rows: {prepared.places.dataset}"), soft_wrap=True
        )
        for path in prepared.places.event_files:
            console.print(
                escape(f"The events {path.name.partition('.')[0]}: {path}"),
                soft_wrap=True,
            )
        return
    done = len(outcome.periods) - len(outcome.failed) - len(outcome.waiting)
    now, time = len(outcome.computed), f"{outcome.seconds:.0f} s"
    carried = f" ({len(outcome.carried)} carried over)" if outcome.carried else ""
    console.print(
        f"{done} of {len(outcome.periods)} periods done, {now} of them now{carried}, "
        f"in {time}."
    )
    if outcome.released:
        _show_release(console, prepared)
    for period, reason in outcome.failed.items():
        console.print(f"[red]Failed:[/] {period}: {escape(reason)}", highlight=False)
    if outcome.failed:
        console.print(
            escape(
                "Nothing was released. Run the failed periods again with:\n  "
                f"{rerun_command(outcome)}"
            ),
            soft_wrap=True,
        )
    elif outcome.waiting:
        console.print(
            f"Nothing was released: {len(outcome.waiting)} periods are not done. "
            "`cohortflow run` makes them."
        )


def _show_release(console: Console, prepared: Prepared) -> None:
    """Where the released numbers are, and what was decided about them."""
    of = " of made-up records" if prepared.records.made_up else ""
    page = prepared.workspace.release / REPORT
    if page.exists():
        console.print(escape(f"Report{of}: {page}"), soft_wrap=True)
    numbers = prepared.workspace.release / "measures.csv"
    console.print(escape(f"Released numbers{of}: {numbers}"), soft_wrap=True)
    _show_truth(console, prepared)
    show_decided(console, decided(prepared.workspace.release))


def _show_truth(console: Console, prepared: Prepared) -> None:
    """Where true counts, or doubts that they raise, lie; of real records nothing more
    is said.
    """
    workspace = prepared.workspace
    if prepared.records.made_up:
        console.print(
            escape(f"True counts of made-up people: {workspace.trial_counts}"),
            soft_wrap=True,
        )
    else:
        console.print(
            escape(f"Doubts about the definition, if any: {workspace.doubts}"),
            soft_wrap=True,
        )


def _show_closing(console: Console, outcome: Outcome, prepared: Prepared) -> None:
    """The table of a run; of a study with many families it has the first, and says
    where the others are.
    """
    study, names = prepared.study, [head.measure for head in outcome.headlines]
    kept = closing_lines(names, study.measures, study.described.get("headline", ()))
    heads = [head for head in outcome.headlines if head.measure in kept]
    _show_headlines(console, heads, means_of(study.measures))
    more = len(outcome.headlines) - len(heads)
    if more:
        page = prepared.workspace.release / REPORT
        where = REPORT if page.exists() else "measures.csv"
        console.print(f"and {more} more, see {where}")


def _show_headlines(
    console: Console, heads: Sequence[Headline], means: Mapping[str, int]
) -> None:
    narrow = _headline_table(heads, means, NARROWEST)
    room = (
        console.width
        - console.measure(narrow, options=console.options.update(width=WIDE)).maximum
    )
    if room < 0:
        _show_lines(console, heads, means)
    else:
        console.print(_headline_table(heads, means, min(WIDEST, NARROWEST + room)))
    summed = sorted({head.sum_of for head in heads if head.sum_of})
    if summed:
        groups = escape(", ".join(summed))
        console.print(
            f"∑: the sum of its groups ({groups}); people without a named group are "
            "in none."
        )


def _show_lines(
    console: Console, heads: Sequence[Headline], means: Mapping[str, int]
) -> None:
    """The same in a window that is too narrow for a table: names are long, and none is
    cut.
    """
    console.print(TITLE)
    for head in heads:
        console.print(escape(_named(head)), soft_wrap=True, highlight=False)
        counts = f"{count_shown(head.numerator)} of {count_shown(head.denominator)}"
        ratio = "".join(
            f", {value} {name}" for name, value in _ratio(head, means).items()
        )
        line = f"  {head.interval_start}: {counts}{ratio}  "
        room = max(NARROWEST, min(WIDEST, console.width - len(line)))
        over_time = sparkline(head.over_time, room) if len(head.over_time) > 1 else ""
        console.print(f"{line}{over_time}", soft_wrap=True, highlight=False)


def _named(head: Headline) -> str:
    return f"{head.measure} ∑" if head.sum_of else head.measure


def _headline_table(
    heads: Sequence[Headline], means: Mapping[str, int], widest: int
) -> Table:
    """A line for each family of measures; over time only where there is more than one
    period to see.
    """
    over_time = any(len(head.over_time) > 1 for head in heads)
    table = Table(title=TITLE)
    table.add_column("measure", no_wrap=True)
    table.add_column("from", no_wrap=True)
    of_means = {head.measure in means for head in heads}
    ratios = [
        name
        for name, mean in (("per 1,000", False), ("mean", True))
        if mean in of_means
    ]
    for name in ("numerator", "denominator", *ratios):
        table.add_column(name, justify="right", no_wrap=True)
    if over_time:
        table.add_column("over time", no_wrap=True)
    for head in heads:
        ratio = dict.fromkeys(ratios, "") | _ratio(head, means)
        counts = (count_shown(head.numerator), count_shown(head.denominator))
        line = [sparkline(head.over_time, widest)] if over_time else []
        table.add_row(
            _named(head), str(head.interval_start), *counts, *ratio.values(), *line
        )
    return table


def _ratio(head: Headline, means: Mapping[str, int]) -> dict[str, str]:
    """A share or a rate by the thousand, or a mean as it is; under the name of its
    column.
    """
    if head.ratio is None:
        return {}
    if head.measure in means:
        return {"mean": f"{head.ratio:,.{max(1, means[head.measure])}f}"}
    return {"per 1,000": _per_thousand(head.ratio)}


def _per_thousand(ratio: float) -> str:
    """One decimal; of events by days, which are few, two digits."""
    shown = ratio * 1000
    return f"{shown:,.1f}" if shown >= 0.1 or shown == 0 else f"{shown:.2g}"


def show_status(
    console: Console,
    prepared: Prepared,
    states: Sequence[PeriodState],
    release: str | None,
) -> None:
    """Every period as a mark in a grid, the failed ones with their reasons below."""
    for title, members in by_length(states):
        console.print(_grid(f"{title}: {counted(members)}", members))
    for state in states:
        if state.state == FAILED:
            how = f"failed[/] {state.job.period} after {state.attempts} attempts"
            how = how if state.attempts else f"damaged[/] {state.job.period}"
            console.print(f"[red]{how}: {escape(state.reason)}")
    if prepared.study.kind == "dataset":
        rows = prepared.places.dataset
        console.print(
            escape(f"Dataset: {rows if rows.exists() else 'not yet'}"), soft_wrap=True
        )
        return
    if news := news_of(prepared.workspace, prepared.places.snapshot_key):
        console.print(f"Records: {news.words()}.", soft_wrap=True, highlight=False)
    of = (
        " (of made-up records)"
        if release and is_of_made_up(prepared.workspace.release)
        else ""
    )
    console.print(f"Release: {release or 'none yet'}{of}", soft_wrap=True)
    if release:
        show_decided(console, decided(prepared.workspace.release))
        show_changed(console, changed_since(prepared.workspace.release))
    _show_held(console, by_kind(holdings(prepared.workspace)))


def show_changed(console: Console, periods: Sequence[str]) -> None:
    """Which released periods have other counts by now."""
    if periods:
        span = periods[0] if len(periods) == 1 else f"{periods[0]} … {periods[-1]}"
        console.print(
            f"What is counted in {len(periods)} released periods has changed since "
            f"({span}): their numbers stay as they were released, until a run with "
            "--revise and --reason.",
            soft_wrap=True,
            highlight=False,
        )


def _show_held(console: Console, kinds: Mapping[str, Mapping[str, int]]) -> None:
    """What the workspace holds of the study, and what of it is dead."""
    holds = sum(each["holds"] for each in kinds.values())
    dead = holds - sum(each["needs"] for each in kinds.values())
    words = f"Workspace: {size_said(holds)}, of which {size_said(dead)} are dead"
    console.print(
        f"{words}; they go with: cohortflow clean" if dead else f"{words}.",
        soft_wrap=True,
        highlight=False,
    )
    for kind, each in kinds.items():
        gone = each["holds"] - each["needs"]
        more = f", {size_said(gone)} dead" if gone else ""
        console.print(f"  {kind} {size_said(each['holds'])}{more}", highlight=False)


def show_decided(console: Console, found: Decided) -> None:
    """The number of a release, and what people decided about it."""
    if found.number:
        console.print(escape(found.words()), soft_wrap=True, highlight=False)


def _grid(title: str, states: Sequence[PeriodState]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_row(title)
    for first in range(0, len(states), PER_LINE):
        line = states[first : first + PER_LINE]
        table.add_row(
            "".join(MARKS.get(s.state, MISSING_MARK) for s in line)
            + f"  from {line[0].job.interval[0]}"
        )
    return table


def unlooked(all_of_it: bool, seen: bool) -> str:
    """What `check` did not look at, in words; empty if it looked at `all_of_it`.
    `seen`: at tables and columns.
    """
    if all_of_it:
        return ""
    return NOT_LOOKED if seen else NOT_SEEN


def warning_text(warning: Notice) -> str:
    """A warning for people: where it is, what it is, the author's line."""
    head, *lines = str(warning).split("\n")
    return "\n".join([f"Warning: {head}.", *lines])


def warnings_json(warnings: Iterable[Notice]) -> dict[str, Any]:
    """Warnings as `check --json` prints them: their words, and where they are."""
    found = list(warnings)
    return {
        "warnings": [each.message for each in found],
        "notes": [each.as_json() for each in found],
    }


def mistakes_json(error: DefinitionError) -> dict[str, Any]:
    """What `--json` prints for a definition that is refused."""
    return {
        "mistakes": [each.as_json() for each in error.mistakes],
        **warnings_json(error.warnings),
    }
