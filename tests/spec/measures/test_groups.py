"""Groups and the grid of a release"""

import pytest

from extractors import INTERVAL, months, when
from measures import create_measures
from tests.lib.tables import e, p

PATIENTS = {
    p: """
          | s1 | i1 | b1
        --+----+----+----
        1 | a  | 31 | T
        2 | a  | 45 | F
        3 | b  | 38 |
        4 |    | 35 | T
        5 | b  | 62 | T
    """,
}
SEEN = {
    p: """
          | s1
        --+----
        1 | a
        2 | b
    """,
    e: """
          | d1
        --+------------
        1 | 2020-01-10
        1 | 2020-02-10
        2 | 2020-02-20
    """,
}


def test_groups(counted):
    """`group_by` names series; each value that occurs is a group, and NULL is a group
    of its own
    """
    measures = create_measures()
    measures.define_measure(
        "by_place",
        numerator=p.b1,
        denominator=p.exists_for_patient(),
        group_by={"place": p.s1},
        intervals=months(1).starting_on("2020-01-01"),
    )
    counted(
        PATIENTS,
        measures,
        """
        measure  | place | numerator | denominator
        --------+----+-----------+------------
        by_place | a     | 1         | 2
        by_place | b     | 1         | 2
        by_place |       | 1         | 1
        """,
    )


def test_several_groups(counted):
    """With several, each combination that occurs is a group"""
    measures = create_measures()
    age_band = when(p.i1 < 40).then("under 40").otherwise("40 and over")
    measures.define_measure(
        "by_both",
        numerator=p.b1,
        denominator=p.exists_for_patient(),
        group_by={"place": p.s1, "age_band": age_band},
        intervals=months(1).starting_on("2020-01-01"),
    )
    counted(
        PATIENTS,
        measures,
        """
        measure | place | age_band    | numerator | denominator
        --------+----+-------------+-----------+------------
        by_both | a  | under 40    | 1         | 1
        by_both | a  | 40 and over | 0         | 1
        by_both | b  | under 40    | 0         | 1
        by_both | b  | 40 and over | 1         | 1
        by_both |    | under 40    | 1         | 1
        """,
    )


def test_groups_of_any_type(counted):
    """A group may be of any type, and may change from one interval to the next"""
    measures = create_measures()
    during = e.where(e.d1.is_during(INTERVAL))
    measures.define_measure(
        "by_visits",
        numerator=p.s1 == "a",
        denominator=p.exists_for_patient(),
        group_by={
            "visits": during.count_for_patient(),
            "seen": during.exists_for_patient(),
        },
        intervals=months(2).starting_on("2020-01-01"),
    )
    counted(
        SEEN,
        measures,
        """
        measure   | interval_start | visits | seen | numerator | denominator
        ----------+----------------+--------+------+-----------+------------
        by_visits | 2020-01-01     | 0      | F    | 0         | 1
        by_visits | 2020-01-01     | 1      | T    | 1         | 1
        by_visits | 2020-02-01     | 1      | T    | 1         | 2
        """,
    )


def test_complete_grid(grid):
    """A release has a row for every group in every interval, if the group occurs in
    any: here with a count of 0
    """
    measures = create_measures()
    during = e.where(e.d1.is_during(INTERVAL))
    measures.define_measure(
        "seen",
        numerator=during.exists_for_patient(),
        denominator=during.exists_for_patient(),
        group_by={"place": p.s1},
        intervals=months(2).starting_on("2020-01-01"),
    )
    grid(
        SEEN,
        measures,
        """
        measure | interval_start | place | numerator | denominator
        --------+----------------+----+-----------+------------
        seen    | 2020-01-01     | a  | 1         | 1
        seen    | 2020-01-01     | b  | 0         | 0
        seen    | 2020-02-01     | a  | 1         | 1
        seen    | 2020-02-01     | b  | 1         | 1
        """,
    )


def test_one_name_one_meaning():
    """A name of a group means the same in all measures of a file"""
    measures = create_measures()
    january = months(1).starting_on("2020-01-01")
    measures.define_measure(
        "first", p.b1, p.exists_for_patient(), {"group": p.s1}, january
    )
    with pytest.raises(
        AttributeError,
        match="the group 'group' is defined differently in the measure 'first'",
    ):
        measures.define_measure(
            "second", p.b1, p.exists_for_patient(), {"group": p.i1}, january
        )


@pytest.mark.parametrize(
    "name", ["ratio", "numerator", "interval_start", "group_by", "status"]
)
def test_names_of_columns(name):
    """A group cannot be called like a column of the release"""
    measures = create_measures()
    with pytest.raises(AttributeError, match="is not an allowed name; choose another"):
        measures.define_measure(
            "m",
            p.b1,
            p.exists_for_patient(),
            {name: p.s1},
            months(1).starting_on("2020-01-01"),
        )
