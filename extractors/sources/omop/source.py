"""OMOP records as the `core` tables: one SQL view per table, beside this file.

A view is the SQL of NAME.sql behind a WITH that gives every OMOP table it reads the columns and types
of `inputs`, whatever the dump has. Nothing is stored: the records stream through.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files as package_files
from pathlib import Path

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.model.schema import TableSchema, stored_names
from extractors.model.types import is_code
from extractors.sources.base import Place, Table, WholeIds
from extractors.sources.checking import check_rows
from extractors.sources.codes import MENDS
from extractors.sources.dirt import Checked, Dirt, refuse, together
from extractors.sources.omop.inputs import INPUTS, PERSON_ID, VIEWS
from extractors.sources.promises import Promised, Promises, promises_of
from extractors.sources.reader import Rule, stored_type
from extractors.sources.reading import read_columns, select, select_rows
from extractors.sources.tables import nearest
from extractors.sql.words import quote

STRANGERS = Rule("of persons who are not in person", "they are left out")
SEVERAL_DEATHS = Rule("deaths of a person on several days", "keep the day that is right")
_MONTHLESS = "coalesce(month_of_birth NOT BETWEEN 1 AND 12, TRUE) AND"
BIRTHS = {
    f"{_MONTHLESS} birth_datetime IS NULL": Rule("without a month of birth", "January is taken for it"),
    f"{_MONTHLESS} year(birth_datetime) <> year_of_birth": Rule(
        "without a month of birth, and with a birth_datetime of another year than year_of_birth",
        "January is taken for it",
    ),
}
MENDED = {rule.words for rule in MENDS}
SQL = {name: package_files(__package__).joinpath(f"{name}.sql").read_text("utf-8") for name in VIEWS}


@dataclass(frozen=True)
class Omop(WholeIds):
    """A Source whose place holds the OMOP CDM, 5.3 or 5.4, with names in upper or lower case."""

    place: Place

    def files(self) -> tuple[Path, ...]:
        return self.place.files()

    def relation(
        self,
        engine: Engine,
        schema: TableSchema,
        columns: Sequence[str],
        clean: Container[str] = (),
    ) -> str:
        view = self._view(engine, schema, columns)
        promises = promises_of(schema, columns, chosen=view.chosen)
        return select_rows(view, read_columns(view, promises.plain, clean), promises)

    def check(self, engine: Engine, schema: TableSchema, columns: Sequence[str], *, thorough: bool = False) -> Checked:
        """Check the OMOP tables first, then what comes out of the view, then what the view left out."""
        view = self._view(engine, schema, columns)
        promises = promises_of(schema, columns, chosen=view.chosen)
        wanted = replace(promises, columns=tuple(map(_with_codes, promises.columns)))
        name = stored_names(schema.name)[-1]
        readings = read_columns(view, wanted.plain)
        return together(
            [
                *self._check_inputs(engine, name, thorough),
                check_rows(engine, view, readings, wanted, name=schema.name, thorough=thorough),
                self._left_out(engine, name, columns, said=not view.chosen),
            ]
        )

    def _view(self, engine: Engine, schema: TableSchema, columns: Sequence[str]) -> Table:
        name = stored_names(schema.name)[-1]
        if name not in VIEWS:
            raise RecordsError(f"OMOP records have no table {name}; they give the core tables {', '.join(VIEWS)}.")
        relation = f"({self._with_inputs(engine, name)} {SQL[name]})"
        types = engine.types(relation)
        _refuse_others(name, types, columns)
        inputs = self._inputs(engine, name).values()
        return Table(
            label=f"OMOP {name}",
            relation=relation,
            types=types,
            form="OMOP",
            chosen=any(stored.chosen for stored in inputs if stored),
        )

    def _with_inputs(self, engine: Engine, name: str) -> str:
        """The WITH of a view. Never materialized: a CTE used twice would be held in memory whole."""
        parts = (
            f"{table} AS NOT MATERIALIZED ({_shaped(stored, INPUTS[table])})"
            for table, stored in self._inputs(engine, name).items()
        )
        return f"WITH {', '.join(parts)}"

    def _inputs(self, engine: Engine, name: str) -> dict[str, Table | None]:
        """The OMOP tables of a view under their lower-case names; None for what counts as empty."""
        view, there = VIEWS[name], self._there(engine)
        missing = [table for table in view.needs if table not in there]
        if not missing and len(there.keys() & set(view.uses)) < view.at_least:
            missing = list(view.uses)
        if missing:
            raise RecordsError(
                f"{name} is made of OMOP tables that are not in {self.place.label}: {', '.join(missing)}"
                + nearest(missing[0], sorted(there))
            )
        return {table: self._open(engine, there.get(table), INPUTS[table]) for table in view.inputs}

    def _there(self, engine: Engine) -> dict[str, str]:
        """Lower-case name -> the name as it is written in this place."""
        there: dict[str, str] = {}
        for name in self.place.names(engine):
            if name.lower() in there:
                twins = f"{there[name.lower()]} and {name}"
                raise RecordsError(f"There are two of a table in {self.place.label}: {twins}; remove one.")
            there[name.lower()] = name
        return there

    def _open(self, engine: Engine, name: str | None, schema: TableSchema) -> Table | None:
        if name is None:
            return None
        table = self.place.open(engine, name, [column.name for column in schema.columns])
        lowered = replace(table, types={column.lower(): type_ for column, type_ in table.types.items()})
        missing = [c.name for c in schema.columns if c.required and c.name not in lowered.types]
        if missing:
            raise RecordsError(
                f"{table.label}: it lacks {', '.join(missing)}; OMOP 5.3 and 5.4 have that in {schema.name}."
            )
        return lowered

    def _check_inputs(self, engine: Engine, name: str, thorough: bool) -> Iterator[Checked]:
        """Faults, and what was mended: what is NULL or odd in OMOP matters where it reaches the view."""
        for table, stored in self._inputs(engine, name).items():
            if stored is None:
                yield Checked((f"{self.place.label}: there is no OMOP table {table}; it counts as empty",))
                continue
            promises = _promises_of(stored, INPUTS[table])
            found = check_rows(
                engine,
                stored,
                read_columns(stored, promises.plain),
                promises,
                name=name,
                key=_of_persons(table),
                thorough=thorough,
            )
            kept = tuple(each for each in found.dirt if not each.said or each.rule in MENDED)
            yield Checked((*stored.said, *(each.words for each in kept if each.said)), kept)

    def _left_out(self, engine: Engine, name: str, columns: Sequence[str], *, said: bool) -> Checked:
        """What the view cannot say of its rows: strangers, births without a month, deaths on several days."""
        found = []
        for table in filter(_of_persons, VIEWS[name].inputs):
            strangers = f"{table} ANTI JOIN person USING (person_id)"
            found.append(self._odd(engine, name, table, strangers, STRANGERS, said=said))
        if name == "patients":
            for condition, rule in BIRTHS.items():
                found.append(self._odd(engine, name, "person", f"person WHERE {condition}", rule, said=said))
        if name == "ons_deaths" or "date_of_death" in columns:
            days = "(SELECT 1 FROM death GROUP BY person_id HAVING count(DISTINCT death_date) > 1)"
            found.append(self._odd(engine, name, "death", days, SEVERAL_DEATHS, said=said, refused=said))
        dirt = tuple(each for each in found if each.rows)
        refuse(dirt)
        return Checked(tuple(each.words for each in dirt if each.said), dirt)

    def _odd(
        self,
        engine: Engine,
        name: str,
        table: str,
        relation: str,
        rule: Rule,
        *,
        said: bool,
        refused: bool = False,
    ) -> Dirt:
        return Dirt(
            table=name,
            file=table,
            column="",
            rule=rule.words,
            remedy=rule.remedy,
            rows=self._count(engine, name, relation),
            first_row=None,
            refused=refused,
            said=said,
        )

    def _count(self, engine: Engine, name: str, relation: str) -> int:
        ((count,),) = engine.execute(f"{self._with_inputs(engine, name)} SELECT count(*) FROM {relation}")
        return int(count)


def _shaped(stored: Table | None, schema: TableSchema) -> str:
    """An OMOP table with the columns and types of its schema, empty if it is not there."""
    if stored is not None:
        promises = _promises_of(stored, schema)
        return select(stored, read_columns(stored, schema.columns), promises.columns)
    nothing = (f"CAST(NULL AS {stored_type(c.type)}) AS {quote(c.name)}" for c in schema.columns)
    return f"SELECT {', '.join(nothing)} WHERE FALSE"


def _promises_of(stored: Table, schema: TableSchema) -> Promises:
    """OMOP's own, which no definition has made; but of chosen rows nothing is said."""
    columns = tuple(Promised(column, kept=not stored.chosen) for column in schema.columns)
    return Promises(columns, schema.one_row)


def _of_persons(table: str) -> bool:
    return INPUTS[table].columns[:1] == PERSON_ID


def _refuse_others(name: str, types: Mapping[str, str], columns: Sequence[str]) -> None:
    """A column that OMOP cannot give must not be read as NULL: the definition would mean something else."""
    absent = [column for column in columns if column not in types]
    if absent:
        offered = ", ".join(column for column in types if column != "patient_id")
        raise RecordsError(f"OMOP records have no {', '.join(absent)} in {name}; they give the core columns {offered}.")


def _with_codes(promised: Promised) -> Promised:
    """Vocabularies cover only a part of the rows; that some have no code is worth a warning."""
    column = promised.column
    return replace(promised, column=replace(column, required=column.required or is_code(column.type)))
