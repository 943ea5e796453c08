"""A study as its notes in a workspace tell of it: no run is needed for one."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from flows.preparing.options import Options
from flows.state.history import COMPLETED, history_file
from flows.state.outcome import Outcome, write_outcome
from flows.workspace.failures import record_failure
from flows.workspace.kept import HISTORY
from flows.workspace.store import Workspace

PERIODS = (
    "2020-03-02..2020-03-08",
    "2020-03-09..2020-03-15",
    "2020-03-16..2020-03-22",
    "2999-01-01..2999-01-07",
)


def noted_study(root: Path, name: str, runs: Sequence[Mapping] = ()) -> Workspace:
    """A study with the periods above, of which the first is done and the second
    failed.
    """
    workspace = Workspace(root, name)
    workspace.prepare()
    write_outcome(
        workspace,
        Outcome(
            Options(name), PERIODS, failed={PERIODS[1]: "no room"}, waiting=PERIODS[2:]
        ),
    )
    places: dict[str, Mapping[str, object]] = {}
    for period in PERIODS:
        results = [workspace.counts("k", period), workspace.cohort("k", period)]
        error = workspace.relative(workspace.error("k", period))
        places[period] = {
            "results": [workspace.relative(path) for path in results],
            "error": error,
        }
    for path in (workspace.counts("k", PERIODS[0]), workspace.cohort("k", PERIODS[0])):
        path.parent.mkdir(parents=True)
        path.touch()
    record_failure(workspace.error("k", PERIODS[1]), "no room")
    record_failure(workspace.error("k", PERIODS[1]), "no room at all")
    HISTORY.write(history_file(workspace), {"periods": places, "runs": list(runs)})
    return workspace


RUNS = [
    {"begun": "2026-11-16T06:00:00+00:00", "ended": "2026-11-16T06:01:00+00:00", "state": COMPLETED, "release": 3,
     "made": {PERIODS[0]: 2.5}},
    {"begun": "2026-11-30T06:00:00+00:00", "ended": "2026-11-30T06:01:00+00:00", "state": "failed", "release": 3,
     "failed": {PERIODS[0]: "a worker died", PERIODS[1]: "no room at all"}},
]  # fmt: skip
