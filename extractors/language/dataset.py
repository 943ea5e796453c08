"""A dataset definition: a population and one column per variable, one row per patient."""

import re
from collections.abc import Iterable
from typing import Any

from extractors.language.base import BaseSeries, EventSeries, called, wrap
from extractors.language.frames import BaseFrame
from extractors.model import nodes
from extractors.model.empties import value_without_rows
from extractors.model.types import name_of

NAME = re.compile(r"[A-Za-z]+[A-Za-z0-9_]*")
RESERVED = ("patient_id", "population", "dummy_data_config")


class Dataset:
    """What is extracted: `define_population` says of whom, attributes say what."""

    def __init__(self) -> None:
        object.__setattr__(self, "_variables", {})
        object.__setattr__(self, "_population", None)

    def define_population(self, population: Any) -> None:
        """Who is in the dataset: the patients for whom this bool series is True."""
        if self._population is not None:
            raise AttributeError("define_population() should be called no more than once")
        node = patient_node(population, "define_population()")
        if node.type is not bool:
            raise TypeError(f"define_population() needs a bool series, got a series of {name_of(node.type)}")
        if value_without_rows(node) is True:
            raise ValueError(
                "population definition must not evaluate as True for NULL inputs: it would count everybody of whom "
                "nothing is recorded; add a condition such as `& patients.exists_for_patient()`"
            )
        object.__setattr__(self, "_population", node)

    def add_column(self, name: str, series: Any) -> None:
        """Add a variable by name; the same as `dataset.name = series`."""
        if name in self._variables:
            raise AttributeError(f"'{name}' is already set and cannot be reassigned")
        check_name(name, RESERVED)
        refuse_same_letters(name, ("patient_id", *self._variables))
        self._variables[name] = patient_node(series, f"the variable {name!r}")

    def add_event_table(self, name: str, **_: Any) -> None:
        """Refused: ehrQL has it for those who hold the permission event_level_data, which nobody does here."""
        raise AttributeError(
            "tables of events cannot be extracted, only one row per patient; pick a row or aggregate, and add columns"
        )

    def __setattr__(self, name: str, series: Any) -> None:
        if name == "population":
            raise AttributeError("Cannot set variable 'population'; use define_population() instead")
        self.add_column(name, series)

    def __getattr__(self, name: str) -> Any:
        if name in self.__dict__.get("_variables", {}):
            return wrap(self._variables[name])
        raise AttributeError(f"the dataset has no variable {name!r}")

    def configure_dummy_data(
        self,
        population_size: int = 10,
        legacy: bool = False,
        timeout: float = 60,
        additional_population_constraint: Any = None,
    ) -> None:
        """Accepted for compatibility; trial records are asked for on the command line."""


def create_dataset() -> Dataset:
    return Dataset()


def nodes_of(dataset: Dataset) -> dict[str, nodes.Series]:
    """The variables' nodes by name, with the population's under the empty name; TypeError without one.

    No attribute of a dataset, where it would hide a variable of that name.
    """
    if dataset._population is None:
        raise TypeError("a dataset needs a population; add dataset.define_population(…)")
    return {"": dataset._population, **dataset._variables}


def check_name(name: str, reserved: tuple[str, ...]) -> None:
    """Names of variables and groups become names of columns."""
    if not isinstance(name, str):
        raise TypeError(f"a name must be a string, got {called(name)}")
    if name in reserved:
        raise AttributeError(f"'{name}' is not an allowed name; choose another")
    if not NAME.fullmatch(name):
        raise AttributeError(
            f"'{name}' is not an allowed name; names begin with a letter and go on with letters, digits and _"
        )


def refuse_same_letters(name: str, others: Iterable[str]) -> None:
    """AttributeError if another name differs in capital letters alone: databases and files take it for the same."""
    for other in others:
        if name != other and name.lower() == other.lower():
            raise AttributeError(f"'{name}' and '{other}' differ in capital letters alone; choose another name")


def patient_node(value: Any, what: str) -> nodes.Series:
    """The node of a series with one value per patient; TypeError for anything else."""
    if isinstance(value, EventSeries):
        raise TypeError(
            f"{what} needs one value per patient, got a series with many; "
            "pick a row (sort_by and first_for_patient) or aggregate it"
        )
    if isinstance(value, BaseFrame):
        raise TypeError(
            f"{what} needs a series, got a whole frame; name one of its columns or use exists_for_patient()"
        )
    if not isinstance(value, BaseSeries):
        raise TypeError(f"{what} needs a series, got {called(value)}")
    return value.node
