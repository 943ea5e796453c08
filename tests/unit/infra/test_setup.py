"""The pins, and the scripts that set up a checkout: with a Python that only writes down
what it is told.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.lib.places import CHECKOUT

INFRA = CHECKOUT / "infra"
CI = CHECKOUT / ".ci" / "run"
SCRIPTS = [
    *(
        INFRA / name
        for name in ("setup", "run", "lint", "test", "test-slow", "pin", "wheels")
    ),
    CI,
]
# seconds that any script may take, on a machine that is busy with other things
LONGEST = 300
PINS = {
    "run": INFRA / "requirements.txt",
    "extras": INFRA / "requirements-extras.txt",
    "test": INFRA / "requirements-test.txt",
}
EXTRAS = ["delta", "iceberg", "adbc", "mssql"]

PIN = re.compile(
    r"[a-z0-9][a-z0-9-]*==[\w.]+( ; [^\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+"
)


def pins(level: str) -> dict[str, str]:
    lines = PINS[level].read_text(encoding="utf-8").splitlines()
    found = [Requirement(line.rstrip(" \\")) for line in lines if "==" in line]
    return {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin in found
    }


def declared(*extras: str) -> list[Requirement]:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    optional = project["optional-dependencies"]
    return [
        Requirement(line)
        for line in sum((optional[extra] for extra in extras), project["dependencies"])
    ]


@pytest.mark.parametrize("level", PINS)
def test_pins_are_names_versions_and_hashes_alone(level):
    text = "\n".join(
        line
        for line in PINS[level].read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    )
    assert PIN.sub("", text).strip() == ""


@pytest.mark.parametrize(
    ("level", "extras"),
    [
        ("run", ["build"]),
        ("extras", ["build", *EXTRAS]),
        ("test", ["build", "test", *EXTRAS]),
    ],
)
def test_pins_keep_what_the_project_declares(level, extras):
    pinned = pins(level)
    for requirement in declared(*extras):
        assert requirement.specifier.contains(
            pinned[canonicalize_name(requirement.name)]
        ), requirement


def test_a_run_has_the_versions_that_were_tested():
    assert pins("run").items() <= pins("extras").items() <= pins("test").items()


@pytest.mark.parametrize(
    "script", SCRIPTS, ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_script_can_be_run(script):
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


# Makes an "environment" that holds a copy of itself, writes pip's arguments down, and
# is otherwise a real Python.
FAKE_PYTHON = """#!/usr/bin/env bash
case "$*" in
    "-m venv --clear .venv") rm -rf .venv && mkdir -p .venv/bin && cp "$0" .venv/bin/python && echo venv >>{log} ;;
    "-m pip"*) echo "$*" >>{log}; {pip} ;;
    *ensurepip*) {ensurepip} ;;
    *) exec {real} "$@" ;;
esac
"""


class Checkout:
    """A copy of what set-up looks at, in a folder with a space in its name."""

    def __init__(self, folder: Path):
        self.folder = folder / "a checkout"
        shutil.copytree(INFRA, self.folder / "infra")
        shutil.copy(CHECKOUT / "pyproject.toml", self.folder)
        self.stamp = self.folder / ".venv" / "stamp"
        self.python = folder / "python"
        self.written = folder / "log"
        self.fake()

    def fake(self, pip="true", ensurepip="true"):
        real, log = shlex.quote(sys.executable), shlex.quote(str(self.written))
        self.python.write_text(
            FAKE_PYTHON.format(pip=pip, ensurepip=ensurepip, real=real, log=log),
            encoding="utf-8",
        )
        self.python.chmod(0o755)

    def start(self, *command: str, **environment: str) -> subprocess.Popen:
        """From another folder, as nobody says that one has to be in the checkout."""
        name, *arguments = command
        return subprocess.Popen(
            [self.folder / "infra" / name, *arguments],
            cwd=self.folder.parent,
            env={**os.environ, "PYTHON": str(self.python), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def setup(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Exit code and messages; standard output has to stay empty."""
        process = self.start("setup", *arguments, **environment)
        output, errors = process.communicate(timeout=LONGEST)
        assert output == ""
        return process.returncode, errors

    def log(self) -> list[str]:
        """What was done since last asked: `venv`, and one line for each pip."""
        lines = (
            self.written.read_text(encoding="utf-8").splitlines()
            if self.written.exists()
            else []
        )
        self.written.unlink(missing_ok=True)
        return ["venv" if line == "venv" else line.split()[-1] for line in lines]


