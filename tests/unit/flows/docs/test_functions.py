"""The reference of functions: each with its signature, what it does with NULL, and an
example.
"""

import ast
import re
import sys

import pytest

import extractors
import measures
from extractors.language.base import BaseSeries
from extractors.language.frames import BaseFrame
from flows.docs.functions import LEFT_OUT, Examples, function_reference, functions
from flows.docs.null_rules import OPERATORS, OWN_EXAMPLES, RULES
from flows.docs.tables import MODULES, frames_of, own_methods
from measures.standin import ehrql

ALL = [each for found in functions().values() for each in found]


def test_whatever_an_author_may_import_is_there():
    named = {each.name for each in ALL}
    for module in (extractors, measures, ehrql):
        public = {name for name in module.__all__ if callable(getattr(module, name))}
        assert public - named <= {"Dataset", "Measures", "Error"}


def subclasses(of: type) -> set[type]:
    found: set[type] = {of}
    each: type
    for each in of.__subclasses__():
        found |= subclasses(each)
    return found


def test_every_method_of_a_series_and_of_a_frame_is_there():
    named = {each.name for each in ALL}
    owners: set[type] = subclasses(BaseSeries) | subclasses(BaseFrame)
    for owner in owners:
        if (
            "language" not in owner.__module__
            or getattr(sys.modules[owner.__module__], owner.__name__, None) != owner
        ):
            continue  # tables, and classes that are made for them
        public = {name for name in vars(owner) if not name.startswith("_")}
        assert public - named - LEFT_OUT == set(), owner


@pytest.mark.parametrize("function", ALL, ids=[each.call for each in ALL])
def test_each_has_a_rule_of_null_and_an_example(function):
    assert function.rule.endswith(".") and function.description
    example = EXAMPLES.of(function)
    assert function.called.search(example)
    ast.parse(example)


EXAMPLES = Examples()
# What takes arguments and refuses none of them.
TAKES_ALL = {
    "claim_permissions",
    "configure_disclosure_control",
    "configure_dummy_data",
    "show",
    "then",
}


@pytest.mark.parametrize("function", ALL, ids=[each.call for each in ALL])
def test_each_docstring_has_an_example_and_what_an_editor_shows(function):
    """An editor shows the docstring alone, without the page of the reference."""
    example = "\n".join(re.findall(r"(?m)^ {4}(.*)$", function.words))
    assert function.name in example
    ast.parse(example)
    if "(" in function.call.rpartition(".")[2] and not function.call.endswith("()"):
        assert "Raises " in function.words or function.name in TAKES_ALL
    if "NULL" in function.rule:
        assert "NULL" in function.words


@pytest.mark.parametrize("module", MODULES)
def test_each_method_of_a_table_has_an_example(module):
    for name, frame in frames_of(module).items():
        for method, words, _ in own_methods(frame):
            assert f".{method}" in words, name


def test_no_rule_and_no_example_is_of_something_that_is_gone():
    named = {each.name for each in ALL} | {f"{each.group}.{each.name}" for each in ALL}
    assert set(RULES) <= named
    assert set(OWN_EXAMPLES) <= named


def test_signatures_are_as_authors_give_arguments():
    calls = {each.call for each in ALL}
    assert "events.where(condition)" in calls
    assert (
        "codelist_from_csv(filename, *, column, category_column=None, system='')"
        in calls
    )
    assert "get_parameter(name, type=str, default=None)" in calls
    assert "date.year" in calls
    assert not any("Any" in call or "<" in call for call in calls)


def test_operators_have_examples():
    text = function_reference()
    for operator, *_, example in OPERATORS:
        assert re.fullmatch(r"`[^`]+`", example)
        ast.parse(example.strip("`"))
        assert operator.partition(",")[0].strip("`|") in text
