"""What the views ask of a database, so that it sends only the rows that a definition
can use.

A codelist becomes a look-up of concept ids within the database; a condition on a date
goes to the table's own date. The vocabulary tables give only the concepts that a view
would look at.
"""

from collections.abc import Iterable, Iterator

from extractors.planner.needs import TableNeed
from extractors.sources.omop.coded import CODES, all_events, code_columns, vocabularies
from extractors.sources.omop.inputs import VOCABULARY
from extractors.sources.omop.own import OF_PERSONS
from extractors.sources.omop.stored import asked
from extractors.sources.omop.views import View, view_of
from extractors.sources.postgresql import Rows, Wanted, merged

# What of `concept` a view looks at, where it looks for no codes: a column and the text
# in it.
CONCEPTS = {
    "patients": ("concept_name", ("intersex",)),
    "ons_deaths": ("vocabulary_id", ("ICD10", "SNOMED")),
}
PARTS = {each.table: each for each in all_events()}


def wanted_of(needs: Iterable[TableNeed]) -> tuple[Wanted, ...]:
    """What the views of some tables ask for; tables that OMOP cannot give ask for
    nothing, and are refused later.
    """
    found: list[Wanted] = []
    for need in needs:
        if not need.schema.file:  # a table of the author's own is no view
            found += _of_view(need)
    return merged(found)


def _of_view(need: TableNeed) -> Iterator[Wanted]:
    if need.schema is VOCABULARY.get(need.schema.name):
        names = tuple((column.name, column.name) for column in need.schema.columns)
        rows = (Rows(need.rows, names),) if need.rows else ()
        yield Wanted(need.schema.name, asked(need.schema.columns), rows)
        return
    view = view_of(need.schema, need.columns)
    if view is None:
        return
    for table, schema in view.inputs.items():
        if table in view.needs | view.uses:
            yield Wanted(table, asked(schema.columns), tuple(_rows(need, view, table)))


def _rows(need: TableNeed, view: View, table: str) -> Iterator[Rows]:
    """The rows of an OMOP table that can become needed rows of a view."""
    if view.own:
        if table == view.name and need.rows and table not in OF_PERSONS:
            names = (column.name for column in view.inputs[table].columns)
            yield Rows(need.rows, tuple((name, name) for name in names))
    elif table == "concept" and view.name in CODES:
        codes = tuple((column, "concept_code") for column in code_columns(view.name))
        yield Rows(need.rows, codes, also=("vocabulary_id", vocabularies(need.columns)))
    elif table == "concept":
        yield Rows(need.rows, also=CONCEPTS[view.name])
    elif table in PARTS and need.rows:
        events = PARTS[table]
        plain = (("date", events.date), ("numeric_value", events.number))
        coded = tuple((column, events.concepts) for column in code_columns(view.name))
        yield Rows(need.rows, tuple(each for each in plain if each[1]), coded)
