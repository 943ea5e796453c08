# mypy: ignore-errors
# ruff: noqa: E501 - drawn tables are as wide as they are
"""Linked data in old studies"""

from extractors.tables.tpp import (
    appointments,
    covid_therapeutics,
    decision_support_values,
    emergency_care_attendances,
    ethnicity_from_sus,
    household_memberships_2020,
    occupation_on_covid_vaccine_record,
    ons_deaths,
    opa,
    opa_proc,
    sgss_covid_all_tests,
    ukrr,
    vaccinations,
)
from measures.cohortextractor.offered import codelist

DEATHS = {
    ons_deaths: """
          | date       | underlying_cause_of_death | cause_of_death_01 | cause_of_death_15 | place
        --+------------+---------------------------+-------------------+-------------------+---------
        1 | 2020-03-01 | I21                       | J450              |                   | Home
        2 | 2020-04-01 | I210                      |                   | I21               | Hospital
        3 |            | J450                      |                   |                   |
    """
}


def test_died(old):
    """A flag, the day, the cause or the place, in a period"""
    columns = """
        dead=patients.died_from_any_cause(on_or_before="2020-03-31"),
        day=patients.died_from_any_cause(returning="date_of_death", date_format="YYYY-MM-DD"),
        cause=patients.died_from_any_cause(on_or_after="2020-04-01", returning="underlying_cause_of_death"),
        place=patients.died_from_any_cause(between=["2020-03-01", "2020-03-31"], returning="place_of_death"),
    """
    expected = {
        1: {"dead": 1, "day": "2020-03-01", "cause": "", "place": "Home"},
        2: {"dead": 0, "day": "2020-04-01", "cause": "I210", "place": ""},
        3: {"dead": 0, "day": "9999-12-31", "cause": "J450", "place": ""},
    }
    old(DEATHS, columns, expected)


def test_codes_on_certificates(old):
    """The codes themselves, not what begins with them; anywhere, or as the underlying
    cause
    """
    columns = """
        any=patients.with_these_codes_on_death_certificate(heart, on_or_before="2020-12-31"),
        first=patients.with_these_codes_on_death_certificate(heart, match_only_underlying_cause=True),
        day=patients.with_these_codes_on_death_certificate(
            heart, returning="date_of_death", date_format="YYYY-MM"
        ),
    """
    expected = {
        1: {"any": 1, "first": 1, "day": "2020-03"},
        2: {"any": 1, "first": 0, "day": "2020-04"},
        3: {"any": 0, "first": 0, "day": ""},
    }
    old(DEATHS, columns, expected, heart=codelist(["I21"], system="icd10"))


def test_consultations(old):
    """Appointments that were kept, by the day on which the patient was seen"""
    rows = {
        appointments: """
              | seen_date  | status
            --+------------+------------------
            1 | 2020-01-01 | Finished
            1 | 2020-01-01 | Arrived
            1 | 2020-01-02 | Did Not Attend
            2 | 2020-01-02 | Cancelled by Unit
        """
    }
    columns = """
        n=patients.with_gp_consultations(
            between=["2020-01-01", "2020-01-31"], returning="number_of_matches_in_period"
        ),
        last=patients.with_gp_consultations(returning="date", date_format="YYYY-MM-DD"),
    """
    old(rows, columns, {1: {"n": 2, "last": "2020-01-01"}, 2: {"n": 0, "last": ""}})


def test_frailty(old):
    """The electronic frailty index"""
    rows = {
        decision_support_values: """
              | calculation_date | numeric_value | algorithm_description               | algorithm_version
            --+------------------+---------------+-------------------------------------+------------------
            1 | 2020-01-01       | 0.1           | UK Electronic Frailty Index (eFI)   | 1.0
            1 | 2020-02-01       | 0.2           | UK Electronic Frailty Index (eFI)   | 1.0
            1 | 2020-03-01       | 0.3           | another one                         | 1.0
        """
    }
    columns = (
        'patients.with_these_decision_support_values("electronic_frailty_index", '
        'on_or_before="2020-12-31")'
    )
    old(rows, columns, {1: 0.2})


def test_vaccinations(old):
    """Disease and product are looked for in one record"""
    rows = {
        vaccinations: """
              | vaccination_id | date       | target_disease      | product_name
            --+----------------+------------+---------------------+-------------
            1 | 1              | 2021-01-01 | SARS-2 CORONAVIRUS  | A
            1 | 2              | 2021-03-01 | SARS-2 CORONAVIRUS  | B
            2 | 3              | 2021-02-01 | INFLUENZA           | A
        """
    }
    columns = """
        first=patients.with_tpp_vaccination_record(
            target_disease_matches="SARS-2 CORONAVIRUS", find_first_match_in_period=True,
            returning="date", date_format="YYYY-MM-DD",
        ),
        both=patients.with_tpp_vaccination_record(
            target_disease_matches=["INFLUENZA"], product_name_matches=["A", "B"]
        ),
        tpp=patients.with_vaccination_record(
            tpp={"product_name_matches": "B"}, emis={"procedure_codes": 1}, returning="date", date_format="YYYY-MM"
        ),
    """
    expected = {
        1: {"first": "2021-01-01", "both": 0, "tpp": "2021-03"},
        2: {"first": "", "both": 1, "tpp": ""},
    }
    old(rows, columns, expected)


