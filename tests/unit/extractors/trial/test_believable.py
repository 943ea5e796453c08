"""Made-up records look like those of people: sizes of values, vaccination, prescribing,
practices.
"""

import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from extractors.language.dataset import patient_node
from extractors.language.dates import INTERVAL
from extractors.planner.needs import table_needs
from extractors.tables import tpp
from extractors.trial import Wishes, write_trial
from extractors.trial.beginnings import ALWAYS, since
from extractors.trial.days import number
from extractors.trial.definition import wishes_of
from extractors.trial.people.practices import practice_count
from extractors.trial.people.quantities import QUANTITIES
from extractors.trial.wishes import Target
from tests.lib.trial_wishes import EVENTS, FIRST, LAST, PEOPLE, SHIPPED, read

PATIENTS = 20_000
SYSTOLIC, DIASTOLIC, BMI, HBA1C, EGFR = (
    "271649006",
    "271650006",
    "60621009",
    "999791000000106",
    "1011481000000105",
)
UNKNOWN_SYSTOLIC = "24184005"  # in one list with the known one
SMOKER, EX_SMOKER, NEVER_SMOKED = "77176002", "8517006", "266919005"
FLU, FIRST_DOSE, SECOND_DOSE, BOOSTER = (
    "822851000000102",
    "1324681000000101",
    "1324691000000104",
    "1362591000000103",
)
DIABETES, HYPERTENSION = ("44054006", "73211009"), ("38341003", "59621000")
CONDITION = tuple(str(7_000_000 + 17 * number) for number in range(60))
YOUNG_CONDITION = tuple(
    f"{132_510 + number}100000010{number % 10}" for number in range(30)
)
DRUG = tuple(str(39_000_000_000_000 + 17 * number) for number in range(5))
CODELISTS = {
    ("clinical_events", "snomedct_code"): (
        (SYSTOLIC, UNKNOWN_SYSTOLIC), (DIASTOLIC,), (BMI,), (HBA1C,), (EGFR,), (SMOKER, EX_SMOKER, NEVER_SMOKED),
        (FLU,), (FIRST_DOSE,), (SECOND_DOSE,), (BOOSTER,), DIABETES, HYPERTENSION, CONDITION,
    ),
    ("medications", "dmd_code"): (DRUG,),
    ("vaccinations", "target_disease"): (("SARS-2 CORONAVIRUS",),),
}  # fmt: skip
NAMES = (
    "medications",
    "vaccinations",
    "covid_therapeutics",
    "sgss_covid_all_tests",
    "practice_registrations",
)
TABLES = (EVENTS, PEOPLE, *(SHIPPED[name] for name in NAMES))


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    folder = tmp_path_factory.mktemp("believable") / "records"
    write_trial(
        folder, Wishes(TABLES, CODELISTS, FIRST, LAST), patients=PATIENTS, seed=4
    )
    return {schema.name: read(folder, schema.name) for schema in TABLES}


def coded(records, *codes):
    """The events of some codes, with their patients' births, sexes and ages."""
    events = records["clinical_events"]
    found = events[events.snomedct_code.isin(codes)].dropna(subset=["date"])
    found = found.merge(records["patients"], on="patient_id")
    return found.assign(age=(found.date - found.date_of_birth).dt.days / 365.25)


def has(records, *codes):
    return set(coded(records, *codes).patient_id)


# Values


def test_blood_pressure_rises_with_age_and_disease_though_nothing_compares_it(records):
    pressure = coded(records, SYSTOLIC).dropna(subset=["numeric_value"])
    young, old = (
        pressure[pressure.age.between(*ages)].numeric_value
        for ages in ((20, 35), (65, 80))
    )
    assert 115 < young.mean() < 128 and 128 < old.mean() < 142
    assert 10 < old.std() < 20
    ill = pressure.patient_id.isin(has(records, *HYPERTENSION))
    middle = pressure.age.between(50, 65)
    assert (
        pressure[ill & middle].numeric_value.mean()
        > pressure[~ill & middle].numeric_value.mean() + 3
    )
    men = pressure[pressure.sex == "male"].numeric_value.mean()
    assert men > pressure[pressure.sex == "female"].numeric_value.mean() + 1


