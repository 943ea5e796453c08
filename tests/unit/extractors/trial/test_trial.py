"""Made-up records keep the promises of their tables and tell the story."""

import re

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extractors.model.types import Code
from extractors.trial import write_trial
from extractors.trial.people import england
from tests.lib.trial_wishes import (
    AF,
    ASTHMA,
    CARE_HOME,
    CODELISTS,
    COPD,
    DATE,
    DIABETES,
    DIASTOLIC,
    ETHNICITY,
    FIRST,
    HOME_BP,
    HYPERTENSION,
    OXIMETRY,
    PATIENTS,
    PROACTIVE,
    SHIELDING,
    SYSTOLIC,
    TABLES,
    UNKNOWN_LARGE,
    UNKNOWN_SMALL,
    WISHES,
    ever,
    read,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trial") / "records"
    write_trial(folder, WISHES, patients=PATIENTS)
    return folder


@pytest.fixture(scope="module")
def records(folder):
    return {schema.name: read(folder, schema.name) for schema in TABLES}


def weekly_mean(frame, codes, first, last, column="snomedct_code"):
    inside = frame.date.between(pd.Timestamp(first), pd.Timestamp(last))
    days = (pd.Timestamp(last) - pd.Timestamp(first)).days + 1
    return (inside & frame[column].isin(codes)).sum() * 7 / days


@pytest.mark.parametrize("schema", TABLES, ids=lambda schema: schema.name)
def test_a_table_has_the_columns_and_types_of_its_schema(folder, schema):
    stored = pq.read_schema(folder / f"{schema.name}.parquet")
    assert stored.names == ["patient_id", *(column.name for column in schema.columns)]
    assert stored.field("patient_id").type == pa.int64()
    plain = {DATE: pa.date32(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
    for column in schema.columns:
        words = pa.dictionary(pa.int32(), pa.string())
        assert stored.field(column.name).type == plain.get(column.type, words)


@pytest.mark.parametrize("schema", TABLES, ids=lambda schema: schema.name)
def test_a_table_keeps_its_promises(records, schema):
    frame = records[schema.name]
    assert len(frame) > 100
    assert frame.patient_id.is_monotonic_increasing
    assert frame.patient_id.between(1, PATIENTS).all()
    if schema.one_row:
        assert frame.patient_id.is_unique
    for column in schema.columns:
        check_promise(column, frame[column.name])


def check_promise(column, values):
    assert not (column.required and values.isna().any()), column.name
    values = values.dropna()
    if column.first_of_month:
        assert (values.dt.day == 1).all()
    if column.categories:
        assert set(values) <= set(column.categories)
    if column.minimum is not None:
        assert values.between(column.minimum, column.maximum).all()
        assert ((values - column.minimum) % column.step == 0).all()
    if column.pattern:
        assert all(re.fullmatch(column.pattern, value) for value in values.unique())
    if issubclass(column.type, Code):
        assert all(column.type(code) for code in values.unique())


def test_dates_of_any_table_follow_each_other(records):
    stay = records["apcs"].dropna(subset=["admission_date", "discharge_date"])
    assert (stay.admission_date <= stay.discharge_date).all()
    spells = records["practice_registrations"]
    assert ((spells.start_date <= spells.end_date) | spells.end_date.isna()).all()


def test_what_is_wished_for_is_found_in_any_table(records):
    assert records["apcs"].primary_diagnosis.isin(["J440", "J441"]).mean() > 0.5
    assert records["apcs"].all_diagnoses.str.contains("I20").mean() > 0.3
    assert records["our_survey"].remark.eq("wished for").mean() > 0.5
    assert records["ons_deaths"].cause_of_death_01.eq("X420").mean() > 0.05
    for code in CODELISTS["medications", "dmd_code"][0]:
        assert (records["medications"].dmd_code == code).sum() > 100


def test_every_wished_code_occurs(records):
    events = records["clinical_events"]
    for column, table in (
        ("snomedct_code", "clinical_events"),
        ("ctv3_code", "clinical_events"),
    ):
        wished = {code for codelist in CODELISTS[table, column] for code in codelist}
        assert wished <= set(events[column])


# People


def test_ages_and_sexes_are_those_of_england(records):
    people = records["patients"]
    age = (pd.Timestamp("2019-06-30") - people.date_of_birth).dt.days / 365.25
    assert 0.17 < (age[age >= 0] >= 65).mean() < 0.21
    assert 0.19 < (age[age >= 0] < 18).mean() < 0.24
    assert 0.48 < (people.sex == "female").mean() < 0.53
    assert {"intersex", "unknown"} <= set(people.sex)


def test_some_are_born_and_some_die_in_the_span(records):
    people = records["patients"]
    assert 0.02 < (people.date_of_birth > pd.Timestamp(FIRST)).mean() < 0.05
    dies = people.date_of_death >= pd.Timestamp(FIRST)
    assert 0.02 < dies.mean() < 0.05
    assert (people.date_of_death < pd.Timestamp(FIRST)).any()
    assert (
        (people.date_of_death >= people.date_of_birth) | people.date_of_death.isna()
    ).all()


def test_deaths_and_their_causes_show_the_waves(records):
    deaths = records["ons_deaths"]
    spring = deaths.date.between("2020-04-01", "2020-05-31")
    before = deaths.date.between("2019-05-01", "2020-02-28")
    assert spring.sum() / 61 > 1.3 * before.sum() / 304
    covid = deaths.underlying_cause_of_death == "U071"
    assert covid[spring].mean() > 0.2
    assert not covid[deaths.date < "2020-03-01"].any()
    assert deaths.cause_of_death_15.isna().all()
    both = deaths.merge(records["patients"], on="patient_id")
    off = (both.date - both.date_of_death).dt.days
    assert 0.9 < (off == 0).mean() < 1
    assert off.abs().max() <= 4


def test_registrations_move_gap_overlap_and_end(records):
    spells = records["practice_registrations"]
    count = spells.groupby("patient_id").size()
    assert 0.005 < 1 - len(count) / PATIENTS < 0.02
    assert 0.8 < (count == 1).mean() < 0.9
    following = spells.groupby("patient_id").start_date.shift(-1)
    gap = (following - spells.end_date).dt.days
    assert (gap > 1).any() and (gap < 0).any() and (gap == 0).any()
    region = spells.groupby("patient_id").practice_nuts1_region_name.nunique()
    assert 0.01 < (region > 1).mean() < 0.08
    practice = spells.groupby("practice_pseudo_id")
    assert len(practice) >= 12
    assert (practice.practice_nuts1_region_name.nunique() == 1).all()
    assert (practice.practice_stp.nunique() == 1).all()
    assert set(spells.practice_nuts1_region_name) == set(england.REGIONS)


def test_addresses_differ_in_deprivation_by_region_and_some_are_missing(records):
    homes = records["addresses"]
    assert 0.01 < 1 - homes.patient_id.nunique() / PATIENTS < 0.05
    assert 0 < homes.imd_rounded.isna().mean() < 0.05
    last = records["practice_registrations"].drop_duplicates("patient_id", keep="last")
    both = homes.merge(
        last[["patient_id", "practice_nuts1_region_name"]], on="patient_id"
    )
    rank = both.groupby("practice_nuts1_region_name").imd_rounded.mean()
    assert rank["North East"] < rank["South East"] - 2_000
    care = homes[homes.care_home_is_potential_match]
    assert (
        care.care_home_requires_nursing ^ care.care_home_does_not_require_nursing
    ).all()


def test_hospital_and_practice_agree_on_ethnicity_mostly(records):
    letter = {
        code: letter
        for letter, codes in england.ETHNICITY_CODES.items()
        for code in codes
    }
    events = records["clinical_events"]
    told = events[events.snomedct_code.isin(ETHNICITY)].assign(
        gp=lambda e: e.snomedct_code.map(letter)
    )
    both = told.merge(records["ethnicity_from_sus"], on="patient_id")
    assert 0.85 < (both.gp == both.code).mean() < 0.98
    assert 0.7 < told.patient_id.nunique() / PATIENTS < 0.95
    assert 0.55 < len(records["ethnicity_from_sus"]) / PATIENTS < 0.65


# Events


@pytest.mark.parametrize(
    "codes, column, low, high",
    [
        (HYPERTENSION, "snomedct_code", 0.11, 0.22),
        (CARE_HOME, "snomedct_code", 0.003, 0.015),
        (SHIELDING, "snomedct_code", 0.02, 0.07),
        (UNKNOWN_LARGE, "snomedct_code", 0.01, 0.15),
        (DIABETES, "ctv3_code", 0.04, 0.10),
        (ASTHMA, "ctv3_code", 0.08, 0.15),
        (COPD, "ctv3_code", 0.01, 0.035),
        (AF, "ctv3_code", 0.01, 0.035),
    ],
)
def test_conditions_are_as_common_as_they_should_be(records, codes, column, low, high):
    assert low < len(ever(records["clinical_events"], codes, column)) / PATIENTS < high


@pytest.mark.parametrize(
    "codes, more, less, factor",
    [
        (OXIMETRY, ("2021-01-04", "2021-01-31"), ("2020-01-01", "2020-01-31"), 50),
        (OXIMETRY, ("2021-01-04", "2021-01-31"), ("2021-05-01", "2021-05-31"), 5),
        (OXIMETRY, ("2022-01-03", "2022-01-30"), ("2021-05-01", "2021-05-31"), 2),
        (HOME_BP, ("2021-06-01", "2021-06-30"), ("2019-06-01", "2019-06-30"), 3),
        (HOME_BP, ("2019-12-01", "2019-12-20"), ("2019-12-25", "2019-12-26"), 2),
        (PROACTIVE, ("2020-06-01", "2020-08-31"), ("2019-06-01", "2019-08-31"), 3),
        (SHIELDING, ("2020-04-01", "2020-05-15"), ("2020-08-01", "2020-09-15"), 5),
        (UNKNOWN_SMALL, ("2019-09-01", "2019-11-30"), ("2020-04-01", "2020-04-30"), 1.4),
    ],
)  # fmt: skip
def test_weeks_show_the_waves(records, codes, more, less, factor):
    events = records["clinical_events"]
    assert weekly_mean(events, codes, *more) > factor * weekly_mean(
        events, codes, *less
    )


def test_home_blood_pressure_comes_in_pairs(records):
    events = records["clinical_events"]
    dated = events.dropna(subset=["date"])
    high = dated[dated.snomedct_code == SYSTOLIC].drop_duplicates(
        ["patient_id", "date"]
    )
    low = dated[dated.snomedct_code == DIASTOLIC].drop_duplicates(
        ["patient_id", "date"]
    )
    pairs = high.merge(low, on=["patient_id", "date"])
    assert len(pairs) > 0.9 * len(high)
    pairs = pairs.dropna(subset=["numeric_value_x", "numeric_value_y"])
    assert (pairs.numeric_value_x > pairs.numeric_value_y).mean() > 0.999
    assert 130 < high.numeric_value.mean() < 140
    assert high.patient_id.value_counts().max() > 5


def test_proactive_care_is_given_in_some_practices(records):
    last = records["practice_registrations"].drop_duplicates("patient_id", keep="last")
    has = last.patient_id.isin(ever(records["clinical_events"], PROACTIVE))
    share = has.groupby(last.practice_pseudo_id).mean()
    assert (share < 0.01).any() and (share > 0.05).any()


def test_weekends_are_quiet(records):
    days = records["clinical_events"].date.dropna()
    assert 0.03 < (days.dt.day_of_week >= 5).mean() < 0.10


def test_groups_differ_in_level(records):
    people = records["patients"]
    user = people.patient_id.isin(ever(records["clinical_events"], HOME_BP))
    old = people.date_of_birth < "1955-01-01"
    assert user[old].mean() > 2 * user[~old].mean()
    hypertensive = people.patient_id.isin(
        ever(records["clinical_events"], HYPERTENSION)
    )
    assert user[hypertensive].mean() > 1.5 * user[~hypertensive].mean()
    last = records["practice_registrations"].drop_duplicates("patient_id", keep="last")
    share = (
        last.patient_id.isin(people.patient_id[user])
        .groupby(last.practice_nuts1_region_name)
        .mean()
    )
    assert share.max() > 1.15 * share.min()


def test_events_belong_to_a_life(records):
    events = records["clinical_events"].merge(records["patients"], on="patient_id")
    assert (events.date.isna() | (events.date >= events.date_of_birth)).all()
    late = events.date > events.date_of_death
    assert 0 < late.mean() < 0.005
    assert 8 < len(events) / PATIENTS < 25


def test_records_are_as_dirty_as_they_should_be(records):
    events = records["clinical_events"]
    assert 0 < events.date.isna().mean() < 0.002
    uncoded = events.snomedct_code.isna() & events.ctv3_code.isna()
    assert 0 < uncoded.mean() < 0.003
    assert not (events.snomedct_code.notna() & events.ctv3_code.notna()).any()
    assert 0.005 < events.duplicated().mean() < 0.03
    assert events[events.snomedct_code.isin(HYPERTENSION)].numeric_value.isna().all()
    same_day = events.groupby(["patient_id", "date"]).snomedct_code.nunique()
    assert (same_day > 1).mean() > 0.03


def test_a_fifth_of_the_events_is_in_no_codelist(records):
    events = records["clinical_events"]
    columns = ("snomedct_code", "ctv3_code")
    wished = {
        code
        for column in columns
        for codes in CODELISTS["clinical_events", column]
        for code in codes
    }
    unknown = ~(events.snomedct_code.isin(wished) | events.ctv3_code.isin(wished))
    assert 0.15 < unknown.mean() < 0.27
