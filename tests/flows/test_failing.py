"""A period that cannot be made: the others are, it is named, and its rerun makes it
good.
"""

import json
from pathlib import Path

from tests.flows.shelves import HISTORY, Shelves
from tests.flows.story import BROKEN, PERIODS, REASON, STUDY, Story, printed_command


def test_a_run_of_one_period_releases_that_period(story: Story):
    assert "1 of 1 periods done, 1 of them now" in story.first.out
    lines = story.release["measures.csv"].decode().splitlines()[1:]
    assert lines and {"..".join(line.split(",")[1:3]) for line in lines} == {PERIODS[3]}


def test_the_run_names_the_period_and_why(story: Story):
    assert story.failed.code == 3
    assert (
        f"Failed: {BROKEN}: {REASON}" in story.failed.out
        and story.failed.out.count("Failed:") == 1
    )
    assert "3 of 4 periods done, 2 of them now" in story.failed.out
    assert "Traceback" not in story.failed.err and "1 failed" in story.failed.err


def test_nothing_is_released_and_the_release_before_stays(story: Story):
    assert "Nothing was released" in story.failed.out
    assert (
        story.released == story.release
        and PERIODS[3][:10] in story.release["measures.csv"].decode()
    )


def test_the_command_to_run_it_again_is_printed(story: Story):
    workspace = str(story.shelves.workspace)
    assert printed_command(story.failed) == [
        "cohortflow",
        "rerun",
        str(STUDY),
        "--failed",
        "--workspace",
        workspace,
    ]


def test_status_shows_every_period(story: Story):
    periods = story.status.well().json["periods"]
    assert [period["period"] for period in periods] == PERIODS
    assert [period["state"] for period in periods] == ["done", "failed", "done", "done"]
    assert [period["attempts"] for period in periods] == [1, 1, 1, 1]
    assert [period["reason"].startswith(REASON) for period in periods] == [
        False,
        True,
        False,
        False,
    ]
    assert [
        (period["interval_start"], period["interval_end"]) for period in periods
    ] == [tuple(period.split("..")) for period in PERIODS]
    assert story.status.json["release"]["folder"] == "weekly/moderately_sensitive"


def test_paths_of_status_are_relative_to_the_workspace(story: Story):
    for period in story.status.json["periods"]:
        assert (
            not Path(period["cohort"]).is_absolute()
            and not Path(period["counts"]).is_absolute()
        )
        # by now the failed one is there too
        assert (story.shelves.workspace / period["cohort"]).is_file()
        assert (story.shelves.workspace / period["counts"]).is_file()


def test_status_is_a_grid_for_people(story: Story):
    assert "Weeks: 3 done, 1 failed" in story.printed.well().out
    assert "■✗■■  from 2020-03-02" in story.printed.out
    assert f"failed {BROKEN} after 1 attempts: {REASON}" in " ".join(
        story.printed.out.split()
    )


def test_plan_says_that_it_failed_before(story: Story):
    runs = {
        period["period"]: period["why"]
        for period in story.plan.well().json["periods"]
        if period["runs"]
    }
    assert list(runs) == [BROKEN] and runs[BROKEN].startswith(
        f"failed before: {REASON}"
    )


def test_the_rerun_makes_just_that_period(story: Story, whole_weeks: Shelves):
    assert story.rerun.well().json["computed"] == [BROKEN]
    stamps = story.shelves.stamps()
    assert {path: stamps[path] for path in story.stamps} == story.stamps and len(
        stamps
    ) == len(story.stamps) + 2
    assert _but_for_history(story.shelves) == _but_for_history(whole_weeks)
    assert story.shelves.tables("cohorts") == whole_weeks.tables("cohorts")


def _but_for_history(shelves: Shelves) -> dict[str, object]:
    """A release, but for what its manifest says of the releases before it: here one
    period had been released alone.
    """
    files: dict[str, object] = dict(shelves.numbers())
    manifest = json.loads(shelves.released()["manifest.json"])
    del manifest["disclosure"]["ledger"]
    manifest["files"] = {
        name: each for name, each in manifest["files"].items() if name not in HISTORY
    }
    return {**files, "manifest.json": manifest}
