"""What an author says of deciles and standard populations, and what is refused on their
line.
"""

import json
from dataclasses import replace

import pytest

from extractors.errors import DefinitionError
from measures.standards import ESP2013, OWN, Standard
from measures.study import Study
from tests.lib.definitions import load, project

__all__ = ["project"]

START = """
from ehrql import INTERVAL, case, create_measures, when, years
from ehrql.tables.tpp import clinical_events, patients, practice_registrations

registration = practice_registrations.for_patient_on(INTERVAL.start_date)
age = patients.age_on(INTERVAL.start_date)
bands = case(
    when(age < 40).then("0-39"),
    when(age < 50).then("40 to 49"),
    when(age < 65).then("50-64"),
    when(age >= 65).then("65+"),
)
measures = create_measures()
measures.define_defaults(denominator=registration.exists_for_patient(), intervals=years(1).starting_on("2020-01-01"))
women = patients.sex == "female"
"""


def measures_of(line):
    return {measure.name: measure for measure in load(START + line).measures}


def refusal(line):
    with pytest.raises(DefinitionError) as caught:
        load(START + line)
    return str(caught.value)


def test_units_are_counted_beside_the_whole(project):
    found = measures_of(
        'measures.define_measure("m", women, group_by={"sex": patients.sex}, '
        "deciles_over=registration.practice_pseudo_id)"
    )
    assert {
        name: (sorted(each.group_by), each.over) for name, each in found.items()
    } == {
        "m": (["sex"], ""),
        "m_deciles": (["m_unit", "sex"], "m_unit"),
    }
    assert found["m"].numerator == found["m_deciles"].numerator


def test_the_european_standard_is_added_up_for_wider_bands(project):
    found = measures_of(
        'measures.define_measure("m", women, group_by={"age": bands}, '
        'standardise={"age": "ESP2013"})'
    )
    weights = (
        ("0-39", 47000.0),
        ("40 to 49", 14000.0),
        ("50-64", 19500.0),
        ("65+", 19500.0),
    )
    assert found["m"].standard == Standard("age", weights, ESP2013)


def test_weights_of_ones_own(project):
    found = measures_of(
        'measures.define_measure("m", women, group_by={"sex": patients.sex}, '
        'standardise={"sex": {"female": 51, "male": 49, "intersex": 0.5, "unknown": '
        "0.5}})"
    )
    assert (
        found["m"].standard.name == OWN
        and dict(found["m"].standard.weights)["female"] == 51
    )


def test_a_study_with_both_survives_json(project):
    study = load(
        START + 'measures.define_measure("m", women, group_by={"age": bands}, '
        'standardise={"age": "ESP2013"}, deciles_over=registration.practice_pseudo_id)'
    )
    again = Study.from_json(json.loads(json.dumps(study.to_json())))
    # texts and places are those that the parent handed over
    assert replace(again, sources=study.sources, defined=study.defined) == study


@pytest.mark.parametrize("change", [
    {"over": "sex"}, {"over": 1}, {"standard": {"group": "age", "name": "x", "weights": []}},
])  # fmt: skip
def test_a_forged_one_is_refused(project, change):
    line = (
        'measures.define_measure("m", women, group_by={"age": bands}, '
        'standardise={"age": "ESP2013"})'
    )
    data = load(START + line).to_json()
    data["measures"][0].update(change)
    with pytest.raises(DefinitionError):
        Study.from_json(data)


STANDARDISE = (
    'measures.define_measure("m", women, group_by={"age": %s}, standardise=%s)'
)
AGES = 'case(when(age < 43).then("0-42"), otherwise="43+")'
OVERLAP = 'case(when(age < 43).then("0-44"), otherwise="40+")'
WORDS = 'case(when(age < 43).then("young"), otherwise="old")'


@pytest.mark.parametrize("groups, said, words", [
    ("bands", '{"sex": "ESP2013"}', "names the group 'sex', but the measure is grouped by 'age'"),
    ("bands", '"ESP2013"', "needs a dict with one group"),
    ("bands", '{"age": "ESP1976"}', 'must be "ESP2013" or a dict from bands to weights'),
    ("bands", '{"age": {"0-39": 1}}', "has no weight for '40 to 49'"),
    (WORDS, '{"age": {"young": 1, "old": 1, "older": 1}}', "a weight for 'older', which the group never is"),
    (WORDS, '{"age": {"young": 1, "old": 0}}', "the weight of 'old' must be a number above 0"),
    (WORDS, '{"age": "ESP2013"}', "names no ages that ESP2013 could weigh"),
    (AGES, '{"age": "ESP2013"}', "does not begin and end where ESP2013's bands of five years do"),
    (OVERLAP, '{"age": "ESP2013"}', "overlaps another"),
    ("registration.practice_pseudo_id", '{"age": "ESP2013"}', "needs a group whose bands the definition names"),
])  # fmt: skip
def test_a_standard_that_does_not_fit_is_refused(project, groups, said, words):
    assert words in refusal(STANDARDISE % (groups, said))


def test_what_cannot_have_deciles_is_refused(project):
    amounts = (
        "from measures import amount\nbmi = "
        "clinical_events.numeric_value.maximum_for_patient()\n"
    )
    line = 'measures.define_measure("m", {}, deciles_over={})'
    mean = amounts + line.format(
        "amount(bmi, least=10, most=100)", "registration.practice_pseudo_id"
    )
    assert "deciles_over is for rates, and 'm' has a mean" in refusal(mean)
    taken = 'measures.define_measure("m_deciles", women)\n' + line.format(
        "women", "registration.practice_pseudo_id"
    )
    assert "there is a measure named 'm_deciles' already" in refusal(taken)
