from ehrql import create_dataset
from ehrql.tables.tpp import patients, practice_registrations as regs

start, end = "2020-01-01", "2020-02-29"
dataset = create_dataset()
was_adult = (patients.age_on(start) >= 18) & (patients.age_on(start) <= 110)
was_registered = regs.spanning(start, end).exists_for_patient()
dataset.define_population(
    was_adult
    & was_registered
    & patients.is_alive_on(start)
    & patients.sex.is_in(["male", "female"])
)
dataset.practice = regs.for_patient_on(start).practice_pseudo_id
dataset.left = regs.sort_by(regs.end_date).last_for_patient().end_date
