"""The columns of a tally: as counting finds them, and none that an author's group may
be called.
"""

import pyarrow as pa
import pytest

from extractors.engine import Engine
from extractors.planner.kinds import PERSON
from extractors.sql import columns
from extractors.sql.changes import largest_columns, number_columns, people_columns
from extractors.sql.people import HALF, packed_sql
from extractors.sql.tally import Tally, fingerprint_columns, tally_sql
from extractors.sql.words import quote

HASHES = [each - HALF for each in (7, 9, 2**64 - 1)]  # as a static table has them
COHORT = {
    "d": [True, True, True],
    "n": [True, False, False],
    "k": [3, -5, None],
    PERSON: HASHES,
}


@pytest.fixture
def row():
    tally = Tally(("d", bool), (("n", bool), ("k", int)), ((),))
    with Engine() as engine:
        engine.register("people", pa.table(COHORT))
        packed = f"{packed_sql(quote(PERSON))} AS {quote(PERSON)}"
        [found] = engine.arrow(
            tally_sql(tally, f"(SELECT * REPLACE ({packed}) FROM people)")
        ).to_pylist()
        return found


def test_a_row_of_a_tally_has_every_count_in_its_column(row):
    assert row == {
        "grouping": 0, "denominator": 3, "denominator_patients": 3,
        "n0": 1, "p0": 1, "n1": -2, "p1": 2, "m1": 5,
        "denominator_fingerprint": 15, "_f0": 7, "_f1": 16,
    }  # fmt: skip
    second = columns.numerator(1)
    assert [row[name] for name in (second.count, second.patients, second.largest)] == [
        -2,
        2,
        5,
    ]
    assert row[columns.DENOMINATOR.count] == row[columns.DENOMINATOR.patients] == 3


def test_changes_are_kept_in_the_columns_of_the_longest_tally():
    one = Tally(("d", int), (("n", bool),), ((),))
    two = Tally(("d", bool), (("n", bool), ("k", int)), ((),))
    assert number_columns([one, two]) == ["denominator", "n1"]
    assert people_columns([one, two]) == ["denominator_people", "_p0", "_p1"]
    assert fingerprint_columns([one, two]) == ["denominator_fingerprint", "_f0", "_f1"]
    assert largest_columns([one, two]) == ["denominator_largest", "m1"]


@pytest.mark.parametrize("name", ["n0", "P12", "m3", "tally", "Grouping"])
def test_no_group_is_called_like_a_column(name):
    assert columns.TAKEN.fullmatch(name)


@pytest.mark.parametrize("name", ["n", "q0", "n0a", "tallying", "region"])
def test_other_names_are_free(name):
    assert not columns.TAKEN.fullmatch(name)
