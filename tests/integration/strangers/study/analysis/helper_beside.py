from analysis.variables_lib import age_band, has_code_between
from ehrql import create_dataset
from ehrql.tables.tpp import patients

dataset = create_dataset()
dataset.define_population(
    patients.exists_for_patient()
    & (patients.date_of_death.is_null() | (patients.date_of_death > "2020-01-31"))
)
dataset.age_band = age_band("2020-01-01")
dataset.bp_in_january = has_code_between(["271649006"], "2020-01-01", "2020-01-31")
