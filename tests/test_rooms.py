"""The walls of the house, read from its imports and its files.

Each check is a function of a tree and the names of the files in it, and gives its
complaints; each is shown below to complain about a planted breach and to let its
neighbours pass.
"""

import ast
import re
from collections.abc import Callable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.lib.breaches import BREACHES, NEIGHBOURS
from tests.lib.imports import (
    imports,
    is_module,
    module_of,
    parse,
    python_files,
    sides,
    within,
)
from tests.lib.letter_boxes import letter_boxes as changes_of
from tests.lib.not_yet_split import LONG_FILES, LONG_FUNCTIONS
from tests.lib.places import CHECKOUT, project_files
from tests.lib.statements import file_statements

ROOMS = ("extractors", "measures", "flows")
PAGES = {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"}
TOP_LEVEL = {
    "pyproject.toml",
    "setup.py",
    *PAGES,
    ".gitignore",
    ".pre-commit-config.yaml",
    ".ci",
    *ROOMS,
    "tests",
    "infra",
}

# What may be imported where; a name covers all that is below it.
ALLOWED = {
    "measures": ("measures/", "flows/"),
    "flows": ("flows/",),
    "extractors.engine": ("extractors/", "flows/"),
    "duckdb": ("extractors/engine.py",),
    "prefect": ("flows/",),
    "prefect_dask": ("flows/",),
    "dask": ("flows/",),
    "distributed": ("flows/",),
}
# From top to ground: a folder or file of a room imports only what comes after it.
FLOORS = {
    "flows": (
        "__main__",
        "command",
        "serving",
        "trying",
        "project",  # what `project.yaml` says, and what is done about it
        "running",
        "telling",
        "docs",
        "starting",
        "keeping",  # backups and their way back
        "state",
        "preparing",
        "workspace",
        "prefect_server",
    ),
    "measures": (
        "sites",  # releases of several places in, one out
        "describe",  # what a study's variables and codes look like
        "release",
        "statistics",  # formulas for released numbers
        "disclosure",
        "notebook",  # measures at the end of a cell
        "seen",
        "on_rows",
        "attrition",  # who is left after each condition
        "trying_old",  # an old study on hand-written rows
        "asking",  # what a definition asks, in words
        "counts",
        "codelists",
        "loading",
        "closed",
        "standin",  # our `ehrql`
        "cohortextractor",  # the second front end
        "study",
        "legal",  # what the description of a study may say
        "arrival",
        "definitions",
        "doubts",  # of what an author says of measures
        "standards",
        "describing",  # what an author says of a study
        "telling",
        "labels",
        "amounts",
    ),
}
# Folders that read released numbers, and of the rooms beside them nothing else.
READERS = {
    "measures/release/": (
        "measures.release",
        "measures.statistics",
        "measures.disclosure.types",
        "measures.counts.columns",
    ),
    "measures/sites/": (
        "measures.sites",
        "measures.release",
        "measures.statistics",
        "measures.counts.columns",
    ),
}
# The command loads the pipeline, and with it prefect (3 s), only when a run starts.
MAY_HIDE = {
    ("flows/__main__.py", "measures.closed.process"),
    # what is loaded later is asked earlier when a process ends
    ("flows/__main__.py", "flows.command.cli"),
    # only where a shell asks what may be typed
    ("flows/__main__.py", "flows.command.completing"),
    # and with it Prefect, which takes seconds to load
    ("flows/command/computing.py", "flows.command.by_command"),
    ("flows/command/cli.py", "flows.serving.command"),  # and with it cryptography
    # `evaluate` on first use only: it loads DuckDB, which an author's closed process
    # must not have
    ("extractors/__init__.py", "extractors.evaluation"),
    ("extractors/__init__.py", "extractors.time.whole_cohort"),
    # the same of what a notebook shows
    ("extractors/notebook.py", "extractors.seen"),
    ("measures/notebook.py", "measures.seen"),
    ("flows/command/cli.py", "flows.command.auditing"),
    ("flows/command/of_sites.py", "flows.command.combining"),
    ("flows/command/of_sites.py", "flows.command.siting"),
    ("flows/command/cli.py", "flows.command.approving"),  # and with it Dask
    ("flows/command/cli.py", "flows.command.cleaning"),  # and with it cryptography
    # and with it what reads a release
    ("flows/command/cli.py", "flows.command.tabling"),
    ("flows/command/cli.py", "flows.command.projecting"),  # and with it yaml
    ("flows/command/cli.py", "flows.command.documenting"),  # and with it all pages
    # and with it what draws charts
    ("flows/command/cli.py", "flows.command.reporting"),
    ("flows/command/cli.py", "flows.command.trying_out"),  # and with it what counts
    ("flows/command/cli.py", "flows.command.inside"),  # the same
    ("flows/command/cli.py", "flows.command.describing"),  # and with it what draws
    ("flows/command/cli.py", "flows.trying.testing"),  # and with it DuckDB
    ("flows/command/plan_command.py", "flows.command.changing"),  # the same
    ("measures/__init__.py", "measures.on_rows"),
    ("measures/cohortextractor/__init__.py", "measures.trying_old"),
}
# A front end's `evaluate`, which is used by people and by nothing below: it may lead
# upwards.
DOORS = {("measures/cohortextractor/__init__.py", "measures.trying_old")}

# Folders whose every module has a test file named after it, in the same folder of
# tests/unit.
TESTED = ("extractors/planner/", "measures/disclosure/")

# Lists, dicts and sets of a module that its functions change. None carries a message
# from one to another.
NO_LETTER_BOXES = {
    # the engines that are open, so that a thread's can be interrupted
    ("extractors/engine.py", "_OPEN"),
    # filled by a decorator while modules load
    ("extractors/language/base.py", "REGISTRY"),
    ("extractors/language/frames.py", "declared"),  # the same, of tables
    ("extractors/language/frames.py", "_sorted_classes"),  # a cache
    ("extractors/language/frames.py", "_picked_classes"),  # a cache
    # a cache, which forgets after a while
    ("extractors/sources/postgresql/state.py", "_kept"),
}

# Where a path becomes SQL: only there it is known to mean itself.
FILES_IN_SQL = "extractors/sql/files.py"

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
LISTS = "extractors/tables/"  # an author's tables are lists of columns, long by nature

# Spelled so that this file is not one of those they find.
INDEX_HOST = re.compile(
    r"pyp[i]\.(org|python)|pythonhoste[d]|/simpl[e]/", re.IGNORECASE
)
ADDRESS = re.compile(r"\w+:/[/]")
# not within a relative path, a variable's path or an address
BEFORE = r"(?<![\w.$/~})\]*-])"
HOME = re.compile(BEFORE + r"/(?:work|root|home|Users)/")
SCRATCH = re.compile(BEFORE + r"/(?:tmp|var/folders)/")

Check = Callable[[Path, list[str]], Iterator[str]]


def walls(tree: Path, names: list[str]) -> Iterator[str]:
    for found in imports(tree, names):
        for name, allowed in ALLOWED.items():
            if within(found.module, name) and not found.file.startswith(allowed):
                yield f"{found}, which only {' and '.join(allowed)} may"


def hidden_imports(tree: Path, names: list[str]) -> Iterator[str]:
    for found in imports(tree, names):
        ours = found.module.split(".")[0] in ROOMS
        if ours and found.hidden and (found.file, found.module) not in MAY_HIDE:
            yield f"{found} inside a function; move it to the top"


def cycles(tree: Path, names: list[str]) -> Iterator[str]:
    """One cycle at a time: graphlib names the first it meets."""
    graph: dict[str, set[str]] = {}
    for found in imports(tree, names):
        if not found.typing:
            graph.setdefault(module_of(found.file), set()).add(found.module)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield "import cycle: " + " <- ".join(error.args[1])


def folder_circles(tree: Path, names: list[str]) -> Iterator[str]:
    """What lies in one folder, files and folders, import each other in one direction
    only.
    """
    graphs: dict[str, dict[str, set[str]]] = {}
    for found in imports(tree, names):
        door = (found.file, found.module) in DOORS
        if not found.typing and not door and (parted := sides(found)):
            folder, here, there = parted
            graphs.setdefault(folder, {}).setdefault(here, set()).add(there)
    for folder, graph in graphs.items():
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            yield f"circle of folders in {folder}: " + " <- ".join(error.args[1])


def floors(tree: Path, names: list[str]) -> Iterator[str]:
    for found in imports(tree, names):
        parted = sides(found)
        door = (found.file, found.module) in DOORS
        if door or parted is None or parted[0] not in FLOORS:
            continue
        folder, here, there = parted
        order = FLOORS[folder]
        for name in (here, there):
            if name not in order and is_module(name, folder, names):
                yield f"{folder}/{name} has no floor; give it a place in FLOORS"
        if here in order and there in order and order.index(here) > order.index(there):
            yield f"{found}, which lies above {folder}/{here}"


def readers(tree: Path, names: list[str]) -> Iterator[str]:
    for found in imports(tree, names):
        for folder, allowed in READERS.items():
            if not found.file.startswith(folder) or not within(
                found.module, "measures"
            ):
                continue
            if not any(within(found.module, name) for name in allowed):
                yield f"{found}; {folder} reads released counts and nothing else"


def untested(tree: Path, names: list[str]) -> Iterator[str]:
    """A package with code of its own is a module named after its folder."""
    for name in python_files(names):
        module = Path(name)
        if not name.startswith(TESTED):
            continue
        if module.stem == "__init__" and len(parse(tree / name).body) <= 1:
            continue
        stem = module.parent.name if module.stem == "__init__" else module.stem
        wanted = (Path("tests/unit") / module.parent / f"test_{stem}.py").as_posix()
        if wanted not in names:
            yield f"{name} has no test file named after it; give it {wanted}"


def long_files(tree: Path, names: list[str]) -> Iterator[str]:
    for name in python_files(names):
        lines = len((tree / name).read_text(encoding="utf-8").splitlines())
        most = LONG_FILES.get(name, LONGEST_FILE)
        if lines > most and not name.startswith(LISTS):
            yield f"{name} has {lines} lines; split it, {most} are the most"


def long_functions(tree: Path, names: list[str]) -> Iterator[str]:
    for name in python_files(names):
        for node in ast.walk(parse(tree / name)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                most = LONG_FUNCTIONS.get((name, node.name), LONGEST_FUNCTION)
                if lines > most and not name.startswith(LISTS):
                    yield (
                        f"{name}:{node.lineno} {node.name} has {lines} lines; "
                        f"{most} are the most"
                    )


def letter_boxes(tree: Path, names: list[str]) -> Iterator[str]:
    """What is handed over is handed over in a signature."""
    for name in python_files(names):
        if not name.startswith("tests/"):
            for line, box in changes_of(tree / name):
                if (name, box) not in NO_LETTER_BOXES:
                    yield (
                        f"{name}:{line} changes {box} of a module; hand it over in a "
                        "signature"
                    )


def files_in_sql(tree: Path, names: list[str]) -> Iterator[str]:
    for name in names:
        if name.split("/")[0] in ROOMS and name != FILES_IN_SQL:
            for line, word in file_statements(tree / name):
                yield f"{name}:{line} says {word} in SQL; let {FILES_IN_SQL} say it"


def strangers(tree: Path, names: list[str]) -> Iterator[str]:
    for top in sorted({Path(name).parts[0] for name in names} - TOP_LEVEL):
        yield (
            f"{top} does not belong at the top; the house has "
            f"{', '.join(sorted(TOP_LEVEL))}"
        )


def addresses(tree: Path, names: list[str]) -> Iterator[str]:
    """An index is a setting of the machine; in a pinned file no address belongs at
    all.
    """
    yield from matches(tree, names, INDEX_HOST, "names a package index")
    pinned = [
        name
        for name in names
        if name == "pyproject.toml" or name.startswith("infra/requirements")
    ]
    yield from matches(tree, pinned, ADDRESS, "holds an address")


def machine_paths(tree: Path, names: list[str]) -> Iterator[str]:
    yield from matches(tree, names, HOME, "holds a path of one machine")
    shipped = [name for name in names if not name.startswith("tests/")]
    yield from matches(tree, shipped, SCRATCH, "holds a path of one machine")


def matches(
    tree: Path, names: list[str], pattern: re.Pattern[str], what: str
) -> Iterator[str]:
    for name in names:
        lines = (tree / name).read_text(encoding="utf-8", errors="replace").splitlines()
        for number, line in enumerate(lines, start=1):
            if pattern.search(line):
                yield f"{name}:{number} {what}"


CHECKS: list[Check] = [
    walls,
    hidden_imports,
    cycles,
    folder_circles,
    floors,
    readers,
    untested,
    long_files,
    long_functions,
    letter_boxes,
    files_in_sql,
    strangers,
    addresses,
    machine_paths,
]


BY_NAME = {check.__name__: check for check in CHECKS}


@pytest.fixture(scope="session")
def names() -> list[str]:
    return project_files(*sorted(TOP_LEVEL))


@pytest.mark.parametrize("check", CHECKS)
def test_house_keeps_its_walls(check: Check, names):
    assert list(check(CHECKOUT, names)) == []


def test_all_rooms_are_looked_at(names):
    assert {found.file.split("/")[0] for found in imports(CHECKOUT, names)} >= set(
        ROOMS
    ) - {"flows"}


def complaints(check: Check, tree: Path, files: dict[str, str]) -> list[str]:
    for name, content in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(content, encoding="utf-8")
    return list(check(tree, list(files)))


@pytest.mark.parametrize(("check", "files", "complaint"), BREACHES)
def test_breach_is_found(check, files, complaint, tmp_path):
    found = complaints(BY_NAME[check], tmp_path, files)
    assert len(found) == 1
    assert complaint in found[0]


@pytest.mark.parametrize(("check", "files"), NEIGHBOURS)
def test_neighbour_of_a_breach_passes(check, files, tmp_path):
    assert complaints(BY_NAME[check], tmp_path, files) == []


def test_every_check_is_shown_to_fail():
    assert {check for check, *_ in BREACHES} == set(BY_NAME)
    assert {check for check, _ in NEIGHBOURS} == set(BY_NAME)


def test_what_is_not_yet_split_is_as_long_as_listed():
    """A file or a function that became shorter lowers its number, or leaves the list."""
    lines = {name: (CHECKOUT / name).read_text(encoding="utf-8") for name in LONG_FILES}
    assert {name: len(text.splitlines()) for name, text in lines.items()} == LONG_FILES
    found = {}
    for name, function in LONG_FUNCTIONS:
        for node in ast.walk(parse(CHECKOUT / name)):
            if isinstance(node, ast.FunctionDef) and node.name == function:
                found[name, function] = (node.end_lineno or 0) - node.lineno + 1
    assert found == LONG_FUNCTIONS
    assert min(LONG_FILES.values()) > LONGEST_FILE
    assert min(LONG_FUNCTIONS.values()) > LONGEST_FUNCTION
