"""What is wrong is said once, on standard error, with what to do; and ends with exit
code 2.
"""

import json
import os
import shlex
import shutil
import signal
import socket
from pathlib import Path

import pytest

from tests.flows.commands import Command, Result, wait_until
from tests.flows.conftest import STUDY
from tests.flows.records import write_records
from tests.flows.shelves import Shelves, contents
from tests.lib.prefect_server import environment, free_port

WEEKLY = STUDY.with_name("weekly.py")


@pytest.fixture
def offline(tmp_path: Path) -> Command:
    """The command without a server that could answer: these mistakes must show before
    Prefect is asked.
    """
    return Command(
        environment(tmp_path / "home") | {"PREFECT_API_URL": "http://127.0.0.1:9/api"}
    )


def refused(result: Result) -> str:
    """The one message of a command that ended with exit code 2."""
    assert (result.code, result.out) == (2, ""), (
        f"exit code {result.code}\n{result.out}\n{result.err}"
    )
    assert "Traceback" not in result.err and result.err.count("cohortflow: ") == 1
    return result.err.partition("cohortflow: ")[2].strip()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--periods", "2021-05-04"),
            "There is no period '2021-05-04'; name one like 2021-05-01..2021-05-31",
        ),
        (
            ("--periods", "2021-05-03..2021-05-10"),
            "There is no period '2021-05-03..2021-05-10'",
        ),
        (
            ("--from", "2022-01-01"),
            "No period begins in that time; the study has 2021-05-01 to 2021-06-30.",
        ),
        (
            ("--from", "2021-05-03", "--to", "2021-05-02"),
            "No period begins in that time",
        ),
        (
            ("--from", "2021-5-3"),
            "--from needs a date like 2019-04-01, got '2021-5-3'.",
        ),
        (
            ("--to", "2021-02-30"),
            "--to needs a date like 2019-04-01, got '2021-02-30'.",
        ),
        (("--patients", "0"), "--patients needs a number from 1, got 0."),
        (("--memory", "0"), "--memory needs a number of MB from 1, got 0."),
        (
            ("--policy", "open"),
            "There is no disclosure policy 'open'; choose one of: controlled, "
            "opensafely, nhs-digital",
        ),
        (("--records", "nowhere"), "nowhere"),
    ],
)
def test_arguments(
    offline: Command, tmp_path: Path, arguments: tuple[str, ...], said: str
):
    workspace = tmp_path / "workspace"
    assert said in refused(offline("run", STUDY, "--workspace", workspace, *arguments))
    assert (
        not Shelves(workspace).results("cohorts")
        and not Shelves(workspace).release.exists()
    )


@pytest.mark.parametrize("name", ["COHORTFLOW_WORKERS", "COHORTFLOW_MEMORY_MB"])
def test_settings(offline: Command, tmp_path: Path, name: str):
    said = refused(
        offline("run", STUDY, "--workspace", tmp_path / "w", **{name: "many"})
    )
    assert name in said and "'many'" in said


def test_no_server(offline: Command, tmp_path: Path):
    said = refused(offline("run", STUDY, "--workspace", tmp_path / "w"))
    assert (
        "There is no Prefect server at http://127.0.0.1:9/api; start it, or unset "
        "PREFECT_API_URL"
    ) in said


@pytest.mark.parametrize(
    ("name", "meant"), [("nhs_at_hme", "nhs_at_home"), ("nhs-at-home", "nhs_at_home")]
)
def test_unknown_study(offline: Command, name: str, meant: str):
    assert f"did you mean {meant!r}?" in refused(offline("run", name))


def test_study_of_another_name_altogether(offline: Command):
    names = "nhs_at_home, omop_incidence, online_consultations, vaccine_eligibility"
    assert f"the shipped studies are {names}. A file" in refused(
        offline("check", "xyz")
    )


def test_never_run(offline: Command, tmp_path: Path):
    """The line to type names the workspace, and a shell reads it as it is meant."""
    place = tmp_path / "work $pace"
    said = refused(offline("status", STUDY, "--workspace", place))
    assert said.startswith("pressure was never run in this workspace; start with: ")
    assert shlex.split(said.partition("with: ")[2]) == [
        "cohortflow",
        "run",
        str(STUDY),
        "--workspace",
        str(place),
    ]
    assert "cohortflow run" in refused(
        offline("rerun", STUDY, "--failed", "--workspace", place)
    )


def test_how_to_run_on_made_up_records(offline: Command, tmp_path: Path):
    said = (
        offline("trial", STUDY, "--patients", 5, "--to", tmp_path / "made up")
        .well()
        .out
    )
    assert shlex.split(said.splitlines()[0].partition("them with ")[2]) == [
        "--records",
        str(tmp_path / "made up"),
    ]


@pytest.mark.parametrize("command", ["run", "plan", "check"])
def test_broken_definition(
    offline: Command, studies: Path, tmp_path: Path, command: str
):
    study = studies / "pressure.py"
    lines = study.read_text(encoding="utf-8").splitlines()
    number = next(k for k, line in enumerate(lines, 1) if line.startswith("age = "))
    lines[number - 1] = "age = patients.age_at(INTERVAL.start_date)"
    study.write_text("\n".join(lines), encoding="utf-8")
    said = refused(offline(command, study, "--workspace", tmp_path / "w"))
    assert (
        f"pressure.py:{number}:" in said
        and "age_at" in said
        and lines[number - 1] in said
    )


