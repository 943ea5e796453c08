"""Nobody gets out of the closed process: every trick of tests/lib/escapes.py, with one
wall after the other gone.

A program of its own (tests/lib/escaping.py) tries them. So another user than the tests'
can run it, and what a trick leaves behind is seen by the process that is made its
parent.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest

from tests.lib import escaping
from tests.lib.escapes import CHANGES_AND_PROCESSES, LIMITS_ALONE, SECCOMP_ALONE, TRICKS

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the kernel's walls are Linux's"
)

ORDINARY = 54_321  # a user that no machine has
SHARES = 4  # tried at once; many of them wait for a limit of time
NOTHING_LEFT = "guard,seccomp,landlock,limits,rights"
LIMITS = "guard,seccomp,landlock"  # what is left out where they hold alone
ALONE = {
    "seccomp": "guard,landlock,limits",
    "landlock and limits": "guard,seccomp",
    "seccomp and landlock": "guard,limits",
}


def python(user: int | None) -> str:
    """A Python that this user can run; the tests are skipped if there is none."""
    candidates = filter(
        None, [sys.executable, shutil.which("python3", path="/usr/bin:/usr/local/bin")]
    )
    for each in candidates:
        command = [
            each,
            "-c",
            "import sys; assert sys.version_info >= (3, 11); import ctypes",
        ]
        try:
            if (
                subprocess.run(
                    command, check=False, cwd="/", **as_user(user)
                ).returncode
                == 0
            ):
                return each
        except OSError:
            continue
    pytest.skip("no Python here that an ordinary user can run")


def as_user(user: int | None) -> dict:
    quiet = {"capture_output": True, "text": True}
    return (
        quiet
        if user is None
        else {**quiet, "user": user, "group": user, "extra_groups": []}
    )


@cache
def outcomes(without: str, user: int | None = None) -> dict[str, list[str]]:
    """What each trick got away with."""
    if user is not None and os.geteuid() != 0:
        pytest.skip("only root can become another user")
    interpreter = python(user)
    found: dict[str, list[str]] = {}
    with ThreadPoolExecutor(SHARES) as pool:
        for share in pool.map(
            lambda n: try_share(interpreter, without, user, n), range(SHARES)
        ):
            found |= share
    return found


def try_share(
    interpreter: str, without: str, user: int | None, share: int
) -> dict[str, list[str]]:
    folder = tempfile.mkdtemp()
    try:
        if user is not None:
            os.chown(folder, user, user)
        command = [
            interpreter,
            "-B",
            escaping.__file__,
            folder,
            without,
            str(share),
            str(SHARES),
        ]
        done = subprocess.run(command, check=False, cwd="/", **as_user(user))
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)
    finally:
        shutil.rmtree(folder)


def got_away(found: dict[str, list[str]]) -> Iterator[str]:
    return (f"{trick}: {what}" for trick, what in found.items() if what)


def test_there_are_many_tricks():
    assert len(TRICKS) >= 130


def test_no_trick_gets_out_past_the_guard():
    found = outcomes("")
    assert found.keys() == TRICKS.keys()
    assert list(got_away(found)) == []


@pytest.mark.slow
def test_no_trick_gets_out_where_the_guard_is_broken():
    found = outcomes("guard")
    assert found.keys() == TRICKS.keys()
    assert list(got_away(found)) == []


@pytest.mark.slow
@pytest.mark.parametrize("without", ["", "guard"])
def test_no_trick_gets_an_ordinary_user_out(without):
    assert list(got_away(outcomes(without, ORDINARY))) == []


@pytest.mark.slow
@pytest.mark.parametrize("alone", ALONE)
@pytest.mark.parametrize("user", [None, ORDINARY])
def test_no_trick_gets_out_where_only_some_walls_are_left(alone, user):
    found = outcomes(ALONE[alone], user)
    if "limits" in ALONE[alone].split(","):
        found = {
            trick: what for trick, what in found.items() if trick not in LIMITS_ALONE
        }
    assert list(got_away(found)) == []


@pytest.mark.slow
@pytest.mark.parametrize("user", [None, ORDINARY])
def test_limits_alone_keep_all_that_they_are_said_to(user):
    found = outcomes(LIMITS, user)
    assert {trick for trick, what in found.items() if what} <= CHANGES_AND_PROCESSES


@pytest.mark.slow
def test_tricks_get_out_where_no_wall_is_left():
    """So they are real. As an ordinary user, whose tricks do no harm to the machine."""
    user = ORDINARY if os.geteuid() == 0 else None
    found = outcomes(NOTHING_LEFT, user)
    assert found.keys() == TRICKS.keys() - SECCOMP_ALONE
    assert len(list(got_away(found))) >= 35
