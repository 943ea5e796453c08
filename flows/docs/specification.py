"""The executable specification as data: chapters, sections, and examples with what they
give.

The tests are read as text (`ast`) and never imported, so that the manual can be written
without what they need. A chapter is a folder of `tests/spec`, a section one of its
modules, and an example a test.
"""

import ast
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from extractors.errors import ArgumentsError

CHAPTERS = "chapters.py"
TESTS_OWN = ("draw", "OLD_ENGINES")  # what only tests have
# all that expected values name
VALUES = {"__builtins__": {}, "date": datetime.date, "range": range, "float": float}


@dataclass(frozen=True)
class Example:
    """A statement and its proof, both from one test."""

    # the name of the test as a sentence
    statement: str
    # as an author writes it
    code: str
    # frame -> drawn rows
    drawings: Mapping[str, str] = field(default_factory=dict)
    # patient -> name -> value; None where the test is not about values
    expected: Mapping[int, Mapping[str, Any]] | None = None
    # what comes of the code, where that can be said in short
    gives: str = ""
    # the drawn rows that measures give
    counts: str = ""


@dataclass(frozen=True)
class Section:
    """One file of tests, which is one section of the manual."""

    # its path
    file: str
    # of its heading
    title: str
    # one for each test, in the order of the file
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Chapter:
    """One folder of tests, which is one chapter of the manual."""

    # of its heading
    title: str
    # the docstring of the folder
    introduction: str
    # in the order of reading
    sections: tuple[Section, ...]


def read_specification(folder: Path) -> tuple[str, list[Chapter]]:
    """The introduction and the chapters; ArgumentsError if there is no specification in
    the folder.
    """
    if not (folder / CHAPTERS).is_file():
        raise ArgumentsError(
            f"The manual is made from the tests in {folder}, which are not there; "
            "run this in a checkout of cohortflow."
        )
    listed = Module(folder, folder / CHAPTERS)
    chapters = ast.literal_eval(listed.constants["CHAPTERS"])
    return listed.docstring, [
        Chapter(title, about, tuple(_sections(folder, name, order)))
        for name, title, about, order in chapters
    ]


def _sections(folder: Path, chapter: str, order: list[str]) -> Iterator[Section]:
    there = {
        path.stem.removeprefix("test_"): path
        for path in sorted((folder / chapter).glob("test_*.py"))
    }
    for name in dict.fromkeys([*(name for name in order if name in there), *there]):
        module = Module(folder, there[name])
        yield Section(
            f"{chapter}/{there[name].name}", module.docstring, tuple(module.examples())
        )


class Module:
    """One file of the specification."""

    def __init__(self, folder: Path, path: Path):
        self.folder, self.source = folder, path.read_text(encoding="utf-8")
        self.tree = ast.parse(self.source)

    @property
    def docstring(self) -> str:
        return ast.get_docstring(self.tree) or ""

    @cached_property
    def constants(self) -> dict[str, ast.expr]:
        """What the module calls by a name, also what it takes from other modules of the
        specification.
        """
        found: dict[str, ast.expr] = {}
        for node in self.tree.body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                "tests.spec."
            ):
                path = self.folder.joinpath(
                    *str(node.module).split(".")[2:]
                ).with_suffix(".py")
                theirs = Module(self.folder, path).constants
                found |= {
                    alias.asname or alias.name: theirs[alias.name]
                    for alias in node.names
                }
            found |= _assigned(node)
        return found

    @cached_property
    def helpers(self) -> dict[str, ast.FunctionDef]:
        functions = [
            node for node in self.tree.body if isinstance(node, ast.FunctionDef)
        ]
        # the others are pytest's
        plain = [function for function in functions if not function.decorator_list]
        return {
            function.name: function
            for function in plain
            if not function.name.startswith("test_")
        }

    def examples(self) -> Iterator[Example]:
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield Test(self, node).example()

    def text(self, node: ast.AST) -> str:
        """The source of a node, without the indentation of the line that it begins
        in.
        """
        assert isinstance(node, ast.stmt | ast.expr)
        begins = self.source.splitlines()[node.lineno - 1]
        margin = " " * (len(begins) - len(begins.lstrip()))
        return (ast.get_source_segment(self.source, node) or "").replace(
            f"\n{margin}", "\n"
        )