def test_missing_codelist(offline: Command, studies: Path, tmp_path: Path):
    (studies / "codelists" / "readings.csv").unlink()
    lines = (studies / "pressure.py").read_text(encoding="utf-8").splitlines()
    where = next(n for n, line in enumerate(lines, 1) if "codelists/readings" in line)
    said = refused(
        offline("run", studies / "pressure.py", "--workspace", tmp_path / "w")
    )
    assert "codelists/readings.csv" in said and f"pressure.py:{where}" in said


@pytest.mark.slow
def test_missing_table(cohortflow: Command, tmp_path: Path):
    records = write_records(tmp_path / "records")
    (records / "clinical_events.parquet").unlink()
    said = refused(
        cohortflow("run", WEEKLY, "--records", records, "--workspace", tmp_path / "w")
    )
    assert "clinical_events" in said


def test_dirty_records(dirty: Result):
    said = refused(dirty)
    assert (
        "clinical_events.parquet: column snomedct_code: some rows are codes changed "
        "by a spreadsheet"
    ) in said
    assert "which rows, and how many, is in highly_sensitive/dirt.json" in said


def test_a_definition_among_the_records(offline: Command, tmp_path: Path):
    records = write_records(tmp_path / "records")
    study = shutil.copy(WEEKLY, records)
    assert "keep definitions in a folder apart" in refused(
        offline("run", study, "--records", records)
    )


@pytest.mark.slow
def test_the_second_of_two_runs_declines(cohortflow: Command, tmp_path: Path):
    arguments = ("run", STUDY, "--patients", 1500, "--workspace", tmp_path)
    shelves = Shelves(tmp_path)
    with cohortflow.start(*arguments, "--json") as first:
        assert wait_until(shelves.high.joinpath("trial").exists, first)
        # so that it is at work for as long as the second lives
        os.killpg(first.pid, signal.SIGSTOP)
        try:
            second = cohortflow(*arguments, "--json")
        finally:
            os.killpg(first.pid, signal.SIGCONT)
        out, err = first.communicate()
    said = (
        "Another run of pressure is at work in this workspace; wait for it, or give "
        "another --workspace."
    )
    assert refused(second) == said
    assert first.returncode == 0, err
    assert len(json.loads(out)["computed"]) == 8 and contents(shelves.release)


# A server


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            {"COHORTFLOW_SCHEDULE": "nonsense"},
            "COHORTFLOW_SCHEDULE needs a time as cron has it, like '0 6 * * 1'",
        ),
        (
            {"COHORTFLOW_STUDIES": "nhs_at_home,nosuch"},
            "COHORTFLOW_STUDIES: There is no study",
        ),
        (
            {"COHORTFLOW_BIND": "192.0.2.1"},
            "of 192.0.2.1 (Cannot assign requested address",
        ),
        (
            {"COHORTFLOW_DASK_PORT": "99999"},
            "COHORTFLOW_DASK_PORT needs a port from 1 to 65535, got 99999.",
        ),
    ],
)
def test_what_cannot_be_served(
    offline: Command, tmp_path: Path, settings: dict[str, str], said: str
):
    ports = {
        "COHORTFLOW_PORT": str(free_port()),
        "COHORTFLOW_DASK_PORT": str(free_port()),
    }
    assert said in refused(
        offline("serve", "--workspace", tmp_path / "w", **ports | settings)
    )


@pytest.mark.parametrize("name", ["COHORTFLOW_PORT", "COHORTFLOW_DASK_PORT"])
def test_a_port_in_use(offline: Command, tmp_path: Path, name: str):
    ports = {
        "COHORTFLOW_PORT": str(free_port()),
        "COHORTFLOW_DASK_PORT": str(free_port()),
    }
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        said = refused(
            offline(
                "serve", "--workspace", tmp_path / "w", **ports | {name: str(taken)}
            )
        )
    assert (
        f"port {taken} of 127.0.0.1 (Address already in use" in said
        and f"set {name} to a free port" in said
    )


# Choosing periods


@pytest.mark.parametrize(
    ("arguments", "chosen"),
    [
        (
            ("--from", "2021-05-24"),
            [
                "2021-05-24..2021-05-30",
                "2021-05-31..2021-06-06",
                "2021-06-01..2021-06-30",
            ],
        ),
        (
            ("--to", "2021-05-03"),
            [
                "2021-05-01..2021-05-31",
                "2021-05-01..2021-06-30",
                "2021-05-03..2021-05-09",
            ],
        ),
        (
            ("--from", "2021-05-10", "--to", "2021-05-17"),
            ["2021-05-10..2021-05-16", "2021-05-17..2021-05-23"],
        ),
        (
            ("--periods", "2021-05-17,2021-05-03..2021-05-09"),
            ["2021-05-03..2021-05-09", "2021-05-17..2021-05-23"],
        ),
        (
            ("--periods", "2021-05-01"),
            ["2021-05-01..2021-05-31", "2021-05-01..2021-06-30"],
        ),
        (
            ("--from", "2021-05-02", "--periods", "2021-06-01"),
            ["2021-06-01..2021-06-30"],
        ),
    ],
)
def test_chosen_periods(
    offline: Command, tmp_path: Path, arguments: tuple[str, ...], chosen: list[str]
):
    said = (
        offline("plan", STUDY, "--workspace", tmp_path, "--json", *arguments)
        .well()
        .json
    )
    assert [period["period"] for period in said["periods"]] == chosen
