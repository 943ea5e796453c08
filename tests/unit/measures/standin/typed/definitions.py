"""Typical definitions, with the types that a checker finds for their parts.

test_types.py has mypy read it, strictly; no Python runs it.
"""

import datetime
from typing import assert_type

from ehrql import (
    INTERVAL,
    case,
    codelist_from_csv,
    create_dataset,
    create_measures,
    days,
    get_parameter,
    maximum_of,
    minimum_of,
    months,
    table_from_file,
    weeks,
    when,
)
from ehrql.query_language import (
    BoolEventSeries,
    BoolPatientSeries,
    CodeEventSeries,
    CodePatientSeries,
    DateEventSeries,
    DatePatientSeries,
    FloatEventSeries,
    FloatPatientSeries,
    IntEventSeries,
    IntPatientSeries,
    MultiCodeStringEventSeries,
    StrEventSeries,
    StrPatientSeries,
)
from ehrql.tables import Constraint, EventFrame, PatientFrame, Series, table
from ehrql.tables.core import clinical_events, ons_deaths, patients
from ehrql.tables.tpp import addresses, apcs, practice_registrations

from extractors import concept_set, in_bands, quarters
from extractors.tables.omop import condition_occurrence, person
from measures import amount

# columns, by table and level
assert_type(patients.date_of_birth, DatePatientSeries)
assert_type(patients.sex, StrPatientSeries)
assert_type(clinical_events.date, DateEventSeries)
assert_type(clinical_events.snomedct_code, CodeEventSeries)
assert_type(clinical_events.numeric_value, FloatEventSeries)
assert_type(apcs.all_diagnoses, MultiCodeStringEventSeries)
assert_type(apcs.days_in_critical_care, IntEventSeries)
assert_type(addresses.has_postcode, BoolEventSeries)

# rows
codes = codelist_from_csv("codelists/asthma.csv", column="code")
assert_type(codes, list[str])
categories = codelist_from_csv(
    "codelists/ethnicity.csv", column="code", category_column="group"
)
assert_type(categories, dict[str, str])
during = clinical_events.where(clinical_events.date.is_during(INTERVAL))
coded = during.where(during.snomedct_code.is_in(codes)).except_where(
    during.numeric_value > 300
)
assert_type(coded.date, DateEventSeries)
assert_type(coded.exists_for_patient(), BoolPatientSeries)
assert_type(coded.count_for_patient(), IntPatientSeries)
last = coded.sort_by(coded.date, coded.numeric_value).last_for_patient()
assert_type(last.date, DatePatientSeries)
assert_type(last.snomedct_code, CodePatientSeries)
assert_type(last.numeric_value, FloatPatientSeries)
assert_type(last.snomedct_code.to_category(categories), StrPatientSeries)
assert_type(clinical_events.date.minimum_for_patient(), DatePatientSeries)
assert_type(clinical_events.numeric_value.mean_for_patient(), FloatPatientSeries)
assert_type(clinical_events.numeric_value.sum_for_patient(), FloatPatientSeries)
assert_type(apcs.days_in_critical_care.sum_for_patient(), IntPatientSeries)
assert_type(apcs.admission_date.count_episodes_for_patient(days(3)), IntPatientSeries)
assert_type(apcs.all_diagnoses.contains_any_of(["J45", "J46"]), BoolEventSeries)

# methods of tables
age = patients.age_on(INTERVAL.start_date)
assert_type(age, IntPatientSeries)
assert_type(patients.age_on("2020-01-01"), IntPatientSeries)
assert_type(patients.age_on(clinical_events.date), IntEventSeries)
assert_type(patients.is_alive_on(datetime.date(2020, 1, 1)), BoolPatientSeries)
registered = practice_registrations.for_patient_on("2020-01-01")
assert_type(registered.practice_nuts1_region_name, StrPatientSeries)
spanning = practice_registrations.spanning("2020-01-01", INTERVAL.end_date)
assert_type(spanning.end_date, DateEventSeries)
assert_type(
    addresses.for_patient_on(INTERVAL.start_date).imd_quintile, StrPatientSeries
)
assert_type(addresses.imd_quintile, StrEventSeries)
assert_type(ons_deaths.cause_of_death_is_in(codes), BoolPatientSeries)
assert_type(person.age_on("2020-01-01"), IntPatientSeries)
diabetes = concept_set([201826], include_descendants=True)
assert_type(condition_occurrence.condition_concept_id.is_in(diabetes), BoolEventSeries)

