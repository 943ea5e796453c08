import datetime

from ehrql import create_dataset
from ehrql.tables import Constraint, EventFrame, Series, table
from ehrql.tables.core import patients


@table
class appointments(EventFrame):
    booked_date = Series(datetime.date)
    start_date = Series(datetime.date, constraints=[Constraint.NotNull()])
    status = Series(str, description="as it was sent")


dataset = create_dataset()
dataset.define_population(
    patients.exists_for_patient() & appointments.exists_for_patient()
)
waits = (appointments.start_date - appointments.booked_date).days
dataset.wait = waits.maximum_for_patient()
dataset.missed = appointments.where(
    appointments.status.contains("Not Attend")
).exists_for_patient()
