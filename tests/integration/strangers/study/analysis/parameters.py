from ehrql import create_dataset, get_parameter
from ehrql.tables.tpp import clinical_events, patients

start = get_parameter("start")
threshold = get_parameter("threshold", type=float, default=140.0)
codes = get_parameter("codes", default=["271649006"])

dataset = create_dataset()
readings = clinical_events.where(clinical_events.snomedct_code.is_in(codes))
readings = readings.where(readings.date.is_on_or_after(start))
dataset.define_population(patients.exists_for_patient() & readings.exists_for_patient())
dataset.high = readings.where(readings.numeric_value >= threshold).exists_for_patient()
