"""The walls of the house, read from its imports and its files.

Each check is a function of a tree and the names of the files in it, and gives its complaints; each
is shown below to complain about a planted breach and to let its neighbours pass.
"""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
ROOMS = ("extractors", "measures", "flows")
TOP_LEVEL = {"pyproject.toml", "README.md", ".gitignore", ".ci", *ROOMS, "tests", "infra"}

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
# The command loads the pipeline, and with it prefect (3 s), only when a run starts.
MAY_HIDE = {
    ("flows/__main__.py", "measures.closed.process"),
    ("flows/__main__.py", "flows.cli"),  # what is loaded later is asked earlier when a process ends
    ("flows/cli.py", "flows.by_command"),  # and with it Prefect, which takes seconds to load
    ("flows/cli.py", "flows.serving.command"),  # and with it cryptography
    # `evaluate` on first use only: it loads DuckDB, which an author's closed process must not have
    ("extractors/__init__.py", "extractors.trying"),
    ("extractors/__init__.py", "extractors.whole_cohort"),
    ("flows/cli.py", "flows.audit"),
    ("measures/__init__.py", "measures.trying"),
}

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
LISTS = "extractors/tables/"  # an author's tables are lists of columns, long by nature

# Spelled so that this file is not one of those they find.
INDEX_HOST = re.compile(r"pyp[i]\.(org|python)|pythonhoste[d]|/simpl[e]/", re.IGNORECASE)
ADDRESS = re.compile(r"\w+:/[/]")
BEFORE = r"(?<![\w.$/~})\]*-])"  # not within a relative path, a variable's path or an address
HOME = re.compile(BEFORE + r"/(?:work|root|home|Users)/")
SCRATCH = re.compile(BEFORE + r"/(?:tmp|var/folders)/")

Check = Callable[[Path, list[str]], Iterator[str]]


@dataclass(frozen=True)
class Import:
    """One imported module: `hidden` in a function, or for `typing` only."""

    file: str
    line: int
    module: str
    hidden: bool
    typing: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


