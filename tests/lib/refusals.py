"""Expressions that the language refuses, as tables: what somebody wrote, the kind of
error, words that must be told.

The expressions name the tables of `tests.lib.tables` (`p` has one row per patient, `e`
and `e2` any number, and a column's letter is its type), a `dataset` and `measures`
without anything yet, and what an author can import.
"""

import datetime
from collections.abc import Mapping
from typing import Any

import pytest

from extractors import (
    INTERVAL,
    case,
    create_dataset,
    days,
    maximum_of,
    minimum_of,
    months,
    weeks,
    when,
    years,
)
from extractors.language import EventFrame, PatientFrame, Series, table
from extractors.language.codelists import codelist_from_csv, codelist_from_csv_lines
from extractors.language.dataset import nodes_of
from extractors.model.types import BNFCode, CTV3Code, DMDCode, ICD10Code, OPCS4Code
from extractors.tables.tpp import addresses, practice_registrations
from measures import create_measures
from tests.lib.tables import e, e2, p, p2


@table
class codes(PatientFrame):
    """One column for each coding system that `p` has not."""

    ctv3, bnf, dmd, opcs4 = (
        Series(CTV3Code),
        Series(BNFCode),
        Series(DMDCode),
        Series(OPCS4Code),
    )


WEEK = weeks(1).starting_on("2020-01-06")
PLAIN: dict[str, Any] = {
    "INTERVAL": INTERVAL, "case": case, "when": when, "days": days, "weeks": weeks, "months": months, "years": years,
    "maximum_of": maximum_of, "minimum_of": minimum_of, "datetime": datetime, "date": datetime.date, "WEEK": WEEK,
    "EventFrame": EventFrame, "PatientFrame": PatientFrame, "Series": Series, "table": table, "ICD10Code": ICD10Code,
    "addresses": addresses, "registrations": practice_registrations, "codelist_lines": codelist_from_csv_lines,
    "codelist_from_csv": codelist_from_csv, "p": p, "p2": p2, "e": e, "e2": e2, "codes": codes,
}  # fmt: skip

Refusal = tuple[str, type[Exception], str]


def names() -> dict[str, Any]:
    """What an expression may name, with a dataset and measures of its own."""
    dataset, measures = create_dataset(), create_measures()
    good = (p.b1, p.b1, None, WEEK)
    own = {
        "define": measures.define_measure,
        "defaults": measures.define_defaults,
        "GOOD": good,
    }
    return (
        PLAIN | own | {"dataset": dataset, "measures": measures, "nodes_of": nodes_of}
    )


def check_refused(expression: str, error: type[Exception], told: str) -> None:
    with pytest.raises(error) as caught:
        eval(expression, names())
    assert type(caught.value) is error
    assert told in str(caught.value)


def every(groups: Mapping[str, list[Refusal]]) -> list[Any]:
    """The rows of a table as parameters of a test, each called by its expression."""
    return [pytest.param(*row, id=row[0]) for rows in groups.values() for row in rows]
