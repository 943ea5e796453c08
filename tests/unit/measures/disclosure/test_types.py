"""Released counts are made in one place, and stay what they are."""

import ast
import copy
import pickle
from dataclasses import replace

import pytest

from measures.disclosure.control import protect
from measures.disclosure.types import ReleasedCounts
from tests.lib.places import CHECKOUT
from tests.lib.raw_rows import of_people, raw_counts


def test_released_counts_can_be_made_nowhere_else():
    genuine = protect(raw_counts([of_people(9, 99)]), "opensafely")
    parts = (
        genuine.table,
        genuine.reasons,
        genuine.measures,
        genuine.policy,
        genuine.rules,
        genuine.ranges,
    )
    with pytest.raises(TypeError, match="control.protect"):
        ReleasedCounts(*parts)
    with pytest.raises(TypeError, match="control.protect"):
        ReleasedCounts(*parts, witness=object())
    with pytest.raises(TypeError, match="control.protect"):
        replace(genuine, table=raw_counts([]).table)
    for copied in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="don't travel"):
            copied(genuine)
    with pytest.raises(TypeError, match="subclasses"):
        type("Forged", (ReleasedCounts,), {})


def test_only_control_names_the_witness_or_calls_the_type():
    makers = set()
    for path in (
        p
        for room in ("extractors", "measures", "flows")
        for p in (CHECKOUT / room).rglob("*.py")
    ):
        if any(
            _makes_released(node)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        ):
            makers.add(
                path.relative_to(CHECKOUT / "measures" / "disclosure").as_posix()
            )
    assert makers == {"control.py", "types.py"}


def _makes_released(node):
    match node:
        case (
            ast.Name(id="_WITNESS")
            | ast.Attribute(attr="_WITNESS")
            | ast.alias(name="_WITNESS")
        ):
            return True
        case ast.Call(
            func=ast.Name(id="ReleasedCounts") | ast.Attribute(attr="ReleasedCounts")
        ):
            return True
    return False


def test_raw_counts_do_not_show_themselves():
    raw = raw_counts([of_people(12347, 12347)])
    assert "12347" not in repr(raw) + str(raw) + repr(protect(raw, "opensafely"))