def test_dials_are_read_in_tens_and_laboratories_give_their_decimals(records):
    pressure = coded(records, SYSTOLIC).numeric_value.dropna()
    assert (pressure == pressure.round()).all()
    assert 0.2 < (pressure % 10 == 0).mean() < 0.35
    bmi = coded(records, BMI).numeric_value.dropna()
    assert np.allclose(bmi, bmi.round(1)) and (bmi != bmi.round()).mean() > 0.8


def test_both_readings_of_one_dial_are_of_one_day_and_in_order(records):
    high, low = (
        coded(records, code).drop_duplicates(["patient_id", "date"])
        for code in (SYSTOLIC, DIASTOLIC)
    )
    pairs = high.merge(low, on=["patient_id", "date"]).dropna(
        subset=["numeric_value_x", "numeric_value_y"]
    )
    assert len(pairs) > 0.85 * len(high)
    assert (pairs.numeric_value_x > pairs.numeric_value_y).mean() > 0.998
    assert pairs.numeric_value_x.corr(pairs.numeric_value_y) > 0.3


@pytest.mark.parametrize(
    "code, low, high",
    [(BMI, 25, 30), (HBA1C, 40, 56), (EGFR, 65, 90), (UNKNOWN_SYSTOLIC, 122, 140)],
)
def test_values_have_the_right_size(records, code, low, high):
    values = coded(records, code).query("age >= 18").numeric_value.dropna()
    assert len(values) > 1_000
    assert low < values.mean() < high


def test_sugar_is_high_in_diabetes_and_kidneys_are_weak_in_old_age(records):
    sugar = coded(records, HBA1C).dropna(subset=["numeric_value"])
    ill = sugar.patient_id.isin(has(records, *DIABETES))
    assert 50 < sugar[ill].numeric_value.median() < 62
    assert 34 < sugar[~ill].numeric_value.median() < 42
    assert 0.2 < ill.mean() < 0.7
    filtered = coded(records, EGFR).dropna(subset=["numeric_value"])
    assert (
        filtered[filtered.age > 80].numeric_value.mean()
        < filtered[filtered.age < 60].numeric_value.mean() - 15
    )


def test_one_person_is_much_alike_from_one_time_to_the_next(records):
    bmi = coded(records, BMI).query("age >= 25").dropna(subset=["numeric_value"])
    within = bmi.groupby("patient_id").numeric_value.std().mean()
    assert within < 0.6 * bmi.numeric_value.std()


def test_no_value_lies_beyond_what_can_be(records):
    for quantity in QUANTITIES:
        values = coded(records, *quantity.known).numeric_value.dropna()
        assert values.between(quantity.least, quantity.most).all(), quantity.name


def test_smokers_are_a_minority_and_one_person_says_one_thing(records):
    asked = coded(records, SMOKER, EX_SMOKER, NEVER_SMOKED)
    last = asked.sort_values("date").drop_duplicates("patient_id", keep="last")
    assert 0.5 < len(last) / PATIENTS < 0.95
    assert 0.10 < (last.snomedct_code == SMOKER).mean() < 0.20
    assert (last.snomedct_code == NEVER_SMOKED).mean() > 0.45
    assert asked.groupby("patient_id").snomedct_code.nunique().max() == 1


# Vaccines, drugs and tests


@pytest.mark.parametrize(
    "code, day",
    [
        (FIRST_DOSE, "2020-12-08"),
        (BOOSTER, "2021-09-16"),
        ("1240581000000104", "2020-01-31"),
        ("1300561000000107", "2020-03-19"),
        ("1325191000000108", "2020-12-09"),
    ],
)
def test_the_number_of_a_code_says_since_when_it_is_there(code, day):
    assert since(code) == number(day)


