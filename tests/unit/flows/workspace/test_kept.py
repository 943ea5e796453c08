"""Files that outlive a run name their format; what earlier versions wrote is read, what
newer ones wrote is not.
"""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from extractors.errors import CohortflowError
from flows.preparing.options import Options
from flows.state.outcome import Outcome, read_outcome, write_outcome
from flows.workspace import kept
from flows.workspace.failures import known_failure, record_failure
from flows.workspace.kept import CONCEPTS, LAST_RUN, SEEN, Kept
from flows.workspace.store import Workspace

# As the versions before wrote them, without a format; the first of them had fewer
# settings.
FIRST_RUN = {
    "options": {
        "study": "s.py",
        "records": "trial",
        "patients": 5,
        "first": "",
        "last": "",
        "periods": [],
        "workspace": "w",
        "cluster": "",
        "policy": "opensafely",
        "arguments": [],
    },
    "periods": ["p"],
    "computed": ["p"],
    "failed": {},
    "waiting": [],
    "warnings": [],
    "headlines": [],
    "seconds": 1.5,
}
EVERY = {name: each for name, each in vars(kept).items() if isinstance(each, Kept)}


@pytest.mark.parametrize("name", EVERY)
def test_every_file_names_its_format(tmp_path, name):
    path = tmp_path / "file.json"
    EVERY[name].write(path, {"known": {"a": "b"}})
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "format": EVERY[name].format,
        "known": {"a": "b"},
    }
    assert EVERY[name].read(path) == {"known": {"a": "b"}}


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("found", [99, 0, "2", None, True])
def test_another_format_is_refused_with_both_named(tmp_path, name, found):
    path = tmp_path / "file.json"
    path.write_text(json.dumps({"format": found}), encoding="utf-8")
    now = EVERY[name].format
    said = (
        rf"^{path.name} has the format {found}, and this cohortflow reads the "
        rf"format {now}\. .*: {path}$"
    )
    with pytest.raises(CohortflowError, match=said):
        EVERY[name].read(path)


@pytest.mark.parametrize(
    "name", [name for name, each in EVERY.items() if each.format > 1]
)
def test_a_file_of_an_earlier_version_names_none_and_is_read(tmp_path, name):
    path = tmp_path / "file.json"
    path.write_text(json.dumps({"id": "x"}), encoding="utf-8")
    read = EVERY[name].read(path)
    if EVERY[name] is CONCEPTS:  # what it said is asked again
        assert read == {"known": {}}
    elif EVERY[name] is SEEN:
        assert read == {"known": {"id": "x"}}
    else:
        assert read == {"id": "x"}


def test_steps_lead_from_one_format_to_the_next(tmp_path):
    path = tmp_path / "file.json"
    three = Kept(3, {1: lambda data: {"one": data}, 2: lambda data: {"two": data}})
    path.write_text('{"a": 1}', encoding="utf-8")
    assert three.read(path) == {"two": {"one": {"a": 1}}}
    path.write_text('{"format": 2, "a": 1}', encoding="utf-8")
    assert three.read(path) == {"two": {"a": 1}}
    path.write_text('{"format": 3, "a": 1}', encoding="utf-8")
    assert three.read(path) == {"a": 1}


@pytest.mark.parametrize("content", ["[1]", '"text"', "1", "{", ""])
def test_what_is_no_such_file_is_damaged(tmp_path, content):
    path = tmp_path / "file.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(
        CohortflowError, match="is damaged; put it back from a backup, or remove it"
    ):
        LAST_RUN.read(path)


def test_no_file_is_none(tmp_path):
    assert LAST_RUN.read(tmp_path / "nothing.json") is None


def test_the_last_run_of_every_earlier_version_is_known(tmp_path: Path):
    workspace = Workspace(tmp_path, "s")
    workspace.high.mkdir(parents=True)
    workspace.last_run.write_text(json.dumps(FIRST_RUN), encoding="utf-8")
    found = read_outcome(workspace)
    assert found == Outcome(
        Options("s.py", patients=5, workspace="w", policy="opensafely"),
        ("p",),
        ("p",),
        seconds=1.5,
    )
    write_outcome(workspace, found)
    assert (
        json.loads(workspace.last_run.read_text(encoding="utf-8"))["format"]
        == LAST_RUN.format
        and read_outcome(workspace) == found
    )
    assert {"begun", "dataset"} <= {
        each.name for each in fields(Outcome)
    } - FIRST_RUN.keys()


def test_a_failure_that_an_earlier_version_noted_still_counts(tmp_path: Path):
    path = tmp_path / "period=x.json"
    path.write_text(
        json.dumps({"attempts": 2, "reason": "why", "detail": ""}), encoding="utf-8"
    )
    record_failure(path, "again")
    assert known_failure(path) == {"attempts": 3, "reason": "again", "detail": ""}
    assert json.loads(path.read_text(encoding="utf-8"))["format"] == 2
