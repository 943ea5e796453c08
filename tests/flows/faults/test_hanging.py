"""A period that takes for ever: interrupted, tried again, then failed with a reason; the others are not held up."""

import os
import time
from pathlib import Path

import pytest

from extractors.engine import Engine
from extractors.errors import InterruptedRun
from flows.cluster import ALONE, DIED
from flows.limits import limited
from tests.flows.commands import Command
from tests.flows.faults.runs import same
from tests.flows.shelves import Shelves
from tests.flows.story import BROKEN
from tests.flows.story import STUDY as WEEKLY

ENDLESS = "SELECT count(*) FROM range(1000000) AS a, range(1000000) AS b, range(1000000) AS c WHERE a.range <> b.range"
# Python runs this file in every process: periods do not end while a file called `slow` is beside it. Who calls is
# found on the stack, so that steps, which have no limit, are as ever.
SLOWLY = f'''
import pathlib, sys
from extractors.engine import Engine
SLOW = pathlib.Path(__file__).with_name("slow")
def slowed(method):
    def slow(self, *arguments, **named):
        frame = sys._getframe()
        while frame and frame.f_code.co_name != "limited":
            frame = frame.f_back
        if frame and SLOW.exists() and {BROKEN.split("..", maxsplit=1)[0]!r} in frame.f_locals["what"]:
            method(self, "{ENDLESS}")
        return method(self, *arguments, **named)
    return slow
Engine.execute, Engine.arrow = slowed(Engine.execute), slowed(Engine.arrow)
'''


def test_a_query_is_interrupted():
    def endless() -> None:
        with Engine() as engine:
            engine.execute(ENDLESS)

    started = time.monotonic()
    with pytest.raises(InterruptedRun, match=r"^x took longer than 1 s \(COHORTFLOW_PERIOD_SECONDS\)\.$"):
        limited(1, "x", endless)
    assert time.monotonic() - started < 60


def test_what_ends_in_time_is_left_alone():
    assert limited(3600, "x", divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        limited(3600, "x", divmod, 7, 0)


@pytest.mark.slow
def test_it_is_tried_again_then_failed(cohortflow: Command, records: Path, whole_weeks: Shelves, tmp_path: Path):
    (tmp_path / "sitecustomize.py").write_text(SLOWLY)
    (tmp_path / "slow").touch()
    shelves = Shelves(tmp_path / "w", "weekly")
    patched = Command(cohortflow.environment | {"PYTHONPATH": str(tmp_path)})
    result = patched(
        "run", WEEKLY, "--records", records, "--workspace", shelves.workspace, "--json", COHORTFLOW_PERIOD_SECONDS=2
    )
    assert result.code == 3, result.err
    (failed,) = [period for period in result.json["periods"] if period["state"] != "done"]
    assert (failed["period"], failed["attempts"]) == (BROKEN, 3)
    assert failed["reason"] == f"{BROKEN} took longer than 2 s (COHORTFLOW_PERIOD_SECONDS)."
    assert not shelves.unfinished()
    (tmp_path / "slow").unlink()
    rerun = patched("rerun", WEEKLY, "--failed", "--workspace", shelves.workspace, "--json").well()
    assert rerun.json["computed"] == [BROKEN]
    assert same(shelves, whole_weeks)


@pytest.mark.slow
def test_what_cannot_be_interrupted(cohortflow: Command, tmp_path: Path, whole_weeks: Shelves, records: Path):
    """A file that is never given out, as on a network disk whose server is away: its workers are ended."""
    shelves = Shelves(tmp_path, "weekly")
    run = ("run", WEEKLY, "--records", records, "--workspace", tmp_path, "--json")
    cohortflow(*run, "--periods", BROKEN).well()
    snapshot = shelves.snapshot("clinical_events")
    content = snapshot.read_bytes()
    snapshot.unlink()
    os.mkfifo(snapshot)
    result = cohortflow(*run, COHORTFLOW_PERIOD_SECONDS=2)
    assert result.code == 3, result.err
    # the latter where nannies do not come round to replace them, on a busy machine
    assert all(reason.endswith((DIED, ALONE)) for reason in result.json["failed"].values())
    assert len(result.json["failed"]) == 3
    snapshot.unlink()
    snapshot.write_bytes(content)
    again = cohortflow(*run).well()
    assert len(again.json["computed"]) == 3
    assert shelves.tables("cohorts") == whole_weeks.tables("cohorts")
