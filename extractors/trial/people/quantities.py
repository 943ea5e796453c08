"""What is measured of people: its size, spread and rounding, by age, sex and disease.

Sizes and spreads: Health Survey for England 2019, National Diabetes Audit 2019/20 and
laboratories' usual reference ranges, rounded. Rates of testing: from published counts
of tests in primary care (O'Sullivan et al., BMJ 2018), rounded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from extractors.trial.people.clinic import Curve

GROWN: Curve = ((0, 0.02), (16, 0.1), (20, 0.5), (45, 1.0), (65, 1.6), (85, 1.7))
CHRONIC = {"diabetes": 2.2, "hypertension": 1.6}


@dataclass(frozen=True)
class Quantity:
    """Something that is measured again and again. A value is the mean at an age, times
    what sex and conditions do, times a spread.
    """

    # of what is measured
    name: str
    # codes that give it away, the usual ones first
    known: tuple[str, ...]
    # by age
    mean: Curve
    # the deviation of the logarithm, about a share of the mean
    spread: float
    # that a value is rounded to
    decimals: int = 0
    # of grown men, relative to others
    male: float = 1.0
    # condition -> what the mean is multiplied by, and the spread then (0: as it was)
    effect: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    # no value lies beyond
    least: float = 0.0
    # the highest value
    most: float = 10_000.0
    # the share of values that are rounded to tens, as people read them off a dial
    tens: float = 0.0
    # times per person and year, at age 45 or so
    rate: float = 0.3
    # a factor by age
    age: Curve = field(default=GROWN)
    # the share of people of whom it is ever measured
    users: float = 0.7
    # a condition -> a factor for those who have it
    boost: Mapping[str, float] = field(default_factory=lambda: CHRONIC)
    # another quantity that is high in the same people
    along: str = ""


QUANTITIES = (
    Quantity(
        "systolic",
        (
            "271649006",
            "72313002",
            "407554009",
            "407556006",
            "400974009",
            "399304008",
            "314449000",
            "413606001",
            "314446007",
            "2469.",
            "XaI9f",
            "XaI9g",
        ),
        ((0, 88), (10, 104), (20, 119), (40, 125), (60, 131), (75, 134), (90, 133)),
        0.105,
        male=1.03,
        effect={"hypertension": (1.04, 0.0)},
        least=70,
        most=250,
        tens=0.15,
        rate=0.6,
        users=0.85,
        boost={"hypertension": 2.2, "diabetes": 1.6},
    ),
    Quantity(
        "diastolic",
        (
            "271650006",
            "1091811000000102",
            "407555005",
            "407557002",
            "400975005",
            "174255007",
            "314462001",
            "413605002",
            "314461008",
            "246A.",
        ),
        ((0, 54), (10, 64), (20, 73), (40, 80), (55, 81), (70, 76), (90, 71)),
        0.11,
        male=1.02,
        effect={"hypertension": (1.04, 0.0)},
        least=35,
        most=140,
        tens=0.15,
        rate=0.6,
        users=0.85,
        boost={"hypertension": 2.2, "diabetes": 1.6},
        along="systolic",
    ),
    Quantity(
        "bmi",
        ("60621009", "846931000000101", "301331008", "22K.."),
        (
            (2, 16.3),
            (10, 18.5),
            (18, 23.3),
            (30, 26.6),
            (50, 28.2),
            (65, 28.1),
            (80, 26.5),
            (95, 24.0),
        ),
        0.185,
        1,
        effect={"diabetes": (1.11, 0.0)},
        least=11,
        most=70,
        rate=0.35,
        users=0.8,
    ),
    Quantity(
        "weight",
        ("27113001", "162763007", "22A.."),
        ((0, 3.5), (1, 10), (10, 34), (18, 64), (40, 75), (60, 76), (80, 68), (95, 60)),
        0.19,
        1,
        male=1.17,
        effect={"diabetes": (1.1, 0.0)},
        least=2,
        most=250,
        rate=0.4,
        users=0.85,
        along="bmi",
    ),
    Quantity(
        "height",
        ("50373000", "162755006", "248333004", "229.."),
        ((0, 51), (1, 76), (5, 110), (10, 139), (16, 162), (40, 163), (80, 157)),
        0.04,
        0,
        male=1.085,
        least=40,
        most=215,
        rate=0.15,
        users=0.8,
    ),
    Quantity(
        "hba1c",
        (
            "999791000000106",
            "1049301000000100",
            "1003671000000109",
            "43396009",
            "XaPbt",
        ),
        ((0, 33), (20, 34), (40, 36.5), (60, 39), (80, 40)),
        0.085,
        effect={"diabetes": (1.42, 0.24)},
        least=18,
        most=195,
        rate=0.22,
        users=0.5,
        boost={"diabetes": 7.0},
    ),
    Quantity(
        "hba1c_percent",
        ("1019431000000105", "1049321000000109", "X772q", "XaERp"),
        ((0, 5.2), (20, 5.3), (40, 5.5), (60, 5.7), (80, 5.8)),
        0.05,
        1,
        effect={"diabetes": (1.28, 0.16)},
        least=3.8,
        most=20,
        rate=0.1,
        users=0.3,
        boost={"diabetes": 7.0},
        along="hba1c",
    ),
    Quantity(
        "cholesterol",
        (
            "1005671000000105",
            "994351000000103",
            "1017161000000104",
            "850981000000101",
            "XE2eD",
            "44P..",
        ),
        ((0, 4.0), (20, 4.5), (40, 5.3), (55, 5.5), (70, 5.0), (85, 4.6)),
        0.2,
        1,
        male=0.96,
        effect={"diabetes": (0.88, 0.0)},
        least=1.5,
        most=14,
    ),
    Quantity(
        "hdl",
        ("1005681000000107", "1010581000000101", "44P5."),
        ((0, 1.4), (50, 1.5), (90, 1.5)),
        0.25,
        1,
        male=0.84,
        effect={"diabetes": (0.88, 0.0)},
        least=0.4,
        most=4,
        rate=0.25,
        users=0.6,
    ),
    Quantity(
        "ldl",
        ("1022191000000100", "1014501000000104", "44P6."),
        ((0, 2.3), (20, 2.6), (50, 3.2), (75, 2.7)),
        0.3,
        1,
        effect={"diabetes": (0.8, 0.0)},
        least=0.4,
        most=10,
        rate=0.25,
        users=0.6,
        along="cholesterol",
    ),
    Quantity(
        "triglycerides",
        ("1005691000000109", "1010591000000104", "44Q.."),
        ((0, 0.9), (20, 1.1), (50, 1.5), (80, 1.4)),
        0.45,
        1,
        male=1.15,
        effect={"diabetes": (1.25, 0.0)},
        least=0.3,
        most=20,
        rate=0.2,
        users=0.5,
    ),
    Quantity(
        "egfr",
        (
            "1011481000000105",
            "1020291000000106",
            "996231000000108",
            "1107411000000104",
            "80274001",
            "XaK8y",
            "XacUK",
        ),
        ((0, 110), (20, 108), (40, 97), (60, 83), (70, 74), (80, 63), (90, 52)),
        0.17,
        effect={"diabetes": (0.96, 0.22), "hypertension": (0.95, 0.0)},
        least=5,
        most=125,
        rate=0.45,
    ),
    Quantity(
        "creatinine",
        ("1000731000000107", "1032061000000108", "15373003", "XE2q5", "44J3."),
        ((0, 30), (10, 48), (18, 66), (60, 72), (80, 84), (95, 92)),
        0.19,
        male=1.23,
        effect={"diabetes": (1.05, 0.25)},
        least=15,
        most=1_200,
        rate=0.45,
    ),
    Quantity(
        "albumin_creatinine_ratio",
        ("1027791000000103", "1023491000000104", "271075006", "XE2n3"),
        ((0, 0.9), (60, 1.2), (90, 2.2)),
        1.0,
        1,
        effect={"diabetes": (1.6, 1.2)},
        least=0.1,
        most=600,
        rate=0.04,
        users=0.2,
        boost={"diabetes": 15.0},
    ),
    Quantity(
        "haemoglobin",
        ("1022431000000105", "XE2m6", "423.."),
        ((0, 120), (16, 133), (60, 135), (90, 124)),
        0.085,
        male=1.085,
        least=40,
        most=210,
        rate=0.45,
    ),
    Quantity(
        "sodium",
        ("1000661000000107", "XE2q0"),
        ((0, 139), (90, 139.5)),
        0.018,
        least=110,
        most=165,
        rate=0.45,
    ),
    Quantity(
        "potassium",
        ("1000651000000109", "XE2pz"),
        ((0, 4.3), (90, 4.5)),
        0.085,
        1,
        least=2,
        most=8,
        rate=0.45,
    ),
    Quantity(
        "alt",
        ("1018251000000107", "1013211000000103", "XaLJx"),
        ((0, 18), (40, 25), (80, 18)),
        0.5,
        male=1.3,
        least=4,
        most=3_000,
        rate=0.4,
    ),
    Quantity(
        "tsh",
        ("1022791000000101", "XaELV"),
        ((0, 2.2), (90, 2.0)),
        0.6,
        1,
        least=0.1,
        most=100,
        rate=0.25,
    ),
    Quantity(
        "crp",
        ("999651000000107", "XE2dy"),
        ((0, 2), (60, 3), (90, 5)),
        1.0,
        least=1,
        most=500,
        rate=0.15,
    ),
    Quantity(
        "psa",
        ("1000381000000105", "XE25C"),
        ((0, 0.3), (40, 0.7), (60, 1.4), (80, 2.8)),
        0.9,
        1,
        least=0.1,
        most=2_000,
        rate=0.1,
        users=0.2,
    ),
    Quantity(
        "pulse",
        ("78564009", "364075005", "8499008", "X773s"),
        ((0, 130), (5, 100), (18, 76), (90, 74)),
        0.14,
        least=35,
        most=220,
        rate=0.3,
    ),
    Quantity(
        "oxygen_saturation",
        ("431314004", "103228002", "X770D"),
        ((0, 98), (50, 97.2), (90, 95.8)),
        0.013,
        effect={"copd": (0.965, 0.03)},
        least=70,
        most=100,
        rate=0.15,
        users=0.5,
        boost={"copd": 3.0, "asthma": 1.5},
    ),
)
BY_NAME = {quantity.name: quantity for quantity in QUANTITIES}
QUANTITY_OF: dict[str, Quantity] = {}
for _quantity in QUANTITIES:
    QUANTITY_OF |= dict.fromkeys(_quantity.known, _quantity)
# What is read off one dial: the codes of one occasion.
PAIRS = (
    ("271649006", "271650006"),
    ("72313002", "1091811000000102"),
    ("407554009", "407555005"),
)
