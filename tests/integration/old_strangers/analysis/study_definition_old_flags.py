# ruff: noqa
# mypy: ignore-errors
from cohortextractor import StudyDefinition, patients
from analysis.codelists import asthma_codes, covid_codelist
from sub.dates import START
import numpy as np
import pandas as pd

study = StudyDefinition(
    default_expectations={
        "date": {"earliest": "1900-01-01", "latest": "today"},
        "rate": "exponential_increase",
    },
    population=patients.registered_with_one_practice_between(
        "2019-02-01", "2020-02-01"
    ),
    asthma=patients.with_these_clinical_events(
        asthma_codes,
        return_first_date_in_period=True,
        include_month=True,
        on_or_before=START,
    ),
    asthma_n=patients.with_these_clinical_events(
        asthma_codes, return_number_of_matches_in_period=True
    ),
    asthma_any=patients.with_these_clinical_events(
        asthma_codes, return_binary_flag=True, on_or_after=START
    ),
    died_date_ons=patients.died_from_any_cause(
        on_or_after="2020-02-01",
        returning="date_of_death",
        include_month=True,
        include_day=True,
    ),
    died_ons_covid_flag_any=patients.with_these_codes_on_death_certificate(
        covid_codelist, on_or_after="2020-02-01", match_only_underlying_cause=False
    ),
    died_ons_covid_flag_underlying=patients.with_these_codes_on_death_certificate(
        covid_codelist, on_or_after="2020-02-01", match_only_underlying_cause=True
    ),
    bmi=patients.most_recent_bmi(
        on_or_after="2010-02-01",
        minimum_age_at_measurement=16,
        include_measurement_date=True,
        include_month=True,
    ),
    imd=patients.address_as_of(
        "2020-02-01", returning="index_of_multiple_deprivation", round_to_nearest=100
    ),
    imd_raw_missing=patients.satisfying("NOT imd"),
    rural_urban=patients.address_as_of(
        "2020-02-01", returning="rural_urban_classification"
    ),
    care=patients.care_home_status_as_of("2020-02-01"),
    age=patients.age_as_of("2020-02-01"),
    born=patients.date_of_birth(
        "YYYY-MM",
        return_expectations={"date": {"earliest": "1950-01-01", "latest": "today"}},
    ),
)
codes = pd.read_csv("codelists/opensafely-asthma.csv")["CTV3ID"].unique()
assert codes[0] == "H33.." and len(codes) == 3
