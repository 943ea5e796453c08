"""Defaults"""

import pytest

from extractors import months
from measures import create_measures
from tests.lib.tables import p

PATIENTS = {
    p: """
          | s1 | b1 | b2
        --+----+----+----
        1 | a  | T  | T
        2 | a  | F  | T
        3 | b  | T  | F
    """,
}


def test_defaults(counted):
    """What a measure does not say itself comes from define_defaults()"""
    measures = create_measures()
    measures.define_defaults(
        denominator=p.exists_for_patient(),
        intervals=months(1).starting_on("2020-01-01"),
    )
    measures.define_measure("first", numerator=p.b1)
    measures.define_measure("second", numerator=p.b1, denominator=p.b2)
    counted(
        PATIENTS,
        measures,
        """
        measure | interval_start | numerator | denominator
        --------+----------------+-----------+------------
        first   | 2020-01-01     | 2         | 3
        second  | 2020-01-01     | 1         | 2
        """,
    )


def test_no_groups(counted):
    """None means the default, so only `{}` takes default groups away"""
    measures = create_measures()
    measures.define_defaults(
        p.b1,
        p.exists_for_patient(),
        {"place": p.s1},
        months(1).starting_on("2020-01-01"),
    )
    measures.define_measure("by_default")
    measures.define_measure("by_none", group_by=None)
    measures.define_measure("total", group_by={})
    counted(
        PATIENTS,
        measures,
        """
        measure    | place | numerator | denominator
        -----------+----+-----------+------------
        by_default | a  | 1         | 2
        by_default | b  | 1         | 1
        by_none    | a  | 1         | 2
        by_none    | b  | 1         | 1
        total      |    | 2         | 3
        """,
    )


def test_once():
    """They are said once, before the measures that need them"""
    measures = create_measures()
    measures.define_defaults(denominator=p.b1)
    with pytest.raises(
        AttributeError, match="define_defaults\\(\\) may be called only once"
    ):
        measures.define_defaults(denominator=p.b2)


def test_nothing_to_take():
    """What neither the measure nor the defaults say is missed when the file is read"""
    measures = create_measures()
    measures.define_defaults(denominator=p.b1)
    with pytest.raises(
        TypeError,
        match="the measure 'm' has no numerator, and there is no default for it",
    ):
        measures.define_measure("m", intervals=months(1).starting_on("2020-01-01"))