class ImportReader(ast.NodeVisitor):
    """Collects the imports of one file; `modules` are all of the tree, to tell them from their contents."""

    def __init__(self, file: str, modules: frozenset[str]):
        self.file, self.modules, self.found = file, modules, list[Import]()
        self.hidden = self.typing = False

    def add(self, node: ast.AST, module: str) -> None:
        self.found.append(Import(self.file, getattr(node, "lineno", 0), module, self.hidden, self.typing))

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.add(node, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = self.absolute("." * node.level + (node.module or ""))
        for alias in node.names:
            member = f"{base}.{alias.name}"
            self.add(node, member if member in self.modules else base)

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        name = node.args[0] if node.args else None
        if called in ("import_module", "__import__") and isinstance(name, ast.Constant):
            self.add(node, self.absolute(str(name.value)))
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        before, self.hidden = self.hidden, True
        self.generic_visit(node)
        self.hidden = before

    visit_AsyncFunctionDef = visit_Lambda = visit_FunctionDef

    def visit_If(self, node: ast.If) -> None:
        before, self.typing = self.typing, self.typing or "TYPE_CHECKING" in ast.unparse(node.test)
        for part in node.body:
            self.visit(part)
        self.typing = before
        for otherwise in (node.test, *node.orelse):
            self.visit(otherwise)

    def absolute(self, module: str) -> str:
        name = module.lstrip(".")
        level = len(module) - len(name)
        package = Path(self.file).parts[:-1]
        above = package[: len(package) - level + 1] if level else ()
        return ".".join([*above, name] if name else above)


def module_of(file: str) -> str:
    return ".".join(Path(file).with_suffix("").parts).removesuffix(".__init__")


def python_files(names: list[str]) -> list[str]:
    return [name for name in names if name.endswith(".py")]


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(tree: Path, names: list[str]) -> Iterator[Import]:
    """Those of all files but the tests, which may reach for anything."""
    files = [name for name in python_files(names) if not name.startswith("tests/")]
    modules = frozenset(map(module_of, files))
    for file in files:
        reader = ImportReader(file, modules)
        reader.visit(parse(tree / file))
        yield from reader.found


def within(module: str, name: str) -> bool:
    return module == name or module.startswith(name + ".")


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


def long_files(tree: Path, names: list[str]) -> Iterator[str]:
    for name in python_files(names):
        lines = len((tree / name).read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_FILE and not name.startswith(LISTS):
            yield f"{name} has {lines} lines; split it, {LONGEST_FILE} are the most"


def long_functions(tree: Path, names: list[str]) -> Iterator[str]:
    for name in python_files(names):
        for node in ast.walk(parse(tree / name)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION and not name.startswith(LISTS):
                    yield f"{name}:{node.lineno} {node.name} has {lines} lines; {LONGEST_FUNCTION} are the most"


def strangers(tree: Path, names: list[str]) -> Iterator[str]:
    for top in sorted({Path(name).parts[0] for name in names} - TOP_LEVEL):
        yield f"{top} does not belong at the top; the house has {', '.join(sorted(TOP_LEVEL))}"


def addresses(tree: Path, names: list[str]) -> Iterator[str]:
    """An index is a setting of the machine; in a pinned file no address belongs at all."""
    yield from matches(tree, names, INDEX_HOST, "names a package index")
    pinned = [name for name in names if name == "pyproject.toml" or name.startswith("infra/requirements")]
    yield from matches(tree, pinned, ADDRESS, "holds an address")


def machine_paths(tree: Path, names: list[str]) -> Iterator[str]:
    yield from matches(tree, names, HOME, "holds a path of one machine")
    shipped = [name for name in names if not name.startswith("tests/")]
    yield from matches(tree, shipped, SCRATCH, "holds a path of one machine")


def matches(tree: Path, names: list[str], pattern: re.Pattern[str], what: str) -> Iterator[str]:
    for name in names:
        lines = (tree / name).read_text(encoding="utf-8", errors="replace").splitlines()
        for number, line in enumerate(lines, start=1):
            if pattern.search(line):
                yield f"{name}:{number} {what}"


CHECKS: list[Check] = [
    walls,
    hidden_imports,
    cycles,
    long_files,
    long_functions,
    strangers,
    addresses,
    machine_paths,
]


def git_files(*arguments: str) -> list[str]:
    # A checkout may belong to somebody else than who tests it; reading the names is harmless.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", *arguments]
    listed = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    return listed.stdout.split("\0")


@pytest.fixture(scope="session")
def names() -> list[str]:
    """What git tracks, and what in the rooms it would: a new file is judged before it is committed."""
    if not (CHECKOUT / ".git").exists():
        pytest.skip("not a git checkout, so it can't be told which files are the project's")
    new = git_files("--others", "--exclude-standard", "--", *sorted(TOP_LEVEL))
    return sorted(name for name in {*git_files(), *new} if name and (CHECKOUT / name).is_file())


@pytest.mark.parametrize("check", CHECKS)
def test_house_keeps_its_walls(check: Check, names):
    assert list(check(CHECKOUT, names)) == []


def test_all_rooms_are_looked_at(names):
    assert {found.file.split("/")[0] for found in imports(CHECKOUT, names)} >= set(ROOMS) - {"flows"}


def complaints(check: Check, tree: Path, files: dict[str, str]) -> list[str]:
    for name, content in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(content, encoding="utf-8")
    return list(check(tree, list(files)))


ENGINE = {"extractors/engine.py": "import duckdb"}
TYPING = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {}\nelse:\n    {}"
LONG = "def f():\n" + "    pass\n" * LONGEST_FUNCTION
ROOT, TEMPORARY = "/roo" + "t/x", "/tm" + "p/x"

BREACHES: list[tuple[Check, dict[str, str], str]] = [
    (walls, {"extractors/a.py": "import measures.release"}, "extractors/a.py:1 imports measures.release"),
    (walls, {"extractors/a.py": "from flows import cli"}, "imports flows"),
    (walls, {"measures/a.py": "import flows"}, "measures/a.py:1 imports flows"),
    (walls, {"infra/a.py": "import flows"}, "infra/a.py:1"),
    (walls, {"measures/a.py": "from extractors.engine import Engine"}, "imports extractors.engine"),
    (walls, ENGINE | {"measures/a.py": "from extractors import engine"}, "imports extractors.engine"),
    (walls, ENGINE | {"measures/b/a.py": "from ...extractors import engine"}, "imports extractors.engine"),
    (walls, {"measures/a.py": TYPING.format("import prefect", "pass")}, "measures/a.py:3 imports prefect"),
    (walls, {"measures/a.py": TYPING.format("pass", "import dask.array")}, "imports dask.array"),
    (walls, {"extractors/a.py": "def f():\n    from distributed import Client"}, "imports distributed"),
    (walls, {"extractors/a.py": "x = lambda: __import__('duckdb')"}, "imports duckdb"),
    (walls, {"measures/engine.py": "import duckdb"}, "imports duckdb"),
    (walls, {"flows/a.py": "import importlib\nimportlib.import_module('duckdb')"}, "flows/a.py:2"),
    (hidden_imports, {"measures/a.py": "def f():\n    import measures.b"}, "measures/a.py:2"),
    (hidden_imports, {"measures/a.py": "class A:\n    async def f(self): from . import b"}, "inside a function"),
    (hidden_imports, {"flows/cli.py": "def f():\n    import flows.store"}, "imports flows.store"),
    (hidden_imports, {"flows/periods.py": "def f():\n    import flows.pipeline"}, "flows/periods.py:2"),
    (
        cycles,
        {
            "measures/a.py": "import measures.b",
            "measures/b.py": "from measures import c",
            "measures/c.py": "from .a import x",
        },
        "import cycle: ",
    ),
    (cycles, {"measures/a.py": "from measures.a import x"}, "measures.a"),
    (cycles, {"measures/__init__.py": "from .a import x", "measures/a.py": "from measures import x"}, "cycle"),
    (long_files, {"tests/a.py": "\n" * 401}, "tests/a.py has 401 lines"),
    (long_functions, {"measures/a.py": "class A:\n    async " + LONG.replace("\n", "\n    ")}, "a.py:2 f has 51"),
    (strangers, {"measures/a.py": "", "setup.cfg": ""}, "setup.cfg does not belong"),
    (strangers, {"scripts/a.py": ""}, "scripts does not belong"),
    (addresses, {"infra/pip.conf": "index-url = files.python" + "hosted.org"}, "infra/pip.conf:1"),
    (addresses, {"README.md": "\nfrom PyP" + "I.org"}, "README.md:2 names a package index"),
    (addresses, {"infra/requirements.txt": "--find-links file:/" + "/wheels"}, "holds an address"),
    (machine_paths, {"tests/unit/a.py": f"open('{ROOT}')"}, "tests/unit/a.py:1"),
    (machine_paths, {"infra/run": f"cd {ROOT}"}, "infra/run:1"),
    (machine_paths, {"flows/a.py": f"x = '{TEMPORARY}'"}, "flows/a.py:1"),
]

NEIGHBOURS: list[tuple[Check, dict[str, str]]] = [
    (walls, ENGINE),
    (walls, {"flows/a.py": "import dask, distributed, prefect, measures, extractors.engine, flows.store"}),
    (walls, {"measures/a.py": "import extractors.sources\nfrom extractors import weeks, engineering"}),
    (walls, {"extractors/sources/a.py": "from extractors.engine import Engine"}),
    (walls, {"tests/a.py": "import duckdb, flows, prefect"}),
    (walls, {"extractors/a.py": "import duckdbish, daskfoo"}),
    (hidden_imports, {"flows/cli.py": "def f():\n    from flows import by_command", "flows/by_command.py": ""}),
    (hidden_imports, {"measures/a.py": "def f():\n    import json\nimport measures.b"}),
    (
        cycles,
        {"measures/a.py": TYPING.format("import measures.b", "pass"), "measures/b.py": "import measures.a"},
    ),
    (
        cycles,
        {"measures/__init__.py": "from .a import x", "measures/a.py": "from measures import b", "measures/b.py": ""},
    ),
    (long_files, {"measures/a.py": "\n" * 400, "extractors/tables/tpp.py": "\n" * 401, "infra/x.txt": "\n" * 401}),
    (long_functions, {"measures/a.py": LONG.replace("    pass\n", "", 1), "extractors/tables/a.py": LONG}),
    (strangers, {".ci/run": "", "pyproject.toml": "", "infra/deep/setup.cfg": ""}),
    (addresses, {"README.md": "https:/" + "/example.org", "infra/run": "PIP_FIND_LINKS=FOLDER"}),
    (machine_paths, {"tests/a.py": TEMPORARY, "infra/run": "#!/usr/bin/env bash\ncd $HOME" + ROOT}),
]


@pytest.mark.parametrize(("check", "files", "complaint"), BREACHES)
def test_breach_is_found(check: Check, files, complaint, tmp_path):
    found = complaints(check, tmp_path, files)
    assert len(found) == 1
    assert complaint in found[0]


@pytest.mark.parametrize(("check", "files"), NEIGHBOURS)
def test_neighbour_of_a_breach_passes(check: Check, files, tmp_path):
    assert complaints(check, tmp_path, files) == []


def test_every_check_is_shown_to_fail():
    assert {check for check, *_ in BREACHES} == set(CHECKS) == {check for check, _ in NEIGHBOURS}
