# mypy: ignore-errors
"""Online and remote consultations in general practice: how many, in how many practices,
and of whom?

January 2019 to March 2021. Who is counted, and in which group, is settled on the first
day of each interval. README.md says what comes out and why it is so.
"""

from extractors import (
    INTERVAL,
    case,
    codelist_from_csv,
    days,
    in_bands,
    minimum_of,
    months,
    weeks,
    when,
    years,
)
from extractors.language.parameters import get_parameter
from extractors.tables.permissions import claim_permissions
from extractors.tables.tpp import (
    addresses,
    appointments,
    clinical_events,
    ethnicity_from_sus,
    household_memberships_2020,
    ons_deaths,
    patients,
    practice_registrations,
)
from measures import create_measures

claim_permissions("appointments")

MONTHS = months(24).starting_on("2019-01-01")
WEEKS = weeks(64).starting_on("2020-01-06")
# The year before the pandemic and its first one, without a gap: 2020-02-29 is the last
# day before.
YEARS = years(2).starting_on("2019-03-01")

FIRST_DAY = INTERVAL.start_date


# Codes ----------------------------------------------------------------------------

# Which column of the records the lists of diseases are looked for in.
coding = get_parameter("coding", default="snomed")
if coding not in ("snomed", "ctv3"):
    raise ValueError(f"--coding is snomed or ctv3, got {coding!r}")


def codelist(name, column="code", **options):
    return codelist_from_csv(f"codelists/{name}.csv", column=column, **options)


def events_with(codes):
    return clinical_events.where(clinical_events.snomedct_code.is_in(codes))


def disease(name):
    codes = codelist(name)
    if coding == "ctv3":
        return clinical_events.where(clinical_events.ctv3_code.is_in(codes))
    return events_with(codes)


def in_interval(events):
    return events.where(events.date.is_during(INTERVAL))


# Code: what it means.
TERMS = codelist("online-consultations", category_column="term")
# The two that are looked at by themselves, week by week.
ECONSULTATION, MULTIMEDIA = "1068881000000101", "978871000000104"


# The population -------------------------------------------------------------------

registration = practice_registrations.for_patient_on(FIRST_DAY)
date_of_death = minimum_of(patients.date_of_death, ons_deaths.date)
is_alive = date_of_death.is_null() | date_of_death.is_after(FIRST_DAY)
population = registration.exists_for_patient() & is_alive


# What people differ in ------------------------------------------------------------


def ever_coded(events):
    """True from the day of the first event on; False, never NULL, for everybody
    else.
    """
    first = events.date.minimum_for_patient()
    return first.is_on_or_before(FIRST_DAY).when_null_then(False)


# Registered before birth is a mistake in the records: Missing.
AGES = [(0, 17), (18, 29), (30, 39), (40, 49), (50, 59), (60, 69), (70, 79), (80, None)]
age_band = in_bands(patients.age_on(FIRST_DAY), AGES, otherwise="Missing")

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
ethnicity_events = events_with(ethnicity_codes)
latest_ethnicity = (
    ethnicity_events.where(ethnicity_events.date.is_on_or_before(FIRST_DAY))
    .sort_by(ethnicity_events.date)
    .last_for_patient()
    .snomedct_code.to_category(ethnicity_codes)
)
in_hospital = ethnicity_from_sus.code.map_values(LETTERS)
ethnicity = latest_ethnicity.map_values(NUMBERS).when_null_then(in_hospital)

address = addresses.for_patient_on(FIRST_DAY)
is_care_home = address.care_home_is_potential_match
care_home = case(
    when(is_care_home & address.care_home_requires_nursing).then("with nursing"),
    when(is_care_home & address.care_home_does_not_require_nursing).then(
        "without nursing"
    ),
    when(is_care_home).then("of either kind"),
    otherwise="no care home",
)
rural_urban = case(
    when(address.rural_urban_classification <= 4).then("urban"),
    when(address.rural_urban_classification >= 5).then("rural"),
    otherwise="Missing",
)
# 0 where it is not known.
SIZES = [(1, 1), (2, 2), (3, 5), (6, None)]
household = in_bands(
    household_memberships_2020.household_size, SIZES, otherwise="Missing"
)
region = registration.practice_nuts1_region_name.when_null_then("Missing")