# values of the patient and of a row
assert_type(age + 1, IntPatientSeries)
assert_type(1 + age, IntPatientSeries)
assert_type(age + apcs.days_in_critical_care, IntEventSeries)
assert_type(apcs.days_in_critical_care * age, IntEventSeries)
assert_type(age / 10, FloatPatientSeries)
assert_type(age // 10, IntPatientSeries)
assert_type(last.numeric_value // 10.0, IntPatientSeries)
assert_type(last.numeric_value * 2, FloatPatientSeries)
assert_type(-age, IntPatientSeries)
assert_type(age.as_float(), FloatPatientSeries)
assert_type(age > 17, BoolPatientSeries)
assert_type(patients.sex == "female", BoolPatientSeries)
assert_type(clinical_events.date > patients.date_of_birth, BoolEventSeries)
assert_type(patients.date_of_birth < clinical_events.date, BoolEventSeries)
assert_type((age > 17) & ~(patients.sex == "male"), BoolPatientSeries)
assert_type((age > 17) | (clinical_events.numeric_value > 3), BoolEventSeries)
assert_type((age > 17).as_int(), IntPatientSeries)
assert_type(patients.date_of_death.is_null(), BoolPatientSeries)
assert_type(patients.date_of_death.when_null_then("2030-01-01"), DatePatientSeries)
assert_type(patients.sex.is_in(["female", "male"]), BoolPatientSeries)
assert_type(patients.date_of_birth.is_in(clinical_events.date), BoolPatientSeries)
assert_type(
    patients.sex.map_values({"female": 1, "male": 2}, default=0), IntPatientSeries
)
assert_type(patients.sex.map_values({"female": "F"}), StrPatientSeries)
assert_type(patients.sex.map_values({"female": age}), IntPatientSeries)

# dates and durations
assert_type(patients.date_of_birth.year, IntPatientSeries)
assert_type(clinical_events.date + days(3), DateEventSeries)
assert_type(patients.date_of_birth + days(apcs.days_in_critical_care), DateEventSeries)
assert_type(INTERVAL.start_date - months(6), DatePatientSeries)
assert_type("2020-01-01" + months(6), datetime.date)
assert_type((INTERVAL.start_date - patients.date_of_birth).years, IntPatientSeries)
assert_type((clinical_events.date - patients.date_of_birth).days, IntEventSeries)
assert_type(("2020-01-01" - patients.date_of_birth).weeks, IntPatientSeries)
assert_type(
    weeks(52).starting_on("2020-01-06"), list[tuple[datetime.date, datetime.date]]
)
assert_type(
    clinical_events.date.is_during(months(12).ending_on(INTERVAL.end_date)),
    BoolEventSeries,
)
assert_type(
    quarters(4).starting_on("2020-01-01"), list[tuple[datetime.date, datetime.date]]
)

# choices
assert_type(when(age < 18).then("child").otherwise("adult"), StrPatientSeries)
assert_type(when(age < 18).then(1).otherwise(None), IntPatientSeries)
assert_type(
    case(when(age < 18).then("child"), when(age < 65).then("adult"), otherwise="old"),
    StrPatientSeries,
)
assert_type(case(when(age < 18).then(age), otherwise=age + 1), IntPatientSeries)
assert_type(
    when(clinical_events.numeric_value > 3).then(1).otherwise(0), IntEventSeries
)
assert_type(
    when(clinical_events.numeric_value > 3).then(age).otherwise(0), IntEventSeries
)
assert_type(maximum_of(age, 18), IntPatientSeries)
assert_type(minimum_of(INTERVAL.end_date, patients.date_of_death), DatePatientSeries)
assert_type(minimum_of("2020-01-01", patients.date_of_death), DatePatientSeries)
assert_type(maximum_of(clinical_events.date, patients.date_of_birth), DateEventSeries)
assert_type(in_bands(age, [(0, 17), (18, None)]), StrPatientSeries)


# tables of an author
@table
class wards(EventFrame):
    date = Series(datetime.date)
    beds = Series(int, constraints=[Constraint.ClosedRange(0, 40)])


assert_type(wards.date, DateEventSeries)
assert_type(wards.beds + 1, IntEventSeries)


class Matched(PatientFrame):
    matched = Series(bool)


matched = table(Matched)
assert_type(matched.matched, BoolPatientSeries)
assert_type(matched.exists_for_patient(), BoolPatientSeries)
controls = table_from_file("output/controls.csv", columns={"matched": bool})
chosen = controls.matched & (age > int(get_parameter("age", type=int, default=18)))

# what is asked
dataset = create_dataset()
dataset.define_population(matched.matched & patients.is_alive_on("2020-01-01"))
dataset.sex = patients.sex
dataset.add_column("age", age)
dataset.add_event_table("readings", date=coded.date, value=coded.numeric_value)
measures = create_measures()
measures.define_defaults(
    denominator=practice_registrations.exists_for_patient_on(INTERVAL.start_date),
    intervals=weeks(52).starting_on("2020-01-06"),
)
measures.define_measure(
    "seen",
    numerator=coded.exists_for_patient(),
    group_by={"sex": patients.sex, "region": registered.practice_nuts1_region_name},
)
measures.define_measure("readings", numerator=coded.count_for_patient(), group_by={})
measures.define_measure(
    "mean", numerator=amount(last.numeric_value, least=0, most=300), group_by={}
)
