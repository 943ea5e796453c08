# mypy: ignore-errors
"""Each fact of an operation is what its SQL and its plain-Python meaning say."""

from itertools import product

import pytest

from extractors.engine import Engine
from extractors.errors import EngineError
from extractors.model import nodes
from extractors.model.operations import MIRRORED, OPERATIONS
from extractors.model.schema import Column, TableSchema
from extractors.model.worth import UNKNOWN
from extractors.sql.operations import TEMPLATES, call, literal
from tests.lib.operands import LARGE, TAKEN, some_arguments
from tests.lib.reference_operations import OPERATIONS as MEANINGS


def test_each_operation_has_a_template_and_a_meaning_and_no_other_does():
    assert OPERATIONS.keys() == TEMPLATES.keys() == MEANINGS.keys()


@pytest.mark.parametrize("name", OPERATIONS)
def test_some_arguments_of_it_are_known_here(name):
    assert TAKEN[name], f"no example of types that {name!r} takes"


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_strict_operation_is_null_wherever_an_argument_is(name):
    results = set()
    for values in _known(name):
        for place in range(len(values)):
            missing = (*values[:place], None, *values[place + 1 :])
            results.add(MEANINGS[name](*missing))
    assert (results == {None}) is OPERATIONS[name].strict


def _known(name):
    """Lists of arguments, none of them NULL."""
    for _, pools in some_arguments(name):
        yield from product(*pools)


@pytest.mark.parametrize("name", OPERATIONS)
def test_sql_that_says_an_argument_again_is_known_to_repeat(name):
    said = set()
    for types in TAKEN[name]:
        written = [f"<{place}>" for place in range(len(types))]
        sql = TEMPLATES[name](*written)
        said.update(sql.count(each) for each in written)
    assert (max(said) > 1) is OPERATIONS[name].repeats


@pytest.mark.parametrize("name", OPERATIONS)
def test_whole_numbers_beyond_64_bits_end_no_query(name):
    """The value is NULL then; and TRY is there just where the bare SQL fails."""
    failing = False
    with Engine() as engine:
        for types in TAKEN[name] if name != "in" else ():
            for values in product(*(LARGE[type_] for type_ in types)):
                columns = [f"e.c{place}" for place in range(len(types))]
                rows = _rows(types, values)
                [(got,)] = engine.execute(
                    f"SELECT {call(_call(name, types), columns)} {rows}"
                )
                if isinstance(got, int):
                    assert got == MEANINGS[name](*values), values
                failing = failing or _fails(
                    engine, f"SELECT {TEMPLATES[name](*columns)} {rows}"
                )
    assert failing is OPERATIONS[name].grows


def _call(name, types):
    columns = tuple(Column(f"c{place}", type_) for place, type_ in enumerate(types))
    table = nodes.Table(TableSchema("e", columns, one_row=True))
    return nodes.Call(name, tuple(nodes.Column(table, each.name) for each in columns))


def _rows(types, values):
    written = ", ".join(
        literal(value, of) for value, of in zip(values, types, strict=True)
    )
    return (
        f"FROM (VALUES ({written})) AS "
        f"e({', '.join(f'c{n}' for n in range(len(types)))})"
    )


def _fails(engine, sql):
    try:
        engine.execute(sql)
    except EngineError:
        return True
    return False


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_mirrored_comparison_means_the_same(name):
    if name in MIRRORED:
        mirrored = MEANINGS[MIRRORED[name]]
        assert all(MEANINGS[name](a, b) == mirrored(b, a) for a, b in _known(name))


def test_just_the_questions_about_order_and_equality_have_a_mirror():
    assert MIRRORED.keys() == {"eq", "ne", "lt", "le", "gt", "ge"}


@pytest.mark.parametrize("name", OPERATIONS)
def test_its_worth_is_its_meaning(name):
    """Where nothing is unknown; what looks at NULL itself is asked about NULL, too."""
    facts = OPERATIONS[name]
    null = () if facts.strict else (None,)
    for _, pools in some_arguments(name) if facts.worth else ():
        for values in product(*((*pool, *null) for pool in pools)):
            assert facts.worth(*values) == MEANINGS[name](*values), values


@pytest.mark.parametrize(
    "name",
    [name for name, each in OPERATIONS.items() if not each.strict and each.worth],
)
def test_a_worth_of_something_unknown_holds_whatever_that_is(name):
    for _, pools in some_arguments(name):
        for values in product(*((*pool, None) for pool in pools)):
            for place, pool in enumerate(pools):
                _check_unknown(name, values, place, (*pool, None))


def _check_unknown(name, values, place, pool):
    """UNKNOWN at a place gives UNKNOWN, or what each value there would give."""
    before, after = values[:place], values[place + 1 :]
    got = OPERATIONS[name].worth(*before, UNKNOWN, *after)
    if got is not UNKNOWN:
        assert {MEANINGS[name](*before, each, *after) for each in pool} == {got}


def test_a_number_too_many_is_refused():
    for name, facts in OPERATIONS.items():
        for types in TAKEN[name]:
            open_ended = name in ("coalesce", "maximum_of", "minimum_of")
            assert bool(facts.signature([*types, types[-1]])) is open_ended
