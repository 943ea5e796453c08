# ruff: noqa
# mypy: ignore-errors
from cohortextractor import patients
from codelists import *


def generate_common_variables(index_date_variable):
    dynamic_variables = dict(
        age=patients.age_as_of(
            f"{index_date_variable}",
            return_expectations={
                "rate": "universal",
                "int": {"distribution": "population_ages"},
            },
        ),
        **{
            f"{name}_before": patients.with_these_clinical_events(
                codes,
                returning="binary_flag",
                on_or_before=f"{index_date_variable} - 1 day",
                return_expectations={"incidence": 0.1},
            )
            for name, codes in {
                "asthma": asthma_codes,
                "diabetes": diabetes_codes,
            }.items()
        },
    )
    return dynamic_variables


demographic_variables = dict(
    sex=patients.sex(
        return_expectations={
            "rate": "universal",
            "category": {"ratios": {"M": 0.49, "F": 0.51}},
        }
    ),
    ethnicity=patients.categorised_as(
        {
            "0": "DEFAULT",
            "1": "eth6='1' OR (NOT eth6 AND ethnicity_sus='1')",
            "2": "eth6='2' OR (NOT eth6 AND ethnicity_sus='2')",
            "3": "eth6='3' OR (NOT eth6 AND ethnicity_sus='3')",
            "4": "eth6='4' OR (NOT eth6 AND ethnicity_sus='4')",
            "5": "eth6='5' OR (NOT eth6 AND ethnicity_sus='5')",
        },
        return_expectations={
            "category": {"ratios": {"1": 0.8, "5": 0.1, "3": 0.1}},
            "incidence": 0.4,
        },
        eth6=patients.with_these_clinical_events(
            ethnicity_codes,
            returning="category",
            find_last_match_in_period=True,
            include_date_of_match=False,
            return_expectations={
                "category": {"ratios": {"1": 0.8, "5": 0.1, "3": 0.1}},
                "incidence": 0.75,
            },
        ),
        ethnicity_sus=patients.with_ethnicity_from_sus(
            returning="group_6",
            use_most_frequent_code=True,
            return_expectations={
                "category": {"ratios": {"1": 0.8, "5": 0.1, "3": 0.1}},
                "incidence": 0.4,
            },
        ),
    ),
    imd=patients.categorised_as(
        {
            "0": "DEFAULT",
            "1": """index_of_multiple_deprivation >=1 AND index_of_multiple_deprivation < 32844*1/5""",
            "2": """index_of_multiple_deprivation >= 32844*1/5 AND index_of_multiple_deprivation < 32844*2/5""",
            "3": """index_of_multiple_deprivation >= 32844*2/5 AND index_of_multiple_deprivation < 32844*3/5""",
            "4": """index_of_multiple_deprivation >= 32844*3/5 AND index_of_multiple_deprivation < 32844*4/5""",
            "5": """index_of_multiple_deprivation >= 32844*4/5 AND index_of_multiple_deprivation < 32844""",
        },
        index_of_multiple_deprivation=patients.address_as_of(
            "index_date",
            returning="index_of_multiple_deprivation",
            round_to_nearest=100,
        ),
        return_expectations={
            "rate": "universal",
            "category": {
                "ratios": {
                    "0": 0.05,
                    "1": 0.19,
                    "2": 0.19,
                    "3": 0.19,
                    "4": 0.19,
                    "5": 0.19,
                }
            },
        },
    ),
)
