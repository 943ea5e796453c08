"""Tells people of deployed runs that failed, crashed or are late: study, safe reason,
names and counts of periods.

It asks the server instead of hooking into the flow, because a hook dies with the
process that it should tell of. What was sent is remembered in the workspace; what could
not be sent is tried again at every look.
"""

import datetime
import os
import re
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.disk import damaged
from extractors.errors import AnotherVersion, CohortflowError, Damaged
from flows.serving.messages import Alert, Receiver, receiver
from flows.serving.orphans import close_orphans, take_again
from flows.serving.planned import name_planned
from flows.serving.runs import AT_WORK, BADLY, ENDED, TO_COME, Seen, runs_of, states
from flows.serving.setting import Setting, setting
from flows.state.grid import row_of
from flows.state.periods import DONE, FAILED
from flows.workspace.kept import ALERTS
from flows.workspace.settings import number
from flows.workspace.store import Workspace

LOOK_EVERY = 10  # seconds; each look is a few requests
# how far a look goes back: a weekend without a server is made up for
BACK = datetime.timedelta(days=7)
LATE = "late"
ASIDE = "alerts.json.aside"  # what could not be read; the last one stays
# how the message of a run begins whose periods failed
COUNTED = re.compile(r"\d+ of \d+ periods failed:")
# what an alert is remembered by -> its event and its run
Found = Mapping[str, tuple[str, Seen]]


def main() -> int:
    try:
        where, late = (
            setting(),
            datetime.timedelta(minutes=number("COHORTFLOW_LATE_MINUTES", 30)),
        )
        watcher = Watcher(where, receiver(), late)
    except CohortflowError as error:
        print(f"cohortflow: {error.message}", file=sys.stderr)
        return error.exit_code
    while True:
        watcher.look(datetime.datetime.now(datetime.UTC))
        time.sleep(LOOK_EVERY)


# of the alerts that were sent, in the file; the name is that of its first version
SENT = "told"


@dataclass(frozen=True)
class Sent:
    """What is remembered between two looks."""

    # no alert is sent of runs that ended before
    since: datetime.datetime
    # what was sent, by the keys of `Found`
    keys: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"since": self.since.isoformat(), SENT: list(self.keys)}


def _read(path: Path) -> Sent | None:
    """None if nothing was sent yet. Raises AnotherVersion, and Damaged."""
    known = ALERTS.read(path)
    if known is None:
        return None
    try:
        since = datetime.datetime.fromisoformat(known["since"])
        keys = known[SENT]
    except (KeyError, TypeError, ValueError):
        raise damaged(path) from None
    if since.tzinfo is None or not isinstance(keys, list):
        raise damaged(path)
    return Sent(since, tuple(str(key) for key in keys))


@dataclass(frozen=True)
class Watcher:
    """What looks at the runs of a server, and sends an alert of those that went wrong."""

    # of the server that is watched
    setting: Setting
    # where the alerts go
    receiver: Receiver
    # after how long a run that has not begun is late, from its time or its turn on
    late: datetime.timedelta

    @property
    def _memory(self) -> Path:
        return self.setting.home / "alerts.json"

    def look(self, now: datetime.datetime) -> list[Alert]:
        """Send what was not sent yet; the alerts that were delivered.

        A look that the server does not answer changes nothing of what was sent.
        """
        close_orphans(self.setting)
        take_again(self.setting, now)
        name_planned(self.setting)
        try:
            before = _read(self._memory) or Sent(now)
        except (AnotherVersion, Damaged) as error:
            return self._begin_anew(now, error)
        since = max(before.since, now - BACK)
        ended, late = self._ended(since), self._late(now, before)
        if ended is None or late is None:
            return []
        found = {**ended, **late}
        keys = [key for key in before.keys if key in found]
        sent = []
        for key in sorted(found.keys() - set(keys)):
            alert = self._alert(*found[key])
            if self.receiver.deliver(alert):
                keys.append(key)
                sent.append(alert)
        now_sent = Sent(since, tuple(sorted(keys)))
        if now_sent.keys != before.keys or not self._memory.exists():
            ALERTS.write(self._memory, now_sent.as_json())
        return sent

    def _begin_anew(
        self, now: datetime.datetime, error: CohortflowError
    ) -> list[Alert]:
        """Put what cannot be read aside, and go on as if all that is to be sent now
        were sent.

        An alert that is lost is seen on the page; twenty that come again hide the next
        one. Where the server does not answer, the next look does it.
        """
        ended, late = self._ended(now), self._late(now, None)
        if ended is None or late is None:
            return []
        aside = self._memory.with_name(ASIDE)
        os.replace(self._memory, aside)
        ALERTS.write(self._memory, Sent(now, tuple(sorted(late))).as_json())
        print(
            f"cohortflow: {error.message} It is put aside now, and what was sent before "
            f"is not sent again; see the page for runs that went wrong: {aside}",
            file=sys.stderr,
        )
        return []

    def _ended(self, since: datetime.datetime) -> Found | None:
        """Runs that ended badly; one that is retried and fails again has another state,
        and is sent again.
        """
        chosen = states(BADLY) | {"end_time": {"after_": since.isoformat()}}
        runs = runs_of(self.setting, chosen, "END_TIME_DESC")
        if runs is None:
            return None
        return {run.state_id: (run.state, run) for run in runs if run.deployed}

    def _late(self, now: datetime.datetime, sent: Sent | None) -> Found | None:
        """Runs that have not begun though their turn has come: no other is at work, nor
        was lately.

        Of which people know already, these stay; `sent`: None where that is not known,
        and any may be.
        """
        due = {"expected_start_time": {"before_": (now - self.late).isoformat()}}
        waiting = runs_of(
            self.setting, states(TO_COME) | due, "EXPECTED_START_TIME_ASC"
        )
        before = runs_of(self.setting, _busy(now - self.late), "END_TIME_DESC")
        at_work = runs_of(self.setting, states(AT_WORK), "EXPECTED_START_TIME_ASC")
        if waiting is None or before is None or at_work is None:
            return None
        busy = any(run.deployed for run in (*before, *at_work))
        late = [run for run in waiting if run.deployed and not run.begun]
        return {
            f"{LATE} {run.id}": (LATE, run)
            for run in late
            if not busy or sent is None or f"{LATE} {run.id}" in sent.keys
        }

    def _alert(self, event: str, run: Seen) -> Alert:
        row = (
            row_of(Workspace(self.setting.workspace, run.study)) if run.study else None
        )
        cells = row.cells if row else ()
        return Alert(
            event=event,
            study=run.study,
            run=run.name,
            reason="" if event == LATE else _without_names(run.message),
            failed=tuple(cell.period for cell in cells if cell.state == FAILED),
            done=sum(cell.state == DONE for cell in cells),
            periods=len(cells),
            due=run.due,
        )


def _without_names(message: str) -> str:
    """Of `2 of 166 periods failed: …` the number alone: the names are written as the page
    shows them now.
    """
    return message.partition(":")[0] if COUNTED.match(message) else message


def _busy(since: datetime.datetime) -> dict[str, Any]:
    """Runs that have ended since."""
    return states(ENDED) | {"end_time": {"after_": since.isoformat()}}


if __name__ == "__main__":
    sys.exit(main())
