"""What every test may lean on: the shared data beside the checkout, and how hard
Hypothesis tries.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

CHECKOUT = Path(__file__).resolve().parents[1]
# folders whose tests share servers and whole runs
SHARING = ("tests/flows/", "tests/integration/")

# `ci` draws the same examples every time, so that a red run is red for a reason in the
# change.
settings.register_profile(
    "ci", deadline=None, derandomize=True, max_examples=100, database=None
)
# `long` looks for what nobody has seen; a failure prints the line that repeats it.
settings.register_profile(
    "long",
    deadline=None,
    max_examples=int(os.environ.get("COHORTFLOW_EXAMPLES", "2000")),
    database=None,
    print_blob=True,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of data that is too large or not ours to ship; without it the test is
    skipped.
    """
    folder = Path(
        os.environ.get("COHORTFLOW_SHARED_DATA", CHECKOUT.parent / "shared" / "data")
    )
    if not folder.is_dir():
        pytest.skip(
            "no ../shared/data beside the checkout, and COHORTFLOW_SHARED_DATA names "
            "no folder"
        )
    return folder


@pytest.fixture(autouse=True)
def same_umask() -> Iterator[None]:
    """A test that leaves another umask than it found fails, rather than the one whose
    folders get other modes for it.
    """
    before = os.umask(0o022)
    os.umask(before)
    yield
    after = os.umask(before)
    assert after == before, f"the umask was {before:03o}, and the test left {after:03o}"


class Shares(LoadScopeScheduling):
    """Which tests of a session on several cores stay together: what shares servers,
    else a file.
    """

    def _split_scope(self, nodeid: str) -> str:
        folder = next((folder for folder in SHARING if nodeid.startswith(folder)), None)
        return folder or nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Shares:
    return Shares(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--reached",
        metavar="FILE",
        help="note how many tests there are, and a dot for each that ended",
    )


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin the note of `--reached`; on several cores nobody has all tests, and there
    is none.
    """
    if (
        (path := session.config.getoption("reached"))
        and session.items
        and not _is_worker(session.config)
    ):
        Path(path).write_text(f"{len(session.items)}\n", encoding="utf-8")
        session.config.pluginmanager.register(Reached(Path(path)))


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


class Reached:
    """A note that outlives a session which is killed."""

    def __init__(self, path: Path):
        self.path = path

    def pytest_runtest_logfinish(self) -> None:
        with self.path.open("a", encoding="utf-8") as note:
            note.write(".")
