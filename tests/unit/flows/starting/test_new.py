"""`cohortflow new`: what it writes is whole, is read without a doubt, and bears the
name that was given.
"""

import json
import re
from pathlib import Path

import pytest

from flows.command import cli
from flows.starting.new import new_study

WRITTEN = {
    ".gitignore",
    ".vscode/extensions.json",
    ".vscode/settings.json",
    ".vscode/tasks.json",
    "README.md",
    "codelists/blood-pressure.csv",
    "definition.py",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("kind", ["measures", "dataset"])
def test_the_files(here, kind):
    assert set(new_study(here / "diabetes", kind)) == WRITTEN
    assert {
        path.relative_to(here / "diabetes").as_posix()
        for path in here.rglob("*")
        if path.is_file()
    } == WRITTEN
    for path in here.rglob("*"):
        if path.is_file():
            text = path.read_bytes()
            assert (
                text.endswith(b"\n") and b"\r" not in text and b"my-study" not in text
            )
    assert (
        (here / "diabetes" / "README.md")
        .read_text(encoding="utf-8")
        .startswith("# diabetes\n")
    )


@pytest.mark.parametrize(
    ("more", "said"), [([], "3 measures, 12 periods"), (["--dataset"], "4 variables")]
)
def test_check_finds_nothing_wrong(here, more, said, capsys):
    assert cli.main(["new", "diabetes", *more]) == 0
    assert "cohortflow check definition.py" in capsys.readouterr().out
    assert cli.main(["check", "diabetes/definition.py"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"diabetes: {said}") and out.endswith("Nothing is wrong.\n")


def test_tasks_of_the_editor_are_commands(here):
    new_study(here / "a study", "measures")
    tasks = json.loads(
        (here / "a study" / ".vscode" / "tasks.json").read_text(encoding="utf-8")
    )["tasks"]
    for task in tasks:
        assert task["command"] == "cohortflow" and task["args"][1] == "definition.py"
        assert task["args"][0] in cli.COMMANDS
    assert "cohortflow check" in (here / "a study" / "README.md").read_text(
        encoding="utf-8"
    )


def problems(task: dict, said: str) -> list[tuple[str, ...]]:
    """What the editor makes of what a command says: severity, file, line and
    message.
    """
    found = []
    for matcher in task["problemMatcher"]:
        pattern = matcher["pattern"]
        for line in said.splitlines():
            if match := re.search(pattern["regexp"], line):
                found.append(
                    (
                        matcher["severity"],
                        *(match[pattern[part]] for part in ("file", "line", "message")),
                    )
                )
    return found


def test_the_editor_finds_mistakes_and_doubts(here, monkeypatch, capsys):
    new_study(here / "mine", "measures")
    monkeypatch.chdir(here / "mine")
    tasks = json.loads(Path(".vscode/tasks.json").read_text(encoding="utf-8"))["tasks"]
    definition = Path("definition.py").read_text(encoding="utf-8")
    lines = definition.count("\n")
    wrong = "x = patients.sx\ny = patients.date_of_birth > '2020-02-30'\n"
    Path("definition.py").write_text(definition + wrong, encoding="utf-8")
    assert cli.main(["check", "definition.py"]) == 2
    several = capsys.readouterr().err
    Path("definition.py").write_text(
        definition + "x = patients.sex == 'Male'\n", encoding="utf-8"
    )
    assert cli.main(["check", "definition.py"]) == 0
    doubts = capsys.readouterr().out
    Path("definition.py").write_text(definition + "x = patients.sx\n", encoding="utf-8")
    assert cli.main(["check", "definition.py"]) == 2
    one = capsys.readouterr().err
    for task in tasks:
        found = problems(task, several)
        assert [each[:3] for each in found] == [
            ("error", "definition.py", str(lines + line)) for line in (1, 2)
        ]
        assert found[0][3].startswith("table 'patients' has no column 'sx'")
        assert problems(task, one) == found[:1]
        (doubt,) = problems(task, doubts)
        assert (
            doubt[:3] == ("warning", "definition.py", str(lines + 1))
            and "'Male'" in doubt[3]
        )
        assert problems(task, doubts.replace("Warning: ", "Doubt: ")) == [doubt]


def test_a_folder_that_exists_is_left_alone(here, capsys):
    (here / "old").mkdir()
    assert cli.main(["new", "old"]) == 2
    said = capsys.readouterr().err
    assert "The folder exists already; give another name" in said
    assert list((here / "old").iterdir()) == []


def test_a_name_that_no_study_can_have(here, capsys):
    assert cli.main(["new", "-- 'x' --".strip("- ")]) == 2
    assert "cannot name a study" in capsys.readouterr().err


def test_where_nothing_may_be_written(here, capsys):
    (here / "file").touch()
    assert cli.main(["new", "file/study"]) == 2
    assert "cannot be used" in capsys.readouterr().err
