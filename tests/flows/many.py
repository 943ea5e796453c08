"""A server of very many small studies, several of which are at work at once: asked for
by deployments, by `prefect deployment run`, and by people at terminals.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.flows.commands import Result
from tests.lib.served import Served, served

PEOPLE = 100
# by which every second study is asked for
DEPLOYMENT = "ad-hoc"
LONGEST = 3600  # seconds that all runs may take on a busy machine
LOCKED = "database is locked"
RESTARTED = "it starts again"

DEFINITION = """
from ehrql import weeks
from ehrql.measures import INTERVAL, create_measures
from ehrql.tables.core import clinical_events, patients

measures = create_measures()
had = clinical_events.where(clinical_events.date.is_during(INTERVAL))
measures.define_defaults(
    denominator=patients.is_alive_on(INTERVAL.start_date),
    intervals=weeks(3).starting_on("2021-01-04"),
)
measures.define_measure("had", numerator=had.exists_for_patient())
measures.define_measure(
    "had_by_sex", numerator=had.exists_for_patient(), group_by={"sex": patients.sex}
)
"""


@dataclass(frozen=True)
class Seen:
    """What became of all runs."""

    # states of the runs that deployments started, by study
    deployed: dict[str, str]
    # what was said to those who typed, by study
    typed: dict[str, Result]
    # of `prefect deployment run`: whether it took effect, by study
    asked: dict[str, str]
    # what the server said
    said: str
    # whether the process that starts runs is the one that was there at first
    same_runner: bool
    # studies without a release
    unreleased: list[str]
    seconds: float

    @property
    def restarts(self) -> int:
        return self.said.count(RESTARTED)

    @property
    def bad(self) -> dict[str, str]:
        """Runs that did not end well, and why."""
        found = {
            name: state
            for name, state in {**self.deployed, **self.asked}.items()
            if state != "COMPLETED"
        }
        for name, result in self.typed.items():
            if result.code:
                found[name] = result.err
        return found


def play(folder: Path, studies: int, at_once: int, **settings: object) -> Seen:
    """Serve so many studies, and have all of them run, `at_once` of them at a time by
    people at terminals while deployments have theirs.
    """
    paths = _write(folder / "studies", studies)
    home = folder / "server"  # a definition may not lie in it
    home.mkdir()
    ours = {
        "COHORTFLOW_STUDIES": ",".join(map(str, paths)),
        "COHORTFLOW_PATIENTS": PEOPLE,
        "COHORTFLOW_POLICY": "none",
    }
    with served(home, **{**ours, **settings}) as server:
        began = time.monotonic()
        runner = server.part("prefect worker").pid
        # `prefect deployment run` by an operator, deployments, people at terminals
        asked, deployed, typed = (
            paths[:at_once],
            paths[at_once::2],
            paths[at_once + 1 :: 2],
        )
        ids = {path.stem: _asked(server, path) for path in asked}
        for path in deployed:
            ids[path.stem] = server.prefect.start(DEPLOYMENT, _wish(path))["id"]
        with ThreadPoolExecutor(at_once) as people:
            said = list(people.map(lambda path: _type(server, path), typed))
        states = {name: _state(server, id, began) for name, id in ids.items()}
        names = [path.stem for path in asked]
        return Seen(
            deployed={name: states[name] for name in states if name not in names},
            typed=dict(zip([path.stem for path in typed], said, strict=True)),
            asked={name: states[name] for name in names},
            said=_all_words(server),
            same_runner=server.part("prefect worker").pid == runner,
            unreleased=_unreleased(server, paths),
            seconds=time.monotonic() - began,
        )


def _write(folder: Path, studies: int) -> list[Path]:
    folder.mkdir(parents=True)
    paths = [folder / f"study_{number:02}.py" for number in range(1, studies + 1)]
    for path in paths:
        path.write_text(DEFINITION, encoding="utf-8")
    return paths


def _wish(path: Path) -> dict[str, Any]:
    return {"study": str(path), "patients": PEOPLE, "policy": "none"}


def _asked(server: Served, path: Path) -> str:
    """As an operator asks: by Prefect's own command. The id of the run."""
    words = ("deployment", "run", f"cohortflow/{DEPLOYMENT}", "-p", f"study={path}")
    subprocess.run(
        [sys.executable, "-m", "prefect", *words],
        env=server.command.environment,
        check=True,
        capture_output=True,
    )
    latest = {"sort": "EXPECTED_START_TIME_DESC"}
    runs = server.prefect.ask("flow_runs/filter", latest)
    today = [run for run in runs if run["name"] and not run["auto_scheduled"]]
    (found,) = [run for run in today if run["parameters"].get("study") == str(path)]
    return str(found["id"])


def _type(server: Served, path: Path) -> Result:
    words = ("--patients", PEOPLE, "--policy", "none", "--no-report")
    return server.command("run", path, *words, "--workspace", server.workspace)


def _state(server: Served, id: str, began: float) -> str:
    """The state in which a run has ended; runs of deployments wait for each other."""
    while time.monotonic() - began < LONGEST:
        state = str(server.prefect.ask(f"flow_runs/{id}")["state_type"])
        if state in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"):
            return state
        time.sleep(1)
    return state


def _all_words(server: Served) -> str:
    """All that the server and its parts have said."""
    logs = [server.said, *sorted(server.home.rglob("*.log*"))]
    return "\n".join(
        log.read_text(encoding="utf-8", errors="replace")
        for log in logs
        if log.is_file()
    )


def _unreleased(server: Served, paths: Sequence[Path]) -> list[str]:
    return [
        path.stem
        for path in paths
        if not (
            server.workspace / path.stem / "moderately_sensitive" / "measures.csv"
        ).is_file()
    ]
