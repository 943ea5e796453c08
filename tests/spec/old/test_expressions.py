# ruff: noqa: E501 - drawn tables are as wide as they are
"""Expressions, and columns made of others, in old studies"""

import pytest

from extractors.tables.tpp import addresses, clinical_events, patients
from measures.cohortextractor.offered import codelist

X = codelist(["413606001"], system="snomed")
GROUPS = codelist([("413606001", "1"), ("163035008", "2")], system="snomed")
ROWS = {
    patients: """
          | sex    | date_of_birth
        --+--------+--------------
        1 | female | 1980-01-01
        2 | male   | 1990-01-01
        3 | male   | 2021-01-01
    """,
    clinical_events: """
          | date       | snomedct_code | numeric_value
        --+------------+---------------+--------------
        1 | 2020-01-15 | 413606001     | 7.5
        2 | 2020-02-20 | 163035008     | 3
    """,
    addresses: """
          | start_date | address_id | imd_rounded
        --+------------+------------+------------
        1 | 2010-01-01 | 1          | 0
        2 | 2010-01-01 | 2          | 6600
    """,
}
COLUMNS = """
    sex=patients.sex(),
    age=patients.age_as_of("2020-01-01"),
    flag=patients.with_these_clinical_events(x),
    n=patients.with_these_clinical_events(x, returning="number_of_matches_in_period"),
    v=patients.with_these_clinical_events(groups, returning="numeric_value"),
    group=patients.with_these_clinical_events(groups, returning="category"),
    imd=patients.address_as_of("2020-01-01", returning="index_of_multiple_deprivation", round_to_nearest=100),
    day=patients.with_these_clinical_events(groups, returning="date", date_format="YYYY-MM-DD"),
    month=patients.date_of("v", date_format="YYYY-MM"),
    year=patients.date_of("v", date_format="YYYY"),
    cut=patients.fixed_value("2020-01-31"),
    label=patients.categorised_as({"0": "age < 0", "5": "DEFAULT"}),
"""


@pytest.mark.parametrize(
    ("expression", "true_of"),
    [
        ("flag", [1]),
        ("NOT flag", [2, 3]),
        ("flag = 1 OR age < 0", [1, 3]),
        ("flag = 0", [2, 3]),
        ("flag != 1 AND sex = 'M'", [2, 3]),
        ("flag AND sex = 'M' OR age = 30", [2]),
        ("flag AND (sex = 'M' OR age = 40)", [1]),
        ('NOT flag AND sex = "M"', [2, 3]),
        ("NOT (flag OR sex = 'F')", [2, 3]),
        ("age >= 29 AND age < 40", [2]),
        ("age", [1, 2, 3]),
        ("n", [1]),
        ("v > 3", [1]),
        ("v >= 3.0", [1, 2]),
        ("v = 0", [3]),
        ("v < n", []),
        ("flag + n >= 2", [1]),
        ("age - 1 * 40 = 0", [1]),
        ("age / 3 = 13", [1]),
        ("age / 2 * 2 = age", [1, 2]),
        ("imd", [1, 2]),
        ("imd >= 0 AND imd < 32844*1/5", [1]),
        ("imd = -1", [3]),
        ("imd >= 32844*1/5 AND imd < 32844*2/5", [2]),
        ("group", [1, 2]),
        ("group = '2'", [2]),
        ("group != ''", [1, 2]),
        ("group < '2'", [1, 3]),
        ("group > 1", [2]),
        ("label != 0", [1, 2]),
        ("day", [1, 2]),
        ("day = ''", [3]),
        ('day != ""', [1, 2]),
        ("day < cut", [1, 3]),
        ("day >= cut", [2]),
        ("day > day", []),
        ("day = day", [1, 2, 3]),
        ("month < day", [1, 2]),
        ("month <= day", [1, 2, 3]),
        ("month = day", [3]),
        ("day > month", [1, 2]),
        ("year = '2020'", [1, 2]),
        ("year >= '2021'", []),
        ("day > '2020'", [1, 2]),
        ("flag -- a comment\n AND sex = 'F'  # another one", [1]),
        ("0", []),
        ("sex = 'F' OR 'x'", [1, 2, 3]),
    ],
)
def test_satisfying(old, expression, true_of):
    """1 where an expression is true: AND before OR, NOT before both; a bare name is
    true if it is not empty
    """
    expected = {patient: int(patient in true_of) for patient in (1, 2, 3)}
    columns = (
        COLUMNS.replace("year=", "when=").replace("cut=", "cut=")
        + "value=patients.satisfying(expression),"
    )
    shown = {patient: {"value": value} for patient, value in expected.items()}
    _only(old, columns, shown, expression.replace("year", "when"))


