from ehrql import codelist_from_csv

bp = codelist_from_csv("codelists/user-bp.csv", column="code")
asthma = codelist_from_csv(
    "codelists/opensafely-asthma.csv", column="code", category_column="category"
)
