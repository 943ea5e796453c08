"""The study of online consultations: people counted by hand, and what made-up records
show.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pytest

import measures
from extractors.errors import DefinitionError
from extractors.trial.days import Span, number
from extractors.trial.events.codelists import streams_of
from measures.definitions import Interval, Measure
from measures.study import SHIPPED, Study
from tests.lib import reference_engine
from tests.lib.shipped import alike, counted, kinds, prepared, shipped, trial

NAME = "online_consultations"
CODES = ("1068881000000101", "978871000000104", "325871000000103", "185320006")
PATIENTS = 12_000
MARCH = (date(2020, 3, 1), date(2020, 3, 31))
WEEK = (date(2020, 3, 2), date(2020, 3, 8))
BEFORE = (date(2019, 3, 1), date(2020, 2, 29))
AFTER = (date(2020, 3, 1), date(2021, 2, 28))


@pytest.fixture(scope="module")
def study() -> Study:
    return shipped(NAME)


def of(study: Study, *intervals: Interval) -> list[Measure]:
    """The measures in just these intervals; of the diseases, which are all alike,
    asthma alone.
    """
    cut: list[Measure] = []
    for measure in study.measures:
        if "_by_has_" in measure.name and not measure.name.endswith("_has_asthma"):
            continue
        kept = tuple(each for each in measure.intervals if each in intervals)
        if kept:
            cut.append(replace(measure, intervals=kept))
    return cut


# What is asked


def intervals_of(study: Study, beginning: str) -> list[Interval]:
    found = {
        measure.intervals
        for measure in study.measures
        if measure.name.startswith(beginning)
    }
    assert len(found) == 1
    return list(found.pop())


def test_months_weeks_and_years_follow_each_other(study):
    months = intervals_of(study, "monthly_")
    weeks = intervals_of(study, "weekly_")
    assert len(months) == 24 and months[0][0] == date(2019, 1, 1)
    assert months[-1][1] == date(2020, 12, 31)
    assert len(weeks) == 64 and weeks[0][0] == date(2020, 1, 6)
    assert weeks[-1] == (date(2021, 3, 22), date(2021, 3, 28))
    assert intervals_of(study, "yearly_") == [BEFORE, AFTER]
    for each in (months, weeks, [BEFORE, AFTER]):
        for (_, end), (start, _) in zip(each, each[1:], strict=False):
            assert end + timedelta(days=1) == start


def test_its_five_outputs(study):
    names = {measure.name for measure in study.measures}
    for code in CODES:
        assert {f"monthly_events_{code}", f"yearly_without_{code}_deciles"} <= names
    for series in (
        "gp_consultations",
        "events",
        *(f"events_{code}" for code in CODES[:2]),
    ):
        assert {f"weekly_{series}", f"weekly_{series}_by_region"} <= names
    by = {
        name.partition("_by_")[2]
        for name in names
        if name.startswith("yearly_events_by_")
    }
    assert len(by) == 23 and {"age_band", "care_home", "has_depression"} <= by
    for variable in by:
        assert {
            f"yearly_patients_by_{variable}",
            f"yearly_gp_patients_by_{variable}",
        } <= names
    over = {measure.name for measure in study.measures if measure.over}
    assert over == {name for name in names if name.endswith("_deciles")}
    assert {"monthly_without_deciles", "yearly_without_by_region_deciles"} <= over


def test_nothing_is_computed_in_the_general_way(run):
    assert kinds(run) == {"static", "timeline", "window"}


def test_lists_of_diseases_are_in_one_of_two_systems():
    with pytest.raises(DefinitionError, match="--coding is snomed or ctv3, got 'read'"):
        shipped(NAME, "--coding", "read")


# People, by hand

HOME = {
    "practice_pseudo_id": 1,
    "practice_nuts1_region_name": "London",
    "start_date": date(2010, 1, 1),
}
ADULT = {"date_of_birth": date(1980, 5, 1), "sex": "female"}


def events(patient: int, *days: tuple[str, date]) -> list[dict]:
    return [
        {"patient_id": patient, "snomedct_code": code, "date": day}
        for code, day in days
    ]


def seen(patient: int, day: date, status: str = "Finished") -> dict:
    return {"patient_id": patient, "seen_date": day, "status": status}


ECONSULTATION, MULTIMEDIA = CODES[:2]
RECORDS = {
    "patients": [
        {"patient_id": 1, **ADULT},
        # an infant
        {"patient_id": 2, "date_of_birth": date(2020, 2, 1), "sex": "male"},
        # died on the first day of March 2020
        {"patient_id": 3, **ADULT, "date_of_death": date(2020, 3, 1)},
        # comes on the second of March 2020
        {"patient_id": 4, **ADULT},
        # of a practice without a region
        {"patient_id": 5, **ADULT},
    ],
    "practice_registrations": [
        {**HOME, "patient_id": 1},
        {**HOME, "patient_id": 2, "start_date": date(2020, 2, 10)},
        {**HOME, "patient_id": 3},
        {**HOME, "patient_id": 4, "start_date": date(2020, 3, 2)},
        {**HOME, "patient_id": 5, "practice_nuts1_region_name": None},
    ],
    "clinical_events": [
        *events(
            1, (ECONSULTATION, date(2020, 2, 29)), (ECONSULTATION, date(2020, 3, 1))
        ),
        *events(1, (MULTIMEDIA, date(2020, 3, 1)), (MULTIMEDIA, date(2020, 3, 31))),
        *events(2, (ECONSULTATION, date(2020, 3, 4))),
        *events(3, (ECONSULTATION, date(2020, 3, 1))),
        *events(4, (ECONSULTATION, date(2020, 3, 4))),
        *events(5, (CODES[3], date(2020, 3, 20)), ("195967001", date(2020, 2, 1))),
    ],
    "appointments": [
        seen(1, date(2020, 3, 1)),
        seen(1, date(2020, 3, 2), "Cancelled by Patient"),
        seen(2, date(2020, 3, 8), "Visit"),
    ],
    "household_memberships_2020": [
        {"patient_id": 1, "household_size": 4},
        {"patient_id": 2, "household_size": 0},
    ],
    "addresses": [
        {
            "patient_id": 5,
            "address_id": 1,
            "start_date": date(2015, 1, 1),
            "rural_urban_classification": 6,
            "imd_rounded": 0,
            "care_home_is_potential_match": True,
            "care_home_requires_nursing": False,
            "care_home_does_not_require_nursing": True,
        }
    ],
}


@pytest.fixture(scope="module")
def counts(study) -> list[dict]:
    return measures.evaluate(of(study, MARCH, WEEK, BEFORE, AFTER), RECORDS)


def test_the_first_of_a_month_is_in_one_month(counts):
    # 1, 2 and 5 are there on the first of March; 3 is not alive, 4 not yet registered.
    assert counted(counts, "monthly_events", MARCH) == {(): (5, 3)}
    assert counted(counts, f"monthly_events_{ECONSULTATION}", MARCH) == {(): (2, 3)}
    assert counted(counts, "monthly_patients", MARCH) == {(): (3, 3)}


def test_the_29th_of_february_belongs_to_the_year_before(counts):
    # 4 and an infant to be born were not there in March 2019.
    assert counted(counts, "yearly_events", BEFORE) == {(): (1, 3)}
    assert counted(counts, "yearly_without", BEFORE) == {(): (2, 3)}
    assert counted(counts, "yearly_episodes", AFTER) == {(): (4, 3)}


def test_only_appointments_that_took_place_are_consultations(counts):
    assert counted(counts, "monthly_gp_consultations", MARCH) == {(): (2, 3)}
    assert counted(counts, "weekly_gp_consultations", WEEK) == {(): (1, 4)}


def test_people_without_a_region_are_in_the_national_numbers(counts):
    assert counted(counts, "yearly_patients_by_region", AFTER) == {
        ("London",): (2, 2),
        ("Missing",): (1, 1),
    }
    assert counted(counts, "yearly_patients", AFTER) == {(): (3, 3)}


def test_groups_are_as_of_the_first_day(counts):
    assert counted(counts, "yearly_patients_by_age_band", AFTER) == {
        ("0 to 17",): (1, 1),
        ("30 to 39",): (2, 2),
    }
    assert counted(counts, "yearly_patients_by_household", AFTER) == {
        ("3 to 5",): (1, 1),
        ("Missing",): (2, 2),
    }
    assert counted(counts, "yearly_patients_by_care_home", AFTER) == {
        ("no care home",): (2, 2),
        ("without nursing",): (1, 1),
    }
    assert counted(counts, "yearly_patients_by_rural_urban", AFTER)["rural",] == (1, 1)
    assert counted(counts, "yearly_patients_by_imd_quintile", AFTER)[
        "1 (most deprived)",
    ] == (1, 1)
    assert counted(counts, "yearly_patients_by_has_asthma", AFTER)[True,] == (1, 1)
    assert (True,) not in counted(counts, "yearly_patients_by_has_asthma", BEFORE)


def test_the_plain_python_engine_counts_the_same(study, counts):
    expected = reference_engine.measures(of(study, MARCH, WEEK, BEFORE, AFTER), RECORDS)
    assert alike(counts, expected)


# Made-up records


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return prepared(NAME, tmp_path_factory.mktemp("workspace"), PATIENTS)


@pytest.fixture(scope="module")
def records(run, tmp_path_factory) -> Iterator[duckdb.DuckDBPyConnection]:
    with trial(run, tmp_path_factory.mktemp("trial") / "records") as connection:
        yield connection


ONLINE = f"SELECT * FROM clinical_events WHERE snomedct_code IN {CODES}"


def one(records: duckdb.DuckDBPyConnection, sql: str) -> float:
    found = records.execute(sql).fetchone()
    assert found is not None
    return float(found[0])


def per_day(records: duckdb.DuckDBPyConnection, first: str, last: str) -> float:
    days = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    within = f"date BETWEEN '{first}' AND '{last}'"
    return one(records, f"SELECT count(*) FROM ({ONLINE}) WHERE {within}") / days


def test_made_up_records_rise_in_march_2020(records):
    before = per_day(records, "2019-03-01", "2020-02-29")
    assert 4 < per_day(records, "2020-04-01", "2021-02-28") / before < 14
    assert per_day(records, "2020-03-23", "2020-03-31") > 4 * per_day(
        records, "2020-02-24", "2020-03-08"
    )


def test_about_15_percent_of_made_up_practices_have_none(records):
    records.execute(
        f"""CREATE TEMP TABLE doing AS
        SELECT DISTINCT arg_max(practice_pseudo_id, start_date) AS practice_pseudo_id
        FROM ({ONLINE}) AS e JOIN practice_registrations AS r USING (patient_id)
        WHERE e.date BETWEEN start_date AND coalesce(end_date, '9999-12-31')
        GROUP BY e.patient_id, e.date"""
    )
    # of which deciles are; witnesses have small ones of their own
    large = """SELECT practice_pseudo_id FROM practice_registrations
        GROUP BY ALL HAVING count(DISTINCT patient_id) >= 100"""
    practices = one(records, f"SELECT count(*) FROM ({large})")
    have = one(
        records,
        f"SELECT count(*) FROM ({large}) SEMI JOIN doing USING (practice_pseudo_id)",
    )
    assert practices > 60 and 0.1 < 1 - have / practices < 0.2


@pytest.mark.parametrize(
    ("many", "few"),
    [
        ("sex = 'female'", "sex = 'male'"),
        (
            "date_of_birth BETWEEN '1980-06-01' AND '2002-06-01'",
            "date_of_birth < '1950-01-01'",
        ),
        (
            "patient_id IN (SELECT patient_id FROM clinical_events WHERE "
            "snomedct_code = '195967001')",
            "true",
        ),
    ],
)
def test_who_has_more_of_them_among_made_up_people(records, many, few):
    rate = """
        SELECT count(*) / (SELECT count(*) FROM patients WHERE {who})
        FROM ({online}) JOIN patients USING (patient_id) WHERE {who}
    """
    high, low = (
        one(records, rate.format(who=who, online=ONLINE)) for who in (many, few)
    )
    assert high > 1.15 * low


def test_other_codes_of_the_list_are_taken_for_the_same():
    """A site's own list has more codes than the starter; practices without stay
    without.
    """
    other = "448337001"
    codes = (*CODES, other)
    span = Span(number("2019-01-01"), number("2021-03-28"))
    place = {code: position for position, code in enumerate(codes)}
    assert len(streams_of([codes, (other,)], place, span)) == 1


def test_the_page_names_every_codelist():
    text = (SHIPPED / NAME / "README.md").read_text(encoding="utf-8")
    for file in (SHIPPED / NAME / "codelists").glob("*.csv"):
        assert f"`{file.name}`" in text
