"""What a type checker says of definitions: nothing of right ones, and each typical
mistake.

One run of mypy reads all of them.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lib.places import CHECKOUT

TYPED = Path(__file__).parent / "typed"
TABLES = CHECKOUT / "extractors" / "tables"
STUDIES = [
    *sorted((CHECKOUT / "measures" / "studies").glob("*/definition.py")),
    *sorted((CHECKOUT / "flows" / "starting" / "study").glob("*/definition.py")),
]
CONFIG = """[mypy]
strict = true
python_version = 3.11
explicit_package_bases = true
mypy_path = {checkout}:{checkout}/measures/standin
"""
MISTAKE = re.compile(r"# no: (\S+)$")
SAID = re.compile(r"(?P<file>.+?):(?P<line>\d+): error: (?P<message>.*)")
EXAMPLE = re.compile(r"```python\n(from .+?)```", re.DOTALL)


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> dict[Path, list[tuple[int, str]]]:
    """What mypy says of each file: lines and messages."""
    top = tmp_path_factory.mktemp("types")
    config = top / "mypy.ini"
    config.write_text(CONFIG.format(checkout=CHECKOUT), encoding="utf-8")
    files = [*TYPED.glob("*.py"), *STUDIES, example_of_the_readme(top)]
    files += bodies(top / "bodies")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--no-error-summary"),
            *("--config-file", config, "--cache-dir", top / "cache", *files),
        ],
        cwd=top,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    found: dict[Path, list[tuple[int, str]]] = {}
    for line in done.stdout.splitlines():
        if match := SAID.fullmatch(line):
            place = found.setdefault((top / match["file"]).resolve(), [])
            place.append((int(match["line"]), match["message"]))
    return found


def example_of_the_readme(folder: Path) -> Path:
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    [example] = EXAMPLE.findall(text)
    path = folder / "of_the_readme.py"
    path.write_text(example, encoding="utf-8")
    return path


def bodies(folder: Path) -> list[Path]:
    """The modules of the tables without their stubs, which hide them from mypy."""
    folder.mkdir()
    made = []
    for path in TABLES.glob("*.py"):
        text = path.read_text(encoding="utf-8").replace("extractors.tables", "bodies")
        made.append(folder / path.name)
        made[-1].write_text(text, encoding="utf-8")
    assert len(made) > 9
    return made


def test_right_definitions_have_the_types_that_they_say(said):
    assert said.get(TYPED / "definitions.py") is None
    text = (TYPED / "definitions.py").read_text(encoding="utf-8")
    assert text.count("assert_type(") > 80


def test_each_mistake_is_refused_on_its_line(said):
    text = (TYPED / "mistakes.py").read_text(encoding="utf-8")
    wanted = {}
    for number, line in enumerate(text.splitlines(), 1):
        if match := MISTAKE.search(line):
            wanted[number] = match[1]
    got: dict[int, str] = {}
    for number, message in said[TYPED / "mistakes.py"]:
        got[number] = got.get(number, "") + message
    assert got.keys() == wanted.keys()
    without = {
        number: got[number]
        for number, word in wanted.items()
        if word not in got[number]
    }
    assert without == {}


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.parent.name)
def test_shipped_studies_have_no_mistake(said, path):
    assert said.get(path) is None


def test_the_example_of_the_readme_has_no_mistake(said):
    assert [path.name for path in said if path.name == "of_the_readme.py"] == []


def test_the_tables_bodies_have_no_mistake(said):
    """Beside a stub mypy does not read the module itself."""
    assert [path for path in said if path.parent.name == "bodies"] == []


def test_packages_say_that_they_have_types():
    for package in ("extractors", "measures", "flows", "measures/standin/ehrql"):
        assert (CHECKOUT / package / "py.typed").is_file()