def _only(old, columns, expected, expression):
    """What the other columns are, is said elsewhere."""
    hidden = f"patients.satisfying(expression, {columns.rsplit('value=', 1)[0]})"
    old(
        ROWS,
        hidden,
        {patient: each["value"] for patient, each in expected.items()},
        x=X,
        groups=GROUPS,
        expression=expression,
    )


def test_categories(old):
    """The first label whose expression is true, in the order written; the default may
    be written anywhere
    """
    columns = """
        kind=patients.categorised_as(
            {"other": "DEFAULT", "old": "age > 35", "man": "sex = 'M' AND age > 0", "adult": "age > 18"},
            age=patients.age_as_of("2020-01-01"), sex=patients.sex(),
        ),
        number=patients.categorised_as({1: "age > 35", 2: "DEFAULT"}),
        flag=patients.categorised_as({1: "age > 35", 0: "DEFAULT"}),
        share=patients.categorised_as({0.5: "age > 35", 1.5: "DEFAULT"}),
        day=patients.categorised_as({"2020-01-01": "age > 35", "2021-01-01": "DEFAULT"}),
        before=patients.with_these_clinical_events(x, on_or_before="day"),
    """
    expected = {
        1: {
            "kind": "old",
            "number": 1,
            "flag": 1,
            "share": 0.5,
            "day": "2020-01-01",
            "before": 0,
        },
        2: {
            "kind": "man",
            "number": 2,
            "flag": 0,
            "share": 1.5,
            "day": "2021-01-01",
            "before": 0,
        },
        3: {
            "kind": "other",
            "number": 2,
            "flag": 0,
            "share": 1.5,
            "day": "2021-01-01",
            "before": 0,
        },
    }
    old(ROWS, columns, expected, x=X)


def test_least_and_greatest(old):
    """Of what is not empty: 0, an empty text or no date are none"""
    columns = """
        a=patients.with_these_clinical_events(groups, returning="date", date_format="YYYY-MM-DD"),
        b=patients.with_these_clinical_events(x, returning="date", date_format="YYYY-MM-DD"),
        first=patients.minimum_of("a", "b"),
        last=patients.maximum_of("a", "2020-02-01"),
        v=patients.with_these_clinical_events(groups, returning="numeric_value"),
        w=patients.with_these_clinical_events(x, returning="numeric_value"),
        least=patients.minimum_of("v", "w"),
        most=patients.maximum_of("n", "age", n=patients.fixed_value(30), age=patients.age_as_of("2020-01-01")),
    """
    some = {
        "a": "2020-01-15",
        "b": "2020-01-15",
        "first": "2020-01-15",
        "last": "2020-02-01",
    }
    expected = {
        1: {**some, "v": 7.5, "w": 7.5, "least": 7.5, "most": 40},
        2: {"a": "2020-02-20", "b": "", "first": "2020-02-20", "last": "2020-02-20", "v": 3.0, "w": 0.0, "least": 3.0, "most": 30},
        3: {"a": "", "b": "", "first": "", "last": "2020-02-01", "v": 0.0, "w": 0.0, "least": 0.0, "most": 30},
    }  # fmt: skip
    expected[2]["most"] = 30
    old(ROWS, columns, expected, x=X, groups=GROUPS)


def test_fixed_values(old):
    """The same for everybody"""
    columns = (
        "a=patients.fixed_value(3), b=patients.fixed_value(True), "
        'c=patients.fixed_value("2020-01-01"), d=patients.fixed_value("x")'
    )
    each = {"a": 3, "b": 1, "c": "2020-01-01", "d": "x"}
    old(ROWS, columns, {1: each, 2: each, 3: each})


def test_population(old):
    """Any flag says who is in the study; it may use all columns, also those that stand
    after it
    """
    columns = 'sex=patients.sex(), old=patients.satisfying("age > 35")'
    population = (
        "patients.satisfying(\"sex = 'F' OR age < 0\", "
        "age=patients.age_as_of('2020-01-01'))"
    )
    expected = {1: {"sex": "F", "old": 1}, 3: {"sex": "M", "old": 0}}
    old(ROWS, columns, expected, population=population)
