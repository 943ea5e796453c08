"""Dataset definitions as analysts write them: they load unchanged, and every value is
the one worked out by hand.
"""

from datetime import date
from typing import Any

from extractors.tables import core, tpp
from tests.lib.authored import authored, rows_of

__all__ = ["authored"]


def every(names: str, *rows: tuple) -> dict[int, dict[str, Any]]:
    """Patient and values -> patient -> name -> value."""
    return {
        patient: dict(zip(names.split(), values, strict=True))
        for patient, *values in rows
    }


DEMOGRAPHICS = {
    tpp.patients: """
          | date_of_birth | sex      | date_of_death
        --+---------------+----------+--------------
        1 | 1980-05-01    | female   |
        2 | 2004-04-01    | male     |
        3 | 2004-05-01    | male     |
        4 | 1950-01-01    | intersex |
        5 | 1950-01-01    | female   | 2022-04-01
        6 | 1940-06-01    | male     | 2022-04-02
        7 | 1970-01-01    | female   |
    """,
    tpp.practice_registrations: """
          | start_date | end_date   | practice_nuts1_region_name | practice_stp
        --+------------+------------+----------------------------+-------------
        1 | 2010-01-01 |            | London                     | E54000027
        1 | 2020-01-01 | 2022-04-01 | East                       | E54000025
        2 | 2019-01-01 |            | South West                 |
        3 | 2010-01-01 |            | London                     | E54000027
        4 | 2010-01-01 |            | London                     | E54000027
        5 | 2010-01-01 |            | London                     | E54000027
        6 | 2010-01-01 | 2022-04-01 | London                     | E54000027
        7 | 2021-06-01 |            | London                     | E54000027
    """,
    tpp.addresses: """
          | address_id | start_date | end_date   | has_postcode | imd_rounded | rural_urban_classification | care_home_is_potential_match | care_home_requires_nursing | care_home_does_not_require_nursing
        --+------------+------------+------------+--------------+-------------+----------------------------+------------------------------+----------------------------+-----------------------------------
        1 | 1          | 2010-01-01 |            | T            | 6500        | 1                          | F                            |                            | T
        1 | 2          | 2015-01-01 |            | F            | 20000       | 3                          | F                            | F                          | F
        2 | 3          | 2010-01-01 | 2022-03-31 | T            | 100         | 2                          | T                            | T                          | F
        6 | 4          | 2015-01-01 | 2022-04-01 |              | 32800       | 8                          | F                            | F                          | F
    """,  # noqa: E501
    tpp.clinical_events: """
          | date       | snomedct_code | numeric_value
        --+------------+---------------+--------------
        1 | 2015-01-01 | 185984009     |
        1 | 2020-01-01 | 185990008     |
        1 | 2022-04-02 | 185988007     |
        1 | 2020-03-31 | 60621009      | 30.1
        1 | 2021-01-01 | 60621009      | 27.5
        1 | 2022-01-01 | 60621009      | 0.0
        6 | 2000-01-01 | 185988007     |
        6 | 2022-04-01 | 60621009      | 22.0
    """,
}


def test_demographics(authored):
    assert rows_of(authored("dataset_definition"), DEMOGRAPHICS) == every(
        "age age_band sex region stp imd_quintile imd_by_hand rural_urban carehome "
        "ethnicity bmi recent_event",
        (
            1,
            41,
            "40-64",
            "female",
            "East",
            "E54000025",
            *["1 (most deprived)"] * 2,
            1,
            True,
            "South Asian",
            27.5,
            True,
        ),
        (
            2,
            18,
            "18-39",
            "male",
            "South West",
            None,
            *["unknown"] * 2,
            None,
            None,
            "Unknown",
            None,
            False,
        ),
        (
            6,
            81,
            "65+",
            "male",
            "London",
            "E54000027",
            *["5 (least deprived)"] * 2,
            8,
            False,
            "Black",
            22.0,
            False,
        ),
    )


