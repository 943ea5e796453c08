"""What the views ask of a database, so that it sends only the rows that a definition can use.

A codelist becomes a look-up of concept ids within the database; a condition on a date goes to the table's own
date. The vocabulary tables give only the concepts that a view would look at.
"""

from collections.abc import Iterable, Iterator

from extractors.model.schema import stored_names
from extractors.planner.needs import TableNeed
from extractors.sources.omop.inputs import INPUTS, VIEWS
from extractors.sources.postgresql import Rows, Wanted, merged

Pairs = tuple[tuple[str, str], ...]
CODES = {"clinical_events": "snomedct_code", "medications": "dmd_code"}
# What of `concept` a view looks at: a column and the text in it.
CONCEPTS = {
    "patients": ("concept_name", "intersex"),
    "clinical_events": ("vocabulary_id", "SNOMED"),
    "medications": ("vocabulary_id", "dm+d"),
    "ons_deaths": ("vocabulary_id", "ICD10"),
}
# Tables of events: how a view calls their columns, and which of them hold concept ids.
EVENTS: dict[str, tuple[Pairs, tuple[str, ...]]] = {
    "condition_occurrence": ((("date", "condition_start_date"),), ("condition_concept_id",)),
    "measurement": (
        (("date", "measurement_date"), ("numeric_value", "value_as_number")),
        ("measurement_concept_id",),
    ),
    "observation": (
        (("date", "observation_date"), ("numeric_value", "value_as_number")),
        ("observation_concept_id",),
    ),
    "procedure_occurrence": ((("date", "procedure_date"),), ("procedure_concept_id",)),
    "drug_exposure": (
        (("date", "drug_exposure_start_date"),),
        ("drug_concept_id", "drug_source_concept_id"),
    ),
}


def wanted_of(needs: Iterable[TableNeed]) -> tuple[Wanted, ...]:
    """What the views of some tables ask for; tables that OMOP cannot give ask for nothing, and are refused later."""
    return merged([wanted for need in needs if not need.schema.file for wanted in _of_view(need)])


def _of_view(need: TableNeed) -> Iterator[Wanted]:
    view = VIEWS.get(stored_names(need.schema.name)[-1])
    for table in view.inputs if view else ():
        columns = tuple(column.name for column in INPUTS[table].columns)
        yield Wanted(table, columns, tuple(_rows(need, table)))


def _rows(need: TableNeed, table: str) -> Iterator[Rows]:
    """The rows of an OMOP table that can become needed rows of a view."""
    name = stored_names(need.schema.name)[-1]
    code = CODES.get(name, "")
    if table == "concept":
        yield Rows(need.rows, ((code, "concept_code"),), also=CONCEPTS[name])
    elif table in EVENTS and need.rows:
        columns, concepts = EVENTS[table]
        yield Rows(need.rows, columns, ((code, concepts),))
