"""A run of some periods leaves those in the release that were released before."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared
from tests.flows.records import WEEKS
from tests.flows.story import PERIODS
from tests.lib.places import WEEKLY_STUDY

TRIAL, REAL = "trial", "tables"


def asked(workspace: Path, **wishes: object) -> Prepared:
    wish = {"first": str(WEEKS[2])} | wishes
    return prepare(Options(str(WEEKLY_STUDY), workspace=str(workspace), **wish))  # type: ignore[arg-type]


def released(workspace: Path, periods: list[str] | None, kind: str = TRIAL) -> Path:
    """A release of some periods; None: of a version whose manifest does not name
    them.
    """
    folder = workspace / "weekly" / "moderately_sensitive"
    folder.mkdir(parents=True)
    told = {"records": {"kind": kind}, "periods": 2}
    named = {} if periods is None else {"released": periods}
    (folder / "manifest.json").write_text(json.dumps(told | named), encoding="utf-8")
    return folder


def test_without_a_release_there_is_what_was_asked_for(tmp_path: Path):
    assert list(asked(tmp_path).jobs) == PERIODS[2:]


def test_periods_released_before_stay(tmp_path: Path):
    released(tmp_path, PERIODS[:1] + PERIODS[3:])
    assert list(asked(tmp_path).jobs) == PERIODS[:1] + PERIODS[2:]


def test_they_leave_it_if_that_is_asked_for(tmp_path: Path):
    released(tmp_path, PERIODS)
    assert list(asked(tmp_path, only_these=True).jobs) == PERIODS[2:]


def test_periods_that_the_study_has_no_more_stay_away(tmp_path: Path):
    released(tmp_path, ["1999-01-04..1999-01-10"])
    assert list(asked(tmp_path).jobs) == PERIODS[2:]


def test_made_up_and_real_records_have_nothing_to_do_with_each_other(tmp_path: Path):
    released(tmp_path, PERIODS, kind=REAL)
    assert list(asked(tmp_path).jobs) == PERIODS[2:]


@pytest.mark.parametrize(
    "wish", [{"complete_by": str(WEEKS[1])}, {"periods": (PERIODS[0],)}]
)
def test_however_periods_are_chosen(tmp_path: Path, wish: dict[str, object]):
    released(tmp_path, PERIODS[2:])
    assert (
        list(asked(tmp_path, **{"first": "", **wish}).jobs) == PERIODS[:1] + PERIODS[2:]
    )


def test_release_of_an_older_version_has_its_periods_in_its_rows(tmp_path: Path):
    folder = released(tmp_path, None)
    starts = pa.array(WEEKS[:2] * 2, pa.date32())
    ends = pa.array(
        [monday.replace(day=monday.day + 6) for monday in WEEKS[:2]] * 2, pa.date32()
    )
    pq.write_table(
        pa.table({"interval_start": starts, "interval_end": ends}),
        folder / "measures.parquet",
    )
    assert list(asked(tmp_path, first=str(WEEKS[3])).jobs) == PERIODS[:2] + PERIODS[3:]
