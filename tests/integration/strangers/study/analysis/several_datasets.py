from ehrql import create_dataset
from ehrql.tables.tpp import patients


def cohort(first, last):
    made = create_dataset()
    made.define_population(patients.date_of_birth.is_on_or_between(first, last))
    made.sex = patients.sex
    return made


dataset_young = cohort("2000-01-01", "2020-01-01")
dataset_old = cohort("1900-01-01", "1959-12-31")
