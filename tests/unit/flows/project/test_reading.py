# mypy: ignore-errors
"""`project.yaml`: actions, their words and their order, and what is wrong with files
that are none.
"""

import pytest

from extractors.errors import ArgumentsError
from flows.project.finding import is_project
from flows.project.reading import read_project


def project(folder, actions):
    (folder / "project.yaml").write_text(
        f'version: "3.0"\nactions:\n{actions}', encoding="utf-8"
    )
    return read_project(str(folder))[1]


def test_words_of_an_action(tmp_path):
    (action,) = project(
        tmp_path,
        """
  extract:
    run: >
      cohortextractor:latest generate_cohort --study-definition study_definition_bp
      --index-date-range "2020-03-02 to 2020-04-06 by week" --with-end-date-fix
      --param a=1 --param b=2 --output-format=feather
    outputs:
      highly_sensitive:
        cohort: output/input_bp_*.feather
""",
    )
    assert (action.program, action.command) == ("cohortextractor", "generate_cohort")
    assert action.option("study-definition") == "study_definition_bp"
    assert action.option("index-date-range") == "2020-03-02 to 2020-04-06 by week"
    assert action.options["param"] == ("a=1", "b=2")
    assert action.option("output-format") == "feather"
    assert action.option("output-dir") == ""
    assert action.outputs == ("output/input_bp_*.feather",)


def test_actions_come_behind_what_they_need(tmp_path):
    actions = project(
        tmp_path,
        """
  c: {run: "r:latest c.R", needs: [b]}
  a: {run: "python:latest a.py"}
  b: {run: "ehrql:v1 generate-measures analysis/b.py", needs: [a]}
""",
    )
    assert [action.name for action in actions] == ["a", "b", "c"]
    assert actions[1].words == ("analysis/b.py",)


@pytest.mark.parametrize(
    ("actions", "why"),
    [
        ("  a: {needs: []}", "does not say what it runs"),
        (
            "  a: {run: 'python:latest x.py', needs: [b]}",
            "needs 'b', which there is not",
        ),
        (
            "  a: {run: 'r:1 x', needs: [b]}\n  b: {run: 'r:1 x', needs: [a]}",
            "needs itself",
        ),
        ('  a: {run: "r:1 \'x"}', "cannot be read"),
        ("  a: [", "no project file that can be read"),
        ("", "has no actions"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, actions, why):
    with pytest.raises(ArgumentsError, match=why):
        project(tmp_path, actions)


def test_a_folder_with_a_definition_of_ours_is_no_project(tmp_path):
    assert not is_project(str(tmp_path))
    (tmp_path / "project.yaml").touch()
    assert is_project(str(tmp_path))
    assert is_project(str(tmp_path / "project.yaml"))
    (tmp_path / "definition.py").touch()
    assert not is_project(str(tmp_path))
