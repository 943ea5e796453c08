"""The reference of tables: every table and every column, with examples that a
definition may write.
"""

import datetime

import pytest

from extractors.sources.omop.inputs import INPUTS
from flows.docs.columns import COLUMNS, OMOP_OF_CORE, TABLES, TEXTS
from flows.docs.markdown import table
from flows.docs.tables import (
    MODULES,
    example,
    frames_of,
    of_core,
    own_methods,
    tables_of,
    values,
)
from tests.lib.tables import schema_of

TOLD = ("core", "tpp", "emis")  # of whose columns more is said than their names


@pytest.mark.parametrize("module", MODULES)
def test_every_table_and_column_has_its_row(module):
    text = tables_of(module)
    for name, frame in frames_of(module).items():
        part = text.partition(f"## {name}\n")[2].partition("\n## ")[0]
        assert f"from extractors.tables.{module} import {name}`" in part
        for column in schema_of(frame).columns:
            assert f"\n| `{column.name}` | " in part, (name, column.name)
        for method, *_ in own_methods(frame):
            assert f"- `{method}" in part


@pytest.mark.parametrize("module", MODULES)
def test_a_definition_may_write_every_example(module):
    for frame in frames_of(module).values():
        for column in schema_of(frame).columns:
            series, value = getattr(frame, column.name), eval(example(column))
            if "Multi" in column.type.__name__:
                series.contains(value.partition(" ")[0])
            else:
                assert (series == value) is not NotImplemented
            if column.type is datetime.date:
                datetime.date.fromisoformat(value)


def test_promises_are_said():
    patients = schema_of(frames_of("core")["patients"])
    assert (
        values(patients.column("date_of_birth")) == "the first of a month; never NULL"
    )
    assert (
        values(patients.column("sex"))
        == "`female`, `male`, `intersex`, `unknown`; never NULL"
    )
    addresses = schema_of(frames_of("tpp")["addresses"])
    assert values(addresses.column("imd_rounded")) == "0 to 32800 in steps of 100"
    assert values(addresses.column("msoa_code")) == "as `E020[0-9]{5}`"


def test_every_table_is_told_and_every_column_of_what_people_use():
    named = set()
    for module in TOLD:
        for name, frame in frames_of(module).items():
            assert name in TABLES, name
            for column in schema_of(frame).columns:
                assert COLUMNS.get(f"{name}.{column.name}") or COLUMNS.get(
                    column.name
                ), (name, column.name)
    for module in MODULES:
        for name, frame in frames_of(module).items():
            columns = {column.name for column in schema_of(frame).columns}
            named |= {name, *columns, *(f"{name}.{column}" for column in columns)}
    assert {*COLUMNS, *TABLES} <= named, "words for what is not there"
    assert {*TEXTS} - {"zip", "state"} <= named


def test_every_column_of_core_says_what_of_omop_it_is_made_of():
    wanted = set()
    for name, frame in frames_of("core").items():
        wanted |= {f"{name}.{column.name}" for column in schema_of(frame).columns}
    assert set(OMOP_OF_CORE) == wanted
    for words in OMOP_OF_CORE.values():
        for word in words.replace(",", " ").split():
            found, dot, column = word.partition(".")
            assert not dot or column in {each.name for each in INPUTS[found].columns}, (
                word
            )


def test_tables_of_omop_say_what_core_makes_of_them():
    assert of_core("measurement") == "`clinical_events`"
    assert of_core("death") == "`patients`, `ons_deaths`"
    assert of_core("visit_occurrence") == ""


def test_a_bar_ends_no_cell():
    assert table(["a"], [["`x | y`"], ["u|v"]]).splitlines()[2:] == [
        "| <code>x &#124; y</code> |",
        "| u&#124;v |",
    ]
