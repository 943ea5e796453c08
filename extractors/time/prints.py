"""Whose rows differ between two loads of the records.

Everybody has a fingerprint of their rows in a snapshot: the sum of a hash of 64 bits of
each, over all tables and just the columns and rows that the plan reads. It does not
depend on the order of rows, and a row that is there twice counts twice. Whatever is
computed of a patient depends on these rows alone, so people with equal fingerprints
have equal static values, stretches and touched rows.

That two people whose rows differ have equal ones happens once in 2^64 comparisons: not
in a million years of weekly loads of all of England.

Fingerprints are patient data: they stay where the snapshot does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from extractors.engine import Engine
from extractors.sql.files import read_parquet
from extractors.sql.words import quote, text

WHOLE_NUMBERS = {"TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER"}
PRINT = "print"
PATIENT = "CAST(patient_id AS BIGINT) AS patient_id"
# the fingerprint of people who are there, whatever their rows hold
NOTHING = "CAST(0 AS UBIGINT)"


@dataclass(frozen=True)
class Rows:
    """The rows of a table of which fingerprints are taken."""

    # the table's name, so that equal rows of two tables differ
    table: str
    # what goes behind FROM for them
    relation: str
    # the column that says whether a row is needed; empty where all are. Of the people
    # of other rows it is known just that they are there
    needed: str = ""


def write_prints(
    engine: Engine, tables: Iterable[Rows], path: Path, members: str = ""
) -> None:
    """Write the fingerprint of everybody in some tables.

    `members`: what goes behind FROM for people who may be counted whatever their rows
    hold; without other rows they have a fingerprint of zero.
    """
    rows = [_hashed(engine, each) for each in tables]
    if members:
        rows.append(f"SELECT {PATIENT}, {NOTHING} AS {PRINT} FROM {members}")
    # modulo 2^64, so that a fingerprint takes eight bytes
    total = f"CAST(sum({PRINT}) % {2**64} AS UBIGINT) AS {PRINT}"
    every = " UNION ALL ".join(rows)
    query = f"SELECT patient_id, {total} FROM ({every}) GROUP BY patient_id"
    # hashes are as large compressed
    engine.write_parquet(query, path, compression="uncompressed")


def _hashed(engine: Engine, rows: Rows) -> str:
    """SELECT of the hash of every row of a table.

    DuckDB joins the hashes of several columns by XOR. Where two rows change values with
    each other, the sum of such hashes stays the same once in 10^8: at each bit there
    are 3 chances in 4. One of ten million pairs did. So it is a hash of that hash.

    Numbers are stored as narrow as they fit, and the same number of another width has
    another hash: so all are as wide.
    """
    columns = [text(rows.table)]
    for column, type_ in sorted(engine.types(rows.relation).items()):
        if column in ("patient_id", rows.needed):
            continue
        wide = type_ in WHOLE_NUMBERS
        columns.append(f"CAST({quote(column)} AS BIGINT)" if wide else quote(column))
    hashed = f"hash(hash({', '.join(columns)}))"
    if rows.needed:
        needed = quote(rows.needed)
        hashed = f"CASE WHEN {needed} THEN {hashed} ELSE {NOTHING} END"
    return f"SELECT {PATIENT}, {hashed} AS {PRINT} FROM {rows.relation}"


def changed_people(engine: Engine, before: Path, now: Path) -> pa.Array:
    """The patients of either load whose rows differ, or are in one of them alone; in
    order.
    """
    old, new = read_parquet([before]), read_parquet([now])
    same = f"old.{PRINT} = new.{PRINT}"
    query = (
        f"SELECT patient_id FROM {old} AS old FULL JOIN {new} AS new USING "
        f"(patient_id) WHERE NOT coalesce({same}, FALSE) ORDER BY patient_id"
    )
    return engine.arrow(query)["patient_id"].combine_chunks()


def people_in(path: Path) -> int:
    """Of how many people there are fingerprints."""
    return pq.read_metadata(path).num_rows
