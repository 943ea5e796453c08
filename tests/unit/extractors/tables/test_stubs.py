"""The stubs of the tables say what the tables have, and nothing else."""

import ast
import importlib

import pytest

from extractors.language.base import REGISTRY
from extractors.language.frames import BaseFrame, EventFrame, PatientFrame
from tests.lib.table_stubs import MODULES, TABLES, parsed, stub, stub_path


def test_every_module_with_tables_has_a_stub():
    named = {path.stem for path in TABLES.glob("*.pyi")}
    with_tables = set()
    for path in TABLES.glob("*.py"):
        module = importlib.import_module(f"extractors.tables.{path.stem}")
        frames = [
            value for value in vars(module).values() if isinstance(value, BaseFrame)
        ]
        if frames:
            with_tables.add(path.stem)
    assert named == set(MODULES) == with_tables


@pytest.mark.parametrize("name", MODULES)
def test_a_stub_is_what_its_module_makes(name):
    """Otherwise write it anew: `.venv/bin/python -m tests.lib.table_stubs`."""
    written = stub_path(name).read_text(encoding="utf-8")
    assert parsed(written) == parsed(stub(name))


def frames_and_stubs():
    for module in MODULES:
        classes = {
            node.name: node
            for node in ast.parse(stub_path(module).read_text("utf-8")).body
            if isinstance(node, ast.ClassDef)
        }
        here = importlib.import_module(f"extractors.tables.{module}")
        for table, frame in vars(here).items():
            own = getattr(type(frame), "__module__", "") == here.__name__
            if isinstance(frame, BaseFrame) and own:
                name = "".join(word.capitalize() for word in table.split("_"))
                yield pytest.param(frame, name, classes, id=f"{module}.{table}")


def members(node):
    """The names in a class of a stub, and the types of the columns among them."""
    names, types = set(), {}
    for each in node.body:
        if isinstance(each, ast.AnnAssign):
            types[ast.unparse(each.target)] = ast.unparse(each.annotation)
        if isinstance(each, ast.FunctionDef):
            names.add(each.name)
    return names, types


def real_members(frame):
    """The same of the frame itself, as Python sees it."""
    types = {
        column.name: type(getattr(frame, column.name)).__name__
        for column in frame._node.table.schema.columns
    }
    shared = {*dir(EventFrame), *dir(PatientFrame), *types}
    own = {name for name in dir(type(frame)) if not name.startswith("_")} - shared
    return own, types


@pytest.mark.parametrize(("frame", "name", "classes"), list(frames_and_stubs()))
def test_a_stub_has_what_its_table_has(frame, name, classes):
    """Asked of the frames, not of the program that wrote the stubs."""
    names, types = members(classes[name])
    assert (names - {"sort_by"}, types) == real_members(frame)
    if isinstance(frame, PatientFrame):
        return
    by = next(iter(frame._node.table.schema.columns)).name
    row = frame.sort_by(orderly(frame, by)).last_for_patient()
    own, types = real_members(row)
    assert members(classes[f"{name}Row"]) == (own, types)
    assert {each.split("Patient")[1] for each in types.values()} == {"Series"}


def orderly(frame, name):
    series = getattr(frame, name)
    return series.as_int() if series.node.type is bool else series


def test_every_type_of_a_column_is_in_a_stub():
    text = "".join(stub_path(name).read_text("utf-8") for name in MODULES)
    for kind in REGISTRY.values():
        assert kind.__name__ in text
