"""Damage to what lies in the workspace: the period that needs it fails, the next run makes it anew."""

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.flows.commands import Command
from tests.flows.damage import damage_column, damage_slice
from tests.flows.shelves import Shelves, days, read
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


def test_a_vanished_table_of_the_snapshot(cohortflow: Command, records: Path, whole_weeks: Shelves, copied: Shelves):
    copied.snapshot("clinical_events").unlink()
    shutil.rmtree(copied.high / "counts")
    arguments = ("run", STUDY, "--records", records, "--workspace", copied.workspace, "--json")
    failed = cohortflow(*arguments)
    assert failed.code == 3 and len(failed.json["failed"]) == 4 and "Traceback" not in failed.err
    assert all(reason.startswith(REASON) for reason in failed.json["failed"].values())
    assert len(cohortflow(*arguments).well().json["computed"]) == 4
    assert copied.released() == whole_weeks.released() and not copied.unfinished()


def test_records_that_change_between_two_runs(
    cohortflow: Command, records: Path, whole_weeks: Shelves, copied: Shelves, tmp_path: Path
):
    """What was released stays; what is counted is what a workspace without a past would count."""
    changed = shutil.copytree(records, tmp_path / "changed")
    path = changed / "clinical_events.parquet"
    table = pq.ParquetFile(path).read()
    pq.write_table(table.slice(0, len(table) // 2), path)
    arguments = (STUDY, "--records", changed, "--workspace", copied.workspace, "--json")
    plan = cohortflow("plan", *arguments).well().json["periods"]
    assert [(period["runs"], period["why"]) for period in plan] == [(True, "new records")] * 4
    assert len(cohortflow("run", *arguments).well().json["computed"]) == 4
    cohortflow("run", STUDY, "--records", changed, "--workspace", tmp_path / "new").well()
    new = Shelves(tmp_path / "new", "weekly")
    assert latest(copied, "counts") == {period: read(path) for period, path in new.results("counts").items()}
    again = cohortflow("plan", STUDY, "--records", records, *arguments[3:]).well().json["periods"]
    assert not any(period["runs"] for period in again), "what was made of the records before is still there"


def latest(shelves: Shelves, shelf: str) -> dict[str, pa.Table]:
    """The tables that came last, where there are those of several records."""
    paths = sorted((shelves.high / shelf).glob("*/period=*.parquet"), key=lambda path: path.stat().st_mtime_ns)
    return {path.stem.removeprefix("period="): read(path) for path in paths}
