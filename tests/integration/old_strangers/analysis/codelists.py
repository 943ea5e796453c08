# ruff: noqa
# mypy: ignore-errors
"""All the lists of this study."""

from cohortextractor import (
    codelist,
    codelist_from_csv,
    combine_codelists,
    filter_codes_by_category,
)

asthma_codes = codelist_from_csv(
    "codelists/opensafely-asthma.csv", system="ctv3", column="CTV3ID"
)
diabetes_codes = codelist_from_csv(
    "codelists/opensafely-diabetes.csv",
    system="ctv3",
    column="CTV3ID",
)
long_term = combine_codelists(asthma_codes, diabetes_codes)
ethnicity_codes = codelist_from_csv(
    "codelists/opensafely-ethnicity.csv",
    system="ctv3",
    column="Code",
    category_column="Grouping_6",
)
ethnicity_codes_16 = codelist_from_csv(
    "codelists/opensafely-ethnicity.csv",
    system="ctv3",
    column="Code",
    category_column="Grouping_16",
)
clear_smoking_codes = codelist_from_csv(
    "codelists/opensafely-smoking.csv",
    system="ctv3",
    column="CTV3Code",
    category_column="Category",
)
unclear_smoking_codes = filter_codes_by_category(
    clear_smoking_codes, include=["E", "S"]
)
bp_codes = codelist_from_csv("codelists/user-bp.csv", system="snomed", column="code")
ics_codes = codelist_from_csv(
    "codelists/opensafely-ics.csv", system="snomed", column="id"
)
stroke_icd10 = codelist_from_csv(
    "codelists/opensafely-stroke-icd10.csv", system="icd10", column="ICD_code"
)
hip_opcs4 = codelist_from_csv(
    "codelists/opensafely-hip.csv", system="opcs4", column="Code"
)
covid_codelist = codelist_from_csv(
    "codelists/nhsd-covid.csv", system="icd10", column="icd10_code"
)
cancer_codes = codelist_from_csv(
    "codelists/ons-cancer.csv", system="ctv3", column="code", category_column="type"
)
lung_codes = filter_codes_by_category(cancer_codes, include=["lung"])
creatinine_codes = codelist(["XE2q5"], system="ctv3")
hba1c_new = codelist(["XaPbt", "Xaeze", "Xaezd"], system="ctv3")
hba1c_old = codelist(["X772q", "XaERo", "XaERp"], system="ctv3")
covid_ae = codelist(["1240751000000100"], system="snomed")
