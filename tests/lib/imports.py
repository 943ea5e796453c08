"""Which module imports which, read from the files of a tree without running any of
it.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path


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
    """Collects the imports of one file; `modules` are all of the tree, to tell them
    from their contents.
    """

    def __init__(self, file: str, modules: frozenset[str]):
        self.file, self.modules, self.found = file, modules, list[Import]()
        self.hidden = self.typing = False

    def add(self, node: ast.AST, module: str) -> None:
        self.found.append(
            Import(
                self.file, getattr(node, "lineno", 0), module, self.hidden, self.typing
            )
        )

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.add(node, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = self.absolute("." * node.level + (node.module or ""))
        for alias in node.names:
            member = f"{base}.{alias.name}"
            self.add(node, member if member in self.modules else base)

    def visit_Call(self, node: ast.Call) -> None:
        called = (
            node.func.attr
            if isinstance(node.func, ast.Attribute)
            else getattr(node.func, "id", "")
        )
        name = node.args[0] if node.args else None
        if called in ("import_module", "__import__") and isinstance(name, ast.Constant):
            self.add(node, self.absolute(str(name.value)))
        self.generic_visit(node)

    def visit_FunctionDef(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    ) -> None:
        before, self.hidden = self.hidden, True
        self.generic_visit(node)
        self.hidden = before

    visit_AsyncFunctionDef = visit_Lambda = visit_FunctionDef

    def visit_If(self, node: ast.If) -> None:
        before, self.typing = (
            self.typing,
            self.typing or "TYPE_CHECKING" in ast.unparse(node.test),
        )
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


def sides(found: Import) -> tuple[str, str, str] | None:
    """Where two modules part: the folder that both are in, and what of it each is in;
    None for one within the other.

    `extractors.sql.query` and `extractors.planner.plan` part in `extractors`, as `sql`
    and `planner`.
    """
    ours, theirs = module_of(found.file).split("."), found.module.split(".")
    shared = 0
    while shared < min(len(ours), len(theirs)) and ours[shared] == theirs[shared]:
        shared += 1
    if not shared or shared == min(len(ours), len(theirs)):
        return None
    return ".".join(ours[:shared]), ours[shared], theirs[shared]


def is_module(name: str, folder: str, names: list[str]) -> bool:
    place = f"{folder.replace('.', '/')}/{name}"
    return f"{place}.py" in names or any(each.startswith(f"{place}/") for each in names)