class Test:
    """One test, and the names it can see."""

    __test__ = False  # for pytest

    def __init__(self, module: Module, node: ast.FunctionDef):
        self.module, self.statement = module, ast.get_docstring(node) or node.name
        self.body = node.body[1:] if ast.get_docstring(node) else node.body
        self.parameters = dict(_parameters(node))
        first = {name: values[0] for name, values in self.parameters.items()}
        self.scope = {**module.constants, **first}
        for statement in self.body:
            self.scope |= _assigned(statement)

    def example(self) -> Example:
        last = self.body[-1]
        match last:
            case ast.Expr(value=ast.Call(func=ast.Name(id="spec")) as call):
                return self._of_spec(call)
            case ast.Expr(value=ast.Call(func=ast.Name(id="noted"), args=[words])):
                gives = f"`cohortflow check` warns: “…{ast.literal_eval(words)}…”"
                return Example(self.statement, self._all(*self.body[:-1]), gives=gives)
            case ast.Expr(
                value=ast.Call(
                    func=ast.Name(id="counted" | "grid"), args=[drawings, _, expected]
                )
            ):
                lines = [
                    line
                    for line in self.body[:-1]
                    if not _assigned(line).keys() & {*_names(drawings)}
                ]
                drawn, counts = (
                    self._drawn(drawings),
                    ast.literal_eval(self._resolved(expected)),
                )
                return Example(self.statement, self._all(*lines), drawn, counts=counts)
            case ast.With(items=[ast.withitem(context_expr=ast.Call() as raises)]) if (
                "raises" in ast.unparse(raises)
            ):
                return Example(
                    self.statement,
                    self._all(*self.body[:-1], *last.body),
                    gives=_refusal(raises),
                )
            case ast.Assert(test=ast.Compare(left=left, comparators=[right])):
                return Example(
                    self.statement,
                    self._all(*self._told(*self.body[:-1], left)),
                    gives=_result(right),
                )
        return Example(self.statement, self._all(*self._told(*self.body)))

    def _told(self, *nodes: ast.stmt | ast.expr) -> list[ast.stmt | ast.expr]:
        """Without the lines that make records or compute, and without those that need
        them.
        """
        hidden, told = set(TESTS_OWN), []
        for node in nodes:
            if hidden & {*_names(node)}:
                hidden |= (
                    _assigned(node).keys() if isinstance(node, ast.stmt) else set()
                )
            else:
                told.append(node)
        return told or list(nodes)

    def _of_spec(self, call: ast.Call) -> Example:
        drawings, series, expected = call.args
        keywords = {str(keyword.arg): keyword.value for keyword in call.keywords}
        shown = {
            name
            for node in (drawings, expected, *keywords.values())
            for name in _names(node)
        }
        shown -= {
            name
            for node in (series, *self.body[:-1])
            for name in _names(node, ast.Load)
        }
        lines = [
            statement
            for statement in self.body[:-1]
            if not shown & _assigned(statement).keys()
        ]
        if (
            lines
            and isinstance(series, ast.Name)
            and [*_assigned(lines[-1])] == [series.id]
        ):
            series = self._resolved(series)  # `rows = …` and then `rows` says it twice
            lines.pop()
        parts = [
            *self._interval(keywords),
            self._all(*lines),
            *self._population(keywords),
            *self._columns(series),
        ]
        return Example(
            self.statement,
            "\n".join(filter(None, parts)),
            self._drawn(drawings),
            self._values(expected),
        )

    def _interval(self, keywords: Mapping[str, ast.expr]) -> Iterator[str]:
        if "interval" in keywords:
            start, end = _evaluated(self._resolved(keywords["interval"]))
            yield f"# INTERVAL is {start} to {end}, both included"

    def _population(self, keywords: Mapping[str, ast.expr]) -> Iterator[str]:
        if "population" in keywords:
            yield f"dataset.define_population({self.module.text(self._resolved(keywords['population']))})"

    def _columns(self, series: ast.expr) -> Iterator[str]:
        if not isinstance(series, ast.Dict):
            yield self._all(series)
        else:
            for key, value in zip(series.keys, series.values, strict=True):
                yield (
                    f"dataset.{ast.literal_eval(key or value)} = "
                    f"{self.module.text(value)}"
                )

    def _all(self, *nodes: ast.stmt | ast.expr) -> str:
        """The source of some lines, and before it whatever names need that stand
        elsewhere.
        """
        names = dict.fromkeys(name for node in nodes for name in _names(node))
        choices = [
            (name, self.parameters[name]) for name in names if name in self.parameters
        ]
        said = [
            f"# {name}: {', '.join(map(self.module.text, values))}"
            for name, values in choices
        ]
        said += [
            f"{name} = {self.module.text(self.module.constants[name])}"
            for name in names
            if self._constant(name)
        ]
        helpers = [
            f"{self.module.text(self.module.helpers[name])}\n"
            for name in names
            if name in self.module.helpers
        ]
        return "\n".join([*said, *helpers, *map(self.module.text, nodes)])

    def _constant(self, name: str) -> bool:
        """Whether a name is a value of the module that readers should see, such as
        MARCH; drawn rows are shown.
        """
        value = self.module.constants.get(name)
        return (
            isinstance(value, ast.Call | ast.Tuple | ast.Attribute)
            and name not in self.parameters
        )

    def _drawn(self, node: ast.expr) -> dict[str, str]:
        drawn: dict[str, str] = {}
        resolved = self._resolved(node)
        assert isinstance(resolved, ast.Dict), ast.unparse(resolved)
        for key, value in zip(resolved.keys, resolved.values, strict=True):
            if key is None:
                drawn |= self._drawn(value)
            else:
                drawn[self._plain(key).rpartition(".")[2]] = ast.literal_eval(
                    self._resolved(value)
                )
        return drawn

    def _values(self, node: ast.expr) -> dict[int, dict[str, Any]]:
        names = {
            name: _evaluated(self.scope[name])
            for name in _names(node)
            if name in self.scope
        }
        values: dict[int, Any] = _evaluated(self._resolved(node), names)
        return {
            patient: value if isinstance(value, dict) else {"": value}
            for patient, value in values.items()
        }

    def _resolved(self, node: ast.expr) -> ast.expr:
        while isinstance(node, ast.Name) and node.id in self.scope:
            node = self.scope[node.id]
        return node

    def _plain(self, node: ast.expr) -> str:
        return ast.unparse(self._resolved(node))


