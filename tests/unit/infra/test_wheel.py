"""What a wheel alone brings: everything that new authors begin with, without a
checkout.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from flows.docs.manual import language_manual
from tests.lib.places import CHECKOUT, project_files

ROOMS = ("extractors/", "measures/", "flows/")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the project's own files, unpacked as an installation has it."""
    top = tmp_path_factory.mktemp("wheel")
    for name in project_files("extractors", "measures", "flows", "setup.py"):
        (top / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / name, top / "source" / name)
    build = [
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--wheel-dir",
        str(top),
        ".",
    ]
    subprocess.run(
        [sys.executable, "-m", "pip", *build], cwd=top / "source", check=True
    )
    [wheel] = top.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(top / "installed")
    return top / "installed"


def typed(installed: Path, folder: Path, *words: str) -> str:
    """What a command says that is installed there and nowhere else."""
    environment = os.environ | {"PYTHONPATH": str(installed)}
    begin = (
        f"import flows; assert {str(installed)!r} in flows.__path__[0]; from "
        "flows.__main__ import command; command()"
    )
    command = [sys.executable, "-P", "-c", begin, *words]
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


@pytest.mark.slow
def test_a_wheel_has_every_file_that_is_no_page_of_a_room(unpacked):
    """Styles, scripts, SQL, studies with their codelists, pages, what a new study
    begins with.
    """
    ours = [name for name in project_files(*ROOMS) if name.startswith(ROOMS)]
    wanted = [
        name for name in ours if Path(name).name not in ("README.md", "SEMANTICS.md")
    ]
    missing = [name for name in wanted if not (unpacked / name).is_file()]
    assert missing == [] and {Path(name).suffix for name in wanted} >= {
        ".py",
        ".css",
        ".js",
        ".sql",
        ".csv",
        ".md",
    }


@pytest.mark.slow
def test_a_wheel_lets_ehrql_be_found(unpacked, tmp_path):
    code = (
        f"import site; site.addsitedir({str(unpacked)!r}); import ehrql; "
        "print(ehrql.__file__)"
    )
    command = [sys.executable, "-I", "-c", code]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True
    )
    standin = unpacked / "measures" / "standin" / "ehrql"
    assert (standin / "py.typed").is_file()
    lines = (unpacked / "zz_cohortflow.pth").read_text(encoding="utf-8")
    assert (unpacked / lines.strip() / "ehrql") == standin
    assert done.stdout.endswith("ehrql/__init__.py\n")


@pytest.mark.slow
def test_a_wheel_alone_has_the_documentation_and_the_first_study(unpacked, tmp_path):
    assert typed(unpacked, tmp_path, "docs", "language") == language_manual()
    assert typed(unpacked, tmp_path, "docs", "tutorial").startswith("# Tutorial")
    typed(unpacked, tmp_path, "new", "my-study")
    assert "1 test passed" in typed(
        unpacked, tmp_path, "test", "my-study/definition.py"
    )
    assert "Nothing is wrong" in typed(unpacked, tmp_path, "check", "nhs_at_home")
    typed(unpacked, tmp_path, "docs", "site", "site")
    assert (tmp_path / "site" / "index.html").is_file()
