"""A run that is long enough to be disturbed, and what it gives if nobody does; the soak
comes last.
"""

import pytest

from tests.flows.commands import Command
from tests.flows.faults.runs import PERIODS, long_run
from tests.flows.shelves import Shelves

# the first is of our measuring tools, which no run needs
LATE = ("everything_is_measured", "soak")


@pytest.fixture(scope="session")
def whole(cohortflow: Command, tmp_path_factory: pytest.TempPathFactory) -> Shelves:
    """What the long run gives to which nothing happens."""
    workspace = tmp_path_factory.mktemp("whole")
    assert len(cohortflow(*long_run(workspace)).well().json["computed"]) == PERIODS
    return Shelves(workspace)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever takes a minute comes before what takes ten, so that a run with little
    time sees most.
    """
    items.sort(
        key=lambda item: next(
            (place for place, name in enumerate(LATE, 1) if name in item.name), 0
        )
    )
