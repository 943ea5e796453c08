"""Which names a statement makes, and which it uses: what fails for want of them is no
further mistake.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

Attribute = tuple[str, str]  # of a name, such as ("dataset", "age")
OWN_NAMES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# methods whose first argument names an attribute
NAMING = {"add_column", "add_event_table"}
# Where defaults are refused, each measure that relies on them would complain.
LACKING = {
    "define_defaults": "define_measure",
    "define_population": "define_population",
}


@dataclass
class Bindings:
    """Names, and attributes of names."""

    # that a line binds
    names: set[str] = field(default_factory=set)
    # a name and its attribute, as `dataset.sex`
    attributes: set[Attribute] = field(default_factory=set)
    # whatever a module has
    anything: bool = False

    def add(self, other: "Bindings") -> None:
        self.names |= other.names
        self.attributes |= other.attributes
        self.anything |= other.anything

    def touch(self, other: "Bindings") -> bool:
        return bool(self.names & other.names or self.attributes & other.attributes)


def made_by(statement: ast.AST) -> Bindings:
    """What a statement would have bound, had it gone well."""
    made = Bindings()
    for node in _of_its_own(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                made.names.add(name)
            case ast.Attribute(
                value=ast.Name(id=name), attr=attribute, ctx=ast.Store()
            ):
                made.attributes.add((name, attribute))
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                made.names.add(name)
            case ast.ImportFrom(names=[ast.alias(name="*")]):
                made.anything = True
            case ast.alias(name=name, asname=called):
                made.names.add(called or name.partition(".")[0])
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr=method), args=arguments
            ):
                made.attributes |= _named_by(name, method, arguments)
    return made


def used_by(statement: ast.AST) -> Bindings:
    """What a statement reads."""
    used = Bindings()
    for node in ast.walk(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                used.names.add(name)
            case ast.Attribute(value=ast.Name(id=name), attr=attribute, ctx=ast.Load()):
                used.attributes.add((name, attribute))
    return used


def _of_its_own(statement: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a statement but for those whose names are inside something that it
    defines.
    """
    yield statement
    if isinstance(statement, DEFINES):
        return
    for child in ast.iter_child_nodes(statement):
        if not isinstance(child, OWN_NAMES):
            yield from _of_its_own(child)


def _named_by(name: str, method: str, arguments: list[ast.expr]) -> set[Attribute]:
    if method in LACKING:
        return {(name, LACKING[method])}
    if method in NAMING and arguments and isinstance(arguments[0], ast.Constant):
        return {(name, str(arguments[0].value))}
    return set()
