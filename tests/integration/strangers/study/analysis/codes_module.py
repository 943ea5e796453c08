from ehrql import create_dataset
from ehrql.codes import ICD10Code, SNOMEDCTCode, codelist_from_csv
from ehrql.tables.tpp import apcs, clinical_events

bp = codelist_from_csv("codelists/user-bp.csv", column="code")
asthma = ICD10Code("J45")
texts = [SNOMEDCTCode(code)._to_primitive_type() for code in bp]

dataset = create_dataset()
coded = clinical_events.where(
    clinical_events.snomedct_code.is_in(texts)
).exists_for_patient()
dataset.define_population(coded | apcs.exists_for_patient())
dataset.asthma = apcs.where(apcs.primary_diagnosis == asthma).exists_for_patient()
dataset.anywhere = apcs.where(apcs.all_diagnoses.contains("I10")).exists_for_patient()
