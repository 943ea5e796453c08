"""A dataset definition: a population and one column per variable, one row per
patient.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from extractors.language.base import BaseSeries, called, wrap
from extractors.language.frames import BaseFrame
from extractors.language.inline_tests import note_test
from extractors.language.levels import EventSeries, PatientSeries
from extractors.language.reading import current
from extractors.language.series import BoolPatientSeries
from extractors.model import nodes
from extractors.model.empties import value_without_rows
from extractors.model.types import name_of

NAME = re.compile(r"[A-Za-z]+[A-Za-z0-9_]*")
RESERVED = ("patient_id", "population", "dummy_data_config")


class Dataset:
    """What is extracted: `define_population` says of whom, attributes say what.

        dataset.define_population(patients.is_alive_on("2022-01-01"))
        dataset.sex = patients.sex

    `dataset.test(records, expected)` keeps a test beside it, which `check` and
    `cohortflow test` run.
    """

    # what a notebook shows (`extractors/notebook.py`)
    _repr_html_: ClassVar[Callable[[Any], str]]

    def __init__(self) -> None:
        object.__setattr__(self, "_variables", {})
        object.__setattr__(self, "_population", None)
        object.__setattr__(self, "_events", {})

    def define_population(self, population: BoolPatientSeries) -> None:
        """Who is in the dataset: the patients for whom this bool series is True.

        Patients for whom it is False or NULL are left out.

            dataset.define_population(patients.is_alive_on("2022-01-01"))

        Raises AttributeError if it is called twice, TypeError for what is no bool
        series, ValueError for one that is True of patients without any record.
        """
        if self._population is not None:
            raise AttributeError(
                "define_population() should be called no more than once"
            )
        node = patient_node(population, "define_population()")
        if node.type is not bool:
            raise TypeError(
                "define_population() needs a bool series, got a series of "
                f"{name_of(node.type)}"
            )
        if value_without_rows(node) is True:
            raise ValueError(
                "population definition must not evaluate as True for NULL inputs: it "
                "would count everybody of whom nothing is recorded; add a condition "
                "such as `& patients.exists_for_patient()`"
            )
        object.__setattr__(self, "_population", node)
        current().note_defined("population")

    def add_column(self, name: str, series: PatientSeries) -> None:
        """Add a variable by name; the same as `dataset.name = series`.

        The series has one value per patient; a column holds NULL where there is none.

            dataset.add_column("age", patients.age_on("2022-01-01"))

        Raises AttributeError for a name that is taken or not allowed, TypeError for
        anything but such a series.
        """
        if name in self._variables or name in self._events:
            raise AttributeError(f"'{name}' is already set and cannot be reassigned")
        check_name(name, RESERVED)
        refuse_same_letters(name, ("patient_id", *self._variables, *self._events))
        self._variables[name] = patient_node(series, f"the variable {name!r}")
        current().note_defined(f"variable {name}")

    def add_event_table(
        self, name: str, **columns: PatientSeries | EventSeries
    ) -> None:
        """Add a table of events beside the dataset: a row for each row of the series,
        for the same patients.

        A column holds NULL where there is no value.

            dataset.add_event_table("bp", date=readings.date, value=readings.value)

        Raises AttributeError for a name that is taken or not allowed, TypeError for
        what is no series.
        """
        check_name(name, (*RESERVED, "dataset"))
        if name in self._variables or name in self._events:
            raise AttributeError(f"'{name}' is already set and cannot be reassigned")
        refuse_same_letters(name, ("dataset", *self._variables, *self._events))
        table = EventTable(name)
        for column, series in columns.items():
            table.add_column(column, series)
        self._events[name] = table

    def __setattr__(self, name: str, series: PatientSeries) -> None:
        if name == "population":
            raise AttributeError(
                "Cannot set variable 'population'; use define_population() instead"
            )
        self.add_column(name, series)

    def __getattr__(self, name: str) -> Any:
        if name in self.__dict__.get("_variables", {}):
            return wrap(self._variables[name])
        if name in self.__dict__.get("_events", {}):
            return self._events[name]
        if name == "test":  # here, so that a variable may have this name
            return note_test
        raise AttributeError(f"the dataset has no variable {name!r}")

    def configure_dummy_data(
        self,
        population_size: int = 10,
        legacy: bool = False,
        timeout: float = 60,
        additional_population_constraint: BoolPatientSeries | None = None,
        **_: object,
    ) -> None:
        """Accepted for compatibility, and without effect.

        Trial records are asked for on the command line.

            dataset.configure_dummy_data(population_size=1000)
        """


class EventTable:
    """A table of events beside a dataset.

    Its columns have a value for each of the same rows.

        dataset.bp.date = readings.date
    """

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_columns", {})

    def add_column(self, name: str, series: PatientSeries | EventSeries) -> None:
        """Add a column; the same as `table.name = series`.

            dataset.bp.add_column("date", readings.date)

        Raises AttributeError for a name that is taken or not allowed, TypeError for
        what is no series.
        """
        if name in self._columns:
            raise AttributeError(f"'{name}' is already set and cannot be reassigned")
        check_name(name, ("patient_id",))
        refuse_same_letters(name, ("patient_id", *self._columns))
        node = self._node_of(name, series)
        nodes.common_domain([*self._columns.values(), node])
        self._columns[name] = node

    def _node_of(self, name: str, series: Any) -> nodes.Series:
        if isinstance(series, BaseSeries):
            return series.node
        what = f"the column {name!r} of the events {self._name!r}"
        raise TypeError(
            f"{what} needs a series with a value for each row, got {called(series)}"
        )

    def __setattr__(self, name: str, series: PatientSeries | EventSeries) -> None:
        self.add_column(name, series)

    def __getattr__(self, name: str) -> Any:
        if name in self.__dict__.get("_columns", {}):
            return wrap(self._columns[name])
        raise AttributeError(
            f"the events {self.__dict__.get('_name')!r} have no column {name!r}"
        )


def create_dataset() -> Dataset:
    """A new dataset, without population and columns.

    A file names it `dataset`.

        dataset = create_dataset()
    """
    return Dataset()


def nodes_of(dataset: Dataset) -> dict[str, nodes.Series]:
    """The variables' nodes by name, with the population's under the empty name;
    TypeError without one.

    No attribute of a dataset, where it would hide a variable of that name.
    """
    if dataset._population is None:
        raise TypeError(
            "a dataset needs a population; add dataset.define_population(…)"
        )
    return {"": dataset._population, **dataset._variables}


def events_of(dataset: Dataset) -> dict[str, dict[str, nodes.Series]]:
    """The tables of events by name, and their columns; TypeError for one that has no
    rows of its own.
    """
    events = {name: dict(table._columns) for name, table in dataset._events.items()}
    for name, columns in events.items():
        if nodes.common_domain(columns.values()) is None:
            raise TypeError(
                f"the events {name!r} need a column with a value for each row, such "
                "as events.date; what has one value per patient belongs into the "
                "dataset"
            )
    return events


def check_name(name: str, reserved: tuple[str, ...]) -> None:
    """Names of variables and groups become names of columns."""
    if not isinstance(name, str):
        raise TypeError(f"a name must be a string, got {called(name)}")
    if name in reserved:
        raise AttributeError(f"'{name}' is not an allowed name; choose another")
    if not NAME.fullmatch(name):
        raise AttributeError(
            f"'{name}' is not an allowed name; names begin with a letter and go on "
            "with letters, digits and _"
        )


def refuse_same_letters(name: str, others: Iterable[str]) -> None:
    """AttributeError if another name differs in capital letters alone: databases and
    files take it for the same.
    """
    for other in others:
        if name != other and name.lower() == other.lower():
            raise AttributeError(
                f"'{name}' and '{other}' differ in capital letters alone; choose "
                "another name"
            )


def patient_node(value: Any, what: str) -> nodes.Series:
    """The node of a series with one value per patient; TypeError for anything else."""
    if isinstance(value, EventSeries):
        raise TypeError(
            f"{what} needs one value per patient, got a series with many; "
            "pick a row (sort_by and first_for_patient) or aggregate it"
        )
    if isinstance(value, BaseFrame):
        raise TypeError(
            f"{what} needs a series, got a whole frame; name one of its columns or "
            "use exists_for_patient()"
        )
    if not isinstance(value, BaseSeries):
        comma = ""
        if isinstance(value, tuple):
            comma = "; is there a comma at the end of its line?"
        raise TypeError(f"{what} needs a series, got {called(value)}{comma}")
    return value.node
