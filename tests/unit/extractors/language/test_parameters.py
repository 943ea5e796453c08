"""Values that the command line gives to a definition."""

import argparse

import pytest

from extractors.errors import DefinitionError
from extractors.language.parameters import Words, get_parameter, unread
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
        with pytest.raises(
            DefinitionError, match="the parameter 'x' is needed; add `-- --x VALUE`"
        ):
            get_parameter("x")


@pytest.mark.parametrize(
    ("words", "type_", "told"),
    [
        (["--x", "a"], int, "needs a value of type int, got 'a'"),
        (
            ["--x", "yes"],
            bool,
            "needs one of 1, True, true, 0, False, false, got 'yes'",
        ),
        (["--x"], str, "'x' has no value; write --x VALUE"),
        (["--x", "--y", "a"], str, "'x' has no value; write --x VALUE"),
    ],
)
def test_parameter_that_does_not_fit(words, type_, told):
    with reading(arguments=words), pytest.raises(DefinitionError, match=told):
        get_parameter("x", type=type_)


def test_parameter_that_nobody_asks_for():
    with reading(arguments=["--x", "1", "--z", "2"]) as asked:
        get_parameter("x")
    assert unread(asked) == "the definition asks for no parameter 'z'; it asks for x"


def test_words_without_a_name_are_no_parameter():
    with reading(arguments=["word", "--x", "1"]) as asked:
        assert get_parameter("x") == "1"
    assert unread(asked) == "the definition does not read the word 'word' behind --"


READ = {
    "all": lambda words: words[1:],
    "each": list,
    "one of them": lambda words: (words[1], words[2]),
    "whether it is there": lambda words: ("word" in words, "--flag" in words),
    "taken out": lambda words: words.pop(),
    "a copy": lambda words: words.copy(),
    "its place": lambda words: (words.index("word"), words.index("--flag")),
}


@pytest.mark.parametrize("how", READ)
def test_words_that_the_file_reads_itself(how):
    with reading(arguments=["word", "--flag"]) as asked:
        words = Words("study.py", asked)
        assert words == ["study.py", "word", "--flag"] and len(words) == 3
        assert unread(asked) == "the definition does not read the word 'word' behind --"
        READ[how](words)
    assert unread(asked) == ""


def test_word_that_is_not_given():
    with (
        reading() as asked,
        pytest.raises(
            IndexError, match=r"the file reads sys.argv\[1\], which is not given"
        ),
    ):
        Words("study.py", asked)[1]


def test_parser_of_the_file_reads_all_words():
    parser = argparse.ArgumentParser()
    parser.add_argument("cohort")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--n", type=int)
    with reading(arguments=["old", "--fast", "--n=3"]) as asked:
        assert vars(parser.parse_args(Words("study.py", asked)[1:])) == {
            "cohort": "old",
            "fast": True,
            "n": 3,
        }
    assert unread(asked) == ""
