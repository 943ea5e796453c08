# mypy: ignore-errors
"""Each fact of an aggregate is what its SQL and its plain-Python meaning say."""

import pytest

from extractors.engine import Engine
from extractors.model.aggregates import AGGREGATES, check_argument, type_of_aggregate
from extractors.sql.operations import AGGREGATES as TEMPLATES
from extractors.sql.operations import OVER_ROWS
from tests.lib.reference_operations import AGGREGATES as MEANINGS

ARGUMENTS = {"count_episodes": (3,), "quantile": (0.5,)}


def test_each_aggregate_has_a_template_and_a_meaning_and_no_other_does():
    """`exists` is a bit of a number (`sql.relations`), not a template."""
    assert AGGREGATES.keys() == MEANINGS.keys() == {*TEMPLATES, "exists"}


def test_those_without_a_template_look_at_their_neighbours():
    assert {
        name for name, (body, _) in TEMPLATES.items() if not body
    } == OVER_ROWS.keys()


@pytest.mark.parametrize("name", AGGREGATES)
def test_its_value_of_nothing_is_its_meaning(name):
    meant = MEANINGS[name]([], *ARGUMENTS.get(name, ()))
    assert AGGREGATES[name].of_nothing == meant
    assert type(AGGREGATES[name].of_nothing) is type(meant)


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name != "set"])
def test_sql_writes_its_value_of_nothing(name):
    """Of `set` SQL gives NULL, which `in` reads as an empty one."""
    sql = TEMPLATES[name][1] or "NULL"
    with Engine() as engine:
        assert engine.execute(f"SELECT {sql}") == [(AGGREGATES[name].of_nothing,)]


@pytest.mark.parametrize("name", AGGREGATES)
def test_it_takes_its_argument_and_no_other(name):
    wanted = ARGUMENTS.get(name, (None,))[0]
    check_argument(name, wanted)
    for other in {None, 3, -1, 0.5, 1.5, "x"} - {wanted}:
        with pytest.raises(TypeError, match=f"'{name}' does not take the argument"):
            check_argument(name, other)


def test_what_is_no_aggregate_is_refused():
    with pytest.raises(TypeError, match="there is no aggregate 'median'"):
        type_of_aggregate("median", int)
