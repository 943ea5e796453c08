"""The tutorial, typed as it stands there: each command in turn, in a folder of its own,
with its changes made.
"""

import re
import shlex
from pathlib import Path

import pytest

from tests.flows.commands import Command
from tests.lib.places import CHECKOUT

TUTORIAL = CHECKOUT / "flows" / "docs" / "pages" / "tutorial.md"
STEP = re.compile(
    r'^ {4}(?P<typed>(?:cohortflow|cd) [^\n]+)$|^```python title="(?P<file>[^"]+)"\n(?P<code>.*?)^```$',
    re.M | re.S,
)


def steps() -> list[dict[str, str]]:
    return [
        found.groupdict()
        for found in STEP.finditer(TUTORIAL.read_text(encoding="utf-8"))
    ]


def commands() -> list[list[str]]:
    typed = [step["typed"] for step in steps() if step["typed"]]
    return [shlex.split(line) for line in typed]


def test_it_leads_from_new_to_a_report():
    names = [words[1] for words in commands() if words[0] == "cohortflow"]
    assert names[0] == "new"
    assert {
        "check",
        "try",
        "test",
        "plan",
        "run",
        "status",
        "table",
        "report",
        "audit",
        "trial",
    } <= set(names)
    assert [step["file"] for step in steps() if step["code"]] == ["definition.py"]


@pytest.mark.slow
def test_every_command_of_it_ends_well(cohortflow: Command, tmp_path: Path):
    # The site of our tests has rules of its own; a reader of the tutorial has none.
    settings = {
        name: value
        for name, value in cohortflow.environment.items()
        if name != "COHORTFLOW_SITE_POLICY"
    }
    here = tmp_path
    said = {}
    for step in steps():
        if step["code"]:
            with (here / step["file"]).open("a", encoding="utf-8") as file:
                file.write(f"\n{step['code']}")
            continue
        program, *words = shlex.split(step["typed"])
        if program == "cd":
            here = here / words[0]
            continue
        typing = Command(settings, cohortflow.by, here)
        said[step["typed"]] = typing(*words).well().out
    assert (
        here / "workspace" / "my-study" / "moderately_sensitive" / "report.html"
    ).is_file()
    assert "4 measures" in said["cohortflow check definition.py"]
    assert (
        "| female |"
        in said[
            "cohortflow table workspace/my-study/moderately_sensitive taken --by sex"
        ]
    )
    assert (here / "short.html").is_file() and (
        here / "made-up" / "patients.parquet"
    ).is_file()