@pytest.fixture
def checkout(tmp_path) -> Checkout:
    return Checkout(tmp_path)


ALL_FOR_RUN = ["venv", "infra/requirements.txt", "."]
ALL_FOR_TEST = ["venv", "infra/requirements-test.txt", "."]


def test_only_hashed_wheels_are_installed(checkout):
    assert checkout.setup()[0] == 0
    pinned, project = checkout.written.read_text(encoding="utf-8").splitlines()[1:]
    assert pinned.endswith(
        "--no-deps --only-binary :all: --require-hashes -r infra/requirements.txt"
    )
    assert project.endswith("--no-deps --no-build-isolation -e .")


def test_a_long_set_up_says_how_far_it_is(checkout):
    checkout.fake(
        pip="for n in {1..45}; do echo Collecting package$n; done; echo Installing "
        "collected packages: all"
    )
    code, said = checkout.setup()
    assert code == 0
    many = sum(
        "==" in line and not line.startswith("#")
        for line in PINS["run"].read_text(encoding="utf-8").splitlines()
    )
    begun, *steps = said.splitlines()[:4]
    assert begun.startswith("Setting up .venv")
    assert steps == [
        f"  20 of {many} packages",
        f"  40 of {many} packages",
        "  putting them in place …",
    ]


def test_second_time_does_nothing(checkout):
    assert checkout.setup()[0] == 0
    assert checkout.log() == ALL_FOR_RUN
    assert checkout.setup() == (0, "")
    assert checkout.log() == []


def test_tests_add_to_what_a_run_needs(checkout):
    checkout.setup()
    checkout.log()
    checkout.setup("--test")
    assert checkout.log() == ALL_FOR_TEST[1:]
    checkout.setup()
    checkout.setup("--test")
    assert checkout.log() == []


@pytest.mark.parametrize("file", ["infra/requirements.txt", "pyproject.toml"])
def test_other_pins_or_another_version_are_installed_over_the_old(checkout, file):
    checkout.setup()
    checkout.log()
    with (checkout.folder / file).open("a", encoding="utf-8") as changed:
        changed.write("# changed\n")
    checkout.setup()
    assert checkout.log() == ALL_FOR_RUN[1:]


@pytest.mark.parametrize(
    "content", [None, "", "garbage\n", "3.9.0 elsewhere\nabc run\n"]
)
def test_without_a_sound_stamp_all_is_redone(checkout, content):
    checkout.setup()
    checkout.log()
    checkout.stamp.unlink()
    if content is not None:
        checkout.stamp.write_text(content, encoding="utf-8")
    assert checkout.setup()[0] == 0
    assert checkout.log() == ALL_FOR_RUN


def test_environment_without_its_python_is_redone(checkout):
    checkout.setup()
    checkout.log()
    (checkout.folder / ".venv" / "bin" / "python").unlink()
    checkout.setup()
    assert checkout.log() == ALL_FOR_RUN


def test_copied_checkout_makes_its_own_environment(checkout, tmp_path):
    checkout.setup()
    checkout.log()
    checkout.folder = checkout.folder.rename(tmp_path / "moved")
    checkout.setup()
    assert checkout.log() == ALL_FOR_RUN


def test_failed_install_is_redone(checkout):
    checkout.fake(pip="echo no such wheel; exit 1")
    code, message = checkout.setup()
    assert code == 1
    assert "no such wheel" in message
    assert "infra/wheels" in message
    checkout.log()
    checkout.fake()
    assert checkout.setup()[0] == 0
    assert checkout.log() == ALL_FOR_RUN


