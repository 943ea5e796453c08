from ehrql import create_dataset
from ehrql.tables.emis import clinical_events, patients, vaccinations

dataset = create_dataset()
dataset.define_population(
    patients.has_practice_registration_spanning("2020-01-01", "2020-01-31")
)
dataset.sex = patients.sex
dataset.bp = clinical_events.where(
    clinical_events.snomedct_code == "271649006"
).exists_for_patient()
dataset.vaccinated = vaccinations.exists_for_patient()
