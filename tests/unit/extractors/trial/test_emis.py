"""Made-up patients of EMIS have their registration with them, and nearly all are
registered.
"""

import datetime

import pandas as pd
import pytest

from extractors.tables import emis
from extractors.trial import Wishes, write_trial
from tests.lib.trial_wishes import read

FIRST, LAST = datetime.date(2022, 1, 1), datetime.date(2022, 12, 31)


@pytest.fixture(scope="module")
def patients(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trial") / "records"
    tables = (emis.patients._node.table.schema,)
    write_trial(
        folder,
        Wishes(tables=tables, codelists={}, first=FIRST, last=LAST),
        patients=2_000,
    )
    return read(folder, "patients")


def test_nearly_all_of_the_living_are_registered(patients):
    day = pd.Timestamp("2022-06-01")
    living = patients[(patients.date_of_birth < day) & ~(patients.date_of_death < day)]
    began, ended = living.registration_start_date, living.registration_end_date
    assert ((began <= day) & (ended.isna() | (ended >= day))).mean() > 0.9


def test_nobody_is_registered_before_birth_or_after_the_end(patients):
    began, ended = patients.registration_start_date, patients.registration_end_date
    assert not (began < patients.date_of_birth).any()
    assert not (ended < began).any()


def test_deprivation_goes_from_the_first_rank_to_the_last(patients):
    ranks = patients.imd_rounded.dropna()
    assert (
        ranks.min() < 2_000
        and 30_000 < ranks.max() <= 32_800
        and not (ranks % 100).any()
    )
    assert set(patients.rural_urban_classification.dropna()) == set(range(1, 9))
