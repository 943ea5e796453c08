# mypy: ignore-errors
"""People in the renal registry and the decline of their kidneys."""

from ehrql import INTERVAL, claim_permissions, create_measures, months
from ehrql.tables.tpp import clinical_events, patients, practice_registrations, ukrr

claim_permissions("ukrr")
CREATININE = ["1000731000000107", "1107001000000108"]

in_2020 = ukrr.where(ukrr.dataset == "2020_prevalence")
dialysis = in_2020.where(
    in_2020.treatment_modality_prevalence.is_in(["ICHD", "HHD", "HD"])
).exists_for_patient()
transplant = in_2020.where(
    in_2020.treatment_modality_prevalence == "Tx"
).exists_for_patient()
started = ukrr.where(ukrr.dataset == "2020_incidence").where(
    ukrr.rrt_start_date.is_during(INTERVAL)
)
tests = clinical_events.where(clinical_events.snomedct_code.is_in(CREATININE)).where(
    clinical_events.date.is_on_or_between(
        INTERVAL.start_date - months(12), INTERVAL.end_date
    )
)
low = in_2020.where(in_2020.latest_egfr < 15.0).exists_for_patient()
registered = practice_registrations.exists_for_patient_on(INTERVAL.start_date)

measures = create_measures()
measures.define_defaults(
    denominator=registered, intervals=months(6).starting_on("2020-04-01")
)
measures.define_measure(
    "dialysis_tested_twice",
    numerator=tests.count_for_patient() >= 2,
    denominator=registered & dialysis,
)
measures.define_measure(
    "transplant_high_creatinine",
    numerator=tests.numeric_value.maximum_for_patient() > 200,
    denominator=registered & transplant,
)
measures.define_measure("started", numerator=started.exists_for_patient())
measures.define_measure(
    "low_egfr",
    numerator=low,
    denominator=in_2020.exists_for_patient()
    & (patients.age_on(INTERVAL.start_date) >= 18),
)
