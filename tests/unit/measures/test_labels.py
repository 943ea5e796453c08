"""What a definition names itself, which whole numbers are of few values, and which
texts no spreadsheet gets to see.
"""

import csv
import datetime
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import INTERVAL, case, maximum_of, minimum_of, when
from extractors.language import EventFrame, Series, table
from extractors.language.promises import ClosedRange
from extractors.tables import core, tpp
from measures import create_measures
from measures.counts.relations import structure_of
from measures.labels import MOST_LABELS, Labels, _fault, is_of_many, labels_of
from measures.release.csv import escaped
from tests.lib.definitions import START, project, refusal, write
from tests.lib.name_scenarios import TEXTS

__all__ = ["project"]

events: Any = tpp.clinical_events
last: Any = events.sort_by(events.date).last_for_patient()
patients: Any = core.patients
registrations: Any = tpp.practice_registrations
addresses: Any = tpp.addresses
registered: Any = registrations.for_patient_on(INTERVAL.start_date)
address: Any = addresses.for_patient_on(INTERVAL.start_date)
age: Any = patients.age_on(INTERVAL.start_date)
day_number: Any = (INTERVAL.start_date - patients.date_of_birth).days
MONDAY = datetime.date(2020, 1, 6)
BAND = case(when(age < 40).then("young"), when(age >= 40).then("old"))
SEXES = {"female", "male", "intersex", "unknown"}


@table
class ranks(EventFrame):
    rank = Series(int, constraints=[ClosedRange(1, 1 + MOST_LABELS)])
    few = Series(int, constraints=[ClosedRange(0, 30, 10)])


region: Any = registered.practice_nuts1_region_name
GROUPS = {"195967001": "asthma", "44054006": "diabetes"}
CLOSED = {
    "bool": (age < 40, {False, True}),
    "never missing": (region.is_null(), {False, True}),
    "case": (BAND, {"young", "old"}),
    "case of a case": (
        case(when(age < 1).then("new"), otherwise=BAND),
        {"new", "young", "old"},
    ),
    "categories": (patients.sex, SEXES),
    "categories and a word": (
        patients.sex.when_null_then("missing"),
        {*SEXES, "missing"},
    ),
    "a table's words": (
        address.imd_quintile,
        {"1 (most deprived)", "2", "3", "4", "5 (least deprived)", "unknown"},
    ),
    "codes by category": (
        last.snomedct_code.to_category(GROUPS),
        {"asthma", "diabetes"},
    ),
    "whole numbers": (case(when(age < 40).then(1), otherwise=2), {1, 2}),
}
MANY_LABELS = {str(10**6 + n): f"g{n}" for n in range(MOST_LABELS + 1)}
OPEN = {
    "practice": (registered.practice_pseudo_id, set()),
    "area": (address.msoa_code, set()),
    "code": (last.snomedct_code, set()),
    "area or a word": (address.msoa_code.when_null_then("none"), {"none"}),
    "a case that passes a value on": (
        case(when(age < 40).then(address.msoa_code), otherwise="old"),
        {"old"},
    ),
    "first of the year": (patients.date_of_birth.to_first_of_year(), set()),
    "age": (age, set()),
    "a promised range, which records may break": (
        address.rural_urban_classification,
        set(range(1, 9)),
    ),
    "a range between two ends": (
        minimum_of(maximum_of(age, 0), 20),
        set(range(21)),
    ),
    "largest of the rows": (ranks.few.maximum_for_patient(), set(range(31))),
    "more labels than a group has": (
        last.snomedct_code.map_values(MANY_LABELS),
        set(),
    ),
}


@pytest.mark.parametrize("name", CLOSED)
def test_the_definition_names_all(name):
    series, values = CLOSED[name]
    found = labels_of(series.node)
    assert (set(found.values), found.open) == (values, False)


@pytest.mark.parametrize("name", OPEN)
def test_the_records_name_some(name):
    series, values = OPEN[name]
    found = labels_of(series.node)
    assert set(found.values) == values
    assert found.open


def test_as_many_labels_as_a_group_may_have():
    mapping = {str(10**6 + n): f"g{n}" for n in range(MOST_LABELS)}
    found = labels_of(last.snomedct_code.map_values(mapping).node)
    assert len(found.values) == MOST_LABELS and not found.open


def test_deep_definitions_do_not_recurse():
    series = BAND
    for number in range(2_000):
        series = case(when(age == number).then(str(number % 7)), otherwise=series)
    assert labels_of(series.node) == Labels(
        frozenset("0123456") | {"young", "old"},
        open=False,
        written=frozenset("0123456") | {"young", "old"},
    )


