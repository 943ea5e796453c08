# mypy: ignore-errors
"""Variables on OMOP records, each with the SQL that a person would write for it."""

from typing import Any

from extractors import concept_set, create_dataset
from extractors.tables import core, omop_core
from extractors.tables import omop as o
from tests.lib import cdm54
from tests.lib.cdm54 import (
    ASTHMA,
    DIABETES,
    FEMALE,
    FLU,
    GLUCOSE,
    METFORMIN,
    TABLET,
    TYPE_1,
    TYPE_2,
)

DAY = "2015-06-01"
CONCEPT = "measurement_concept_id"
diabetes = concept_set([DIABETES], include_descendants=True, exclude=[TYPE_1])
recorded = concept_set([TYPE_2], include_mapped=True)
drugs = concept_set([METFORMIN], include_descendants=True)
conditions, exposures = o.condition_occurrence, o.drug_exposure
found = conditions.where(conditions.condition_concept_id.is_in(diabetes))
glucose = o.measurement.where(o.measurement.measurement_concept_id == GLUCOSE)
known = glucose.where(glucose.value_as_number.is_not_null())
last = known.sort_by(known.measurement_date, known.measurement_id).last_for_patient()
stays = o.visit_occurrence.where(o.visit_occurrence.visit_concept_id == cdm54.INPATIENT)
taken = exposures.where(exposures.drug_concept_id.is_in(drugs))

events, coded, drugs_coded = (
    core.clinical_events,
    omop_core.clinical_events,
    omop_core.medications,
)
ALL_EVENTS = """
    SELECT person_id, condition_concept_id AS concept_id, condition_source_concept_id AS source_id
    FROM condition_occurrence
    UNION ALL SELECT person_id, measurement_concept_id, measurement_source_concept_id FROM measurement
    UNION ALL SELECT person_id, observation_concept_id, observation_source_concept_id FROM observation
    UNION ALL SELECT person_id, procedure_concept_id, NULL FROM procedure_occurrence"""


def with_code(code: str) -> Any:
    return events.where(events.snomedct_code == code)


registrations = core.practice_registrations
registered = registrations.sort_by(registrations.start_date).first_for_patient()

