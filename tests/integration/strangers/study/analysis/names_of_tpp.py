from ehrql import create_dataset
from ehrql.tables.tpp import addresses, case, patients, when

dataset = create_dataset()
address = addresses.for_patient_on("2020-01-01")
dataset.define_population(patients.exists_for_patient() & address.exists_for_patient())
dataset.deprived = case(when(address.imd_rounded < 6569).then("yes"), otherwise="no")
dataset.imd = address.imd_quintile
