from ehrql import create_dataset, show
from ehrql.debugger import show as show_here
from ehrql.quiz import questions
from ehrql.tables.core import medications, patients

show(patients, label="everybody")
show_here(medications.where(medications.date >= "2020-01-01"), head=5)
questions.set_dummy_tables_path("dummy_tables")
questions[0].check(medications.count_for_patient())

dataset = create_dataset()
dataset.define_population(
    medications.exists_for_patient() & patients.exists_for_patient()
)
dataset.last = medications.sort_by(medications.date).last_for_patient().date
