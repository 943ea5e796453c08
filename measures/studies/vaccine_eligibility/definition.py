# mypy: ignore-errors
"""Who was to be vaccinated against COVID-19 first? JCVI's priority groups of November
2020.

Everything about people is as of 1 October 2020. README.md says what comes out and why
it is so.
"""

from datetime import date

from extractors import (
    INTERVAL,
    case,
    codelist_from_csv,
    in_bands,
    minimum_of,
    months,
    when,
    years,
)
from extractors.language.parameters import get_parameter
from extractors.tables.tpp import (
    addresses,
    clinical_events,
    ethnicity_from_sus,
    medications,
    ons_deaths,
    patients,
    practice_registrations,
    vaccinations,
)
from measures import create_measures

DAY = date(2020, 10, 1)
A_YEAR = years(1).ending_on(DAY)[0]
HALF_A_YEAR = (months(6).ending_on(DAY)[0][0], DAY)
FIVE_YEARS = (years(5).ending_on(DAY)[0][0], DAY)
ON_THE_DAY = [(DAY, DAY)]
# The first vaccinations were on 8 December 2020.
MONTHS = months(4).starting_on("2020-12-01")


def one_of(name, *allowed):
    """What is chosen behind `--`; the first is the default."""
    chosen = get_parameter(name, default=allowed[0])
    if chosen not in allowed:
        raise ValueError(f"--{name} is {' or '.join(allowed)}, got {chosen!r}")
    return chosen


coding = one_of("coding", "snomed", "ctv3")
heart = one_of("heart", "at-risk", "vulnerable")


# Codes ----------------------------------------------------------------------------


def codelist(name, column="code", **options):
    return codelist_from_csv(f"codelists/{name}.csv", column=column, **options)


def events_of(name):
    """The events of a codelist up to the day."""
    codes = codelist(name)
    column = clinical_events.snomedct_code
    if coding == "ctv3":
        column = clinical_events.ctv3_code
    return clinical_events.where(column.is_in(codes)).where(clinical_events.date <= DAY)


def has(name):
    return events_of(name).exists_for_patient()


def takes(name):
    """Whether a drug was issued in the year up to the day."""
    issued = medications.where(medications.dmd_code.is_in(codelist(name)))
    return issued.where(issued.date.is_during(A_YEAR)).exists_for_patient()


# The population -------------------------------------------------------------------

date_of_death = minimum_of(patients.date_of_death, ons_deaths.date)
is_alive = date_of_death.is_null() | date_of_death.is_after(DAY)
population = practice_registrations.exists_for_patient_on(DAY) & is_alive


# Who is at which risk -------------------------------------------------------------

age = patients.age_on(DAY)
address = addresses.for_patient_on(DAY)
in_care_home = address.care_home_is_potential_match.when_null_then(False)

has_lung_cancer, has_blood_cancer = has("lung-cancer"), has("blood-cancer")
has_therapy = has("cancer-therapy")
transplanted = events_of("bone-marrow-transplant")
is_recent = transplanted.date.is_during(HALF_A_YEAR)

# Clinically extremely vulnerable: name of the reason -> whether a person has it.
VULNERABLE = {
    "organ_transplant": has("organ-transplant"),
    "cancer_and_therapy": has("cancer") & has_therapy,
    "lung_cancer_and_therapy": has_lung_cancer & has_therapy,
    "blood_cancer": has_blood_cancer,
    "bone_marrow_transplant": transplanted.where(is_recent).exists_for_patient(),
    "cystic_fibrosis": has("cystic-fibrosis"),
    "copd": has("copd"),
    "sickle_cell_disease": has("sickle-cell-disease"),
    "permanent_immunosuppression": has("permanent-immunosuppression"),
    "temporary_immunosuppression": has("temporary-immunosuppression"),
    "dmards": takes("dmards"),
    "learning_disability": has("learning-disability"),
    "dialysis": has("dialysis"),
}

bmi = events_of("bmi")
last_bmi = (
    bmi.where(bmi.numeric_value > 0)
    .where(bmi.date.is_during(FIVE_YEARS))
    .where(bmi.date >= patients.date_of_birth + years(16))
    .sort_by(bmi.date)
    .last_for_patient()
    .numeric_value
)

