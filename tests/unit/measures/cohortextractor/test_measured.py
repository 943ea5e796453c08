# mypy: ignore-errors
"""Measures of old studies: periods of index dates, columns of the study and of joined
ones.
"""

from datetime import date

import pytest

import measures
from extractors.errors import DefinitionError
from measures.cohortextractor.measured import intervals
from measures.loading import load_study

CODES = (
    'from cohortextractor import *\ncodes = codelist(["413606001"], system="snomed")\n'
)
STUDY = """
study = StudyDefinition(
    index_date="2020-03-02",
    population=patients.satisfying("age >= 18"),
    age=patients.age_as_of("index_date"),
    sex=patients.sex(),
    had=patients.with_these_clinical_events(codes, between=["index_date", "index_date + 6 days"]),
    n=patients.with_these_clinical_events(
        codes, between=["index_date", "index_date + 6 days"], returning="number_of_matches_in_period"
    ),
)
"""
OTHER = """
study = StudyDefinition(
    index_date="2022-06-05",
    population=patients.satisfying("sex = 'F'"),
    sex=patients.sex(),
    old=patients.satisfying("age > 65", age=patients.age_as_of("index_date")),
)
"""
ROWS = {
    "patients": [
        {"patient_id": 1, "sex": "female", "date_of_birth": "1956-06-01"},
        {"patient_id": 2, "sex": "male", "date_of_birth": "1990-01-01"},
        {"patient_id": 3, "sex": "male", "date_of_birth": "2010-01-01"},
    ],
    "clinical_events": [
        {"patient_id": 1, "date": "2020-03-02", "snomedct_code": "413606001"},
        {"patient_id": 1, "date": "2020-03-08", "snomedct_code": "413606001"},
        {"patient_id": 2, "date": "2020-03-09", "snomedct_code": "413606001"},
        {"patient_id": 3, "date": "2020-03-09", "snomedct_code": "413606001"},
    ],
}
WEEKS = ("--index-date-range", "2020-03-02 to 2020-03-09 by week")


@pytest.fixture
def read(tmp_path):
    def loaded(listed, *arguments, practice=""):
        (tmp_path / "study_definition_other.py").write_text(
            CODES + OTHER, encoding="utf-8"
        )
        path = tmp_path / "study_definition.py"
        path.write_text(
            f"{CODES}{STUDY.rstrip()[:-1]}{practice})\nmeasures = [{listed}]\n",
            encoding="utf-8",
        )
        return load_study(path, arguments=arguments or WEEKS)

    return loaded


def counts(study):
    rows = measures.evaluate(study.measures, ROWS)
    groups = {each.name: list(each.group_by) for each in study.measures}
    return [
        (
            str(row["interval_start"]),
            *(row[name] for name in groups[row["measure"]]),
            row["numerator"],
            row["denominator"],
        )
        for row in rows
    ]


def test_sums_of_each_week(read):
    study = read(
        'Measure(id="m", denominator="population", numerator="n", group_by="sex")'
    )
    assert counts(study) == [
        ("2020-03-02", "F", 2, 1),
        ("2020-03-02", "M", 0, 1),
        ("2020-03-09", "F", 0, 1),
        ("2020-03-09", "M", 1, 1),
    ]
    assert study.old_measures == {"m": ("n", "population", "sex")}


def test_a_denominator_is_part_of_the_population(read):
    study = read(
        'Measure(id="m", denominator="had", numerator="n", group_by="population")'
    )
    assert counts(study) == [("2020-03-02", 2, 1), ("2020-03-09", 1, 1)]


def test_columns_of_a_joined_study(read):
    """Its own index date, names of both with _x and _y, and nothing for whom it is not
    about.
    """
    listed = (
        'Measure(id="m", denominator="population", numerator="had", '
        'group_by=["sex_y", "old"])'
    )
    study = read(listed, *WEEKS, "--join", "study_definition_other")
    assert counts(study)[:2] == [
        ("2020-03-02", "", None, 0, 1),
        ("2020-03-02", "F", 1, 1, 1),
    ]
    study = read(listed, *WEEKS, "--join", "study_definition_other@2020-01-01")
    assert counts(study)[1] == ("2020-03-02", "F", 0, 1, 1)


def test_of_practices_there_are_deciles_alone(read):
    practice = (
        'practice=patients.registered_practice_as_of("index_date", '
        'returning="pseudo_id")'
    )
    listed = (
        'Measure(id="m", denominator="population", numerator="had", '
        'group_by=["practice", "sex"])'
    )
    study = read(listed, practice=practice)
    assert [(each.name, each.over, list(each.group_by)) for each in study.measures] == [
        ("m", "", ["sex"]),
        ("m_deciles", "m_unit", ["sex", "m_unit"]),
    ]
    assert study.old_measures == {"m": ("had", "population", "sex")}


@pytest.mark.parametrize(
    ("listed", "why"),
    [
        (
            'Measure(id="m", denominator="population", numerator="nothing")',
            "there is no column 'nothing'",
        ),
        (
            'Measure(id="m", denominator="population", numerator="sex")',
            "a sum of 'sex' cannot be released",
        ),
        (
            'Measure(id="m", denominator="population", numerator="had", '
            'group_by=["had"])',
            "a column has one role",
        ),
        ("", "has no measures"),
    ],
)
def test_refused(read, listed, why):
    with pytest.raises(DefinitionError, match=why):
        read(listed)


def test_periods_are_weeks_or_months():
    days = [date(2020, 1, 1), date(2020, 2, 1), date(2020, 4, 1)]
    assert intervals(days) == [
        (date(2020, 1, 1), date(2020, 1, 31)),
        (date(2020, 2, 1), date(2020, 2, 29)),
        (date(2020, 4, 1), date(2020, 4, 30)),
    ]
    assert intervals(days[:1]) == [(date(2020, 1, 1), date(2020, 1, 1))]
    weeks = [date(2020, 3, 2), date(2020, 3, 9)]
    assert intervals(weeks) == [
        (weeks[0], date(2020, 3, 8)),
        (weeks[1], date(2020, 3, 15)),
    ]


def test_an_index_date_that_does_not_exist_is_told(read):
    with pytest.raises(DefinitionError, match="there is no day 2020-02-31"):
        read("", "--index-date-range", "2020-01-31 to 2020-03-31 by month")
    with pytest.raises(DefinitionError, match="which is earlier"):
        read("", "--index-date-range", "2020-01-31 to 2019-03-31")
