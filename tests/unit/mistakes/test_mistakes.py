"""Typical mistakes: each is told with its file and line, and with what is wrong or what
to do.

The lists stand beside this file, a statement a line, with what is told of it behind
`#`. All mistakes of a file are told in one go, so that one reading tries all of them.
"""

from pathlib import Path

import pytest

from extractors.errors import DefinitionError
from extractors.notice import Notice
from flows.preparing.doubts import doubts_of
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.trying.attempt import attempt
from tests.lib.definitions import load, project, write

__all__ = ["project"]
HERE = Path(__file__).parent
REFUSED, DOUBTFUL = (
    (HERE / name).read_text(encoding="utf-8")
    for name in ("refused.py.txt", "doubtful.py.txt")
)
# Each of these keeps a file from being read at all, so it has a file of its own.
ALONE = {
    "measures = create_measures(": "was never closed",
    "if True:\nmeasures = 1": "expected an indented block",
    "measures = 3": "`measures` is something else than a Measures",
    "sizes = [1, 2": "was never closed",
    "x = “abc”": "invalid character",
    "if True:\n    x = 1\n\ty = 2": "inconsistent use of tabs and spaces",
    "import urllib.request\nurllib.request.urlopen('http://example.org')": "using the network is not allowed",
    "open('/etc/passwd')": "reading /etc/passwd is not allowed",
    "import ehrql\nehrql.codelist_from_csv('workbook.csv', column='code')": "save the file as CSV in UTF-8",
    "x = 1": "the file defines neither measures nor a dataset",
}


CODELISTS = {
    "codes.csv": b"code,term\n60621009,body mass index\n",
    "icd.csv": b"code,term\nI21,infarction\n",
    "semicolons.csv": b"code;term\n60621009;body mass index\n",
    "headless.csv": b"60621009\n271649006\n",
    "latin.csv": b"code,term\n60621009,caf\xe9\n",
}


def told_of(text: str) -> dict[int, str]:
    """What is to be told, by line."""
    parts = {
        number: line.rpartition("  # ")
        for number, line in enumerate(text.splitlines(), 1)
    }
    return {number: said for number, (code, _, said) in parts.items() if code}


@pytest.fixture(scope="module")
def mistakes(tmp_path_factory) -> tuple[Notice, ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("mistakes"))
        for name, text in CODELISTS.items():
            Path(name).write_bytes(text)
        with pytest.raises(DefinitionError) as caught:
            load(REFUSED)
    return caught.value.mistakes


def test_there_are_fifty_and_more():
    assert len(told_of(REFUSED)) + len(told_of(DOUBTFUL)) + len(ALONE) >= 98


@pytest.mark.parametrize(("line", "said"), told_of(REFUSED).items())
def test_a_mistake_is_told_at_its_line(mistakes, line, said):
    found = [each for each in mistakes if each.line == line]
    assert len(found) == 1, [
        str(each) for each in mistakes if abs(each.line - line) < 2
    ]
    assert found[0].file == "study.py" and said in found[0].message
    assert len(found[0].message) < 600 and "Traceback" not in found[0].message


def test_nothing_else_is_told(mistakes):
    assert {each.line for each in mistakes} == set(told_of(REFUSED))


@pytest.mark.parametrize(("text", "said"), ALONE.items())
def test_a_file_that_cannot_be_read(project, text, said):
    Path("workbook.csv").write_bytes(b"PK\x03\x04 a workbook \0")
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
    assert {
        line: next(iter(kinds)) for line, kinds in by_line.items() if len(kinds) == 1
    } == told_of(DOUBTFUL)


def test_interval_in_a_dataset_is_told_at_its_lines(project):
    lines = [
        "from ehrql import INTERVAL, create_dataset",
        "from ehrql.tables.tpp import patients",
        "dataset = create_dataset()",
        "dataset.define_population(patients.exists_for_patient() & "
        "patients.is_alive_on(INTERVAL.start_date))",
        "dataset.age = patients.age_on(INTERVAL.start_date)",
    ]
    with pytest.raises(DefinitionError) as caught:
        prepare(Options(str(write("study.py", "\n".join(lines)))))
    assert [(each.file, each.line) for each in caught.value.mistakes] == [
        ("study.py", 4),
        ("study.py", 5),
    ]
    assert all(
        "which only measures have; give plain dates" in each.message
        for each in caught.value.mistakes
    )


def test_doubts_that_try_needs_no_people_for(project):
    start = (
        "from ehrql import create_dataset, create_measures, weeks\nfrom "
        "ehrql.tables.tpp import patients\n"
    )
    measure = (
        'measures.define_measure("m", patients.sex == "male", '
        "patients.exists_for_patient(), "
        'intervals=weeks(1).starting_on("2999-01-01"))\n'
    )
    late = load(
        f'{start}measures = create_measures()\nx = f"{{patients.sex}}"\n{measure}'
    )
    assert [(doubt.kind, doubt.line) for doubt in late.warnings] == [
        ("", 4),
        ("future", 5),
    ]
    empty = start + (
        "dataset = "
        "create_dataset()\ndataset.define_population(patients.exists_for_patient())\n"
    )
    prepared = prepare(Options(str(write("empty.py", empty))))
    (doubt,) = doubts_of(prepared.study, prepared.named, made_up=True)
    assert "the dataset has no variables" in doubt.message
    asking = load(
        f"{start}measures = create_measures()\nx = 1 if patients.sex is not None "
        f"else 2\n{measure}"
    )
    assert asking.measures  # a condition of Python's own
