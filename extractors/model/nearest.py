"""The right name for a wrong one: the one that means the same, then the one that looks
most alike.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

# What people write -> what it is called here, the likeliest first. The names of other
# tools and of earlier versions of the language are among them.
MEANINGS: dict[str, tuple[str, ...]] = {
    # tables
    "admissions": ("apcs",),
    "hospital_admissions": ("apcs",),
    "hospitalisations": ("apcs",),
    "inpatients": ("apcs",),
    "sus": ("apcs",),
    "hes": ("apcs",),
    "a_and_e": ("emergency_care_attendances",),
    "ecds": ("emergency_care_attendances",),
    "emergency_care": ("emergency_care_attendances",),
    "outpatients": ("opa",),
    "outpatient_appointments": ("opa",),
    "deaths": ("ons_deaths",),
    "registrations": ("practice_registrations",),
    "practices": ("practice_registrations",),
    "prescriptions": ("medications",),
    "drugs": ("medications",),
    "events": ("clinical_events",),
    "diagnoses": ("clinical_events",),
    "observations": ("clinical_events",),
    "gp_events": ("clinical_events",),
    "covid_tests": ("sgss_covid_all_tests",),
    "sgss": ("sgss_covid_all_tests",),
    "vaccines": ("vaccinations",),
    "immunisations": ("vaccinations",),
    "ethnicity": ("ethnicity_from_sus",),
    "households": ("household_memberships_2020",),
    # columns
    "age": ("age_on",),
    "dob": ("date_of_birth",),
    "birth_date": ("date_of_birth",),
    "gender": ("sex",),
    "dod": ("date_of_death", "date"),
    "death_date": ("date_of_death", "date"),
    "code": ("snomedct_code", "dmd_code", "ctv3_code"),
    "snomed_code": ("snomedct_code",),
    "value": ("numeric_value",),
    "imd": ("imd_quintile", "imd_rounded"),
    "deprivation": ("imd_quintile", "imd_rounded"),
    "region": ("practice_nuts1_region_name",),
    "stp": ("practice_stp",),
    "msoa": ("msoa_code",),
    "rural_urban": ("rural_urban_classification",),
    "diagnosis": ("primary_diagnosis", "diagnosis_01"),
    "cause_of_death": ("underlying_cause_of_death",),
    "place_of_death": ("place",),
    # methods of frames
    "filter": ("where",),
    "take": ("where",),
    "drop": ("except_where",),
    "exclude": ("except_where",),
    "where_not": ("except_where",),
    "order_by": ("sort_by",),
    "sort": ("sort_by",),
    "first": ("first_for_patient",),
    "earliest": ("first_for_patient",),
    "last": ("last_for_patient",),
    "latest": ("last_for_patient",),
    "exists": ("exists_for_patient",),
    "count": ("count_for_patient",),
    "registered_on": ("exists_for_patient_on",),
    "is_registered_on": ("exists_for_patient_on",),
    # methods of series
    "isin": ("is_in",),
    "not_in": ("is_not_in",),
    "isnull": ("is_null",),
    "is_none": ("is_null",),
    "is_missing": ("is_null",),
    "notnull": ("is_not_null",),
    "fillna": ("when_null_then",),
    "coalesce": ("when_null_then",),
    "if_null_then": ("when_null_then",),
    "map": ("map_values",),
    "replace": ("map_values",),
    "between": ("is_on_or_between",),
    "is_between": ("is_on_or_between",),
    "is_within": ("is_during",),
    "abs": ("absolute",),
    "nunique": ("count_distinct_for_patient",),
    "max": ("maximum_for_patient",),
    "min": ("minimum_for_patient",),
    "mean": ("mean_for_patient",),
    "average_for_patient": ("mean_for_patient",),
    "sum": ("sum_for_patient",),
    "total_for_patient": ("sum_for_patient",),
    # functions
    "greatest": ("maximum_of",),
    "max_of": ("maximum_of",),
    "least": ("minimum_of",),
    "min_of": ("minimum_of",),
    "case_when": ("case",),
    "if_else": ("case",),
    "create_measure": ("create_measures",),
    "add_measure": ("define_measure",),
    "set_population": ("define_population",),
    "codelist": ("codelist_from_csv",),
    "read_codelist": ("codelist_from_csv",),
    "get_argument": ("get_parameter",),
    # modules
    "ehrql.tables.beta.tpp": ("ehrql.tables.tpp",),
    "ehrql.tables.beta.core": ("ehrql.tables.core",),
    "ehrql.tables.beta.raw.tpp": ("ehrql.tables.raw.tpp",),
    "ehrql.codelists": ("ehrql.codes",),
    "databuilder": ("ehrql",),
}
# A word that is in most names says nothing of what is meant.
COMMON = {
    "is",
    "of",
    "on",
    "or",
    "for",
    "date",
    "code",
    "patient",
    "to",
    "from",
    "in",
    "the",
}


def nearest(name: str, names: Iterable[str]) -> str:
    """The name that was probably meant; an empty string if none comes near."""
    known = list(names)
    for meant in MEANINGS.get(name.lower(), ()):
        if meant in known:
            return meant
    close = get_close_matches(name, known, n=1)
    return close[0] if close else _by_words(name, known)


def _by_words(name: str, names: Sequence[str]) -> str:
    """The shortest of the names that share most words with it."""
    words = _words(name)
    shared = {each: len(words & _words(each)) for each in names}
    most = max(shared.values(), default=0)
    if not most:
        return ""
    return min((each for each in names if shared[each] == most), key=len)


def _words(name: str) -> set[str]:
    return set(name.lower().replace(".", "_").split("_")) - COMMON - {""}
