"""Scripts fulfil what a target asks: each is played, and the reference engine looks at
the rows.
"""

from datetime import date
from typing import Any

import pytest

from extractors.language.dataset import patient_node
from extractors.tables import tpp
from extractors.trial.wishes import Target
from extractors.trial.witnesses.scripts import periods_of
from measures.standin.ehrql import (
    INTERVAL,
    case,
    days,
    maximum_of,
    minimum_of,
    months,
    when,
    years,
)
from tests.lib.witness_rows import failures, scripts

events: Any = tpp.clinical_events
drugs: Any = tpp.medications
people: Any = tpp.patients
registrations: Any = tpp.practice_registrations
homes: Any = tpp.addresses
stays: Any = tpp.apcs
waits: Any = tpp.wl_clockstops
visits: Any = tpp.appointments
clinics: Any = tpp.opa
procedures: Any = tpp.opa_proc
deaths: Any = tpp.ons_deaths
shots: Any = tpp.vaccinations
tests: Any = tpp.sgss_covid_all_tests
homes_of_many: Any = tpp.household_memberships_2020

WAIT = "referral_to_treatment_period"
MONTHS = tuple((date(2021, m, 1), date(2021, m, 28)) for m in (1, 2, 3))
A, B, C = ["195967001", "304527002"], ["271649006"], ["44054006"]
start, end = INTERVAL.start_date, INTERVAL.end_date


def coded(codes, rows=events):
    return rows.where(rows.snomedct_code.is_in(codes))


def first(rows, key="date"):
    return rows.sort_by(getattr(rows, key)).first_for_patient()


def last(rows, key="date"):
    return rows.sort_by(getattr(rows, key)).last_for_patient()


def during(rows, key="date"):
    return rows.where(getattr(rows, key).is_during(INTERVAL))


def chain():
    one = first(during(coded(A)))
    two = first(coded(B).where(events.date > one.date + days(10)))
    return two.numeric_value >= 140


def new_start():
    now = first(during(drugs))
    return (
        now.exists_for_patient()
        & ~drugs.where(
            drugs.date.is_on_or_between(now.date - days(90), now.date - days(1))
        ).exists_for_patient()
    )


def readmission():
    one = first(during(stays, "admission_date"), "admission_date")
    again = stays.where(
        stays.admission_date.is_on_or_between(
            one.discharge_date + days(1), one.discharge_date + days(30)
        )
    )
    return again.exists_for_patient() & one.all_diagnoses.contains("J45")


def care_home():
    home = homes.for_patient_on(start)
    return home.care_home_requires_nursing & (home.imd_quintile == "1 (most deprived)")


def three_of_four():
    flags = [
        during(coded([code])).exists_for_patient().as_int()
        for code in ("1000001", "1000002", "1000003", "1000004")
    ]
    return flags[0] + flags[1] + flags[2] + flags[3] == 3


def linked():
    done = during(
        procedures.where(procedures.primary_procedure_code == "G451"),
        "appointment_date",
    )
    return (
        clinics.where(clinics.attendance_status == "5")
        .where(clinics.opa_ident.is_in(done.opa_ident))
        .exists_for_patient()
    )


def smoking():
    latest = last(coded(A + B + C).where(events.date <= end)).snomedct_code
    return (
        latest.to_category(
            {**dict.fromkeys(A, "S"), **dict.fromkeys(B, "E"), **dict.fromkeys(C, "N")}
        )
        == "E"
    )


def by_route():
    emergency = during(
        stays.where(stays.admission_method == "21"), "admission_date"
    ).exists_for_patient()
    route = case(
        when(emergency).then("emergency"),
        when(during(coded(A)).exists_for_patient()).then("other"),
    )
    return route == "other"


def long_before_and_after():
    return registrations.spanning(
        start - months(12), end + days(100)
    ).exists_for_patient()


def long_wait():
    closed = last(during(waits, f"{WAIT}_end_date"), f"{WAIT}_end_date")
    return (
        getattr(closed, f"{WAIT}_end_date") - getattr(closed, f"{WAIT}_start_date")
    ).weeks > 52


def lead_time():
    now = during(visits.where(visits.status == "Finished"), "start_date")
    return now.where(
        (visits.start_date - visits.booked_date).days == 0
    ).exists_for_patient()


def death():
    return (
        deaths.cause_of_death_is_in(["U071"])
        & (deaths.place == "Home")
        & deaths.date.is_during(INTERVAL)
    )


def names():
    made_by = shots.where(shots.product_name.contains("Pfizer"))
    return during(
        made_by.where(shots.target_disease == "SARS-2 CORONAVIRUS")
    ).exists_for_patient()


def earlier():
    positive = first(tests.where(tests.is_positive), "specimen_taken_date")
    return minimum_of(first(coded(A)).date, positive.specimen_taken_date).is_during(
        INTERVAL
    )


def long_ago():
    latest = last(coded(A)).date
    return (latest.is_null() | (latest < start - years(2))) & coded(
        C
    ).exists_for_patient()


