"""Measure definitions as analysts write them: they load unchanged, and every count is
the one worked out by hand.
"""

from extractors.tables import core, tpp
from tests.lib.authored import authored, counts_of

__all__ = ["authored"]


PRESCRIBING = {
    tpp.patients: """
          | date_of_birth | sex    | date_of_death
        --+---------------+--------+--------------
        1 | 1990-03-01    | female |
        2 | 1955-01-01    | male   | 2020-03-01
        3 | 2010-01-01    | female |
        4 | 1985-01-01    | male   |
    """,
    tpp.practice_registrations: """
          | start_date | end_date   | practice_nuts1_region_name
        --+------------+------------+---------------------------
        1 | 2010-01-01 |            | London
        2 | 2010-01-01 |            | North East
        3 | 2010-01-01 |            | London
        4 | 2010-01-01 | 2020-01-31 | London
    """,
    tpp.clinical_events: """
          | date       | snomedct_code
        --+------------+--------------
        1 | 2015-01-01 | 195967001
        2 | 2019-01-01 | 304527002
        3 | 2019-01-01 | 13645005
        4 | 2020-01-31 | 195967001
    """,
    tpp.medications: """
          | date       | dmd_code
        --+------------+------------------
        1 | 2020-01-05 | 39113611000001102
        1 | 2020-01-20 | 35916411000001106
        1 | 2020-03-31 | 39113611000001102
        2 | 2020-02-29 | 39113611000001102
        2 | 2020-02-29 | 10514511000001106
        3 | 2020-02-29 | 39113611000001102
    """,
}


def test_monthly_prescribing(authored):
    counts = counts_of(authored("measure_definition"), PRESCRIBING)
    months = [f"2020-{month:02}-01" for month in range(1, 13)]
    denominators = [3, 2, *[1] * 10]
    for name, numerators in {
        "salbutamol": [1, 1, 1, *[0] * 9],
        "salbutamol_items": [2, 1, 1, *[0] * 9],
        "salbutamol_recent": [0, 1, 1, 1, 1, 1, *[0] * 6],
    }.items():
        assert [counts[name, month] for month in months] == list(
            zip(numerators, denominators, strict=True)
        )
    january = {
        place: count
        for place, count in counts.items()
        if place[1] == months[0] and len(place) == 3
    }
    assert january == {
        ("salbutamol_by_sex", months[0], "female"): (1, 1),
        ("salbutamol_by_sex", months[0], "male"): (0, 2),
        ("salbutamol_by_age_band", months[0], "20-39"): (1, 2),
        ("salbutamol_by_age_band", months[0], "60+"): (0, 1),
        ("salbutamol_by_region", months[0], "London"): (1, 2),
        ("salbutamol_by_region", months[0], "North East"): (0, 1),
        ("salbutamol_by_imd", months[0], "unknown"): (1, 3),
    }
    assert counts["salbutamol_by_sex", "2020-02-01", "female"] == (0, 1)
    assert counts["salbutamol_by_sex", "2020-02-01", "male"] == (1, 1)


DIAGNOSES = {
    core.patients: """
          | date_of_birth | sex
        --+---------------+-------
        1 | 1980-01-01    | female
        2 | 2003-01-04    | male
        3 | 2003-01-11    | male
    """,
    core.clinical_events: """
          | date       | snomedct_code
        --+------------+--------------
        1 | 2021-01-05 | 38341003
        1 | 2021-01-13 | 44054006
        2 | 2020-01-01 | 59621000
        2 | 2021-01-12 | 59621000
        3 | 2021-01-12 | 38341003
    """,
}


def test_parameters_left_out(authored):
    assert counts_of(authored("measure_definition_parameters"), DIAGNOSES) == {
        ("new_diagnosis", "2021-01-04", "female"): (1, 1),
        ("new_diagnosis", "2021-01-04", "male"): (0, 1),
        ("new_diagnosis", "2021-01-11", "female"): (0, 1),
        ("new_diagnosis", "2021-01-11", "male"): (1, 2),
    }


def test_parameters_given(authored):
    lists = [f"nhsd-primary-care-domain-refsets-{name}_cod" for name in ("ast", "dm")]
    arguments = ("--start-date", "2021-01-11", "--weeks", "1", "--codelists", *lists)
    assert counts_of(
        authored("measure_definition_parameters", *arguments), DIAGNOSES
    ) == {
        ("new_diagnosis", "2021-01-11", "female"): (1, 1),
        ("new_diagnosis", "2021-01-11", "male"): (0, 2),
    }


def test_admissions_with_int_denominators_and_overlapping_intervals(authored):
    drawings = {
        tpp.patients: "|sex\n--\n1|male\n2|male\n3|male\n",
        tpp.practice_registrations: """
              | start_date
            --+-----------
            1 | 2010-01-01
            2 | 2010-01-01
            3 | 2019-05-01
        """,
        tpp.apcs: """
              | admission_date | discharge_date | primary_diagnosis
            --+----------------+----------------+------------------
            1 | 2019-06-01     | 2019-06-05     | I21
            1 | 2020-03-15     | 2020-03-20     | J45
            2 | 2020-05-01     | 2020-05-03     | K35
            3 | 2020-03-31     | 2020-04-02     | K35
        """,
        tpp.ec: """
              | arrival_date
            --+-------------
            1 | 2019-06-01
            1 | 2020-03-15
            2 | 2019-07-01
        """,
    }
    year_1, march, year_2 = "2019-04-01", "2020-03-01", "2020-04-01"
    assert counts_of(authored("measure_definition_admissions"), drawings) == {
        ("admission", year_1): (1, 2),
        ("admission", march): (2, 3),
        ("admission", year_2): (1, 3),
        ("bed_days", year_1): (9, 2),
        ("bed_days", march): (7, 3),
        ("bed_days", year_2): (2, 3),
        ("attendances_per_admission", year_1): (2, 3),
        ("attendances_per_admission", march): (1, 2),
        ("attendances_per_admission", year_2): (0, 1),
        ("readmission", march): (1, 1),
        ("readmission", year_2): (0, 1),
    }
