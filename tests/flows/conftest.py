"""One real Prefect server for all tests here, and runs that several of them look at."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.flows.commands import LONGEST, Command, Result
from tests.flows.records import spoil, write_records
from tests.flows.shelves import Shelves
from tests.flows.story import Story, tell
from tests.lib.prefect_server import environment

STUDIES = Path(__file__).parent / "study"


@dataclass(frozen=True)
class Server:
    url: str
    home: Path

    @property
    def database(self) -> bytes:
        """All bytes of its database, also what is not merged into it yet."""
        return b"".join(path.read_bytes() for path in sorted(self.home.glob("prefect.db*")))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home, port = tmp_path_factory.mktemp("prefect"), _free_port()
    url = f"http://127.0.0.1:{port}/api"
    command = [str(Path(sys.executable).with_name("prefect")), "server", "start", "--host", "127.0.0.1"]
    with (home / "server.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port)], env=environment(home), stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait_for(f"{url}/health", process)
            yield Server(url, home)
        finally:
            process.terminate()
            process.wait(LONGEST)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(url: str, process: subprocess.Popen) -> None:
    end = time.monotonic() + LONGEST
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("Prefect's server does not start")


@pytest.fixture(scope="session")
def cohortflow(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """The command, with the tests' server."""
    return Command(environment(tmp_path_factory.mktemp("home")) | {"PREFECT_API_URL": server.url})


@pytest.fixture
def studies(tmp_path: Path) -> Path:
    """A copy of the studies for a test that changes them."""
    return shutil.copytree(STUDIES, tmp_path / "studies")


PATIENTS = ("--patients", 1500)
STUDY = STUDIES / "pressure.py"


@dataclass(frozen=True)
class Undisturbed:
    """A run that nothing happened to."""

    result: Result
    shelves: Shelves


@pytest.fixture(scope="session")
def undisturbed(cohortflow: Command, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    workspace = tmp_path_factory.mktemp("undisturbed")
    result = cohortflow("run", STUDY, *PATIENTS, "--workspace", workspace, "--json").well()
    return Undisturbed(result, Shelves(workspace))


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tables for the study `weekly`; nobody changes it."""
    return write_records(tmp_path_factory.mktemp("records") / "tables")


@pytest.fixture(scope="session")
def story(cohortflow: Command, records: Path, tmp_path_factory: pytest.TempPathFactory) -> Story:
    return tell(cohortflow, records, tmp_path_factory.mktemp("story") / "a [bold] work space")


@pytest.fixture(scope="session")
def dirty(cohortflow: Command, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A run on records with a value that is refused."""
    folder = tmp_path_factory.mktemp("dirty")
    spoil(write_records(folder / "records"))
    return cohortflow("run", STUDIES / "weekly.py", "--records", folder / "records", "--workspace", folder / "w")
