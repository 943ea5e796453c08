"""Home monitoring of blood pressure, week by week. Typed afresh in the shape of a
public study.
"""

from codelists import *
from cohortextractor import Measure, StudyDefinition, codelist, patients

LAST = "index_date + 6 days"


def uses_of(code):
    return {
        f"healthcare_at_home_{code}": patients.with_these_clinical_events(
            codelist([code], system="snomed"),
            between=["index_date", LAST],
            returning="number_of_matches_in_period",
            return_expectations={
                "int": {"distribution": "normal", "mean": 2, "stddev": 1},
                "incidence": "0.5",
            },
        )
    }


study = StudyDefinition(
    index_date="2020-03-02",
    default_expectations={
        "date": {"earliest": "index_date", "latest": "today"},
        "rate": "uniform",
        "incidence": 0.5,
    },
    population=patients.satisfying(
        """
        had_code AND
        (age > 0 AND age <= 120) AND
        region != "" AND
        imd_quintile != "0"   -- nobody without an address
        """,
        had_code=patients.with_these_clinical_events(
            codelist(bp_codes, system="snomed"), between=["index_date", LAST]
        ),
    ),
    age=patients.age_as_of(
        "index_date",
        return_expectations={
            "rate": "universal",
            "int": {"distribution": "population_ages"},
        },
    ),
    age_band=patients.categorised_as(
        {
            "0-17": "age < 18",
            "18-64": "age >= 18 AND age < 65",
            "65+": "age >= 65",
            "missing": "DEFAULT",
        },
    ),
    sex=patients.sex(
        return_expectations={"category": {"ratios": {"M": 0.5, "F": 0.5}}}
    ),
    region=patients.registered_practice_as_of(
        "2020-02-01", returning="nuts1_region_name"
    ),
    imd_quintile=patients.categorised_as(
        {
            "0": "DEFAULT",
            "1": "imd >= 0 AND imd < 32844*1/5",
            "2": "imd >= 32844*1/5 AND imd < 32844*2/5",
            "3": "imd >= 32844*2/5 AND imd < 32844*3/5",
            "4": "imd >= 32844*3/5 AND imd < 32844*4/5",
            "5": "imd >= 32844*4/5",
        },
        imd=patients.address_as_of(
            "index_date",
            returning="index_of_multiple_deprivation",
            round_to_nearest=100,
        ),
    ),
    shielding=patients.with_these_clinical_events(
        shielding_codes, on_or_before="index_date"
    ),
    has_asthma_code=patients.with_these_clinical_events(
        asthma_codes, on_or_before="index_date", find_first_match_in_period=True
    ),
    has_hypertension_code=patients.with_these_clinical_events(
        hypertension_codes, on_or_before="index_date"
    ),
    cholesterol=patients.with_these_clinical_events(
        cholesterol_codes,
        between=["index_date", LAST],
        returning="numeric_value",
        find_last_match_in_period=True,
        ignore_missing_values=True,
    ),
    **uses_of(bp_codes[0]),
    **uses_of(bp_codes[1]),
)

measures = [
    Measure(
        id="bp_by_region",
        denominator="population",
        numerator=f"healthcare_at_home_{bp_codes[0]}",
        group_by=["region"],
        small_number_suppression=False,
    ),
    Measure(
        id="asthma_by_sex",
        denominator="population",
        numerator="has_asthma_code",
        group_by=["sex", "age_band"],
    ),
    Measure(
        id="shielding",
        denominator="population",
        numerator="shielding",
        group_by="population",
    ),
    Measure(
        id="bp_by_ethnicity",
        denominator="population",
        numerator="shielding",
        group_by=["ethnicity"],
    ),
]
