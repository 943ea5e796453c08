"""The public surface under ehrQL's names, and the part of it that lives nowhere
else.
"""

import re
from typing import Any

import pytest

import extractors
from extractors.language.frames import BaseFrame
from extractors.language.reading import reading
from extractors.tables import core, tpp
from measures.standin import ehrql
from measures.standin.ehrql import codes, query_language, tables
from measures.standin.ehrql.tables import core as ehrql_core
from measures.standin.ehrql.tables import tpp as ehrql_tpp
from measures.standin.ehrql.tables.raw import core as raw_core
from measures.standin.ehrql.tables.raw import emis as raw_emis
from measures.standin.ehrql.tables.raw import tpp as raw_tpp

TOP = """
claim_permissions codelist_from_csv INTERVAL Measures Dataset Error case create_dataset create_measures days
get_parameter show table_from_file maximum_of minimum_of months weeks when years
"""
CODES = """
SNOMEDCTCode CTV3Code ICD10Code OPCS4Code DMDCode BNFCode ICD10MultiCodeString OPCS4MultiCodeString
codelist_from_csv_lines codelist_from_csv CodelistError BaseCode BaseMultiCodeString
"""
CONSTRAINTS = (
    "NotNull Unique FirstOfMonth Categorical Regex ClosedRange GeneralRange DateAfter"
)


@pytest.mark.parametrize(
    ("module", "names"),
    [
        (ehrql, TOP),
        (codes, CODES),
        (
            tables,
            "table EventFrame PatientFrame Series Constraint table_from_file "
            "table_from_rows",
        ),
    ],
)
def test_names_are_there(module, names):
    assert set(module.__all__) == set(names.split())
    assert all(hasattr(module, name) for name in module.__all__)


def test_constraints_are_there():
    assert all(hasattr(tables.Constraint, name) for name in CONSTRAINTS.split())


@pytest.mark.parametrize(("ours", "theirs"), [(core, ehrql_core), (tpp, ehrql_tpp)])
def test_every_table_is_there(ours, theirs):
    frames = {
        name for name, value in vars(ours).items() if isinstance(value, BaseFrame)
    }
    assert set(theirs.__all__) == frames
    assert all(getattr(theirs, name) is getattr(ours, name) for name in frames)


def test_raw_tables_have_names_of_their_own_so_that_both_fit_into_one_definition():
    named: dict[Any, str] = {
        raw_tpp.medications: "medications_raw",
        raw_tpp.repeat_medications: "repeat_medications_raw",
    }
    deaths = raw_core.ons_deaths, raw_tpp.ons_deaths, raw_emis.ons_deaths
    named |= dict.fromkeys(deaths, "ons_deaths_raw")
    assert {frame: frame._node.table.schema.name for frame in named} == named


def test_prescriptions_as_recorded_say_their_status():
    schema = raw_tpp.medications._node.table.schema
    assert [column.name for column in schema.columns] == [
        "date",
        "dmd_code",
        "consultation_id",
        "medication_status",
    ]
    assert (
        schema.column("medication_status").minimum,
        schema.column("medication_status").maximum,
    ) == (0, 29)


@pytest.mark.parametrize(
    ("cls", "series"),
    [
        (query_language.BoolFunctions, ehrql_core.patients.sex == "male"),
        (query_language.CodeFunctions, ehrql_core.medications.dmd_code),
        (query_language.ComparableFunctions, ehrql_core.patients.sex),
        (query_language.DateFunctions, ehrql_core.medications.date),
        (query_language.MultiCodeStringFunctions, ehrql_tpp.apcs.all_diagnoses),
        (query_language.NumericFunctions, ehrql_core.clinical_events.numeric_value),
        (query_language.StrFunctions, ehrql_core.patients.sex),
    ],
)
def test_classes_of_both_levels_have_ehrqls_names(cls, series):
    assert isinstance(series, cls) and not isinstance(ehrql_core.medications, cls)


def test_there_is_a_version():
    assert re.match(r"\d", ehrql.__version__)


def test_nothing_is_made_twice():
    for name in set(ehrql.__all__) & set(extractors.__all__):
        assert getattr(ehrql, name) is getattr(extractors, name)


def test_show_shows_nothing(capfd):
    ehrql.show(ehrql_core.patients, label="x", head=1, tail=1)
    assert capfd.readouterr() == ("", "")


def test_permissions_of_the_tables_can_be_claimed():
    ehrql.claim_permissions("appointments", "waiting_list", "ukrr")
    with reading() as asked:
        ehrql.claim_permissions("ukrr", "waiting_lists")
        ehrql.claim_permissions("zzz")
    misspelt, unknown = [note.message for note in asked.notes]
    assert misspelt == (
        "no table asks for the permission 'waiting_lists'; did you mean 'waiting_list'?"
    )
    assert "there are appointments, covid_therapeutics" in unknown