def test_healthcare_worker(old):
    """1 if it is recorded as yes"""
    rows = {
        occupation_on_covid_vaccine_record: "  | is_healthcare_worker\n--+--\n1 | T\n2 | F"
    }
    columns = 'patients.with_healthcare_worker_flag_on_covid_vaccine_record(returning="binary_flag")'
    old(rows, columns, {1: 1, 2: 0})


TESTS = {
    sgss_covid_all_tests: """
          | specimen_taken_date | is_positive | lab_report_date | was_symptomatic | sgtf_status | variant
        --+---------------------+-------------+-----------------+-----------------+-------------+--------
        1 | 2020-03-01          | F           | 2020-03-02      |                 |             |
        1 | 2020-04-01          | T           | 2020-04-02      | T               | 1           | B.1
        1 | 2020-05-01          | T           | 2020-05-02      | F               | 9           | B.2
        2 | 2020-05-01          | F           | 2020-05-02      |                 |             |
    """
}


def test_first_specimens(old):
    """By default only the first specimen there ever was counts, of each result"""
    columns = """
        first=patients.with_test_result_in_sgss(
            pathogen="SARS-CoV-2", test_result="positive", returning="date", date_format="YYYY-MM-DD"
        ),
        later=patients.with_test_result_in_sgss("SARS-CoV-2", "positive", on_or_after="2020-04-02"),
        any=patients.with_test_result_in_sgss("SARS-CoV-2", returning="date", date_format="YYYY-MM-DD"),
        earliest=patients.with_test_result_in_sgss(
            "SARS-CoV-2", returning="date", date_format="YYYY-MM-DD", find_first_match_in_period=True
        ),
        s=patients.with_test_result_in_sgss("SARS-CoV-2", "positive", returning="s_gene_target_failure"),
    """
    expected = {
        1: {
            "first": "2020-04-01",
            "later": 0,
            "any": "2020-04-01",
            "earliest": "2020-03-01",
            "s": "1",
        },
        2: {
            "first": "",
            "later": 0,
            "any": "2020-05-01",
            "earliest": "2020-05-01",
            "s": "",
        },
    }
    old(TESTS, columns, expected)


def test_all_specimens(old):
    """All tests count if it is asked for"""
    columns = """
        n=patients.with_test_result_in_sgss(
            "SARS-CoV-2", "positive", restrict_to_earliest_specimen_date=False,
            returning="number_of_matches_in_period",
        ),
        later=patients.with_test_result_in_sgss(
            "SARS-CoV-2", "positive", restrict_to_earliest_specimen_date=False, on_or_after="2020-04-02"
        ),
        variant=patients.with_test_result_in_sgss(
            "SARS-CoV-2", restrict_to_earliest_specimen_date=False, returning="variant"
        ),
        ill=patients.with_test_result_in_sgss(
            "SARS-CoV-2", "positive", restrict_to_earliest_specimen_date=False, returning="symptomatic"
        ),
    """
    expected = {
        1: {"n": 2, "later": 1, "variant": "B.2", "ill": "N"},
        2: {"n": 0, "later": 0, "variant": "", "ill": ""},
    }
    old(TESTS, columns, expected)


def test_therapeutics(old):
    """Treatments of COVID-19"""
    rows = {
        covid_therapeutics: """
              | treatment_start_date | intervention | covid_indication | risk_cohort | current_status
            --+----------------------+--------------+------------------+-------------+---------------
            1 | 2022-01-01           | Sotrovimab   | non_hospitalised | a           | Approved
            1 | 2022-02-01           | Molnupiravir | non_hospitalised | b           | Approved
        """
    }
    columns = """
        day=patients.with_covid_therapeutics(
            with_these_therapeutics="Sotrovimab", with_these_indications="non_hospitalised",
            returning="date", date_format="YYYY-MM-DD",
        ),
        risk=patients.with_covid_therapeutics(find_last_match_in_period=True, returning="risk_group"),
    """
    old(rows, columns, {1: {"day": "2022-01-01", "risk": "b"}})


