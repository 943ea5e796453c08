"""Which `ehrql` is found: ours by whoever has no real one, and always by a run."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.lib.definitions import START, load, project
from tests.lib.places import CHECKOUT

__all__ = ["project"]
OURS = CHECKOUT / "measures" / "standin" / "ehrql" / "__init__.py"
LINES = "zz_cohortflow.pth"
FIND = "from importlib.util import find_spec; print(find_spec('ehrql').origin)"


def python(program: Path | str, code: str, folder: Path) -> str:
    done = subprocess.run(
        [program, "-c", code],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """The packages of a new environment that has the lines of ours."""
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True
    )
    [found] = tmp_path.glob("env/lib/python3.*/site-packages")
    lines = f"{CHECKOUT}\n{CHECKOUT / 'measures' / 'standin'}\n"
    (found / LINES).write_text(lines, encoding="utf-8")
    return found


def write_real(folder: Path) -> Path:
    """Another package of that name."""
    file = folder / "ehrql" / "__init__.py"
    file.parent.mkdir()
    file.write_text("__version__ = 'real'\n", encoding="utf-8")
    return file


def test_a_plain_python_of_the_projects_environment_imports_ours(tmp_path):
    """Written by infra/setup; run it again if this fails."""
    code = (
        "import ehrql; from ehrql.tables.core import patients; "
        "print(ehrql.__file__, patients.sex)"
    )
    said = python(sys.executable, code, tmp_path)
    assert said == f"{OURS} <StrPatientSeries>"
    last = python(sys.executable, "import sys; print(sys.path[-1])", tmp_path)
    assert last == str(CHECKOUT / "measures" / "standin")


def test_a_real_one_beside_it_comes_first(packages, tmp_path):
    interpreter = tmp_path / "env" / "bin" / "python"
    assert python(interpreter, FIND, tmp_path) == str(OURS)
    real = write_real(packages)
    assert python(interpreter, FIND, tmp_path) == str(real)


def test_a_run_takes_ours_all_the_same(project, monkeypatch):
    write_real(project)
    monkeypatch.setenv("PYTHONPATH", str(project))
    version = "import ehrql\nassert ehrql.__version__ == '0+cohortflow'\n"
    [measure] = load(version + START).measures
    assert measure.name == "events"
