# mypy: ignore-errors
from codelists import asthma, salbutamol
from ehrql import INTERVAL, case, create_measures, months, when
from ehrql.tables.tpp import (
    addresses,
    clinical_events,
    medications,
    patients,
    practice_registrations,
)

measures = create_measures()
measures.configure_dummy_data(population_size=1000)
measures.configure_disclosure_control(enabled=True)

registered = practice_registrations.for_patient_on(INTERVAL.start_date)
age = patients.age_on(INTERVAL.start_date)
age_band = case(
    when((age >= 0) & (age < 20)).then("0-19"),
    when((age >= 20) & (age < 40)).then("20-39"),
    when((age >= 40) & (age < 60)).then("40-59"),
    when(age >= 60).then("60+"),
)
has_asthma = (
    clinical_events.where(clinical_events.snomedct_code.is_in(asthma))
    .where(clinical_events.date.is_on_or_before(INTERVAL.end_date))
    .exists_for_patient()
)
prescribed = medications.where(medications.dmd_code.is_in(salbutamol)).where(
    medications.date.is_during(INTERVAL)
)
recently = medications.where(medications.dmd_code.is_in(salbutamol)).where(
    medications.date.is_on_or_between(
        INTERVAL.start_date - months(3), INTERVAL.start_date
    )
)

measures.define_defaults(
    denominator=registered.exists_for_patient()
    & patients.is_alive_on(INTERVAL.start_date)
    & has_asthma,
    intervals=months(12).starting_on("2020-01-01"),
)

groups = {
    "sex": patients.sex,
    "age_band": age_band,
    "region": registered.practice_nuts1_region_name,
    "imd": addresses.for_patient_on(INTERVAL.start_date).imd_quintile,
}

measures.define_measure(name="salbutamol", numerator=prescribed.exists_for_patient())
measures.define_measure(
    name="salbutamol_items", numerator=prescribed.count_for_patient()
)
measures.define_measure(
    name="salbutamol_recent", numerator=recently.exists_for_patient()
)
for name, series in groups.items():
    measures.define_measure(
        name=f"salbutamol_by_{name}",
        numerator=prescribed.exists_for_patient(),
        group_by={name: series},
    )
