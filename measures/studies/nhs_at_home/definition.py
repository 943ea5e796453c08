# mypy: ignore-errors
"""How far did NHS @Home reach? Home blood pressure, pulse oximetry and proactive care,
April 2019 to June 2022.

Who is counted, and in which group, is settled on the first day of each interval, so
that a person is counted once and never by what happened later. README.md says what
comes out and why it is so.
"""

from extractors import (
    INTERVAL,
    case,
    codelist_from_csv,
    minimum_of,
    months,
    weeks,
    when,
)
from extractors.language.parameters import get_parameter
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
# Whole calendar months only: the five days of June 2022 in the last week would look
# like a month with no patients.
MONTHS = months(38).starting_on("2019-04-01")
WHOLE_TIME = [(WEEKS[0][0], WEEKS[-1][1])]

FIRST_DAY = INTERVAL.start_date

# The original study counted users alone, and knew one region of each for all weeks.
POPULATIONS = ("registered", "original")
chosen = get_parameter("population", default="registered")
if chosen not in POPULATIONS:
    raise ValueError(f"--population is {' or '.join(POPULATIONS)}, got {chosen!r}")
is_original = chosen == "original"
DAY_OF_REGION = "2020-02-01" if is_original else FIRST_DAY


# Codes --------------------------------------------------------------------------------


def codelist(name, column="code", **options):
    return codelist_from_csv(f"codelists/{name}.csv", column=column, **options)


def events_with(codes):
    return clinical_events.where(clinical_events.snomedct_code.is_in(codes))


def events_with_ctv3(codes):
    return clinical_events.where(clinical_events.ctv3_code.is_in(codes))


def in_interval(events):
    return events.where(events.date.is_during(INTERVAL))


# Code: what it means. The page of a release says both.
TERMS = {
    "bp": codelist("home-blood-pressure", category_column="term"),
    "oximetry": codelist("opensafely-pulse-oximetry", category_column="term"),
    "proactive": codelist("proactive-care", category_column="term"),
}
ARMS = {arm: list(terms) for arm, terms in TERMS.items()}
# The codes whose users the original breaks down; proactive care has one code, so its
# users are those of the arm.
# They are 44 measures, a fifth of all, so they are counted where the user asks for
# them.
BREAKDOWNS = ("arms", "codes")
breakdowns = get_parameter("breakdowns", default="arms")
if breakdowns not in BREAKDOWNS:
    raise ValueError(f"--breakdowns is {' or '.join(BREAKDOWNS)}, got {breakdowns!r}")
CODES_OF_INTEREST = {"bp": [], "oximetry": [], "proactive": []}
if breakdowns == "codes":
    CODES_OF_INTEREST["bp"] = ["413606001"]
    CODES_OF_INTEREST["oximetry"] = [
        "1325191000000108",
        "1325221000000101",
        "1325241000000108",
    ]


# The population -----------------------------------------------------------------------

date_of_death = minimum_of(patients.date_of_death, ons_deaths.date)
is_alive = date_of_death.is_null() | date_of_death.is_after(FIRST_DAY)
population = practice_registrations.exists_for_patient_on(FIRST_DAY) & is_alive
# All people who were there on any day, also those who came after the first.
is_ever_there = practice_registrations.days_registered_during(INTERVAL) > 0
everybody = is_ever_there & is_alive


# What people differ in ----------------------------------------------------------------


def ever_coded(events):
    """True from the day of the first event on; False, never NULL, for everybody
    else.
    """
    # The first date does not depend on the interval, so it is looked up once and not
    # 166 times.
    return (
        events.date.minimum_for_patient()
        .is_on_or_before(FIRST_DAY)
        .when_null_then(False)
    )


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
ethnicity_codes = codelist(
    "opensafely-ethnicity-snomed-0removed", "snomedcode", category_column="Grouping_6"
)
ethnicity_events = events_with(ethnicity_codes)
latest_ethnicity = (
    ethnicity_events.where(ethnicity_events.date.is_on_or_before(FIRST_DAY))
    .sort_by(ethnicity_events.date)
    .last_for_patient()
    .snomedct_code.to_category(ethnicity_codes)
)
ethnicity_in_practice = latest_ethnicity.map_values(
    {number: group for group, (number, _) in ETHNIC_GROUPS.items()}
)
groups_by_letter: dict[str, str] = {}
for group, (_, letters) in ETHNIC_GROUPS.items():
    groups_by_letter |= dict.fromkeys(letters, group)
ethnicity_in_hospital = ethnicity_from_sus.code.map_values(groups_by_letter)

