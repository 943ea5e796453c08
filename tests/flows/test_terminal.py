"""Who stops reading, or reads in ASCII, hears no complaint, and the command ends as it
would.
"""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.flows.commands import COMMAND
from tests.flows.conftest import STUDIES, STUDY
from tests.flows.story import Story
from tests.lib.places import CHECKOUT
from tests.lib.prefect_server import environment


def said(
    folder: Path, *words: object, out: int = subprocess.PIPE, **settings: str
) -> subprocess.CompletedProcess:
    named = (
        environment(folder / "home")
        | {"PREFECT_API_URL": "http://127.0.0.1:9/api"}
        | settings
    )
    command = list(map(str, [*COMMAND, *words]))
    return subprocess.run(
        command,
        cwd=CHECKOUT,
        env=named,
        stdout=out,
        stderr=subprocess.PIPE,
        check=False,
    )


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "words",
    [
        ("plan", STUDY, "--json"),
        ("plan", STUDY),
        ("check", STUDY),
        ("docs", "language"),
    ],
)
def test_nobody_reads_on(tmp_path: Path, words: tuple[object, ...], unbuffered: str):
    """As behind `| head -1`."""
    reading, writing = os.pipe()
    os.close(reading)
    done = said(tmp_path, *words, out=writing, PYTHONUNBUFFERED=unbuffered)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_before_it_began(tmp_path: Path, closed: str):
    """As by what starts commands in the background. The code is what is left of the
    answer, so it must be right.
    """
    named = environment(tmp_path / "home") | {
        "PREFECT_API_URL": "http://127.0.0.1:9/api"
    }
    for words, code in (
        (("check", STUDY), 0),
        (("status", STUDY, "--workspace", tmp_path), 2),
    ):
        line = f"{shlex.join(map(str, [*COMMAND, *words]))} {closed}"
        done = subprocess.run(
            line,
            shell=True,
            cwd=CHECKOUT,
            env=named,
            capture_output=True,
            text=True,
            check=False,
            encoding="utf-8",
        )
        assert done.returncode == code and "Traceback" not in done.stderr, done
        assert "2>" in closed or ("was never run" in done.stderr) == bool(code), done


def test_letters_that_are_missing(tmp_path: Path, story: Story):
    """Marks that mean different things stay different."""
    plan = said(tmp_path, "plan", STUDY, PYTHONIOENCODING="ascii")
    assert (
        (plan.returncode, plan.stderr) == (0, b"")
        and b"..." in plan.stdout
        and plan.stdout.isascii()
    )
    words = ("status", STUDIES / "weekly.py", "--workspace", story.shelves.workspace)
    status = said(tmp_path, *words, PYTHONIOENCODING="ascii")
    assert (status.returncode, status.stderr) == (
        0,
        b"",
    ) and b"####  from" in status.stdout
    named = said(tmp_path, "check", "n\u00e4mlich", PYTHONIOENCODING="ascii")
    assert named.returncode == 2 and b"'n\\xe4mlich'" in named.stderr


def test_where_all_letters_are(tmp_path: Path):
    assert (
        "…" in said(tmp_path, "plan", STUDY, PYTHONIOENCODING="utf-8").stdout.decode()
    )
