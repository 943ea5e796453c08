"""Writes the stubs of the shipped tables: what a type checker and an editor know of
them.

Python's types cannot say that a sorted frame has the columns of its table, or that a
picked row has each of them once per patient. So each table has a class for every state
in `extractors/tables/NAME.pyi`, made of the classes in `extractors/tables/NAME.py`:

    clinical_events                              ClinicalEvents
    clinical_events.sort_by(…)                   SortedClinicalEvents
    clinical_events.sort_by(…).last_for_patient()    ClinicalEventsRow

After a change of a table:

    .venv/bin/python -m tests.lib.table_stubs
"""

import ast
import copy
import importlib
import inspect
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from extractors.language import dates, frames
from extractors.language.base import REGISTRY
from extractors.language.frames import BaseFrame, PatientFrame
from tests.lib.places import CHECKOUT

TABLES = CHECKOUT / "extractors" / "tables"
MODULES = (
    "core",
    "tpp",
    "emis",
    "omop",
    "omop_core",
    "raw_core",
    "raw_tpp",
    "raw_emis",
    "smoketest",
)
IGNORED = "  # type: ignore[override]"
HEADER = '''"""Types of the tables in `{name}.py`; tests/lib/table_stubs.py writes them."""'''
# the names of annotations, and the modules that have them
HOMES = {
    "Any": "typing",
    "Collection": "collections.abc",
    "Self": "typing",
    "overload": "typing",
    "AnyDate": dates.__name__,
    "DateOfPatient": dates.__name__,
    "Span": dates.__name__,
    "Sortable": frames.__name__,
    "EventFrame": frames.__name__,
    "PatientFrame": frames.__name__,
}
for each in REGISTRY.values():
    HOMES[each.__name__] = each.__module__


def main() -> None:
    for name in MODULES:
        stub_path(name).write_text(formatted(stub(name)), encoding="utf-8")


def stub_path(name: str) -> Path:
    return TABLES / f"{name}.pyi"


def formatted(code: str) -> str:
    """The code as the formatter has it."""
    command = ["ruff", "format", "--stdin-filename", "stub.pyi", "-"]
    ruff = [str(Path(sys.executable).with_name(command[0])), *command[1:]]
    done = subprocess.run(
        ruff,
        input=code,
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=CHECKOUT,
    )
    return done.stdout


def stub(name: str) -> str:
    """The stub of a module of tables, before it is formatted."""
    module = importlib.import_module(f"extractors.tables.{name}")
    body: list[str] = []
    others: list[str] = []
    for table, frame in _frames(module):
        home = type(frame).__module__
        if home == module.__name__:
            body += _classes(table, frame)
        else:
            others.append(f"from {home} import {table} as {table}")
    code = "\n".join(body)
    return "\n".join([HEADER.format(name=name), *_imports(code), *others, code])


def _frames(module: ModuleType) -> Iterator[tuple[str, BaseFrame]]:
    for name, value in vars(module).items():
        if isinstance(value, BaseFrame):
            yield name, value


def _imports(code: str) -> Iterator[str]:
    """The lines that import the names of some code; ValueError for one without home."""
    tree = ast.parse(code)
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            names.add(node.id)
    if "datetime" in names:
        yield "import datetime"
    for name in sorted(names - own - {"datetime", "property", "str", "int"}):
        if name not in HOMES:
            raise ValueError(f"an annotation names {name!r}; give it a home in HOMES")
        yield f"from {HOMES[name]} import {name}"


def _classes(table: str, frame: BaseFrame) -> Iterator[str]:
    """The classes of a table's states, and the table."""
    name = "".join(word.capitalize() for word in table.split("_"))
    words = _first_words(frame)
    if isinstance(frame, PatientFrame):
        yield from _class(name, "PatientFrame", words, frame, row="")
        yield f"{table}: {name}"
        return
    row, ordered = f"{name}Row", f"Sorted{name}"
    said = f"One row of `{table}` for each patient."
    yield from _class(row, "PatientFrame", said, frame, row=row)
    yield from _class(name, "EventFrame", words, frame, row=row)
    # a frame of an author has columns that no checker knows, and these are known
    yield f"    def sort_by(self, *series: Sortable) -> {ordered}:{IGNORED}"
    yield f"        {_quoted(_first_paragraph(frames.EventFrame.sort_by.__doc__))}"
    yield f"class {ordered}({name}):"
    yield f'    """`{table}` in an order, of which the first or last row is picked."""'
    for pick in ("first_for_patient", "last_for_patient"):
        yield f"    def {pick}(self) -> {row}:"
        words = getattr(frames.SortedFrame, pick).__doc__
        yield f"        {_quoted(_first_paragraph(words))}"
    yield f"{table}: {name}"


