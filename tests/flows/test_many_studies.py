"""A server of many studies at once: every run ends well, on a PostgreSQL of the server's
own.
"""

import os
from pathlib import Path

import pytest

from tests.flows.many import LOCKED, play
from tests.lib.postgres_server import NO_SERVER, programs

STUDIES, AT_ONCE = 12, 5  # sixty are a benchmark (tests/benchmarks/many_studies.py)


@pytest.mark.slow
@pytest.mark.skipif(programs() is None, reason=NO_SERVER)
@pytest.mark.skipif(os.geteuid() == 0, reason="PostgreSQL does not run as root")
def test_many_studies_at_once_all_end_well(tmp_path: Path):
    seen = play(tmp_path, STUDIES, AT_ONCE)
    assert seen.bad == {} and seen.unreleased == []
    assert LOCKED not in seen.said
    assert seen.restarts == 0 and seen.same_runner
    assert set(seen.asked.values()) == {"COMPLETED"}, "prefect deployment run"
