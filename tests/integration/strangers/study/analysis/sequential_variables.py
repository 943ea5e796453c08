from ehrql import create_dataset
from ehrql.tables.tpp import medications, patients


def create_sequential_variables(
    dataset, template, events, column, num_variables, sort_column=None
):
    sort_column = sort_column or column
    for index in range(num_variables):
        next_event = events.sort_by(getattr(events, sort_column)).first_for_patient()
        events = events.where(
            getattr(events, sort_column) > getattr(next_event, sort_column)
        )
        setattr(dataset, template.format(n=index + 1), getattr(next_event, column))


dataset = create_dataset()
dataset.define_population(
    patients.exists_for_patient() & medications.exists_for_patient()
)
create_sequential_variables(
    dataset,
    "drug_{n}_date",
    events=medications,
    column="date",
    num_variables=3,
)
