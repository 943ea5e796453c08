"""Facts about diseases that only some definitions look for: drawn where a codelist is
of one.

Shares of people by age: QOF 2019/20, NHS Digital's register of cancer,
UK Renal Registry, Health
Survey for England, and what vaccine-eligibility studies have released,
rounded. They have a random
source of their own (`People.luck`),
so that one more of them changes no records but its own.
"""

from dataclasses import dataclass

from extractors.trial.people.clinic import CONDITIONS, Condition, Tilt

DISEASES = (
    Condition(
        "depression",
        ("35489007", "370143000", "36923009", "191616006", "E2B..", "Eu32.", "Eu33."),
        ((0, 0), (12, 0.005), (18, 0.06), (30, 0.13), (50, 0.16), (70, 0.13)),
        youngest=10,
        tilt=Tilt(0.4, (1.05, 0.9, 0.7, 0.7, 0.7), male=0.6),
    ),
    Condition(
        "osteoarthritis",
        ("396275006", "239873007", "239872002", "N05.."),
        ((0, 0), (40, 0.02), (50, 0.08), (60, 0.17), (70, 0.27), (80, 0.35)),
        youngest=35,
        tilt=Tilt(0.2, (1.05, 0.9, 0.9, 0.9, 0.8), male=0.75),
    ),
    Condition(
        "chronic_cardiac_disease",
        (
            "414545008",
            "53741008",
            "22298006",
            "194828000",
            "413838009",
            "G3...",
            "G30..",
            "G33..",
        ),
        (
            (0, 0.002),
            (30, 0.005),
            (40, 0.01),
            (50, 0.035),
            (60, 0.09),
            (70, 0.17),
            (80, 0.28),
        ),
        tilt=Tilt(0.4, (1.0, 0.9, 1.3, 0.8, 0.8), male=1.4),
    ),
    Condition(
        "heart_failure",
        ("84114007", "42343007", "88805009", "85232009", "G58..", "G580.", "G581."),
        (
            (0, 0),
            (40, 0.001),
            (50, 0.004),
            (60, 0.012),
            (70, 0.035),
            (80, 0.085),
            (90, 0.14),
        ),
        youngest=18,
        tilt=Tilt(0.5, male=1.3),
        beside="chronic_cardiac_disease",
    ),
    Condition(
        "other_heart_disease",
        ("85898001", "368009", "48724000", "60234000", "56265001", "G54..", "G55.."),
        ((0, 0.004), (30, 0.005), (50, 0.012), (60, 0.025), (70, 0.05), (80, 0.09)),
        tilt=Tilt(0.2, male=1.2),
    ),
    Condition(
        "stroke",
        (
            "230690007",
            "422504002",
            "266257000",
            "274100004",
            "432504007",
            "G61..",
            "G64..",
            "G65..",
            "G66..",
        ),
        ((0, 0), (40, 0.004), (50, 0.011), (60, 0.03), (70, 0.07), (80, 0.13)),
        youngest=18,
        tilt=Tilt(0.4, male=1.1),
    ),
    Condition(
        "peripheral_arterial_disease",
        ("840580004", "399957001", "275520000", "63491006", "G73..", "G73z."),
        ((0, 0), (40, 0.001), (50, 0.004), (60, 0.012), (70, 0.025), (80, 0.035)),
        youngest=30,
        tilt=Tilt(0.8, male=1.5),
    ),
    Condition(
        "chronic_kidney_disease",
        (
            "709044004",
            "433144002",
            "431857002",
            "433146000",
            "700379002",
            "1Z12.",
            "1Z13.",
            "1Z14.",
            "K05..",
        ),
        (
            (0, 0),
            (40, 0.003),
            (50, 0.012),
            (60, 0.035),
            (70, 0.1),
            (80, 0.22),
            (90, 0.3),
        ),
        youngest=18,
        tilt=Tilt(0.2, (1.0, 0.8, 1.1, 1.2, 0.8), male=0.9),
    ),
    Condition(
        "dialysis",
        ("108241001", "302497006", "265764009", "71192002", "7L1A."),
        ((0, 0), (30, 0.0004), (50, 0.0009), (70, 0.0025), (80, 0.003)),
        youngest=5,
        tilt=Tilt(0.5, male=1.3),
        beside="chronic_kidney_disease",
    ),
    Condition(
        "chronic_respiratory_disease",
        ("12295008", "51615001", "700250006", "196051003", "H34..", "H563."),
        ((0, 0.001), (30, 0.003), (50, 0.01), (60, 0.02), (70, 0.035), (80, 0.045)),
        tilt=Tilt(0.4),
    ),
    Condition(
        "serious_mental_illness",
        (
            "58214004",
            "13746004",
            "69322001",
            "191525009",
            "E10..",
            "E11..",
            "Eu20.",
            "Eu31.",
        ),
        ((0, 0), (15, 0.001), (25, 0.006), (40, 0.013), (60, 0.014), (80, 0.013)),
        youngest=12,
        tilt=Tilt(0.9, (0.95, 1.2, 0.9, 2.0, 0.9), male=1.1),
    ),
    Condition(
        "learning_disability",
        (
            "110359009",
            "41040004",
            "984661000000105",
            "86765009",
            "61152003",
            "E3...",
            "PJ0..",
        ),
        ((0, 0.003), (5, 0.013), (18, 0.016), (40, 0.014), (60, 0.01), (80, 0.005)),
        tilt=Tilt(0.6, male=1.4),
    ),
    Condition(
        "cancer",
        (
            "363346000",
            "254837009",
            "399068003",
            "363406005",
            "93761005",
            "372244006",
            "B13..",
            "B34..",
            "B46..",
        ),
        (
            (0, 0.001),
            (20, 0.004),
            (40, 0.015),
            (50, 0.035),
            (60, 0.065),
            (70, 0.13),
            (80, 0.19),
        ),
        tilt=Tilt(-0.1, (1.1, 0.8, 0.5, 0.7, 0.6)),
    ),
    Condition(
        "cancer_therapy",
        ("367336001", "108290001", "33195004"),
        (
            (0, 0.0005),
            (20, 0.001),
            (40, 0.004),
            (50, 0.01),
            (60, 0.018),
            (70, 0.03),
            (80, 0.035),
        ),
        tilt=Tilt(-0.1, (1.1, 0.8, 0.5, 0.7, 0.6)),
        beside="cancer",
    ),
    Condition(
        "lung_cancer",
        ("363358000", "254637007", "254632001", "B22..", "B222.", "B224."),
        ((0, 0), (40, 0.0001), (60, 0.0012), (70, 0.0028), (80, 0.0035)),
        youngest=30,
        tilt=Tilt(0.9, (1.1, 0.8, 0.5, 0.7, 0.6)),
        beside="cancer",
    ),
    Condition(
        "blood_cancer",
        (
            "118601006",
            "109989006",
            "93143009",
            "118599009",
            "92814006",
            "91861009",
            "B63..",
            "B64..",
            "B65..",
        ),
        ((0, 0.0006), (30, 0.0016), (50, 0.004), (60, 0.008), (70, 0.014), (80, 0.02)),
        tilt=Tilt(-0.1, male=1.2),
    ),
    Condition(
        "organ_transplant",
        ("161665007", "70536003", "18027006", "32413006", "88039007", "313039003"),
        ((0, 0.0001), (20, 0.0006), (40, 0.0012), (60, 0.002), (75, 0.0015)),
        tilt=Tilt(0.0, male=1.4),
    ),
    Condition(
        "bone_marrow_transplant",
        ("23719005", "58390007", "234336002"),
        ((0, 0.0001), (40, 0.0003), (60, 0.0005), (80, 0.0002)),
        beside="blood_cancer",
    ),
    Condition(
        "cystic_fibrosis",
        ("190905008", "86555001", "C370."),
        ((0, 0.0004), (30, 0.0003), (60, 0.0001)),
    ),
    Condition(
        "sickle_cell_disease",
        ("127040003", "417357006", "35434009", "D106."),
        ((0, 0.0004), (60, 0.0002)),
        tilt=Tilt(0.0, (0.05, 1.5, 0.2, 7.0, 0.5)),
    ),
    Condition(
        "permanent_immunosuppression",
        ("86406008", "234532001", "33286000", "62479008"),
        ((0, 0.0002), (20, 0.0006), (40, 0.0013), (60, 0.0012), (80, 0.0006)),
        tilt=Tilt(0.4, (0.9, 1.2, 0.6, 3.0, 1.0)),
    ),
    Condition(
        "temporary_immunosuppression",
        ("370388006", "234416002", "306058006"),
        ((0, 0.0006), (30, 0.0015), (60, 0.004), (80, 0.005)),
    ),
    Condition(
        "chronic_liver_disease",
        ("19943007", "197321007", "328383001", "128302006", "50711007", "J61.."),
        ((0, 0.0002), (30, 0.003), (50, 0.011), (65, 0.014), (80, 0.009)),
        tilt=Tilt(0.7, male=1.3),
    ),
    Condition(
        "neurological_disease",
        (
            "49049000",
            "24700007",
            "26929004",
            "230258005",
            "86044005",
            "37340000",
            "F12..",
            "F20..",
        ),
        ((0, 0.002), (30, 0.004), (50, 0.008), (70, 0.016), (80, 0.03)),
    ),
    Condition(
        "asplenia",
        ("38096003", "93030006", "234319005", "707147002"),
        ((0, 0.0003), (30, 0.0015), (60, 0.003), (80, 0.003)),
    ),
    Condition(
        "rheumatoid_arthritis",
        (
            "69896004",
            "156370009",
            "200936003",
            "9014002",
            "64766004",
            "34000006",
            "N040.",
        ),
        ((0, 0.001), (20, 0.008), (40, 0.02), (60, 0.032), (80, 0.035)),
        tilt=Tilt(0.1, male=0.6),
    ),
)


@dataclass(frozen=True)
class Treatment:
    """Drugs that are known to be taken for one thing."""

    # codes that give a list away
    known: tuple[str, ...]
    # the condition's name
    condition: str
    # the share of those with the condition who take them
    takes: float
    # the share of these who stop for good, per year
    stops: float = 0.01


TREATMENTS = (
    Treatment(("39113611000001102", "39113311000001107", "320139002"), "asthma", 0.8),
    Treatment(("376988009", "36033911000001101"), "rheumatoid_arthritis", 0.75),
)
KNOWN_CONDITIONS = (*CONDITIONS, *DISEASES)
BY_NAME = {condition.name: condition for condition in KNOWN_CONDITIONS}