# Group: its codelists, and what it is called.
DISEASES = {
    "has_hypertension": (["hypertension"], "high blood pressure"),
    "has_asthma": (["asthma"], "asthma"),
    "has_osteoarthritis": (["osteoarthritis"], "osteoarthritis"),
    "has_depression": (["depression"], "depression"),
    "has_diabetes": (["diabetes"], "diabetes"),
    "has_chronic_cardiac_disease": (
        ["chronic-cardiac-disease"],
        "chronic heart disease",
    ),
    "has_cancer": (["cancer"], "cancer"),
    "has_atrial_fibrillation": (["atrial-fibrillation"], "atrial fibrillation"),
    "has_stroke": (["stroke"], "stroke"),
    "has_chronic_respiratory_disease": (
        ["copd", "chronic-respiratory-disease"],
        "chronic disease of the lungs",
    ),
    "has_peripheral_arterial_disease": (
        ["peripheral-arterial-disease"],
        "peripheral arterial disease",
    ),
    "has_heart_failure": (["heart-failure"], "heart failure"),
    "has_chronic_kidney_disease": (
        ["chronic-kidney-disease"],
        "chronic kidney disease",
    ),
    "has_serious_mental_illness": (
        ["serious-mental-illness"],
        "serious mental illness",
    ),
    "has_learning_disability": (["learning-disability"], "learning disability"),
}


def has_one_of(lists):
    found = [ever_coded(disease(name)) for name in lists]
    return found[0] if len(found) == 1 else found[0] | found[1]


VARIABLES = {
    "sex": patients.sex.when_null_then("unknown"),
    "age_band": age_band,
    "ethnicity": ethnicity.when_null_then("Missing"),
    "imd_quintile": address.imd_quintile,
    "region": region,
    "rural_urban": rural_urban,
    "care_home": care_home,
    "household": household,
}
for name, (lists, _) in DISEASES.items():
    VARIABLES[name] = has_one_of(lists)


# What is counted ------------------------------------------------------------------

# An appointment took place if a patient was seen, whatever its status became later.
SEEN = ["Arrived", "Waiting", "In Progress", "Finished", "Patient Walked Out", "Visit"]
took_place = appointments.where(appointments.status.is_in(SEEN))
consultations = took_place.where(took_place.seen_date.is_during(INTERVAL))

online = in_interval(events_with(list(TERMS)))
online_by_code = {code: in_interval(events_with([code])) for code in TERMS}
practice = registration.practice_pseudo_id


# The measures, numbered as the outputs in README.md -------------------------------

measures = create_measures()
measures.define_defaults(denominator=population)

# 1: events per month and code
measures.define_measure("monthly_events", online.count_for_patient(), intervals=MONTHS)
for code, events in online_by_code.items():
    measures.define_measure(
        f"monthly_events_{code}", events.count_for_patient(), intervals=MONTHS
    )
measures.define_measure(
    "monthly_gp_consultations", consultations.count_for_patient(), intervals=MONTHS
)


# 2, 3: practices. All that is said of them are the deciles of their rates. They are of
# the people without one: a practice that has none at all has a rate of 1, which is
# released, where a rate of 0 would be withheld, and with it the deciles.
def define_without(name, events, intervals, **groups):
    measures.define_measure(
        name,
        ~events.exists_for_patient(),
        intervals=intervals,
        group_by=groups,
        deciles_over=practice,
    )


define_without("monthly_without", online, MONTHS)
define_without("yearly_without", online, YEARS)
define_without("yearly_without_by_region", online, YEARS, region=region)
for code, events in online_by_code.items():
    define_without(f"yearly_without_{code}", events, YEARS)
measures.define_measure(
    "monthly_patients", online.exists_for_patient(), intervals=MONTHS
)

# 4: events per week, in all and by region
WEEKLY = {
    "weekly_gp_consultations": consultations,
    "weekly_events": online,
    f"weekly_events_{ECONSULTATION}": in_interval(events_with([ECONSULTATION])),
    f"weekly_events_{MULTIMEDIA}": in_interval(events_with([MULTIMEDIA])),
}
for name, events in WEEKLY.items():
    number = events.count_for_patient()
    measures.define_measure(name, number, intervals=WEEKS)
    measures.define_measure(
        f"{name}_by_region", number, group_by={"region": region}, intervals=WEEKS
    )