def test_comorbidities(authored):
    drawings = {
        core.patients: """
              | date_of_birth | date_of_death
            --+---------------+--------------
            1 | 1950-01-01    |
            2 | 1990-01-01    |
            3 | 1980-01-01    | 2020-12-31
            4 | 1960-01-01    | 2021-01-02
        """,
        core.clinical_events: """
              | date       | snomedct_code
            --+------------+--------------
            1 | 2019-01-01 | 195967001
            1 | 2020-01-01 | 304527002
            1 | 2021-01-01 | 195967001
            1 | 2018-05-05 | 44054006
            2 | 2020-06-01 | 13645005
            3 | 2020-06-01 | 13645005
            4 | 2021-01-01 | 38341003
        """,
    }
    none = (False, None, 0)
    assert rows_of(authored("dataset_definition_comorbidities"), drawings) == every(
        "has_asthma asthma_date asthma_count has_copd copd_date copd_count "
        "has_diabetes diabetes_date diabetes_count has_hypertension "
        "hypertension_date hypertension_count any_condition conditions multimorbid "
        "distinct_codes respiratory_since_fifty",
        (
            1,
            True,
            date(2019, 1, 1),
            2,
            *none,
            True,
            date(2018, 5, 5),
            1,
            *none,
            True,
            2,
            True,
            3,
            True,
        ),
        (2, *none, True, date(2020, 6, 1), 1, *none, *none, True, 1, False, 1, False),
        (4, *none, *none, *none, *none, False, 0, False, 0, False),
    )


def test_vaccinations(authored):
    drawings = {
        tpp.patients: """
              | date_of_birth
            --+--------------
            1 | 1950-01-01
            2 | 1990-01-01
            3 | 2005-03-31
            4 | 2005-04-01
        """,
        tpp.vaccinations: """
              | date       | target_disease    | product_name
            --+------------+-------------------+-------------
            1 | 2020-12-08 | SARS-2 CORONAVIRUS | Pfizer
            1 | 2020-12-20 | SARS-2 CORONAVIRUS | Pfizer
            1 | 2021-03-01 | SARS-2 CORONAVIRUS | AstraZeneca
            1 | 2021-04-01 | INFLUENZA          | Other
            1 | 2021-10-01 | SARS-2 CORONAVIRUS | Pfizer
            2 | 2020-12-07 | SARS-2 CORONAVIRUS | Trial
            2 | 2021-02-01 | SARS-2 CORONAVIRUS | AstraZeneca
            2 | 2021-02-20 | SARS-2 CORONAVIRUS | AstraZeneca
            4 | 2021-02-20 | SARS-2 CORONAVIRUS | Pfizer
        """,
    }
    first, second, third = date(2020, 12, 8), date(2021, 3, 1), date(2021, 10, 1)
    doses = " ".join(
        f"covid_vax_{number}_date covid_vax_{number}_product" for number in (1, 2, 3)
    )
    assert rows_of(authored("dataset_definition_vaccinations"), drawings) == every(
        f"{doses} doses days_between status mixed",
        (
            1,
            first,
            "Pfizer",
            second,
            "AstraZeneca",
            third,
            "Pfizer",
            4,
            83,
            "boosted",
            True,
        ),
        (
            2,
            date(2021, 2, 1),
            "AstraZeneca",
            None,
            None,
            None,
            None,
            3,
            None,
            "one dose",
            None,
        ),
        (3, None, None, None, None, None, None, 0, None, "unvaccinated", None),
    )


OUTCOMES = {
    tpp.patients: """
          | date_of_birth
        --+--------------
        1 | 1950-01-01
        2 | 1960-01-01
        3 | 1970-01-01
        4 | 1980-01-01
        5 | 1940-01-01
    """,
    tpp.practice_registrations: """
          | start_date | end_date
        --+------------+-----------
        1 | 2010-01-01 |
        2 | 2010-01-01 | 2020-06-30
        3 | 2010-01-01 |
        4 | 2010-01-01 | 2020-02-29
        5 | 2010-01-01 |
    """,
    tpp.apcs: """
          | admission_date | discharge_date | admission_method | primary_diagnosis | all_diagnoses | days_in_critical_care | all_procedures
        --+----------------+----------------+------------------+-------------------+---------------+-----------------------+---------------
        1 | 2020-03-01     | 2020-03-11     | 21               | J128              | J128 ,U071    | 2                     |
        1 | 2020-05-01     | 2020-05-02     | 11               | U071              | U071          | 0                     |
        2 | 2019-01-01     | 2019-01-02     | 21               | I21               | I21           |                       |
        2 | 2020-04-01     |                | 21               | I210              | I210 ,I10X    | 0                     | K401,K402
        3 | 2020-12-31     | 2021-01-05     | 2A               | U072              | U072          |                       | K499
    """,  # noqa: E501
    tpp.emergency_care_attendances: """
          | arrival_date
        --+-------------
        1 | 2020-03-02
        2 | 2021-01-01
    """,
    tpp.ons_deaths: """
          | date       | underlying_cause_of_death | cause_of_death_02 | place
        --+------------+---------------------------+-------------------+----------
        1 | 2020-03-20 | U071                      | J128              | Hospital
        3 | 2021-02-01 | C340                      | U072              | Home
        5 | 2020-04-01 | U072                      |                   | Care Home
    """,
}


