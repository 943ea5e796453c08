"""Damage to what lies in the workspace: a run notices it, or fails on it, and the next
one makes it anew.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.flows.commands import Command
from tests.flows.damage import damage_batch, damage_column
from tests.flows.faults.runs import FAILS, alike, same
from tests.flows.shelves import Shelves
from tests.flows.story import BROKEN, PERIODS, STUDY

pytestmark = pytest.mark.slow
# each of those before it
MADE = ("snapshots", "static", "timelines", "cohorts", "counts")


@pytest.fixture
def copied(whole_weeks: Shelves, tmp_path: Path) -> Shelves:
    """A finished workspace to damage."""
    shutil.copytree(whole_weeks.workspace, tmp_path / "copy")
    return Shelves(tmp_path / "copy", "weekly")


def _static(shelves: Shelves) -> None:
    (static, *_) = shelves.high.glob("static/*/*.parquet")
    damage_column(static, pq.read_schema(static).names[-1])


def _timelines(shelves: Shelves) -> None:
    for path in shelves.high.glob("timelines/*/*.arrow"):
        path.write_bytes(b"\xff" * path.stat().st_size)


# What is damaged, and the last shelf that is still there; all that was made of it is
# gone.
DAMAGES: dict[str, tuple[str, Callable[[Shelves], None]]] = {
    "a column of the snapshot": ("snapshots", lambda s: damage_column(s.snapshot("patients"), "sex")),
    "events of the snapshot": (
        "static", lambda s: damage_column(s.snapshot("clinical_events"), "date"),
    ),
    "a vanished table of the snapshot": ("static", lambda s: s.snapshot("clinical_events").unlink()),
    "the static table": ("static", _static),
    "all that is known of all periods": (
        "timelines", _timelines,
    ),
}  # fmt: skip


# What every run looks at: that files are there, and have their ends.
NOTICED = (
    "a vanished table of the snapshot",
    "the static table",
    "all that is known of all periods",
)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_made_good(
    cohortflow: Command,
    records: Path,
    whole_weeks: Shelves,
    copied: Shelves,
    damage: str,
):
    last, happen = DAMAGES[damage]
    happen(copied)
    for shelf in MADE[MADE.index(last) + 1 :]:
        shutil.rmtree(copied.high / shelf)
    arguments = ("run", STUDY, "--records", records, "--workspace", copied.workspace)
    failed = cohortflow(*arguments)
    if damage in NOTICED:
        assert failed.well() and same(copied, whole_weeks)
        return
    assert failed.code in FAILS and "Traceback" not in failed.err, failed
    assert (
        "DuckDB could not do it" in failed.out + failed.err
        or "unexpected" in failed.out + failed.err
    )
    assert copied.released() == whole_weeks.released(), "the release before stays"
    assert not copied.unfinished()
    cohortflow(*arguments).well()
    assert same(copied, whole_weeks)


def test_a_forced_period_whose_rows_are_damaged(
    cohortflow: Command, whole_weeks: Shelves, copied: Shelves
):
    damage_batch(copied.touched(), PERIODS.index(BROKEN))
    arguments = ("rerun", STUDY, "--periods", BROKEN, "--workspace", copied.workspace)
    cohortflow(*arguments).well()
    assert same(copied, whole_weeks)
    damage_batch(copied.touched(), PERIODS.index(BROKEN))
    damage_column(copied.snapshot("clinical_events"), "date")
    assert cohortflow(*arguments).code == 1
    assert copied.released() == whole_weeks.released() and not copied.unfinished()
    cohortflow(*arguments).well()
    assert same(copied, whole_weeks)


def test_records_that_change_between_two_runs(
    cohortflow: Command,
    records: Path,
    whole_weeks: Shelves,
    copied: Shelves,
    tmp_path: Path,
):
    """What was released stays; what is counted is what a workspace without a past would
    count.
    """
    changed = shutil.copytree(records, tmp_path / "changed")
    path = changed / "clinical_events.parquet"
    table = pq.ParquetFile(path).read()
    pq.write_table(table.slice(0, len(table) // 2), path)  # so two weeks have none
    arguments = (STUDY, "--records", changed, "--workspace", copied.workspace, "--json")
    plan = cohortflow("plan", *arguments).well().json["periods"]
    assert [(period["runs"], period["why"]) for period in plan] == [
        (True, "new records")
    ] * 4
    assert len(cohortflow("run", *arguments).well().json["computed"]) == 4
    cohortflow(
        "run", STUDY, "--records", changed, "--workspace", tmp_path / "new"
    ).well()
    new = Shelves(tmp_path / "new", "weekly")
    for shelf in ("cohorts", "counts"):
        alike(latest(copied, shelf), new.results(shelf), shelf)
    assert not copied.unfinished()
    assert copied.released()["measures.csv"] == whole_weeks.released()["measures.csv"]
    again = (
        cohortflow("plan", STUDY, "--records", records, *arguments[3:])
        .well()
        .json["periods"]
    )
    assert not any(period["runs"] for period in again), (
        "what was made of the records before is still there"
    )


def latest(shelves: Shelves, shelf: str) -> dict[str, Path]:
    """The files that came last, where there are those of several records."""
    paths = sorted(
        (shelves.high / shelf).glob("*/period=*.parquet"),
        key=lambda path: path.stat().st_mtime_ns,
    )
    return {path.stem.removeprefix("period="): path for path in paths}
