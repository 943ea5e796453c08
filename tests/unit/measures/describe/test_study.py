# mypy: ignore-errors
"""Which measures a data report is made of, and what they count of rows that are written
by hand.
"""

import datetime
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError
from measures.describe.codes import MOST_CODES
from measures.describe.months import steps_of
from measures.describe.study import Wanted, describe_study
from measures.on_rows import evaluate
from tests.lib.definitions import load, project

__all__ = ["project"]
SPRING = (datetime.date(2020, 3, 1), datetime.date(2020, 5, 31))
MARCH = (datetime.date(2020, 3, 1), datetime.date(2020, 3, 31))
HEAD = """
from ehrql import INTERVAL, codelist_from_csv, create_dataset, create_measures, months
from ehrql.tables.tpp import apcs, clinical_events, ons_deaths, patients, practice_registrations
"""
DATASET = """
dataset = create_dataset()
dataset.define_population(patients.sex == "female")
admitted = apcs.where(apcs.all_diagnoses.contains("I21")).where(apcs.admission_date.is_after("2020-01-31"))
dataset.mi = admitted.exists_for_patient()
dataset.covid = ons_deaths.underlying_cause_of_death.is_in(["U071", "U072"]) & (ons_deaths.date > "2020-01-01")
dataset.asthma = clinical_events.where(clinical_events.snomedct_code == "195967001").exists_for_patient()
"""
ROWS = {
    "patients": [
        {"patient_id": n, "sex": sex}
        for n, sex in enumerate(["female", "female", "male", None], 1)
    ],
    "apcs": [
        {
            "patient_id": 1,
            "admission_date": "2020-03-05",
            "all_diagnoses": "||I219 ,E11",
            "apcs_ident": 1,
        },
        {
            "patient_id": 1,
            "admission_date": "2020-03-09",
            "all_diagnoses": "||I211",
            "apcs_ident": 2,
        },
        {
            "patient_id": 3,
            "admission_date": "2020-04-01",
            "all_diagnoses": "||I219",
            "apcs_ident": 3,
        },
        {
            "patient_id": 2,
            "admission_date": "2020-03-31",
            "all_diagnoses": "||E11",
            "apcs_ident": 4,
        },
    ],
    "ons_deaths": [
        {"patient_id": 3, "date": "2020-03-31", "underlying_cause_of_death": "U071"},
        {"patient_id": 4, "date": None, "underlying_cause_of_death": "U072"},
    ],
    "clinical_events": [
        {"patient_id": 2, "date": "1999-01-01", "snomedct_code": "195967001"}
    ],
}


def described(text: str, *, every: str = "", period=MARCH):
    return describe_study(load(HEAD + text), Wanted(period, SPRING, every))


def counts(rows: list[dict], measure: str, start: str = "") -> list[tuple]:
    mine = [row for row in rows if row["measure"] == measure]
    return [
        (row["numerator"], row["denominator"])
        for row in mine
        if not start or str(row["interval_start"]) == start
    ]


def test_codes_of_each_column(project):
    study = described(DATASET)
    outlines = {each.column: each for each in study.outline.codelists}
    assert {
        name: (each.date, [code.code for code in each.codes])
        for name, each in outlines.items()
    } == {
        "all_diagnoses": ("admission_date", ["I21"]),
        "underlying_cause_of_death": ("date", ["U071", "U072"]),
        "snomedct_code": ("", ["195967001"]),
    }
    heart, death, asthma = (
        outlines[name]
        for name in ("all_diagnoses", "underlying_cause_of_death", "snomedct_code")
    )
    rows = evaluate(study.measures, ROWS)
    # everybody of whom there are records, men too
    assert counts(rows, heart.ever) == [(2, 4)]
    assert counts(rows, heart.patients, "2020-03-01") == [(1, 4)]
    assert counts(rows, heart.rows, "2020-03-01") == [(2, 4)]
    assert counts(rows, heart.rows, "2020-05-01") == [(0, 4)]
    # a table of one row has no rows to count beside its people; without a day nobody is
    # in any month
    assert death.rows == "" and counts(rows, death.patients, "2020-03-01") == [(1, 4)]
    assert counts(rows, death.codes[1].measure, "2020-03-01") == [(0, 4)]
    # no day of clinical_events is read by the definition, and so none is read now
    assert (asthma.patients, asthma.rows, asthma.codes[0].measure) == ("", "", "")
    assert counts(rows, asthma.ever) == [(1, 4)]


def test_a_dataset_is_told_among_its_population(project):
    study = described(DATASET)
    rows = evaluate(study.measures, ROWS)
    assert counts(rows, "people") == [(2, 4)]
    assert [each.name for each in study.outline.variables] == ["mi", "covid", "asthma"]
    mine = [row for row in rows if row["measure"] == "variable_mi"]
    assert {row["mi"]: row["numerator"] for row in mine} == {True: 1, False: 1}
    assert study.name == "study_described" and study.kind == "measures"
    assert (study.dataset, study.events, study.old_measures, study.tests) == (
        {},
        {},
        {},
        (),
    )


