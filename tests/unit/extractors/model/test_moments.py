"""Values that are known without records."""

import datetime

import pytest

from extractors import INTERVAL, days, months
from extractors.model import nodes
from extractors.model.moments import is_fixed, shifted, value_in
from extractors.tables.tpp import patients

WEEK = (datetime.date(2021, 1, 31), datetime.date(2021, 2, 6))


@pytest.mark.parametrize(
    ("series", "date"),
    [
        (INTERVAL.start_date, "2021-01-31"),
        (INTERVAL.end_date + days(3), "2021-02-09"),
        (INTERVAL.start_date + months(1), "2021-03-01"),  # there is no 31 February
        (INTERVAL.start_date.to_first_of_month() - months(1), "2020-12-01"),
        (INTERVAL.end_date.to_first_of_year(), "2021-01-01"),
    ],
)
def test_dates_of_an_interval(series, date):
    assert is_fixed(series.node)
    assert value_in(series.node, WEEK) == datetime.date.fromisoformat(date)


def test_what_only_records_tell():
    assert not is_fixed(patients.date_of_birth.node)
    assert value_in(patients.date_of_birth.node, WEEK) is None


def test_null_and_the_end_of_the_calendar():
    assert not is_fixed(nodes.Literal(None, int))
    assert value_in((INTERVAL.start_date + months(120_000)).node, WEEK) is None


def test_moved_by_days_and_by_months():
    assert shifted(WEEK[0], -31, "add_days") == datetime.date(2020, 12, 31)
    assert shifted(datetime.date(2020, 12, 31), 2, "add_months") == datetime.date(
        2021, 3, 1
    )
