from ehrql import INTERVAL, claim_permissions, create_measures, months
from ehrql.tables.tpp import appointments, patients

claim_permissions("appointments")

booked = appointments.where(appointments.start_date.is_during(INTERVAL))
measures = create_measures()
measures.define_defaults(
    denominator=booked.exists_for_patient() & patients.exists_for_patient(),
    intervals=months(2).starting_on("2020-01-01"),
)
measures.define_measure(
    "attended", numerator=booked.where(booked.status == "Finished").exists_for_patient()
)
measures.define_measure(
    "missed",
    numerator=booked.where(booked.status == "Did Not Attend").count_for_patient(),
)
