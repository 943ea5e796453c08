"""Numerators and denominators"""

from extractors import months, when
from measures import create_measures
from tests.lib.tables import e, p

PATIENTS = {
    p: """
          | b1 | b2 | i1
        --+----+----+----
        1 | T  | T  | 3
        2 | T  | F  | 0
        3 | T  |    | -2
        4 | F  | T  | 5
        5 |    | T  |
    """,
}
EVENTS = {
    p: """
          | b1
        --+----
        1 | T
        2 | T
        3 | F
    """,
    e: """
          | d1         | i1
        --+------------+----
        1 | 2020-01-10 | 4
        1 | 2020-01-20 | 6
        3 | 2020-01-15 | 9
    """,
}


def test_people(counted):
    """A bool denominator counts the patients for whom it is True, a bool numerator
    those of them for whom it is True
    """
    measures = create_measures()
    measures.define_measure(
        "seen",
        numerator=p.b2,
        denominator=p.b1,
        intervals=months(1).starting_on("2020-01-01"),
    )
    counted(
        PATIENTS,
        measures,
        """
        measure | interval_start | interval_end | numerator | denominator
        --------+----------------+--------------+-----------+------------
        seen    | 2020-01-01     | 2020-01-31   | 1         | 3
        """,
    )


def test_numbers(counted):
    """An int numerator is a sum over the denominator's patients, in which NULL is 0;
    the others do not count
    """
    measures = create_measures()
    measures.define_measure(
        "sum",
        numerator=p.i1,
        denominator=p.b1,
        intervals=months(1).starting_on("2020-01-01"),
    )
    counted(
        PATIENTS,
        measures,
        """
        measure | numerator | denominator
        --------+-----------+------------
        sum     | 1         | 3
        """,
    )


def test_number_as_denominator(counted):
    """An int denominator is a sum over those for whom it is more than 0; NULL, 0 and
    less are left out
    """
    measures = create_measures()
    measures.define_measure(
        "rate",
        numerator=p.b2,
        denominator=p.i1,
        intervals=months(1).starting_on("2020-01-01"),
    )
    counted(
        PATIENTS,
        measures,
        """
        measure | numerator | denominator
        --------+-----------+------------
        rate    | 2         | 8
        """,
    )


def test_events(counted):
    """Events are counted by an int: their number, a sum of their values, or their
    days
    """
    measures = create_measures()
    january = months(1).starting_on("2020-01-01")
    measures.define_measure("events", e.count_for_patient(), p.b1, intervals=january)
    measures.define_measure("values", e.i1.sum_for_patient(), p.b1, intervals=january)
    measures.define_measure(
        "days",
        e.d1.count_distinct_for_patient(),
        p.exists_for_patient(),
        intervals=january,
    )
    counted(
        EVENTS,
        measures,
        """
        measure | numerator | denominator
        --------+-----------+------------
        events  | 2         | 2
        values  | 10        | 2
        days    | 3         | 3
        """,
    )


def test_some_events(counted):
    """A case makes a number of whom to count how often"""
    measures = create_measures()
    doses = when(p.b2).then(2).otherwise(1)
    measures.define_measure(
        "doses",
        doses,
        p.exists_for_patient(),
        intervals=months(1).starting_on("2020-01-01"),
    )
    counted(
        PATIENTS,
        measures,
        """
        measure | numerator | denominator
        --------+-----------+------------
        doses   | 8         | 5
        """,
    )


def test_nobody(counted):
    """Where the denominator counts nobody there is no row"""
    measures = create_measures()
    measures.define_measure(
        "none", p.b1, p.i1 > 100, intervals=months(1).starting_on("2020-01-01")
    )
    measures.define_measure(
        "some", p.b1, p.i1 > 4, intervals=months(1).starting_on("2020-01-01")
    )
    counted(
        PATIENTS,
        measures,
        """
        measure | numerator | denominator
        --------+-----------+------------
        some    | 0         | 1
        """,
    )


def test_without_rows(counted):
    """Unlike a population, a denominator may be True for those without rows: it counts
    whoever is in another table
    """
    measures = create_measures()
    measures.define_measure(
        "not_in_p",
        e.exists_for_patient(),
        ~p.exists_for_patient(),
        intervals=months(1).starting_on("2020-01-01"),
    )
    strangers = {
        p: """
              | b1
            --+----
            1 | T
        """,
        e: """
              | i1
            --+----
            1 | 1
            7 | 1
            8 |
        """,
    }
    counted(
        strangers,
        measures,
        """
        measure  | numerator | denominator
        ---------+-----------+------------
        not_in_p | 2         | 2
        """,
    )
