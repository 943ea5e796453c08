"""One real Prefect server for all tests here, and runs that several of them look at."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.flows.commands import Command, Result
from tests.flows.records import spoil, write_records
from tests.flows.shelves import Shelves
from tests.flows.story import Story, tell
from tests.lib.prefect_server import Server, environment, prefect_server

STUDIES = Path(__file__).parent / "study"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with prefect_server(tmp_path_factory.mktemp("prefect")) as server:
        yield server


@pytest.fixture(scope="session")
def cohortflow(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Command]:
    """The command, with the tests' server."""
    command = Command(
        environment(tmp_path_factory.mktemp("home")) | {"PREFECT_API_URL": server.url}
    )
    yield command
    command.end()


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
def undisturbed(
    cohortflow: Command, tmp_path_factory: pytest.TempPathFactory
) -> Undisturbed:
    workspace = tmp_path_factory.mktemp("undisturbed")
    result = cohortflow(
        "run", STUDY, *PATIENTS, "--workspace", workspace, "--json"
    ).well()
    return Undisturbed(result, Shelves(workspace))


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tables for the study `weekly`; nobody changes it."""
    return write_records(tmp_path_factory.mktemp("records") / "tables")


@pytest.fixture(scope="session")
def whole_weeks(
    cohortflow: Command, records: Path, tmp_path_factory: pytest.TempPathFactory
) -> Shelves:
    """What the study `weekly` gives if nothing happens."""
    workspace = tmp_path_factory.mktemp("whole")
    cohortflow(
        "run", STUDIES / "weekly.py", "--records", records, "--workspace", workspace
    ).well()
    return Shelves(workspace, "weekly")


@pytest.fixture(scope="session")
def story(
    cohortflow: Command, records: Path, tmp_path_factory: pytest.TempPathFactory
) -> Story:
    return tell(
        cohortflow, records, tmp_path_factory.mktemp("story") / "a [bold] work space"
    )


@pytest.fixture(scope="session")
def dirty(cohortflow: Command, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A run on records with a value that is refused."""
    folder = tmp_path_factory.mktemp("dirty")
    spoil(write_records(folder / "records"))
    return cohortflow(
        "run",
        STUDIES / "weekly.py",
        "--records",
        folder / "records",
        "--workspace",
        folder / "w",
    )
