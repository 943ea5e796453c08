"""Since when something exists: no vaccine, drug or test is recorded before.

Codes of the UK's extension of SNOMED CT are numbered as they are made, so the number of
a code says about when that was. The anchors are codes whose first release is known: of
COVID-19 (February 2020), shielding (March 2020), vaccination (December 2020), boosters
(September 2021).
"""

import re

import numpy as np
import pyarrow as pa

from extractors.late import pc
from extractors.model.schema import TableSchema
from extractors.model.types import is_code
from extractors.trial.arrow import Rows
from extractors.trial.days import number
from extractors.trial.dice import Array

ALWAYS = -1_000_000  # a day before all others
# number, namespace, kind, check digit
UK_EXTENSION = re.compile(r"([1-9][0-9]{1,6})100000010[0-9]")
# The number within the extension from which on codes are as young as this.
NUMBERED = (
    (124_000, "2020-01-31"),
    (130_000, "2020-03-19"),
    (132_100, "2020-05-01"),
    (132_460, "2020-12-08"),
    (132_500, "2020-12-09"),
    (136_250, "2021-09-16"),
    (140_000, "2022-03-01"),
)
CODES = {
    "840534001": "2020-12-08",  # vaccination against COVID-19
    "840539006": "2020-01-31",  # COVID-19
    "840544004": "2020-01-31",
    "840536004": "2020-01-31",
    "884861000000100": "2013-09-01",  # influenza vaccine into the nose
    "859641000000109": "2013-09-01",  # vaccination against shingles
    "722215002": "2013-09-01",
    "U071": "2020-01-31",
    "U072": "2020-01-31",
}
# Tables of what began on a day, as their makers say.
TABLES = {
    "covid_therapeutics": "2021-12-16",
    "sgss_covid_all_tests": "2020-01-31",
    "occupation_on_covid_vaccine_record": "2020-12-08",
    "emergency_care_attendances": "2017-10-01",
    "ec": "2017-10-01",
    "ec_cost": "2017-10-01",
}


def since(code: str) -> int:
    """The first day of a code; ALWAYS for most."""
    if code in CODES:
        return number(CODES[code])
    found = UK_EXTENSION.fullmatch(code)
    if not found:
        return ALWAYS
    younger = [day for least, day in NUMBERED if int(found[1]) >= least]
    return number(younger[-1]) if younger else ALWAYS


def table_since(table: str) -> int:
    """The first day of a table; ALWAYS for most."""
    return number(TABLES[table]) if table in TABLES else ALWAYS


def existing(schema: TableSchema, rows: Rows) -> Rows:
    """The rows without those of a code, or of a table, before it existed."""
    early = _before_table(schema, rows) | _before_codes(schema, rows)
    if not early.any():
        return rows
    kept = pa.array(~early)
    return Rows(
        rows.patient[~early],
        {name: each.filter(kept) for name, each in rows.columns.items()},
    )


def _before_table(schema: TableSchema, rows: Rows) -> Array:
    """Which rows have a date before the table's first day."""
    early = np.zeros(len(rows.patient), bool)
    if schema.name not in TABLES:
        return early
    for column in rows.columns.values():
        if pa.types.is_date32(column.type):
            early |= _days(column) < table_since(schema.name)
    return early


def _before_codes(schema: TableSchema, rows: Rows) -> Array:
    """Which rows are of a code before its first day."""
    never = np.zeros(len(rows.patient), bool)
    if "date" not in rows.columns or not pa.types.is_date32(rows.columns["date"].type):
        return never
    names = [column.name for column in schema.columns if is_code(column.type)]
    found = [_first_days(rows.columns[name]) for name in names]
    first = [each for each in found if each is not None]
    if not first:
        return never
    return np.asarray(_days(rows.columns["date"]) < np.stack(first).max(axis=0))


def _days(column: pa.Array) -> Array:
    """Without a date, a day after all others."""
    return np.asarray(
        pc.fill_null(column.view(pa.int32()), -ALWAYS).to_numpy(zero_copy_only=False)
    )


def _first_days(codes: pa.Array) -> Array | None:
    """Of each row the first day of its code; None where all have always been."""
    if not pa.types.is_dictionary(codes.type):
        return None
    days = np.array(
        [since(str(code)) for code in codes.dictionary.to_pylist()] or [ALWAYS],
        np.int32,
    )
    if (days == ALWAYS).all():
        return None
    place = pc.fill_null(codes.indices, 0).to_numpy(zero_copy_only=False)
    return np.where(
        codes.is_valid().to_numpy(zero_copy_only=False), days[place], ALWAYS
    )