MEASURES = """
measures = create_measures()
seen = clinical_events.where(clinical_events.date.is_during(INTERVAL))
people, men = patients.exists_for_patient(), patients.sex == "male"
measures.define_defaults(denominator=people, intervals=months(3).starting_on("2020-01-01"))
measures.define_measure("seen", seen.exists_for_patient(), group_by={"sex": patients.sex, "seen": men})
measures.define_measure("women", seen.exists_for_patient(), patients.sex == "female", group_by={"sex": patients.sex})
measures.define_measure("all", people)
measures.define_measure(
    "rate",
    seen.count_for_patient(),
    deciles_over=practice_registrations.for_patient_on("2020-01-01").practice_pseudo_id,
)
"""


def test_each_series_of_measures_is_told_once(project):
    study = described(MEASURES)
    told = [
        (each.name, each.role, each.measure, each.people)
        for each in study.outline.variables
    ]
    assert told == [
        ("sex", "group", "variable_sex", "people_1"),
        ("seen", "group", "variable_seen", "people_1"),
        ("seen", "numerator", "variable_seen_", "people_1"),
        ("rate", "numerator", "variable_rate", "people_1"),
    ]
    assert [each.name for each in study.outline.people] == [
        "denominator of seen and 3 more",
        "denominator of women",
    ]
    names = [each.name for each in study.measures]
    assert len(names) == len(set(map(str.lower, names)))
    assert not any(
        "unit" in name or each.over for each in study.measures for name in each.group_by
    )
    assert study.outline.codelists == ()


def test_of_a_long_list_no_code_is_told_alone(project):
    codes = "\n".join(f"{100000000 + number}" for number in range(MOST_CODES + 1))
    Path("codes.csv").write_text(f"code\n{codes}\n", encoding="utf-8")
    mine = 'codelist_from_csv("codes.csv", column="code")'
    text = f"""
dataset = create_dataset()
dataset.define_population(patients.sex == "female")
mine = clinical_events.where(clinical_events.snomedct_code.is_in({mine}))
dataset.first = mine.date.minimum_for_patient()
"""
    [told] = described(text).outline.codelists
    assert told.codelist == "codes.csv" and len(told.codes) == MOST_CODES + 1
    assert not any(each.measure for each in told.codes) and told.patients and told.rows


@pytest.mark.parametrize(
    ("first", "last", "every", "number", "ends"),
    [
        ("2020-01-31", "2020-03-01", "", 3, ("2020-01-01", "2020-03-31")),
        ("2019-12-31", "2024-12-31", "", 6, ("2019-01-01", "2024-12-31")),
        ("2019-12-31", "2024-12-31", "month", 61, ("2019-12-01", "2024-12-31")),
        ("2020-02-29", "2020-02-29", "year", 1, ("2020-01-01", "2020-12-31")),
    ],
)
def test_steps_are_whole_months_or_years(first, last, every, number, ends):
    steps = steps_of(
        (datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)), every
    )
    assert len(steps) == number
    assert (str(steps[0][0]), str(steps[-1][1])) == ends
    for (_, end), (start, _) in zip(steps, steps[1:], strict=False):
        assert start == end + datetime.timedelta(1)


def test_a_time_that_ends_before_it_begins_is_refused():
    with pytest.raises(
        ArgumentsError, match="--from 2020-05-31 is after --to 2020-03-01; swap them"
    ):
        steps_of((SPRING[1], SPRING[0]))


OLD = """
from cohortextractor import StudyDefinition, codelist, patients
codes = codelist(["413606001"], system="snomed")
study = StudyDefinition(
    index_date="2020-03-02",
    population=patients.satisfying("age >= 18"),
    age=patients.age_as_of("index_date"),
    sex=patients.sex(),
    bmi=patients.most_recent_bmi(on_or_after="2010-02-01", minimum_age_at_measurement=16),
    had=patients.with_these_clinical_events(codes, between=["index_date", "index_date + 6 days"]),
)
"""


def test_an_old_study_is_told_as_a_dataset(project):
    study = describe_study(load(OLD, "study_definition.py"), Wanted(MARCH, SPRING))
    told = {
        each.name: (each.kind, each.type, each.order[:3])
        for each in study.outline.variables
    }
    assert told["age"] == ("number", "int", ("below 0", "0 to 4", "5 to 9"))
    assert told["bmi"] == ("number", "float", ("below 0", "0", "above 0 to below 0.1"))
    assert told["sex"][0] == "category" and "had" in told
    assert study.forms == {} and [each.name for each in study.outline.people] == [
        "population"
    ]
    assert "413606001" in {
        code.code for each in study.outline.codelists for code in each.codes
    }
