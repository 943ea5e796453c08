# ruff: noqa
# mypy: ignore-errors
from cohortextractor import (
    StudyDefinition,
    patients,
    codelist_from_csv,
    codelist,
    filter_codes_by_category,
    combine_codelists,
    Measure,
    params,
)
from codelists import *
from common_variables import demographic_variables, generate_common_variables
import json

with open("./lib/config.json") as f:
    study_dates = json.load(f)
start_date = study_dates["start"]
end_date = study_dates["end"]
common = generate_common_variables(index_date_variable="vax1_date")


def vaccination_date_X(
    name, index_date, n, product_name_matches=None, target_disease_matches=None
):
    def var_signature(name, on_or_after):
        return {
            name: patients.with_tpp_vaccination_record(
                product_name_matches=product_name_matches,
                target_disease_matches=target_disease_matches,
                on_or_after=on_or_after,
                find_first_match_in_period=True,
                returning="date",
                date_format="YYYY-MM-DD",
            ),
        }

    variables = var_signature(f"{name}_1_date", index_date)
    for i in range(2, n + 1):
        variables.update(
            var_signature(f"{name}_{i}_date", f"{name}_{i - 1}_date + 1 days")
        )
    return variables


study = StudyDefinition(
    default_expectations={
        "date": {"earliest": start_date, "latest": end_date},
        "rate": "uniform",
        "incidence": 0.05,
        "int": {"distribution": "normal", "mean": 1000, "stddev": 100},
        "float": {"distribution": "normal", "mean": 25, "stddev": 5},
    },
    index_date=start_date,
    **vaccination_date_X(
        "covid_vax_disease",
        "1900-01-01",
        study_dates["doses"],
        target_disease_matches="SARS-2 CORONAVIRUS",
    ),
    **vaccination_date_X(
        "covid_vax_pfizer",
        "1900-01-01",
        3,
        product_name_matches=[
            "COVID-19 mRNA Vaccine Comirnaty 30micrograms/0.3ml dose conc for susp "
            "for inj MDV (Pfizer)"
        ],
    ),
    vax1_date=patients.minimum_of(
        "covid_vax_disease_1_date", "covid_vax_pfizer_1_date"
    ),
    population=patients.satisfying(
        """
        registered
        AND
        (age >= 18 AND age < 120)   -- adults
        AND NOT has_died
        AND (sex = "M" OR sex = 'F')
        """,
        registered=patients.registered_as_of("vax1_date - 1 day"),
        has_died=patients.died_from_any_cause(
            on_or_before="vax1_date - 1 day", returning="binary_flag"
        ),
    ),
    **demographic_variables,
    **common,
    postvax_death=patients.with_these_codes_on_death_certificate(
        covid_codelist,
        returning="date_of_death",
        on_or_after="vax1_date + 14 days",
        match_only_underlying_cause=False,
        date_format="YYYY-MM-DD",
    ),
    has_death=patients.satisfying("postvax_death"),
)
