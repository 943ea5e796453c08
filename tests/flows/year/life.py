"""A study that runs every week for a year, and what befalls it: what a server lives
through, in minutes.
"""

import hashlib
import json
import random
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.flows.commands import LONGEST, Command, kill_all, wait_until, workers
from tests.flows.conftest import STUDIES
from tests.flows.faults.small_disk import Disk, full_at
from tests.flows.faults.staged import Stage
from tests.flows.shelves import Shelves
from tests.flows.year.loads import Loads
from tests.lib.prefect_server import Restartable

STUDY = STUDIES / "lived.py"
PAUSE = (2.0, 8.0)  # seconds after which a run is killed: it takes about ten
KEPT = 2  # results of how many loads a clean-up leaves
# What befalls a week's run before it ends well: by name, a method of Life.
YEAR: Mapping[int, str] = {
    4: "run_killed",
    7: "worker_killed",
    11: "disk_full",
    15: "server_lost",
    19: "grown_older",
    23: "run_killed",
    26: "revised",
    30: "worker_killed",
    33: "disk_full",
    37: "server_lost",
    41: "grown_older",
    45: "run_killed",
    48: "revised",
}
SIX_WEEKS: Mapping[int, str] = {
    2: "run_killed",
    3: "disk_full",
    4: "server_lost",
    5: "grown_older",
    6: "revised",
}

# Notes whose first format had no name, with that of today; notes that came later, and
# results that are named by a key.
UNNAMED = {
    "last_run.json": 3,
    "flow_run.json": 2,
    "counts/*/recipe.json": 2,
    "errors/*/period=*.json": 2,
}
# what the first format of a note did not have
LATER = "carried"
NEWER = ("loads.json", "history.json", "released.json", "counts/*/period=*.json")
RESULTS = ("snapshots", "static", "timelines", "cohorts", "counts", "errors")

# A row of measures.csv by what it is about; and what it says.
Released = dict[tuple[str, ...], tuple[str, ...]]
PLACE = ("measure", "interval_start", "group_by", "group")
SAYS = (
    "numerator",
    "denominator",
    "ratio",
    "ratio_at_least",
    "ratio_at_most",
    "ci_low",
    "ci_high",
    "status",
)


@dataclass
class Seen:
    """What a year has shown."""

    # by load: bytes of the workspace after its run and clean-up
    bytes: dict[int, int] = field(default_factory=dict)
    # what befell the runs, in order
    befell: list[str] = field(default_factory=list)
    # released numbers that a revision changed
    revised: int = 0


