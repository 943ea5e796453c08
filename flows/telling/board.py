"""Prefect's artifacts of one flow run. What the server does not take is put again
later, and at the end once more.
"""

import datetime
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import ArtifactCreate
from prefect.context import FlowRunContext, SettingsContext, get_settings_context
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES

# seconds between two looks at a bar that moves; each is a request of about 10 ms
EVERY = 1.0
# seconds without another try after one that failed: a server that is gone should not
# hold up a run
SILENCE = 10.0
LOGGER = "cohortflow"  # whose lines they are, on the page of a run
MOST_LINES = 1_000  # that wait for a server; more are not kept
# artifacts outlive their run, so they name their format
NAMED = {"cohortflow.format": "1"}
Act = Callable[[SyncPrefectClient, UUID], object]
log = logging.getLogger(__name__)


class Board:
    """Artifacts by key: put again they are updated, so that a run has one of each.
    `move` returns at once.
    """

    def __init__(self, client: SyncPrefectClient | None, flow_run: UUID | None):
        self._client, self._flow_run = client, flow_run
        self._ids: dict[str, UUID] = {}
        self._waiting: dict[str, Act] = {}  # what the server has not taken yet
        self._asking = threading.Lock()
        self._silent_until = 0.0
        self._bar, self._place, self._shown = "", (0.0, ""), (0.0, "")
        self._ending = threading.Event()
        self._lines: list[dict[str, Any]] = []  # what the server has not taken yet
        # else a minute for each request that is not taken; made once, because Prefect
        # reads all its settings for a copy: as much as the request costs, or more
        context = get_settings_context()
        self._profile = context.profile
        self._settings = context.settings.copy_with_update(
            {PREFECT_CLIENT_MAX_RETRIES: 0}
        )

    @classmethod
    @contextmanager
    def open(cls) -> Iterator["Board"]:
        """The board of the flow run at work here; outside of one nothing is shown."""
        context = FlowRunContext.get()
        with ExitStack() as stack:
            client = _client(stack) if context else None
            board = cls(
                client, context.flow_run.id if context and context.flow_run else None
            )
            mover = threading.Thread(target=board._keep_moving, daemon=True)
            mover.start()
            try:
                yield board
            finally:
                board._ending.set()
                mover.join()
                board.end()

    def name(self, name: str, labels: Mapping[str, str]) -> None:
        """Name the flow run, and label it with what its name does not say."""
        self._send(
            "name", lambda client, flow_run: client.update_flow_run(flow_run, name=name)
        )
        self._send(
            "labels",
            lambda client, flow_run: client.update_flow_run_labels(
                flow_run, dict(labels)
            ),
        )

    def put(self, kind: str, key: str, data: Any, description: str) -> None:
        """Show this under a key; `kind` is table, markdown or progress."""
        if kind == "progress":
            self._bar = key
        shown = json.dumps(data) if kind == "table" else data
        self._send(
            key,
            lambda client, flow_run: self._put(
                client, flow_run, (kind, key, shown, description)
            ),
        )

    def say(self, words: str, level: int = logging.INFO) -> None:
        """Put a line into the run's log, in a moment. Its words are safe to show."""
        if self._flow_run is None or len(self._lines) >= MOST_LINES:
            return
        line = {
            "name": LOGGER,
            "level": level,
            "message": words,
            "timestamp": datetime.datetime.now(datetime.UTC).isoformat(),
            "flow_run_id": str(self._flow_run),
        }
        self._lines.append(line)

    def move(self, percent: float, words: str) -> None:
        """Move the progress bar, in a moment."""
        self._place = (percent, words)

    def end(self) -> None:
        """Send the last place and all that waits, however short ago something was not
        taken.
        """
        self._silent_until = 0.0
        self._show_place()
        self._show_lines()
        self._settle()

    def _put(
        self, client: SyncPrefectClient, flow_run: UUID, what: tuple[str, str, Any, str]
    ) -> None:
        kind, key, data, description = what
        if key in self._ids:
            # as `update_artifact` does it, but for its event: one for every move would
            # bury the others
            now = {"data": data, "description": description}
            client.request(
                "PATCH",
                "/artifacts/{id}",
                json=now,
                path_params={"id": self._ids[key]},
            )
            return
        made = ArtifactCreate(
            type=kind,
            key=key,
            data=data,
            description=description,
            flow_run_id=flow_run,
            metadata_=NAMED,
        )
        self._ids[key] = client.create_artifact(made).id

    def _keep_moving(self) -> None:
        while not self._ending.wait(EVERY):
            self._show_place()
            self._show_lines()
            self._settle()

    def _show_lines(self) -> None:
        """Send all lines that there are, together."""
        if self._lines:
            self._send("lines", self._send_lines)

    def _send_lines(self, client: SyncPrefectClient, flow_run: UUID) -> None:
        lines = list(self._lines)
        client.create_logs(lines)
        del self._lines[: len(lines)]

    def _show_place(self) -> None:
        place = self._place
        if self._bar and place != self._shown:
            self._shown = place
            self.put("progress", self._bar, *place)

    def _send(self, what: str, act: Act) -> None:
        self._waiting[what] = act
        self._settle()

    def _settle(self) -> None:
        """Send what waits, up to the first that the server does not take."""
        with self._asking:
            for what, act in list(self._waiting.items()):
                if not self._try(act):
                    return
                if self._waiting.get(what) is act:
                    del self._waiting[what]

    def _try(self, act: Act) -> bool:
        if (
            self._client is None
            or self._flow_run is None
            or time.monotonic() < self._silent_until
        ):
            return False
        try:
            with SettingsContext(profile=self._profile, settings=self._settings):
                act(self._client, self._flow_run)
        except Exception as error:
            self._silent_until = time.monotonic() + SILENCE
            log.debug(
                "Prefect's server did not take what a run shows: %s",
                type(error).__name__,
            )
            return False
        return True


def _client(stack: ExitStack) -> SyncPrefectClient | None:
    try:
        return stack.enter_context(get_client(sync_client=True))
    except Exception:  # no server; the run itself says so, if it needs one
        return None
