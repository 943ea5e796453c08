"""The executable specification: a drawn table in, a series, and the value each patient gets.

Every test is one statement about the language with its example, and holds on every engine. A
module's docstring is the title of its section and a test's docstring the statement, so the manual
can be made from them.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_
from typing import Any

import pytest

from extractors import create_dataset
from tests.lib.agreement import same
from tests.lib.engines import ENGINES
from tests.lib.tables import draw, schema_of


@pytest.fixture(params=ENGINES)
def engine(request) -> Callable:
    return ENGINES[request.param]


@pytest.fixture
def spec(engine) -> Callable:
    """Check one statement.

    `drawings`: table -> drawn rows. `series`: one series, or several by name. `expected`: patient ->
    value (or -> name -> value). The population is everybody drawn, unless given.
    """

    def check(drawings: Mapping, series: Any, expected: Mapping, *, population: Any = None, interval: Any = None):
        records = {schema_of(frame).name: draw(frame, drawing) for frame, drawing in drawings.items()}
        dataset = create_dataset()
        dataset.define_population(_everybody(drawings) if population is None else population)
        several = isinstance(series, Mapping)
        for name, each in (series if several else {"value": series}).items():
            dataset.add_column(name, each)
        wanted = expected if several else {patient: {"value": value} for patient, value in expected.items()}
        got = engine(dataset, records, interval)
        assert same(got, wanted), f"got {got}, expected {wanted}"

    return check


def _everybody(drawings: Mapping) -> Any:
    return reduce(or_, [frame.exists_for_patient() for frame in drawings])
