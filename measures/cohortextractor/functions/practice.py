"""Patients, their practices and their addresses."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from extractors.model import nodes
from extractors.tables import tpp
from measures.cohortextractor import making
from measures.cohortextractor.asked import Asked, Wrong, one_of_these
from measures.cohortextractor.columns import Column, dated
from measures.cohortextractor.context import Context
from measures.cohortextractor.functions.made_of_others import categories
from measures.cohortextractor.functions.matching import precision, table
from measures.cohortextractor.making import Frame, Series, call, column

SEXES = {"male": "M", "female": "F", "intersex": "I", "unknown": "U"}
NO_TABLE = (
    "has no column in the tables of today; leave it out, or give what it says by a file"
)
NO_POSTCODE = "NPC"
HUNDREDTHS = 10_000
REGIONS = (
    "North East",
    "North West",
    "Yorkshire and The Humber",
    "East Midlands",
    "West Midlands",
    "East",
    "London",
    "South East",
    "South West",
)


# patients -----------------------------------------------------------------------------


def everybody(context: Context, asked: Asked) -> Column:
    return Column("flag", making.exists(table(tpp.patients)))


def random_sample(context: Context, asked: Asked) -> Column:
    """Those whose number is below a share of HUNDREDTHS: the same people at each run.

    The number is made of what hardly two people have in common, because the records
    have no chance.
    """
    percent = asked["percent"]
    if (
        not isinstance(percent, int | float)
        or isinstance(percent, bool)
        or not 0 <= percent <= 100
    ):
        raise Wrong(f"percent is a number from 0 to 100, not {percent!r}")
    below = call(
        "lt", _number_of_person(), making.literal(round(percent * HUNDREDTHS / 100))
    )
    return Column("flag", making.both(making.exists(table(tpp.patients)), below))


def _number_of_person() -> Series:
    """From 0 to HUNDREDTHS - 1."""
    born = column(table(tpp.patients), "date_of_birth")
    homes = table(tpp.addresses)
    days = call("days_between", making.literal(datetime.date(1800, 1, 1)), born)
    parts = [
        (making.filled(days, 0), 7919),
        (making.filled(nodes.Aggregate("sum", column(homes, "address_id")), 0), 104729),
    ]
    total: Series = making.literal(0)
    for number, factor in parts:
        small = _remainder(number, 1_000_003)
        total = call("add", total, call("multiply", small, making.literal(factor)))
    return _remainder(_remainder(total, 1_000_003), HUNDREDTHS)


def _remainder(number: Series, by: int) -> Series:
    times = call("floor_divide", number, making.literal(by))
    return call("subtract", number, call("multiply", times, making.literal(by)))


def sex(context: Context, asked: Asked) -> Column:
    found = column(table(tpp.patients), "sex")
    pairs = []
    for old, new in SEXES.items():
        pairs.append((call("eq", found, making.literal(old)), making.literal(new)))
    return Column(
        "str", making.choice(pairs, making.nothing(str)), labels=tuple(SEXES.values())
    )


def age_as_of(context: Context, asked: Asked) -> Column:
    day = context.day(asked["reference_date"])
    months = call("months_between", column(table(tpp.patients), "date_of_birth"), day)
    return Column("int", call("floor_divide", months, making.literal(12)))


def date_of_birth(context: Context, asked: Asked) -> Column:
    return dated(column(table(tpp.patients), "date_of_birth"), precision(asked))


def with_death_recorded_in_primary_care(context: Context, asked: Asked) -> Column:
    died = column(table(tpp.patients), "date_of_death")
    returning = one_of_these(
        asked["returning"], ("binary_flag", "date_of_death"), "returning"
    )
    fits = making.both(making.is_there(died), *context.period(asked).holds(died))
    day = making.choice([(fits, died)], making.nothing(making.DATE))
    if returning == "binary_flag":
        return Column("flag", making.filled(fits, False), day=day)
    return dated(day, precision(asked))


# practices ----------------------------------------------------------------------------


def registered_as_of(context: Context, asked: Asked) -> Column:
    """The day of the end is none of the registration any more."""
    day = context.day(asked["reference_date"])
    return Column("flag", making.exists(_registrations(day, day)))


def registered_with_one_practice_between(context: Context, asked: Asked) -> Column:
    start, end = context.day(asked["start_date"]), context.day(asked["end_date"])
    return Column("flag", making.exists(_registrations(start, end)))


def with_complete_gp_consultation_history_between(
    context: Context, asked: Asked
) -> Column:
    start, end = context.day(asked["start_date"]), context.day(asked["end_date"])
    rows = _registrations(start, end)
    live = call("le", column(rows, "practice_systmone_go_live_date"), start)
    return Column("flag", making.exists(making.rows_where(rows, live)))


def with_complete_history_between(context: Context, asked: Asked) -> Column:
    raise Wrong(
        "with_complete_history_between never was implemented; use "
        "with_complete_gp_consultation_history_between"
    )


def registered_practice_as_of(context: Context, asked: Asked) -> Column:
    day = context.day(asked["date"])
    rows = _registrations(day, day)
    keys = [column(rows, "start_date"), _end(rows), column(rows, "practice_pseudo_id")]
    row = making.picked(rows, keys, last=True)
    match asked["returning"]:
        case "stp_code":
            return Column("str", column(row, "practice_stp"))
        case "nuts1_region_name":
            return Column(
                "str", column(row, "practice_nuts1_region_name"), labels=REGIONS
            )
        case "pseudo_id":
            return Column("int", column(row, "practice_pseudo_id"), unit=True)
        case "nhse_region_name":
            raise Wrong("nhse_region_name has another name, nuts1_region_name")
        case "msoa" | "msoa_code":
            raise Wrong(f"the {asked['returning']} of a practice {NO_TABLE}")
        case str(other) if other.startswith("rct__"):
            raise Wrong(f"{other} {NO_TABLE}")
    return _unknown(asked, ("stp_code", "msoa", "nuts1_region_name", "pseudo_id"))


def date_deregistered_from_all_supported_practices(
    context: Context, asked: Asked
) -> Column:
    """The latest end, if no registration goes on."""
    rows = table(tpp.practice_registrations)
    ends = column(rows, "end_date")
    going_on = making.exists(making.rows_where(rows, making.is_null(ends)))
    last = making.extreme(ends, last=True)
    fits = making.both(making.negated(going_on), *context.period(asked).holds(last))
    return dated(
        making.choice([(fits, last)], making.nothing(making.DATE)), precision(asked)
    )


def _registrations(start: Series, end: Series) -> Frame:
    """Registrations from a day at the latest until after another one."""
    return _lasting(table(tpp.practice_registrations), start, end)


def _lasting(rows: Frame, start: Series, end: Series) -> Frame:
    ends = column(rows, "end_date")
    open_or_later = making.either(making.is_null(ends), call("gt", ends, end))
    return making.rows_where(
        rows, call("le", column(rows, "start_date"), start), open_or_later
    )


def _end(rows: Frame) -> Series:
    """An open end is the latest."""
    return call("coalesce", column(rows, "end_date"), making.FAR)


# addresses ----------------------------------------------------------------------------


def address_as_of(context: Context, asked: Asked) -> Column:
    row = _address(context.day(asked["date"]))
    returning, rounded = asked["returning"], asked["round_to_nearest"]
    if returning == "index_of_multiple_deprivation":
        if rounded != 100:
            raise Wrong("index_of_multiple_deprivation needs round_to_nearest=100")
        return Column("imd", column(row, "imd_rounded"))
    if rounded is not None:
        raise Wrong("round_to_nearest goes with index_of_multiple_deprivation alone")
    if returning == "rural_urban_classification":
        return Column(
            "int", _of_row(row, "rural_urban_classification", making.literal(-1))
        )
    if returning == "msoa":
        return Column("str", _of_row(row, "msoa_code", _without_postcode(row)))
    return _unknown(
        asked, ("index_of_multiple_deprivation", "rural_urban_classification", "msoa")
    )


def _address(day: Series) -> Frame:
    rows = _lasting(table(tpp.addresses), day, day)
    has_postcode = call(
        "bool_to_int", making.filled(column(rows, "has_postcode"), False)
    )
    least_id = call("negate", column(rows, "address_id"))
    return making.picked(
        rows,
        [column(rows, "start_date"), _end(rows), has_postcode, least_id],
        last=True,
    )


def _of_row(row: Frame, name: str, otherwise: Series) -> Series:
    """The value of a row; `otherwise` where the row has none, NULL where there is no
    row.
    """
    value = call("coalesce", column(row, name), otherwise)
    return making.choice([(making.exists(row), value)], making.nothing(value.type))


def _without_postcode(row: Frame) -> Series:
    known = making.filled(column(row, "has_postcode"), False)
    return making.choice([(known, making.literal(""))], making.literal(NO_POSTCODE))


def care_home_status_as_of(context: Context, asked: Asked) -> Column:
    row = _address(context.day(asked["date"]))
    is_home = making.filled(column(row, "care_home_is_potential_match"), False)
    definitions = asked["categorised_as"]
    if definitions is None:
        return Column("flag", is_home)
    facts = {
        "IsPotentialCareHome": Column("int", call("bool_to_int", is_home)),
        "LocationRequiresNursing": _yes_or_no(row, "care_home_requires_nursing"),
        "LocationDoesNotRequireNursing": _yes_or_no(
            row, "care_home_does_not_require_nursing"
        ),
    }
    found = categories(
        definitions, Context(context.calendar, _fact(facts), context.asked)
    )
    # a person without an address is in no category, not even in the default one
    node = making.choice(
        [(making.exists(row), found.node)], making.nothing(found.node.type)
    )
    return Column(found.kind, node, precision=found.precision, labels=found.labels)


def _fact(facts: Mapping[str, Column]) -> Callable[[str], Column]:
    def find(name: str) -> Column:
        if name not in facts:
            raise Wrong(
                f"of a care home there is no {name!r}; there are {', '.join(facts)}"
            )
        return facts[name]

    return find


def _yes_or_no(row: Frame, name: str) -> Column:
    flag = column(row, name)
    pairs = [(flag, making.literal("Y")), (making.negated(flag), making.literal("N"))]
    return Column("str", making.choice(pairs, making.nothing(str)))


def _unknown(asked: Asked, known: tuple[str, ...]) -> Any:
    one_of_these(asked["returning"], known, "returning")
    raise AssertionError


PRACTICE: dict[str, Callable[[Context, Asked], Column]] = {
    "all": everybody,
    "random_sample": random_sample,
    "sex": sex,
    "age_as_of": age_as_of,
    "date_of_birth": date_of_birth,
    "with_death_recorded_in_primary_care": with_death_recorded_in_primary_care,
    "registered_as_of": registered_as_of,
    "registered_with_one_practice_between": registered_with_one_practice_between,
    "with_complete_gp_consultation_history_between": with_complete_gp_consultation_history_between,
    "with_complete_history_between": with_complete_history_between,
    "registered_practice_as_of": registered_practice_as_of,
    "date_deregistered_from_all_supported_practices": date_deregistered_from_all_supported_practices,
    "address_as_of": address_as_of,
    "care_home_status_as_of": care_home_status_as_of,
}
