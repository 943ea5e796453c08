"""Tells somebody of runs that failed, crashed or are late; names and counts of periods, and nothing else.

It asks the server instead of hooking into the flow, because a hook dies with the process it should tell of.
What was told is remembered in the workspace; what could not be told is tried again at every look.
"""

import datetime
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.errors import CohortflowError
from flows.serving.api import ask
from flows.serving.messages import Alert, Receiver, receiver
from flows.serving.orphans import FLOW, close_orphans
from flows.serving.setting import Setting, setting
from flows.workspace.kept import ALERTS
from flows.workspace.settings import number

LOOK_EVERY = 10  # seconds; each look is three requests
BACK = datetime.timedelta(days=7)  # how far a look goes back: a weekend without a server is made up for
TASK = "extract "
MOST = 200  # what the server gives at a time


def main() -> int:
    try:
        where, late = setting(), datetime.timedelta(minutes=number("COHORTFLOW_LATE_MINUTES", 30))
        watcher = Watcher(where, receiver(), late)
    except CohortflowError as error:
        print(f"cohortflow: {error.message}", file=sys.stderr)
        return error.exit_code
    while True:
        watcher.look(datetime.datetime.now(datetime.UTC))
        time.sleep(LOOK_EVERY)


@dataclass(frozen=True)
class Watcher:
    """`late`: how long after its time a run that has not begun is told of."""

    setting: Setting
    receiver: Receiver
    late: datetime.timedelta

    @property
    def _memory(self) -> Path:
        return self.setting.home / "alerts.json"

    def look(self, now: datetime.datetime) -> list[Alert]:
        """Tell what nobody was told yet; the alerts that were delivered."""
        close_orphans(self.setting)
        known = ALERTS.read(self._memory) or {"since": now.isoformat(), "told": []}
        since = max(datetime.datetime.fromisoformat(known["since"]), now - BACK)
        found = {**self._ended(since), **self._late(now)}
        told = [key for key in known["told"] if key in found]
        sent = []
        for key in found.keys() - set(told):
            alert = self._alert(*found[key])
            if self.receiver.deliver(alert):
                told.append(key)
                sent.append(alert)
        memory = {"since": since.isoformat(), "told": sorted(told)}
        if memory["told"] != known["told"] or not self._memory.exists():
            ALERTS.write(self._memory, memory)
        return sent

    def _ended(self, since: datetime.datetime) -> dict[str, tuple[str, dict[str, Any]]]:
        """Runs that ended badly; a run that is retried and fails again has another state, and is told again."""
        state = {"type": {"any_": ["FAILED", "CRASHED"]}}
        runs = self._runs({"state": state, "end_time": {"after_": since.isoformat()}})
        return {run["state_id"]: (run["state_type"].lower(), run) for run in runs}

    def _late(self, now: datetime.datetime) -> dict[str, tuple[str, dict[str, Any]]]:
        state = {"type": {"any_": ["SCHEDULED", "PENDING"]}}
        due = {"before_": (now - self.late).isoformat()}
        runs = self._runs({"state": state, "expected_start_time": due})
        return {f"late {run['id']}": ("late", run) for run in runs if not run["start_time"]}

    def _runs(self, chosen: dict[str, Any]) -> list[dict[str, Any]]:
        question = {"flow_runs": chosen, "flows": {"name": {"any_": [FLOW]}}, "limit": MOST}
        return ask(self.setting, "flow_runs/filter", {**question, "sort": "EXPECTED_START_TIME_DESC"}) or []

    def _alert(self, event: str, run: dict[str, Any]) -> Alert:
        names = {state: tuple(self._periods(run, state)) for state in ("FAILED", "COMPLETED")}
        given = run["parameters"]
        study = str(given.get("name") or Path(str(given.get("study", ""))).stem)
        title = f"{study} (scheduled)" if event == "late" and study else str(run["name"])
        return Alert(event, title, names["FAILED"], done=len(names["COMPLETED"]), due=run["expected_start_time"])

    def _periods(self, run: dict[str, Any], state: str) -> Iterator[str]:
        """The periods of a run that are in a state."""
        chosen = {"flow_runs": {"id": {"any_": [run["id"]]}}, "task_runs": {"state": {"type": {"any_": [state]}}}}
        for offset in range(0, sys.maxsize, MOST):
            page = ask(
                self.setting, "task_runs/filter", {**chosen, "sort": "NAME_ASC", "limit": MOST, "offset": offset}
            )
            yield from (task["name"].removeprefix(TASK) for task in page or [] if task["name"].startswith(TASK))
            if not page or len(page) < MOST:
                return


if __name__ == "__main__":
    sys.exit(main())
