"""`cohortflow --version`: the version of the project, without the half second that
commands take to load.
"""

import subprocess
import sys
import tomllib

import pytest

from flows.command import cli
from tests.lib.places import CHECKOUT

VERSION = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]["version"]
HEAVY = {
    "numpy",
    "pyarrow",
    "duckdb",
    "prefect",
    "dask",
    "distributed",
    "rich",
    "extractors",
    "measures",
}


def test_the_command_says_the_version_and_loads_nothing_for_it():
    command = [sys.executable, "-X", "importtime", "-m", "flows", "--version"]
    said = subprocess.run(
        command,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    assert said.stdout == f"cohortflow {VERSION}\n"
    loaded = {
        line.rpartition("|")[2].strip().partition(".")[0]
        for line in said.stderr.splitlines()
    }
    assert "flows" in loaded and not loaded & HEAVY


def test_it_is_an_option_like_others(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"cohortflow {VERSION}\n"
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert "--version" in capsys.readouterr().out
