"""The table of every period: its state, when it was last tried, how often, and why it
failed.
"""

import datetime
from collections.abc import Sequence

from flows.preparing.jobs import PeriodJob
from flows.state.periods import DONE, FAILED, MISSING, PeriodState

WORDS = {DONE: "✔ done", FAILED: "✗ failed"}
MISSING_WORD = "· missing"
# the UI shows ten rows at a time, so first what a person must look at
ORDER = (FAILED, MISSING, DONE)


def rows(states: Sequence[PeriodState]) -> list[dict[str, str | int]]:
    """One row per period, those that need a person first; times are UTC."""
    return [
        _row(state)
        for state in sorted(states, key=lambda state: ORDER.index(state.state))
    ]


def _row(state: PeriodState) -> dict[str, str | int]:
    return {
        "period": state.job.period,
        "state": WORDS.get(state.state, MISSING_WORD),
        "last run (UTC)": _last_run(state.job),
        "attempts": state.attempts,
        "reason": state.reason,
    }


def _last_run(job: PeriodJob) -> str:
    """When its counts were made or its failure was noted, whichever came last; empty if
    never.
    """
    times = [path.stat().st_mtime for path in (job.counts, job.error) if path.exists()]
    return (
        f"{datetime.datetime.fromtimestamp(max(times), datetime.UTC):%Y-%m-%d %H:%M}"
        if times
        else ""
    )
