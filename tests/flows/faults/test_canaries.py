"""Every kind of error is made to happen on records with marks in them; nobody who
watches sees a mark or a raw count.

Searched: Prefect's database with all that is not merged into it yet, its home and its
log, the logs of Dask workers, what every command said, and the moderately_sensitive
shelf. `flows/test_privacy.py` does it for two kinds of error.
"""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extractors.engine import NO_ROOM
from flows.running.cluster import ALONE, DIED, GONE
from tests.flows.commands import Command, Result, wait_until, workers
from tests.flows.conftest import STUDIES
from tests.flows.damage import damage_batch, damage_column
from tests.flows.faults.dask_elsewhere import dask_elsewhere
from tests.flows.faults.runs import FAILS
from tests.flows.faults.small_disk import full_at, small_disk
from tests.flows.numbers import numbers
from tests.flows.records import CANARIES, EVENTS, FIRST_PATIENT, spoil, write_records
from tests.flows.shelves import Shelves, contents
from tests.flows.story import BROKEN, PERIODS
from tests.flows.strict_audits import strict_audits
from tests.lib.prefect_server import environment, restartable_server

pytestmark = pytest.mark.slow
# twice as much is too large for 64 bits, and is counted as much as one person may add
HALF = 4_859_140_900_000_000_000
MARKS = (*CANARIES, "7182818")
# as somebody may set it
TALKATIVE = {
    "PREFECT_LOGGING_LEVEL": "DEBUG",
    "PREFECT_LOGGING_INTERNAL_LEVEL": "DEBUG",
}
# seconds: a new worker has begun with something by then, or has not yet come
PAUSE = 0.5
QUOTED = f"{FIRST_PATIENT}"


@dataclass
class Everything:
    """All that was said, and where the rest lies; `no_disk`: why there was no disk that
    could be full.
    """

    folder: Path
    said: dict[str, Result]
    database: bytes
    logs: dict[str, bytes]
    no_disk: str

    @property
    def outside(self) -> dict[str, bytes]:
        """Whatever somebody may see who may not see patients, by where it is."""
        said = {
            f"said by {name}": (each.out + each.err).encode()
            for name, each in self.said.items()
        }
        # also one that is written beside
        shelves = self.folder.glob("*/*/*moderately_sensitive*/**/*")
        released = {str(path): path.read_bytes() for path in shelves if path.is_file()}
        return {"database": self.database, **self.logs, **said, **released}

    @property
    def inside(self) -> bytes:
        """The errors on the highly_sensitive shelves."""
        return b"".join(
            path.read_bytes()
            for path in self.folder.glob("*/*/highly_sensitive/errors/**/*.json")
        )


class Scene:
    """The commands, each with a workspace by its own name."""

    def __init__(self, command: Command, folder: Path):
        self.command, self.folder = command, folder
        self.said: dict[str, Result] = {}
        self.studies = shutil.copytree(STUDIES, folder / "studies")
        self.records = write_records(folder / "records")

    def study(self, name: str, old: str = "", new: str = "") -> Path:
        path = self.studies / f"{name}.py"
        text = (self.studies / "weekly.py").read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    def place(self, name: str) -> tuple:
        return ("--records", self.records, "--workspace", self.folder / name, "--json")

    def run(
        self,
        name: str,
        code: int | tuple,
        *options: object,
        study: Path | None = None,
        **settings: object,
    ) -> None:
        known = study or self.studies / "weekly.py"
        self.said[name] = self.command(
            "run", known, *self.place(name), *options, **settings
        )
        assert self.said[name].code in (code if isinstance(code, tuple) else (code,)), (
            f"{name}: {self.said[name]}"
        )

    def meddle(
        self,
        name: str,
        with_it: Callable[[subprocess.Popen], None],
        *options: object,
        **settings: int,
    ) -> None:
        """Run the study `weekly` and do something once its static table is there."""
        run = ("run", self.studies / "weekly.py", *self.place(name), *options)
        # read meanwhile: a process that talks stops when nobody listens
        with (
            self.command.start(*run, **settings) as process,
            ThreadPoolExecutor(1) as listener,
        ):
            heard = listener.submit(process.communicate)
            assert wait_until(
                lambda: any(self.shelves(name).high.glob("static/*/*.parquet")), process
            )
            with_it(process)
            out, err = heard.result()
        self.said[name] = Result(process.returncode, out, err)

    def shelves(self, name: str, study: str = "weekly") -> Shelves:
        return Shelves(self.folder / name, study)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everything]:
    folder, home = tmp_path_factory.mktemp("scene"), tmp_path_factory.mktemp("home")
    with restartable_server(folder / "prefect") as server:
        scene = Scene(
            Command(environment(home) | {"PREFECT_API_URL": server.url, **TALKATIVE}),
            folder,
        )
        for happens in SCENES:
            happens(scene)
        no_disk = without_room(scene)
        logs = contents(folder / "prefect") | contents(home) | contents(folder / "dask")
        yield Everything(folder, scene.said, server.database, logs, no_disk)