MANY = {
    "days": day_number,
    "weeks": (INTERVAL.start_date - patients.date_of_birth).weeks,
    "months": (INTERVAL.start_date - patients.date_of_birth).months,
    "a value times ten": (last.numeric_value * 10).as_int(),
    "a value cut off": last.numeric_value.as_int(),
    "a count": events.where(events.date.is_during(INTERVAL)).count_for_patient(),
    "days as a case passes them on": case(when(age < 40).then(day_number), otherwise=0),
    "the day of birth, put together": age * 400
    + patients.date_of_birth.month * 31
    + patients.date_of_birth.day,
    "the same by adding": age + age + age + age,
    "a number of a table, computed": registered.practice_pseudo_id * 2,
    "one value more than a short range": minimum_of(
        maximum_of(day_number, 0), MOST_LABELS
    ),
    "no lower end": minimum_of(day_number, 100),
    "an end of the records": minimum_of(
        maximum_of(day_number, 0), ranks.rank.maximum_for_patient()
    ),
    "ranks, shifted": ranks.rank.minimum_for_patient() + 1,
    "days apart in a bounded number": day_number // 100,
}
FEW = {
    "age": age,
    "year of birth": patients.date_of_birth.year,
    "age as years say it": INTERVAL.start_date.year - patients.date_of_birth.year,
    "month of birth": patients.date_of_birth.month,
    "a bool": (age < 40).as_int(),
    "practice": registered.practice_pseudo_id,
    "deprivation": address.imd_rounded,
    "deprivation in thousands": address.imd_rounded // 1000,
    "largest number of a table": ranks.rank.maximum_for_patient(),
    "age up to a hundred": minimum_of(maximum_of(age, 0), 100),
    "days up to a hundred": minimum_of(maximum_of(day_number, 0), MOST_LABELS - 1),
    "a sum of few": minimum_of(maximum_of(day_number, 0), 10) * 10
    + patients.date_of_birth.month,
    "age or a number": case(when(age < 100).then(age), otherwise=-1),
    "numbers of the author": case(when(day_number < 100).then(1), otherwise=1_000_000),
    "text": patients.sex,
}


@pytest.mark.parametrize("name", MANY)
def test_numbers_that_are_computed_are_of_many(name):
    assert is_of_many(MANY[name].node)


@pytest.mark.parametrize("name", FEW)
def test_years_and_numbers_of_tables_are_of_few(name):
    assert not is_of_many(FEW[name].node)


@given(
    st.lists(st.integers(-5, 5), min_size=4, max_size=4),
    st.sampled_from(["+", "-", "*", "//"]),
)
def test_what_numbers_between_ends_can_become_lies_between_the_ends(ends, operation):
    """Against all numbers, tried one by one."""
    low, high = sorted(ends[:2])
    other = ends[2]
    column = minimum_of(maximum_of(day_number, low), high)
    computed = {
        "+": column + other,
        "-": column - other,
        "*": column * other,
        "//": column // other,
    }[operation]
    each = {
        "+": lambda n: n + other, "-": lambda n: n - other, "*": lambda n: n * other,
        "//": lambda n: n // other if other else low,
    }[operation]  # fmt: skip
    true = {each(number) for number in range(low, high + 1)}
    if operation == "//" and not other:
        assert is_of_many(computed.node)
    else:
        assert true <= set(labels_of(computed.node).values)


def test_the_structure_has_the_labels_of_every_group():
    measures = create_measures()
    group_by = {
        "sex": patients.sex,
        "practice": registered.practice_pseudo_id,
        "code": last.snomedct_code,
    }
    measures.define_measure("m", age < 4, age > 1, group_by, [(MONDAY, MONDAY)])
    groups = structure_of(list(measures)).as_json()["groups"]
    assert {name: (each["labels"], each["open"]) for name, each in groups.items()} == {
        "sex": (sorted(SEXES), False),
        "practice": ([], True),
        "code": ([], True),
    }


# Texts ---------------------------------------------------------------------------


def grouped(group, imports):
    text = START.replace("patients.sex", group).replace(
        "import", f"import {imports},", 1
    )
    last = "clinical_events.sort_by(clinical_events.date).last_for_patient()"
    return text.replace("measures = ", f"last = {last}\nmeasures = ")


@pytest.mark.parametrize("what", [what for what in TEXTS if what != "backslash"])
def test_a_label_that_a_spreadsheet_runs_or_hides_is_refused_with_its_place(
    project, what
):
    text = TEXTS[what]
    label = (
        f"case(when(patients.date_of_birth > '2000-01-01').then({text!r}), "
        "otherwise='b')"
    )
    refused = refusal(grouped(label, "case, when"))
    assert "study.py:6: " in refused.message
    assert f"the group 'sex' has the label {ascii(text[:60])}" in refused.message
    assert "choose another" in refused.message


def test_a_category_of_a_codelist_is_a_label(project):
    formula = '"=HYPERLINK(""x"")"'
    write("codelists/c.csv", f"code,group\n195967001,{formula}\n44054006,b\n")
    codelist = (
        "codelist_from_csv('codelists/c.csv', column='code', category_column='group')"
    )
    refused = refusal(
        grouped(f"last.snomedct_code.to_category({codelist})", "codelist_from_csv")
    )
    assert "study.py:6: " in refused.message
    assert "has the label '=HYPERLINK" in refused.message


@pytest.mark.parametrize(
    "label",
    ["65+", "0-39", "a = b", "3 to 5", "<5", "Grüße, Łódź 北京", "", "[other]", "#1"],
)
def test_usual_labels_are_fine(label):
    assert not _fault(label)
    assert escaped(label) == label


TRICKY = st.text(
    st.one_of(st.characters(), st.sampled_from("=+-@＝ \t\n\\[]\u202e\u200b"))
)


@given(TRICKY)
def test_what_is_refused_in_a_definition_is_what_is_escaped_of_records(text):
    assert bool(_fault(text)) == (escaped(text) != text.replace("\\", "\\\\"))


@given(TRICKY)
def test_no_cell_begins_a_formula_or_hides_a_mark(text):
    cell = escaped(text)
    assert not cell.strip().startswith(tuple("=+-@＝＋－＠"))
    assert cell.strip().casefold() != "[redacted]"
    assert not set(cell) & set("\t\r\n\v\f\x1b\x7f\u2028\u202e\u200b\ufeff")
    assert len(list(csv.reader(io.StringIO('"' + cell.replace('"', '""') + '"')))) <= 1