def test_failed_update_does_not_pass_for_done(checkout):
    checkout.setup()
    checkout.log()
    inner = checkout.folder / ".venv" / "bin" / "python"
    inner.write_text(
        inner.read_text(encoding="utf-8").replace("; true ;;", "; exit 1 ;;"),
        encoding="utf-8",
    )
    assert checkout.setup("--test")[0] == 1
    checkout.log()
    assert checkout.setup()[0] == 0
    assert checkout.log() == ALL_FOR_RUN


@pytest.mark.skipif(
    not shutil.which("flock"),
    reason="without flock two set-ups at once are not kept apart",
)
def test_of_two_at_once_one_does_the_work(checkout):
    checkout.fake(pip="sleep 0.3")
    both = [checkout.start("setup") for _ in range(2)]
    for process in both:
        process.communicate(timeout=LONGEST)
    assert [process.returncode for process in both] == [0, 0]
    assert checkout.log() == ALL_FOR_RUN


def test_no_python_is_said(checkout):
    code, message = checkout.setup(PYTHON="no-such-python")
    assert code == 1
    assert "needs Python 3.11 to 3.14" in message
    assert "Install one" in message


def test_python_without_venv_is_said(checkout):
    checkout.fake(ensurepip="exit 1")
    code, message = checkout.setup()
    assert code == 1
    assert "python3-venv" in message


def test_unknown_argument_is_said(checkout):
    code, message = checkout.setup("--fast")
    assert code == 2
    assert "--fast" in message


COMMAND = '#!/usr/bin/env bash\nprintf "%s|" "$PWD" "$@"\n'


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], ["nhs_at_home", "--patients", "20000"]),
        (["my study.py", "--json"], ["my study.py", "--json"]),
    ],
)
def test_run_passes_its_arguments_on(checkout, given, expected):
    checkout.setup()
    command = checkout.folder / ".venv" / "bin" / "cohortflow"
    command.write_text(COMMAND, encoding="utf-8")
    command.chmod(0o755)
    output, _ = checkout.start("run", *given).communicate(timeout=LONGEST)
    assert output.split("|")[:-1] == [str(checkout.folder.parent), "run", *expected]


TOOL = '#!/usr/bin/env bash\necho "{name} $*"\nexit {code}\n'
HOUSE = "pytest -q tests/test_rooms.py tests/test_prose.py tests/test_pages.py"
LINT = ["ruff check", "ruff format --check", "mypy ", HOUSE]


def put_tools(checkout: Checkout, failing: str | None) -> None:
    for name in ("ruff", "mypy", "pytest"):
        tool = checkout.folder / ".venv" / "bin" / name
        tool.write_text(
            TOOL.format(name=name, code=int(name == failing)), encoding="utf-8"
        )
        tool.chmod(0o755)


@pytest.mark.parametrize("failing", [None, "ruff", "mypy", "pytest"])
def test_all_checks_run_and_any_failure_counts(checkout, failing):
    checkout.setup("--test")
    put_tools(checkout, failing)
    process = checkout.start("test", "tests/unit", "-k", "foo")
    output, _ = process.communicate(timeout=LONGEST)
    # shown while they run, and their last line once more at the end
    tests = "pytest tests/unit -k foo"
    assert output.splitlines() == [tests, *LINT, tests]
    assert process.returncode == (failing is not None)


@pytest.mark.parametrize("failing", [None, "ruff", "mypy", "pytest"])
def test_lint_runs_all_that_takes_seconds(checkout, failing):
    checkout.setup("--test")
    put_tools(checkout, failing)
    process = checkout.start("lint")
    output, _ = process.communicate(timeout=LONGEST)
    assert output.splitlines() == LINT
    assert process.returncode == (failing is not None)


def test_lint_does_not_set_anything_up(checkout):
    process = checkout.start("lint")
    _, errors = process.communicate(timeout=LONGEST)
    assert process.returncode == 1
    assert "infra/setup --test" in errors
    assert checkout.log() == []


