# ruff: noqa
# mypy: ignore-errors
from cohortextractor import *
from codelists import *
from config import groups, start_date

measures_variables = {
    f"had_{group}": patients.with_these_clinical_events(
        {"asthma": asthma_codes, "diabetes": diabetes_codes}[group],
        between=["first_day_of_month(index_date)", "last_day_of_month(index_date)"],
        returning="number_of_matches_in_period",
    )
    for group in groups
}
study = StudyDefinition(
    index_date=start_date,
    default_expectations={
        "date": {"earliest": "index_date", "latest": "last_day_of_month(index_date)"},
        "rate": "exponential_increase",
        "incidence": "0.5",
    },
    population=patients.satisfying(
        "registered AND NOT died AND age_band != 'missing'",
        registered=patients.registered_as_of("index_date"),
        died=patients.died_from_any_cause(on_or_before="index_date"),
    ),
    age=patients.age_as_of("index_date"),
    age_band=patients.categorised_as(
        {
            "missing": "DEFAULT",
            "0-19": "age >= 0 AND age < 20",
            "20-39": "age >= 20 AND age < 40",
            "40+": "age >= 40 AND age < 120",
        },
    ),
    sex=patients.sex(),
    region=patients.registered_practice_as_of(
        "index_date", returning="nuts1_region_name"
    ),
    practice=patients.registered_practice_as_of("index_date", returning="pseudo_id"),
    learning=patients.with_these_clinical_events(
        long_term,
        on_or_before="index_date",
        include_date_of_match=True,
        date_format="YYYY-MM",
    ),
    care_home_type=patients.care_home_status_as_of(
        "index_date",
        categorised_as={
            "PC": "IsPotentialCareHome AND LocationDoesNotRequireNursing='Y' AND "
            "LocationRequiresNursing='N'",
            "PN": "IsPotentialCareHome AND LocationDoesNotRequireNursing='N' AND "
            "LocationRequiresNursing='Y'",
            "PS": "IsPotentialCareHome",
            "U": "DEFAULT",
        },
        return_expectations={
            "rate": "universal",
            "category": {"ratios": {"PC": 0.05, "PN": 0.05, "PS": 0.05, "U": 0.85}},
        },
    ),
    **measures_variables,
)
measures = []
for group in groups:
    measures.extend(
        [
            Measure(
                id=f"{group}_total",
                numerator=f"had_{group}",
                denominator="population",
                group_by="population",
                small_number_suppression=True,
            ),
            Measure(
                id=f"{group}_practice",
                numerator=f"had_{group}",
                denominator="population",
                group_by=["practice"],
            ),
            Measure(
                id=f"{group}_band",
                numerator=f"had_{group}",
                denominator="population",
                group_by=["age_band", "sex"],
            ),
            Measure(
                id=f"{group}_ld",
                numerator=f"had_{group}",
                denominator="learning",
                group_by="region",
            ),
        ]
    )
