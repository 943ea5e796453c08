"""The page of a run, as Markdown: what failed and how to run it again, the periods, the
release with its charts.
"""

import re
import shlex
from collections.abc import Iterator, Sequence

from flows.preparing.options import Options
from flows.state.outcome import Outcome
from flows.state.periods import DONE, FAILED, PeriodState
from flows.state.words import (
    by_length,
    count_shown,
    counted,
    main_totals,
    rerun_command,
)
from measures.release.chart import chart
from measures.release.reading import Total

MARKS = {DONE: "■", FAILED: "✗"}
PER_LINE = 52  # a year of weeks
NAMES = {
    "--records": "records",
    "--patients": "patients",
    "--from": "first",
    "--to": "last",
    "--complete-by": "complete_by",
    "--policy": "policy",
    "--workspace": "workspace",
}


def slug(name: str) -> str:
    """A name that Prefect takes as a key: lower case, digits and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "study"


def summary(states: Sequence[PeriodState]) -> str:
    """As `166 periods: 164 done, 2 failed`."""
    return f"{len(states)} periods: {counted(states)}" if states else "no periods"


def page(
    study: str,
    outcome: Outcome,
    states: Sequence[PeriodState],
    totals: Sequence[Total],
    *,
    stopped: str = "",
    said: str = "",
) -> str:
    """`totals`: those of the release. `said`: what people decided about it. `stopped`:
    the safe reason for which a run ended before its periods did.
    """
    parts = [f"# {study}", _said(outcome, states, stopped)]
    parts += [
        f"**Warning:** {_safe(warning).rstrip('.')}." for warning in outcome.warnings
    ]
    parts += [
        *_failures(outcome, states, stopped),
        *_grid(states),
        *_release(totals, outcome, said),
    ]
    return "\n\n".join(parts) + "\n"


def _said(outcome: Outcome, states: Sequence[PeriodState], stopped: str) -> str:
    if stopped:
        return f"**The run stopped:** {_safe(stopped)}"
    if outcome.dataset:
        return "The dataset is written."
    news = "The release below is new." if outcome.released else "Nothing was released."
    return f"**{summary(states)}.** {outcome.made}. {news}"


def _failures(
    outcome: Outcome, states: Sequence[PeriodState], stopped: str
) -> Iterator[str]:
    failed = [state for state in states if state.state == FAILED]
    if failed:
        yield "## What failed"
        lines = [
            f"| {s.job.period} | {s.attempts} | {_safe(s.reason)} |" for s in failed
        ]
        yield "\n".join(["| period | attempts | reason |", "|---|---:|---|", *lines])
        yield (
            "Run the failed periods again with the deployment *rerun-failed*, or "
            "with one of these:"
        )
        yield f"```\n{rerun_command(outcome)}\n```\n\n```\n{server_command(outcome.options)}\n```"
    elif stopped:
        yield (
            "When that is mended, run it again "
            f"with\n\n```\n{run_command(outcome.options)}\n```"
        )


def run_command(options: Options) -> str:
    """The command that asks for the same as these options."""
    default = Options(options.study)
    given = [(word, getattr(options, name)) for word, name in NAMES.items()]
    words = [
        f"{word}={value}"
        for word, value in given
        if value != getattr(default, NAMES[word])
    ]
    words += [f"--periods={','.join(options.periods)}"] if options.periods else []
    words += ["--only-these"] if options.only_these else []
    behind = ["--", *options.arguments] if options.arguments else []
    return shlex.join(["cohortflow", "run", options.study, *words, *behind])


def server_command(options: Options) -> str:
    """The command that has the server run the failed periods again."""
    return shlex.join(
        [
            "prefect",
            "deployment",
            "run",
            "cohortflow/rerun-failed",
            "--param",
            f"study={options.study}",
        ]
    )


def _grid(states: Sequence[PeriodState]) -> Iterator[str]:
    if not states:
        return
    yield "## Periods"
    lines: list[str] = []
    for title, members in by_length(states):
        lines.append(f"{title}: {counted(members)}")
        for first in range(0, len(members), PER_LINE):
            line = members[first : first + PER_LINE]
            marks = "".join(MARKS.get(state.state, "·") for state in line)
            lines.append(f"  {line[0].job.interval[0]}  {marks}")
    yield "```\n" + "\n".join(lines) + "\n```"
    yield "■ done, ✗ failed, · missing; one mark per period, from the day on the left."


def _release(totals: Sequence[Total], outcome: Outcome, said: str) -> Iterator[str]:
    if not totals:
        return
    yield "## Released numbers" + (
        "" if outcome.released else ", as they were before this run"
    )
    if said:
        yield _safe(said)
    shown = main_totals([total.measure for total in totals])
    chosen = [total for total in totals if total.measure in shown]
    lines = [_line(total) for total in chosen]
    yield "\n".join(
        [
            "| measure | period from | numerator | denominator | per 1,000 |",
            "|---|---|---:|---:|---:|",
            *lines,
        ]
    )
    yield (
        "Totals in the last period of each measure; all breakdowns are in measures.csv."
    )
    drawn = [
        f"![{total.measure}, {total.unit}]({chart(total)})"
        for total in chosen
        if total.can_be_drawn
    ]
    yield from [*drawn, "A gap in a line is a redacted period."] if drawn else []


def _line(total: Total) -> str:
    last = total.points[-1]
    ratio = ""
    if last.ratio is not None:
        mean = " (mean)" if total.mean else ""
        ratio = f"{total.in_units(last.ratio):,.1f}{mean}"
    counts = " | ".join(map(count_shown, (last.numerator, last.denominator)))
    return f"| {total.measure} | {last.start} | {counts} | {ratio} |"


def _safe(text: str) -> str:
    """A text of ours inside Markdown: its marks are only marks."""
    return re.sub(r"([\\`*_|<>\[\]#])", r"\\\1", " ".join(text.split()))
