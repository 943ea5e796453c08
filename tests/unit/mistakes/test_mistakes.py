"""Typical mistakes: each is told with its file and line, and with what is wrong or what to do.

The lists stand beside this file, a statement a line, with what is told of it behind `#`. All mistakes of a file
are told in one go, so that one reading tries all of them.
"""

from pathlib import Path

import pytest

from extractors.errors import DefinitionError
from extractors.told import Told
from flows.preparing.options import Options
from flows.trying.attempt import attempt
from tests.lib.definitions import load, project, write

__all__ = ["project"]
HERE = Path(__file__).parent
REFUSED, DOUBTFUL = ((HERE / name).read_text(encoding="utf-8") for name in ("refused.py.txt", "doubtful.py.txt"))
# Each of these keeps a file from being read at all, so it has a file of its own.
ALONE = {
    "measures = create_measures(": "was never closed",
    "if True:\nmeasures = 1": "expected an indented block",
    "measures = 3": "`measures` is something else than a Measures",
    "sizes = [1, 2": "was never closed",
    "x = 1": "the file defines neither measures nor a dataset",
}


def told_of(text: str) -> dict[int, str]:
    """What is to be told, by line."""
    parts = {number: line.rpartition("  # ") for number, line in enumerate(text.splitlines(), 1)}
    return {number: said for number, (code, _, said) in parts.items() if code}


@pytest.fixture(scope="module")
def mistakes(tmp_path_factory) -> tuple[Told, ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("mistakes"))
        write("codes.csv", "code,term\n60621009,body mass index\n")
        with pytest.raises(DefinitionError) as caught:
            load(REFUSED)
    return caught.value.mistakes


def test_there_are_fifty_and_more():
    assert len(told_of(REFUSED)) + len(told_of(DOUBTFUL)) + len(ALONE) >= 58


@pytest.mark.parametrize(("line", "said"), told_of(REFUSED).items())
def test_a_mistake_is_told_at_its_line(mistakes, line, said):
    found = [each for each in mistakes if each.line == line]
    assert len(found) == 1, [str(each) for each in mistakes if abs(each.line - line) < 2]
    assert found[0].file == "study.py" and said in found[0].message
    assert len(found[0].message) < 600 and "Traceback" not in found[0].message


def test_nothing_else_is_told(mistakes):
    assert {each.line for each in mistakes} == set(told_of(REFUSED))


@pytest.mark.parametrize(("text", "said"), ALONE.items())
def test_a_file_that_cannot_be_read(project, text, said):
    with pytest.raises(DefinitionError) as caught:
        load(text)
    (found,) = caught.value.mistakes
    assert said in found.message and found.file == "study.py"


def test_what_nothing_refuses_is_doubted(project):
    write("codes.csv", "code,term\n60621009,body mass index\n")
    found = attempt(Options(str(write("study.py", DOUBTFUL)), patients=200)).doubts
    by_line: dict[int, set[str]] = {}
    for doubt in found:
        by_line.setdefault(doubt.line, set()).add(doubt.as_doubt()["kind"])
    assert {line: next(iter(kinds)) for line, kinds in by_line.items() if len(kinds) == 1} == told_of(DOUBTFUL)
