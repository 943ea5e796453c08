"""Damage to what lies in the workspace: the period that needs it fails, the next run makes it anew."""

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.flows.commands import Command
from tests.flows.damage import damage_column, damage_slice
from tests.flows.shelves import Shelves, days
from tests.flows.story import BROKEN, REASON, STUDY

pytestmark = pytest.mark.slow


@pytest.fixture
def copied(whole_weeks: Shelves, tmp_path: Path) -> Shelves:
    """A finished workspace to damage."""
    shutil.copytree(whole_weeks.workspace, tmp_path / "copy")
    return Shelves(tmp_path / "copy", "weekly")


def test_a_damaged_static_table_is_made_anew(cohortflow: Command, records: Path, whole_weeks: Shelves, copied: Shelves):
    (static,) = copied.high.glob("static/*/static.parquet")
    damage_column(static, pq.read_schema(static).names[-1])
    shutil.rmtree(copied.high / "counts")
    failed = cohortflow("run", STUDY, "--records", records, "--workspace", copied.workspace)
    assert failed.code == 3 and "0 of 4 periods done" in failed.out
    cohortflow("rerun", STUDY, "--failed", "--workspace", copied.workspace).well()
    assert copied.released() == whole_weeks.released()


def test_a_damaged_snapshot_of_which_no_static_table_can_be_made(
    cohortflow: Command, records: Path, whole_weeks: Shelves, copied: Shelves
):
    damage_column(copied.snapshot("patients"), "sex")
    for shelf in ("static", "counts"):
        shutil.rmtree(copied.high / shelf)
    arguments = ("run", STUDY, "--records", records, "--workspace", copied.workspace)
    failed = cohortflow(*arguments)
    assert (failed.code, failed.out) == (1, "") and f"cohortflow: {REASON}" in failed.err
    assert "Traceback" not in failed.err
    cohortflow(*arguments).well()
    assert copied.released() == whole_weeks.released()


def test_a_forced_period_that_fails_is_not_called_done(cohortflow: Command, whole_weeks: Shelves, copied: Shelves):
    damage_slice(copied.snapshot("clinical_events"), "date", days(BROKEN))
    forced = cohortflow("rerun", STUDY, "--periods", BROKEN, "--workspace", copied.workspace)
    assert forced.code == 3 and f"Failed: {BROKEN}" in forced.out
    assert copied.released() == whole_weeks.released()
    cohortflow("rerun", STUDY, "--failed", "--workspace", copied.workspace).well()
    assert copied.released() == whole_weeks.released()
