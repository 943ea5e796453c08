"""Stays in hospital by month, and deaths after them."""

from cohortextractor import Measure, StudyDefinition, codelist, params, patients

heart = codelist([params["cause"] + "21", "I50"], system="icd10")
END = "last_day_of_month(index_date)"

study = StudyDefinition(
    default_expectations={"rate": "uniform"},
    index_date="2021-01-01",
    population=patients.satisfying(
        "registered AND NOT died",
        registered=patients.registered_as_of("index_date"),
        died=patients.died_from_any_cause(on_or_before="index_date - 1 day"),
    ),
    sex=patients.sex(),
    stp=patients.registered_practice_as_of("index_date", returning="stp_code"),
    stays=patients.admitted_to_hospital(
        between=["index_date", END], returning="number_of_matches_in_period"
    ),
    beds=patients.admitted_to_hospital(
        between=["index_date", END], returning="total_bed_days_in_period"
    ),
    heart_stay=patients.admitted_to_hospital(
        between=["index_date", END], with_these_primary_diagnoses=heart
    ),
    last_stay=patients.admitted_to_hospital(
        on_or_before=END,
        returning="date_discharged",
        date_format="YYYY-MM-DD",
        find_last_match_in_period=True,
    ),
    seen_after=patients.with_gp_consultations(
        between=["last_stay", "last_stay + 1 month"]
    ),
)

measures = [
    Measure(id="stays", denominator="population", numerator="stays", group_by=["sex"]),
    Measure(
        id="beds", denominator="population", numerator="beds", group_by="population"
    ),
    Measure(
        id="heart",
        denominator="population",
        numerator="heart_stay",
        group_by="population",
    ),
    Measure(
        id="seen", denominator="population", numerator="seen_after", group_by=["sex"]
    ),
]
