"""Two studies in one workspace: each has its place, and neither takes the other's."""

import json
import shutil
from pathlib import Path

import pytest

from tests.flows.commands import Command, Result
from tests.flows.conftest import STUDIES
from tests.flows.records import write_records
from tests.flows.shelves import Shelves, contents

SMALL = ("--patients", 300)


@pytest.fixture
def apart(tmp_path: Path) -> tuple[Path, Path]:
    """Two repositories, each with a `measures.py` of its own."""
    made = []
    for folder, name in (("a", "weekly"), ("b", "pressure")):
        shutil.copytree(STUDIES, tmp_path / folder)
        made.append(
            (tmp_path / folder / f"{name}.py").rename(tmp_path / folder / "measures.py")
        )
    return made[0], made[1]


def refused(result: Result) -> str:
    assert result.code == 2 and not result.out, result.err
    (line,) = result.err.strip().splitlines()
    return line


def measures(shelves: Shelves) -> set[str]:
    return {row["measure"] for row in shelves.rows()}


@pytest.mark.slow
def test_a_second_definition_of_a_name_is_refused_before_anything_is_written(
    cohortflow: Command, apart: tuple[Path, Path], tmp_path: Path
):
    first, second = apart
    place = ("--workspace", tmp_path / "w")
    cohortflow("run", first, *SMALL, *place).well()
    before = contents(tmp_path / "w")
    asked = (
        ("run", *SMALL),
        ("plan",),
        ("check", *place),
        ("rerun", "--failed"),
        ("status",),
    )
    for command, *rest in asked:
        said = refused(cohortflow(command, second, *rest, *place))
        assert (
            f"That one is {first}, and this one {second}" in said
            and "--name NEW" in said
            and "--moved" in said
        )
    assert contents(tmp_path / "w") == before
    cohortflow("check", second, "--name", "second", *place).well()
    cohortflow("plan", second, "--moved", *place, *SMALL).well()
    assert contents(tmp_path / "w") == before, "who only looks, notes nothing"


@pytest.mark.slow
def test_a_name_gives_a_study_its_own_place(
    cohortflow: Command, apart: tuple[Path, Path], tmp_path: Path
):
    """`status` and `rerun` find each by its name, from whatever folder."""
    first, second = apart
    place = ("--workspace", tmp_path / "w")
    cohortflow("run", first, *SMALL, *place).well()
    cohortflow("run", second, "--name", "second", *SMALL, *place).well()
    assert measures(Shelves(tmp_path / "w", "measures")) == {"taken", "high_by_sex"}
    assert "readings_monthly" in measures(Shelves(tmp_path / "w", "second"))
    manifest = json.loads(
        (Shelves(tmp_path / "w", "second").release / "manifest.json").read_text(
            encoding="utf-8"
        )
    )
    assert manifest["study"] == "second"
    for name, periods in (("measures", 4), ("second", 8)):
        found = cohortflow("status", name, *place, "--json").well().json
        assert (found["study"], len(found["periods"])) == (name, periods)
        again = (
            cohortflow(
                "rerun",
                name,
                "--periods",
                found["periods"][0]["period"],
                *place,
                "--json",
            )
            .well()
            .json
        )
        assert again["computed"] == [found["periods"][0]["period"]]
    assert (
        cohortflow("status", second, *place, "--json").well().json["study"] == "second"
    )


@pytest.mark.slow
def test_a_definition_that_moved_goes_on(
    cohortflow: Command, apart: tuple[Path, Path], tmp_path: Path
):
    first, second = apart
    place = ("--workspace", tmp_path / "w")
    cohortflow("run", first, *SMALL, *place).well()
    shutil.copy(first, second)
    second.write_text(
        second.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8"
    )
    refused(cohortflow("run", second, *SMALL, *place))
    cohortflow("run", second, "--moved", *SMALL, *place).well()
    cohortflow("run", second, *SMALL, *place).well()
    assert str(first) not in (
        tmp_path / "w" / "measures" / "highly_sensitive" / "study.json"
    ).read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_trial_does_not_go_by_the_name_of_another_study_of_records(
    cohortflow: Command, apart: tuple[Path, Path], tmp_path: Path
):
    first, second = apart
    place = ("--workspace", tmp_path / "w")
    cohortflow(
        "run", first, "--records", write_records(tmp_path / "records"), *place
    ).well()
    before = contents(tmp_path / "w")
    assert "--name NEW" in refused(cohortflow("run", second, *SMALL, *place))
    refused(cohortflow("trial", second, "--to", tmp_path / "made-up", *SMALL, *place))
    assert contents(tmp_path / "w") == before and not (tmp_path / "made-up").exists()


@pytest.mark.slow
def test_one_key_for_all_studies_of_a_workspace(
    cohortflow: Command, apart: tuple[Path, Path], tmp_path: Path
):
    first, second = apart
    keys, records = tmp_path / "keys", write_records(tmp_path / "records")
    run = ("--records", records, "--workspace", tmp_path / "w")
    cohortflow("run", first, *run, COHORTFLOW_KEY_FILE=keys / "one" / "key").well()
    cohortflow(
        "run",
        first,
        "--records",
        records,
        "--workspace",
        tmp_path / "v",
        COHORTFLOW_KEY_FILE=keys / "two" / "key",
    )
    asked = ("run", second, "--name", "second", *run)
    found = cohortflow(*asked, COHORTFLOW_KEY_FILE=keys / "two" / "key")
    assert (
        found.code == 4
        and "ledger of measures in this workspace was written with the key" in found.err
    )
    found = cohortflow(*asked, COHORTFLOW_KEY_FILE=keys / "lost" / "key")
    assert found.code == 4 and "Put the old key back from the backup" in found.err
    assert (
        not (keys / "lost" / "key").exists()
        and not (tmp_path / "w" / "second" / "moderately_sensitive").exists()
    )