# Variable -> series, and the SQL for its value of one person, p.
VARIABLES: dict[str, tuple[Any, str]] = {
    "female": (o.person.gender_concept_id == FEMALE, f"p.gender_concept_id = {FEMALE}"),
    "sex": (o.person.gender_concept_id, "p.gender_concept_id"),
    "race": (o.person.race_concept_id, "p.race_concept_id"),
    "born": (
        o.person.date_of_birth,
        "make_date(p.year_of_birth, coalesce(p.month_of_birth, 1), "
"coalesce(p.day_of_birth, 1))",
    ),
    "birth_day": (o.person.birth_datetime, "p.birth_datetime::DATE"),
    "age": (
        o.person.age_on(DAY),
        "(20150601 - (p.year_of_birth * 10000 + coalesce(p.month_of_birth, 1) * 100 "
"+ coalesce(p.day_of_birth, 1))) // 10000",
    ),
    "diabetes": (
        found.count_for_patient(),
        "(SELECT count(*) FROM condition_occurrence c WHERE c.person_id = "
"p.person_id AND c.condition_concept_id IN (SELECT descendant_concept_id "
f"FROM concept_ancestor WHERE ancestor_concept_id = {DIABETES} EXCEPT SELECT "
"descendant_concept_id FROM concept_ancestor WHERE ancestor_concept_id = "
f"{TYPE_1}))",
    ),
    "recorded": (
        conditions.where(conditions.condition_source_concept_id.is_in(recorded)).count_for_patient(),
        "(SELECT count(*) FROM condition_occurrence c WHERE c.person_id = "
f"p.person_id AND (c.condition_source_concept_id = {TYPE_2} OR "
"c.condition_source_concept_id IN (SELECT concept_id_1 FROM "
"concept_relationship WHERE relationship_id = 'Maps to' AND concept_id_2 = "
f"{TYPE_2})))",
    ),
    "no_concept": (
        conditions.where(conditions.condition_concept_id == 0).count_for_patient(),
        "(SELECT count(*) FROM condition_occurrence c WHERE c.person_id = "
"p.person_id AND c.condition_concept_id = 0)",
    ),
    "others": (
        conditions.where(conditions.condition_concept_id.is_not_in([ASTHMA, FLU])).count_for_patient(),
        "(SELECT count(*) FROM condition_occurrence c WHERE c.person_id = p.person_id"
        f" AND c.condition_concept_id NOT IN ({ASTHMA}, {FLU}))",
    ),
    "first_end": (
        found.condition_end_date.minimum_for_patient(),
        "(SELECT min(condition_end_date) FROM condition_occurrence c WHERE "
f"c.person_id = p.person_id AND c.condition_concept_id IN ({DIABETES}, "
f"{TYPE_2}, {cdm54.TYPE_2_WITH}))",
    ),
    "last_glucose": (
        last.value_as_number,
        "(SELECT value_as_number FROM measurement m WHERE m.person_id = p.person_id AND"
        f" m.measurement_concept_id = {GLUCOSE} AND value_as_number IS NOT NULL"
        " ORDER BY measurement_date DESC, measurement_id DESC LIMIT 1)",
    ),
    "unit": (
        last.unit_concept_id,
        "(SELECT unit_concept_id FROM measurement m WHERE m.person_id = p.person_id AND"
        f" m.measurement_concept_id = {GLUCOSE} AND value_as_number IS NOT NULL"
        " ORDER BY measurement_date DESC, measurement_id DESC LIMIT 1)",
    ),
    "no_unit": (
        glucose.where(glucose.unit_concept_id.is_null()).count_for_patient(),
        "(SELECT count(*) FROM measurement m WHERE m.person_id = p.person_id AND"
        f" m.measurement_concept_id = {GLUCOSE} AND m.unit_concept_id IS NULL)",
    ),
    "above": (
        glucose.where(glucose.operator_concept_id == 4172704).value_as_number.maximum_for_patient(),
        "(SELECT max(value_as_number) FROM measurement m WHERE m.person_id = "
f"p.person_id AND m.measurement_concept_id = {GLUCOSE} AND "
"m.operator_concept_id = 4172704)",
    ),
    "answered": (
        o.measurement.where(o.measurement.value_as_concept_id == 4181412).count_for_patient(),
        "(SELECT count(*) FROM measurement m WHERE m.person_id = p.person_id AND "
"m.value_as_concept_id = 4181412)",
    ),
    "measured_on": (
        o.measurement.measurement_datetime.maximum_for_patient(),
        "(SELECT max(measurement_datetime)::DATE FROM measurement m WHERE "
"m.person_id = p.person_id)",
    ),
    "supply": (
        taken.days_supply.sum_for_patient(),
        "(SELECT sum(days_supply)::BIGINT FROM drug_exposure d WHERE d.person_id = "
f"p.person_id AND d.drug_concept_id IN ({METFORMIN}, {TABLET}))",
    ),
    "quantity": (
        taken.quantity.maximum_for_patient(),
        "(SELECT max(quantity) FROM drug_exposure d WHERE d.person_id = p.person_id AND"
        f" d.drug_concept_id IN ({METFORMIN}, {TABLET}))",
    ),
    "from_elsewhere": (
        stays.where(stays.admitted_from_concept_id == 8765).count_for_patient(),
        "(SELECT count(*) FROM visit_occurrence v WHERE v.person_id = p.person_id "
f"AND v.visit_concept_id = {cdm54.INPATIENT} AND v.admitted_from_concept_id "
"= 8765)",
    ),
    "as_in_53": (
        o.visit_occurrence.where(o.visit_occurrence.discharge_to_concept_id == 8536).count_for_patient(),
        "(SELECT count(*) FROM visit_occurrence v WHERE v.person_id = p.person_id"
        " AND v.discharged_to_concept_id = 8536)",
    ),
    "operated": (
        o.procedure_occurrence.where(o.procedure_occurrence.procedure_concept_id == cdm54.BYPASS).count_for_patient(),
        "(SELECT count(*) FROM procedure_occurrence x WHERE x.person_id = p.person_id"
        f" AND x.procedure_concept_id = {cdm54.BYPASS})",
    ),
    "device": (
        o.device_exposure.where(o.device_exposure.unique_device_id == "0123").count_for_patient(),
        "(SELECT count(*) FROM device_exposure x WHERE x.person_id = p.person_id AND "
"x.unique_device_id = '0123')",
    ),
    "smoked": (
        o.observation.where(o.observation.value_as_string == "ex-smoker").exists_for_patient(),
        "EXISTS (FROM observation x WHERE x.person_id = p.person_id AND "
"x.value_as_string = 'ex-smoker')",
    ),
    "died": (o.death.death_date, "(SELECT min(death_date) FROM death d WHERE d.person_id = p.person_id)"),
    "cause": (
        o.death.cause_concept_id,
        "(SELECT coalesce(max(cause_concept_id) FILTER (cause_concept_id <> 0), "
"max(cause_concept_id)) FROM death d WHERE d.person_id = p.person_id)",
    ),
    "eras": (
        o.condition_era.where(o.condition_era.condition_concept_id == TYPE_2).count_for_patient(),
        "(SELECT count(*) FROM condition_era x WHERE x.person_id = p.person_id AND"
        f" x.condition_concept_id = {TYPE_2})",
    ),
    "gap": (
        o.drug_era.gap_days.maximum_for_patient(),
        "(SELECT max(gap_days)::BIGINT FROM drug_era x WHERE x.person_id = "
"p.person_id)",
    ),
    "in_cohort": (
        o.cohort.where(o.cohort.cohort_definition_id == 2).cohort_start_date.minimum_for_patient(),
        "(SELECT min(cohort_start_date) FROM cohort x WHERE x.subject_id = "
"p.person_id AND x.cohort_definition_id = 2)",
    ),
    "observed": (
        o.observation_period.exists_for_patient_on(DAY),
        "EXISTS (FROM observation_period x WHERE x.person_id = p.person_id AND DATE "
f"'{DAY}' BETWEEN x.observation_period_start_date AND "
"x.observation_period_end_date)",
    ),
    "observed_for_a_year": (
        o.observation_period.has_prior_observation_on(DAY, 365),
        "EXISTS (FROM observation_period x WHERE x.person_id = p.person_id AND DATE "
f"'{DAY}' BETWEEN x.observation_period_start_date + 365 AND "
"x.observation_period_end_date)",
    ),
    "while_observed": (
        found.where(found.in_observation).count_for_patient(),
        "(SELECT count(*) FROM condition_occurrence c WHERE c.person_id = "
f"p.person_id AND c.condition_concept_id IN ({DIABETES}, {TYPE_2}, "
f"{cdm54.TYPE_2_WITH}) AND EXISTS (FROM observation_period x WHERE "
"x.person_id = p.person_id AND c.condition_start_date BETWEEN "
"x.observation_period_start_date AND x.observation_period_end_date))",
    ),
    "days_at_risk": (
        o.observation_period.days_at_risk_during(("2014-01-01", "2016-12-31"), conditions.condition_start_date
                                                  .minimum_for_patient()),
        "(SELECT count(DISTINCT day) FROM observation_period x, range(DATE "
"'2014-01-01', DATE '2017-01-01', INTERVAL 1 DAY) AS days(day) WHERE "
"x.person_id = p.person_id AND day BETWEEN x.observation_period_start_date "
"AND x.observation_period_end_date AND day <= coalesce((SELECT "
"min(condition_start_date) FROM condition_occurrence c WHERE c.person_id = "
"p.person_id), DATE '9999-12-31'))",
    ),
    "zip": (o.location.zip, "(SELECT zip FROM location l WHERE l.location_id = p.location_id)"),
    "doctor": (o.provider.provider_name, "(SELECT provider_name FROM provider l WHERE l.provider_id = p.provider_id)"),
    "site": (
        o.care_site.care_site_name,
        "(SELECT care_site_name FROM care_site s WHERE s.care_site_id = "
"coalesce(nullif(p.care_site_id, 0), (SELECT care_site_id FROM provider l "
"WHERE l.provider_id = p.provider_id)))",
    ),
    "asthma_of_core": (
        core.clinical_events.where(core.clinical_events.snomedct_code == "195967001").count_for_patient(),
        "(SELECT count(*) FROM condition_occurrence c WHERE c.person_id = p.person_id"
        f" AND c.condition_concept_id = {ASTHMA})",
    ),
    # 275272006 is not standard; its rows have the concept of 44054006, which is.
    "old_code": (
        with_code("275272006").count_for_patient(),
        "(SELECT count(*) FROM condition_occurrence c WHERE c.person_id = p.person_id"
        f" AND c.condition_source_concept_id = {cdm54.SOURCE_OLD})",
    ),
    "standard_code": (
        with_code("44054006").count_for_patient(),
        "(SELECT count(*) FROM condition_occurrence c WHERE c.person_id = p.person_id"
        f" AND c.condition_concept_id = {TYPE_2})",
    ),
    "either_code": (
        events.where(events.snomedct_code.is_in(["275272006", "44054006", "46635009"])).count_for_patient(),
        "(SELECT count(*) FROM condition_occurrence c WHERE c.person_id = p.person_id"
        f" AND c.condition_concept_id IN ({TYPE_2}, {TYPE_1}))",
    ),
    "another_code": (
        events.where(events.snomedct_code != "275272006").count_for_patient(),
        f"(SELECT count(*) FROM ({ALL_EVENTS}) c JOIN concept s ON s.concept_id = "
"c.concept_id AND s.vocabulary_id = 'SNOMED' WHERE c.person_id = "
f"p.person_id AND c.source_id IS DISTINCT FROM {cdm54.SOURCE_OLD})",
    ),
    "categories": (
        events.snomedct_code.to_category({"275272006": "old", "195967001": "asthma"}, default="other")
        .count_distinct_for_patient(),
        f"(SELECT count(DISTINCT CASE WHEN c.source_id = {cdm54.SOURCE_OLD} THEN 'old'"
        f" WHEN c.concept_id = {ASTHMA} THEN 'asthma' ELSE 'other' END)"
        f" FROM ({ALL_EVENTS}) c WHERE c.person_id = p.person_id)",
    ),
    "loinc": (
        coded.where(coded.loinc_code == "2345-7").numeric_value.maximum_for_patient(),
        "(SELECT max(value_as_number) FROM measurement m WHERE m.person_id = "
f"p.person_id AND m.measurement_concept_id = {GLUCOSE})",
    ),
    "icd10": (
        coded.where(coded.icd10_code.is_in(["E11", "J111"])).count_for_patient(),
        "(SELECT count(*) FROM condition_occurrence c WHERE c.person_id = "
f"p.person_id AND c.condition_source_concept_id IN ({cdm54.SOURCE_2}, "
f"{cdm54.FLU_SOURCE}))",
    ),
    "icd10_with_dot": (
        coded.where(coded.icd10_code == "J111").exists_for_patient(),
        "EXISTS (FROM condition_occurrence c WHERE c.person_id = p.person_id"
        f" AND c.condition_source_concept_id = {cdm54.FLU_SOURCE})",
    ),
    "cause_of_core": (
        core.ons_deaths.underlying_cause_of_death,
        "(SELECT coalesce(CASE WHEN cause_source_value = 'J11.1' THEN 'J111' END, "
"'J111') FROM death d WHERE d.person_id = p.person_id AND "
f"d.cause_source_concept_id = {cdm54.FLU_SOURCE} LIMIT 1)",
    ),
    "cause_in_snomed": (
        omop_core.ons_deaths.cause_snomedct_code,
        "(SELECT max(CASE WHEN cause_concept_id = "
        f"{FLU} THEN '6142004' END) FROM death d WHERE d.person_id = p.person_id)",
    ),
    "practice": (
        registered.practice_pseudo_id,
        "(SELECT coalesce(nullif(p.care_site_id, 0), (SELECT care_site_id FROM "
"provider l WHERE l.provider_id = p.provider_id), 0) FROM observation_period "
"x WHERE x.person_id = p.person_id LIMIT 1)",
    ),
    "rxnorm": (
        drugs_coded.where(drugs_coded.rxnorm_code.is_in(["6809", "861007"])).count_for_patient(),
        "(SELECT count(*) FROM drug_exposure d WHERE d.person_id = p.person_id"
        f" AND d.drug_concept_id IN ({METFORMIN}, {TABLET}))",
    ),
    "vaccinated": (
        drugs_coded.where(drugs_coded.cvx_code == "88").date.maximum_for_patient(),
        "(SELECT max(drug_exposure_start_date) FROM drug_exposure d WHERE "
f"d.person_id = p.person_id AND d.drug_concept_id = {cdm54.VACCINE})",
    ),
}  # fmt: skip


def dataset() -> Any:
    made = create_dataset()
    made.define_population(o.person.exists_for_patient())
    for name, (series, _) in VARIABLES.items():
        made.add_column(name, series)
    return made
