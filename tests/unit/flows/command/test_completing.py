"""What a shell shows when the Tab key is pressed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from argcomplete.finders import CompletionFinder

from flows.command.completing import completed, pages, studies
from tests.lib.places import CHECKOUT

SEPARATOR = "\v"


def shown(line: str, folder: Path) -> list[str]:
    """What bash would be told for a line, with the cursor at its end."""
    environment = os.environ | {
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(folder / "answer"),
        "_ARGCOMPLETE_IFS": SEPARATOR,
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
        "PYTHONPATH": str(CHECKOUT),
    }
    subprocess.run(
        [sys.executable, "-m", "flows"],
        cwd=folder,
        env=environment,
        check=True,
        timeout=60,
    )
    answer = (folder / "answer").read_text(encoding="utf-8")
    return [word.strip() for word in answer.split(SEPARATOR) if word.strip()]


def test_commands(tmp_path):
    assert shown("cohortflow ap", tmp_path) == ["approve"]


def test_studies_and_definitions(tmp_path):
    (tmp_path / "nurses").mkdir()
    (tmp_path / "nurses" / "definition.py").touch()
    found = shown("cohortflow check n", tmp_path)
    assert {"nhs_at_home", "nurses/definition.py"} <= set(found)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("cohortflow run nhs_at_home --poli", "--policy"),
        ("cohortflow docs tut", "tutorial"),
    ],
)
def test_options_and_pages(line, word):
    finder = CompletionFinder(completed(), always_complete_options="long")
    *before, prefix = line.split()
    assert word in [
        each.strip() for each in finder._get_completions(before, prefix, "", None)
    ]


def test_only_what_leads_to_a_study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a/definition.py", "b/other.py", ".hidden/definition.py"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    (tmp_path / "weekly.py").touch()
    (tmp_path / "notes.md").touch()
    assert set(studies("")) >= {"a/definition.py", "b/", "weekly.py"}
    assert "notes.md" not in studies("") and not [
        each for each in studies("") if "hidden" in each
    ]
    assert studies("b/") == ["b/other.py"]


def test_pages_by_their_short_names():
    assert pages("tables-c") == ["tables-core"]
