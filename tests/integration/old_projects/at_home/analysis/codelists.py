from cohortextractor import codelist, codelist_from_csv

bp_codes = ["413606001", "1092381000000107", "1153691000000104", "1268221000000109"]
asthma_codes = codelist_from_csv("codelists/asthma.csv", system="ctv3", column="CTV3ID")
hypertension_codes = codelist(["38341003", "59621000"], system="snomed")
shielding_codes = codelist(["1300561000000107"], system="snomed")
cholesterol_codes = codelist(["1005671000000105"], system="snomed")
ethnicity_codes = codelist_from_csv(
    "codelists/ethnicity.csv",
    system="ctv3",
    column="Code",
    category_column="Grouping_6",
)
