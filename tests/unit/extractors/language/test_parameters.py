"""Values that the command line gives to a definition."""

import pytest

from extractors.errors import DefinitionError
from extractors.language.parameters import get_parameter, refuse_unasked
from extractors.language.reading import reading


@pytest.mark.parametrize(
    ("words", "type_", "value"),
    [
        (["--x", "a"], str, "a"),
        (["--x=a=b"], str, "a=b"),
        (["--y", "b", "--x", "a"], str, "a"),
        (["--x", "1", "-2"], int, [1, -2]),
        (["--x", "1", "--x", "2"], int, 2),
        (["--x", "1.5"], float, 1.5),
        *[(["--x", word], bool, True) for word in ("1", "True", "true")],
        *[(["--x", word], bool, False) for word in ("0", "False", "false")],
    ],
)
def test_parameter(words, type_, value):
    with reading(arguments=words):
        assert get_parameter("x", type=type_, default="d") == value


def test_parameter_that_is_not_given():
    with reading(arguments=["--y", "1"]):
        assert get_parameter("x", default=3) == 3
        with pytest.raises(DefinitionError, match="the parameter 'x' is needed; add `-- --x VALUE`"):
            get_parameter("x")


@pytest.mark.parametrize(
    ("words", "type_", "told"),
    [
        (["--x", "a"], int, "needs a value of type int, got 'a'"),
        (["--x", "yes"], bool, "needs one of 1, True, true, 0, False, false, got 'yes'"),
        (["--x"], str, "'x' has no value; write --x VALUE"),
        (["x", "a"], str, "'x' has no name; write --name x"),
    ],
)
def test_parameter_that_does_not_fit(words, type_, told):
    with reading(arguments=words), pytest.raises(DefinitionError, match=told):
        get_parameter("x", type=type_)


def test_parameter_that_nobody_asks_for():
    with reading(arguments=["--x", "1", "--z", "2"]) as asked:
        get_parameter("x")
    with pytest.raises(DefinitionError, match="asks for no parameter 'z'; it asks for x"):
        refuse_unasked(asked)