@pytest.mark.parametrize(
    "code", [SYSTOLIC, HBA1C, FLU, "934231000000106", "H33..", "J440"]
)
def test_most_codes_have_always_been_there(code):
    assert since(code) < number("2014-01-01") or since(code) == ALWAYS


def test_vaccines_are_given_once_they_exist_the_old_first(records):
    first, second, booster = (
        coded(records, code) for code in (FIRST_DOSE, SECOND_DOSE, BOOSTER)
    )
    assert first.date.min() >= pd.Timestamp("2020-12-08")
    assert second.date.min() > pd.Timestamp("2020-12-29")
    assert booster.date.min() >= pd.Timestamp("2021-09-16")
    assert first[first.age >= 80].date.median() < pd.Timestamp("2021-01-31")
    assert first[first.age.between(30, 40)].date.median() > pd.Timestamp("2021-05-01")
    for later, before in ((SECOND_DOSE, FIRST_DOSE), (BOOSTER, SECOND_DOSE)):
        odd = has(records, later) - has(records, before)
        # a row may have lost its code or its date
        assert len(odd) < 0.005 * len(has(records, later))


def test_the_old_take_more_of_a_vaccine(records):
    people = records["patients"].query("date_of_death.isna()")
    age = (pd.Timestamp("2021-03-31") - people.date_of_birth).dt.days / 365.25
    vaccinated = people.patient_id.isin(has(records, FIRST_DOSE))
    assert 0.88 < vaccinated[age >= 70].mean() < 0.98
    assert 0.65 < vaccinated[age.between(18, 40)].mean() < 0.85
    assert vaccinated[age.between(0, 4)].sum() == 0


def test_influenza_vaccines_are_given_each_autumn(records):
    doses = coded(records, FLU)
    assert doses.date.dt.month.isin([9, 10, 11, 12]).mean() > 0.9
    assert {2019, 2020, 2021} <= set(doses.date.dt.year)
    season = doses[doses.date.between("2020-09-01", "2021-03-01")]
    old = records["patients"].query(
        "date_of_death.isna() and date_of_birth < '1955-09-01'"
    )
    assert 0.65 < old.patient_id.isin(season.patient_id).mean() < 0.85


def test_the_table_of_vaccinations_says_the_same_as_the_codes(records):
    doses = records["vaccinations"]
    covid = doses[doses.target_disease == "SARS-2 CORONAVIRUS"]
    assert covid.date.min() >= pd.Timestamp("2020-12-08")
    both = covid.groupby("patient_id").date.min().to_frame("table")
    both["code"] = coded(records, FIRST_DOSE).groupby("patient_id").date.min()
    assert (both.table == both.code).mean() > 0.97
    assert covid.product_name.str.contains("COVID-19").all()
    assert (doses.target_disease == "INFLUENZA").mean() > 0.2


@pytest.mark.parametrize(
    "name, column, day",
    [
        ("covid_therapeutics", "treatment_start_date", "2021-12-16"),
        ("sgss_covid_all_tests", "specimen_taken_date", "2020-01-31"),
    ],
)
def test_no_table_begins_before_its_beginning(records, name, column, day):
    assert len(records[name]) > 100
    assert records[name][column].min() >= pd.Timestamp(day)


def test_codes_of_nobody_knows_what_are_not_older_than_their_numbers(tmp_path):
    wishes = Wishes(
        (EVENTS,),
        {("clinical_events", "snomedct_code"): (YOUNG_CONDITION,)},
        FIRST,
        LAST,
    )
    write_trial(tmp_path / "t", wishes, patients=5_000)
    events = read(tmp_path / "t", "clinical_events")
    found = events[events.snomedct_code.isin(YOUNG_CONDITION)].date.dropna()
    assert len(found) > 100 and found.min() >= pd.Timestamp("2020-12-09")


# Conditions, prescribing, practices


