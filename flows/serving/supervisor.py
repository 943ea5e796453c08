"""The whole server in one process tree: every part started in order, kept alive, and
stopped the other way round.
"""

import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType

from extractors.errors import ArgumentsError
from flows.serving.database import chosen
from flows.serving.keeper import Keeper
from flows.serving.logs import Logs
from flows.serving.parts import parts, scheduler_answers, server_answers
from flows.serving.ports import refuse_taken
from flows.serving.setting import Setting
from flows.serving.surroundings import FOLDERS, for_part, for_parts, write_for_clients
from flows.workspace.store import locked_file, make_private, make_shared

CHECKING = (sys.executable, "-m", "flows.serving.register", "check")
BEAT = 0.5  # seconds between two rounds over the parts


def serve(setting: Setting) -> int:
    """Serve until SIGTERM or SIGINT; the exit code. ArgumentsError if another server is
    here already.
    """
    make_shared(setting.workspace)
    make_private(setting.home)
    with locked_file(
        setting.home / "lock",
        f"{setting.workspace} is served already; stop that server first.",
    ):
        _check_ports(setting)
        clients = write_for_clients(setting)
        for folder in FOLDERS:
            make_private(setting.home / folder)
        if code := _nonsense(for_parts(setting)):
            return code
        if known := chosen(setting).said:
            say(known)
        logs = setting.home / "logs"
        keepers = [
            Keeper(part, for_part(setting, part), logs, say) for part in parts(setting)
        ]
        _keep(keepers, Logs(logs), lambda: say(_welcome(setting, str(clients))))
    return 0


def _welcome(setting: Setting, clients: str) -> str:
    return (
        f"all is up: {setting.page} and {setting.page}/cohortflow (the word to log "
        f"in is in {setting.auth_file}; for commands: set -a; . "
        f"{shlex.quote(clients)}; set +a)"
    )


def _keep(keepers: Sequence[Keeper], logs: Logs, welcome: Callable[[], None]) -> None:
    with _signals() as stopping:
        try:
            welcomed = False
            while not stopping:
                ready = frozenset(
                    keeper.part.name for keeper in keepers if keeper.ready
                )
                for keeper in keepers:
                    keeper.tick(time.monotonic(), ready)
                logs.tick(time.monotonic())
                if not welcomed and all(keeper.ready for keeper in keepers):
                    welcomed = True
                    welcome()
                time.sleep(BEAT)
        finally:
            say("stopping")
            for keeper in reversed(keepers):
                keeper.stop()
    say("stopped")


@contextmanager
def _signals() -> Iterator[list[int]]:
    """A list that is empty until a signal asks us to stop."""
    asked: list[int] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    before = {
        number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _check_ports(setting: Setting) -> None:
    if server_answers(setting) or scheduler_answers(setting):
        raise ArgumentsError(
            f"Something answers at {setting.page} or {setting.cluster} already; stop "
            "it, or set COHORTFLOW_PORT and COHORTFLOW_DASK_PORT to free ports."
        )
    refuse_taken(setting)


def _nonsense(environment: Mapping[str, str]) -> int:
    """The exit code of a look at studies and schedule; in a process of its own, for it
    takes all of Prefect.
    """
    return subprocess.run(
        CHECKING, env=environment, start_new_session=True, check=False
    ).returncode


def say(words: str) -> None:
    print(
        f"{time.strftime('%Y-%m-%d %H:%M:%S')} cohortflow serve: {words}",
        file=sys.stderr,
        flush=True,
    )