VARIABLES = {
    "sex": patients.sex.when_null_then("unknown"),
    "age_band": age_band,
    "ethnicity": ethnicity_in_practice.when_null_then(
        ethnicity_in_hospital
    ).when_null_then("Missing"),
    "imd_quintile": addresses.for_patient_on(FIRST_DAY).imd_quintile,
    "region": practice_registrations.for_patient_on(
        DAY_OF_REGION
    ).practice_nuts1_region_name.when_null_then("Missing"),
    "care_home": ever_coded(
        events_with(codelist("opensafely-nhs-england-care-homes-residential-status"))
    ),
    "shielding": ever_coded(events_with(codelist("primis-covid19-vacc-uptake-shield"))),
    "has_hypertension": ever_coded(
        events_with(codelist("opensafely-hypertension-snomed", "id"))
    ),
    "has_diabetes_type_2": ever_coded(
        events_with_ctv3(codelist("opensafely-type-2-diabetes", "CTV3ID"))
    ),
    "has_asthma": ever_coded(
        events_with_ctv3(codelist("opensafely-asthma-diagnosis", "CTV3ID"))
    ),
    "has_copd": ever_coded(
        events_with_ctv3(codelist("opensafely-current-copd", "CTV3ID"))
    ),
    "has_atrial_fibrillation": ever_coded(
        events_with_ctv3(
            codelist("opensafely-atrial-fibrillation-or-flutter", "CTV3Code")
        )
    ),
}


# The original's eleven: it broke down by region events alone.
OF_ONE_CODE = [variable for variable in VARIABLES if variable != "region"]


def in_bands(uses):
    """Numbers of uses in bands; the last is open, so that no label says what the
    largest number was.
    """
    return case(
        when(uses == 0).then("0"),
        when(uses == 1).then("1"),
        when(uses == 2).then("2"),
        # not 3-5, which a spreadsheet takes for a day in May
        when(uses <= 5).then("3 to 5"),
        when(uses <= 10).then("6 to 10"),
        otherwise="11 or more",
    )


# The measures, numbered as the outputs in README.md -----------------------------------

has_what_the_original_asks_for = (
    (age >= 1)
    & (age <= 120)
    & (VARIABLES["region"] != "Missing")
    & (addresses.for_patient_on(FIRST_DAY).imd_rounded >= 0)
)

measures = create_measures()

for arm, codes in ARMS.items():
    events_of = {code: in_interval(events_with([code])) for code in codes}
    is_user = in_interval(events_with(codes)).exists_for_patient()
    counted, ever = population, everybody
    if is_original:
        counted = ever = is_user & has_what_the_original_asks_for

    def define(name, numerator, intervals, of=counted, **groups):
        measures.define_measure(
            name, numerator, of, group_by=groups, intervals=intervals
        )

    # 1, 2: events
    for code, events in events_of.items():
        name, uses = f"{arm}_monthly_events_{code}", events.count_for_patient()
        define(name, uses, MONTHS)
        define(f"{name}_by_region", uses, MONTHS, region=VARIABLES["region"])

    # 3: patients, by all that they differ in
    for rhythm, intervals in {"weekly": WEEKS, "monthly": MONTHS}.items():
        name = f"{arm}_{rhythm}_patients"
        define(name, is_user, intervals)
        for variable, series in VARIABLES.items():
            define(f"{name}_by_{variable}", is_user, intervals, **{variable: series})
    for code in CODES_OF_INTEREST[arm]:
        name, uses_it = (
            f"{arm}_monthly_patients_{code}",
            events_of[code].exists_for_patient(),
        )
        for variable in OF_ONE_CODE:
            define(
                f"{name}_by_{variable}",
                uses_it,
                MONTHS,
                **{variable: VARIABLES[variable]},
            )

    # 4: patients by number of uses. Everybody is counted, in one band or another, so
    # here the ratio is always 1.
    for code, events in events_of.items():
        bands = {f"uses_{code}": in_bands(events.count_for_patient())}
        define(
            f"{arm}_whole_time_patients_by_uses_{code}", counted, WHOLE_TIME, **bands
        )

    # 5: patients by combination of codes, as True or False for each code
    used = {
        f"used_{code}": events.exists_for_patient()
        for code, events in events_of.items()
    }
    define(f"{arm}_whole_time_patients_by_combination", counted, WHOLE_TIME, **used)

    # 4, 5: the same of everybody, also of who came later; the original's users are that
    # already
    if not is_original:
        for code, events in events_of.items():
            bands = {f"uses_{code}": in_bands(events.count_for_patient())}
            define(
                f"{arm}_whole_time_everybody_by_uses_{code}",
                ever,
                WHOLE_TIME,
                of=ever,
                **bands,
            )
        define(
            f"{arm}_whole_time_everybody_by_combination",
            ever,
            WHOLE_TIME,
            of=ever,
            **used,
        )

    # 6: patients by code. Those of an only code are all there are.
    for code, events in events_of.items() if len(events_of) > 1 else ():
        define(f"{arm}_weekly_patients_{code}", events.exists_for_patient(), WEEKS)


# Words for the readers of the release -------------------------------------------------

