"""The public surface under ehrQL's names, and the two parts of it that live nowhere else."""

import pytest

import extractors
from extractors.errors import DefinitionError
from extractors.language import parameters
from extractors.language.frames import BaseFrame
from extractors.language.parameters import get_parameter
from extractors.tables import core, tpp
from measures import ehrql
from measures.ehrql import codes, tables
from measures.ehrql.tables import core as ehrql_core
from measures.ehrql.tables import tpp as ehrql_tpp

TOP = """
claim_permissions codelist_from_csv INTERVAL Measures Dataset Error case create_dataset create_measures days
get_parameter show table_from_file maximum_of minimum_of months weeks when years
"""
CODES = """
SNOMEDCTCode CTV3Code ICD10Code OPCS4Code DMDCode BNFCode ICD10MultiCodeString OPCS4MultiCodeString
codelist_from_csv_lines
"""
CONSTRAINTS = "NotNull Unique FirstOfMonth Categorical Regex ClosedRange GeneralRange DateAfter"


@pytest.mark.parametrize(
    ("module", "names"),
    [(ehrql, TOP), (codes, CODES), (tables, "table EventFrame PatientFrame Series Constraint")],
)
def test_names_are_there(module, names):
    assert set(module.__all__) == set(names.split())
    assert all(hasattr(module, name) for name in module.__all__)


def test_constraints_are_there():
    assert all(hasattr(tables.Constraint, name) for name in CONSTRAINTS.split())


@pytest.mark.parametrize(("ours", "theirs"), [(core, ehrql_core), (tpp, ehrql_tpp)])
def test_every_table_is_there(ours, theirs):
    frames = {name for name, value in vars(ours).items() if isinstance(value, BaseFrame)}
    assert set(theirs.__all__) == frames
    assert all(getattr(theirs, name) is getattr(ours, name) for name in frames)


def test_nothing_is_made_twice():
    for name in set(ehrql.__all__) & set(extractors.__all__):
        assert getattr(ehrql, name) is getattr(extractors, name)


def test_show_shows_nothing(capfd):
    ehrql.show(ehrql_core.patients, label="x", head=1, tail=1)
    assert capfd.readouterr() == ("", "")


def test_permissions_of_the_tables_can_be_claimed():
    ehrql.claim_permissions("appointments", "waiting_list", "ukrr")
    with pytest.raises(ValueError, match="no permission 'waiting_lists'; did you mean 'waiting_list'"):
        ehrql.claim_permissions("ukrr", "waiting_lists")
    with pytest.raises(ValueError, match="there are appointments, covid_therapeutics"):
        ehrql.claim_permissions("zzz")


@pytest.fixture
def given(monkeypatch):
    def give(*words: str) -> None:
        monkeypatch.setattr(parameters, "arguments", list(words))
        monkeypatch.setattr(parameters, "asked", set())

    return give


@pytest.mark.parametrize(
    ("words", "type_", "value"),
    [
        (["--x", "a"], str, "a"),
        (["--x=a=b"], str, "a=b"),
        (["--y", "b", "--x", "a"], str, "a"),
        (["--x", "1", "-2"], int, [1, -2]),
        (["--x", "1", "--x", "2"], int, 2),
        (["--x", "1.5"], float, 1.5),
        *[(["--x", word], bool, True) for word in ("1", "True", "true")],
        *[(["--x", word], bool, False) for word in ("0", "False", "false")],
    ],
)
def test_parameter(given, words, type_, value):
    given(*words)
    assert get_parameter("x", type=type_, default="d") == value


def test_parameter_that_is_not_given(given):
    given("--y", "1")
    assert get_parameter("x", default=3) == 3
    with pytest.raises(DefinitionError, match="the parameter 'x' is needed; add `-- --x VALUE`"):
        get_parameter("x")


@pytest.mark.parametrize(
    ("words", "type_", "told"),
    [
        (["--x", "a"], int, "needs a value of type int, got 'a'"),
        (["--x", "yes"], bool, "needs one of 1, True, true, 0, False, false, got 'yes'"),
        (["--x"], str, "'x' has no value; write --x VALUE"),
        (["x", "a"], str, "'x' has no name; write --name x"),
    ],
)
def test_parameter_that_does_not_fit(given, words, type_, told):
    given(*words)
    with pytest.raises(DefinitionError, match=told):
        get_parameter("x", type=type_)


def test_parameter_that_nobody_asks_for(given):
    given("--x", "1", "--z", "2")
    get_parameter("x")
    with pytest.raises(DefinitionError, match="asks for no parameter 'z'; it asks for x"):
        parameters.refuse_unasked()
