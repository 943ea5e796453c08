"""Facts about England's people, rounded: what made-up patients are drawn from.

Ages and regions: ONS mid-2019 population estimates. Deaths: ONS national life tables.
Ethnicity: the censuses of 2011 and 2021. Deprivation: which regions have more of the
deprived neighbourhoods (IMD 2019).
"""

import numpy as np

# Five-year bands from 0 to 90 and over, thousands.
AGES = (
    3300,
    3540,
    3350,
    3090,
    3490,
    3800,
    3810,
    3730,
    3410,
    3720,
    3910,
    3670,
    3110,
    2800,
    2780,
    1940,
    1440,
    880,
    520,
)
BIRTHS_PER_YEAR = 0.011

# Deaths per person and year at an age, straight lines between.
HAZARD_AGES = (0, 1, 20, 40, 50, 60, 70, 75, 80, 85, 90, 100)
HAZARDS = (
    0.003,
    0.0002,
    0.0003,
    0.0011,
    0.0027,
    0.0065,
    0.0148,
    0.0255,
    0.044,
    0.08,
    0.142,
    0.33,
)
COVID_DEATHS = (
    ("2020-03-10", 0.0), ("2020-04-11", 1.1), ("2020-06-10", 0.05), ("2020-10-01", 0.02),
    ("2020-11-22", 0.25), ("2020-12-20", 0.25), ("2021-01-20", 0.6), ("2021-03-20", 0.03),
    ("2021-09-01", 0.07), ("2022-01-15", 0.1), ("2022-12-31", 0.04),
)  # fmt: skip  # in deaths of an ordinary day

SEXES = ("female", "male", "intersex", "unknown")
SEX_WEIGHTS = (0.505, 0.4945, 0.0002, 0.0003)

REGIONS = (
    "North East",
    "North West",
    "Yorkshire and The Humber",
    "East Midlands",
    "West Midlands",
    "East",
    "London",
    "South East",
    "South West",
)
REGION_WEIGHTS = (4.7, 13.0, 9.8, 8.6, 10.5, 11.1, 15.9, 16.3, 10.0)
LONDON = REGIONS.index("London")
# A patient's place in the order of deprivation is u ** power: above 1 means more of the
# most deprived.
DEPRIVATION_POWERS = np.array([1.4, 1.35, 1.2, 1.0, 1.3, 0.8, 1.1, 0.7, 0.85])
IMD_RANKS = 32_844

# The letters of the census of 2001 with their share in percent: outside London, and in
# London.
ETHNICITIES = tuple("ABCDEFGHJKLMNPRS")
ETHNICITY_WEIGHTS = (
    84,
    0.9,
    4.8,
    0.7,
    0.25,
    0.6,
    0.5,
    2.3,
    2.3,
    0.6,
    1.1,
    0.6,
    1.3,
    0.25,
    0.6,
    1.2,
)
LONDON_WEIGHTS = (
    40,
    2.0,
    14,
    1.5,
    0.8,
    1.3,
    1.6,
    7.0,
    3.0,
    3.3,
    5.0,
    4.0,
    7.5,
    1.7,
    1.6,
    5.0,
)
WHITE, MIXED, ASIAN, BLACK, OTHER = range(5)
ETHNIC_GROUPS = np.array(
    [WHITE] * 3 + [MIXED] * 4 + [ASIAN] * 4 + [BLACK] * 3 + [OTHER] * 2
)
# SNOMED CT codes for each letter: the ethnic categories of the censuses of 2001 and
# 2011.
ETHNICITY_CODES = {
    "A": ("92391000000108", "494131000000105"),
    "B": ("92401000000106", "976651000000108"),
    "C": ("92411000000108", "88941000000100"),
    "D": ("92421000000102", "976711000000103"),
    "E": ("92431000000100", "976731000000106"),
    "F": ("92441000000109", "976751000000104"),
    "G": ("92451000000107", "92581000000100"),
    "H": ("110751000000108", "976791000000107"),
    "J": ("92461000000105", "976811000000108"),
    "K": ("92471000000103", "976831000000100"),
    "L": ("92481000000101", "86461000000107"),
    "M": ("107691000000105", "976911000000101"),
    "N": ("92491000000104", "976891000000104"),
    "P": ("92501000000105", "92741000000104"),
    "R": ("92511000000107", "976851000000107"),
    "S": ("92521000000101", "89001000000105"),
}

COVID = "U071"
CAUSES = (
    "I259",
    "F03",
    "C349",
    "I219",
    "J449",
    "G309",
    "I64",
    "J189",
    "C509",
    "C61",
    "C189",
    "N390",
    "K746",
    "X599",
)
CAUSE_WEIGHTS = (11, 12, 6, 5, 6, 7, 5, 6, 2, 2.5, 3, 1, 2, 1)
PLACES = (
    "Hospital",
    "Care Home",
    "Home",
    "Hospice",
    "Other communal establishment",
    "Elsewhere",
)
PLACE_WEIGHTS = (45, 22, 25, 5, 0.5, 2.5)
