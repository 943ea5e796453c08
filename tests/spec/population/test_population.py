"""Who is in the population"""

from datetime import date

import pytest

from extractors import INTERVAL, create_dataset
from tests.lib.tables import e, p

RECORDS = {
    p: """
          | i1 | b1
        --+----+----
        1 | 1  | T
        2 | 2  | F
        3 | 3  |
    """,
    e: """
          | d1
        --+------------
        1 | 2020-01-01
        2 | 2020-02-01
        4 | 2020-02-01
    """,
}


def test_true_only(spec):
    """Only patients for whom the population is True are in it; False and NULL are
    out
    """
    spec(RECORDS, p.i1, {1: 1}, population=p.b1)


def test_negated(spec):
    """NULL is out, negated or not"""
    spec(RECORDS, p.i1, {2: 2}, population=~p.b1)


def test_exists(spec):
    """Often it is whoever has a row in a table"""
    spec(RECORDS, p.i1, {1: 1, 2: 2, 4: None}, population=e.exists_for_patient())


def test_patients_of_any_table(spec):
    """Everybody with a row in any table of the definition can be in the population"""
    spec(
        RECORDS,
        e.count_for_patient(),
        {3: 0},
        population=~e.exists_for_patient() & p.exists_for_patient(),
    )


def test_without_a_row():
    """A population that would be True for somebody without any record is refused when
    the file is read
    """
    with pytest.raises(ValueError, match="must not evaluate as True for NULL inputs"):
        create_dataset().define_population(~e.exists_for_patient())


def test_depends_on_the_interval(spec):
    """A population may depend on the interval"""
    spec(
        RECORDS,
        p.i1,
        {2: 2, 4: None},
        population=e.where(e.d1.is_during(INTERVAL)).exists_for_patient(),
        interval=(date(2020, 2, 1), date(2020, 2, 29)),
    )


def test_nobody(spec):
    """There may be nobody in it"""
    spec(RECORDS, p.i1, {}, population=p.i1 > 100)


def test_no_records(spec):
    """There may be no records at all"""
    spec(
        {
            p: """
         | i1
        -+----
    """,
            e: """
         | d1
        -+----
    """,
        },
        p.i1,
        {},
    )
