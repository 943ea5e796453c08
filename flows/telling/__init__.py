"""What Prefect's UI shows of a run beside its states: its name, how far it is, every
period, the release.

Only names, dates, states, safe reasons and released numbers go there. Whatever goes
wrong on the way to the server is passed over: the page of a run is worth less than the
run.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

from extractors.errors import CohortflowError
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared
from flows.state.decided import decided, number_of
from flows.state.history import COMPLETED, FAILED, STOPPED, Ran, note_begun, note_ended
from flows.state.outcome import Outcome, read_outcome
from flows.state.periods import DONE, PeriodState, period_states
from flows.state.words import means_of, rerun_command
from flows.telling.board import Board
from flows.telling.mark import mark
from flows.telling.page import page, slug, summary
from flows.telling.table import rows
from flows.workspace.judging import judged
from flows.workspace.kept import FLOW_RUN
from measures.release.reading import released_totals

WHOLE = {"first": "", "last": "", "periods": (), "complete_by": "", "only_these": False}


@contextmanager
def telling(prepared: Prepared) -> Iterator["Telling"]:
    """Tell Prefect's page of a run while it is at work; on an error that ends the
    run, its safe reason.
    """
    with Board.open() as board:
        tell = Telling(prepared, board)
        tell.begun()
        try:
            yield tell
        except Exception as error:
            tell.stopped(judged(error, "The run").message)
            raise


def refused(reason: str) -> None:
    """Put into the log of the run at work here why it ended before it had begun. The
    reason is safe to show.
    """
    with Board.open() as board:
        board.say(f"stopped: {reason}", logging.ERROR)


class Telling:
    """Tells of one run."""

    def __init__(self, prepared: Prepared, board: Board):
        self.prepared, self._board, self._key = (
            prepared,
            board,
            slug(prepared.study.name),
        )
        self._done: set[str] = set()  # the periods that were done before the run
        self._step = ""  # the one at work

    def begun(self) -> None:
        self._board.name(run_name(self.prepared), mark())
        if self.prepared.jobs:
            self._board.put("progress", f"{self._key}-progress", 0.0, "starting")
        states = self._show_periods()
        self._done = _done(states)
        workspace = self.prepared.workspace
        run = (FLOW_RUN.read(workspace.flow_run) or {}).get("id") or ""
        note_begun(workspace, [state.job for state in states], str(run))
        self._board.say(f"{self.prepared.study.name} begins: {summary(states)}")

    def moved(
        self, step: str, done: int, failed: int, periods: int, share: float
    ) -> None:
        """How far a run is; called often and from any thread. `share`: of its whole
        work, of 1.
        """
        if step and step != self._step:
            self._step = step
            self._board.say(f"step: {step}")
        words = f"{step}: {done + failed} of {periods} periods" + (
            f", {failed} failed" if failed else ""
        )
        self._board.move(100.0 * share, words)

    def ended(self, outcome: Outcome, seconds: Mapping[str, float]) -> None:
        """A run that came to its end, with or without failed periods.

        `seconds`: how long the periods took that it made.
        """
        states = self._show_periods()
        made = {period: seconds.get(period, 0.0) for period in outcome.computed}
        self._note(FAILED if outcome.failed else COMPLETED, made, outcome.failed)
        self._say_end(outcome, states)
        self._board.move(100.0, f"ended: {summary(states)}")
        self._board.put(
            "markdown",
            f"{self._key}-release",
            self._page(outcome, states),
            summary(states),
        )

    def stopped(self, reason: str) -> None:
        """A run that ended before its periods did."""
        outcome = Outcome(self.prepared.options, ())
        # the error that stopped the run is the one to tell
        with suppress(CohortflowError):
            outcome = read_outcome(self.prepared.workspace) or outcome
        states = self._show_periods()
        self._board.move(0.0, "stopped")
        made = dict.fromkeys(sorted(_done(states) - self._done), 0.0)
        self._note(STOPPED, made, {}, reason=reason)
        self._board.say(f"stopped: {reason}", logging.ERROR)
        page = self._page(outcome, states, stopped=reason)
        self._board.put(
            "markdown", f"{self._key}-release", page, "stopped before its periods"
        )

    def _say_end(self, outcome: Outcome, states: Sequence[PeriodState]) -> None:
        """The last lines of the log: what to look at, and what to do."""
        for warning in outcome.warnings:
            self._board.say(f"warning: {warning}", logging.WARNING)
        for period, reason in outcome.failed.items():
            self._board.say(f"{period} failed: {reason}", logging.ERROR)
        if outcome.failed:
            self._board.say(f"run them again with: {rerun_command(outcome)}")
        news = "a release is there" if outcome.released else "nothing was released"
        self._board.say(f"ended: {summary(states)}; {outcome.made}; {news}")

    def _note(
        self,
        state: str,
        made: Mapping[str, float],
        failed: Mapping[str, str],
        *,
        reason: str = "",
    ) -> None:
        """Keep how the run ended for the server's own page."""
        workspace = self.prepared.workspace
        ran = Ran(
            begun="",
            state=state,
            reason=reason,
            release=number_of(workspace.release),
            made=made,
            failed=failed,
        )
        note_ended(workspace, ran)

    def _page(
        self, outcome: Outcome, states: list[PeriodState], *, stopped: str = ""
    ) -> str:
        study = self.prepared.study
        totals = released_totals(
            self.prepared.workspace.release, means_of(study.measures)
        )
        known = decided(self.prepared.workspace.release)
        said = known.words() if known.number else ""
        return page(study.name, outcome, states, totals, stopped=stopped, said=said)

    def _show_periods(self) -> list[PeriodState]:
        """Put every period of the study into the table; the same one during a run."""
        states = whole_states(self.prepared)
        if states:
            self._board.put(
                "table", f"{self._key}-periods", rows(states), summary(states)
            )
        return states


def _done(states: Sequence[PeriodState]) -> set[str]:
    return {state.job.period for state in states if state.state == DONE}


def whole_states(prepared: Prepared) -> list[PeriodState]:
    """The state of every period of the study, also of those that were not chosen for
    this run.
    """
    options: Options = replace(prepared.options, **WHOLE)  # type: ignore[arg-type]
    if not prepared.jobs or options == prepared.options:
        return period_states(prepared.jobs.values())
    try:
        return period_states(prepare(options, look=False).jobs.values())
    except CohortflowError:  # the definition was changed meanwhile, and is wrong now
        return period_states(prepared.jobs.values())


def run_name(prepared: Prepared) -> str:
    """As `nhs_at_home 2019-04-01..2022-05-30`: the study, and the first days of its
    first and last period.
    """
    starts = [interval[0] for interval in prepared.chosen]
    return (
        f"{prepared.study.name} {starts[0]}..{starts[-1]}"
        if starts
        else prepared.study.name
    )
