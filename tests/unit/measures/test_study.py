"""A study: from a name to a file, to JSON, and back from JSON that nobody should
trust.
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError, DefinitionError
from measures.study import Study, find_study, shipped_studies
from tests.lib.definitions import START, load, project, refusal, write

__all__ = ["project"]


def test_study_survives_json(project):
    study = load(START)
    again = Study.from_json(json.loads(json.dumps(study.to_json())))
    # texts and places are those that the parent handed over
    assert replace(again, sources=study.sources, defined=study.defined) == study


# answers that are not to be trusted ---------------------------------------------------


def forged(project, change) -> DefinitionError:
    data = load(START).to_json()
    change(data)
    with pytest.raises(DefinitionError) as caught:
        Study.from_json(data)
    return caught.value


def node(data: dict, kind: str) -> dict:
    return next(each for each in data["graph"]["nodes"] if each["node"] == kind)


FORGERIES = {
    "a path for a table": lambda data: node(data, "Table")["schema"]["table"].update(
        name="../../etc/passwd"
    ),
    "SQL for a column": lambda data: node(data, "Table")["schema"]["table"]["columns"][
        0
    ].update(name='x"; drop'),
    "text for a promise": lambda data: node(data, "Table")["schema"]["table"][
        "columns"
    ][0].update(minimum="1; drop"),
    "an unknown parameter": lambda data: node(data, "Parameter").update(name="x"),
    "an argument": lambda data: node(data, "Aggregate").update(argument="1); drop"),
    "an operation": lambda data: node(data, "Call").update(operation="drop"),
    "a node to come": lambda data: data["graph"]["nodes"][0].update(source={"at": 99}),
    "another class": lambda data: data["graph"]["nodes"][0].update(node="Study"),
    "deep nesting": lambda data: data["graph"]["nodes"][0].update(schema=nested(5_000)),
    "no nodes": lambda data: data.update(graph={}),
    "no kind": lambda data: data.update(kind="x"),
    "another kind": lambda data: data.update(kind="dataset"),
    "two kinds": lambda data: data.update(dataset=[""]),
    "a measure's name": lambda data: data["measures"][0].update(name="../x"),
    "a group's name": lambda data: data["measures"][0].update(groups=["ratio"]),
    "a name twice": lambda data: data.update(measures=data["measures"] * 2),
    "a numerator of dates": lambda data: data["graph"]["roots"].update(
        {"0 numerator": 0}
    ),
    "decimals without amounts": lambda data: data["measures"][0].update(places=2),
    "amounts of a bool": lambda data: data["measures"][0].update(most=100),
    "amounts without end": lambda data: data["measures"][0].update(most=10**30),
    "text for amounts": lambda data: data["measures"][0].update(most="1"),
    "an interval": lambda data: data.update(intervals=[[["2020-01-02", "2020-01-01"]]]),
    "a codelist": lambda data: data.update(
        codelists=[{"name": 1, "sha256": "", "codes": 1, "columns": []}]
    ),
    "a hash": lambda data: data.update(definition_hash="x"),
}


def nested(depth: int) -> list:
    value: list = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("forgery", FORGERIES)
def test_forged_answer_is_refused(project, forgery):
    assert forged(project, FORGERIES[forgery]).message


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1])
def test_number_beyond_64_bits_is_refused(project, value):
    text = START.replace(
        "denominator=",
        f"group_by={{'x': patients.date_of_birth.year + {value}}}, denominator=",
    )
    text = text.replace('    group_by={"sex": patients.sex},\n', "")
    assert "too large; 64 bits" in refusal(text).message


@pytest.mark.parametrize(
    "answer",
    ["[]", "{}", '{"study": 1}', '{"error": 7}', "[" * 100_000, '{"study": {}}'],
)
def test_odd_answer_is_refused(project, answer):
    refusal(
        "import os\nfor n in range(3, 20):\n"
        f"    try: os.write(n, {answer.encode()!r})\n    except OSError: "
        "pass\nos._exit(0)\n"
    )


# which file ---------------------------------------------------------------------------


def test_find_study(project):
    path = write("mine.py", START)
    write("folder/definition.py", START)
    assert find_study("mine.py") == path
    assert find_study("folder") == Path("folder/definition.py")
    for name in shipped_studies():
        assert find_study(name).is_file()
    with pytest.raises(
        ArgumentsError, match=r"no definition file of this name; .*: 'nothing.py'$"
    ):
        find_study("nothing.py")


def test_definition_in_the_current_folder_has_its_name(project):
    write("definition.py", START)
    assert Study(Path("definition.py"), "measures").name == project.name == "project"


def test_nearest_shipped_study_is_suggested(project, monkeypatch):
    write("studies/nhs_at_home/definition.py", START)
    monkeypatch.setattr("measures.study.SHIPPED", project / "studies")
    with pytest.raises(ArgumentsError, match="did you mean 'nhs_at_home'"):
        find_study("nhs_home")
    with pytest.raises(
        ArgumentsError, match="shipped studies are nhs_at_home\\. A file"
    ):
        find_study("xyz")
