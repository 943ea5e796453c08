"""Deaths on certificates."""

from collections.abc import Callable, Sequence

from extractors.tables import tpp
from measures.cohortextractor import making
from measures.cohortextractor.asked import Asked, one_of_these
from measures.cohortextractor.codelists import codes_in
from measures.cohortextractor.columns import Column, dated
from measures.cohortextractor.context import Context
from measures.cohortextractor.functions.matching import (
    as_text,
    is_any,
    precision,
    table,
)
from measures.cohortextractor.making import Series, column

CAUSES = (
    "underlying_cause_of_death",
    *(f"cause_of_death_{number:02}" for number in range(1, 16)),
)
PLACES = (
    "Care Home",
    "Elsewhere",
    "Home",
    "Hospice",
    "Hospital",
    "Other communal establishment",
)
RETURNS = (
    "binary_flag",
    "date_of_death",
    "underlying_cause_of_death",
    "place_of_death",
)


def died_from_any_cause(context: Context, asked: Asked) -> Column:
    return _died(context, asked, ())


def with_these_codes_on_death_certificate(context: Context, asked: Asked) -> Column:
    """The codes themselves, not what begins with them."""
    codes = codes_in(asked["codelist"], "the codelist of causes", ("icd10",)).codes
    causes = CAUSES[:1] if asked["match_only_underlying_cause"] else CAUSES
    certificate = table(tpp.ons_deaths)
    named = []
    for cause in causes:
        named.append(making.filled(is_any(column(certificate, cause), codes), False))
    return _died(context, asked, [making.either(*named)])


def _died(context: Context, asked: Asked, conditions: Sequence[Series]) -> Column:
    """Of the one certificate of a patient, if it fits."""
    certificate = table(tpp.ons_deaths)
    died = column(certificate, "date")
    fits = making.both(
        making.exists(certificate), *conditions, *context.period(asked).holds(died)
    )
    fits = making.filled(fits, False)
    day = _if(fits, making.call("coalesce", died, making.FAR))
    match one_of_these(asked["returning"], RETURNS, "returning"):
        case "binary_flag":
            return Column("flag", fits, day=day)
        case "date_of_death":
            return dated(day, precision(asked))
        case "underlying_cause_of_death":
            cause = as_text(column(certificate, "underlying_cause_of_death"))
            return Column("str", _if(fits, cause), day=day)
    return Column(
        "str", _if(fits, column(certificate, "place")), labels=PLACES, day=day
    )


def _if(fits: Series, value: Series) -> Series:
    return making.choice([(fits, value)], making.nothing(value.type))


DEATHS: dict[str, Callable[[Context, Asked], Column]] = {
    "died_from_any_cause": died_from_any_cause,
    "with_these_codes_on_death_certificate": with_these_codes_on_death_certificate,
}
