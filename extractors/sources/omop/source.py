"""OMOP records as the `core` tables, and as OMOP's own: a view for each.

A view is SQL behind a WITH that gives every OMOP table it reads the columns and types
that it should have, whatever the dump has. Nothing is stored: the records stream
through.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.model.schema import TableSchema
from extractors.sources.base import Place, Table, WholeIds
from extractors.sources.checking import check_rows
from extractors.sources.dirt import Checked, Dirt, refuse, together
from extractors.sources.omop.coded import CODES, code_columns
from extractors.sources.omop.inputs import VOCABULARY
from extractors.sources.omop.own import PERSON
from extractors.sources.omop.shaping import (
    lacking_words,
    matters,
    own_promises,
    patient_column,
    refuse_others,
    shaped,
    view_for,
    with_causes,
)
from extractors.sources.omop.stored import as_meant, asked
from extractors.sources.omop.unseen import Database, of_database, of_files
from extractors.sources.omop.views import View
from extractors.sources.promises import Promised, promises_of
from extractors.sources.reader import Rule
from extractors.sources.reading import read_columns, select, select_rows
from extractors.sources.tables import nearest

STRANGERS = Rule("of persons who are not in person", "they are left out")
SEVERAL_DEATHS = Rule(
    "deaths of a person on several days", "keep the day that is right"
)
_MONTHLESS = "coalesce(month_of_birth NOT BETWEEN 1 AND 12, TRUE) AND"
BIRTHS = {
    f"{_MONTHLESS} birth_datetime IS NULL": Rule(
        "without a month of birth", "January is taken for it"
    ),
    f"{_MONTHLESS} year(birth_datetime) <> year_of_birth": Rule(
        "without a month of birth, and with a birth_datetime of another year than "
        "year_of_birth",
        "January is taken for it",
    ),
}


@dataclass(frozen=True)
class Omop(WholeIds):
    """A Source whose place holds the OMOP CDM, 5.3 or 5.4, with names in upper or lower
    case.
    """

    # the folder or database of the tables
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
        view = view_for(schema, columns)
        table = self._as_table(engine, view, columns)
        promises = promises_of(schema, columns, chosen=table.chosen, site=view.own)
        return select_rows(table, read_columns(table, promises.plain, clean), promises)

    def check(
        self,
        engine: Engine,
        schema: TableSchema,
        columns: Sequence[str],
        *,
        thorough: bool = False,
    ) -> Checked:
        """Check the OMOP tables first, then what comes out of the view, then what the
        view left out.
        """
        view = view_for(schema, columns)
        table = self._as_table(engine, view, columns)
        found = [*self._check_inputs(engine, view, columns, thorough)]
        if view.own is None:
            promises = promises_of(schema, columns, chosen=table.chosen)
            wanted = (
                replace(promises, columns=tuple(map(with_causes, promises.columns)))
                if view.name == "ons_deaths"
                else promises
            )
            readings = read_columns(table, wanted.plain)
            found.append(
                check_rows(
                    engine, table, readings, wanted, name=schema.name, thorough=thorough
                )
            )
        found.append(self._left_out(engine, view, columns, said=not table.chosen))
        return together([*found, self._unseen(engine, view, columns)])

    def vocabulary(self, engine: Engine, name: str) -> str:
        """A SELECT of a table of the vocabulary, as `inputs.VOCABULARY` describes it;
        empty if it is not there.
        """
        schema = VOCABULARY[name]
        stored = self._open(engine, self._there(engine).get(name), schema)
        if stored is None:
            return ""
        lenient = [Promised(column, kept=False) for column in schema.columns]
        return select(stored, read_columns(stored, schema.columns), lenient)

    def _as_table(self, engine: Engine, view: View, columns: Sequence[str]) -> Table:
        """What a view gives, as if it were stored."""
        relation = f"({self._with_inputs(engine, view)} {view.sql})"
        types = engine.types(relation)
        refuse_others(view.name, view.gives or tuple(types)[1:], types, columns)
        inputs = self._inputs(engine, view).values()
        return Table(
            label=f"OMOP {view.name}",
            relation=relation,
            types=types,
            form="OMOP",
            chosen=any(stored.chosen for stored in inputs if stored),
        )

    def _with_inputs(self, engine: Engine, view: View) -> str:
        """The WITH of a view. Never materialized: a CTE used twice would be held in
        memory whole.
        """
        parts = (
            f"{table} AS NOT MATERIALIZED ({shaped(view, table, stored)})"
            for table, stored in self._inputs(engine, view).items()
        )
        return f"WITH {', '.join(parts)}"

    def _inputs(self, engine: Engine, view: View) -> dict[str, Table | None]:
        """The OMOP tables of a view under their lower-case names; None for what counts
        as empty.
        """
        there = self._there(engine)
        missing = [
            table for table in view.inputs if table in view.needs and table not in there
        ]
        if not missing and len(there.keys() & view.uses) < view.at_least:
            missing = sorted(view.uses - there.keys())
        if missing:
            raise RecordsError(
                (
                    f"{view.name} is made of OMOP tables that are not in "
                    f"{self.place.label}: {', '.join(missing)}"
                )
                + nearest(missing[0], sorted(there))
            )
        read = view.needs | view.uses
        return {
            table: self._open(
                engine, there.get(table) if table in read else None, schema
            )
            for table, schema in view.inputs.items()
        }

    def _there(self, engine: Engine) -> dict[str, str]:
        """Lower-case name -> the name as it is written in this place."""
        there: dict[str, str] = {}
        for name in self.place.names(engine):
            if name.lower() in there:
                twins = f"{there[name.lower()]} and {name}"
                raise RecordsError(
                    f"There are two of a table in {self.place.label}: {twins}; "
                    "remove one."
                )
            there[name.lower()] = name
        return there

    def _open(
        self, engine: Engine, name: str | None, schema: TableSchema
    ) -> Table | None:
        if name is None:
            return None
        stored = self.place.open(engine, name, asked(schema.columns))
        table = as_meant(engine, stored, schema.columns)
        missing = [
            c.name for c in schema.columns if c.required and c.name not in table.types
        ]
        if missing:
            raise RecordsError(
                f"{table.label}: it lacks {', '.join(missing)}; OMOP 5.3 and 5.4 "
                f"have that in {schema.name}."
            )
        return table

    def _check_inputs(
        self, engine: Engine, view: View, columns: Sequence[str], thorough: bool
    ) -> Iterator[Checked]:
        """Faults, and what was mended: what is NULL or odd in OMOP matters where it
        reaches the view.
        """
        for table, stored in self._inputs(engine, view).items():
            if stored is None:
                yield Checked(self._missing(view, table))
                continue
            promises = own_promises(stored, view.inputs[table])
            found = check_rows(
                engine,
                stored,
                read_columns(stored, promises.plain),
                promises,
                name=view.name,
                key=patient_column(view, table) != "",
                thorough=thorough,
            )
            is_it = view.own is not None and table == view.name
            kept = tuple(
                each
                for each in found.dirt
                if matters(each, view, table, stored, columns)
            )
            lacking = lacking_words(view, stored, columns) if is_it else ()
            yield Checked(
                (*stored.said, *lacking, *(each.words for each in kept if each.said)),
                kept,
            )

    def _missing(self, view: View, table: str) -> tuple[str, ...]:
        """What is said of a table that is not there, if it would have been read."""
        if table not in view.uses:
            return ()
        if view.own and table == PERSON:
            return (
                f"{self.place.label}: there is no OMOP table person, so everybody "
                "with a row counts as a person",
            )
        return (
            f"{self.place.label}: there is no OMOP table {table}; it counts as empty",
        )

    def _left_out(
        self, engine: Engine, view: View, columns: Sequence[str], *, said: bool
    ) -> Checked:
        """What the view cannot say of its rows: strangers, births without a month,
        deaths on several days.
        """
        found = []
        for table in view.inputs:
            key = patient_column(view, table)
            if key and table != PERSON:
                strangers = (
                    f"{table} ANTI JOIN person ON person.person_id = {table}.{key}"
                )
                found.append(
                    self._odd(engine, view, table, strangers, STRANGERS, said=said)
                )
        if view.name == "patients":
            for condition, rule in BIRTHS.items():
                found.append(
                    self._odd(
                        engine,
                        view,
                        PERSON,
                        f"person WHERE {condition}",
                        rule,
                        said=said,
                    )
                )
        if view.name in ("ons_deaths", "death") or "date_of_death" in columns:
            days = (
                "(SELECT 1 FROM death GROUP BY person_id HAVING count(DISTINCT "
                "death_date) > 1)"
            )
            found.append(
                self._odd(
                    engine, view, "death", days, SEVERAL_DEATHS, said=said, refused=said
                )
            )
        dirt = tuple(each for each in found if each.rows)
        refuse(dirt)
        return Checked(tuple(each.words for each in dirt if each.said), dirt)

    def _unseen(self, engine: Engine, view: View, columns: Sequence[str]) -> Checked:
        """Which events no code can find."""
        if view.name not in CODES or not set(columns) & set(code_columns(view.name)):
            return Checked()
        tables = [
            table
            for table, stored in self._inputs(engine, view).items()
            if stored is not None
        ]
        if isinstance(self.place, Database):
            return of_database(engine, self.place, view.name, tables, columns)
        return of_files(
            engine, self._with_inputs(engine, view), view.name, tables, columns
        )

    def _odd(
        self,
        engine: Engine,
        view: View,
        table: str,
        relation: str,
        rule: Rule,
        *,
        said: bool,
        refused: bool = False,
    ) -> Dirt:
        return Dirt(
            table=view.name,
            file=table,
            column="",
            rule=rule.words,
            remedy=rule.remedy,
            rows=self._count(engine, view, relation),
            first_row=None,
            refused=refused,
            said=said,
        )

    def _count(self, engine: Engine, view: View, relation: str) -> int:
        ((count,),) = engine.execute(
            f"{self._with_inputs(engine, view)} SELECT count(*) FROM {relation}"
        )
        return int(count)
