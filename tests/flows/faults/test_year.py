"""Six weeks of a server's life: what `python -m tests.benchmarks.year` plays for a
whole year.
"""

from pathlib import Path

import pytest

from tests.flows.commands import Command
from tests.flows.faults.small_disk import small_disk
from tests.flows.year.ending import check
from tests.flows.year.life import SIX_WEEKS, Life
from tests.flows.year.loads import Loads
from tests.lib.prefect_server import environment, restartable_server

pytestmark = pytest.mark.slow


def test_six_weeks(tmp_path: Path):
    with (
        restartable_server(tmp_path / "prefect") as server,
        small_disk(tmp_path / "disk") as disk,
    ):
        command = Command(
            environment(tmp_path / "home") | {"PREFECT_API_URL": server.url}
        )
        life = Life(tmp_path, Loads(6, 2000), command, server, disk)
        life.live(SIX_WEEKS, print)
        assert life.seen.befell == list(SIX_WEEKS.values())
        assert life.seen.revised > 0
        check(life)