TITLES = {
    "bp": "Home blood pressure monitoring",
    "oximetry": "Pulse oximetry at home",
    "proactive": "Proactive care",
}
CONDITIONS = {
    "has_hypertension": "high blood pressure",
    "has_diabetes_type_2": "type 2 diabetes",
    "has_asthma": "asthma",
    "has_copd": "chronic obstructive pulmonary disease",
    "has_atrial_fibrillation": "atrial fibrillation",
}
GROUPS = {
    "sex": "sex",
    "age_band": "age",
    "ethnicity": "ethnicity",
    "imd_quintile": "deprivation",
    "region": "region of the practice",
    "care_home": "care home",
    "shielding": "shielding",
    **CONDITIONS,
}
SENTENCES = {
    "imd_quintile": "Fifths of the deprivation of the address on the first day of each period.",
    "ethnicity": "The latest in the practice's record on the first day of each period, else "
    "what hospitals recorded.",
    "region": "Of the practice where a person is registered on the first day of each "
    "period.",
    "care_home": "Whether ever recorded as living in a care home, on the first day of each "
    "period.",
    "shielding": "Whether ever advised to shield, on the first day of each period.",
}
YES_OR_NO = {"True": "yes", "False": "no"}

for terms in TERMS.values():
    for code, term in terms.items():
        GROUPS[f"uses_{code}"] = f"number of records of {term}"
        GROUPS[f"used_{code}"] = term

measures.describe(
    title="NHS @Home: how far did it reach?",
    sentence="Home blood pressure monitoring, pulse oximetry and proactive care among "
    "people who were registered with a practice in England and alive, April 2019 "
    "to June 2022.",
    headline=[f"{arm}_monthly_patients" for arm in ARMS],
    # when people in England were told to stay at home
    phases=[
        ("2020-03-26", "2020-05-12", "1st lockdown"),
        ("2020-11-05", "2020-12-02", "2nd lockdown"),
        ("2021-01-06", "2021-03-28", "3rd lockdown"),
    ],
    groups={
        name: {
            "title": title,
            "sentence": SENTENCES.get(name, ""),
            "labels": {} if name == "region" else YES_OR_NO,
        }
        for name, title in GROUPS.items()
    },
)

REGISTERED = "per 1,000 users" if is_original else "per 1,000 registered people"
for arm, title in TITLES.items():
    measures.describe(
        f"{arm}_monthly_patients",
        title=title,
        sentence="People with at least one record of it in the month.",
        unit=REGISTERED,
        baseline="2019-04-01",
        compare=["2020-04-01", "2021-04-01", "2022-04-01"],
        spc=True,
        # 13 months before the first wave had come and gone, and those since
        rebase=["2020-05-01"],
    )
    measures.describe(
        f"{arm}_weekly_patients",
        title=f"{title}, weekly",
        sentence="People with at least one record of it in the week.",
        unit=REGISTERED,
        baseline="2019-04-01",
        compare=["2020-03-30", "2021-03-29", "2022-03-28"],
    )
    measures.describe(
        f"{arm}_whole_time_patients_by_combination",
        title=f"{title}: which records people have",
        sentence="Everybody, by which of its codes they have in the whole time.",
    )
    for variable in VARIABLES:
        # the make-up of users in per cent
        measures.describe(f"{arm}_monthly_patients_by_{variable}", ranks=True)
    for code in CODES_OF_INTEREST[arm]:
        for variable in OF_ONE_CODE:
            measures.describe(
                f"{arm}_monthly_patients_{code}_by_{variable}",
                title=f"{title}: {TERMS[arm][code]}: people",
                sentence=f"People with at least one record of {code} in the month.",
                unit=REGISTERED,
            )
    for code, term in TERMS[arm].items():
        named = f"{title}: {term}"
        measures.describe(
            f"{arm}_monthly_events_{code}",
            title=f"{named}: records",
            sentence=f"Records of {code} in the month; one person can have several.",
            unit=f"records {REGISTERED}",
        )
        if len(TERMS[arm]) > 1:
            measures.describe(
                f"{arm}_weekly_patients_{code}",
                title=f"{named}: people",
                sentence=f"People with at least one record of {code} in the week.",
                unit=REGISTERED,
            )
        measures.describe(
            f"{arm}_whole_time_patients_by_uses_{code}",
            title=f"{named}: how often",
            sentence=f"Everybody, by how many records of {code} they have in the whole "
            "time.",
        )
        if not is_original:
            measures.describe(
                f"{arm}_whole_time_everybody_by_uses_{code}",
                title=f"{named}: how often, also of who came later",
                sentence=f"People registered on any day, by how many records of {code} "
                "they have.",
            )
    if not is_original:
        measures.describe(
            f"{arm}_whole_time_everybody_by_combination",
            title=f"{title}: which records people have, also of who came later",
            sentence="People registered on any day, by which of its codes they have.",
        )
