"""Rows of patients with the ids that the source has for them."""

from extractors.engine import Engine
from extractors.snapshot import Snapshot
from extractors.sql.words import quote

ROWS = "rows of the dataset"  # with a space, so no author's table can have this name
OWN = "rows with the source's own ids"  # likewise


def with_own_ids(engine: Engine, snapshot: Snapshot, name: str) -> str:
    """The table of these rows with the ids that the source has for patients."""
    if not snapshot.ids_are_texts:
        return name
    query = (
        "SELECT ids.id AS patient_id, numbered.* EXCLUDE (patient_id) FROM "
        f"{quote(name)} AS numbered"
    )
    known = f"({snapshot.own_ids}) AS ids ON ids.patient_id = numbered.patient_id"
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {quote(OWN)} AS {query} JOIN {known}")
    return OWN
