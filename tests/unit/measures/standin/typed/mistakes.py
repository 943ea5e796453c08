"""Typical mistakes. mypy refuses each line with a comment that says `no`, and its
message has the word that follows; it refuses no other line.

test_types.py has mypy read it, strictly; no Python runs it.
"""

from ehrql import (
    INTERVAL,
    case,
    create_dataset,
    create_measures,
    days,
    maximum_of,
    months,
    weeks,
    when,
)
from ehrql.tables.core import clinical_events, patients
from ehrql.tables.tpp import addresses, apcs

age = patients.age_on(INTERVAL.start_date)
dataset = create_dataset()
measures = create_measures()
first = clinical_events.sort_by(clinical_events.date).first_for_patient()
by_day = {"date": clinical_events.date}
home = addresses.for_patient_on("2020-01-01")

patients.date_of_brith  # no: date_of_birth
patients.where(age > 18)  # no: where
clinical_events.first_for_patient()  # no: first_for_patient
first.where(clinical_events.numeric_value > 3)  # no: where
home.for_patient_on("2020-01-01")  # no: for_patient_on
clinical_events.date.first_for_patient()  # no: first_for_patient
patients.date_of_birth.minimum_for_patient()  # no: minimum_for_patient
clinical_events.snomedct_code.contains("27")  # no: contains
clinical_events.sort_by("date")  # no: sort_by
clinical_events.sort_by(patients.sex)  # no: sort_by
clinical_events.where(clinical_events.date)  # no: where
clinical_events.where(patients.sex == 3)  # no: where
clinical_events.where((patients.sex == 3) & (age > 18))  # no: __and__
apcs.where(apcs.all_diagnoses == "J45")  # no: where
apcs.where(apcs.all_diagnoses.is_in(["J45"]))  # no: is_in
age + 1.5  # no: __add__
age + "1"  # no: __add__
age > "18"  # no: __gt__
patients.sex + "x"  # no: +
age & (patients.sex == "male")  # no: &
patients.date_of_birth + 5  # no: __add__
patients.date_of_birth.is_before(2020)  # no: is_before
patients.date_of_birth.is_during("2020-01-01")  # no: is_during
patients.is_alive_on(2020)  # no: is_alive_on
patients.sex.is_in([1, 2])  # no: "int"
age.is_in(["a"])  # no: "str"
months("3")  # no: months
weeks(1.5)  # no: weeks
days(3).starting_on(2020)  # no: starting_on
(INTERVAL.start_date - patients.date_of_birth) > 18  # no: DateDifference
when(age).then(1)  # no: when
when(age > 18).then("a").otherwise(3)  # no: otherwise
case(when(age > 18).then("a"), otherwise=3)  # no: case
maximum_of(age)  # no: maximum_of
maximum_of(age, patients.sex)  # no: maximum_of
clinical_events.date.count_episodes_for_patient(14)  # no: count_episodes_for_patient
dataset.define_population(age)  # no: define_population
dataset.define_population(clinical_events.numeric_value > 3)  # no: define_population
dataset.date = clinical_events.date  # no: DateEventSeries
dataset.add_column("age", 3)  # no: add_column
measures.define_measure("x", numerator=clinical_events.date)  # no: define_measure
measures.define_measure("x", numerator=age / 2)  # no: define_measure
measures.define_measure("x", group_by=by_day)  # no: DateEventSeries
measures.define_measure("x", intervals=weeks(52))  # no: define_measure
measures.define_measure("x", numerater=age)  # no: numerater
