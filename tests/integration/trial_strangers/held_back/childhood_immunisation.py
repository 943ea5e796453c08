# mypy: ignore-errors
"""Children who had their vaccines in time."""

from ehrql import INTERVAL, create_measures, days, months, years
from ehrql.tables.tpp import patients, practice_registrations, vaccinations

born = patients.date_of_birth
mmr = vaccinations.where(
    vaccinations.target_disease.is_in(["MEASLES", "MUMPS", "RUBELLA"])
).where(vaccinations.date >= born + months(11))
mmr1 = mmr.sort_by(mmr.date).first_for_patient()
mmr2 = mmr.where(mmr.date >= mmr1.date + days(28)).sort_by(mmr.date).first_for_patient()
hexavalent = vaccinations.where(
    vaccinations.product_name.contains("Infanrix Hexa")
).where(vaccinations.date <= born + months(6))
two = (born + years(2)).is_during(INTERVAL)
five = (born + years(5)).is_during(INTERVAL)
registered = practice_registrations.exists_for_patient_on(INTERVAL.end_date)

measures = create_measures()
measures.define_defaults(intervals=years(4).starting_on("2017-04-01"))
measures.define_measure(
    "mmr1_by_two", numerator=mmr1.date <= born + years(2), denominator=registered & two
)
measures.define_measure(
    "mmr2_by_five",
    numerator=mmr2.date <= born + years(5),
    denominator=registered & five,
)
measures.define_measure(
    "three_hexavalent",
    numerator=hexavalent.count_for_patient() >= 3,
    denominator=registered & two,
)
measures.define_measure(
    "none_by_five", numerator=~mmr.exists_for_patient(), denominator=registered & five
)
