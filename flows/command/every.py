"""`cohortflow status --all`: every study of a workspace, as the page of a server shows
them.
"""

import datetime
import json
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from extractors.errors import ArgumentsError
from flows.state.grid import TO_COME, StudyRow, by_length, changes, grid
from flows.state.periods import DONE, FAILED, MISSING

MARKS = {
    DONE: "[green]■[/]",
    FAILED: "[red]✗[/]",
    MISSING: "[dim]·[/]",
    TO_COME: "[dim]○[/]",
}
WEEK = datetime.timedelta(days=7)
MOST_FAILED = 5  # periods of a study that are listed with their reasons


def every_study(workspace: str, *, as_json: bool) -> int:
    """Show them; the exit code. ArgumentsError if there is no such workspace."""
    root = Path(workspace).absolute()
    if not root.is_dir():
        raise ArgumentsError(
            "There is no workspace here; name one with --workspace. It was looked "
            f"for at {root}"
        )
    rows = grid(root)
    if as_json:
        print(json.dumps({"studies": [row.as_json() for row in rows]}))
        return 0
    console = Console()
    if not rows:
        console.print("No study was run in this workspace.")
    for row in rows:
        _show(console, row)
    console.print(
        "■ done, ✗ failed, · missing, ○ to come; `cohortflow status STUDY` says more.",
        soft_wrap=True,
    )
    return 0


def _show(console: Console, row: StudyRow) -> None:
    console.print(
        f"[bold]{escape(row.study)}[/]: {escape(row.trouble or row.summary)}",
        soft_wrap=True,
    )
    console.print(
        escape(f"  {'; '.join(_facts(row))}"), soft_wrap=True, highlight=False
    )
    for length, years in by_length(row.cells).items():
        console.print(f"  {length}", highlight=False)
        for year, cells in years.items():
            marks = "".join(MARKS[cell.state] for cell in cells)
            console.print(f"    {year} {marks}", soft_wrap=True, highlight=False)
    failed = [cell for cell in row.cells if cell.state == FAILED]
    for cell in failed[:MOST_FAILED]:
        words = f"  {cell.period} failed, {cell.attempts} attempts: {cell.reason}"
        console.print(escape(words), soft_wrap=True, highlight=False)
    if len(failed) > MOST_FAILED:
        console.print(f"  and {len(failed) - MOST_FAILED} more")


def _facts(row: StudyRow) -> list[str]:
    """What is said of the last run, of the last week and of the release."""
    said = []
    if row.runs:
        last = row.runs[-1]
        why = f" ({last.reason})" if last.reason else ""
        said.append(
            f"last run {last.begun[:16].replace('T', ' ')} UTC, {last.state}{why}"
        )
    lately = changes(row, datetime.datetime.now(datetime.UTC) - WEEK)
    if lately:
        said.append(f"in seven days {lately.words()}")
    number = row.release.number
    said.append(f"release {number}, {row.release.state}" if number else "no release")
    return said
