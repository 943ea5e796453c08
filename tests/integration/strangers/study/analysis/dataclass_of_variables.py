from dataclasses import dataclass, field
from functools import reduce

from ehrql import create_dataset, days
from ehrql.tables.tpp import apcs, clinical_events, ons_deaths, patients

index_date = "2020-01-01"


@dataclass
class Outcome:
    name: str
    dates: list = field(default_factory=list)


outcomes = [
    Outcome(
        "admission",
        [
            apcs.where(
                apcs.admission_date >= index_date
            ).admission_date.minimum_for_patient()
        ],
    ),
    Outcome("death", [ons_deaths.date, patients.date_of_death]),
]

dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
for outcome in outcomes:
    first = reduce(lambda one, other: one.when_null_then(other), outcome.dates)
    dataset.add_column(f"{outcome.name}_date", first)
    dataset.add_column(
        f"{outcome.name}_soon", first.is_on_or_before(days(60) + index_date)
    )