class Life:
    """One workspace, one ledger and one Prefect server, week after week."""

    def __init__(
        self,
        home: Path,
        loads: Loads,
        command: Command,
        server: Restartable,
        disk: Disk | None,
    ):
        self.home, self.loads, self.command, self.server, self.disk = (
            home,
            loads,
            command,
            server,
            disk,
        )
        self.shelves = Shelves((disk.place if disk else home) / "workspace", "lived")
        self.records = home / "records"
        self.seen = Seen()
        self._dice = random.Random(1)
        self._released: Released = {}

    def live(self, befalls: Mapping[int, str], tell: Callable[[str], None]) -> None:
        """All weeks; raises AssertionError where something is lost or a released number
        changes by itself.
        """
        for load in range(1, self.loads.weeks + 1):
            self._receive(load)
            what = befalls.get(load, "")
            if what:
                getattr(self, what)(load)
                self.seen.befell.append(what)
            else:
                self.command(*self.run(load)).well()
            self._look(load, revised=what == "revised")
            tell(f"load {load}: {self.seen.bytes[load] / 1e6:.1f} MB {what}".rstrip())

    def _receive(self, load: int) -> None:
        """The new load lies where the one before lay."""
        for path in sorted(self.records.glob("*")):
            path.unlink()
        new = self.loads.write(load, self.home / f"load-{load}")
        self.records.mkdir(exist_ok=True)
        for path in sorted(new.iterdir()):
            path.rename(self.records / path.name)
        new.rmdir()

    def run(self, load: int, *options: object) -> tuple[object, ...]:
        """The command of a week's run."""
        place = ("--records", self.records, "--workspace", self.shelves.workspace)
        return (
            "run",
            STUDY,
            *place,
            "--complete-by",
            self.loads.ends(load),
            *options,
            "--json",
        )

    # What befalls a run, each until it has ended well ---------------------------------

    def run_killed(self, load: int) -> None:
        """It and all that it started die at some moment; the same command goes on."""
        with self.command.start(*self.run(load)) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(self._dice.uniform(*PAUSE))
            kill_all(process)
        self.command(*self.run(load)).well()

    def worker_killed(self, load: int) -> None:
        """One worker dies; the run goes on by itself."""
        with self.command.start(*self.run(load)) as process:
            assert wait_until(lambda: bool(workers(process)), process)
            with suppress(psutil.NoSuchProcess):
                self._dice.choice(workers(process)).kill()
            out, err = process.communicate(timeout=2 * LONGEST)
        assert process.returncode == 0, f"{out}\n{err}"

    def disk_full(self, load: int) -> None:
        """The disk is full while the release is written; there is room for the next
        run.
        """
        if self.disk is None:
            self.command(*self.run(load)).well()
            return
        said = full_at(
            "measures.release.bundle:write_release",
            self.command,
            self.disk,
            *self.run(load),
        )
        assert said.code == 1, said
        self.disk.make_room()
        self.command(*self.run(load)).well()

    def server_lost(self, load: int) -> None:
        """Prefect's server is killed before the release; the run ends without it, and
        the next has it again.
        """
        stage = Stage(self.home / f"stage-{load}", "flows.running.protect:protect")
        with stage.command(self.command).start(*self.run(load)) as process:
            reached = stage.reached(process)
            self.server.kill()
            stage.go_on()
            out, err = process.communicate(timeout=2 * LONGEST)
        assert reached and process.returncode == 0, f"{out}\n{err}"
        self.server.start()

    def grown_older(self, load: int) -> None:
        """The workspace is as an older version left it: notes of other formats, and
        results under other names.
        """
        grow_older(self.shelves.high)
        self.command(*self.run(load)).well()

    def revised(self, load: int) -> None:
        """The new numbers of all that has changed are asked for."""
        self.command(*self.run(load, "--revise")).well()

    # What must hold after each week ---------------------------------------------------

    def _look(self, load: int, *, revised: bool) -> None:
        assert not self.shelves.unfinished()
        now = released(self.shelves)
        lost = self._released.keys() - now.keys()
        assert not lost, f"load {load}: {len(lost)} released numbers are gone"
        changed = [
            place for place, says in self._released.items() if now[place] != says
        ]
        assert revised or not changed, (
            f"load {load}: {len(changed)} released numbers changed, {changed[:3]}"
        )
        self.seen.revised += len(changed)
        self._released = now
        self.command(
            "clean", "--workspace", self.shelves.workspace, "--keep", KEPT
        ).well()
        self.seen.bytes[load] = size(self.shelves.workspace)


def grow_older(shelf: Path) -> None:
    """What an older version wrote: notes that name no format, none of the newer notes,
    and keys of its own.
    """
    for pattern, today in UNNAMED.items():
        for path in shelf.glob(pattern):
            note = json.loads(path.read_text(encoding="utf-8"))
            assert note.pop("format") == today, f"{path.name} has another format by now"
            note.pop(LATER, None)
            path.write_text(json.dumps(note), encoding="utf-8")
    for pattern in NEWER:
        for path in shelf.glob(pattern):
            path.unlink()
    for kind in RESULTS:
        for folder in [each for each in (shelf / kind).glob("*") if each.is_dir()]:
            older = hashlib.sha256(folder.name.encode()).hexdigest()[:20]
            folder.rename(folder.with_name(older))


def released(shelves: Shelves) -> Released:
    """Every released row."""
    rows = shelves.tidy()
    return {
        tuple(row[name] for name in PLACE): tuple(row[name] for name in SAYS)
        for row in rows
    }


def size(folder: Path) -> int:
    """The bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
