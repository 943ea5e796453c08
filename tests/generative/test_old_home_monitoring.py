# ruff: noqa: E501 - one column a line
# mypy: ignore-errors
"""The week of the home-monitoring study, and the same written by hand in our own
language, on random records.

The study in the old language is the one of `tests/integration/old_projects/at_home`;
what is written here says its rules with filters, sorts and NULLs, and calls none of our
tables' methods, whose rules differ.
"""

import os
from datetime import date, timedelta
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import extractors
from extractors import case, create_dataset, when
from extractors.model.types import CTV3Code, SNOMEDCTCode
from extractors.tables.tpp import (
    addresses,
    clinical_events,
    patients,
    practice_registrations,
)
from measures.loading import load_study
from measures.trying_old import written_rows
from tests.lib.old_studies import dataset_from
from tests.lib.places import CHECKOUT

STUDY = (
    CHECKOUT
    / "tests"
    / "integration"
    / "old_projects"
    / "at_home"
    / "analysis"
    / "study_definition_bp.py"
)
EXAMPLES = int(os.environ.get("COHORTFLOW_EXAMPLES", settings().max_examples))
INDEX, LAST, REGION_DAY, FAR = "2020-03-02", "2020-03-08", "2020-02-01", "9999-12-31"
BP = ["413606001", "1092381000000107", "1153691000000104", "1268221000000109"]
ASTHMA, HYPERTENSION, SHIELD = (
    ["H33..", "XE0YX"],
    ["38341003", "59621000"],
    ["1300561000000107"],
)
CHOLESTEROL = "1005671000000105"
COLUMNS = ("age", "sex", "region", "imd_quintile", "shielding", "has_asthma_code", "has_hypertension_code",
           "cholesterol", f"healthcare_at_home_{BP[0]}", f"healthcare_at_home_{BP[1]}")  # fmt: skip


@cache
def old_study():
    return load_study(STUDY, arguments=("--index-date", INDEX))


def by_hand():
    """Dates of rows are never before a day if there is none; ends are the first day
    outside.
    """
    week = clinical_events.where(clinical_events.date.is_on_or_between(INDEX, LAST))
    ever = clinical_events.where(clinical_events.date.is_on_or_before(INDEX))
    r = practice_registrations
    r = r.where(r.start_date.is_on_or_before(REGION_DAY))
    r = r.where(r.end_date.is_null() | r.end_date.is_after(REGION_DAY))
    r = r.sort_by(
        r.start_date, r.end_date.when_null_then(FAR), r.practice_pseudo_id
    ).last_for_patient()
    region = r.practice_nuts1_region_name.when_null_then("")
    a = addresses
    a = a.where(a.start_date.is_on_or_before(INDEX)).where(
        a.end_date.is_null() | a.end_date.is_after(INDEX)
    )
    with_postcode = case(when(a.has_postcode).then(1), otherwise=0)
    home = a.sort_by(
        a.start_date, a.end_date.when_null_then(FAR), with_postcode, -a.address_id
    ).last_for_patient()
    imd = home.imd_rounded.when_null_then(-1)
    fifths = [when((imd >= low) & (imd < high)).then(name) for name, low, high in (
        ("1", 0, 6568), ("2", 6568, 13137), ("3", 13137, 19706), ("4", 19706, 26275), ("5", 26275, 100_000))]  # fmt: skip
    quintile, age = case(*fifths, otherwise="0"), patients.age_on(INDEX)
    dataset = create_dataset()
    used = week.where(week.snomedct_code.is_in(BP)).exists_for_patient()
    dataset.define_population(
        used & (age > 0) & (age <= 120) & (region != "") & (quintile != "0")
    )
    dataset.age, dataset.region, dataset.imd_quintile = age, region, quintile
    dataset.sex = patients.sex.map_values(
        {"male": "M", "female": "F", "intersex": "I", "unknown": "U"}
    )
    dataset.shielding = ever.where(
        ever.snomedct_code.is_in(SHIELD)
    ).exists_for_patient()
    dataset.has_asthma_code = ever.where(
        ever.ctv3_code.is_in(ASTHMA)
    ).exists_for_patient()
    dataset.has_hypertension_code = ever.where(
        ever.snomedct_code.is_in(HYPERTENSION)
    ).exists_for_patient()
    v = week.where(week.snomedct_code == CHOLESTEROL).where(week.numeric_value != 0)
    dataset.cholesterol = (
        v.sort_by(v.date).last_for_patient().numeric_value.when_null_then(0.0)
    )
    for code in BP[:2]:
        dataset.add_column(
            f"healthcare_at_home_{code}",
            week.where(week.snomedct_code == code).count_for_patient(),
        )
    return dataset


def near(*days):
    """A day before, on and after each of some days, and none."""
    return st.sampled_from(
        [
            None,
            *(
                date.fromisoformat(day) + timedelta(n)
                for day in days
                for n in (-1, 0, 1)
            ),
        ]
    )


def rows(**columns):
    return st.lists(
        st.fixed_dictionaries({"patient_id": st.integers(1, 4), **columns}), max_size=12
    )


CODES = [
    *map(
        SNOMEDCTCode,
        (
            *BP[:2],
            *BP[:2],
            *HYPERTENSION,
            *SHIELD,
            CHOLESTEROL,
            CHOLESTEROL,
            "111111111",
        ),
    )
]
RECORDS = st.fixed_dictionaries({
    "patients": st.lists(st.fixed_dictionaries({
        "patient_id": st.integers(1, 4),
        "sex": st.sampled_from(["male", "female", "intersex", "unknown"]),
        "date_of_birth": st.sampled_from([date(1980, 3, 1), date(2019, 3, 1), date(2019, 4, 1), date(1900, 1, 1)]),
    }), unique_by=lambda row: row["patient_id"], min_size=3),
    "clinical_events": rows(
        date=near(INDEX, LAST), snomedct_code=st.sampled_from(CODES), numeric_value=st.sampled_from([None, 0.0, 5.5, 6.5]),
        ctv3_code=st.sampled_from([None, *map(CTV3Code, (*ASTHMA, "H34.."))]),
    ),
    "practice_registrations": rows(
        start_date=near(REGION_DAY), end_date=near(REGION_DAY), practice_pseudo_id=st.integers(1, 2),
        practice_nuts1_region_name=st.sampled_from([None, "London", "East"]),
    ),
    "addresses": rows(
        start_date=near(INDEX), end_date=near(INDEX), address_id=st.integers(1, 9), has_postcode=st.sampled_from([None, True, False]),
        imd_rounded=st.sampled_from([None, 0, 6500, 6600, 32800]),
    ),
})  # fmt: skip


@given(records=RECORDS)
@settings(max_examples=max(EXAMPLES // 4, 1), suppress_health_check=list(HealthCheck))
def test_old_study_is_the_same_as_by_hand(records):
    study = old_study()
    # several addresses of one number are no records
    records["addresses"] = [
        row | {"address_id": place} for place, row in enumerate(records["addresses"])
    ]
    got = written_rows(
        extractors.evaluate(dataset_from(study.dataset), records), study.forms
    )
    wanted = extractors.evaluate(by_hand(), records)
    for one, other in zip(got, wanted, strict=True):
        assert one["patient_id"] == other["patient_id"]
        assert {name: one[name] for name in COLUMNS} == {
            name: other[name] for name in COLUMNS
        }
