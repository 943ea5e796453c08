"""Whom a count is of: a fingerprint of its people, which adds up as the count does.

Every patient has a keyed hash of 64 bits. A count of people carries the sum of theirs,
modulo 2^64: two counts of the same people have one fingerprint, in whatever words they
ask, and two of other people hardly ever. Sums go through changes, shards and periods as
counts do, in any order.

Without the key no reader knows whose hash is whose. Fingerprints are patient data: they
stay where raw counts do.
"""

from dataclasses import dataclass, field

from extractors.planner.kinds import PERSON
from extractors.sql.words import quote

KEY = "people_key"  # the parameter that brings the key
HALF = 2**63
PEOPLE = 96  # the bits of a packed sum below the number of people
REST = f"CAST({2**64 - 1} AS HUGEINT)"


@dataclass(frozen=True)
class PeopleKey:
    """The key of the hashes, for this purpose alone."""

    # any text that cannot be guessed; no log shows it
    text: str = field(repr=False)


# of rows that are not counted, or that are made up by hand: they have nothing to hide
NO_SECRET = PeopleKey("")


def person_sql(own_id: str) -> str:
    """The hash of a patient: the first 64 bits of SHA-256 of the key and the id, less
    2^63 to be a BIGINT.

    `own_id`: the source's own id of the patient as text, the same in every run and
    every shape of the records.
    """
    hashed = f"left(sha256(${KEY} || ':' || {own_id}), 16)"
    return (
        f"CAST(CAST(CAST('0x' || {hashed} AS UBIGINT) AS HUGEINT) - {HALF} AS BIGINT)"
    )


def with_person_sql(patients: str, own_ids: str = "") -> str:
    """SELECT of rows of patients, each with the hash of its patient.

    `own_ids`: a SELECT of patient_id and the source's own id; empty where they are one.
    """
    if not own_ids:
        return (
            f"SELECT *, {person_sql('CAST(patient_id AS VARCHAR)')} AS "
            f"{quote(PERSON)} FROM ({patients})"
        )
    ids = f"({own_ids}) AS ids ON ids.patient_id = numbered.patient_id"
    return (
        f"SELECT numbered.*, {person_sql('ids.id')} AS {quote(PERSON)} FROM "
        f"({patients}) AS numbered JOIN {ids}"
    )


def packed_sql(hashed: str) -> str:
    """A person and their hash in one HUGEINT: one sum is how many people there are, and
    their fingerprint.

    Two sums take half as long again. There is room for 10^9 people: Arrow has it as a
    decimal of 38 digits.
    """
    return f"(CAST({2**PEOPLE + HALF} AS HUGEINT) + {hashed})"


def people_sql(condition: str = "") -> str:
    """The packed sum of the patients of some rows, or of those that fulfil a
    condition.
    """
    where = f" FILTER (WHERE {condition})" if condition else ""
    return f"coalesce(sum({quote(PERSON)}){where}, 0)"


def count_sql(packed: str) -> str:
    """How many people are in a packed sum."""
    return f"CAST({packed} >> {PEOPLE} AS BIGINT)"


def fingerprint_sql(total: str) -> str:
    """The fingerprint in a packed sum, or of a sum of fingerprints: modulo 2^64, from 0
    on.
    """
    return f"({total} & {REST})"
