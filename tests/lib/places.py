"""Where things lie that tests of several rooms look at."""

import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
WEEKLY_STUDY = CHECKOUT / "tests" / "flows" / "study" / "weekly.py"


def project_files(*tops: str) -> list[str]:
    """What git tracks, and of `tops` what it would: a new file is judged before it is
    committed.
    """
    if not (CHECKOUT / ".git").exists():
        pytest.skip(
            "not a git checkout, so it can't be told which files are the project's"
        )
    names = {*_git_files(), *_git_files("--others", "--exclude-standard", "--", *tops)}
    return sorted(name for name in names if name and (CHECKOUT / name).is_file())


def _git_files(*arguments: str) -> list[str]:
    # A checkout may belong to somebody else than who tests it; reading the names is
    # harmless.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", *arguments]
    listed = subprocess.run(
        command,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    return listed.stdout.split("\0")