def well(scene: Scene) -> None:
    scene.run("well", 0)


def dirty(scene: Scene) -> None:
    spoiled = shutil.copytree(scene.records, scene.folder / "spoiled")
    spoil(spoiled)
    scene.run("dirty", 2, "--records", spoiled)
    assert "changed by a spreadsheet" in scene.said["dirty"].err


def too_large(scene: Scene) -> None:
    """A sum over two people beyond all numbers; it ends well, for no value makes a
    period fail.
    """
    marked = shutil.copytree(scene.records, scene.folder / "marked")
    table = pq.ParquetFile(marked / "clinical_events.parquet").read()
    values, people, codes = (
        table[name].to_pylist()
        for name in ("numeric_value", "patient_id", "snomedct_code")
    )
    one = EVENTS + 7
    alike = (
        row
        for row in range(one, 2 * EVENTS)
        if people[row] != people[one] and codes[row] == codes[one]
    )
    values[one] = values[next(alike)] = float(HALF)
    pq.write_table(
        table.set_column(3, "numeric_value", pa.array(values)),
        marked / "clinical_events.parquet",
    )
    counted = (
        "taken.where(taken.numeric_value > 130).count_for_patient(),\n    "
        'group_by={"sex": patients.sex},'
    )
    study = scene.study(
        "whole", counted, "taken.numeric_value.as_int().sum_for_patient(),"
    )
    scene.run("too_large", 0, "--records", marked, study=study)


def corrupt(scene: Scene) -> None:
    """The rows of a period that are set aside, and what they came from."""
    scene.run("corrupt", 0)
    shelves = scene.shelves("corrupt")
    damage_batch(shelves.touched(), PERIODS.index(BROKEN))
    for shelf in ("cohorts", "counts"):
        shutil.rmtree(shelves.high / shelf)
    scene.run("corrupt", 3)
    shutil.copytree(scene.folder / "well", scene.folder / "damaged")
    shelves = scene.shelves("damaged")
    damage_column(shelves.snapshot("clinical_events"), "numeric_value")
    for shelf in ("timelines", "cohorts", "counts"):
        shutil.rmtree(shelves.high / shelf)
    scene.run("damaged", 1)


def said(scene: Scene, name: str) -> str:
    return scene.said[name].out + scene.said[name].err


def no_memory(scene: Scene) -> None:
    scene.run("no_memory", 2, COHORTFLOW_MEMORY_MB=4)


def no_time(scene: Scene) -> None:
    """Its workers are stopped for a moment, and its periods have a second; some may
    take longer.
    """

    def stop_for_a_moment(process: subprocess.Popen) -> None:
        for worker in workers(process):
            worker.suspend()
        time.sleep(2)
        for worker in workers(process):
            worker.resume()

    scene.meddle("no_time", stop_for_a_moment, COHORTFLOW_PERIOD_SECONDS=1)


def killed(scene: Scene) -> None:
    """Workers are killed again and again, once there are periods to make."""

    def kill(process: subprocess.Popen) -> None:
        while process.poll() is None:
            # some come and go by themselves meanwhile
            with suppress(psutil.NoSuchProcess):
                for worker in workers(process):
                    worker.kill()
            time.sleep(PAUSE)

    scene.meddle("killed", kill)
    assert scene.said["killed"].code in FAILS
    assert DIED in said(scene, "killed") or ALONE in said(scene, "killed"), scene.said[
        "killed"
    ]


def elsewhere(scene: Scene) -> None:
    """On a cluster that writes logs, and that goes away."""
    (scene.folder / "dask").mkdir()
    with dask_elsewhere(scene.folder / "dask") as cluster:
        cluster.work()
        marked = ("--records", scene.folder / "marked", "--cluster", cluster.address)
        scene.run("elsewhere", 0, *marked, study=scene.studies / "whole.py")
        scene.meddle(
            "lost", lambda _: cluster.lose_scheduler(), "--cluster", cluster.address
        )
    assert scene.said["lost"].code in FAILS and GONE in said(scene, "lost")


