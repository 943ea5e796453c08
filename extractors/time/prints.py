"""Whose rows differ between two loads of the records.

Everybody has a fingerprint of their rows in a snapshot: two sums of hashes of 64 bits
each, over all tables and just the columns and rows that the plan reads. It does not
depend on the order of rows, and a row that is there twice counts twice. Whatever is
computed of a patient depends on these rows alone, so people with equal fingerprints
have equal static values, stretches and touched rows.

Fingerprints are patient data: they stay where the snapshot does.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from extractors.engine import Engine
from extractors.sql.files import read_parquet
from extractors.sql.words import quote, text

WHOLE_NUMBERS = {"TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER"}
HALVES = ("first", "second")
PATIENT = "CAST(patient_id AS BIGINT) AS patient_id"


def write_prints(
    engine: Engine,
    tables: Mapping[str, str],
    path: Path,
    members: Iterable[str] = (),
) -> None:
    """Write the fingerprint of everybody in some tables.

    `tables`: by name, what goes behind FROM for their needed rows. `members`: the same
    of people who may be counted whatever their rows hold; without others they have a
    fingerprint of zeros.
    """
    rows = [_hashed(engine, name, table) for name, table in tables.items()]
    zeros = ", ".join(f"CAST(0 AS UBIGINT) AS {half}" for half in HALVES)
    rows += [f"SELECT {PATIENT}, {zeros} FROM {each}" for each in members]
    # modulo 2^64, so that each half takes eight bytes
    sums = [f"CAST(sum({half}) % {2**64} AS UBIGINT) AS {half}" for half in HALVES]
    every = " UNION ALL ".join(rows)
    query = f"SELECT patient_id, {', '.join(sums)} FROM ({every}) GROUP BY patient_id"
    # hashes are as large compressed
    engine.write_parquet(query, path, compression="uncompressed")


def _hashed(engine: Engine, name: str, table: str) -> str:
    """SELECT of the two hashes of every row of a table: of its values, and of that
    hash, which costs less than the values twice.

    Numbers are stored as narrow as they fit, and the same number of another width has
    another hash: so all are as wide.
    """
    columns = [text(name)]
    for column, type_ in sorted(engine.types(table).items()):
        if column != "patient_id":
            wide = type_ in WHOLE_NUMBERS
            columns.append(
                f"CAST({quote(column)} AS BIGINT)" if wide else quote(column)
            )
    first, second = HALVES
    hashed = f"SELECT {PATIENT}, hash({', '.join(columns)}) AS {first} FROM {table}"
    return f"SELECT *, hash({first}) AS {second} FROM ({hashed})"


def changed_people(engine: Engine, before: Path, now: Path) -> pa.Array:
    """The patients of either load whose rows differ, or are in one of them alone; in
    order.
    """
    old, new = read_parquet([before]), read_parquet([now])
    same = " AND ".join(f"old.{half} = new.{half}" for half in HALVES)
    query = (
        f"SELECT patient_id FROM {old} AS old FULL JOIN {new} AS new USING "
        f"(patient_id) WHERE NOT coalesce({same}, FALSE) ORDER BY patient_id"
    )
    return engine.arrow(query)["patient_id"].combine_chunks()


def people_in(path: Path) -> int:
    """Of how many people there are fingerprints."""
    return pq.read_metadata(path).num_rows