def others():
    left = during(stays, "admission_date")
    return left.where(stays.discharge_method.is_not_in(["4", "5"])).exists_for_patient()


def unmeasured():
    return (
        last(during(coded(B))).numeric_value.is_null()
        & during(coded(B)).exists_for_patient()
    )


CASES = {
    "an event in the period": lambda: during(coded(A)).exists_for_patient(),
    "several events": lambda: during(coded(A)).count_for_patient() >= 4,
    "exactly so many events": lambda: during(coded(A)).count_for_patient() == 2,
    "no event": lambda: (
        coded(B).exists_for_patient() & ~during(coded(A)).exists_for_patient()
    ),
    "a count itself": lambda: during(coded(A)).count_for_patient(),
    "the latest value": lambda: (
        last(coded(B).where(events.date <= end)).numeric_value < 120
    ),
    "the first is now": lambda: first(coded(C)).date.is_during(INTERVAL),
    "an event some days after another": chain,
    "a new drug": new_start,
    "a second stay": readmission,
    "a band of ages": lambda: (
        (people.age_on(start) >= 80)
        & (people.age_on(start) < 85)
        & (people.sex == "male")
    ),
    "infants": lambda: (
        ((start - people.date_of_birth).months >= 2)
        & ((start - people.date_of_birth).months <= 6)
    ),
    "a birthday in the period": lambda: (people.date_of_birth + years(5)).is_during(
        INTERVAL
    ),
    "registered long before and after": long_before_and_after,
    "the registration's practice": lambda: (
        registrations.for_patient_on(start).practice_stp == "E54000024"
    ),
    "person-days": lambda: registrations.days_registered_during(INTERVAL) >= 20,
    "an address": care_home,
    "a long wait": long_wait,
    "a lead time": lead_time,
    "three of four": three_of_four,
    "rows of another table": linked,
    "a category of the latest code": smoking,
    "the second branch of a case": by_route,
    "a death by cause and place": death,
    "parts of names": names,
    "the earlier of two dates": earlier,
    "the later of two dates": lambda: (
        maximum_of(first(coded(A)).date, people.date_of_death) > end
    ),
    "episodes": lambda: during(coded(A)).date.count_episodes_for_patient(days(5)) >= 3,
    "a sum": lambda: during(coded(B)).numeric_value.sum_for_patient() > 500.0,
    "a mean": lambda: during(coded(B)).numeric_value.mean_for_patient() < 3.5,
    "a greatest value": lambda: (
        during(coded(B)).numeric_value.maximum_for_patient() < 20.0
    ),
    "different codes": lambda: (
        during(events).snomedct_code.count_distinct_for_patient() >= 3
    ),
    "a year": lambda: last(coded(A)).date.year == 2019,
    "a month": lambda: last(coded(A).where(events.date < start)).date.month == 12,
    "nothing of it, or long ago": long_ago,
    "an age among some": lambda: people.age_on(start).is_in(list(range(14, 46))),
    "an age among a few that are apart": lambda: people.age_on(start).is_in([2, 3, 70]),
    "an age none of some": lambda: people.age_on(start).is_not_in(list(range(18, 66))),
    "a count among some": lambda: during(coded(A)).count_for_patient().is_in([2, 3]),
    "a number among some": lambda: homes_of_many.household_size.is_in([7, 9]),
    "not one of some": others,
    "a number that is missing": unmeasured,
}


def target_of(asked):
    return Target((patient_node(asked(), "a series"),), MONTHS)


@pytest.mark.parametrize("asked", CASES.values(), ids=CASES)
@pytest.mark.parametrize("seed", [0, 1])
def test_everybody_who_plays_a_script_fulfils_the_target_in_its_periods(asked, seed):
    target = target_of(asked)
    found = scripts(target)
    assert {period for script in found for period in script.periods} == set(
        periods_of(target)
    )
    assert not any(failures(script, target, seed) for script in found)


def test_periods_go_together_where_they_can_and_stay_apart_where_they_cannot():
    anything, once = CASES["several events"], CASES["the first is now"]
    together, apart = scripts(target_of(anything)), scripts(target_of(once))
    assert [len(script.periods) for script in together] == [3]
    assert [len(script.periods) for script in apart] == [1, 1, 1]


def test_what_cannot_be_has_no_script():
    assert (
        scripts(target_of(lambda: (people.sex == "male") & (people.sex == "female")))
        == []
    )


def test_a_dataset_has_no_periods():
    target = Target((patient_node(first(coded(A)).date > "2020-03-01", "a series"),))
    (script,) = scripts(target)
    assert script.periods == (None,) and not failures(script, target)


def test_natural_rows_are_kept_unless_a_rule_forbids_them():
    free, ruled = (
        scripts(Target((patient_node(CASES[name](), "a series"),), MONTHS))[0]
        for name in ("an event in the period", "no event")
    )
    assert not free.alone and ruled.alone == {"clinical_events"}