def refused(scene: Scene) -> None:
    """By disclosure control: true counts are asked for, and the memory of what was
    released was tampered with.
    """
    scene.run("well", 4, "--policy", "none")
    scene.run("refused", 0, "--policy", "controlled")
    (ledger,) = scene.shelves("refused").high.glob("ledger/*.jsonl")
    ledger.write_bytes(ledger.read_bytes().replace(b"0", b"1"))
    scene.run("refused", 4, "--policy", "controlled", "--force")


def audited(scene: Scene) -> None:
    """By the audit: all is counted and rounded, and what was found in it is told."""
    with strict_audits("width"):
        scene.run("audited", 4, "--policy", "controlled")
    assert "The audit refuses the release" in said(scene, "audited")


def without_room(scene: Scene) -> str:
    """The disk fills up at a step, at the periods, at the release; why that cannot be,
    where it cannot.
    """
    run = (
        "run",
        scene.studies / "weekly.py",
        *scene.place("disk"),
        "--policy",
        "controlled",
    )
    try:
        with small_disk(scene.folder / "disk") as disk:
            for place, (name, code) in ROOMLESS.items():
                scene.said[name] = full_at(place, scene.command, disk, *run)
                disk.make_room()
                assert scene.said[name].code == code and NO_ROOM in said(scene, name), (
                    scene.said[name]
                )
            shutil.copytree(disk.place, scene.folder / "full")
    except pytest.skip.Exception as skipped:
        return str(skipped)
    return ""


def mistaken(scene: Scene) -> None:
    """An author has written somebody's number into the definition, where it stops."""
    study = scene.study(
        "mistaken", "measures = create_measures()", f"raise ValueError({QUOTED})"
    )
    scene.run("mistaken", 2, study=study)
    # the author may see the own line; nobody else does
    said = scene.said.pop("mistaken")
    assert QUOTED in said.err


SCENES = (
    well,
    dirty,
    too_large,
    corrupt,
    no_memory,
    no_time,
    killed,
    elsewhere,
    refused,
    audited,
    mistaken,
)
ROOMLESS = {
    "flows.running.work:make_timelines": ("full at a step", 1),
    "flows.running.work:extract": ("full at periods", 3),
    "measures.release.bundle:write_release": ("full at the release", 1),
}

# What is found


def test_every_error_was_made(everything: Everything):
    """Each has said so when it was made; here is that none was forgotten."""
    names = (
        "well dirty too_large corrupt damaged no_memory no_time killed elsewhere "
        "lost refused audited"
    )
    assert everything.said.keys() - {name for name, _ in ROOMLESS.values()} == set(
        names.split()
    )
    assert b"The audit refuses the release" in everything.database


def test_a_disk_was_full(everything: Everything):
    if everything.no_disk:
        pytest.skip(everything.no_disk)
    assert everything.said.keys() >= {name for name, _ in ROOMLESS.values()}
    assert NO_ROOM.encode() in everything.database
    assert len(Shelves(everything.folder / "full", "weekly").results("counts")) == len(
        PERIODS
    ), "it came to the release"


def test_errors_on_the_shelf_say_what_happened(everything: Everything):
    """In DuckDB's own words, which the message outside has not."""
    assert b"know what type" in everything.inside
    assert not any(b"know what type" in text for text in everything.outside.values())


def test_no_mark_is_outside(everything: Everything):
    assert b"weekly 2020-03-02..2020-03-23" in everything.database, (
        "these runs are in it"
    )
    assert b"DuckDB could not do it" in everything.database, "and what went wrong"
    assert any("worker" in name for name in everything.logs)
    found = [
        (place, mark)
        for place, text in everything.outside.items()
        for mark in MARKS
        if mark.encode() in text
    ]
    assert not found


def test_no_raw_count_is_outside(everything: Everything):
    shelves = [
        Shelves(path.parents[1], path.parent.name)
        for path in everything.folder.glob("*/*/highly_sensitive")
    ]
    names = ("numerator", "denominator", "numerator_patients", "denominator_patients")
    counts = {row[name] for each in shelves for row in each.counts() for name in names}
    # no rounding gives them, nor does chance
    true = {count for count in counts if count > 1000 and count % 5}
    assert len(true) >= 4
    for place, text in everything.outside.items():
        assert not numbers(text) & true, place


def test_the_shelf_is_its_owners_alone(everything: Everything):
    high = [
        path
        for path in everything.folder.glob("*/*/highly_sensitive/**/*")
        if not path.is_symlink()
    ]
    assert {path.stat().st_mode & 0o777 for path in high if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in high if path.is_dir()} == {0o700}
