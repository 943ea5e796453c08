"""A server of several studies, whose Prefect keeps its runs in a PostgreSQL of the
server's own.
"""

import os
import signal
import stat
import time
import urllib.error
from pathlib import Path

import pytest

from tests.flows.conftest import STUDY
from tests.lib.postgres_server import LONGEST, NO_SERVER, programs
from tests.lib.served import Served, served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(programs() is None, reason=NO_SERVER),
    pytest.mark.skipif(os.geteuid() == 0, reason="PostgreSQL does not run as root"),
]
TWO = f"{STUDY},another={STUDY}"
AT_ONCE = 2
MONTH = {"from_date": "2021-06-01"}


def postmaster(server: Served) -> int:
    """The number of PostgreSQL's first process."""
    lines = (
        (server.home / "postgres" / "data" / "postmaster.pid")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    return int(lines[0])


def wait_for_answers(server: Served) -> None:
    """Until Prefect's server has its database again."""
    end = time.monotonic() + LONGEST
    while True:
        try:
            server.prefect.ask("flow_runs/count", {})
            return
        except urllib.error.HTTPError as error:
            error.close()
        assert time.monotonic() < end, "the database does not come back"
        time.sleep(0.3)


def test_runs_of_several_studies_are_kept_whatever_becomes_of_it(tmp_path: Path):
    """Asked for at once, they all end well; a database that crashes knows of them when
    it is back.
    """
    settings = {
        "COHORTFLOW_STUDIES": TWO,
        "COHORTFLOW_PATIENTS": 300,
        "COHORTFLOW_POLICY": "none",
    }
    with served(tmp_path, **settings, PGHOST="records.example", PGPORT=1) as server:
        assert not (server.home / "prefect" / "prefect.db").exists()
        socket = server.home / "postgres" / ".s.PGSQL.5432"
        assert (
            stat.S_ISSOCK(socket.stat().st_mode)
            and not stat.S_IMODE(socket.stat().st_mode) & 0o077
        )
        copies = [f"copy{number}" for number in range(AT_ONCE)]
        runs = [
            server.prefect.start("ad-hoc", {**MONTH, "name": copy}) for copy in copies
        ]
        assert [server.prefect.ended(run)["state_type"] for run in runs] == [
            "COMPLETED"
        ] * AT_ONCE
        os.kill(postmaster(server), signal.SIGKILL)
        server.wait_for("database ended (signal SIGKILL); it starts again in 1 s")
        wait_for_answers(server)
        assert server.prefect.ended(runs[0])["state_type"] == "COMPLETED"
        after = server.prefect.start("ad-hoc", {**MONTH, "name": "after"})
        assert server.prefect.ended(after)["state_type"] == "COMPLETED"
        assert server.stop() == 0
        assert not socket.exists()
