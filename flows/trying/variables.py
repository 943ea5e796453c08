"""What the variables of a dataset look like on made-up people."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from extractors.cohorts import COHORT
from extractors.engine import Engine
from extractors.model.types import name_of
from extractors.notice import Notice
from extractors.sql.words import quote
from measures.study import Study

EMPTY, MISSING, ONE_VALUE = "empty", "missing", "one value"


@dataclass(frozen=True)
class Variable:
    """One variable of everybody in the population."""

    # its name in the dataset
    variable: str
    # as the language calls it
    type: str
    # people in the population
    rows: int
    # those without a value
    missing: int
    # how many different values there are
    distinct: int
    # the least value; None where there is no order, or no value
    lowest: Any
    # the largest value; None as for the least
    highest: Any

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def variables_of(study: Study, engine: Engine) -> list[Variable]:
    """Each variable; `engine` has the rows as the table `COHORT`."""
    names = [name for name in study.dataset if name]
    rows = engine.execute(f"SELECT count(*) FROM {quote(COHORT)}")[0][0]
    return [_variable(study, name, rows, engine) for name in names]


def _variable(study: Study, name: str, rows: int, engine: Engine) -> Variable:
    column, type_ = quote(name), study.dataset[name].type
    ends = f"min({column}), max({column})"
    sql = (
        f"SELECT count({column}), count(DISTINCT {column}), {ends} FROM {quote(COHORT)}"
    )
    there, distinct, lowest, highest = engine.execute(sql)[0]
    return Variable(name, name_of(type_), rows, rows - there, distinct, lowest, highest)


def doubts_of_variables(
    study: Study, variables: list[Variable], rows: int
) -> list[Notice]:
    """The doubts about each variable at the author's line; about the population if it
    is empty.
    """
    if not rows:
        return [Notice(message="the population of the dataset is empty", kind=EMPTY)]
    found = []
    for variable in variables:
        place = study.defined.get(f"variable {variable.variable}", Notice(message=""))
        for kind, message in _doubts(variable):
            found.append(replace(place, message=message, kind=kind))
    return found


def _doubts(variable: Variable) -> Iterator[tuple[str, str]]:
    name = repr(variable.variable)
    if variable.missing == variable.rows:
        yield MISSING, f"the variable {name} has no value for anybody"
    elif variable.distinct == 1 and not variable.missing and variable.rows > 1:
        yield (
            ONE_VALUE,
            f"the variable {name} is {_plain(variable.lowest)} for everybody",
        )


def _plain(value: Any) -> str:
    return repr(value) if isinstance(value, str) else str(value)
