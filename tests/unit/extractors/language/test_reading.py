"""What is handed to a definition reaches its plain calls, and no further."""

import pytest

from extractors.errors import DefinitionError
from extractors.language.parameters import get_parameter
from extractors.language.reading import Reading, current, reading


def test_a_reading_ends_with_its_block():
    with reading(arguments=["--x", "1"]) as first:
        assert get_parameter("x") == "1"
        with reading(arguments=["--x", "2"]) as second:
            assert get_parameter("x") == "2" and current() is second
        assert get_parameter("x") == "1" and current() is first
    assert current() == Reading()
    with pytest.raises(DefinitionError, match="'x' is needed"):
        get_parameter("x")


def test_a_reading_ends_where_a_definition_fails():
    with pytest.raises(ZeroDivisionError), reading(arguments=["--x", "1"]):
        1 / 0
    assert current() == Reading()


def test_one_reading_knows_nothing_of_what_another_asked_for():
    asked = []
    for name in ("x", "y"):
        with reading(arguments=["--x", "1", "--y", "2"]) as each:
            get_parameter(name)
        asked.append(each.parameters)
    get_parameter("z", default="3")
    assert asked == [{"x"}, {"y"}] and current().parameters == set()
