"""What became of the periods of a run."""

from collections.abc import Iterable, Mapping

from flows.preparing.jobs import PeriodJob
from flows.preparing.prepared import Prepared
from flows.running.warning import warnings
from flows.state.outcome import Outcome
from flows.state.periods import DONE, FAILED, MISSING, period_states


def outcome_of(
    prepared: Prepared, due: Iterable[PeriodJob], reasons: Mapping[str, str]
) -> Outcome:
    """What became of the periods that were `due`; `reasons`: why some failed, as far as
    this process knows.
    """
    states = period_states(prepared.jobs.values())
    tried = {job.period for job in due}
    left = [
        state for state in states if state.state != DONE and state.job.period in tried
    ]
    return Outcome(
        options=prepared.options,
        periods=tuple(state.job.period for state in states),
        computed=tuple(
            s.job.period for s in states if s.state == DONE and s.job.period in tried
        ),
        failed={
            s.job.period: reasons.get(s.job.period) or s.reason or "no result"
            for s in left
        },
        waiting=tuple(
            s.job.period
            for s in states
            if s.state in (MISSING, FAILED) and s.job.period not in tried
        ),
        warnings=tuple(warnings(prepared)),
    )