# A pytest that fails, or is ended, where it is asked for what is slow.
SLOW = """#!/usr/bin/env bash
echo "pytest $*" | sed 's/--reached .*/--reached FILE/'
case "$*" in
    *"--collect-only"*) echo "7/30 tests collected (23 deselected) in 1.2s" ;;
    *"-m slow"*) printf '12\\n.....' >"${{@: -1}}"; {slow} ;;
    *) {quick} ;;
esac
"""
# If it was given less than all the time, that is up as soon as it runs, however long it
# took until then: the signal is the one that `timeout` has from its own timer.
TIME_IS_UP = """
    timeout=$(sed -n 's/^PPid:[^0-9]*//p' /proc/$PPID/status)
    mapfile -d '' -t words </proc/$timeout/cmdline
    [ "${words[3]}" -lt 600 ] && kill -ALRM $timeout
    exec sleep 60"""

# what each says: the tests, the checks beside them, and the last line of the tests once
# more
FAST = ["pytest -n 2", HOUSE, "pytest -n 2"]
WITH_NOTE = "pytest -m slow -x --reached FILE"
SLOWER = [WITH_NOTE, HOUSE, WITH_NOTE]


TIME_IS_UP_SAID = (
    "The time is up; the slow tests up to here have passed, 7 were not reached."
)
NO_TIME_SAID = "No time is left for infra/test-slow: 7 slow tests were not reached."


@pytest.mark.parametrize(
    ("quick", "slow", "seconds", "code", "said"),
    [
        ("true", "true", 600, 0, [*FAST, *SLOWER]),
        ("false", "true", 600, 1, FAST),
        (
            "true",
            "false",
            600,
            1,
            [*FAST, *SLOWER, "Of the slow tests 7 were not reached."],
        ),
        ("sleep 1.1", TIME_IS_UP, 600, 0, [*FAST, SLOWER[0], TIME_IS_UP_SAID]),
        ("sleep 1.1", "false", 1, 0, [*FAST, NO_TIME_SAID]),
    ],
)
def test_slow_tests_run_while_there_is_time(checkout, quick, slow, seconds, code, said):
    checkout.setup("--test")
    shutil.copytree(CI.parent, checkout.folder / ".ci")
    scripts = {
        "ruff": "exit 0",
        "mypy": "exit 0",
        "pytest": SLOW.format(quick=quick, slow=slow),
    }
    for name, text in scripts.items():
        (checkout.folder / ".venv" / "bin" / name).write_text(text, encoding="utf-8")
        (checkout.folder / ".venv" / "bin" / name).chmod(0o755)
    # nothing is installed by a test
    for name in ("postgres-for-tests", "chromium-for-tests"):
        (checkout.folder / "infra" / name).write_text(
            "#!/bin/sh\nexit 1\n", encoding="utf-8"
        )
    process = checkout.start("../.ci/run", COHORTFLOW_CI_SECONDS=str(seconds))
    output, _ = process.communicate(timeout=LONGEST)
    assert process.returncode == code
    lines = output.splitlines()
    assert len(lines) == len(said) and all(
        line.startswith(start) for line, start in zip(lines, said, strict=True)
    )


@pytest.mark.parametrize(
    "arguments", [[], ["--test"], ["a", "b"], ["a", "--test", "b"]]
)
def test_wheels_say_how_they_are_used(checkout, arguments):
    process = checkout.start("wheels", *arguments)
    _, errors = process.communicate(timeout=LONGEST)
    assert process.returncode == 2
    assert "infra/wheels FOLDER" in errors


@pytest.mark.parametrize(
    ("level", "file"), [([], "requirements.txt"), (["--test"], "requirements-test.txt")]
)
def test_wheels_are_the_pinned_ones(checkout, level, file):
    checkout.setup()
    process = checkout.start("wheels", "wheels", *level)
    output, _ = process.communicate(timeout=LONGEST)
    assert process.returncode == 0
    download = checkout.written.read_text(encoding="utf-8").splitlines()[-1]
    assert f"--require-hashes -r {checkout.folder}/infra/{file}" in download
    assert download.endswith(f"--dest {checkout.folder.parent}/wheels")
    assert "PIP_NO_INDEX=1 PIP_FIND_LINKS=FOLDER" in output
