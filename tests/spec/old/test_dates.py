"""Dates of old studies"""

import pytest

from extractors.tables.tpp import clinical_events
from measures.cohortextractor.offered import codelist

X = codelist(["413606001"], system="snomed")
Y = codelist(["163035008"], system="snomed")
EVENTS = {
    clinical_events: """
          | date       | snomedct_code
        --+------------+--------------
        1 | 2020-01-31 | 413606001
        1 | 2020-02-29 | 163035008
        2 | 2020-04-01 | 163035008
        3 | 2019-08-31 | 413606001
        3 | 2020-03-31 | 163035008
    """
}


def flags(text: str) -> str:
    return f'patients.with_these_clinical_events(y, on_or_before="{text}")'


def test_index_date(old):
    """The index date of the command line, moved by days, months and years"""
    columns = f"""
        a={flags("index_date")},
        b={flags("index_date - 1 day")},
        c={flags("index_date+1 month")},
        d={flags("index_date - 1 years")},
    """
    expected = {
        1: {"a": 1, "b": 1, "c": 1, "d": 0},
        2: {"a": 0, "b": 0, "c": 1, "d": 0},
        3: {"a": 0, "b": 0, "c": 1, "d": 0},
    }
    old(EVENTS, columns, expected, "--index-date", "2020-03-01", y=Y)


def test_own_index_date(old):
    """The study's own index date, where the command says none"""
    columns = (
        f'index_date="2020-04-01", a={flags("index_date")}, '
        f"b={flags('first_day_of_month(index_date) - 1 day')},"
    )
    old(
        EVENTS,
        columns,
        {1: {"a": 1, "b": 1}, 2: {"a": 1, "b": 0}, 3: {"a": 1, "b": 1}},
        y=Y,
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("first_day_of_month(index_date)", "2020-02-01"),
        ("last_day_of_month(index_date)", "2020-02-29"),
        ("first_day_of_year(index_date)", "2020-01-01"),
        ("last_day_of_year( index_date )", "2020-12-31"),
        ("first_day_of_nhs_financial_year(index_date)", "2019-04-01"),
        ("last_day_of_nhs_financial_year(index_date)", "2020-03-31"),
        ("first_day_of_school_year(index_date)", "2019-09-01"),
        ("last_day_of_school_year(index_date)", "2020-08-31"),
        ("last_day_of_month(index_date) - 3 months", "2019-11-29"),
        ("first_day_of_month(index_date) + 7 days", "2020-02-08"),
    ],
)
def test_functions(old, text, day):
    """The function comes first, then the day is moved"""
    rows = {
        clinical_events: f"  | date | snomedct_code\n--+--\n1 | {day} | 163035008\n2 | 1990-01-01 "
        "| 413606001"
    }
    columns = f'patients.with_these_clinical_events(y, between=["{text}", "{text}"])'
    old(rows, columns, {1: 1, 2: 0}, "--index-date", "2020-02-14", y=Y)


def test_of_a_column(old):
    """Each patient's own date, moved; a day that does not exist is the last of its
    month. Without a date nothing matches
    """
    columns = """
        first=patients.with_these_clinical_events(x, returning="date", date_format="YYYY-MM-DD"),
        a=patients.with_these_clinical_events(y, between=["first", "first + 1 month"]),
        b=patients.with_these_clinical_events(y, on_or_after="first + 29 days"),
        c=patients.with_these_clinical_events(y, between=["first_day_of_month(first)", "last_day_of_year(first)"]),
        age=patients.age_as_of("first"),
    """
    expected = {
        1: {"first": "2020-01-31", "a": 1, "b": 1, "c": 1, "age": 0},
        2: {"first": "", "a": 0, "b": 0, "c": 0, "age": 0},
        3: {"first": "2019-08-31", "a": 0, "b": 1, "c": 0, "age": 0},
    }
    old(EVENTS, columns, expected, x=X, y=Y)


def test_of_a_month(old):
    """A column that has only a month means its first day"""
    columns = """
        first=patients.with_these_clinical_events(x, returning="date", date_format="YYYY-MM"),
        a=patients.with_these_clinical_events(x, on_or_before="first"),
        b=patients.with_these_clinical_events(x, on_or_after="first"),
    """
    expected = {
        1: {"first": "2020-01", "a": 0, "b": 1},
        2: {"first": "", "a": 0, "b": 0},
        3: {"first": "2019-08", "a": 0, "b": 1},
    }
    old(EVENTS, columns, expected, x=X)
