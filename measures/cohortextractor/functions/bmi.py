"""The body-mass index: computed of the last weight and height, else as it was
recorded.
"""

from dataclasses import dataclass, replace

from extractors.tables import tpp
from measures.cohortextractor import making
from measures.cohortextractor.asked import Asked
from measures.cohortextractor.codelists import Codelist
from measures.cohortextractor.columns import Column, dated
from measures.cohortextractor.context import Context
from measures.cohortextractor.dates import Period
from measures.cohortextractor.functions.events import events_with
from measures.cohortextractor.functions.matching import precision, table
from measures.cohortextractor.making import Series, call, column

CODES = {"weight": ("X76C7", "22A.."), "height": ("XM01E", "229.."), "bmi": ("22K..",)}


@dataclass(frozen=True, eq=False)
class Measured:
    """The last row of a kind."""

    # whether there is one, of a person old enough
    there: Series
    # NULL counts as 0
    value: Series
    # of the row; NULL where there is none
    day: Series


def most_recent_bmi(context: Context, asked: Asked) -> Column:
    period, least = context.period(asked), asked["minimum_age_at_measurement"]
    weight = _last("weight", period, least)
    height = _last("height", Period(last=period.last), least)  # however long ago
    recorded = _last("bmi", period, least)
    both = making.both(weight.there, height.there)
    computed = making.both(both, call("ne", height.value, making.literal(0.0)))
    ratio = call("divide", weight.value, call("multiply", height.value, height.value))
    value = making.choice(
        [(computed, ratio), (recorded.there, recorded.value)], making.nothing(float)
    )
    day = making.choice(
        [(both, weight.day), (recorded.there, recorded.day)],
        making.nothing(making.DATE),
    )
    found = Column("float", _rounded(value), day=day)
    if asked["include_measurement_date"]:
        return replace(found, companion=("date_measured", dated(day, precision(asked))))
    return found


def _last(kind: str, period: Period, least_age: int) -> Measured:
    """The age is that of the calendar year; if the last row is too early, no other one
    is taken.
    """
    codes = Codelist("ctv3", tuple((code, "") for code in CODES[kind]))
    rows = replace(events_with(codes).within(period), ties=("numeric_value",))
    row = rows.pick(last=True)
    day = call("coalesce", column(row, "date"), making.FAR)
    born = call("year", column(table(tpp.patients), "date_of_birth"))
    age = call("subtract", call("year", day), born)
    old_enough = making.filled(call("ge", age, making.literal(least_age)), True)
    return Measured(
        there=making.both(making.exists(row), old_enough),
        value=making.filled(column(row, "numeric_value"), 0.0),
        day=day,
    )


def _rounded(number: Series) -> Series:
    """To one decimal; halves go away from 0."""
    tenths = call("multiply", number, making.literal(10.0))
    half = making.literal(0.5)
    up = call("floor_divide", call("add", tenths, half), making.literal(1.0))
    down = call(
        "negate",
        call("floor_divide", call("subtract", half, tenths), making.literal(1.0)),
    )
    whole = making.choice([(call("ge", number, making.literal(0.0)), up)], down)
    return call("divide", whole, making.literal(10))
