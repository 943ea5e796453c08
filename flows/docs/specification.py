"""The executable specification as data: chapters, sections, and examples with what they
give.

The tests are read as text (`ast`) and never imported, so that the manual can be written
without what they need. A chapter is a folder of `tests/spec`, a section one of its
modules, and an example a test.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from extractors.errors import ArgumentsError
from flows.docs.statements import (
    assigned,
    evaluated,
    names_in,
    parameters,
    refusal,
    result,
)

CHAPTERS = "chapters.py"
TESTS_OWN = ("draw", "OLD_ENGINES")  # what only tests have


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
            "The manual is made from the tests, which are not there; run this in a "
            f"checkout of cohortflow: {folder}"
        )
    listed = Module(folder, folder / CHAPTERS)
    chapters = ast.literal_eval(listed.constants["CHAPTERS"])
    return listed.docstring, [
        Chapter(title, about, tuple(_sections(folder, name, order)))
        for name, title, about, order in chapters
    ]


def _sections(folder: Path, chapter: str, order: list[str]) -> Iterator[Section]:
    there = {}
    for path in sorted((folder / chapter).glob("test_*.py")):
        there[path.stem.removeprefix("test_")] = path
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
            found |= assigned(node)
        return found

    @cached_property
    def helpers(self) -> dict[str, ast.FunctionDef]:
        functions = []
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef):
                functions.append(node)
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
        self.parameters = dict(parameters(node))
        first = {name: values[0] for name, values in self.parameters.items()}
        self.scope = {**module.constants, **first}
        for statement in self.body:
            self.scope |= assigned(statement)

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
                lines = []
                for line in self.body[:-1]:
                    if not assigned(line).keys() & {*names_in(drawings)}:
                        lines.append(line)
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
                    gives=refusal(raises),
                )
            case ast.Assert(test=ast.Compare(left=left, comparators=[right])):
                return Example(
                    self.statement,
                    self._all(*self._visible(*self.body[:-1], left)),
                    gives=result(right),
                )
        return Example(self.statement, self._all(*self._visible(*self.body)))

    def _visible(self, *nodes: ast.stmt | ast.expr) -> list[ast.stmt | ast.expr]:
        """Without the lines that make records or compute, and without those that need
        them.
        """
        hidden, visible = set(TESTS_OWN), []
        for node in nodes:
            if hidden & {*names_in(node)}:
                hidden |= assigned(node).keys() if isinstance(node, ast.stmt) else set()
            else:
                visible.append(node)
        return visible or list(nodes)

    def _of_spec(self, call: ast.Call) -> Example:
        drawings, series, expected = call.args
        keywords = {str(keyword.arg): keyword.value for keyword in call.keywords}
        named = (drawings, expected, *keywords.values())
        shown = set(chain.from_iterable(map(names_in, named)))
        # what the code itself uses is seen there already
        for node in (series, *self.body[:-1]):
            shown.difference_update(names_in(node, ast.Load))
        lines = []
        for statement in self.body[:-1]:
            if not shown & assigned(statement).keys():
                lines.append(statement)
        if (
            lines
            and isinstance(series, ast.Name)
            and [*assigned(lines[-1])] == [series.id]
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
            start, end = evaluated(self._resolved(keywords["interval"]))
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
        """The source of some lines, after the lines elsewhere in the module that define
        their names.
        """
        names = dict.fromkeys(chain.from_iterable(map(names_in, nodes)))
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
        names = {}
        for name in names_in(node):
            if name in self.scope:
                names[name] = evaluated(self.scope[name])
        values: dict[int, Any] = evaluated(self._resolved(node), names)
        found: dict[int, dict[str, Any]] = {}
        for patient, value in values.items():
            found[patient] = value if isinstance(value, dict) else {"": value}
        return found

    def _resolved(self, node: ast.expr) -> ast.expr:
        while isinstance(node, ast.Name) and node.id in self.scope:
            node = self.scope[node.id]
        return node

    def _plain(self, node: ast.expr) -> str:
        return ast.unparse(self._resolved(node))
