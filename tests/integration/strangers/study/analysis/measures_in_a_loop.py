from itertools import product

from ehrql import INTERVAL, create_measures, months
from ehrql.tables.tpp import clinical_events, medications, patients

during = {
    "events": clinical_events.where(clinical_events.date.is_during(INTERVAL)),
    "drugs": medications.where(medications.date.is_during(INTERVAL)),
}
groups = {"all": {}, "sex": {"sex": patients.sex}}

measures = create_measures()
measures.define_defaults(
    denominator=patients.is_alive_on(INTERVAL.start_date),
    intervals=months(1).starting_on("2020-02-01"),
)
for (name, rows), (by, group) in product(during.items(), groups.items()):
    measures.define_measure(
        f"{name}_{by}", numerator=rows.exists_for_patient(), group_by=group
    )
