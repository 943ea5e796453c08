"""Asking costs nothing: no Prefect, no Dask, no record is opened, next to nothing is
written.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from extractors.fingerprint import stamp
from tests.flows.commands import LONGEST, Command
from tests.flows.conftest import PATIENTS, STUDIES, STUDY, Undisturbed
from tests.flows.records import write_records
from tests.flows.shelves import contents
from tests.lib.places import CHECKOUT
from tests.lib.prefect_server import environment

HEAVY = {"prefect", "dask", "distributed", "scipy"}
LOADED = """
import json, sys
from flows.command.cli import main
try:
    code = main(sys.argv[1:])
except SystemExit as exit:
    code = exit.code
print(json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]), file=sys.stderr)
"""


NO_SERVER = {"PREFECT_API_URL": "http://127.0.0.1:9/api"}


def loaded_by(
    folder: Path, *arguments: object, named: Mapping[str, str] = NO_SERVER
) -> set[str]:
    """The packages that a command has loaded when it ends well; `named`: the server
    that it is told of.
    """
    command = [sys.executable, "-c", LOADED, *map(str, arguments)]
    settings = {**environment(folder), **named}
    done = subprocess.run(
        command,
        cwd=CHECKOUT,
        env=settings,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=True,
        encoding="utf-8",
    )
    code, packages = json.loads(done.stderr.splitlines()[-1])
    assert code == 0, done.stderr
    return set(packages)


@pytest.mark.parametrize(
    "arguments", [("--help",), ("run", "--help"), ("check", STUDY), ("plan", STUDY)]
)
def test_nothing_heavy_is_loaded(tmp_path: Path, arguments: tuple):
    where = ("--workspace", tmp_path / "w") if STUDY in arguments else ()
    packages = loaded_by(tmp_path, *arguments, *where)
    assert "flows" in packages and not packages & HEAVY
    assert not (tmp_path / "w").exists(), "asking about made-up records leaves no trace"


MAGIC = b"PAR1"  # at both ends of a Parquet file


def test_status_loads_nothing_heavy(undisturbed: Undisturbed, tmp_path: Path):
    assert (
        not loaded_by(
            tmp_path, "status", STUDY, "--workspace", undisturbed.shelves.workspace
        )
        & HEAVY
    )


def test_plan_of_what_is_done(undisturbed: Undisturbed, cohortflow: Command):
    workspace = undisturbed.shelves.workspace
    before = contents(workspace)
    said = (
        cohortflow("plan", STUDY, *PATIENTS, "--workspace", workspace, "--json")
        .well()
        .json
    )
    assert {period["state"] for period in said["periods"]} == {"done"}
    assert not any(period["runs"] or period["why"] for period in said["periods"])
    printed = cohortflow("plan", STUDY, *PATIENTS, "--workspace", workspace).well().out
    assert (
        "8 periods are done: 2021-05-01..2021-05-31 … 2021-06-01..2021-06-30"
        in " ".join(printed.split())
    )
    assert contents(workspace) == before


def test_plan_needs_no_readable_records(cohortflow: Command, tmp_path: Path):
    records, workspace = write_records(tmp_path / "records"), tmp_path / "w"
    arguments = (
        "plan",
        STUDIES / "weekly.py",
        "--records",
        records,
        "--workspace",
        workspace,
        "--json",
    )
    said = cohortflow(*arguments).well().json
    assert {period["why"] for period in said["periods"]} == {"never run"}
    assert list(contents(workspace)) == ["weekly/highly_sensitive/snapshots/files.json"]
    assert (workspace / "weekly" / "highly_sensitive").stat().st_mode & 0o777 == 0o700
    for path in records.iterdir():
        _scramble(path)
    assert cohortflow(*arguments).well().json == said, (
        "sizes, names and types are all that it looks at"
    )


def _scramble(path: Path) -> None:
    """Other bytes for all rows of a Parquet file, which does not show unless somebody
    reads one.
    """
    before, status = stamp(path), path.stat()
    footer = int.from_bytes(path.read_bytes()[-8:-4], "little")
    with path.open("r+b") as file:
        file.seek(len(MAGIC))
        file.write(b"\0" * (status.st_size - footer - 8 - len(MAGIC)))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert stamp(path) == before
