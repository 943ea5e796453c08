"""Damage to what lies in the workspace: the period that needs it fails, the next run makes it anew."""

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.flows.commands import Command
from tests.flows.damage import damage_batch, damage_column
from tests.flows.shelves import Shelves, read
from tests.flows.story import BROKEN, PERIODS, STUDY

pytestmark = pytest.mark.slow


@pytest.fixture
def copied(whole_weeks: Shelves, tmp_path: Path) -> Shelves:
    """A finished workspace to damage."""
    shutil.copytree(whole_weeks.workspace, tmp_path / "copy")
    return Shelves(tmp_path / "copy", "weekly")


def test_a_damaged_static_table_is_made_anew(cohortflow: Command, records: Path, whole_weeks: Shelves, copied: Shelves):
    (static,) = copied.high.glob("static/*/static-0000.parquet")
    damage_column(static, pq.read_schema(static).names[-1])
    for shelf in ("timelines", "counts"):
        shutil.rmtree(copied.high / shelf)
    arguments = ("run", STUDY, "--records", records, "--workspace", copied.workspace)
    assert cohortflow(*arguments).code == 1
    cohortflow(*arguments).well()
    assert copied.released() == whole_weeks.released()


def test_a_damaged_snapshot_of_which_no_static_table_can_be_made(
    cohortflow: Command, records: Path, whole_weeks: Shelves, copied: Shelves
):
    damage_column(copied.snapshot("patients"), "sex")
    for shelf in ("static", "timelines", "counts"):
        shutil.rmtree(copied.high / shelf)
    arguments = ("run", STUDY, "--records", records, "--workspace", copied.workspace)
    failed = cohortflow(*arguments)
    assert (failed.code, failed.out) == (1, "") and "cohortflow: DuckDB could not do it" in failed.err
    assert "Traceback" not in failed.err
    cohortflow(*arguments).well()
    assert copied.released() == whole_weeks.released()


def test_a_forced_period_whose_rows_are_damaged(cohortflow: Command, whole_weeks: Shelves, copied: Shelves):
    damage_batch(copied.touched(), PERIODS.index(BROKEN))
    arguments = ("rerun", STUDY, "--periods", BROKEN, "--workspace", copied.workspace)
    cohortflow(*arguments).well()
    assert copied.released() == whole_weeks.released()
    assert copied.tables("cohorts") == whole_weeks.tables("cohorts")
    damage_batch(copied.touched(), PERIODS.index(BROKEN))
    damage_column(copied.snapshot("clinical_events"), "date")
    assert cohortflow(*arguments).code == 1
    assert copied.released() == whole_weeks.released()
    cohortflow(*arguments).well()
    assert copied.released() == whole_weeks.released()


def test_a_vanished_table_of_the_snapshot(cohortflow: Command, records: Path, whole_weeks: Shelves, copied: Shelves):
    copied.snapshot("clinical_events").unlink()
    for shelf in ("timelines", "counts"):
        shutil.rmtree(copied.high / shelf)
    arguments = ("run", STUDY, "--records", records, "--workspace", copied.workspace, "--json")
    failed = cohortflow(*arguments)
    assert failed.code == 1 and "DuckDB could not do it" in failed.err and "Traceback" not in failed.err
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
