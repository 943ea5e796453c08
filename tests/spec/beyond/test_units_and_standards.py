# mypy: ignore-errors
"""Deciles over units, and standardised rates (ours)"""

import pytest

from extractors import case, months, when
from measures import create_measures
from tests.lib.tables import p

PEOPLE = {
    p: """
          | b1 | s1 | i1
        --+----+----+----
        1 | T  | a  | 30
        2 | F  | a  | 45
        3 | T  | b  | 60
        4 | T  |    | 70
    """,
}
JANUARY = months(1).starting_on("2020-01-01")


def test_deciles_over(counted):
    """deciles_over counts a measure by its units as well; a release has the deciles of
    their rates, and never a unit
    """
    measures = create_measures()
    measures.define_measure(
        "m", p.b1, p.exists_for_patient(), intervals=JANUARY, deciles_over=p.s1
    )
    counted(
        PEOPLE,
        measures,
        """
        measure   | m_unit | numerator | denominator
        ----------+--------+-----------+------------
        m         |        | 3         | 4
        m_deciles |        | 1         | 1
        m_deciles | a      | 1         | 2
        m_deciles | b      | 1         | 1
        """,
    )


def test_standardise(counted):
    """standardise asks for directly standardised rates; the measure is counted by its
    bands as ever
    """
    measures = create_measures()
    band = case(when(p.i1 < 50).then("0-49"), otherwise="50+")
    measures.define_measure(
        "m",
        p.b1,
        p.exists_for_patient(),
        {"band": band},
        JANUARY,
        standardise={"band": "ESP2013"},
    )
    counted(
        PEOPLE,
        measures,
        """
        measure | band | numerator | denominator
        --------+------+-----------+------------
        m       | 0-49 | 1         | 2
        m       | 50+  | 2         | 2
        """,
    )


def test_bands_that_do_not_fit():
    """Bands begin and end where those of the standard do"""
    measures = create_measures()
    band = case(when(p.i1 < 43).then("0-42"), otherwise="43+")
    with pytest.raises(
        ValueError,
        match="does not begin and end where ESP2013's bands of five years do",
    ):
        measures.define_measure(
            "m",
            p.b1,
            p.exists_for_patient(),
            {"band": band},
            JANUARY,
            standardise={"band": "ESP2013"},
        )


def test_weights_of_their_own():
    """Other bands have weights of their own"""
    measures = create_measures()
    band = case(when(p.i1 < 43).then("0-42"), otherwise="43+")
    own = {"band": {"0-42": 3, "43+": 1}}
    measures.define_measure(
        "m", p.b1, p.exists_for_patient(), {"band": band}, JANUARY, standardise=own
    )