def _assigned(statement: ast.stmt) -> dict[str, ast.expr]:
    """Name -> value of a plain assignment, also of several names at once."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return {name: value}
        case ast.Assign(
            targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)
        ):
            return {
                name.id: value
                for name, value in zip(targets, values, strict=True)
                if isinstance(name, ast.Name)
            }
    return {}


def _parameters(node: ast.FunctionDef) -> Iterator[tuple[str, list[ast.expr]]]:
    """What pytest gives a test: the parameter and its values."""
    for decorator in node.decorator_list:
        match decorator:
            case ast.Call(args=[ast.Constant(value=str(name)), ast.List(elts=values)]):
                yield name, values


def _names(node: ast.AST, use: type[ast.expr_context] = ast.expr_context) -> list[str]:
    return [
        each.id
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and isinstance(each.ctx, use)
    ]


def _evaluated(node: ast.expr, names: Mapping[str, Any] | None = None) -> Any:
    """An expected value; only numbers, strings, dates and what holds them can be
    written.
    """
    try:
        return eval(
            compile(ast.Expression(node), "<specification>", "eval"),
            {**VALUES, **(names or {})},
        )
    except NameError:
        return ast.unparse(node)


def _refusal(raises: ast.Call) -> str:
    kind = ast.unparse(raises.args[0])
    words = [
        ast.literal_eval(keyword.value).replace("\\", "")
        for keyword in raises.keywords
        if keyword.arg == "match"
    ]
    return (
        f"This is refused with {'an' if kind[0] in 'AEIOU' else 'a'} {kind}"
        + "".join(f": “…{word}…”" for word in words)
    )


def _result(node: ast.expr) -> str:
    """What a comparison expects; the strings alone of a call that only reads them."""
    if (
        isinstance(node, ast.Call)
        and node.args
        and all(isinstance(each, ast.Constant) for each in node.args)
    ):
        return "This gives " + ", ".join(
            str(ast.literal_eval(each)) for each in node.args
        )
    return f"This gives {ast.unparse(node)}"
