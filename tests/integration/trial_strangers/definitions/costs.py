# mypy: ignore-errors
"""Costs of admissions and outpatient visits."""

from ehrql import INTERVAL, create_measures, years
from ehrql.tables.tpp import apcs_cost, ec_cost, opa_cost, patients

admissions = apcs_cost.where(apcs_cost.admission_date.is_during(INTERVAL))
outpatient = opa_cost.where(opa_cost.appointment_date.is_during(INTERVAL))
emergency = ec_cost.where(ec_cost.arrival_date.is_during(INTERVAL))
total = admissions.grand_total_payment_mff.sum_for_patient()
age = patients.age_on(INTERVAL.start_date)

measures = create_measures()
measures.define_defaults(
    denominator=(age >= 50) & (age <= 90), intervals=years(3).starting_on("2018-04-01")
)
measures.define_measure("over_5000", numerator=total > 5000.0)
measures.define_measure(
    "cheap", numerator=outpatient.tariff_total_payment.maximum_for_patient() < 20.0
)
measures.define_measure(
    "mean_over_300",
    numerator=emergency.grand_total_payment_mff.mean_for_patient() >= 300.0,
)
measures.define_measure(
    "all_three",
    numerator=admissions.exists_for_patient()
    & outpatient.exists_for_patient()
    & emergency.exists_for_patient(),
)
