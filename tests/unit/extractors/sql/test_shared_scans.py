# mypy: ignore-errors
"""Aggregates over rows of one table share a scan, which skips the rows that none of
them counts, and no others.
"""

from itertools import permutations

import pytest

from extractors import create_dataset
from tests.lib.engines import run_duckdb, run_reference
from tests.lib.tables import e, p

ONE, TWO = "111111111", "222222222"
latest = e.sort_by(e.i1).last_for_patient()
RECORDS = {
    "p": [
        {"patient_id": 1, "i1": 1, "s1": "one", "c1": ONE},
        {"patient_id": 2, "i1": 2, "s1": "two", "c1": TWO},
        {"patient_id": 3},
    ],
    "e": [
        {"patient_id": who, "i1": number, "s1": name, "c1": code}
        for who in (1, 2, 3)
        for number, name, code in (
            (1, "one", ONE),
            (2, "two", TWO),
            (2, None, None),
            (None, "one", TWO),
        )
    ],
}
# Of a patient, and of a row: columns that are called alike
ALIKE = {
    "code of a patient": (p.c1.is_in([ONE]), e.c1.is_in([TWO])),
    "number of a patient": (p.i1 == 1, e.i1 == 2),
    "text of a patient": (p.s1 == "one", e.s1 == "two"),
    "code of a picked row": (latest.c1 == TWO, e.c1 == ONE),
    "codes of both": (p.c1 == ONE, latest.c1.is_in([TWO]), e.c1.is_in([ONE])),
}


def counts(*conditions):
    dataset = create_dataset()
    dataset.define_population(p.exists_for_patient())
    for number, condition in enumerate(conditions):
        dataset.add_column(f"x{number}", e.where(condition).count_for_patient())
    return dataset


@pytest.mark.parametrize("alike", ALIKE)
def test_a_condition_on_a_patient_is_none_on_the_column_of_that_name_of_rows(
    alike: str,
):
    for conditions in permutations(ALIKE[alike]):
        expected = run_reference(counts(*conditions), RECORDS)
        assert run_duckdb(counts(*conditions), RECORDS) == expected
        assert any(each["x0"] for each in expected.values())


def test_two_lists_of_codes_and_a_long_one_of_both():
    """What is looked for in the rows of the two together is said elsewhere, too, and is
    long enough to have a name.
    """
    some, others = ([str(first * 10**9 + n) for n in range(60)] for first in (1, 2))
    either = e.c1.is_in(some + others)
    records = {
        "p": [{"patient_id": 1}],
        "e": [
            {"patient_id": 1, "i1": n, "c1": code}
            for n, code in enumerate((some[0], some[1], others[0], ONE))
        ],
    }
    dataset = counts(e.c1.is_in(some), e.c1.is_in(others), either, either & (e.i1 > 0))
    assert run_duckdb(dataset, records) == {1: {"x0": 2, "x1": 1, "x2": 3, "x3": 2}}
