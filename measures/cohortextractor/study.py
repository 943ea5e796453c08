"""The study that an author defines: a population and columns, all translated
together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractors.language.dataset import check_name, refuse_same_letters
from extractors.language.reading import Place, current
from extractors.model import nodes
from extractors.model.empties import value_without_rows
from extractors.model.nearest import nearest
from extractors.tables import tpp
from measures.cohortextractor import making, options
from measures.cohortextractor.asked import Asked, Consequence, RefusedAt, Wrong
from measures.cohortextractor.columns import Column, dated
from measures.cohortextractor.context import Context
from measures.cohortextractor.dates import Calendar
from measures.cohortextractor.functions.matching import table
from measures.cohortextractor.functions.translating import TRANSLATIONS
from measures.cohortextractor.making import Series

POPULATION = "population"
RESERVED = ("patient_id", POPULATION)


class StudyDefinition:
    """As authors call it; `return_expectations` and `default_expectations` are about
    made-up data alone.
    """

    def __init__(
        self,
        population: Any = None,
        default_expectations: Any = None,
        index_date: Any = None,
        **columns: Any,
    ):
        self.place = current().locate()
        try:
            self.calendar = options.calendar(index_date)
        except Wrong as wrong:
            raise RefusedAt.of([(str(wrong), self.place)]) from None
        if population is None:
            raise RefusedAt.of([("a study needs a population=patients.…", self.place)])
        translated = Translation(self.calendar)
        translated.add_all(population, columns, self.place)
        if translated.refusals:
            raise RefusedAt.of(translated.refusals)
        self.columns: Mapping[str, Column] = translated.columns
        self.output = translated.output
        self.population = _counted(translated.columns[POPULATION])


def _counted(column: Column) -> Series:
    """Whom the study is about. Who is in no table at all is in no study."""
    here = column.value if column.kind == "flag" else making.negated(column.is_empty)
    if value_without_rows(here) is False:
        return here
    return making.both(making.exists(table(tpp.patients)), here)


@dataclass
class Translation:
    """The columns so far, and what is wrong with those that are refused."""

    # the dates of the study
    calendar: Calendar
    # by name: all of them, hidden ones and companions included
    columns: dict[str, Column] = field(default_factory=dict)
    # column -> the call that makes it
    asked: dict[str, Asked] = field(default_factory=dict)
    # those that the study gives, in its order
    output: list[str] = field(default_factory=list)
    # message and place, all of which are said together
    refusals: list[tuple[str, Place]] = field(default_factory=list)
    # columns that others cannot use either
    refused: set[str] = field(default_factory=set)
    # columns inside the population that are not translated yet
    waiting: dict[str, Asked] = field(default_factory=dict)

    def add_all(
        self, population: Any, columns: Mapping[str, Any], place: Place
    ) -> None:
        """The population may use every column, and every column what is written inside
        the population.
        """
        if isinstance(population, Asked):
            self.waiting |= population.hidden
        for name, asked in columns.items():
            self.add(name, asked, place)
        self.add(POPULATION, population, place)

    def add(self, name: str, asked: Any, place: Place, *, hidden: bool = False) -> None:
        """Translate a column and those that are inside it, which come first."""
        if not isinstance(asked, Asked):
            self._refuse(
                name,
                f"{name} needs a function of patients, such as patients.sex(), not "
                f"{asked!r}",
                place,
            )
            return
        for inner, each in asked.hidden.items():
            if name != POPULATION or inner in self.waiting:
                self.waiting.pop(inner, None)
                self.add(inner, each, asked.place, hidden=True)
        try:
            self._take_name(name, hidden=hidden)
            column = TRANSLATIONS[asked.function](self._context(), asked)
            self._keep(name, asked, column, hidden)
            if asked.function == "date_of":
                self._set_precision(asked["source"], column.precision)
        except Consequence:
            self.refused.add(name)
        except (Wrong, TypeError, ValueError) as wrong:
            self._refuse(name, f"{name}: {wrong}", asked.place)

    def _context(self) -> Context:
        return Context(self.calendar, self._find, self.asked.__getitem__)

    def _keep(self, name: str, asked: Asked, column: Column, hidden: bool) -> None:
        shown = not hidden and name != POPULATION
        if shown:
            _refuse_same_letters(name, self.output)
        self.columns[name], self.asked[name] = column, asked
        if shown:
            self.output.append(name)
        if column.companion:
            ending, companion = column.companion
            with_date = f"{name}_{ending}"
            self._take_name(with_date)
            self.columns[with_date] = companion
            if shown:
                self.output.append(with_date)

    def _set_precision(self, name: str, precision: int) -> None:
        """The call that asks for the date of a column says how long the date is that
        comes with it, too.
        """
        companion = self.columns[name].companion
        if companion and companion[1].day is not None:
            self.columns[f"{name}_{companion[0]}"] = dated(companion[1].day, precision)

    def _take_name(self, name: str, *, hidden: bool = False) -> None:
        if name in self.columns or name in self.refused:
            raise Wrong(
                f"there is a column {name!r} already; hidden ones need names of "
                "their own, too"
            )
        if name in RESERVED and hidden:
            raise Wrong(f"{name!r} is not an allowed name; choose another")
        if name != POPULATION and not hidden:
            check(name)

    def _find(self, name: str) -> Column:
        if name in self.columns and name != POPULATION:
            return self.columns[name]
        if name in self.refused:
            raise Consequence
        if name in self.waiting:
            asked = self.waiting.pop(name)
            self.add(name, asked, asked.place, hidden=True)
            return self._find(name)
        close = nearest(name, self.columns)
        hint = f"; did you mean {close!r}?" if close else ""
        raise Wrong(f"there is no column {name!r} before this one{hint}")

    def _refuse(self, name: str, message: str, place: Place) -> None:
        self.refusals.append((message, place))
        self.refused.add(name)


def _refuse_same_letters(name: str, others: Sequence[str]) -> None:
    try:
        refuse_same_letters(name, ("patient_id", *others))
    except AttributeError as error:
        raise Wrong(str(error)) from None


def check(name: str) -> None:
    """Raises Wrong for what cannot name a column."""
    try:
        check_name(name, RESERVED)
    except AttributeError as error:
        raise Wrong(str(error)) from None


def dataset_of(study: StudyDefinition) -> dict[str, nodes.Series]:
    """The output by name, with the population under the empty name; dates are NULL
    where they are missing.
    """
    found: dict[str, nodes.Series] = {"": study.population}
    for name in study.output:
        found[name] = study.columns[name].value
    return found


def forms_of(study: StudyDefinition) -> dict[str, str]:
    """How each column is written: its kind, and of a date how many characters."""
    return dict(_forms(study))


def _forms(study: StudyDefinition) -> Iterator[tuple[str, str]]:
    for name in study.output:
        column = study.columns[name]
        yield name, f"date {column.precision}" if column.kind == "date" else column.kind
