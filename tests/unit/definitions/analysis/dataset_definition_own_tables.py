# mypy: ignore-errors
import datetime

from ehrql import claim_permissions, create_dataset, table_from_file
from ehrql.codes import SNOMEDCTCode
from ehrql.tables import Constraint, EventFrame, PatientFrame, Series, table
from ehrql.tables.tpp import appointments

claim_permissions("appointments")


@table
class care_homes(PatientFrame):
    home_type = Series(
        str,
        description="What kind of home it is.",
        constraints=[
            Constraint.Categorical(["nursing", "residential"]),
            Constraint.NotNull(),
        ],
    )
    since = Series(datetime.date, constraints=[Constraint.FirstOfMonth()])
    beds = Series(int, constraints=[Constraint.ClosedRange(0, 200)])

    @property
    def is_large(self):
        return self.beds > 40


@table
class visits(EventFrame):
    class _meta:
        table_name = "community_visits"

    date = Series(datetime.date, constraints=[Constraint.NotNull()])
    reason = Series(SNOMEDCTCode)
    minutes = Series(float, constraints=[Constraint.GeneralRange(minimum=0.0)])
    team = Series(
        str,
        constraints=[Constraint.Regex("[A-Z]{3}[0-9]{2}")],
        dummy_data_constraints=[Constraint.NotNull()],
    )
    ended = Series(
        datetime.date, dummy_data_constraints=[Constraint.DateAfter(["date"])]
    )

    def on_or_after(self, date):
        return self.where(self.date.is_on_or_after(date))


@table_from_file("outputs/matched_matches.csv")
class matches(PatientFrame):
    set_id = Series(int)


dataset = create_dataset()
dataset.define_population(care_homes.exists_for_patient())
dataset.home_type = care_homes.home_type
dataset.is_large = care_homes.is_large
dataset.minutes = visits.on_or_after(care_homes.since).minutes.sum_for_patient()
dataset.last_team = (
    visits.sort_by(visits.date).on_or_after("2020-01-01").last_for_patient().team
)
dataset.attended = appointments.where(
    appointments.status.is_in(["Arrived", "Finished"])
).count_for_patient()
dataset.set_id = matches.set_id