def test_outcomes(authored):
    names = (
        "covid_admission_date length_of_stay critical_care mi_admissions mi_anywhere "
        "operated attended_ae death_date died_of_covid underlying_covid place "
        "first_outcome censor_date follow_up last_contact outcome"
    )
    march_1, march_20, april_1, end = (
        date(2020, 3, 1),
        date(2020, 3, 20),
        date(2020, 4, 1),
        date(2020, 12, 31),
    )
    assert rows_of(authored("dataset_definition_outcomes"), OUTCOMES) == every(
        names,
        (1, march_1, 10, True, 0, False, False, True,
         march_20, True, True, "Hospital", march_1, march_20, 20, date(2020, 5, 2), "admission"),
        (2, None, None, None, 1, True, True, False,
         None, None, None, None, None, date(2020, 6, 30), 122, april_1, "none"),
        (3, end, 5, None, 0, False, False, False,
         date(2021, 2, 1), False, False, "Home", end, end, 306, date(2021, 1, 5), "admission"),
        (5, None, None, None, 0, False, False, False,
         april_1, True, True, "Care Home", april_1, april_1, 32, None, "death"),
    )  # fmt: skip


def test_smoking(authored):
    drawings = {
        tpp.patients: "|sex\n--\n"
        + "".join(f"{patient}|male\n" for patient in range(1, 7)),
        tpp.clinical_events: """
              | date       | ctv3_code
            --+------------+----------
            1 | 2010-01-01 | 1371.
            2 | 2010-01-01 | 137R.
            2 | 2020-01-01 | XE0oh
            3 | 2010-01-01 | 137S.
            4 | 2010-01-01 | 1371.
            4 | 2022-01-01 | 137R.
            5 | 2022-01-01 | H33..
            6 | 2023-01-01 | 137R.
        """,
    }
    rows = rows_of(authored("dataset_definition_smoking"), drawings)
    status = {patient: row["smoking_status"] for patient, row in rows.items()}
    assert status == {1: "N", 2: "E", 3: "E", 4: "S", 5: "M", 6: "M"}


NUMBERS = {
    tpp.patients: """
          | date_of_birth
        --+--------------
        1 | 1957-01-01
        2 | 2001-01-01
    """,
    tpp.clinical_events: """
          | date       | snomedct_code | numeric_value
        --+------------+---------------+--------------
        1 | 2019-01-01 | 80274001      | 61.5
        1 | 2020-01-01 | 80274001      | 58.5
        1 | 2020-06-01 | 80274001      |
        1 | 2021-01-02 | 80274001      | 30.0
        1 | 2020-02-01 | 195967001     |
        2 | 2020-02-01 | 195967001     |
    """,
    tpp.medications: """
          | date       | dmd_code
        --+------------+------------------
        1 | 2020-01-01 | 39113611000001102
        1 | 2020-01-10 | 35916411000001106
        1 | 2020-01-24 | 39113611000001102
        1 | 2020-03-20 | 39113611000001102
        1 | 2021-01-01 | 39113611000001102
        1 | 2020-02-10 | 10514511000001106
    """,
    tpp.decision_support_values: """
          | calculation_date | numeric_value | algorithm_description                   | algorithm_version
        --+------------------+---------------+-----------------------------------------+------------------
        1 | 2020-01-01       | 0.1           | UK Electronic Frailty Index (eFI)       | 1.0
        1 | 2020-06-01       | 0.25          | UK Electronic Frailty Index (eFI)       | 1.0
        1 | 2020-12-01       | 0.5           | UK Electronic Frailty Index (eFI)       | 2.0
        1 | 2021-06-01       | 0.9           | UK Electronic Frailty Index (eFI)       | 1.0
    """,
    tpp.household_memberships_2020: """
          | household_size
        --+---------------
        1 | 7
    """,
    tpp.ethnicity_from_sus: """
          | code
        --+-----
        1 | B
    """,
}


