from glob import glob
from pathlib import Path

from ehrql import codelist_from_csv, create_dataset
from ehrql.tables.tpp import clinical_events, patients

names = sorted(
    Path(each).stem
    for each in glob(str(Path(__file__).parents[1] / "codelists" / "user-*.csv"))
)

dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
for name in names:
    codes = codelist_from_csv(f"codelists/{name}.csv", column="code")
    coded = clinical_events.where(clinical_events.snomedct_code.is_in(codes))
    dataset.add_column(name.replace("-", "_"), coded.exists_for_patient())
