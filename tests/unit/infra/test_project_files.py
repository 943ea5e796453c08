"""The files at the top: versions and changes agree, and a commit is checked by what is
there already.
"""

import os
import re
import tomllib

import yaml

from tests.lib.places import CHECKOUT

PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]


def test_the_newest_changes_are_those_of_this_version():
    sections = re.findall(
        r"^## (.+)$",
        (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert sections[0] == PROJECT["version"]
    numbers = [tuple(map(int, section.split("."))) for section in sections]
    assert numbers == sorted(set(numbers), reverse=True)


def test_every_change_is_a_point_of_a_list():
    lines = (
        (CHECKOUT / "CHANGELOG.md")
        .read_text(encoding="utf-8")
        .partition("\n## ")[2]
        .splitlines()[1:]
    )
    assert all(line.startswith(("- ", "  ", "## ")) for line in lines if line)
    assert [line for line in lines if line.startswith("- ")]


def test_the_readme_is_short_and_begins_with_what_to_type():
    lines = (CHECKOUT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 120
    typed = [line.split("#")[0].strip() for line in lines if line.startswith("    ")]
    assert typed[:2] == ["infra/run", "infra/test"]
    for reader in ("An analyst", "An operator", "An output checker", "A reader"):
        assert f"## {reader}" in lines


def test_the_license_is_that_of_the_project():
    text = (CHECKOUT / "LICENSE").read_text(encoding="utf-8")
    assert PROJECT["license"] == "MIT" and text.startswith("MIT License\n")
    assert "the cohortflow contributors" in text


def test_a_commit_is_checked_without_a_download():
    [repository] = yaml.safe_load(
        (CHECKOUT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    )["repos"]
    [hook] = repository["hooks"]
    assert (repository["repo"], hook["language"]) == ("local", "system")
    assert not hook.keys() & {"additional_dependencies", "files", "types", "stages"}
    assert hook["always_run"] and not hook["pass_filenames"]
    assert hook["entry"] == "infra/lint" and os.access(
        CHECKOUT / hook["entry"], os.X_OK
    )
