# mypy: ignore-errors
"""How far did NHS @Home reach? Home blood pressure, pulse oximetry and proactive care, April 2019 to June 2022.

Who is counted, and in which group, is settled on the first day of each interval, so that a person is
counted once and never by what happened later. README.md says what comes out and why it is so.
"""

from extractors import INTERVAL, case, codelist_from_csv, minimum_of, months, weeks, when
from extractors.tables.tpp import (
    addresses,
    clinical_events,
    ethnicity_from_sus,
    ons_deaths,
    patients,
    practice_registrations,
)
from measures import create_measures

WEEKS = weeks(166).starting_on("2019-04-01")
# Whole calendar months only: the five days of June 2022 in the last week would look like a month with no patients.
MONTHS = months(38).starting_on("2019-04-01")
WHOLE_TIME = [(WEEKS[0][0], WEEKS[-1][1])]

FIRST_DAY = INTERVAL.start_date


# Codes --------------------------------------------------------------------------------------------


def codelist(name, column="code", **options):
    return codelist_from_csv(f"codelists/{name}.csv", column=column, **options)


def events_with(codes):
    return clinical_events.where(clinical_events.snomedct_code.is_in(codes))


def events_with_ctv3(codes):
    return clinical_events.where(clinical_events.ctv3_code.is_in(codes))


def in_interval(events):
    return events.where(events.date.is_during(INTERVAL))


ARMS = {
    "bp": codelist("home-blood-pressure"),
    "oximetry": codelist("opensafely-pulse-oximetry"),
    "proactive": codelist("proactive-care"),
}


# The population -----------------------------------------------------------------------------------

date_of_death = minimum_of(patients.date_of_death, ons_deaths.date)
is_alive = date_of_death.is_null() | date_of_death.is_after(FIRST_DAY)
population = practice_registrations.exists_for_patient_on(FIRST_DAY) & is_alive


# What people differ in ----------------------------------------------------------------------------


def ever_coded(events):
    """True from the day of the first event on; False, never NULL, for everybody else."""
    # The first date does not depend on the interval, so it is looked up once and not 166 times.
    return events.date.minimum_for_patient().is_on_or_before(FIRST_DAY).when_null_then(False)


age = patients.age_on(FIRST_DAY)
age_band = case(
    when(age < 0).then("Missing"),  # registered before birth: a mistake in the records
    when(age < 40).then("0-39"),
    when(age < 50).then("40-49"),
    when(age < 65).then("50-64"),
    when(age >= 65).then("65+"),
    otherwise="Missing",
)

# Group: its number in the codelist's Grouping_6, its letters in hospital data.
ETHNIC_GROUPS = {
    "White": ("1", "ABC"),
    "Mixed": ("2", "DEFG"),
    "Asian or Asian British": ("3", "HJKL"),
    "Black or Black British": ("4", "MNP"),
    "Chinese or other": ("5", "RS"),
}
ethnicity_codes = codelist("opensafely-ethnicity-snomed-0removed", "snomedcode", category_column="Grouping_6")
ethnicity_events = events_with(ethnicity_codes)
latest_ethnicity = (
    ethnicity_events.where(ethnicity_events.date.is_on_or_before(FIRST_DAY))
    .sort_by(ethnicity_events.date)
    .last_for_patient()
    .snomedct_code.to_category(ethnicity_codes)
)
ethnicity_in_practice = latest_ethnicity.map_values({number: group for group, (number, _) in ETHNIC_GROUPS.items()})
ethnicity_in_hospital = ethnicity_from_sus.code.map_values(
    {letter: group for group, (_, letters) in ETHNIC_GROUPS.items() for letter in letters}
)

VARIABLES = {
    "sex": patients.sex.when_null_then("unknown"),
    "age_band": age_band,
    "ethnicity": ethnicity_in_practice.when_null_then(ethnicity_in_hospital).when_null_then("Missing"),
    "imd_quintile": addresses.for_patient_on(FIRST_DAY).imd_quintile,
    "region": practice_registrations.for_patient_on(FIRST_DAY).practice_nuts1_region_name.when_null_then("Missing"),
    "care_home": ever_coded(events_with(codelist("opensafely-nhs-england-care-homes-residential-status"))),
    "shielding": ever_coded(events_with(codelist("primis-covid19-vacc-uptake-shield"))),
    "has_hypertension": ever_coded(events_with(codelist("opensafely-hypertension-snomed", "id"))),
    "has_diabetes_type_2": ever_coded(events_with_ctv3(codelist("opensafely-type-2-diabetes", "CTV3ID"))),
    "has_asthma": ever_coded(events_with_ctv3(codelist("opensafely-asthma-diagnosis", "CTV3ID"))),
    "has_copd": ever_coded(events_with_ctv3(codelist("opensafely-current-copd", "CTV3ID"))),
    "has_atrial_fibrillation": ever_coded(
        events_with_ctv3(codelist("opensafely-atrial-fibrillation-or-flutter", "CTV3Code"))
    ),
}


def in_bands(uses):
    """Numbers of uses in bands; the last is open, so that no label says what the largest number was."""
    return case(
        when(uses == 0).then("0"),
        when(uses == 1).then("1"),
        when(uses == 2).then("2"),
        when(uses <= 5).then("3 to 5"),  # not 3-5, which a spreadsheet takes for a day in May
        when(uses <= 10).then("6 to 10"),
        otherwise="11 or more",
    )


# The measures, numbered as the outputs in README.md ------------------------------------------------

measures = create_measures()
measures.define_defaults(denominator=population)

for arm, codes in ARMS.items():
    events_of = {code: in_interval(events_with([code])) for code in codes}
    is_user = in_interval(events_with(codes)).exists_for_patient()

    # 1, 2: events
    for code, events in events_of.items():
        name, uses = f"{arm}_monthly_events_{code}", events.count_for_patient()
        measures.define_measure(name, uses, intervals=MONTHS)
        measures.define_measure(f"{name}_by_region", uses, group_by={"region": VARIABLES["region"]}, intervals=MONTHS)

    # 3: patients, by all that they differ in
    for rhythm, intervals in {"weekly": WEEKS, "monthly": MONTHS}.items():
        name = f"{arm}_{rhythm}_patients"
        measures.define_measure(name, is_user, intervals=intervals)
        for variable, series in VARIABLES.items():
            measures.define_measure(f"{name}_by_{variable}", is_user, group_by={variable: series}, intervals=intervals)

    # 4: patients by number of uses. Everybody is counted, in one band or another, so here the ratio is always 1.
    for code, events in events_of.items():
        by_uses = {f"uses_{code}": in_bands(events.count_for_patient())}
        measures.define_measure(
            f"{arm}_whole_time_patients_by_uses_{code}", population, group_by=by_uses, intervals=WHOLE_TIME
        )

    # 5: patients by combination of codes, as True or False for each code
    by_combination = {f"used_{code}": events.exists_for_patient() for code, events in events_of.items()}
    measures.define_measure(
        f"{arm}_whole_time_patients_by_combination", population, group_by=by_combination, intervals=WHOLE_TIME
    )

    # 6: patients by code
    for code, events in events_of.items():
        measures.define_measure(f"{arm}_weekly_patients_{code}", events.exists_for_patient(), intervals=WEEKS)