# 5: who, in the year before the pandemic and in its first one
YEARLY = {
    "yearly_patients": online.exists_for_patient(),
    "yearly_events": online.count_for_patient(),
    "yearly_gp_patients": consultations.exists_for_patient(),
}
for name, numerator in YEARLY.items():
    measures.define_measure(name, numerator, intervals=YEARS)
    for variable, series in VARIABLES.items():
        measures.define_measure(
            f"{name}_by_{variable}",
            numerator,
            group_by={variable: series},
            intervals=YEARS,
        )
measures.define_measure(
    "yearly_episodes", online.date.count_episodes_for_patient(days(14)), intervals=YEARS
)


# Words for the readers of the release ---------------------------------------------

PATIENTS, RECORDS = "per 1,000 registered people", "records per 1,000 registered people"
YES_OR_NO = {"True": "yes", "False": "no"}
GROUPS = {
    "sex": "sex",
    "age_band": "age",
    "ethnicity": "ethnicity",
    "imd_quintile": "deprivation",
    "region": "region of the practice",
    "rural_urban": "town or country",
    "care_home": "care home",
    "household": "people in the household",
}
for name, (_, title) in DISEASES.items():
    GROUPS[name] = title

measures.describe(
    title="Online and remote consultations in general practice",
    sentence="What was recorded of them among people who were registered with a practice "
    "in England and alive, January 2019 to March 2021.",
    headline=["monthly_events", "monthly_patients", "monthly_gp_consultations"],
    phases=[
        ("2020-03-26", "2020-05-12", "1st lockdown"),
        ("2020-11-05", "2020-12-02", "2nd lockdown"),
        ("2021-01-06", "2021-03-28", "3rd lockdown"),
    ],
    groups={
        name: {"title": title, "labels": {} if name == "region" else YES_OR_NO}
        for name, title in GROUPS.items()
    },
)

SAID = {
    "monthly_events": ("Online consultations: records", RECORDS),
    "monthly_patients": ("Online consultations: people", PATIENTS),
    "monthly_gp_consultations": (
        "Consultations of any kind",
        "consultations per 1,000 registered people",
    ),
    "monthly_without": ("People without an online consultation", PATIENTS),
    "yearly_patients": ("Online consultations: people in a year", PATIENTS),
    "yearly_without": ("People without an online consultation in a year", PATIENTS),
    "yearly_without_by_region": (
        "People without an online consultation in a year, by region",
        PATIENTS,
    ),
    "yearly_events": ("Online consultations: records in a year", RECORDS),
    "yearly_gp_patients": ("Consultations of any kind: people in a year", PATIENTS),
    "yearly_episodes": (
        "Online consultations: episodes, 14 days apart at most",
        "episodes per 1,000 registered people",
    ),
    "weekly_gp_consultations": (
        "Consultations of any kind, weekly",
        "consultations per 1,000 registered people",
    ),
    "weekly_events": ("Online consultations: records, weekly", RECORDS),
}
for code, term in TERMS.items():
    SAID[f"monthly_events_{code}"] = (f"{term} ({code}): records", RECORDS)
    SAID[f"yearly_without_{code}"] = (
        f"People without {term} ({code}) in a year",
        PATIENTS,
    )
for code in (ECONSULTATION, MULTIMEDIA):
    term = TERMS.get(code, code)
    SAID[f"weekly_events_{code}"] = (f"{term} ({code}): records, weekly", RECORDS)
for name, (title, unit) in SAID.items():
    measures.describe(name, title=title, unit=unit)
for name in ("monthly_events", "monthly_patients", "monthly_gp_consultations"):
    measures.describe(name, baseline="2019-04-01", compare=["2020-04-01", "2020-10-01"])
for name in ("yearly_patients", "yearly_events", "yearly_gp_patients"):
    measures.describe(name, baseline="2019-03-01", compare=["2020-03-01"])