# At risk.
AT_RISK = {
    "asthma": has("asthma") & takes("salbutamol"),
    "respiratory_disease": has("chronic-respiratory-disease"),
    "heart_failure": has("heart-failure"),
    "other_heart_disease": has("other-heart-disease"),
    "diabetes": has("diabetes"),
    "kidney_disease": has("chronic-kidney-disease"),
    "liver_disease": has("chronic-liver-disease"),
    "neurological_disease": has("neurological-disease"),
    "mental_illness": has("serious-mental-illness"),
    "asplenia": has("asplenia"),
    "obesity": (last_bmi >= 40).when_null_then(False),
}
chosen = VULNERABLE if heart == "vulnerable" else AT_RISK
chosen["chronic_cardiac_disease"] = has("chronic-cardiac-disease")


def any_of(flags):
    first, *others = flags.values()
    for each in others:
        first = first | each
    return first


is_vulnerable, is_at_risk = any_of(VULNERABLE), any_of(AT_RISK)
risk = case(
    when(is_vulnerable).then("clinically extremely vulnerable"),
    when(is_at_risk).then("at risk"),
    otherwise="neither",
)

# The first that holds. Who is extremely vulnerable and younger than 18 is in group 10.
priority = case(
    when(in_care_home & (age >= 65)).then(1),
    when(age >= 80).then(2),
    when(age >= 75).then(3),
    when((age >= 70) | (is_vulnerable & (age >= 18))).then(4),
    when(age >= 65).then(5),
    when((is_at_risk | in_care_home) & (age >= 18)).then(6),
    when(age >= 60).then(7),
    when(age >= 55).then(8),
    when(age >= 50).then(9),
    otherwise=10,
)


# What people differ in ------------------------------------------------------------

ETHNIC_GROUPS = {
    "White": ("1", "ABC"),
    "Mixed": ("2", "DEFG"),
    "Asian or Asian British": ("3", "HJKL"),
    "Black or Black British": ("4", "MNP"),
    "Chinese or other": ("5", "RS"),
}
NUMBERS = {number: group for group, (number, _) in ETHNIC_GROUPS.items()}
LETTERS = {}
for group, (_, letters) in ETHNIC_GROUPS.items():
    LETTERS.update(dict.fromkeys(letters, group))
ethnicity_codes = codelist(
    "opensafely-ethnicity-snomed-0removed",
    "snomedcode",
    category_column="Grouping_6",
)
ethnicity_events = clinical_events.where(
    clinical_events.snomedct_code.is_in(ethnicity_codes)
)
latest_ethnicity = (
    ethnicity_events.where(ethnicity_events.date <= DAY)
    .sort_by(ethnicity_events.date)
    .last_for_patient()
    .snomedct_code.to_category(ethnicity_codes)
)
in_hospital = ethnicity_from_sus.code.map_values(LETTERS)
ethnicity = latest_ethnicity.map_values(NUMBERS).when_null_then(in_hospital)

registration = practice_registrations.for_patient_on(DAY)
AGES = [
    (0, 17),
    (18, 49),
    (50, 54),
    (55, 59),
    (60, 64),
    (65, 69),
    (70, 74),
    (75, 79),
    (80, None),
]
VARIABLES = {
    "sex": patients.sex.when_null_then("unknown"),
    "age_band": in_bands(age, AGES, otherwise="Missing"),
    "ethnicity": ethnicity.when_null_then("Missing"),
    "imd_quintile": address.imd_quintile,
    "rural_urban": case(
        when(address.rural_urban_classification <= 4).then("urban"),
        when(address.rural_urban_classification >= 5).then("rural"),
        otherwise="Missing",
    ),
    "region": registration.practice_nuts1_region_name.when_null_then("Missing"),
    "stp": registration.practice_stp.when_null_then("Missing"),
}


# The measures, numbered as the outputs in README.md -------------------------------

measures = create_measures()
measures.define_defaults(denominator=population)


def define_people(name, **groups):
    """How many people are in each group; the ratio is always 1."""
    measures.define_measure(name, population, group_by=groups, intervals=ON_THE_DAY)


# 1: people by priority
define_people("people_by_priority", priority=priority)
for name, series in VARIABLES.items():
    define_people(
        f"people_by_priority_and_{name}", **{"priority": priority, name: series}
    )

# 2: why; of those at risk only who is not extremely vulnerable
define_people("people_by_risk_and_age_band", risk=risk, age_band=VARIABLES["age_band"])
vulnerable_by = {f"vulnerable_{name}": flag for name, flag in VULNERABLE.items()}
at_risk_by = {
    f"at_risk_{name}": flag & ~is_vulnerable for name, flag in AT_RISK.items()
}
for name, flag in {**vulnerable_by, **at_risk_by}.items():
    define_people(f"people_by_{name}", **{name: flag})
define_people("people_by_reasons_vulnerable", **vulnerable_by)
define_people("people_by_reasons_at_risk", **at_risk_by)