def test_an_unknown_condition_is_as_common_in_one_year_as_in_another(records):
    people, events = records["patients"], records["clinical_events"]
    first = (
        events[events.snomedct_code.isin(CONDITION)].groupby("patient_id").date.min()
    )
    shares = []
    for year in (2018, 2020, 2022):
        day = pd.Timestamp(datetime.date(year, 3, 1))
        alive = people[(people.date_of_birth <= day) & ~(people.date_of_death <= day)]
        shares.append((alive.patient_id.map(first) <= day).mean())
    assert all(0.015 < share < 0.10 for share in shares)
    assert max(shares) < 1.25 * min(shares)


def test_drugs_are_issued_again_and_again_after_the_diagnosis(records):
    drugs = records["medications"]
    drugs = (
        drugs[drugs.dmd_code.isin(DRUG)]
        .dropna(subset=["date"])
        .drop_duplicates(["patient_id", "date"])
    )
    assert 0.005 < drugs.patient_id.nunique() / PATIENTS < 0.12
    starts = drugs.groupby("patient_id").date.min()
    diagnosed = [
        coded(records, *codes).groupby("patient_id").date.min()
        for codes in (DIABETES, HYPERTENSION, CONDITION)
    ]
    known = [
        (starts.index.isin(first.index), (starts >= starts.index.map(first)).to_numpy())
        for first in diagnosed
    ]
    assert max((there & after).mean() for there, after in known) > 0.95
    gaps = (
        drugs.sort_values(["patient_id", "date"])
        .groupby("patient_id")
        .date.diff()
        .dt.days.dropna()
    )
    assert gaps.between(21, 100).mean() > 0.9
    assert drugs.patient_id.value_counts().median() > 8


@pytest.mark.parametrize("seed", [4, 5])
def test_practices_are_many_enough_for_deciles_and_none_is_tiny(
    records, tmp_path, seed
):
    spells = records["practice_registrations"]
    if seed != 4:
        write_trial(
            tmp_path / "t",
            Wishes((SHIPPED["practice_registrations"],), {}, FIRST, LAST),
            patients=PATIENTS,
            seed=seed,
        )
        spells = read(tmp_path / "t", "practice_registrations")
    for day in ("2019-04-01", "2020-11-01", "2022-05-01"):
        there = spells[(spells.start_date <= day) & ~(spells.end_date < day)]
        sizes = there.groupby("practice_pseudo_id").patient_id.nunique()
        assert 110 <= len(sizes) <= 150
        assert sizes.min() >= 120


def test_lists_are_of_englands_size_where_there_are_people_enough():
    assert all(
        110 <= practice_count(patients) <= 150
        for patients in (20_000, 100_000, 1_000_000, 1_400_000)
    )
    assert all(
        9_300 < patients / practice_count(patients) < 9_700
        for patients in (1_500_000, 24_000_000)
    )
    assert practice_count(3_000) >= 12


def test_nobody_is_a_witness_of_what_did_not_exist(tmp_path):
    events: Any = tpp.clinical_events
    doses = events.where(events.snomedct_code == FIRST_DOSE).where(
        events.date.is_during(INTERVAL)
    )
    vaccinated = patient_node(doses.exists_for_patient(), "vaccinated")
    days = ("2019-06-01", "2019-06-30"), ("2021-02-01", "2021-02-28")
    months = tuple(
        (datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))
        for first, last in days
    )
    wishes = wishes_of(
        table_needs([vaccinated]),
        [vaccinated],
        FIRST,
        LAST,
        [Target((vaccinated,), months)],
    )
    write_trial(tmp_path / "t", wishes, patients=1_000)
    found = read(tmp_path / "t", "clinical_events")
    found = found[found.snomedct_code == FIRST_DOSE].date.dropna()
    assert found.between("2021-02-01", "2021-02-28").sum() > 30
    assert found.min() >= pd.Timestamp("2020-12-08")