def _first_words(frame: BaseFrame) -> str:
    """What a table's class says of itself, or its name."""
    for owner in type(frame).__mro__:
        if owner.__module__.startswith("extractors.tables") and owner.__doc__:
            return inspect.cleandoc(owner.__doc__)
    return f"The table `{frame._node.table.schema.name}`."


def _first_paragraph(text: str | None) -> str:
    return inspect.cleandoc(text or "").partition("\n\n")[0]


def _quoted(text: str | None) -> str:
    return f'"""{inspect.cleandoc(text or "")}"""'


def _class(
    name: str, base: str, words: str, frame: BaseFrame, *, row: str
) -> Iterator[str]:
    is_row = base == "PatientFrame"
    yield f"class {name}({base}):"
    yield textwrap.indent(_quoted(words), "    ")
    for column in frame._node.table.schema.columns:
        kind = REGISTRY[column.type, not is_row].__name__
        yield f"    {column.name}: {kind}"
    for function in _functions(type(frame)):
        if row == name and not _is_property(function):
            continue  # a picked row keeps columns and properties alone
        yield textwrap.indent(_declared(function, is_row, row), "    ")


def _functions(cls: type) -> Iterator[ast.FunctionDef]:
    """The public methods and properties that a table's classes add, overloads first."""
    found: dict[str, list[ast.FunctionDef]] = {}
    for owner in reversed(cls.__mro__):
        if not owner.__module__.startswith("extractors.tables"):
            continue
        own: dict[str, list[ast.FunctionDef]] = {}
        for node in _body(owner):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                own.setdefault(node.name, []).append(node)
        found |= own
    for several in found.values():
        *overloads, last = several
        for each in overloads or [last]:
            yield _with_words_of(each, last)


def _body(cls: type) -> list[ast.stmt]:
    """The statements of a class in the file of its module."""
    source = inspect.getsource(sys.modules[cls.__module__])
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and node.name == cls.__name__:
            return node.body
    return []


def _with_words_of(
    function: ast.FunctionDef, other: ast.FunctionDef
) -> ast.FunctionDef:
    """A declaration with the docstring of its implementation, and no other body."""
    made = copy.deepcopy(function)
    words = ast.get_docstring(other)
    made.body = [ast.Expr(ast.Constant(words or ...))]
    return made


def _is_property(function: ast.FunctionDef) -> bool:
    return any(ast.unparse(each) == "property" for each in function.decorator_list)


def _declared(function: ast.FunctionDef, is_row: bool, row: str) -> str:
    """A method with the types of one level: `Bool…` of both become that of this one."""
    returns = function.returns
    if isinstance(returns, ast.BinOp):
        names = ast.unparse(returns).split(" | ")
        level = "PatientSeries" if is_row else "EventSeries"
        [own] = [name for name in names if name.endswith(level)]
        function.returns = ast.Name(own)
    if isinstance(returns, ast.Name) and returns.id == "AnyRow":
        function.returns = ast.Name(row)
    words = ast.get_docstring(function)
    function.body = [ast.Expr(ast.Constant(...))]
    head = ast.unparse(ast.fix_missing_locations(function))
    if words is None:
        return head
    return (
        head.removesuffix("...").rstrip()
        + "\n"
        + textwrap.indent(_quoted(words), "    ")
    )


def parsed(code: str) -> str:
    """Code without its layout, so that two of the same meaning are the same."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = inspect.cleandoc(node.value)
    imports = sorted(ast.unparse(each) for each in _single_imports(tree.body))
    rest = [each for each in tree.body if not isinstance(each, ast.ImportFrom)]
    return "\n".join([*imports, *(ast.dump(each) for each in rest)])


def _single_imports(body: Iterable[ast.stmt]) -> Iterator[ast.ImportFrom]:
    """Each imported name by itself, as the linter may join and order them."""
    for each in body:
        if isinstance(each, ast.ImportFrom):
            for name in each.names:
                yield ast.ImportFrom(each.module, [name], each.level)


if __name__ == "__main__":
    main()
