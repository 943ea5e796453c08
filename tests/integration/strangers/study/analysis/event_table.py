from ehrql import create_dataset
from ehrql.tables.tpp import clinical_events, patients

dataset = create_dataset()
dataset.define_population(patients.sex == "female")
dataset.birth_year = patients.date_of_birth.year
readings = clinical_events.where(clinical_events.numeric_value.is_not_null())
dataset.add_event_table("readings", date=readings.date, value=readings.numeric_value)
dataset.readings.age = (readings.date - patients.date_of_birth).years
dataset.configure_dummy_data(population_size=500, legacy=True)
