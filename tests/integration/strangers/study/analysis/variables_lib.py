from ehrql import case, when
from ehrql.tables.tpp import clinical_events, patients


def age_band(date):
    age = patients.age_on(date)
    return case(
        when(age < 18).then("0-17"),
        when(age < 65).then("18-64"),
        when(age >= 65).then("65+"),
        otherwise="missing",
    )


def has_code_between(codes, first, last):
    chosen = clinical_events.where(clinical_events.snomedct_code.is_in(codes))
    return chosen.where(chosen.date.is_on_or_between(first, last)).exists_for_patient()
