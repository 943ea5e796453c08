import argparse

from ehrql import INTERVAL, create_measures, months
from ehrql.tables.tpp import clinical_events, patients

parser = argparse.ArgumentParser()
parser.add_argument("--start-date", required=True)
parser.add_argument("--intervals", type=int, default=1)
args = parser.parse_args()

events = clinical_events.where(clinical_events.date.is_during(INTERVAL))
measures = create_measures()
measures.define_measure(
    name="any_event",
    numerator=events.exists_for_patient(),
    denominator=patients.exists_for_patient(),
    intervals=months(args.intervals).starting_on(args.start_date),
)