def test_ethnicity(old):
    """The letter, or its group; without one the group is "0" """
    rows = {ethnicity_from_sus: "  | code\n--+--\n1 | A\n2 | S\n3 | J"}
    columns = """
        code=patients.with_ethnicity_from_sus(use_most_frequent_code=True),
        six=patients.with_ethnicity_from_sus(returning="group_6", use_most_frequent_code=True),
        sixteen=patients.with_ethnicity_from_sus(returning="group_16", use_most_frequent_code=True),
    """
    expected = {
        1: {"code": "A", "six": "1", "sixteen": "1"},
        2: {"code": "S", "six": "5", "sixteen": "16"},
        3: {"code": "J", "six": "3", "sixteen": "9"},
        4: {"code": "", "six": "0", "sixteen": "0"},
    }
    old({**rows, ons_deaths: "  | place\n--+--\n4 | Home"}, columns, expected)


def test_households(old):
    """Size and id of the household of February 2020"""
    rows = {
        household_memberships_2020: "  | household_pseudo_id | household_size\n--+--+--\n1 | 77 | 3"
    }
    columns = """
        id=patients.household_as_of("2020-02-01", returning="pseudo_id"),
        size=patients.household_as_of("2020-02-01", returning="household_size"),
    """
    old(rows, columns, {1: {"id": 77, "size": 3}})


def test_ukrr(old):
    """The renal registry"""
    rows = {
        ukrr: """
              | dataset         | renal_centre | rrt_start_date | latest_egfr | treatment_modality_prevalence
            --+-----------------+--------------+----------------+-------------+------------------------------
            1 | 2019_prevalence | ABC          | 2018-01-01     | 12.5        | HD
        """
    }
    columns = """
        there=patients.with_record_in_ukrr(from_dataset="2019_prevalence", returning="binary_flag"),
        other=patients.with_record_in_ukrr(from_dataset="2020_prevalence", returning="binary_flag"),
        start=patients.with_record_in_ukrr(
            from_dataset="2019_prevalence", returning="rrt_start_date", date_format="YYYY-MM-DD"
        ),
        egfr=patients.with_record_in_ukrr(from_dataset="2019_prevalence", returning="latest_egfr"),
        how=patients.with_record_in_ukrr(from_dataset="2019_prevalence", returning="treatment_modality_prevalence"),
    """
    old(
        rows,
        columns,
        {1: {"there": 1, "other": 0, "start": "2018-01-01", "egfr": 12.5, "how": "HD"}},
    )


def test_emergency_care(old):
    """Diagnoses are looked for in 24 columns, as they are"""
    rows = {
        emergency_care_attendances: """
              | id | arrival_date | discharge_destination | diagnosis_01 | diagnosis_24
            --+----+--------------+-----------------------+--------------+-------------
            1 | 1  | 2020-01-01   | 306689006             | 413606001    |
            1 | 2  | 2020-01-01   | 306706006             |              | 163035008
            2 | 3  | 2020-02-01   | 306706006             |              |
        """
    }
    columns = """
        n=patients.attended_emergency_care(returning="number_of_matches_in_period"),
        day=patients.attended_emergency_care(
            with_these_diagnoses=["163035008"], returning="date_arrived", date_format="YYYY-MM-DD"
        ),
        where=patients.attended_emergency_care(returning="discharge_destination", on_or_before="2020-12-31"),
        ward=patients.attended_emergency_care(discharged_to=["306706006"], on_or_before="2020-01-31"),
    """
    expected = {
        1: {"n": 2, "day": "2020-01-01", "where": "306689006", "ward": 1},
        2: {"n": 1, "day": "", "where": "306706006", "ward": 0},
    }
    old(rows, columns, expected)


def test_outpatients(old):
    """Appointments by their status, function and primary procedure"""
    rows = {
        opa: """
              | opa_ident | appointment_date | attendance_status | first_attendance | treatment_function_code | consultation_medium_used
            --+-----------+------------------+-------------------+------------------+-------------------------+-------------------------
            1 | 1         | 2020-01-01       | 5                 | 1                | 180                     | 01
            1 | 2         | 2020-02-01       | 7                 | 2                | 190                     | 02
            2 | 3         | 2020-03-01       | 6                 | 3                | 190                     | 03
        """,
        opa_proc: """
              | opa_ident | primary_procedure_code
            --+-----------+-----------------------
            1 | 2         | A123
            2 | 3         | B123
        """,
    }
    columns = """
        n=patients.outpatient_appointment_date(
            between=["2020-01-01", "2020-12-31"], returning="number_of_matches_in_period"
        ),
        there=patients.outpatient_appointment_date(attended=True, returning="number_of_matches_in_period"),
        first=patients.outpatient_appointment_date(is_first_attendance=True, returning="date"),
        how=patients.outpatient_appointment_date(
            with_these_treatment_function_codes=["190"], returning="consultation_medium_used"
        ),
        done=patients.outpatient_appointment_date(with_these_procedures=opcs),
    """
    expected = {
        1: {"n": 2, "there": 1, "first": "2020-01-01", "how": "02", "done": 1},
        2: {"n": 1, "there": 1, "first": "2020-03-01", "how": "03", "done": 0},
    }
    old(rows, columns, expected, opcs=codelist(["A12"], system="opcs4"))