# 3: first vaccinations by month
against_covid = vaccinations.where(vaccinations.target_disease == "SARS-2 CORONAVIRUS")
first_vaccination = against_covid.where(
    against_covid.date >= date(2020, 12, 1)
).date.minimum_for_patient()
VACCINATED = {
    "vaccinated": first_vaccination.is_during(INTERVAL),
    "vaccinated_so_far": first_vaccination.is_on_or_before(INTERVAL.end_date),
}
for name, series in VACCINATED.items():
    numerator = series.when_null_then(False)
    measures.define_measure(name, numerator, intervals=MONTHS)
    measures.define_measure(
        f"{name}_by_priority",
        numerator,
        group_by={"priority": priority},
        intervals=MONTHS,
    )


# Words for the readers of the release ---------------------------------------------

REASONS = {
    "organ_transplant": "organ transplant",
    "cancer_and_therapy": "cancer (neither lung nor blood), and chemo- or radiotherapy",
    "lung_cancer_and_therapy": "lung cancer, and chemo- or radiotherapy",
    "blood_cancer": "blood cancer",
    "bone_marrow_transplant": "bone-marrow transplant in the last six months",
    "cystic_fibrosis": "cystic fibrosis",
    "copd": "chronic obstructive pulmonary disease",
    "sickle_cell_disease": "sickle-cell disease",
    "permanent_immunosuppression": "permanent immunosuppression",
    "temporary_immunosuppression": "temporary immunosuppression",
    "dmards": "drugs that suppress immunity (DMARDs)",
    "learning_disability": "learning disability",
    "dialysis": "dialysis",
    "chronic_cardiac_disease": "chronic heart disease",
    "asthma": "asthma with salbutamol in the last year",
    "respiratory_disease": "other chronic disease of the lungs",
    "heart_failure": "heart failure",
    "other_heart_disease": "other heart disease",
    "diabetes": "diabetes",
    "kidney_disease": "chronic kidney disease",
    "liver_disease": "chronic liver disease",
    "neurological_disease": "neurological disease",
    "mental_illness": "serious mental illness",
    "asplenia": "no working spleen",
    "obesity": "BMI of 40 or more",
}
PRIORITIES = {
    "1": "1: in a care home, 65 or over",
    "2": "2: 80 or over",
    "3": "3: 75 to 79",
    "4": "4: 70 to 74, or extremely vulnerable",
    "5": "5: 65 to 69",
    "6": "6: at risk, or in a care home",
    "7": "7: 60 to 64",
    "8": "8: 55 to 59",
    "9": "9: 50 to 54",
    "10": "10: everybody else",
}
YES_OR_NO = {"True": "yes", "False": "no"}
GROUPS = {
    "priority": {"title": "priority", "labels": PRIORITIES},
    "risk": {"title": "risk"},
    "sex": {"title": "sex"},
    "age_band": {"title": "age"},
    "ethnicity": {"title": "ethnicity"},
    "imd_quintile": {"title": "deprivation"},
    "rural_urban": {"title": "town or country"},
    "region": {"title": "region of the practice"},
    "stp": {"title": "sustainability and transformation partnership"},
}
for name in {**vulnerable_by, **at_risk_by}:
    reason = name.removeprefix("vulnerable_").removeprefix("at_risk_")
    GROUPS[name] = {"title": REASONS[reason], "labels": YES_OR_NO}

measures.describe(
    title="Who was to be vaccinated against COVID-19 first?",
    sentence="JCVI's priority groups of November 2020 among people who were registered "
    "with a practice in England and alive on 1 October 2020.",
    headline=["people_by_priority", "vaccinated_so_far"],
    groups=GROUPS,
)
measures.describe(
    "people_by_priority",
    title="People by priority",
    sentence="Everybody is in the first group that fits.",
)
measures.describe(
    "people_by_risk_and_age_band",
    title="People by risk and age",
    sentence="What the workforce is taken out of (see the study's README.md).",
)
measures.describe(
    "people_by_reasons_vulnerable",
    title="Why people are extremely vulnerable",
    sentence="Everybody, by each combination of reasons.",
)
measures.describe(
    "people_by_reasons_at_risk",
    title="Why people are at risk",
    sentence="Everybody, by each combination of reasons; who is extremely vulnerable has "
    "none.",
)
PER_PERSON = "per 1,000 people"
measures.describe(
    "vaccinated", title="First vaccinations in the month", unit=PER_PERSON
)
measures.describe(
    "vaccinated_so_far", title="Vaccinated up to the end of the month", unit=PER_PERSON
)
