# mypy: ignore-errors
"""People on an open pathway at the end of a month."""

from ehrql import INTERVAL, claim_permissions, create_measures, months
from ehrql.tables.tpp import patients, wl_openpathways

claim_permissions("waiting_list")

open_now = wl_openpathways.where(
    wl_openpathways.referral_to_treatment_period_start_date.is_on_or_before(
        INTERVAL.end_date
    )
    & (
        wl_openpathways.referral_to_treatment_period_end_date.is_null()
        | wl_openpathways.referral_to_treatment_period_end_date.is_after(
            INTERVAL.end_date
        )
    )
    & wl_openpathways.week_ending_date.is_during(INTERVAL)
)
urgent = open_now.where(open_now.priority_type_code == "two week wait")
surgery = open_now.where(open_now.activity_treatment_function_code == "100")
first = surgery.sort_by(surgery.referral_request_received_date).first_for_patient()
alive = patients.is_alive_on(INTERVAL.end_date)

measures = create_measures()
measures.define_defaults(
    denominator=open_now.exists_for_patient() & alive,
    intervals=months(6).starting_on("2022-01-01"),
)
measures.define_measure("urgent", numerator=urgent.exists_for_patient())
measures.define_measure(
    "surgery_over_a_year",
    numerator=(INTERVAL.end_date - first.referral_to_treatment_period_start_date).days
    > 365,
)
measures.define_measure(
    "from_a_dentist",
    numerator=open_now.where(open_now.source_of_referral == "92").exists_for_patient(),
)
measures.define_measure(
    "several_specialties",
    numerator=open_now.activity_treatment_function_code.count_distinct_for_patient()
    >= 3,
)