def test_numbers(authored):
    assert rows_of(authored("dataset_definition_numbers"), NUMBERS) == every(
        "egfr_mean egfr_lowest egfr_latest egfr_rounded egfr_age_months ckd inhalers "
        "inhalers_per_quarter courses long_courses asthma_soon_after frailty "
        "household ethnicity birth_decade",
        (1, 60.0, 58.5, 58.5, 58, 12, True, 4, 1.0, 2, 1, True, 0.25, 5, "White", 1950),
        (
            2,
            None,
            None,
            None,
            None,
            None,
            None,
            0,
            0.0,
            0,
            0,
            False,
            None,
            5,
            "Other or unknown",
            2000,
        ),
    )


def test_matched_patients_from_a_file(authored):
    study = authored("dataset_definition_matched")
    drawings = {
        tpp.patients: """
              | date_of_birth
            --+--------------
            1 | 1979-06-01
            3 | 1949-07-01
            4 | 1980-01-01
        """,
        tpp.clinical_events: """
              | date       | snomedct_code
            --+------------+--------------
            1 | 2020-02-01 | 44054006
            1 | 2020-05-01 | 195967001
            1 | 2020-05-02 | 195967001
            3 | 2020-06-14 | 44054006
        """,
    }
    february = date(2020, 2, 1)
    matched: list[dict[str, Any]] = [
        {"patient_id": 1, "set_id": 1, "exposed": True, "indexdate": february},
        {"patient_id": 2, "set_id": 1, "exposed": False, "indexdate": february},
        {"patient_id": 3, "set_id": 2, "exposed": True, "indexdate": date(2020, 6, 15)},
        {"patient_id": 4},
    ]
    assert rows_of(study, drawings, matched_matches=matched) == every(
        "set_id exposed age_now diabetes events",
        (1, 1, True, 40, True, 2),
        (2, 1, False, None, False, 0),
        (3, 2, True, 70, False, 0),
    )


def test_tables_of_the_authors_own(authored):
    more: dict[str, list[dict[str, Any]]] = {
        "care_homes": [
            {
                "patient_id": 1,
                "home_type": "nursing",
                "since": date(2020, 1, 1),
                "beds": 41,
            },
            {
                "patient_id": 2,
                "home_type": "residential",
                "since": date(2020, 3, 1),
                "beds": 40,
            },
            {"patient_id": 3, "home_type": "residential"},
        ],
        "community_visits": [
            {
                "patient_id": 1,
                "date": date(2019, 12, 31),
                "minutes": 10.0,
                "team": "ABC01",
            },
            {
                "patient_id": 1,
                "date": date(2020, 1, 1),
                "minutes": 15.0,
                "team": "ABC01",
            },
            {
                "patient_id": 1,
                "date": date(2020, 2, 1),
                "minutes": 20.5,
                "team": "XYZ02",
            },
            {
                "patient_id": 2,
                "date": date(2020, 2, 1),
                "minutes": 5.0,
                "team": "ABC01",
            },
            {
                "patient_id": 3,
                "date": date(2020, 5, 1),
                "minutes": 7.5,
                "team": "XYZ02",
            },
        ],
        "appointments": [
            {"patient_id": 1, "status": status}
            for status in ("Arrived", "Finished", "Booked")
        ],
        "matches": [{"patient_id": 1, "set_id": 7}, {"patient_id": 9, "set_id": 8}],
    }
    assert rows_of(authored("dataset_definition_own_tables"), {}, **more) == every(
        "home_type is_large minutes last_team attended set_id",
        (1, "nursing", True, 35.5, "XYZ02", 2, 7),
        (2, "residential", False, None, "ABC01", 0, None),
        (3, "residential", None, None, "XYZ02", 0, None),
    )
