"""The command `cohortflow` with one Prefect server for all tests here."""

from collections.abc import Iterator

import pytest

from tests.flows.commands import Command
from tests.lib.prefect_server import environment, prefect_server


@pytest.fixture(scope="session")
def cohortflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    with prefect_server(tmp_path_factory.mktemp("prefect")) as server:
        home = tmp_path_factory.mktemp("home")
        yield Command(environment(home) | {"PREFECT_API_URL": server.url})
