"""A dataset without servers: what it makes is what a cluster makes, and Ctrl-C, limits
and faults are told as ever.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.flows.commands import Command
from tests.flows.test_stopping import running
from tests.lib.prefect_server import environment

STUDY = """
from ehrql import create_dataset, days
from ehrql.tables.core import clinical_events, patients
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
dataset.sex = patients.sex
dataset.last = clinical_events.sort_by(clinical_events.date).last_for_patient().date
for number in range(40):
    early = clinical_events.where(clinical_events.date < dataset.last - days(number))
    dataset.add_column(f"n{number}", early.count_for_patient())
    dataset.add_column(f"d{number}", early.sort_by(early.date).first_for_patient().date)
"""
RUN_PATIENTS = ("--patients", 700)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "rows.py").write_text(STUDY, encoding="utf-8")
    return tmp_path / "rows.py"


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Command]:
    """The command where no server is named."""
    settings = {
        name: value
        for name, value in environment(tmp_path / "home").items()
        if name != "PREFECT_API_URL"
    }
    command = Command(settings)
    yield command
    command.end()


def rows_of(workspace: Path) -> bytes:
    (file,) = workspace.glob("rows/highly_sensitive/datasets/*/dataset.parquet")
    return file.read_bytes()


@pytest.mark.slow
def test_the_rows_are_those_of_a_cluster(
    alone: Command, cohortflow: Command, study: Path, tmp_path: Path
):
    told = []
    for name, command in (("here", alone), ("there", cohortflow)):
        ran = (
            command(
                "run", study, *RUN_PATIENTS, "--workspace", tmp_path / name, "--json"
            )
            .well()
            .json
        )
        told.append(
            {
                key: value
                for key, value in ran.items()
                if key not in ("seconds", "options")
            }
        )
    assert rows_of(tmp_path / "here") == rows_of(tmp_path / "there")
    assert told[0] == told[1]


def test_no_process_and_no_database_of_a_server(
    alone: Command, study: Path, tmp_path: Path
):
    with alone.start(
        "run", study, *RUN_PATIENTS, "--workspace", tmp_path / "w"
    ) as process:
        seen: set[str] = set()
        while process.poll() is None:
            seen |= {
                word for child in _children(process.pid) for word in _command_of(child)
            }
            time.sleep(0.01)
    assert process.returncode == 0
    assert not any("prefect" in word or "spawn_main" in word for word in seen), seen
    assert not list((tmp_path / "home").rglob("*.db"))


def _children(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _command_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@pytest.mark.slow
def test_a_named_server_hears_of_a_dataset(
    cohortflow: Command, study: Path, tmp_path: Path
):
    with cohortflow.start(
        "run", study, *RUN_PATIENTS, "--workspace", tmp_path / "w"
    ) as process:
        out, err = process.communicate()
    assert process.returncode == 0, out + err
    note = json.loads(
        (tmp_path / "w/rows/highly_sensitive/last_run.json").read_text(encoding="utf-8")
    )
    assert note["dataset"].endswith("dataset.parquet")


@pytest.mark.parametrize("seconds", [0.3, 0.8, 1.3])
def test_ctrl_c_ends_it_in_one_line(tmp_path: Path, study: Path, seconds: float):
    with running(tmp_path, study, "--patients", 20_000) as run:
        while not psutil.Process(run.process.pid).children():
            assert run.process.poll() is None, "it ended before it could be stopped"
        time.sleep(seconds)
        said = run.stop()
    assert "Traceback" not in said
    assert said.splitlines()[-1] == (
        "cohortflow: stopped; what is done is kept, the same command goes on from here."
    )
    assert not list((tmp_path / "w").rglob("dataset.parquet"))


def test_a_step_that_takes_too_long_is_named(
    alone: Command, study: Path, tmp_path: Path
):
    ran = alone(
        *("run", study, "--patients", 100_000, "--workspace", tmp_path / "w"),
        COHORTFLOW_STEP_SECONDS=1,
    )
    assert ran.code != 0
    assert "took longer than 1 s (COHORTFLOW_STEP_SECONDS)" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.slow
def test_a_definition_of_measures_is_no_dataset_whatever_it_looks_like(
    alone: Command, tmp_path: Path
):
    """The guess that spares a server is wrong here; the run brings one all the same."""
    (tmp_path / "hidden.py").write_text(
        "from ehrql import create_measures, months\nfrom ehrql.tables.core import "
        "patients\n"
        "globals()['measures'] = made = create_measures()\n"
        "made.define_measure('all', patients.sex == 'male', "
        "patients.exists_for_patient(),\n"
        "    intervals=months(2).starting_on('2020-01-01'))\n",
        encoding="utf-8",
    )
    ran = (
        alone(
            "run",
            tmp_path / "hidden.py",
            "--workspace",
            tmp_path / "w",
            "--patients",
            300,
            "--json",
        )
        .well()
        .json
    )
    assert len(ran["computed"]) == 2
