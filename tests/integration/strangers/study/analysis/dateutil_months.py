from datetime import date

from dateutil.relativedelta import relativedelta
from ehrql import INTERVAL, create_measures
from ehrql.tables.core import medications, patients

first = date(2020, 3, 31) - relativedelta(months=2, day=1)
starts = [first + relativedelta(months=n) for n in range(2)]
measures = create_measures()
measures.define_measure(
    "prescribed",
    numerator=medications.where(
        medications.date.is_during(INTERVAL)
    ).exists_for_patient(),
    denominator=patients.exists_for_patient(),
    intervals=[(start, start + relativedelta(months=1, days=-1)) for start in starts],
)
