# mypy: ignore-errors
"""Orthopaedic waits that closed, and opioids prescribed while waiting and after."""

from ehrql import INTERVAL, claim_permissions, create_measures, days, months
from ehrql.tables.tpp import (
    medications,
    patients,
    practice_registrations,
    wl_clockstops,
)

claim_permissions("waiting_list")

STRONG = ["36126211000001102", "36128211000001105", "22014211000001106"]
WEAK = ["322341003", "39113411000001107"]

closed = wl_clockstops.where(
    wl_clockstops.referral_to_treatment_period_end_date.is_during(INTERVAL)
    & wl_clockstops.referral_to_treatment_period_start_date.is_on_or_before(
        wl_clockstops.referral_to_treatment_period_end_date
    )
    & wl_clockstops.week_ending_date.is_on_or_after("2021-05-01")
)
last = (
    closed.where(closed.waiting_list_type.is_in(["IRTT", "ORTT"]))
    .where(closed.activity_treatment_function_code.is_in(["110", "111"]))
    .sort_by(closed.referral_to_treatment_period_end_date)
    .last_for_patient()
)
start = last.referral_to_treatment_period_start_date
end = last.referral_to_treatment_period_end_date
waited = (end - start).weeks
before = medications.where(
    medications.date.is_on_or_between(start - days(182), start - days(1))
)
while_waiting = medications.where(medications.date.is_on_or_between(start, end))
after = medications.where(
    medications.date.is_on_or_between(end + days(1), end + days(182))
)
registered = practice_registrations.spanning(
    start - days(182), end + days(182)
).exists_for_patient()
population = (
    last.exists_for_patient()
    & registered
    & (patients.age_on(start) >= 18)
    & (patients.age_on(start) <= 110)
    & patients.sex.is_in(["male", "female"])
)

measures = create_measures()
measures.define_defaults(
    denominator=population, intervals=months(12).starting_on("2021-05-01")
)
measures.define_measure("over_18_weeks", numerator=waited > 18)
measures.define_measure("over_52_weeks", numerator=waited >= 52)
measures.define_measure(
    "admitted",
    numerator=last.waiting_list_type == "IRTT",
    group_by={"priority": last.priority_type_code},
)
measures.define_measure(
    "new_strong_opioid_while_waiting",
    numerator=while_waiting.where(
        while_waiting.dmd_code.is_in(STRONG)
    ).exists_for_patient()
    & ~before.where(before.dmd_code.is_in(STRONG + WEAK)).exists_for_patient(),
)
measures.define_measure(
    "three_weak_opioids_after",
    numerator=after.where(after.dmd_code.is_in(WEAK)).count_for_patient() >= 3,
)
