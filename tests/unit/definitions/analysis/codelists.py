# mypy: ignore-errors
from ehrql import codelist_from_csv

asthma = codelist_from_csv(
    "codelists/nhsd-primary-care-domain-refsets-ast_cod.csv", column="code"
)
copd = codelist_from_csv(
    "codelists/nhsd-primary-care-domain-refsets-copd_cod.csv", column="code"
)
diabetes = codelist_from_csv(
    "codelists/nhsd-primary-care-domain-refsets-dm_cod.csv", column="code"
)
hypertension = codelist_from_csv(
    "codelists/nhsd-primary-care-domain-refsets-hyp_cod.csv", column="code"
)

ethnicity = codelist_from_csv(
    "codelists/opensafely-ethnicity-snomed-0removed.csv",
    column="snomedcode",
    category_column="Grouping_6",
)
clear_smoking_codes = codelist_from_csv(
    "codelists/opensafely-smoking-clear.csv",
    column="CTV3Code",
    category_column="Category",
)
covid_icd10 = codelist_from_csv(
    "codelists/opensafely-covid-identification.csv", column="icd10_code"
)
mi_icd10 = codelist_from_csv("codelists/opensafely-mi-icd10.csv", column="code")
salbutamol = codelist_from_csv(
    "codelists/opensafely-asthma-inhaler-salbutamol-medication.csv", column="code"
)

bmi_code = ["60621009"]
comorbidities = {
    "asthma": asthma,
    "copd": copd,
    "diabetes": diabetes,
    "hypertension": hypertension,
}
