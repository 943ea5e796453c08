"""The columns in which sums over a cohort are kept: their names, spelled here and
nowhere else.
"""

import re
from dataclasses import dataclass

# Before the number of a numerator in its tally: its sum, the patients behind it, the
# largest.
SUM, PATIENTS, LARGEST = "n", "p", "m"
FINGERPRINT, PEOPLE = "_f", "_p"  # no group begins like these

# What an author may not call a group, for it is a column of a tally. DuckDB sees no
# capitals.
TAKEN = re.compile(rf"tally|grouping|[{SUM}{PATIENTS}{LARGEST}][0-9]+", re.IGNORECASE)


@dataclass(frozen=True)
class CountColumns:
    """The columns of one numerator or denominator."""

    # the sum itself
    count: str
    # how many patients are behind it
    patients: str
    # the largest absolute value that one patient adds; there only for sums of numbers
    largest: str
    # the fingerprint of those patients (`sql.people`)
    fingerprint: str
    # both in one number, while counts are added up
    people: str


DENOMINATOR = CountColumns(
    count="denominator",
    patients="denominator_patients",
    largest="denominator_largest",
    fingerprint="denominator_fingerprint",
    people="denominator_people",
)


def numerator(number: int) -> CountColumns:
    """The columns of the numerator with this number in its tally."""
    return CountColumns(
        count=f"{SUM}{number}",
        patients=f"{PATIENTS}{number}",
        largest=f"{LARGEST}{number}",
        fingerprint=f"{FINGERPRINT}{number}",
        people=f"{PEOPLE}{number}",
    )
