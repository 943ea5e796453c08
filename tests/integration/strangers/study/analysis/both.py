from ehrql import INTERVAL, create_dataset, create_measures, weeks
from ehrql.tables.tpp import patients, vaccinations

dataset = create_dataset()
dataset.define_population(
    vaccinations.exists_for_patient() & patients.exists_for_patient()
)
dataset.n = vaccinations.count_for_patient()

measures = create_measures()
measures.configure_dummy_data(population_size=1000)
measures.configure_disclosure_control(enabled=False)
measures.define_measure(
    "flu",
    numerator=vaccinations.where(vaccinations.target_disease == "INFLUENZA")
    .where(vaccinations.date.is_during(INTERVAL))
    .exists_for_patient(),
    denominator=patients.exists_for_patient(),
    intervals=weeks(1).starting_on("2020-01-06"),
)
