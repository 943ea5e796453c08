"""The tables of the language as SQL over OMOP's: what each reads, of which some may be
missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files as package_files

from extractors.model.schema import TableSchema, stored_names
from extractors.sources.omop.coded import CODES, PLAIN, code_columns, events_sql
from extractors.sources.omop.inputs import INPUTS
from extractors.sources.omop.own import OWN, own_inputs, own_needs, own_sql


@dataclass(frozen=True, kw_only=True)
class View:
    """A table of the language for some of its columns."""

    # as stored tables are called
    name: str
    # a SELECT that names its inputs
    sql: str
    # every OMOP table that the SQL names, with the columns that it has there
    inputs: Mapping[str, TableSchema]
    # those that must be there
    needs: frozenset[str]
    # those that are read if they are there; all others count as empty without a warning
    uses: frozenset[str] = frozenset()
    # how many of `uses` must be there
    at_least: int = 0
    # of a table of events the columns that it gives; of others its SQL tells
    gives: tuple[str, ...] = ()
    # OMOP's own table, with its promises; None for tables of core
    own: TableSchema | None = None


@dataclass(frozen=True)
class Mapped:
    """How a table of core is made: by the SQL in a file beside this one."""

    # always needed
    needs: tuple[str, ...]
    # used if they are there, whatever is asked
    uses: tuple[str, ...] = ()
    # a table -> the columns of the language for which it must be there
    needed_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # a table -> the columns of the language for which it is used
    used_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # how many of `uses` must be there
    at_least: int = 0

    @property
    def every(self) -> tuple[str, ...]:
        """The tables that the SQL names."""
        return (*self.needs, *self.uses, *self.needed_for, *self.used_for)


CAUSES = (
    "cause_snomedct_code",
    "underlying_cause_of_death",
    *(f"cause_of_death_{n:02}" for n in range(1, 16)),
)
MAPPED = {
    "patients": Mapped(
        ("person",), used_for={"death": ("date_of_death",), "concept": ("sex",)}
    ),
    "practice_registrations": Mapped(
        ("person", "observation_period"),
        used_for={"provider": ("practice_pseudo_id",)},
    ),
    "clinical_events": Mapped(
        ("person",),
        ("condition_occurrence", "measurement", "observation", "procedure_occurrence"),
        needed_for={"concept": code_columns("clinical_events")},
        at_least=1,
    ),
    "medications": Mapped(
        ("person", "drug_exposure"), needed_for={"concept": code_columns("medications")}
    ),
    "ons_deaths": Mapped(("person", "death"), used_for={"concept": CAUSES}),
}
SQL = {
    name: package_files(__package__).joinpath(f"{name}.sql").read_text("utf-8")
    for name in MAPPED
    if name not in CODES
}


def view_of(schema: TableSchema, columns: Sequence[str]) -> View | None:
    """The view of a table for these columns; None where OMOP has nothing for it."""
    name = stored_names(schema.name)[-1]
    if name in MAPPED:
        return _mapped(name, MAPPED[name], columns)
    if name not in OWN:
        return None
    inputs = own_inputs(name, columns)
    needs = own_needs(name, columns)
    return View(
        name=name,
        sql=own_sql(name, columns),
        inputs=inputs,
        needs=needs,
        uses=frozenset(inputs) - needs,
        own=OWN[name],
    )


def _mapped(name: str, mapped: Mapped, columns: Sequence[str]) -> View:
    return View(
        name=name,
        sql=events_sql(name, columns) if name in CODES else SQL[name],
        inputs={table: INPUTS[table] for table in mapped.every},
        needs=frozenset((*mapped.needs, *_asked(mapped.needed_for, columns))),
        uses=frozenset((*mapped.uses, *_asked(mapped.used_for, columns))),
        at_least=mapped.at_least,
        gives=(*PLAIN[name], *CODES[name]) if name in CODES else (),
    )


def _asked(
    for_columns: Mapping[str, tuple[str, ...]], columns: Sequence[str]
) -> list[str]:
    found: list[str] = []
    for table, theirs in for_columns.items():
        if set(theirs) & set(columns):
            found.append(table)
    return found
