"""Which commands start the process that reads definitions."""

import pytest

from flows.__main__ import reads_a_definition


@pytest.mark.parametrize(
    "words",
    [
        "run study",
        "status study",
        "sites round study",
        "sites mask study --as A",
        "sites combine study",
        "approve study --release 1",
    ],
)
def test_those_with_a_study_start_it_before_all_else(words: str):
    assert reads_a_definition(words.split())


@pytest.mark.parametrize(
    "words", ["sites key --as A", "status --all", "serve", "clean", "backup file", ""]
)
def test_those_without_one_do_not(words: str):
    assert not reads_a_definition(words.split())
