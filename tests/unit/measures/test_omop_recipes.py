# mypy: ignore-errors
"""What the page of the study omop_incidence says beside OHDSI's tools, on rows written
by hand.
"""

from datetime import date

from extractors import INTERVAL, days, maximum_of, minimum_of
from extractors.tables.omop import condition_occurrence as events
from extractors.tables.omop import observation_period
from measures import create_measures, evaluate

JANUARY = [("2020-01-01", "2020-01-31")]
# 1: before, twice in January and in February. 2: once, unobserved on the first. 3: a
# long one. 4: none.
ROWS = {
    "observation_period": [
        {
            "patient_id": 1,
            "observation_period_start_date": "2019-01-01",
            "observation_period_end_date": "2020-12-31",
        },
        {
            "patient_id": 2,
            "observation_period_start_date": "2020-01-11",
            "observation_period_end_date": "2020-12-31",
        },
        {
            "patient_id": 3,
            "observation_period_start_date": "2019-12-01",
            "observation_period_end_date": "2020-01-20",
        },
        {
            "patient_id": 4,
            "observation_period_start_date": "2018-01-01",
            "observation_period_end_date": "2020-12-31",
        },
    ],
    "condition_occurrence": [
        {
            "patient_id": 1,
            "condition_start_date": "2019-11-20",
            "condition_end_date": "2019-11-20",
        },
        {
            "patient_id": 1,
            "condition_start_date": "2020-01-05",
            "condition_end_date": "2020-01-05",
        },
        {
            "patient_id": 1,
            "condition_start_date": "2020-01-25",
            "condition_end_date": "2020-01-25",
        },
        {
            "patient_id": 1,
            "condition_start_date": "2020-02-20",
            "condition_end_date": "2020-02-20",
        },
        {
            "patient_id": 2,
            "condition_start_date": "2020-01-15",
            "condition_end_date": "2020-01-15",
        },
        {
            "patient_id": 3,
            "condition_start_date": "2019-12-20",
            "condition_end_date": "2020-01-10",
        },
    ],
}
observed = observation_period.exists_for_patient_on(INTERVAL.start_date)
any_time = observation_period.days_observed_during(INTERVAL) > 0


def counts(numerator, denominator) -> tuple[int, int]:
    measures = create_measures()
    intervals = [tuple(map(date.fromisoformat, pair)) for pair in JANUARY]
    measures.define_measure(
        "it", numerator=numerator, denominator=denominator, intervals=intervals
    )
    (row,) = evaluate(measures, ROWS)
    return row["numerator"], row["denominator"]


def test_point_prevalence():
    ongoing = events.where(events.condition_start_date <= INTERVAL.start_date)
    ongoing = ongoing.where(ongoing.condition_end_date >= INTERVAL.start_date)
    assert counts(ongoing.exists_for_patient(), observed) == (1, 3)


def test_period_prevalence():
    ongoing = events.where(events.condition_start_date <= INTERVAL.end_date)
    ongoing = ongoing.where(ongoing.condition_end_date >= INTERVAL.start_date)
    assert counts(ongoing.exists_for_patient(), any_time) == (3, 4)


def test_prior_observation():
    assert counts(
        observed, observation_period.has_prior_observation_on(INTERVAL.start_date, 365)
    ) == (2, 2)


def test_washout_before_a_day():
    recent = events.where(
        events.condition_start_date.is_during(
            days(30).ending_on(INTERVAL.start_date - days(1))
        )
    )
    assert counts(~recent.exists_for_patient(), observed) == (2, 3)


def test_first_events_and_days_at_risk():
    first = events.condition_start_date.minimum_for_patient()
    new = first.is_during(INTERVAL) & observation_period.exists_for_patient_on(first)
    # 2: from the 11th to the 15th; 4: all of January; the others had it before
    assert counts(new, observation_period.days_at_risk_during(INTERVAL, first)) == (
        1,
        5 + 31,
    )


def test_a_period_without_a_last_day_is_none():
    """Neither for days, nor for events, nor for people, as in SQL with BETWEEN."""
    periods = [
        {
            "patient_id": 1,
            "observation_period_start_date": "2019-01-01",
            "observation_period_end_date": None,
        },
        {
            "patient_id": 1,
            "observation_period_start_date": "2020-01-30",
            "observation_period_end_date": "2020-03-01",
        },
    ]
    measures = create_measures()
    intervals = [tuple(map(date.fromisoformat, pair)) for pair in JANUARY]
    numerator = observation_period.exists_for_patient_on(INTERVAL.start_date)
    days_of = observation_period.days_observed_during(INTERVAL)
    measures.define_measure(
        "it", numerator=numerator, denominator=days_of, intervals=intervals
    )
    (row,) = evaluate(measures, {"observation_period": periods})
    assert (row["numerator"], row["denominator"]) == (0, 2)


def test_repeated_events_with_a_washout():
    def until(day):
        begun = events.where(events.condition_start_date <= day)
        return begun.condition_start_date.count_episodes_for_patient(days(30))

    new = until(INTERVAL.end_date) - until(INTERVAL.start_date - days(1))
    period = observation_period.sort_by(
        observation_period.observation_period_start_date
    ).last_for_patient()
    within = (
        maximum_of(INTERVAL.start_date, period.observation_period_start_date),
        minimum_of(INTERVAL.end_date, period.observation_period_end_date),
    )
    begin = events.condition_start_date
    paused = (begin + days(1)).days_covered_for_patient(begin + days(30), within)
    at_risk = observation_period.days_observed_during(INTERVAL) - paused
    # 1: the 5th is 46 days after the one before, the 25th is 20 after that; at risk
    # from the 1st to the 5th.
    # 2: from the 11th to the 15th. 3: paused until the 19th, so the 20th. 4: all of
    # January.
    assert counts(new, at_risk) == (2, 5 + 5 + 1 + 31)
