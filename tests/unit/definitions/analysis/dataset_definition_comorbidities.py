# mypy: ignore-errors
import operator
from functools import reduce

import codelists
from ehrql import create_dataset, months
from ehrql.tables.core import clinical_events, patients

INDEX_DATE = "2021-01-01"

dataset = create_dataset()
dataset.define_population(
    patients.exists_for_patient() & patients.is_alive_on(INDEX_DATE)
)


def events_before(codelist):
    events = clinical_events.where(clinical_events.snomedct_code.is_in(codelist))
    return events.where(events.date.is_before(INDEX_DATE))


def has_prior(codelist):
    return events_before(codelist).exists_for_patient()


def first_date(codelist):
    return (
        events_before(codelist).sort_by(clinical_events.date).first_for_patient().date
    )


for name, codelist in codelists.comorbidities.items():
    dataset.add_column(f"has_{name}", has_prior(codelist))
    dataset.add_column(f"{name}_date", first_date(codelist))
    setattr(dataset, f"{name}_count", events_before(codelist).count_for_patient())

conditions = [has_prior(codelist) for codelist in codelists.comorbidities.values()]
dataset.any_condition = reduce(operator.or_, conditions)
dataset.conditions = sum(
    (condition.as_int() for condition in conditions[1:]), conditions[0].as_int()
)
dataset.multimorbid = dataset.conditions >= 2
dataset.distinct_codes = events_before(
    sum(codelists.comorbidities.values(), [])
).snomedct_code.count_distinct_for_patient()
dataset.respiratory_since_fifty = (
    clinical_events.where(
        clinical_events.snomedct_code.is_in(codelists.asthma + codelists.copd)
    )
    .where(clinical_events.date.is_on_or_after(patients.date_of_birth + months(600)))
    .except_where(clinical_events.date >= INDEX_DATE)
    .exists_for_patient()
)
