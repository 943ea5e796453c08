"""An OMOP table as a view needs it: with the columns and types of its schema, whatever
the dump has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from extractors.errors import RecordsError
from extractors.model.schema import TableSchema
from extractors.model.types import ICD10Code
from extractors.sources.base import Table
from extractors.sources.codes import MENDS
from extractors.sources.dirt import Dirt
from extractors.sources.omop.own import DEATH, OWN, PERSON, REQUIRED, lacking
from extractors.sources.omop.views import MAPPED, View, view_of
from extractors.sources.promises import Promised, Promises
from extractors.sources.reader import stored_type
from extractors.sources.reading import read_columns, select
from extractors.sql.words import quote

MENDED = {rule.words for rule in MENDS}
PATIENTS = ("person_id", "subject_id")


def view_for(schema: TableSchema, columns: Sequence[str]) -> View:
    view = view_of(schema, columns)
    if view is None:
        raise RecordsError(
            f"OMOP records have no table {schema.name}; they give the core tables "
            f"{', '.join(MAPPED)}, and OMOP's own (extractors.tables.omop): "
            f"{', '.join(OWN)}."
        )
    return view


def shaped(view: View, table: str, stored: Table | None) -> str:
    """An OMOP table with the columns and types of its schema, empty if it is not
    there.
    """
    schema = view.inputs[table]
    if stored is not None:
        promises = own_promises(stored, schema)
        return select(stored, read_columns(stored, schema.columns), promises.columns)
    if view.own and table == PERSON and patient_column(view, view.name):
        return f"SELECT {patient_column(view, view.name)} AS person_id FROM {view.name}"
    nothing = (
        f"CAST(NULL AS {stored_type(c.type)}) AS {quote(c.name)}"
        for c in schema.columns
    )
    return f"SELECT {', '.join(nothing)} WHERE FALSE"


def own_promises(stored: Table, schema: TableSchema) -> Promises:
    """OMOP's own, which no definition has made; but of chosen rows nothing is said."""
    columns = tuple(
        Promised(column, kept=not stored.chosen) for column in schema.columns
    )
    return Promises(columns, schema.one_row)


def matters(
    dirt: Dirt, view: View, table: str, stored: Table, columns: Sequence[str]
) -> bool:
    """Whether dirt of an OMOP table matters beyond the view, or the view is that table.

    Another message names a column that is not there. No definition asks for one that
    only orders deaths.
    """
    if not dirt.said or dirt.rule in MENDED:
        return True
    if view.own is None or table != view.name:
        return False
    asked = (*columns, *REQUIRED[view.name])
    only_orders = (
        view.name == "death" and dirt.column in DEATH and dirt.column not in asked
    )
    return not only_orders and (not dirt.column or dirt.column in stored.types)


def patient_column(view: View, table: str) -> str:
    """The column of an OMOP table that is the patient; empty if its rows belong to no
    patient.
    """
    first = view.inputs[table].columns[0].name
    return first if first in PATIENTS else ""


def lacking_words(view: View, stored: Table, columns: Sequence[str]) -> tuple[str, ...]:
    """What is said of columns that OMOP has and this table has not."""
    return tuple(
        f"{stored.label}: it has no column {name}, which counts as missing in every row"
        for name in lacking(view.name, stored.types, columns)
    )


def refuse_others(
    name: str, offered: Sequence[str], types: Mapping[str, str], columns: Sequence[str]
) -> None:
    """A column that OMOP cannot give must not be read as NULL: the definition would
    mean something else.
    """
    absent = [column for column in columns if column not in types]
    if absent:
        raise RecordsError(
            f"OMOP records have no {', '.join(absent)} in {name}; they give the "
            f"columns {', '.join(offered)}."
        )


def with_causes(promised: Promised) -> Promised:
    """Vocabularies cover only a part of the deaths; that some have no cause is worth a
    warning.
    """
    column = promised.column
    return replace(
        promised,
        column=replace(column, required=column.required or column.type is ICD10Code),
    )
